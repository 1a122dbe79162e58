# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A table of rules over its whole fact space, and sentences that hold at every point of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Generic, TypeVar

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Rule, first_of
from support.space import Region, Space

Facts = TypeVar("Facts")
MOST = 5


def _anything(_facts: object) -> bool:
    return True


class Sentences(Generic[Facts]):
    """`is_possible` leaves out the points that no look at a cluster gives."""

    def __init__(
        self,
        kind: type[Facts],
        rules: Sequence[Rule[Facts]],
        is_possible: Callable[[Facts], bool] = _anything,
    ) -> None:
        self.rules = rules
        self.space = Space(kind)
        self.regions: list[Region[Facts, Rule[Facts] | None]] = list(
            self.space.regions(lambda facts: first_of(rules, facts))
        )
        self._is_possible = is_possible

    @property
    def is_total(self) -> bool:
        """Every point has one answer."""
        points = sum(self.space.size(region) for region in self.regions if region.answer)
        return points == len(self.space)

    def decides_somewhere(self, rule: Rule[Facts]) -> bool:
        mine = (region for region in self.regions if region.answer is rule)
        return any(
            point.answer for r in mine for point in self.space.regions(self._is_possible, r.values)
        )

    def broken(
        self, sentence: Callable[[Facts], bool], *, by: Callable[[Rule[Facts]], bool] = _anything
    ) -> list[str]:
        """Where the sentence is not true of the facts that such rules decide; at most a few."""
        found: list[str] = []
        for region in self.regions:
            if region.answer is None or not by(region.answer):
                continue
            found += [
                f"{region.answer.name} at {dict(point.values)}"
                for point in self.space.regions(
                    lambda f: sentence(f) or not self._is_possible(f), region.values
                )
                if not point.answer
            ]
            if len(found) >= MOST:
                break
        return found[:MOST]
