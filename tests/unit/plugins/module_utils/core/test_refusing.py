# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is refused, at every point of its fact space; what is not refused goes on."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.claims import Claim, Shape
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Rule,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.refusing import (
    BROKEN,
    RULES,
    UNTOUCHABLE,
    Refusing,
)
from support.sentences import Sentences

STRANGERS = (Claim.ANOTHER_OPERATOR, Claim.ANOTHER_DRIVER)


def is_possible(f: Refusing) -> bool:
    """No look at a cluster gives the other points."""
    nothing = f.is_going or f.has_problems or f.was_deployed or f.is_removing or not f.is_readable
    if not f.is_there and nothing:
        return False
    return f.is_readable or not f.was_deployed


TABLE = Sentences(Refusing, RULES, is_possible)
PASSED = [region for region in TABLE.regions if region.answer is None]


def test_every_point_is_refused_or_passes() -> None:
    points = sum(TABLE.space.size(region) for region in TABLE.regions)
    assert points == len(TABLE.space)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Rule[Refusing]) -> None:
    assert TABLE.decides_somewhere(rule)


@pytest.mark.parametrize("rule", [*RULES, BROKEN], ids=lambda rule: rule.name)
def test_a_refusal_moves_and_writes_nothing(rule: Rule[Refusing]) -> None:
    assert rule.verdict is Verdict.HELD
    assert (rule.move, rule.effect, rule.phase) == (Move.NOTHING, Effect.NONE, None)


def test_what_another_operator_or_driver_has_is_left_alone_and_said_so() -> None:
    untouchable = ("another_operator_serves_this_resource", "another_driver_holds_the_lease")
    assert not TABLE.broken(
        lambda f: f.claim not in STRANGERS or not f.is_there,
        by=lambda rule: rule.name not in untouchable,
    )


def test_only_a_resource_of_ours_that_stays_and_can_be_read_passes() -> None:
    assert PASSED
    for region in PASSED:
        for point in TABLE.space.regions(
            lambda f: f.is_there and not f.is_going and not f.is_removing and f.is_readable,
            region.values,
        ):
            assert point.answer
        assert region.values["claim"] not in STRANGERS


def test_what_breaks_rules_is_never_deployed_for_the_first_time() -> None:
    assert not [
        point
        for region in PASSED
        for point in TABLE.space.regions(
            lambda f: f.has_problems and not f.was_deployed, region.values
        )
        if point.answer
    ]


def test_what_breaks_rules_and_was_deployed_before_goes_on_as_it_was() -> None:
    broken = [
        point
        for region in PASSED
        for point in TABLE.space.regions(lambda f: f.has_problems and f.was_deployed, region.values)
        if point.answer
    ]
    assert broken


def test_shapes_that_are_not_served_are_refused() -> None:
    assert {region.values["shape"] for region in PASSED} == {Shape.NATIVE_APPLICATION}


def test_what_may_not_be_touched_comes_before_what_can_not_be_served() -> None:
    assert RULES[: len(UNTOUCHABLE)] == UNTOUCHABLE
