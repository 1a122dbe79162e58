# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The look that follows a turn of a removal, if Kubernetes and Flink do what they are told.

Knows what goes by which move, and what stays; what a deployment shares with it is not said again.
"""

from __future__ import annotations

from dataclasses import replace

from .case import ENDED, Case, JobManager
from .forecast_look import (
    ENDS,
    MOVES,
    Outcomes,
    Status,
    deleted,
    ended,
    with_job,
)
from .forecast_look import after as after_a_turn
from .leaving import State, known_of
from .plan import Move, Phase, Plan
from .seen import FINALIZER, Checkpoint, Seen, Unseen

STILL_TO_BE_TOLD = "the checkpoint that Flink has still to tell"


def after(case: Case, plan: Plan, status: Status) -> Seen | None:
    """None where nothing that is known brings it further: how it goes on is open."""
    return after_a_turn(case, plan, status, REMOVING)


def _cancelled(seen: Seen, case: Case) -> Seen:
    """Flink then tells the newest checkpoint, which may be another one than that of now."""
    return ended(_is_told(seen, case), "CANCELED")


def _is_told(seen: Seen, case: Case) -> Seen:
    newest = Checkpoint(id=1, path=STILL_TO_BE_TOLD, completed=case.asker.now)
    return with_job(seen, last_checkpoint=newest)


def _without_jobmanager(seen: Seen, case: Case) -> Seen:
    """It ends once it has cleared away after a job that has ended."""
    if seen.cluster is None:
        return seen
    cleared = ended(seen, case.job.state) if case.job and case.flink in ENDED else seen
    return replace(
        cleared,
        cluster=replace(seen.cluster, replicas=0, available=0),
        pods=replace(seen.pods, jobmanagers=0),
        flink=Unseen(why="its JobManager is stopped"),
    )


def _without_ha_data(seen: Seen, _case: Case) -> Seen:
    kept = replace(seen, leftover_state=(), ha_maps=())
    return replace(kept, ha_checkpoints={}, has_checkpoint_in_ha=False)


def _asked_to_go(seen: Seen, _case: Case) -> Seen:
    """At once, where no finalizer holds it."""
    resource = seen.resource
    if resource is None or not resource.finalizers:
        return replace(seen, resource=None)
    return replace(seen, resource=replace(resource, being_deleted=True))


def _released(seen: Seen, case: Case) -> Seen:
    """Only of a resource that is being deleted: it goes with its last finalizer."""
    if seen.resource is None:
        return seen
    others = tuple(one for one in seen.resource.finalizers if one != FINALIZER)
    return _asked_to_go(replace(seen, resource=replace(seen.resource, finalizers=others)), case)


def _is_ending(_case: Case, plan: Plan) -> bool:
    return plan.phase is Phase.CLUSTER_DELETE


def _gone(seen: Seen, case: Case) -> Seen:
    """A JobManager that is stopped only ends; everything else goes with what was deleted."""
    is_stopping = case.jobmanager in (JobManager.OURS, JobManager.OLDER)
    return _without_jobmanager(seen, case) if is_stopping else deleted(seen, case)


def _is_replaced(case: Case, _plan: Plan) -> bool:
    return case.job is not None and known_of(case).state is State.REPLACED


REMOVING = Outcomes(
    moves={
        **MOVES,
        Move.CANCEL_JOB: _cancelled,
        Move.STOP_JOBMANAGER: _without_jobmanager,
        Move.DELETE_HA_DATA: _without_ha_data,
        Move.DELETE_RESOURCE: _asked_to_go,
        Move.RELEASE_FINALIZER: _released,
    },
    ends=(
        (_is_ending, _gone),
        (_is_replaced, _is_told),
        *ENDS,
    ),
)
