# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A job's checkpoints as Flink shows them: counts, the latest of each kind, one in detail."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .wire import Wire


class CheckpointStatus(StrEnum):
    IN_PROGRESS = "IN_PROGRESS"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointCounts:
    total: int
    in_progress: int
    completed: int
    failed: int
    restored: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    """`external_path` is empty where a checkpoint is not (or not yet) externalised."""

    checkpoint_id: int
    status: CheckpointStatus
    is_savepoint: bool
    kind: str
    savepoint_format: str
    triggered: datetime | None
    acknowledged: datetime | None
    state_size: int
    checkpointed_size: int
    external_path: str
    discarded: bool
    failed_at: datetime | None
    failure: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    checkpoint_id: int
    at: datetime | None
    is_savepoint: bool
    external_path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoints:
    """`history` has the newest first, and only the last ten by default."""

    counts: CheckpointCounts
    completed: Checkpoint | None
    savepoint: Checkpoint | None
    failed: Checkpoint | None
    restored: Restored | None
    history: tuple[Checkpoint, ...]

    @property
    def last_external(self) -> Checkpoint | None:
        """The newest completed one, savepoint or not, that a job can be started from."""
        found = [c for c in (self.completed, self.savepoint) if c and _can_be_restored(c)]
        return max(found, key=lambda checkpoint: checkpoint.checkpoint_id, default=None)


def _can_be_restored(checkpoint: Checkpoint) -> bool:
    return bool(checkpoint.external_path) and not checkpoint.discarded


def read_checkpoints(wire: Wire) -> Checkpoints:
    latest = wire["latest"]
    return Checkpoints(
        counts=_counts(wire["counts"]),
        completed=_maybe(latest.get("completed")),
        savepoint=_maybe(latest.get("savepoint")),
        failed=_maybe(latest.get("failed")),
        restored=_restored(latest.get("restored")),
        history=tuple(read_checkpoint(entry) for entry in wire.items_of("history")),
    )


def _counts(wire: Wire) -> CheckpointCounts:
    return CheckpointCounts(
        total=wire.whole("total"),
        in_progress=wire.whole("in_progress"),
        completed=wire.whole("completed"),
        failed=wire.whole("failed"),
        restored=wire.whole("restored"),
    )


def _maybe(wire: Wire | None) -> Checkpoint | None:
    return None if wire is None else read_checkpoint(wire)


def read_checkpoint(wire: Wire) -> Checkpoint:
    status = wire.text("status")
    return Checkpoint(
        checkpoint_id=wire.whole("id"),
        status=CheckpointStatus(status)
        if status in set(CheckpointStatus)
        else CheckpointStatus.UNKNOWN,
        is_savepoint=wire.flag_or("is_savepoint"),
        kind=wire.text_or("checkpoint_type"),
        savepoint_format=wire.text_or("savepointFormat"),
        triggered=wire.time("trigger_timestamp"),
        acknowledged=wire.time("latest_ack_timestamp"),
        state_size=wire.whole_or("state_size"),
        checkpointed_size=wire.whole_or("checkpointed_size"),
        external_path=_path(wire),
        discarded=wire.flag_or("discarded"),
        failed_at=wire.time("failure_timestamp"),
        failure=wire.text_or("failure_message"),
    )


# what Flink writes where a checkpoint has no address
_NO_PATHS = frozenset({"", "<checkpoint-not-externally-addressable>"})


def _path(wire: Wire) -> str:
    path = wire.text_or("external_path")
    return "" if path in _NO_PATHS else path


def _restored(wire: Wire | None) -> Restored | None:
    if wire is None:
        return None
    return Restored(
        checkpoint_id=wire.whole("id"),
        at=wire.time("restore_timestamp"),
        is_savepoint=wire.flag_or("is_savepoint"),
        external_path=_path(wire),
    )
