# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The facts of the remove table: what there is of an application, and of its state."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .case import Case, JobManager
from .claims import Claim, claim_of
from .recorded import Reconciliation, Recorded
from .seen import Cluster, Resource, Seen, Unseen
from .spec import Spec, UpgradeMode


class Word(StrEnum):
    """What the user says about a job's state when it is removed."""

    KEEP = "keep"
    DROP = "drop"
    FORCE = "force"


class State(StrEnum):
    """What is known of the state of a job that is to be removed."""

    STATELESS = "stateless"
    NEVER_RAN = "never_ran"
    CHECKPOINTED = "checkpointed"
    NO_CHECKPOINT = "no_checkpoint"
    REPLACED = "replaced"
    """Flink's answer, up to some seconds old, names a checkpoint that a newer one has replaced."""
    UNSEEN = "unseen"


@dataclass(frozen=True, slots=True, kw_only=True)
class Removing:
    """The facts behind the move to nothing left."""

    is_there: bool
    is_going: bool
    claim: Claim
    jobmanager: JobManager
    is_begun: bool
    """The removal was decided before, with a look at the state, and the status says so."""
    is_scaled_down: bool
    has_jobmanager_pods: bool
    has_pods: bool
    has_pods_to_kill: bool
    has_leftovers: bool
    drops_state: bool
    state: State
    word: Word
    is_overdue: bool

    @property
    def is_gone(self) -> bool:
        return not self.is_there and self.jobmanager is JobManager.ABSENT and not self.has_pods


def removing(case: Case, *, word: Word) -> Removing:
    """The facts for the remove table."""
    seen, record, asker = case.seen, case.record, case.asker
    resource = seen.resource
    state = state_of(seen, record)
    return Removing(
        is_there=resource is not None,
        is_going=resource is not None and resource.being_deleted,
        claim=claim_of(seen, asker),
        jobmanager=_jobmanager_to_remove(seen.cluster, resource),
        is_begun=record.is_removing,
        is_scaled_down=seen.cluster is not None and seen.cluster.replicas == 0,
        has_jobmanager_pods=seen.pods.jobmanagers > 0,
        has_pods=seen.pods.jobmanagers + seen.pods.taskmanagers > 0,
        has_pods_to_kill=seen.pods.unkilled > 0,
        has_leftovers=bool(seen.leftover_state or seen.ha_maps),
        drops_state=word is Word.DROP
        or (state is State.STATELESS and record.state is Reconciliation.DEPLOYED),
        state=state,
        word=word,
        is_overdue=asker.is_done_waiting,
    )


def _jobmanager_to_remove(cluster: Cluster | None, resource: Resource | None) -> JobManager:
    """Without its resource a cluster of a FlinkDeployment is the garbage collector's to take."""
    if cluster is None or (resource is None and not cluster.owner_uid):
        return JobManager.ABSENT
    if cluster.being_deleted or resource is None:
        return JobManager.GOING
    return JobManager.OURS if cluster.owner_uid == resource.uid else JobManager.FOREIGN


def never_ran(seen: Seen, record: Recorded) -> bool:
    """A first start whose JobManager never came up: there is no state of it."""
    if record.is_stable or not record.is_first or seen.has_checkpoint_in_ha:
        return False
    return seen.cluster is not None and seen.cluster.never_available


def _keeps_no_state(spec: Spec | None) -> bool:
    return bool(spec and spec.job and spec.job.upgrade_mode is UpgradeMode.STATELESS)


def state_of(seen: Seen, record: Recorded) -> State:
    """What is known of the job's state. Silence is UNSEEN, never "no checkpoint"."""
    spec = seen.resource.deployment.spec if seen.resource and seen.resource.deployment else None
    if _keeps_no_state(spec):
        return State.STATELESS
    if never_ran(seen, record):
        return State.NEVER_RAN
    if isinstance(seen.flink, Unseen) or seen.flink.job is None:
        return State.UNSEEN
    if seen.flink.job.last_checkpoint is not None:
        return State.CHECKPOINTED
    return _state_without_a_path(seen.flink.job.checkpoints_completed)


def _state_without_a_path(counted: int | None) -> State:
    if counted is None:
        return State.UNSEEN
    return State.REPLACED if counted else State.NO_CHECKPOINT
