# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Every point of a finite space of facts, in as few steps as the question allows.

A question is asked of facts that are still open. Each fact that it reads is tried with all its
values; one that it never reads stays open, and the answer holds for all points that differ in it
alone. So ten million points are looked at in some hundred steps, and none is left out.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any, Generic, TypeVar, get_type_hints

Facts = TypeVar("Facts")
Answer = TypeVar("Answer")


class _Unasked(Exception):
    def __init__(self, name: str) -> None:
        self.name = name


@dataclass(frozen=True, slots=True, kw_only=True)
class Region(Generic[Facts, Answer]):
    """All points with these `values`; the facts that are not in it may be anything."""

    values: Mapping[str, Any]
    facts: Facts
    answer: Answer


class Space(Generic[Facts]):
    def __init__(self, kind: type[Facts]) -> None:
        hints = get_type_hints(kind)
        self.domains: dict[str, tuple[Any, ...]] = {
            name: (False, True) if hint is bool else tuple(_members(hint))
            for name, hint in hints.items()
        }
        self._open: type[Facts] = type(f"Open{kind.__name__}", (kind,), {"__getattr__": _unasked})

    def __len__(self) -> int:
        return math.prod(len(values) for values in self.domains.values())

    def size(self, region: Region[Facts, Any]) -> int:
        """How many points the region holds."""
        return math.prod(
            len(values) for name, values in self.domains.items() if name not in region.values
        )

    def regions(
        self, question: Callable[[Facts], Answer], within: Mapping[str, Any] | None = None
    ) -> Iterator[Region[Facts, Answer]]:
        """The answer at every point, region by region; they don't overlap."""
        pending = [dict(within or {})]
        while pending:
            values = pending.pop()
            facts = self._some(values)
            try:
                answer = question(facts)
            except _Unasked as missing:
                name = missing.name
                pending += [{**values, name: value} for value in reversed(self.domains[name])]
            else:
                yield Region(values=values, facts=facts, answer=answer)

    def _some(self, values: Mapping[str, Any]) -> Facts:
        facts: Facts = object.__new__(self._open)
        for name, value in values.items():
            object.__setattr__(facts, name, value)
        return facts


def _members(hint: Any) -> list[Any]:
    if not issubclass(hint, Enum):
        raise TypeError(f"{hint} is no finite type")
    return list(hint)


def _unasked(_self: object, name: str) -> Any:
    raise _Unasked(name)
