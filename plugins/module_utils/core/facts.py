# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""From what was wanted and found to the few facts that the tables ask.

Each fact is an enum or a truth value, so that a table can be tested at every point.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from enum import StrEnum

from .duration import duration
from .errors import InvalidResource
from .recorded import Reconciliation, Recorded, recorded
from .seen import FINALIZER, Cluster, FlinkSeen, JobSeen, Resource, Seen, Unseen
from .spec import JobState, Spec, UpgradeMode

READINESS_TIMEOUT = "kubernetes.operator.deployment.readiness.timeout"
READINESS_DEFAULT = timedelta(minutes=5)


class Claim(StrEnum):
    FREE = "free"
    OURS = "ours"
    ANOTHER_OPERATOR = "another_operator"
    ANOTHER_DRIVER = "another_driver"


class Shape(StrEnum):
    NATIVE_APPLICATION = "native_application"
    SESSION = "session"
    STANDALONE = "standalone"


class Record(StrEnum):
    NEVER = "never"
    FIRST_START = "first_start"
    """Written ahead, its end not recorded, and nothing of this name was deployed before."""
    DEPLOYED = "deployed"
    OTHER = "other"
    """A state that no rule here serves yet, or a record that can't be read."""


class JobManager(StrEnum):
    ABSENT = "absent"
    OURS = "ours"
    OLDER = "older"
    """Ours, but made before the start that is written ahead."""
    FOREIGN = "foreign"
    GOING = "going"


class Flink(StrEnum):
    UNSEEN = "unseen"
    NO_JOB = "no_job"
    STARTING = "starting"
    RUNNING = "running"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELED = "canceled"


class Proof(StrEnum):
    """What allows a started, not yet stable cluster to be deleted without asking for its state."""

    NONE = "none"
    NEVER_RAN = "never_ran"
    STATELESS = "stateless"
    """The wanted spec says upgradeMode stateless: the user's word that the job may start empty."""


TERMINAL = {"FINISHED": Flink.FINISHED, "FAILED": Flink.FAILED, "CANCELED": Flink.CANCELED}


@dataclass(frozen=True, slots=True, kw_only=True)
class Deploying:
    """The facts behind the move to a running application."""

    is_there: bool
    is_going: bool
    claim: Claim
    has_problems: bool
    shape: Shape
    is_suspended: bool
    record: Record
    jobmanager: JobManager
    is_complete: bool
    has_pods: bool
    has_leftovers: bool
    is_changed: bool
    proof: Proof
    flink: Flink
    has_trouble: bool
    is_late: bool
    """The recorded start's deadline has passed."""
    is_overdue: bool
    """Late or without any deadline, and whoever drives the turn has no patience left either."""
    is_removing: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Asker:
    """Who asks for the turn and when; `patience` is how long a person is ready to wait on."""

    driver: str
    now: datetime
    patience: datetime | None = None

    @property
    def has_no_patience(self) -> bool:
        return self.patience is None or self.now > self.patience

    @property
    def is_done_waiting(self) -> bool:
        """A person has waited as long as they wanted to; without a person there is no such end."""
        return self.patience is not None and self.now > self.patience


def deploying(seen: Seen, *, configuration: Mapping[str, str], asker: Asker) -> Deploying:
    """The facts for the deploy table."""
    resource = seen.resource
    record = recorded(resource.status if resource else {})
    spec = resource.deployment.spec if resource and resource.deployment else None
    late = is_late(record, configuration, asker.now)
    return Deploying(
        is_there=resource is not None,
        is_going=resource is not None and resource.being_deleted,
        claim=claim_of(seen, asker),
        has_problems=bool(resource and resource.problems) or bool(seen.beforehand),
        shape=shape_of(spec),
        is_suspended=bool(spec and spec.job and spec.job.state is JobState.SUSPENDED),
        record=record_of(record),
        jobmanager=jobmanager_of(seen.cluster, resource, record),
        is_complete=seen.cluster is not None and seen.cluster.is_complete,
        has_pods=seen.pods.jobmanagers + seen.pods.taskmanagers > 0,
        has_leftovers=bool(seen.leftover_state),
        is_changed=is_changed(spec, record),
        proof=proof_of(seen, record),
        flink=flink_of(seen.flink),
        has_trouble=seen.trouble is not None and seen.trouble.is_firm,
        is_late=late,
        is_overdue=asker.is_done_waiting
        if record.since is None
        else late and asker.has_no_patience,
        is_removing=record.is_removing,
    )


def claim_of(seen: Seen, asker: Asker) -> Claim:
    """Whose the resource is. The contract's finalizer or a status, without our Lease: another's."""
    holder = seen.claim
    if holder and holder.identity not in ("", asker.driver) and holder.expires > asker.now:
        return Claim.ANOTHER_DRIVER
    if holder:
        return Claim.OURS
    resource = seen.resource
    if resource and (FINALIZER in resource.finalizers or _was_reconciled(resource)):
        return Claim.ANOTHER_OPERATOR
    return Claim.FREE


def _was_reconciled(resource: Resource) -> bool:
    return bool((resource.status.get("reconciliationStatus") or {}).get("lastReconciledSpec"))


def shape_of(spec: Spec | None) -> Shape:
    if spec is not None and spec.is_standalone:
        return Shape.STANDALONE
    if spec is not None and spec.is_session:
        return Shape.SESSION
    return Shape.NATIVE_APPLICATION


def record_of(record: Recorded) -> Record:
    match record.state:
        case Reconciliation.NEVER:
            return Record.NEVER
        case Reconciliation.UPGRADING if record.is_first:
            return Record.FIRST_START
        case Reconciliation.DEPLOYED if not _is_suspended(record.spec):
            return Record.DEPLOYED
        case _:
            return Record.OTHER


def _is_suspended(spec: Spec | None) -> bool:
    return bool(spec and spec.job and spec.job.state is JobState.SUSPENDED)


def jobmanager_of(
    cluster: Cluster | None, resource: Resource | None, record: Recorded
) -> JobManager:
    if cluster is None:
        return JobManager.ABSENT
    if resource is None or cluster.owner_uid != resource.uid:
        return JobManager.FOREIGN
    if cluster.being_deleted:
        return JobManager.GOING
    starting = record.state is Reconciliation.UPGRADING
    if starting and cluster.generation != record.observed_generation:
        return JobManager.OLDER
    return JobManager.OURS


def is_changed(spec: Spec | None, record: Recorded) -> bool:
    """The wanted spec differs from the recorded one in anything that a start is made of."""
    if spec is None or record.spec is None:
        return False
    return _comparable(spec) != _comparable(record.spec)


def _comparable(spec: Spec) -> Spec:
    # The record's job state says how far a start got, its upgrade mode how it was restored:
    # neither is the user's word.
    if spec.job is None:
        return spec
    job = replace(spec.job, state=JobState.RUNNING, upgrade_mode=UpgradeMode.STATELESS)
    return replace(spec, job=job)


def proof_of(seen: Seen, record: Recorded) -> Proof:
    """What shows that a started cluster holds nothing worth keeping.

    Only a first start comes without state of its own; an upgraded one holds that of its job.
    """
    if record.is_stable or not record.is_first or seen.has_checkpoint_in_ha:
        return Proof.NONE
    if seen.cluster is not None and seen.cluster.never_available:
        return Proof.NEVER_RAN
    spec = seen.resource.deployment.spec if seen.resource and seen.resource.deployment else None
    return Proof.STATELESS if _keeps_no_state(spec) else Proof.NONE


def _keeps_no_state(spec: Spec | None) -> bool:
    return bool(spec and spec.job and spec.job.upgrade_mode is UpgradeMode.STATELESS)


def flink_of(flink: FlinkSeen | Unseen) -> Flink:
    if isinstance(flink, Unseen):
        return Flink.UNSEEN
    return Flink.NO_JOB if flink.job is None else _job(flink.job)


def _job(job: JobSeen) -> Flink:
    if job.state in TERMINAL:
        return TERMINAL[job.state]
    if job.state == "RUNNING" and job.tasks > 0 and job.tasks_running == job.tasks:
        return Flink.RUNNING
    return Flink.STARTING


def is_late(record: Recorded, configuration: Mapping[str, str], now: datetime) -> bool:
    deadline = start_deadline(record, configuration)
    return deadline is not None and now > deadline


def start_deadline(record: Recorded, configuration: Mapping[str, str]) -> datetime | None:
    """When a start that was written ahead counts as failed: the contract's readiness time-out."""
    if record.since is None:
        return None
    try:
        return record.since + readiness_timeout(configuration)
    except (InvalidResource, OverflowError):  # refused beforehand; a turn doesn't end in it
        return record.since + READINESS_DEFAULT


def readiness_timeout(configuration: Mapping[str, str]) -> timedelta:
    text = configuration.get(READINESS_TIMEOUT)
    path = f"spec.flinkConfiguration.{READINESS_TIMEOUT}"
    return duration(text, path=path) if text else READINESS_DEFAULT


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


def removing(seen: Seen, *, asker: Asker, word: Word) -> Removing:
    """The facts for the remove table."""
    resource = seen.resource
    record = recorded(resource.status if resource else {})
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


def state_of(seen: Seen, record: Recorded) -> State:
    """What is known of the job's state. Silence is UNSEEN, never "no checkpoint"."""
    spec = seen.resource.deployment.spec if seen.resource and seen.resource.deployment else None
    if _keeps_no_state(spec):
        return State.STATELESS
    if proof_of(seen, record) is Proof.NEVER_RAN:
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
