# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which savepoints may go, at every point of the facts that say so."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.retention_rules import (
    RULES,
    Keeping,
    KeepRule,
    rule_for,
)
from support.space import Space

SPACE = Space(Keeping)
REGIONS = list(SPACE.regions(rule_for))


def broken(sentence: Callable[[Keeping], bool]) -> list[str]:
    """Where one goes although the sentence is not true of it."""
    return [
        f"{region.answer.name} at {dict(point.values)}"
        for region in REGIONS
        if region.answer.goes
        for point in SPACE.regions(sentence, region.values)
        if not point.answer
    ]


def test_every_point_has_one_answer() -> None:
    assert sum(SPACE.size(region) for region in REGIONS) == len(SPACE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_name_and_a_reason_and_decides_somewhere(rule: KeepRule[Keeping]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+){2,}", rule.name)
    assert rule.reason
    assert any(region.answer is rule for region in REGIONS)


def test_nothing_goes_that_a_person_asked_for() -> None:
    assert not broken(lambda f: f.is_automatic)


def test_the_newest_never_goes() -> None:
    assert not broken(lambda f: not f.is_newest)


def test_nothing_goes_that_a_start_may_need() -> None:
    assert not broken(lambda f: not f.is_needed)


def test_nothing_goes_without_a_reason() -> None:
    assert not broken(lambda f: f.is_old or f.is_beyond)


def test_nothing_goes_where_cleaning_up_is_switched_off_or_has_failed() -> None:
    assert not broken(lambda f: f.cleans_up and not f.rests)


def test_all_that_may_go_and_has_a_reason_goes() -> None:
    kept = [region for region in REGIONS if not region.answer.goes]
    assert not [
        dict(point.values)
        for region in kept
        for point in SPACE.regions(may_go, region.values)
        if point.answer
    ]


def may_go(f: Keeping) -> bool:
    held = f.rests or f.is_newest or f.is_needed
    return f.cleans_up and f.is_automatic and not held and (f.is_old or f.is_beyond)


def test_one_that_is_one_too_many_goes_for_that_reason() -> None:
    """Count goes before age: the reason is what a person reads who wonders where it is."""
    for region in SPACE.regions(lambda f: (rule_for(f).name, f.is_beyond)):
        name, is_beyond = region.answer
        assert name != "it_is_too_old" or not is_beyond
