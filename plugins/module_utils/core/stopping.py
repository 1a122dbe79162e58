# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The facts of the stop table: how an application comes to rest, with a state that is known."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from . import options
from .case import ENDED, Case, Flink, JobManager
from .duration import duration
from .errors import InvalidResource
from .in_the_way import kills_pods
from .intent import Intent
from .leaving import is_told
from .plan import Phase, Rule, Source
from .recorded import UPGRADE
from .restore import Restoring, keeps_checkpoints
from .restore_rules import BY_FLINKS_WORD, GUESS, origin_of
from .spec import UpgradeMode
from .trigger import TriggerState
from .verb import VerbKind

SAVEPOINTS = options.Option(
    key="execution.checkpointing.savepoint-dir",
    older=("state.savepoints.dir", "savepoints.state.backend.fs.dir"),
)
MAX_AGE = "job.upgrade.last-state.max.allowed.checkpoint.age"
NEVER_RAN = "a_start_that_never_ran_is_replaced"
WAITS_FOR_PENDING = "job.upgrade.ignore-pending-savepoint"


class Stop(StrEnum):
    """A stop-with-savepoint that was asked for."""

    NONE = "none"
    UNSEEN = "unseen"
    UNDER_WAY = "under_way"
    TAKEN = "taken"
    FAILED = "failed"
    FORGOTTEN = "forgotten"


class Age(StrEnum):
    """Of the last checkpoint, against the oldest that is allowed."""

    FRESH = "fresh"
    PENDING = "pending"
    OLD = "old"


class Certainty(StrEnum):
    NONE = "none"
    GUESS = "guess"
    """The ledger's: a newer snapshot may have taken its place."""
    ORIGIN = "origin"
    """Where the latest start came from: what was done since is not kept."""
    FIRM = "firm"


@dataclass(frozen=True, slots=True, kw_only=True)
class Stopping:
    intent: Intent
    mode: UpgradeMode
    jobmanager: JobManager
    has_pods: bool
    job: Flink
    stop: Stop
    is_savepoint_late: bool
    is_cancel_late: bool
    is_delete_late: bool
    kills_pods: bool
    is_silent: bool
    """Flink does not answer, although its JobManager is up: no word on what became of the job."""
    is_stop_late: bool
    skips: bool
    """A person doesn't want to wait for a savepoint."""
    has_directory: bool
    falls_back: bool
    prefers_cancel: bool
    same_version: bool
    source: Source
    certainty: Certainty
    is_told: bool
    """Of a job that has ended: Flink's answers, some seconds old, are final by now."""
    outlives_its_job: bool
    """What the next start comes from is still there when the job that runs is cancelled."""
    age: Age
    has_pending_snapshot: bool
    never_ran: bool

    @property
    def has_ended(self) -> bool:
        return self.job in ENDED

    @property
    def can_be_cancelled(self) -> bool:
        return self.job in (Flink.STARTING, Flink.RUNNING, Flink.RESTARTING)

    @property
    def keeps_progress(self) -> bool:
        """Cut off now, the next start would come from the last checkpoint, not from before it."""
        return self.certainty is Certainty.FIRM


def stopping(case: Case, intent: Intent, restore: Rule[Restoring]) -> Stopping:
    return Stopping(
        intent=intent,
        mode=mode_of(case, intent),
        jobmanager=case.jobmanager,
        has_pods=case.has_pods,
        job=case.flink,
        stop=stop_of(case),
        is_savepoint_late=case.is_late(Phase.SAVEPOINT),
        is_cancel_late=case.is_late_in(Phase.CANCEL),
        is_delete_late=case.is_late_in(Phase.CLUSTER_DELETE),
        kills_pods=kills_pods(case),
        is_silent=is_silent(case) and not case.is_late_in(Phase.STOP),
        is_stop_late=case.is_late_in(Phase.STOP),
        skips=case.asks(VerbKind.SKIP_SAVEPOINT, VerbKind.RESTORE_FROM, VerbKind.RESTORE_EMPTY),
        has_directory=bool(savepoint_directory(case)),
        falls_back=case.truth("job.upgrade.last-state-fallback.enabled", default=True),
        prefers_cancel=case.truth("job.upgrade.last-state.job-cancel.enabled", default=False),
        same_version=case.same_version,
        source=restore.source,
        certainty=certainty_of(restore),
        is_told=is_told(case) or restore.name not in BY_FLINKS_WORD,
        outlives_its_job=keeps_checkpoints(case) or not is_of_its_job(case, restore),
        age=age_of(case, case.asker.now),
        has_pending_snapshot=_has_pending(case),
        never_ran=case.never_ran,
    )


def is_silent(case: Case) -> bool:
    cluster = case.seen.cluster
    return case.flink is Flink.UNSEEN and cluster is not None and cluster.available > 0


def mode_of(case: Case, intent: Intent) -> UpgradeMode:
    """How the job is brought to rest. A stable version is left with a savepoint, where it can."""
    if intent is Intent.STEP_BACK:
        return UpgradeMode.SAVEPOINT
    if intent in (Intent.RESTART, Intent.RECOVER):
        return UpgradeMode.LAST_STATE
    return case.mode


def savepoint_directory(case: Case) -> str:
    """The wanted one: it may be given for this very upgrade."""
    return directory_in(case.configuration)


def directory_in(configuration: Mapping[str, str]) -> str:
    return options.text(configuration, SAVEPOINTS)


def stop_of(case: Case) -> Stop:
    pending = case.record.stop
    if pending is None or pending.type != UPGRADE:
        return Stop.NONE
    told = case.job.savepoint_trigger if case.job else None
    if told is None:
        return Stop.UNSEEN
    if told.state is TriggerState.FAILED:
        return Stop.FAILED  # a savepoint that was complete before the job failed to stop, too
    if told.location:
        return Stop.TAKEN
    return {
        TriggerState.IN_PROGRESS: Stop.UNDER_WAY,
        TriggerState.DONE: Stop.TAKEN,
        TriggerState.FAILED: Stop.FAILED,
        TriggerState.FORGOTTEN: Stop.FORGOTTEN,
        TriggerState.UNSEEN: Stop.UNSEEN,
    }[told.state]


def certainty_of(restore: Rule[Restoring]) -> Certainty:
    if restore.source is Source.NONE:
        return Certainty.NONE
    if restore.name == GUESS:
        return Certainty.GUESS
    return Certainty.ORIGIN if restore.name.startswith("nothing_completed") else Certainty.FIRM


def is_of_its_job(case: Case, restore: Rule[Restoring]) -> bool:
    """It is a checkpoint of the job that runs: Flink's own to delete, unlike a savepoint."""
    if restore.source is Source.LAST_STATE:
        return True
    path = origin_of(restore, case).path
    return bool(case.record.job_id) and f"/{case.record.job_id}/chk-" in path


def age_of(case: Case, now: datetime) -> Age:
    """Fresh where no limit is set, or the job is younger than that."""
    limit = _limit(case.configuration)
    job = case.job
    if limit is None or job is None or (job.started and now - job.started <= limit):
        return Age.FRESH
    if job.last_checkpoint and now - job.last_checkpoint.completed <= limit:
        return Age.FRESH
    return Age.PENDING if job.checkpoints_pending else Age.OLD


def _limit(configuration: Mapping[str, str]) -> timedelta | None:
    text = configuration.get(f"kubernetes.operator.{MAX_AGE}")
    try:
        return duration(text, path=MAX_AGE) if text else None
    except InvalidResource:
        return None


def _has_pending(case: Case) -> bool:
    """Somebody's savepoint is under way; past its deadline it holds nothing back any more."""
    pending = case.record.stop
    if pending is None or pending.type == UPGRADE or case.flink in ENDED:
        return False
    if case.truth(WAITS_FOR_PENDING, default=False):
        return False
    return not case.is_late(Phase.SNAPSHOT)
