# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A removal that is killed between two writes goes on, and ends as it would have ended."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Verdict
from support.driver import Driver
from support.lifecycle_faults import BEFALLS, BLOWS, faults_at, some, struck, until_it_rests
from support.lifecycle_world import RESOURCE, namespace_goes
from support.removals import (
    REMOVALS,
    Removal,
    Watch,
    assert_gone,
    assert_left,
    deleted_by_hand,
)
from support.scenarios import CHAPTERS, Chapter
from support.world import Crashed, Fault

LAST = 80
PATIENT = {"execution.checkpointing.timeout": "10 min"}
"""A driver that is away for a minute misses no deadline of a savepoint."""
FAULTS = st.dictionaries(st.integers(0, LAST), st.sampled_from(Fault), max_size=4)
SOME = some(25)
EACH = pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.name)
GENTLE = sorted(set(BEFALLS) - {"its JobManager is killed"})
"""Without the one that may take with it what only its memory knew."""
# A job without HA metadata, or whose cancellation has taken them along, has its last checkpoint
# named by the ledger alone where Flink is not heard after it: that one may be a minute old.
BEARABLE = sorted(set(BLOWS) - {"its Deployment is deleted", "its HA data is deleted"})


def writes_of(removal: Removal, *, by_hand: bool) -> list[int]:
    watch = begun(removal, by_hand=by_hand)
    world = watch.found.world
    before, now = len(world.written_at), world.requests
    assert watch.remove().verdict is Verdict.SETTLED
    return [at - now for at in world.written_at[before:]]


def begun(removal: Removal, *, by_hand: bool) -> Watch:
    watch = Watch(removal.begins(**PATIENT))
    if by_hand:
        deleted_by_hand(watch.found.world)
    return watch


def gone(found: Driver) -> None:
    found.remove()


def survives_each_fault_at_each_write(removal: Removal, *, by_hand: bool) -> None:
    for position in writes_of(removal, by_hand=by_hand):
        for fault in faults_at(position, lambda: begun(removal, by_hand=by_hand).found, gone):
            watch = begun(removal, by_hand=by_hand)
            struck(watch.found, {position: fault})
            watch.found.until_done(watch.remove)
            assert_left(watch, removal)
            assert_gone(watch.found)


@EACH
def test_a_removal_survives_each_fault_at_each_write(removal: Removal) -> None:
    survives_each_fault_at_each_write(removal, by_hand=False)


@pytest.mark.parametrize("removal", REMOVALS[:2], ids=lambda removal: removal.name)
def test_a_deletion_by_hand_survives_each_fault_at_each_write(removal: Removal) -> None:
    survives_each_fault_at_each_write(removal, by_hand=True)


@SOME
@given(
    st.sampled_from(REMOVALS),
    FAULTS,
    st.sampled_from(GENTLE),
    st.integers(0, LAST),
    st.booleans(),
)
def test_once_faults_stop_a_removal_is_done_and_its_state_is_where_it_says(
    removal: Removal, faults: dict[int, Fault], befalls: str, at: int, by_hand: bool
) -> None:
    watch = begun(removal, by_hand=by_hand)
    watch.found.world.flink.refresh = timedelta(seconds=3)
    struck(watch.found, faults)
    watch.found.world.edits = {watch.found.world.requests + at: BEFALLS[befalls]}
    watch.found.until_done(watch.remove)
    assert_gone(watch.found)
    is_bare = removal.mode == "stateless"  # its savepoint needs a job that runs, and nobody waits
    assert watch.named or is_bare or removal.ends in ("nothing", "ha")


@SOME
@given(st.sampled_from(REMOVALS), st.sampled_from(BEARABLE), st.integers(0, LAST), FAULTS)
def test_no_blow_costs_what_was_kept(
    removal: Removal, blow: str, at: int, faults: dict[int, Fault]
) -> None:
    watch = begun(removal, by_hand=False)
    struck(watch.found, faults)
    watch.found.world.edits = {watch.found.world.requests + at: BLOWS[blow]}
    plan = until_it_rests(watch.found, watch.remove)
    is_silent = blow == "it is silent" and not removal.has_ha
    is_guessed = is_silent or removal.ends == "checkpoint"
    if plan.verdict is Verdict.SETTLED:
        assert_gone(watch.found, is_guessed=is_guessed)
    else:
        assert plan.verdict in (Verdict.HELD, Verdict.FAILED), plan
        assert RESOURCE in watch.found.world.objects


@SOME
@given(st.sampled_from(REMOVALS), FAULTS, st.integers(0, LAST))
def test_a_namespace_that_goes_in_the_middle_of_it_is_never_held_up(
    removal: Removal, faults: dict[int, Fault], at: int
) -> None:
    watch = begun(removal, by_hand=True)
    struck(watch.found, faults)
    watch.found.world.edits = {watch.found.world.requests + at: namespace_goes}
    watch.found.until_done(watch.remove)
    assert RESOURCE not in watch.found.world.objects


@SOME
@given(st.sampled_from(CHAPTERS), st.integers(0, 120))
def test_a_removal_in_the_middle_of_anything_loses_nothing(chapter: Chapter, at: int) -> None:
    watch = Watch(chapter.begins())
    found = watch.found
    chapter.happens(found.world)
    struck(found, {at: Fault.CRASH})
    with suppress(Crashed, FlinkOpsError):
        found.deploy()
    found.world.faults = {}
    found.world.passes(timedelta(seconds=61))
    assert found.until_done(watch.remove).verdict is Verdict.SETTLED
    assert_gone(found)


LIVES = [
    pytest.param("without a directory", (30,), False, id="silent while its end is told"),
    pytest.param("without a word", (0, 24), False, id="its savepoint is not heard of"),
    pytest.param("without a word or HA", (5, 10, 26), False, id="a silence that nobody watched"),
    pytest.param("cancelled without HA", (0, 6, 24, 49), True, id="a cancellation never heard"),
]


@pytest.mark.parametrize(("name", "busy", "by_hand"), LIVES)
def test_a_removal_names_what_it_keeps_where_it_once_did_not(
    name: str, busy: tuple[int, ...], by_hand: bool
) -> None:
    watch = begun(next(it for it in REMOVALS if it.name == name), by_hand=by_hand)
    watch.found.world.flink.refresh = timedelta(seconds=3)
    struck(watch.found, dict.fromkeys(busy, Fault.BUSY))
    watch.found.world.edits = {watch.found.world.requests: BEFALLS["a clock an hour fast"]}
    watch.found.until_done(watch.remove)
    assert_gone(watch.found)
    assert watch.named
