"""Steers the test job and reads what it shows of itself: tests/jobs/steerable/README.md.

Knows the two folders and the form of their content. Refuses to know what that content proves
(counter.py), Flink, Kubernetes, and who started the job.
"""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from pathlib import Path
from typing import Any, Self, TypeVar

T = TypeVar("T")

UNTIL_REMOVED = "until-removed"


class Fault(StrEnum):
    """The steering files: what each does stands in the job's README."""

    FAIL_TASK = "fail-task"
    FAIL_TASK_ALWAYS = "fail-task-always"
    FAIL_CHECKPOINT = "fail-checkpoint"
    SLOW_CHECKPOINT = "slow-checkpoint"
    BLOCK_CHECKPOINT = "block-checkpoint"
    FAIL_RESTORE = "fail-restore"
    FAIL_START = "fail-start"
    SLOW_START = "slow-start"
    SLOW_TASK_START = "slow-task-start"
    SLOW_RECORDS = "slow-records"
    EXIT_JVM = "exit-jvm"
    RATE = "rate"
    PAUSE = "pause"
    FINISH = "finish"


class TooLate(AssertionError):
    """The job did not show in time what was waited for."""


@dataclass(frozen=True, slots=True, kw_only=True)
class _Facts:
    """What every line says: which start of which job wrote it, and what that start came from."""

    name: str
    start: str
    started_ms: int
    job_id: str
    attempt: int
    flink: str
    parallelism: int
    restored: bool
    restored_value: int
    restored_checkpoint: int
    lineage: str
    aligned: bool

    @classmethod
    def of(cls, facts: dict[str, Any]) -> Self:
        """Facts that the job adds later are no reason to fail."""
        known = {known.name for known in fields(cls)}
        return cls(**{name: value for name, value in facts.items() if name in known})


@dataclass(frozen=True, slots=True, kw_only=True)
class Published(_Facts):
    """The counter in one completed checkpoint."""

    value: int
    count: int
    sum: int
    errors: int
    first_error: str
    checkpoint: int
    wall_ms: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Line(_Facts):
    """One line of the history: a start, a checkpoint or an error."""

    event: str
    wall_ms: int
    value: int | None = None
    count: int | None = None
    checkpoint: int | None = None
    errors: int = 0
    first_error: str = ""
    error: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start(_Facts):
    """One start of the counting task, by a first start, a restore or a fail-over alike."""

    first_record_ms: int | None = None
    last_record_ms: int | None = None
    first_record: int = 0
    last_record: int = 0
    records: int = 0
    largest_gap_ms: int = 0

    @property
    def first_at(self) -> datetime | None:
        return _moment(self.first_record_ms)

    @property
    def last_at(self) -> datetime | None:
        return _moment(self.last_record_ms)


@dataclass(frozen=True, slots=True)
class Board:
    """The folder in which the job shows itself (--out)."""

    folder: Path

    def value(self) -> Published | None:
        """Read the last completed checkpoint's counter; None before the first."""
        try:
            text = (self.folder / "value.json").read_text(encoding="utf-8")
        except FileNotFoundError:
            return None
        return Published.of(json.loads(text))

    def history(self) -> tuple[Line, ...]:
        try:
            text = (self.folder / "history.jsonl").read_text(encoding="utf-8")
        except FileNotFoundError:
            return ()
        # A line without its end is still being written.
        whole = text[: text.rfind("\n") + 1]
        return tuple(Line.of(json.loads(line)) for line in whole.splitlines())

    def starts(self) -> tuple[Start, ...]:
        """In the order in which they started."""
        files = sorted((self.folder / "starts").glob("[!.]*.json"))
        found = [Start.of(json.loads(file.read_text(encoding="utf-8"))) for file in files]
        return tuple(sorted(found, key=lambda start: start.started_ms))

    def checkpoints(self) -> tuple[Line, ...]:
        return tuple(line for line in self.history() if line.event == "checkpoint")

    def wait_for_value(self, least: int, *, within: timedelta) -> Published:
        """Wait for a value that is not below `least`."""

        def reached() -> Published | None:
            value = self.value()
            return value if value is not None and value.value >= least else None

        return self._wait(reached, f"a value of {least} or more", within)

    def wait_for_progress(self, *, within: timedelta) -> Published:
        """Wait for a checkpoint that holds more than the one that is shown now."""
        before = self.value()
        return self.wait_for_value(before.value + 1 if before else 1, within=within)

    def wait_for_start(self, *, after: int, within: timedelta) -> Start:
        """Wait until there are more than `after` starts and the newest has counted a record."""

        def started() -> Start | None:
            starts = self.starts()
            return starts[-1] if len(starts) > after and starts[-1].records else None

        return self._wait(started, f"start number {after + 1} and its first record", within)

    def _wait(self, look: Callable[[], T | None], what: str, within: timedelta) -> T:
        deadline = time.monotonic() + within.total_seconds()
        while (found := look()) is None:
            if time.monotonic() > deadline:
                raise TooLate(
                    f"{self.folder}: not within {within}: {what}; it shows {self.value()}"
                )
            time.sleep(0.05)
        return found


@dataclass(frozen=True, slots=True)
class Steering:
    """The folder by which the job is steered (--control)."""

    folder: Path

    def set(self, fault: Fault, content: str = "") -> None:
        """Seen whole or not at all, and open to the job's user, who may take it away."""
        target, draft = self.folder / fault, self.folder / f".{fault}"
        draft.write_text(content, encoding="utf-8")
        draft.chmod(0o666)
        draft.replace(target)

    def clear(self, fault: Fault) -> None:
        (self.folder / fault).unlink(missing_ok=True)

    def clear_all(self) -> None:
        for fault in Fault:
            self.clear(fault)

    def is_set(self, fault: Fault) -> bool:
        return (self.folder / fault).exists()


@dataclass(frozen=True, slots=True)
class SteerableJob:
    """Both folders of one job, as this side sees them."""

    board: Board
    steering: Steering

    @classmethod
    def in_folder(cls, root: Path) -> Self:
        """Make `out` and `control` below root, open to the job's user whoever that is."""
        for folder in (root, root / "out", root / "control"):
            folder.mkdir(parents=True, exist_ok=True)
            folder.chmod(0o777)
        return cls(Board(root / "out"), Steering(root / "control"))


def _moment(ms: int | None) -> datetime | None:
    return None if ms is None else datetime.fromtimestamp(ms / 1000, tz=UTC)
