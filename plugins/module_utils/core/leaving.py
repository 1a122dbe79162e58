# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What is known of the state of a job that is to go: which snapshot there is, and how surely.

Silence is UNKNOWN, or what was known before it; never "there is none".
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from .case import ENDED, Case, Flink, Situation
from .duration import duration
from .errors import InvalidResource
from .plan import Origin, Source
from .recorded import UPGRADE
from .restore import Began, Metadata, began, metadata_of, metadata_path, seen_path
from .seen import Checkpoint
from .spec import UpgradeMode
from .trigger import TriggerState

REFRESH = "web.refresh-interval"
USUAL_REFRESH = timedelta(seconds=3)
MARGIN = timedelta(seconds=1)


class State(StrEnum):
    STATELESS = "stateless"
    NEVER_RAN = "never_ran"
    OVER = "over"
    """The job has ended by itself, and keeps nothing to go on from."""
    ENDED = "ended"
    """Nothing of it runs any more, and its last snapshot is named."""
    SEEN = "seen"
    """Flink tells of a snapshot; a newer one may take its place."""
    METADATA = "metadata"
    """Flink tells nothing; its HA metadata holds a checkpoint."""
    LEDGER = "ledger"
    """A snapshot was seen complete; a newer one may have taken its place."""
    NOTHING = "nothing"
    """It is proven that no checkpoint has completed."""
    REPLACED = "replaced"
    """Flink's answer, up to some seconds old, names a checkpoint that a newer one has replaced."""
    UNKNOWN = "unknown"


NAMED = (State.ENDED, State.SEEN, State.METADATA, State.LEDGER)
"""There is a snapshot to name."""


DROPPED = Origin(source=Source.EMPTY, because="the_user_drops_the_state")


@dataclass(frozen=True, slots=True, kw_only=True)
class Known:
    """`path` is empty for a checkpoint that can be found through HA metadata alone."""

    state: State
    path: str = ""

    @property
    def origin(self) -> Origin:
        """The same as a start would see it."""
        source = Source.NONE
        if self.state in NAMED:
            source = Source.SAVEPOINT if self.path else Source.LAST_STATE
        elif self.state in (State.STATELESS, State.NEVER_RAN, State.OVER):
            source = Source.EMPTY
        return Origin(source=source, because=self.state.value, path=self.path)


def known_of(case: Case) -> Known:
    if is_stateless(case):
        return Known(state=State.STATELESS)
    if _never_ran(case):
        return Known(state=State.NEVER_RAN)
    return _of_what_ran(case)


def _of_what_ran(case: Case) -> Known:
    if case.never_ran:
        return _as_it_was_before(case)
    if case.flink in ENDED:
        return _of_an_ended_job(case)
    if case.job is not None:
        return _of_a_live_job(case)
    return _as_recorded(case) if _is_at_rest(case) else _of_an_unseen_job(case)


def is_stateless(case: Case) -> bool:
    """By the resource as it stands: a recorded upgradeMode says how a start was restored."""
    resource = case.seen.resource
    spec = resource.deployment.spec if resource and resource.deployment else None
    return bool(spec and spec.job and spec.job.upgrade_mode is UpgradeMode.STATELESS)


def _never_ran(case: Case) -> bool:
    """Nothing was ever begun; or a first start whose JobManager never came up."""
    record, seen = case.record, case.seen
    if case.situation is Situation.NEW:
        return seen.cluster is None or seen.cluster.never_available
    if record.is_stable or not record.is_first or seen.has_checkpoint_in_ha:
        return False
    return case.never_ran


def _as_it_was_before(case: Case) -> Known:
    """Of a start whose JobManager never came up: nothing was done since."""
    if metadata_of(case) is Metadata.CHECKPOINT and metadata_path(case):
        return Known(state=State.ENDED, path=metadata_path(case))
    if began(case) is Began.SNAPSHOT:
        return Known(state=State.ENDED, path=case.record.path)
    return _of_an_unseen_job(case)


def _of_an_ended_job(case: Case) -> Known:
    path, counted = seen_path(case), case.job.checkpoints_completed if case.job else None
    if path and (case.flink is not Flink.FINISHED or _is_savepoint(case)):
        return Known(state=State.ENDED, path=path)
    if _asked_to_stop(case) and not is_told(case):
        return Known(state=State.REPLACED)
    if case.flink is Flink.FINISHED or counted == 0:
        return Known(state=State.OVER)
    if counted is not None and not is_told(case):
        return Known(state=State.REPLACED)
    return _as_noted(case)


def _as_noted(case: Case) -> Known:
    """By the ledger; by what the removal itself has named, where the ledger was lost."""
    named = case.record.path if case.record.is_removing else ""
    path = next(iter(case.record.ledger), named)
    return Known(state=State.LEDGER if path else State.UNKNOWN, path=path)


def _is_savepoint(case: Case) -> bool:
    """Flink deletes the checkpoints of a job that finished; a savepoint stays."""
    last = case.job.last_checkpoint if case.job else None
    return _has_stopped_with_one(case) or (last is not None and last.is_savepoint)


def _has_stopped_with_one(case: Case) -> bool:
    stop = case.job.savepoint_trigger if case.job else None
    return bool(stop and stop.location) or case.record.ended_by_stop


def is_told(case: Case) -> bool:
    """Flink's answers are up to some seconds old: so long after its end the last one is final."""
    if _is_savepoint(case):
        return True
    if case.flink is Flink.UNSEEN:
        return case.seen.cluster is None or case.record.is_end_told
    if case.flink not in ENDED:
        return True
    if _awaits_its_savepoint(case):
        return False
    if not case.record.has_ended or case.record.updated is None:
        return False
    return abs(case.asker.now - case.record.updated) >= _refresh(case) + MARGIN


def _asked_to_stop(case: Case) -> bool:
    stop = case.record.stop
    return stop is not None and stop.type == UPGRADE


def _awaits_its_savepoint(case: Case) -> bool:
    """The one that it was to stop with: what became of that is not heard yet."""
    told = case.job.savepoint_trigger if case.job else None
    is_open = told is None or told.state in (TriggerState.UNSEEN, TriggerState.IN_PROGRESS)
    return _asked_to_stop(case) and is_open


def _refresh(case: Case) -> timedelta:
    text = case.deployed_configuration.get(REFRESH)
    try:
        return duration(text, path=REFRESH) if text else USUAL_REFRESH
    except InvalidResource:
        return USUAL_REFRESH


def _of_a_live_job(case: Case) -> Known:
    last = case.job.last_checkpoint if case.job else None
    in_ha = metadata_path(case)
    if in_ha and _is_newer_in_ha(case, last):
        return Known(state=State.SEEN, path=in_ha)
    if last is not None:
        return Known(state=State.SEEN, path=last.path)
    if metadata_of(case) is Metadata.CHECKPOINT:
        return Known(state=State.METADATA)
    counted = case.job.checkpoints_completed if case.job else None
    if counted is None and metadata_of(case) is not Metadata.NO_CHECKPOINT:
        return Known(state=State.UNKNOWN)
    return Known(state=State.REPLACED) if counted else _nothing_since(case)


def _nothing_since(case: Case) -> Known:
    """Where it began from is its last snapshot, if it began from one."""
    if began(case) is Began.SNAPSHOT and case.record.path:
        return Known(state=State.SEEN, path=case.record.path)
    return Known(state=State.NOTHING)


def _is_newer_in_ha(case: Case, last: Checkpoint | None) -> bool:
    newest = case.seen.ha_checkpoints.get(case.record.job_id) or 0
    return last is None or newest > last.id


def _is_at_rest(case: Case) -> bool:
    """By the record: suspended, between two starts, or ended and not made again since."""
    has_ended = case.record.has_ended and case.record.is_end_told
    if case.seen.cluster is not None and case.situation is not Situation.SUSPENDED:
        return has_ended
    is_between = (Situation.SUSPENDED, Situation.STARTING, Situation.ROLLING_BACK)
    return case.situation in is_between or has_ended


def _as_recorded(case: Case) -> Known:
    record = case.record
    is_finished = case.situation is Situation.RUNNING and record.job_state == "FINISHED"
    if is_finished and not record.ended_by_stop:
        return Known(state=State.OVER)
    if record.path:
        return Known(state=State.ENDED, path=record.path)
    if not record.has_ended and began(case) is Began.EMPTY:
        return Known(state=State.NEVER_RAN)
    return _of_an_unseen_job(case)


def _of_an_unseen_job(case: Case) -> Known:
    metadata = metadata_of(case)
    if metadata is Metadata.CHECKPOINT:
        return Known(state=State.METADATA, path=metadata_path(case))
    if _may_have_stopped(case):
        return Known(state=State.UNKNOWN)
    if metadata is Metadata.NO_CHECKPOINT:
        return _nothing_since(case)
    return _as_noted(case)


def _may_have_stopped(case: Case) -> bool:
    """With a savepoint whose path nobody heard: Flink has then deleted the checkpoints."""
    stop = case.record.stop
    is_silent_only = case.flink is Flink.UNSEEN and case.seen.cluster is not None
    return stop is not None and stop.type == UPGRADE and not is_silent_only
