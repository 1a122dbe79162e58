# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""When the next turn of an application is due. Pure; in seconds.

What Kubernetes does is told by the watches, at once. Flink has to be asked: often while something
is under way, seldom of a job that runs well.
"""

from __future__ import annotations

from dataclasses import dataclass

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict

WAITS = 1.0
WAITS_LONG, LONG = 3.0, 60
"""A wait that has lasted so many turns goes on more slowly."""
REFUSED, SLOWEST = 15.0, 300.0
"""A refusal or a failure is looked at again by itself, ever more seldom; never given up."""
BROKEN, BROKEN_SLOWEST = 0.2, 60.0
SPREAD = 0.1
"""Turns of jobs that run well are spread, so that Flinks are not asked all at once."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Course:
    """How often in a row an application's turns came out the same way, or broke."""

    because: str = ""
    times: int = 0
    failures: int = 0

    def after(self, because: str) -> Course:
        times = self.times + 1 if because == self.because else 1
        return Course(because=because, times=times)

    def broken(self) -> Course:
        return Course(because=self.because, times=self.times, failures=self.failures + 1)


def pause(plan: Plan, course: Course, *, calm: float, chance: float) -> float:
    """`calm`: between two looks at a job that runs well. `chance`: from 0 to 1."""
    if plan.verdict is Verdict.SETTLED:
        return calm * (1 + SPREAD * (2 * chance - 1))
    if plan.verdict in (Verdict.HELD, Verdict.FAILED):
        return _slower(REFUSED, course.times - 1, SLOWEST) * (1 - SPREAD * chance)
    return WAITS_LONG if course.times > LONG else WAITS


def pause_after_error(course: Course, *, chance: float) -> float:
    return _slower(BROKEN, course.failures - 1, BROKEN_SLOWEST) * (1 - chance / 2)


def _slower(first: float, times: int, slowest: float) -> float:
    return float(min(first * 2 ** min(max(times, 0), 30), slowest))
