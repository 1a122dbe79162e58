# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is to become of a running application, at every point of the facts that say so."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.intent import (
    Intending,
    Intent,
    intent_of,
)
from support.space import Space

SPACE = Space(Intending)
REGIONS = list(SPACE.regions(intent_of))
DECIDED_HERE = set(Intent) - {Intent.RECOVER}
"""A lost JobManager's recovery is found where all others have said nothing."""


def broken(sentence: Callable[[Intending], bool], *intents: Intent) -> list[str]:
    """Where the sentence is not true although one of these is intended."""
    return [
        f"{region.answer} at {dict(point.values)}"
        for region in REGIONS
        if region.answer in intents
        for point in SPACE.regions(sentence, region.values)
        if not point.answer
    ]


def test_every_point_has_one_answer() -> None:
    assert sum(SPACE.size(region) for region in REGIONS) == len(SPACE)


@pytest.mark.parametrize("intent", sorted(DECIDED_HERE))
def test_every_intent_is_meant_somewhere(intent: Intent) -> None:
    assert any(region.answer is intent for region in REGIONS)


@pytest.mark.row("C-035")
def test_a_resource_that_is_to_be_suspended_is_suspended_and_nothing_else() -> None:
    assert not broken(lambda f: not f.wants_suspended, *DECIDED_HERE - {Intent.SUSPEND})
    assert not broken(lambda f: f.wants_suspended, Intent.SUSPEND)


def test_a_change_alone_upgrades_what_did_not_fail_before() -> None:
    assert not broken(
        lambda f: (f.is_changed and not f.has_failed_before) or f.retries, Intent.UPGRADE
    )


def test_a_version_that_failed_before_is_tried_again_by_the_word_of_a_person_alone() -> None:
    assert not broken(lambda f: not f.has_failed_before or f.retries, Intent.UPGRADE)


def test_nothing_goes_back_without_a_stable_version() -> None:
    assert not broken(lambda f: f.has_stable, Intent.GO_BACK)


def test_nothing_goes_back_unless_a_person_or_the_gate_says_so() -> None:
    assert not broken(lambda f: f.rolls_back or f.must_go_back, Intent.GO_BACK)


def test_a_correction_goes_before_going_back() -> None:
    """The version that failed is left for the one that is wanted now, not for the stable one."""
    assert not broken(
        lambda f: f.rolls_back or not f.is_changed or f.has_failed_before, Intent.GO_BACK
    )


def test_a_stable_version_is_left_for_the_one_before_by_the_word_of_a_person_alone() -> None:
    assert not broken(
        lambda f: f.rolls_back and f.is_stable and f.has_previous and not f.is_changed,
        Intent.STEP_BACK,
    )


def test_who_asks_to_stay_at_the_stable_version_gets_no_upgrade_of_a_change() -> None:
    assert not broken(lambda f: not f.rolls_back or f.retries, Intent.UPGRADE)


def test_a_restart_needs_a_reason() -> None:
    assert not broken(lambda f: f.must_restart or f.is_stopped_by_us, Intent.RESTART)


def test_a_job_that_we_stopped_and_that_is_to_run_is_never_left_alone() -> None:
    assert not broken(lambda f: not f.is_stopped_by_us and not f.must_restart, Intent.NONE)


def test_a_redeployment_is_asked_for_by_its_nonce_alone() -> None:
    assert not broken(lambda f: f.is_redeployed, Intent.REDEPLOY)
