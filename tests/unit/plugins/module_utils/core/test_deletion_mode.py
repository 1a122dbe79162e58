# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How a job is to end when its resource goes: the table at every point, and where its facts lie."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.deletion_mode import (
    RULES,
    Asked,
    Choosing,
    OnDeletion,
    choosing,
    mode_rule,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.dump import dump_spec
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import DeletionMode
from support import looks
from support.space import Space

SPACE = Space(Choosing)
REGIONS = list(SPACE.regions(mode_rule))
KEY = "kubernetes.operator.job.savepoint-on-deletion"


def broken(sentence: Any) -> list[Any]:
    return [
        point.values
        for region in REGIONS
        for point in SPACE.regions(lambda f: sentence(f, region.answer.mode), region.values)  # noqa: B023
        if not point.answer
    ]


def test_every_point_has_one_answer() -> None:
    assert sum(SPACE.size(region) for region in REGIONS) == len(SPACE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere(rule: Any) -> None:
    assert any(region.answer is rule for region in REGIONS)


def test_a_savepoint_has_a_directory_to_be_written_to() -> None:
    assert not broken(lambda f, mode: mode is not DeletionMode.SAVEPOINT or f.has_directory)


def test_only_what_ha_metadata_names_is_left() -> None:
    assert not broken(lambda f, mode: mode is not DeletionMode.LEAVE or f.has_ha)


def test_nothing_is_left_that_nobody_asked_to_leave() -> None:
    assert not broken(lambda f, mode: mode is not DeletionMode.LEAVE or f.asked is Asked.LEAVE)


def test_a_word_that_can_be_had_is_had() -> None:
    can: dict[Asked, Callable[[Choosing], bool]] = {
        Asked.SAVEPOINT: lambda f: f.has_directory,
        Asked.CANCEL: lambda _: True,
        Asked.LEAVE: lambda f: f.has_ha,
    }
    assert not broken(
        lambda f, mode: (
            f.asked is Asked.NOTHING or not can[f.asked](f) or mode == DeletionMode(f.asked.value)
        )
    )


def test_the_contract_s_key_wins_over_every_default() -> None:
    assert not broken(
        lambda f, mode: (
            f.asked is not Asked.NOTHING
            or f.on_deletion is OnDeletion.UNSET
            or (mode is DeletionMode.SAVEPOINT)
            is (f.on_deletion is OnDeletion.YES and f.has_directory)
        )
    )


def test_stateful_without_a_word_is_a_savepoint_where_a_directory_is_set() -> None:
    assert not broken(
        lambda f, mode: (
            f.asked is not Asked.NOTHING
            or f.on_deletion is not OnDeletion.UNSET
            or (mode is DeletionMode.SAVEPOINT) is (f.has_directory and not f.is_stateless)
        )
    )


def chosen(configuration: dict[str, str], **job: Any) -> Choosing:
    cr = looks.definition(**job)
    cr["spec"]["flinkConfiguration"] |= configuration
    wanted = looks.wanted(cr)
    return choosing(looks.case(looks.seen(of=wanted), wanted))


@pytest.mark.parametrize(
    ("text", "found"),
    [("true", OnDeletion.YES), (" True ", OnDeletion.YES), ("false", OnDeletion.NO)],
)
def test_the_contract_s_key_is_read(text: str, found: OnDeletion) -> None:
    assert chosen({KEY: text}).on_deletion is found
    assert chosen({}).on_deletion is OnDeletion.UNSET


@pytest.mark.parametrize("mode", DeletionMode)
def test_the_word_is_read_from_the_resource_and_never_recorded(mode: DeletionMode) -> None:
    assert chosen({}, deletionMode=mode.value).asked == mode.value
    spec = parse(looks.definition(deletionMode=mode.value), namespace="default").spec
    assert "deletionMode" not in dump_spec(spec)["job"]


def test_another_word_is_refused_by_its_path() -> None:
    with pytest.raises(InvalidResource) as refused:
        parse(looks.definition(deletionMode="burn"), namespace="default")
    assert "spec.job.deletionMode" in str(refused.value)


def test_directory_high_availability_and_statelessness_are_read() -> None:
    facts = chosen({"state.savepoints.dir": "file:///sp"}, upgradeMode="savepoint")
    assert (facts.has_directory, facts.has_ha, facts.is_stateless) == (True, False, False)
    facts = chosen({"high-availability.type": "kubernetes"})
    assert (facts.has_directory, facts.has_ha, facts.is_stateless) == (False, True, True)


def test_a_resource_that_breaks_rules_is_as_stateful_as_it_says() -> None:
    """What was recorded says how the last start was restored: stateless, for an empty one."""
    broken_one = looks.wanted(upgradeMode="savepoint", parallelism=0)
    assert broken_one.problems
    seen = looks.seen(looks.stable(broken_one), broken_one)
    assert not choosing(looks.case(seen, broken_one)).is_stateless
