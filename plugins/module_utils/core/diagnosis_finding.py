# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A finding, and the rule that makes it: a name, what to look for, and what to do about it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .diagnosis_scene import Scene


class Weight(StrEnum):
    STOPS = "stops"
    """It keeps the job from running."""
    WARNS = "warns"
    """The job may run, and something is wrong."""
    PASSES = "passes"
    """It takes its time, and nothing is wrong so far."""
    EXPLAINS = "explains"
    """So it is, and so it should be."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """`next_step` takes the place of the rule's own."""

    what: str
    evidence: str
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Sign:
    """A rule of the diagnosis. `next_step` may use {key}, {name}, {namespace} and {account}."""

    name: str
    find: Callable[[Scene], Found | None]
    next_step: str
    weight: Weight = Weight.STOPS


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    rule: str
    weight: Weight
    what: str
    evidence: str
    next_step: str
