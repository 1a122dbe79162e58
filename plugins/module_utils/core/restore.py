# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""From a case to the facts of the restore table, and from its rule to a named origin.

The question is always the same: if nothing of the old job ran any more, what would the next start
come from?
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from . import options
from .case import ENDED, Case, JobManager, Situation
from .intent import Intent
from .plan import Phase, Source
from .recorded import LAST_STATE_PATH, UPGRADE, Recorded
from .snapshot_ledger import in_ledger
from .spec import UpgradeMode
from .verb import VerbKind

CHECKPOINTS = options.Option(
    key="execution.checkpointing.dir",
    older=("state.checkpoints.dir", "state.backend.fs.checkpointdir"),
)


RETAINS = "RETAIN_ON_CANCELLATION"
RETENTION = options.Option(
    key="execution.checkpointing.externalized-checkpoint-retention", default=RETAINS
)

HERE = (JobManager.OURS, JobManager.OLDER)


class Asked(StrEnum):
    NOTHING = "nothing"
    EMPTY = "empty"
    PATH = "path"
    LATEST = "latest"


class Metadata(StrEnum):
    """Flink's HA metadata of the recorded job."""

    OFF = "off"
    GONE = "gone"
    NO_CHECKPOINT = "no_checkpoint"
    CHECKPOINT = "checkpoint"


class Began(StrEnum):
    """How the latest start began, as it was written ahead."""

    EMPTY = "empty"
    SNAPSHOT = "snapshot"
    LAST_STATE = "last_state"
    UNKNOWN = "unknown"


class Kept(StrEnum):
    NOTHING = "nothing"
    EMPTY = "empty"
    SNAPSHOT = "snapshot"


@dataclass(frozen=True, slots=True, kw_only=True)
class Restoring:
    asked: Asked
    is_first: bool
    has_initial: bool
    """spec.job.initialSavepointPath names a snapshot."""
    is_redeploy: bool
    is_stateless: bool
    is_announced: bool
    """The start is written ahead already, or the job is suspended: its origin is recorded."""
    goes_back: bool
    """From a start that failed, to the state which that one came from."""
    began: Began
    has_ended_with_snapshot: bool
    metadata: Metadata
    suits_metadata: bool
    """The next start has high availability on and the same Flink version."""
    has_metadata_path: bool
    has_seen_snapshot: bool
    has_nothing_since: bool
    """It is proven that no checkpoint has completed since the latest start."""
    has_ledger: bool
    takes_what_is_known: bool
    """A person is content with the last snapshot that was seen, though newer ones may be there."""
    keeps: Kept
    """What was decided on just before the cluster went, while it could still be asked."""
    has_found_metadata: bool
    """HA metadata of an earlier job of this name holds a checkpoint."""


def restoring(case: Case, intent: Intent) -> Restoring:
    job = case.spec.job if case.spec else None
    return Restoring(
        asked=_asked(case),
        is_first=is_first(case),
        has_initial=bool(job and job.initial_savepoint_path),
        is_redeploy=intent is Intent.REDEPLOY,
        is_stateless=_is_stateless(case, intent),
        is_announced=case.situation
        in (Situation.STARTING, Situation.ROLLING_BACK, Situation.SUSPENDED),
        goes_back=intent is Intent.GO_BACK,
        began=_began_before(case, intent),
        has_ended_with_snapshot=bool(end_path(case)),
        metadata=metadata_of(case),
        suits_metadata=case.same_version and options.is_highly_available(case.configuration),
        has_metadata_path=bool(metadata_path(case)),
        has_seen_snapshot=bool(seen_path(case)),
        has_nothing_since=has_nothing_since(case),
        has_ledger=bool(case.record.ledger),
        takes_what_is_known=_takes_what_is_known(case),
        keeps=kept(case),
        has_found_metadata=bool(found_metadata_path(case)),
    )


def _takes_what_is_known(case: Case) -> bool:
    """A stop that was not heard of may have ended the job, and its checkpoints with it."""
    may_have_stopped = case.record.stop is not None and case.record.stop.type == UPGRADE
    if case.asks(VerbKind.SKIP_SAVEPOINT):
        return not may_have_stopped
    return case.asks(VerbKind.RESTORE_LATEST)


def is_first(case: Case) -> bool:
    """Nothing of it ran before: a first start that is written ahead and not made counts too."""
    if case.situation is Situation.NEW:
        return True
    return case.situation is Situation.STARTING and case.record.is_first


def _asked(case: Case) -> Asked:
    return {
        VerbKind.RESTORE_FROM: Asked.PATH,
        VerbKind.RESTORE_EMPTY: Asked.EMPTY,
        VerbKind.RESTORE_LATEST: Asked.LATEST,
    }.get(case.verb.kind, Asked.NOTHING)


def _is_stateless(case: Case, intent: Intent) -> bool:
    """A start that goes back is as stateless as the one that it takes back.

    What is only made again keeps the state that there is, whatever the upgrade mode.
    """
    if intent is Intent.GO_BACK:
        return case.record.restore_mode is UpgradeMode.STATELESS
    if intent in (Intent.RESTART, Intent.RECOVER) and metadata_of(case) is Metadata.CHECKPOINT:
        return False
    return case.mode is UpgradeMode.STATELESS


def began(case: Case) -> Began:
    record = case.record
    if record.spec is None:
        return Began.UNKNOWN
    if record.restore_mode is UpgradeMode.STATELESS:
        return Began.EMPTY
    if record.restore_mode is UpgradeMode.LAST_STATE or record.savepoint == LAST_STATE_PATH:
        return Began.LAST_STATE
    return Began.SNAPSHOT if record.path else Began.UNKNOWN


NAMED_BY_A_PERSON = (
    "the_user_names_the_snapshot",
    "the_user_lets_the_state_go",
    "a_redeployment_has_its_snapshot",
)


def is_named_by_a_person(record: Recorded) -> bool:
    return record.chosen_because in NAMED_BY_A_PERSON


def _began_before(case: Case, intent: Intent) -> Began:
    """What a person named for a start that failed is not what the job had before it."""
    goes_back = intent is Intent.GO_BACK and is_named_by_a_person(case.record)
    return Began.UNKNOWN if goes_back else began(case)


def end_path(case: Case) -> str:
    """The last snapshot of a job that has ended for good: Flink's word, else the record's."""
    if case.flink in ENDED:
        return seen_path(case)
    is_final = case.record.has_ended and case.record.is_end_told
    return case.record.path if is_final and case.job is None else ""


def seen_path(case: Case) -> str:
    """The newest snapshot that Flink tells of the job, a stop's own before its statistics."""
    if case.job is None:
        return ""
    stop = case.job.savepoint_trigger
    if stop is not None and stop.location:
        return stop.location
    last = case.job.last_checkpoint
    return last.path if last else ""


def keeps_checkpoints(case: Case) -> bool:
    """The running job's checkpoints stay when it is cancelled; at first they do, by our default."""
    return options.text(case.deployed_configuration, RETENTION).strip() == RETAINS


def metadata_of(case: Case) -> Metadata:
    if not case.has_high_availability:
        return Metadata.OFF
    newest = case.seen.ha_checkpoints.get(case.record.job_id)
    if newest is None:
        return Metadata.GONE
    return Metadata.CHECKPOINT if newest else Metadata.NO_CHECKPOINT


def metadata_path(case: Case) -> str:
    """Where the checkpoint of HA metadata is: as Flink told, else by its rule for folders."""
    newest, job_id = case.seen.ha_checkpoints.get(case.record.job_id), case.record.job_id
    folder = options.read(case.deployed_configuration, CHECKPOINTS)
    noted = in_ledger(case.seen.resource.status) if case.seen.resource else ()
    known = (it.path for it in noted if (it.job_id, it.id) == (job_id, newest))
    if not newest:
        return ""
    rule = f"{folder.rstrip('/')}/{job_id}/chk-{newest}" if folder else ""
    return next(known, rule)


def last_path(case: Case) -> str:
    return seen_path(case) or metadata_path(case)


def kept(case: Case) -> Kept:
    """For as long as the deletion may take: what was true then may not be so much later."""
    record = case.record
    if (
        record.phase.name != Phase.CLUSTER_DELETE
        or case.jobmanager in HERE
        or case.is_late(Phase.CLUSTER_DELETE)
    ):
        return Kept.NOTHING
    if record.phase.origin == Source.SAVEPOINT and record.phase.path:
        return Kept.SNAPSHOT
    return Kept.EMPTY if record.phase.origin == Source.EMPTY else Kept.NOTHING


def has_nothing_since(case: Case) -> bool:
    if case.never_ran and not case.seen.ha_checkpoints.get(case.record.job_id):
        return True
    if metadata_of(case) is Metadata.NO_CHECKPOINT:
        return True
    return case.job is not None and case.job.checkpoints_completed == 0 and not seen_path(case)


def found_metadata_path(case: Case) -> str:
    """Of an earlier job of this name: its folder follows Flink's own rule."""
    folder = options.read(case.configuration, CHECKPOINTS)
    found = case.seen.ha_checkpoints
    if not folder or not any(found.values()):
        return ""
    job = max(found, key=lambda job: found[job])
    return f"{folder.rstrip('/')}/{job}/chk-{found[job]}"
