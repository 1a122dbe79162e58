# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What Flink does behind a trigger id (savepoint, stop, checkpoint, disposal), and how far it is.

Four answers, four classes: none of them can be mistaken for another.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from .causes import Cause, read_cause
from .errors import Forgotten
from .wire import Wire, WrongShape


class SavepointFormat(StrEnum):
    CANONICAL = "CANONICAL"
    NATIVE = "NATIVE"


class CheckpointKind(StrEnum):
    CONFIGURED = "CONFIGURED"
    FULL = "FULL"
    INCREMENTAL = "INCREMENTAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class SavepointWanted:
    """`trigger_id` is ours, written down before it is sent: the same id is the same savepoint."""

    trigger_id: str
    directory: str = ""
    form: SavepointFormat = SavepointFormat.CANONICAL


@dataclass(frozen=True, slots=True, kw_only=True)
class InProgress:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class SavepointAt:
    location: str


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointTaken:
    checkpoint_id: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Disposed:
    pass


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationFailed:
    cause: Cause

    @property
    def job_is_gone(self) -> bool:
        """Flink takes a stop of a job that it does not have, and says so only here."""
        return self.cause.names("FlinkJobNotFoundException")

    @property
    def tasks_do_not_run(self) -> bool:
        """Nothing was taken, and the job goes on as it was: try again when all its tasks run."""
        return any(text in str(self.cause) for text in _NOT_RUNNING)


_NOT_RUNNING = (
    "currently not executing",
    "Not all required tasks are currently running",
    "Some tasks of the job are currently not running",
)


@dataclass(frozen=True, slots=True, kw_only=True)
class OperationForgotten:
    """Not a failure: the snapshot may have been taken, and may exist."""

    because: Forgotten


SavepointStatus: TypeAlias = "InProgress | SavepointAt | OperationFailed | OperationForgotten"
CheckpointTriggerStatus: TypeAlias = (
    "InProgress | CheckpointTaken | OperationFailed | OperationForgotten"
)
DisposalStatus: TypeAlias = "InProgress | Disposed | OperationFailed | OperationForgotten"


def read_savepoint(wire: Wire) -> InProgress | SavepointAt | OperationFailed:
    outcome = _outcome(wire)
    return SavepointAt(location=outcome.text("location")) if isinstance(outcome, Wire) else outcome


def read_checkpoint_trigger(wire: Wire) -> InProgress | CheckpointTaken | OperationFailed:
    outcome = _outcome(wire)
    if isinstance(outcome, Wire):
        return CheckpointTaken(checkpoint_id=outcome.whole("checkpointId"))
    return outcome


def read_disposal(wire: Wire) -> InProgress | Disposed | OperationFailed:
    outcome = _outcome(wire)
    return Disposed() if isinstance(outcome, Wire) else outcome


def _outcome(wire: Wire) -> Wire | InProgress | OperationFailed:
    status = wire["status"].text("id")
    if status == "IN_PROGRESS":
        return InProgress()
    if status != "COMPLETED":
        raise WrongShape(f"{wire.where}.status.id is {status!r}, not IN_PROGRESS or COMPLETED")
    outcome = wire["operation"]
    # a checkpoint's failure has another name than all the others
    cause = read_cause(outcome.get("failure-cause") or outcome.get("failureCause"))
    return outcome if cause is None else OperationFailed(cause=cause)
