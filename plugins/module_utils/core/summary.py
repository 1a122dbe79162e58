# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What became of each application of a run: one row each, and a line that counts them.

Takes results as the modules return them; refuses to know who ran them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any

from .lenient import mapping, text
from .masking import masked_text
from .table import table

HEADINGS = ("APPLICATION", "OUTCOME", "RULE", "RESTORED FROM", "SECONDS")
LONGEST = 90


class Outcome(StrEnum):
    CHANGED = "changed"
    AS_IT_WAS = "as it was"
    FAILED = "failed"
    NOT_TRIED = "not tried"


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One application, as far as it has come. Without a time it was not tried."""

    name: str
    began: datetime | None = None
    ended: datetime | None = None
    is_changed: bool = False
    is_failed: bool = False
    rule: str = ""
    restored_from: str = ""

    @property
    def seconds(self) -> str:
        if self.began is None or self.ended is None:
            return ""
        return f"{(self.ended - self.began).total_seconds():.0f}"


OUTCOMES: tuple[tuple[Outcome, Callable[[Entry], bool]], ...] = (
    (Outcome.FAILED, lambda entry: entry.is_failed),
    (Outcome.NOT_TRIED, lambda entry: entry.began is None),
    (Outcome.CHANGED, lambda entry: entry.is_changed),
    (Outcome.AS_IT_WAS, lambda _: True),
)
"""The first that fits."""


def outcome_of(entry: Entry) -> Outcome:
    return next(outcome for outcome, fits in OUTCOMES if fits(entry))


def after(entry: Entry, result: Mapping[str, Any], now: datetime) -> Entry:
    """The entry once one more task of it has ended with this result."""
    is_failed = bool(result.get("failed") or result.get("unreachable"))
    reason = text(result.get("reason")) if is_failed else text(result.get("because"))
    return replace(
        entry,
        began=entry.began or now,
        ended=now,
        is_changed=entry.is_changed or bool(result.get("changed")),
        is_failed=entry.is_failed or is_failed,
        rule=reason or entry.rule,
        restored_from=_origin(result) or entry.restored_from,
    )


def _origin(result: Mapping[str, Any]) -> str:
    """Where a start comes from: of the plan that is made, else of the one that is foreseen."""
    foreseen = mapping(result.get("forecast"))
    for found in (mapping(result.get("origin")), mapping(foreseen.get("origin"))):
        kind, path = text(found.get("kind")), text(found.get("path"))
        if kind:
            return kind if not path or path.isupper() else path
    return ""


def summary(entries: Iterable[Entry]) -> list[str]:
    """A table, in the order of the run, and how many came to what."""
    found = list(entries)
    counted = Counter(outcome_of(entry) for entry in found)
    counts = ", ".join(f"{counted[outcome]} {outcome}" for outcome in Outcome if counted[outcome])
    return [*table(HEADINGS, [_row(entry) for entry in found]), "", f"{len(found)}: {counts}"]


def _row(entry: Entry) -> tuple[str, ...]:
    origin = masked_text(entry.restored_from)
    short = origin if len(origin) <= LONGEST else f"…{origin[-LONGEST:]}"
    cells = (entry.name, outcome_of(entry).value, entry.rule, short, entry.seconds)
    return tuple(cell or "-" for cell in cells)
