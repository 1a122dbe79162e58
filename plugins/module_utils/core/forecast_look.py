# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The look that follows a turn, if Kubernetes and Flink do what they are told.

Knows what each move leads to when all goes well; refuses to guess where an answer is awaited.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from . import boost_status
from .case import ENDED, Case, Flink, JobManager
from .errors import InvalidResource
from .plan import Move, Phase, Plan, Verdict
from .recorded import Recorded, recorded
from .seen import Checkpoint, Cluster, FlinkSeen, Holder, JobSeen, Pods, Resource, Seen, Unseen
from .status_start import followed
from .trigger import TriggerSeen, TriggerState

Status = Mapping[str, Any]
SAVEPOINT_TO_COME = "the savepoint that is still to be taken"
CHECKPOINT_TO_COME = "the checkpoint that is still to be taken"
AWAITED = (TriggerState.IN_PROGRESS, TriggerState.UNSEEN, TriggerState.FORGOTTEN)
LEASE = timedelta(seconds=60)
Becomes = Callable[[Seen, Case], Seen]


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcomes:
    """`moves`: what each leads to. `ends`: of what is under way, the first that is."""

    moves: Mapping[Move, Becomes]
    ends: tuple[tuple[Callable[[Case, Plan], bool], Becomes], ...]


def after(case: Case, plan: Plan, status: Status, outcomes: Outcomes | None = None) -> Seen | None:
    """None where nothing that is known brings it further: how it goes on is open."""
    resource, now = case.seen.resource, case.asker.now
    found = outcomes or DEPLOYING
    seen = replace(
        case.seen,
        resource=replace(resource, status=status) if resource else None,
        trouble=None,
        claim=Holder(identity=case.asker.driver, expires=now + LEASE),
    )
    if plan.verdict is Verdict.GO:
        return found.moves[plan.move](seen, case) if plan.move in found.moves else None
    waited = next((end(seen, case) for is_so, end in found.ends if is_so(case, plan)), seen)
    return None if waited == case.seen else waited


def _record(seen: Seen) -> Recorded:
    return recorded(seen.resource.status if seen.resource else {})


def _make(seen: Seen, case: Case) -> Seen:
    record, resource = _record(seen), seen.resource
    cluster = Cluster(
        uid="",
        owner_uid=resource.uid if resource else "",
        generation=record.observed_generation,
        replicas=1,
        available=1,
        being_deleted=False,
        never_available=False,
        job_id=record.job_id,
        store_id=record.store_id,
    )
    pods = Pods(jobmanagers=1, taskmanagers=1, boosted=_boosted(case, record))
    return _running(replace(seen, cluster=cluster, pods=pods))


def _boosted(case: Case, record: Recorded) -> tuple[str, ...]:
    """As the spec asks for; whether the cluster allows it is seen when the start is announced."""
    started = case.wanted.with_spec(record.deployed) if case.wanted else None
    if started is None or started.deployment is None:
        return ()
    try:
        asked = boost_status.asked(started.deployment, base=started.defaults)
    except InvalidResource:
        return ()
    return ("its pods",) if asked.raises else ()


def _running(seen: Seen) -> Seen:
    job = JobSeen(
        id=_record(seen).job_id,
        name="",
        state="RUNNING",
        started=None,
        tasks=1,
        tasks_running=1,
        checkpoints_completed=0,
    )
    return replace(seen, flink=FlinkSeen(version="", revision="", job=job))


def deleted(seen: Seen, _case: Case) -> Seen:
    return replace(seen, cluster=None, pods=Pods(), flink=Unseen(why="its cluster is deleted"))


def with_job(seen: Seen, **changes: Any) -> Seen:
    if not isinstance(seen.flink, FlinkSeen) or seen.flink.job is None:
        return seen
    return replace(seen, flink=replace(seen.flink, job=replace(seen.flink.job, **changes)))


def ended(seen: Seen, state: str, **changes: Any) -> Seen:
    """A job that ended for good takes its HA metadata along."""
    gone = _record(seen).job_id
    left = {job: newest for job, newest in seen.ha_checkpoints.items() if job != gone}
    return replace(
        with_job(seen, state=state, tasks_running=0, **changes),
        ha_checkpoints=left,
        has_checkpoint_in_ha=any(left.values()),
    )


def _stop(seen: Seen, _case: Case) -> Seen:
    taken = TriggerSeen(state=TriggerState.DONE, location=SAVEPOINT_TO_COME)
    return ended(seen, "FINISHED", savepoint_trigger=taken)


def _cancel(seen: Seen, _case: Case) -> Seen:
    return ended(seen, "CANCELED")


def _take_savepoint(seen: Seen, _case: Case) -> Seen:
    taken = TriggerSeen(state=TriggerState.DONE, location=SAVEPOINT_TO_COME)
    return with_job(seen, savepoint_trigger=taken)


def _take_checkpoint(seen: Seen, case: Case) -> Seen:
    taken = TriggerSeen(state=TriggerState.DONE, location=CHECKPOINT_TO_COME, checkpoint_id=1)
    completed = Checkpoint(id=1, path=CHECKPOINT_TO_COME, completed=case.asker.now)
    return with_job(
        seen,
        checkpoint_trigger=taken,
        last_checkpoint=completed,
        checkpoints_completed=1,
        checkpoints_pending=0,
    )


def _patch(seen: Seen, case: Case) -> Seen:
    resource = seen.resource
    if resource is None:
        return seen
    status = followed(resource.status, case.spec, _record(seen), resource.generation)
    return _told(seen, resource, status)


def _resize(seen: Seen, _case: Case) -> Seen:
    return replace(seen, pods=replace(seen.pods, boosted=()))


def _told(seen: Seen, resource: Resource, status: Status) -> Seen:
    return replace(seen, resource=replace(resource, status=status))


MOVES: Mapping[Move, Becomes] = {
    Move.MAKE_CLUSTER: _make,
    Move.DELETE_CLUSTER: deleted,
    Move.KILL_PODS: deleted,
    Move.STOP_JOB: _stop,
    Move.CANCEL_JOB: _cancel,
    Move.TAKE_SAVEPOINT: _take_savepoint,
    Move.TAKE_CHECKPOINT: _take_checkpoint,
    Move.PATCH_OBJECTS: _patch,
    Move.RESIZE_PODS: _resize,
}
"""The moves that lead on; after any other one it stands as it is."""


def _is_unanswered(case: Case, plan: Plan) -> bool:
    is_starting = plan.phase in (Phase.START, Phase.GATE)
    return case.flink is Flink.UNSEEN and case.jobmanager is JobManager.OURS and not is_starting


def _is_going(case: Case, _plan: Plan) -> bool:
    gone = case.jobmanager is JobManager.ABSENT and case.has_pods
    return case.jobmanager is JobManager.GOING or gone


def _is_stopping(case: Case, plan: Plan) -> bool:
    return plan.phase is Phase.SAVEPOINT and case.record.stop is not None


def _takes_savepoint(case: Case, _plan: Plan) -> bool:
    told = case.job.savepoint_trigger if case.job else None
    return case.record.stop is not None and (told is None or told.state in AWAITED)


def _takes_checkpoint(case: Case, plan: Plan) -> bool:
    told = case.job.checkpoint_trigger if case.job else None
    asked = case.record.gate is not None and (told is None or told.state in AWAITED)
    pending = case.job is not None and case.job.checkpoints_pending > 0
    return case.flink is Flink.RUNNING and (asked or pending or plan.phase is Phase.GATE)


def _is_starting(case: Case, plan: Plan) -> bool:
    runs = case.flink in (Flink.RUNNING, *ENDED)
    return case.jobmanager is JobManager.OURS and not runs and plan.phase is not None


def _as_it_is(seen: Seen, _case: Case) -> Seen:
    return seen


def _comes_up(seen: Seen, _case: Case) -> Seen:
    return _running(replace(seen, pods=Pods(jobmanagers=1, taskmanagers=1)))


ENDS: tuple[tuple[Callable[[Case, Plan], bool], Becomes], ...] = (
    (_is_going, deleted),
    (_is_unanswered, lambda _seen, case: case.seen),
    (lambda case, _plan: case.flink is Flink.CANCELLING, _cancel),
    (_is_stopping, _stop),
    (_takes_savepoint, _take_savepoint),
    (_takes_checkpoint, _take_checkpoint),
    (_is_starting, _comes_up),
    (lambda _case, _plan: True, _as_it_is),
)
DEPLOYING = Outcomes(moves=MOVES, ends=ENDS)
