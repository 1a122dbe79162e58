"""What the test job's history proves: the counter never goes back, nothing is lost or doubled.

Also how long the job was interrupted. Knows lines and starts as values (steerable.py reads them);
refuses to know files.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import timedelta
from enum import StrEnum
from itertools import pairwise

from .steerable import Line, Start


class Broken(StrEnum):
    """What must not happen to a job that keeps its state."""

    GAP_OR_REPEAT = "gap_or_repeat"
    EMPTY_START = "empty_start"
    OLDER_STATE = "older_state"
    WENT_BACK = "went_back"
    TWO_WRITERS = "two_writers"


@dataclass(frozen=True, slots=True, kw_only=True)
class Violation:
    kind: Broken
    message: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """No record was counted between the last one of a start and the first one of the next."""

    before: Start
    after: Start
    lasted: timedelta


@dataclass(slots=True)
class _Watch:
    """Walks the history once; per lineage it remembers the highest value that must not be lost."""

    empty_starts: int
    start: Line | None = None
    highest: dict[str, int] = field(default_factory=dict)
    found: list[Violation] = field(default_factory=list)

    def see(self, line: Line) -> None:
        match line.event:
            case "start":
                self._start(line)
            case "checkpoint":
                self._checkpoint(line)
            case _:
                self._say(Broken.GAP_OR_REPEAT, line, line.error)

    def _start(self, line: Line) -> None:
        kept = self.highest.get(line.lineage, 0)
        if line.restored and line.restored_value < kept:
            message = f"restored {line.restored_value} after {kept} had been published"
            self._say(Broken.OLDER_STATE, line, message)
        if not line.restored and any(self.highest.values()):
            self._empty_start(line)
        self.start = line
        self.highest[line.lineage] = line.restored_value

    def _empty_start(self, line: Line) -> None:
        if self.empty_starts > 0:
            self.empty_starts -= 1
        else:
            lost = max(self.highest.values())
            self._say(Broken.EMPTY_START, line, f"began at 0 after {lost} had been published")

    def _checkpoint(self, line: Line) -> None:
        value, kept = line.value or 0, self.highest.get(line.lineage, 0)
        if self.start is not None and self.start.start != line.start:
            message = f"published by start {line.start} while {self.start.start} runs"
            self._say(Broken.TWO_WRITERS, line, message)
        if value < kept:
            self._say(Broken.WENT_BACK, line, f"published {value} after {kept}")
        if line.errors:
            message = f"{line.errors} errors in the state, the first: {line.first_error}"
            self._say(Broken.GAP_OR_REPEAT, line, message)
        self.highest[line.lineage] = max(value, kept)

    def _say(self, kind: Broken, line: Line, message: str) -> None:
        where = f"job {line.job_id}, attempt {line.attempt}, start {line.start}"
        checkpoint = "" if line.checkpoint is None else f", checkpoint {line.checkpoint}"
        self.found.append(Violation(kind=kind, message=f"{message} ({where}{checkpoint})"))


def violations(history: Iterable[Line], *, empty_starts: int = 0) -> tuple[Violation, ...]:
    """All that must not be, in the order of the history.

    A first start is empty, of course; `empty_starts` says how many more are wanted by the test.
    A job that was told to go back to an older snapshot shows exactly one `older_state`, and is
    watched from there on.
    """
    watch = _Watch(empty_starts)
    for line in history:
        watch.see(line)
    return tuple(watch.found)


def first_violation(history: Iterable[Line], *, empty_starts: int = 0) -> Violation | None:
    """None: the counter never went back, and nothing is missing or there twice."""
    return next(iter(violations(history, empty_starts=empty_starts)), None)


def interruptions(starts: Sequence[Start]) -> tuple[Interruption, ...]:
    """One between each two starts that counted; a start that counted no record lies within one."""
    counted = [start for start in starts if start.records]
    return tuple(
        Interruption(before=before, after=after, lasted=_between(before, after))
        for before, after in pairwise(counted)
    )


def largest_interruption(starts: Sequence[Start]) -> Interruption | None:
    """Find the longest time without a record between two starts; None with fewer than two."""
    return max(interruptions(starts), key=lambda found: found.lasted, default=None)


def overlaps(starts: Sequence[Start]) -> tuple[Interruption, ...]:
    """Find two writers at once: a start whose first record lies before the last of the former."""
    return tuple(found for found in interruptions(starts) if found.lasted < timedelta(0))


def _between(before: Start, after: Start) -> timedelta:
    last, first = before.last_record_ms or 0, after.first_record_ms or 0
    return timedelta(milliseconds=first - last)
