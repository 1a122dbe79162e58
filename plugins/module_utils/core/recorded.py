# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The status of a FlinkDeployment, read: what was recorded, in the contract's form.

A status may come from an operator of the contract, from an older release or from nobody; what is
missing or garbled counts as not recorded.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import Any

from .dump import load_reconciled
from .errors import FlinkOpsError
from .spec import JobState, Spec, UpgradeMode

LAST_STATE_PATH = "KUBERNETES_OPERATOR_LAST_STATE"
"""Stands where a path would: the start comes from HA metadata, and fails where that is gone."""
ENDED = frozenset({"FINISHED", "FAILED", "CANCELED"})
BEING_TOLD = "its_last_checkpoint_is_being_told"
"""The rule of two tables by which the end of a job is seen, and its last checkpoint may not be."""
UPGRADE = "UPGRADE"
_EPOCH = datetime.fromtimestamp(0, tz=UTC)


class Reconciliation(StrEnum):
    """The contract's reconciliation states, and two for a record that is missing or broken."""

    NEVER = "NEVER"
    UNREADABLE = "UNREADABLE"
    UPGRADING = "UPGRADING"
    DEPLOYED = "DEPLOYED"
    ROLLING_BACK = "ROLLING_BACK"
    ROLLED_BACK = "ROLLED_BACK"


_WRITTEN = tuple(set(Reconciliation) - {Reconciliation.NEVER, Reconciliation.UNREADABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Pending:
    """A request to Flink that was written ahead, in the contract's form."""

    trigger_id: str
    type: str
    since: datetime | None


@dataclass(frozen=True, slots=True, kw_only=True)
class PhaseRecorded:
    """What the last turn said to be under way; it may be lost at any time."""

    name: str = ""
    rule: str = ""
    since: datetime | None = None
    deadline: datetime | None = None
    origin: str = ""
    """The kind of state that was decided on before the cluster went; of a snapshot its path."""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """`spec` is the one last reconciled; `since` when its start was begun (UTC)."""

    state: Reconciliation
    spec: Spec | None
    is_first: bool
    is_stable: bool
    job_id: str
    observed_generation: int
    savepoint: str
    since: datetime | None
    is_removing: bool
    text: str = ""
    stable_text: str = ""
    since_milliseconds: int = 0
    job_state: str = ""
    is_announced_by_us: bool = False
    """Of the latest start we know that we wrote it ahead ourselves: startedFrom says so."""
    chosen_because: str = ""
    """The rule that chose the state of the latest start, where we wrote it ahead ourselves."""
    chosen_path: str = ""
    stop: Pending | None = None
    """A savepoint under way: one that stops the job where its type is UPGRADE."""
    gate: Pending | None = None
    """A checkpoint under way: the gate's own where its type is UPGRADE."""
    phase: PhaseRecorded = field(default_factory=PhaseRecorded)
    failed_hash: str = ""
    failed_because: str = ""
    """What was seen of the version that was taken back, when it was."""
    previous_text: str = ""
    """The spec that was stable before the stable one; it may be lost."""
    updated: datetime | None = None
    """When the job's state changed last."""
    ended_by_stop: bool = False
    """The last savepoint was a stop's, and the job was not started since."""
    ledger: tuple[str, ...] = ()
    """Paths of the latest snapshots that were seen completed, newest first."""

    @property
    def is_suspended(self) -> bool:
        return bool(self.spec and self.spec.job and self.spec.job.state is JobState.SUSPENDED)

    @property
    def restore_mode(self) -> UpgradeMode:
        """How the latest start was, or the next one will be, restored."""
        job = self.spec.job if self.spec else None
        return job.upgrade_mode if job else UpgradeMode.STATELESS

    @property
    def deployed(self) -> Spec | None:
        """The spec that runs: after a rollback the stable one, not the one that was recorded."""
        if self.is_another:
            return self.stable
        return self.spec

    @property
    def is_another(self) -> bool:
        """Another spec runs than the one that is recorded last."""
        return self.state in (Reconciliation.ROLLED_BACK, Reconciliation.ROLLING_BACK)

    @property
    def stable(self) -> Spec | None:
        return _spec(self.stable_text)[0]

    @property
    def previous(self) -> Spec | None:
        return _spec(self.previous_text)[0]

    @property
    def path(self) -> str:
        """The snapshot that is named for the next start; none where HA metadata is meant."""
        return "" if self.savepoint == LAST_STATE_PATH else self.savepoint

    @property
    def has_ended(self) -> bool:
        return self.job_state in ENDED

    @property
    def is_end_told(self) -> bool:
        """Where it has ended: the path that stands beside it is its very last one."""
        return self.phase.rule != BEING_TOLD

    @property
    def store_id(self) -> str:
        """The job result store's folder of this start: the same for the same start only."""
        mark = f"{self.job_id}/{self.since_milliseconds}"
        digest = hashlib.sha256(mark.encode()).hexdigest()
        parts = (digest[:8], digest[8:12], digest[12:16], digest[16:20], digest[20:32])
        return "-".join(parts)


def recorded(status: Mapping[str, Any]) -> Recorded:
    """What the status says. Never raises."""
    reconciliation = _mapping(status.get("reconciliationStatus"))
    text = _text(reconciliation.get("lastReconciledSpec"))
    stable = _text(reconciliation.get("lastStableSpec"))
    spec, is_first = _spec(text)
    job = _mapping(status.get("jobStatus"))
    generation = _whole(status.get("observedGeneration"))
    started = _mapping(status.get("startedFrom"))
    milliseconds = _whole(reconciliation.get("reconciliationTimestamp"))
    return Recorded(
        state=_state(reconciliation.get("state"), text, spec, is_blank=_is_blank(status)),
        spec=spec,
        is_first=is_first,
        is_stable=bool(text) and text == stable,
        job_id=_text(job.get("jobId")),
        observed_generation=generation,
        savepoint=_text(job.get("upgradeSavepointPath")),
        since=_time(milliseconds),
        is_removing=status.get("lifecycleState") in ("DELETING", "DELETED"),
        text=text,
        stable_text=stable,
        since_milliseconds=milliseconds,
        job_state=_text(job.get("state")),
        is_announced_by_us=_whole(started.get("generation")) == generation
        and started.get("jobId") == job.get("jobId")
        and bool(started),
        chosen_because=_text(started.get("because")),
        chosen_path=_text(started.get("path")),
        stop=_pending(job.get("savepointInfo")),
        gate=_pending(job.get("checkpointInfo")),
        phase=_phase(_mapping(status.get("phase"))),
        failed_hash=_text(status.get("failedSpecHash")),
        failed_because=_text(status.get("failedBecause")),
        previous_text=_text(status.get("previousStableSpec")),
        updated=_time(job.get("updateTime")),
        ended_by_stop=_ended_by_stop(job),
        ledger=_ledger(status.get("ledger")),
    )


def _pending(info: Any) -> Pending | None:
    told = _mapping(info)
    trigger_id = _text(told.get("triggerId"))
    if not trigger_id:
        return None
    since = _time(told.get("triggerTimestamp"))
    return Pending(trigger_id=trigger_id, type=_text(told.get("triggerType")), since=since)


def _ended_by_stop(job: Mapping[str, Any]) -> bool:
    """The contract keeps the path where the next start comes from beside the last savepoint."""
    last = _mapping(_mapping(job.get("savepointInfo")).get("lastSavepoint"))
    path = _text(job.get("upgradeSavepointPath"))
    is_for_it = bool(path) and last.get("location") == path and last.get("triggerType") == UPGRADE
    return is_for_it and _text(job.get("state")) in ENDED


def _phase(told: Mapping[str, Any]) -> PhaseRecorded:
    return PhaseRecorded(
        name=_text(told.get("name")),
        rule=_text(told.get("rule")),
        since=_moment(told.get("since")),
        deadline=_moment(told.get("deadline")),
        origin=_text(_mapping(told.get("origin")).get("kind")),
        path=_text(_mapping(told.get("origin")).get("path")),
    )


def _ledger(entries: Any) -> tuple[str, ...]:
    if not isinstance(entries, list):
        return ()
    paths = (_text(_mapping(entry).get("path")) for entry in entries)
    return tuple(path for path in paths if path)


def _is_blank(status: Mapping[str, Any]) -> bool:
    """Nothing in it tells of a start: neither of a job, nor of a state that one had."""
    job = _mapping(status.get("jobStatus"))
    stable = _mapping(status.get("reconciliationStatus")).get("lastStableSpec")
    told = (job.get("jobId"), job.get("upgradeSavepointPath"), stable)
    return not any((*told, status.get("startedFrom"), status.get("ledger")))


def _state(state: Any, text: str, spec: Spec | None, *, is_blank: bool) -> Reconciliation:
    if not text:
        return Reconciliation.NEVER if is_blank else Reconciliation.UNREADABLE
    if spec is None or state not in _WRITTEN:
        return Reconciliation.UNREADABLE
    return Reconciliation(state)


@lru_cache(maxsize=64)
def _spec(text: str) -> tuple[Spec | None, bool]:
    """Frozen, and asked for some times in each turn."""
    if not text:
        return None, False
    try:
        spec, beside = load_reconciled(text)
    except FlinkOpsError:
        return None, False
    return spec, bool(beside.first_deployment)


def _time(milliseconds: Any) -> datetime | None:
    since = _whole(milliseconds)
    try:
        return _EPOCH + timedelta(milliseconds=since) if since else None
    except OverflowError:
        return None


def _moment(text: Any) -> datetime | None:
    try:
        found = datetime.fromisoformat(_text(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def _text(value: Any) -> str:
    return str(value) if value else ""


def _whole(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
