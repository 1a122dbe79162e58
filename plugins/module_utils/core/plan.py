# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A decision's two halves: the named rule that fired, and the plan that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Generic, TypeVar

Facts = TypeVar("Facts")


class Move(StrEnum):
    """What the collection's roles can do to a cluster; each is one task file of a role."""

    NOTHING = "nothing"
    MAKE_CLUSTER = "make_cluster"
    STOP_JOBMANAGER = "stop_jobmanager"
    DELETE_CLUSTER = "delete_cluster"
    DELETE_RESOURCE = "delete_resource"
    DELETE_HA_DATA = "delete_ha_data"


class Verdict(StrEnum):
    GO = "go"
    """Make the move, then look again."""
    WAIT = "wait"
    """Something is under way; look again."""
    SETTLED = "settled"
    """What was asked for is so."""
    HELD = "held"
    """The rule refuses; nothing is written but the reason."""
    FAILED = "failed"
    """It was tried and did not come about; the resource and its objects stay as they are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Facts]):
    """`name` is the reason the user reads; `message` may use {fields} of the told facts."""

    name: str
    when: Callable[[Facts], bool]
    verdict: Verdict
    move: Move = Move.NOTHING
    message: str
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    verdict: Verdict
    move: Move
    because: str
    message: str
    next_step: str = ""
    wake: timedelta = timedelta(seconds=0)


def first(rules: Sequence[Rule[Facts]], facts: Facts) -> Rule[Facts]:
    """The first rule that matches. Each table ends in a rule that always does."""
    return next(rule for rule in rules if rule.when(facts))
