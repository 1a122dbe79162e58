# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a rule over one deployment looks like, and what it may look at.

Refuses to know any rule.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass

from .errors import Problem
from .schema_check import shown
from .spec import FlinkDeployment, Spec

HIGH_AVAILABILITY_KEYS = ("high-availability.type", "high-availability")


@dataclass(frozen=True, slots=True, kw_only=True)
class BrokenRule(Problem):
    """A Problem that knows the name of its rule."""

    name: str

    @property
    def rule_name(self) -> str:
        return self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One deployment and the configuration in force for it (defaults, then its own)."""

    deployment: FlinkDeployment
    effective: Mapping[str, str]

    @property
    def spec(self) -> Spec:
        return self.deployment.spec

    def get(self, *keys: str) -> str:
        """Return the value of the first key that is set; blank where none is."""
        return next((self.effective[key].strip() for key in keys if key in self.effective), "")

    def is_on(self, *keys: str) -> bool:
        return self.get(*keys).lower() == "true"

    @property
    def is_highly_available(self) -> bool:
        return self.get(*HIGH_AVAILABILITY_KEYS).upper() not in ("", "NONE")


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Where a rule is broken, and by what. `more` says what the rule alone can't."""

    path: str
    value: object = None
    more: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """Its name is the reason a user reads; `find` gives every place that breaks it."""

    name: str
    find: Callable[[Facts], Iterable[Found]]
    rule: str
    next_step: str


def at(
    path: str, when: Callable[[Facts], object], value: Callable[[Facts], object] = lambda _: None
) -> Callable[[Facts], Iterator[Found]]:
    """Look at one place: it is broken when `when` holds."""

    def find(facts: Facts) -> Iterator[Found]:
        if when(facts):
            yield Found(path=path, value=value(facts))

    return find


def broken(rules: Iterable[Rule], facts: Facts) -> Iterator[BrokenRule]:
    for rule in rules:
        for found in rule.find(facts):
            value = "" if found.value is None else shown(found.path, found.value)
            told = f"{rule.rule}: {found.more}" if found.more else rule.rule
            yield BrokenRule(
                path=found.path, value=value, rule=told, next_step=rule.next_step, name=rule.name
            )
