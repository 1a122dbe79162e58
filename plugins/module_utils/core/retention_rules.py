# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Whether one savepoint of the history may go: a table of named rules, the first match wins.

Refuses to know how the facts are found, and how a savepoint is disposed of: snapshot_retention.py.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Generic

from .plan import Facts_contra


@dataclass(frozen=True, slots=True, kw_only=True)
class Keeping:
    """The facts on one entry of the history."""

    cleans_up: bool
    rests: bool
    """A disposal failed less than an hour ago."""
    is_automatic: bool
    """Taken without a person's word."""
    is_newest: bool
    """Of those."""
    is_needed: bool
    """A start came from it, goes on from it, or may go back to it; or the wanted spec names it."""
    is_beyond: bool
    """So many newer ones of its kind are there as are kept at most."""
    is_old: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class KeepRule(Generic[Facts_contra]):
    name: str
    when: Callable[[Facts_contra], bool]
    goes: bool
    reason: str


RULES: tuple[KeepRule[Keeping], ...] = (
    KeepRule(
        name="nothing_is_cleaned_up",
        when=lambda f: not f.cleans_up,
        goes=False,
        reason="kubernetes.operator.savepoint.cleanup.enabled is false",
    ),
    KeepRule(
        name="the_last_disposal_failed",
        when=lambda f: f.rests,
        goes=False,
        reason="for an hour no other is tried",
    ),
    KeepRule(
        name="a_person_asked_for_it",
        when=lambda f: not f.is_automatic,
        goes=False,
        reason="it is the person's to dispose of",
    ),
    KeepRule(
        name="it_is_the_newest",
        when=lambda f: f.is_newest,
        goes=False,
        reason="however old it is",
    ),
    KeepRule(
        name="a_start_may_need_it",
        when=lambda f: f.is_needed,
        goes=False,
        reason="a start came from it or may go back to it, or the spec names it",
    ),
    KeepRule(
        name="there_are_too_many",
        when=lambda f: f.is_beyond,
        goes=True,
        reason="more than kubernetes.operator.savepoint.history.max.count (10)",
    ),
    KeepRule(
        name="it_is_too_old",
        when=lambda f: f.is_old,
        goes=True,
        reason="older than kubernetes.operator.savepoint.history.max.age (24 h)",
    ),
    KeepRule(
        name="it_is_kept_for_now",
        when=lambda _: True,
        goes=False,
        reason="it is neither too old nor one too many",
    ),
)


def rule_for(facts: Keeping) -> KeepRule[Keeping]:
    return next(rule for rule in RULES if rule.when(facts))
