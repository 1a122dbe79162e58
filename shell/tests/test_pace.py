# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""What is under way is looked at often, what runs well seldom; nothing is given up for ever."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Plan, Verdict
from flink_operator.pace import (
    BROKEN_SLOWEST,
    LONG,
    REFUSED,
    SLOWEST,
    WAITS,
    WAITS_LONG,
    Course,
    pause,
    pause_after_error,
)

CALM = 60.0


def plan(verdict: Verdict, because: str = "a_rule") -> Plan:
    return Plan(verdict=verdict, move=Move.NOTHING, because=because, message="")


def paused(verdict: Verdict, times: int, chance: float = 0.0) -> float:
    return pause(plan(verdict), Course(because="a_rule", times=times), calm=CALM, chance=chance)


def test_a_job_that_runs_well_is_looked_at_in_its_interval_and_not_with_all_others() -> None:
    assert paused(Verdict.SETTLED, 1, chance=0.5) == CALM
    assert 0.9 * CALM <= paused(Verdict.SETTLED, 1, chance=0.0) < CALM
    assert CALM < paused(Verdict.SETTLED, 1, chance=1.0) <= 1.1 * CALM


def test_what_is_under_way_is_looked_at_each_second_and_later_more_seldom() -> None:
    assert paused(Verdict.WAIT, 1) == WAITS
    assert paused(Verdict.WAIT, LONG) == WAITS
    assert paused(Verdict.WAIT, LONG + 1) == WAITS_LONG


@pytest.mark.parametrize("verdict", [Verdict.HELD, Verdict.FAILED])
def test_a_refusal_is_looked_at_ever_more_seldom_and_never_not_at_all(verdict: Verdict) -> None:
    pauses = [paused(verdict, times) for times in range(1, 40)]
    assert pauses[0] == REFUSED
    assert pauses == sorted(pauses)
    assert pauses[-1] == SLOWEST


def test_an_error_is_tried_again_ever_more_seldom_and_never_not_at_all() -> None:
    course, pauses = Course(), []
    for _ in range(60):
        course = course.broken()
        pauses.append(pause_after_error(course, chance=0.0))
    assert pauses == sorted(pauses)
    assert pauses[-1] == BROKEN_SLOWEST
    assert pause_after_error(Course().broken(), chance=1.0) > 0


def test_a_new_reason_and_a_turn_that_went_well_begin_anew() -> None:
    course = Course().after("one").after("one")
    assert course.times == 2
    assert course.after("other").times == 1
    assert course.broken().broken().failures == 2
    assert course.broken().after("one").failures == 0
