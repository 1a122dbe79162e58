# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Once faults stop each chapter comes to its end, and no state is lost, whatever went wrong.

The world itself stops a test with a second writer, or with a job that nobody announced.
"""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Verdict
from support.driver import Driver
from support.lifecycle_faults import (
    BEFALLS,
    BLOWS,
    EDITS,
    assert_removed,
    faults_at,
    nothing,
    reached_as_edited,
    some,
    struck,
    until_it_rests,
    written,
)
from support.lifecycle_world import annotate, deletes_deployment, loses_ha_maps, switched
from support.scenarios import CHAPTERS, Chapter, reached
from support.world import Fault

LAST = 120
"""A chapter without faults takes about so many requests."""
FAULTS = st.dictionaries(st.integers(0, LAST), st.sampled_from(Fault), max_size=4)
SOME = some(40)
EACH = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)


@EACH
def test_each_chapter_comes_to_its_end(chapter: Chapter) -> None:
    found = chapter.begins()
    chapter.happens(found.world)
    reached(found, until_it_rests(found, found.deploy), chapter)


@EACH
def test_a_chapter_survives_each_fault_at_each_write(chapter: Chapter) -> None:
    def begun() -> Driver:
        found = chapter.begins()
        chapter.happens(found.world)
        return found

    for position, what in written(chapter):
        for fault in faults_at(position, begun, Driver.deploy):
            found = begun()
            struck(found, {position: fault})
            try:
                reached(found, until_it_rests(found, found.deploy), chapter)
            except AssertionError as wrong:
                raise AssertionError(f"{fault.name} at {position}, {what}: {wrong}") from wrong


UNTOLD = (
    "its_state_is_not_known",
    "no_state_to_start_from_is_known",
    "it_does_not_run_well_any_more",
)
"""A JobManager that is killed just as its job ends takes with it what only it knew: how the job
ended, and where its savepoint is. What can't be known is told, and a person says which state."""


@pytest.mark.row("C-033")
@SOME
@given(st.sampled_from(CHAPTERS), FAULTS, st.sampled_from(sorted(BEFALLS)), st.integers(0, LAST))
def test_once_faults_stop_nothing_was_lost(
    chapter: Chapter, faults: dict[int, Fault], befalls: str, at: int
) -> None:
    found = chapter.begins()
    found.world.flink.refresh = timedelta(seconds=3)
    chapter.happens(found.world)
    struck(found, faults)
    found.world.edits = {found.world.requests + at: BEFALLS[befalls]}
    until_it_rests(found, found.deploy)
    found.world.edits = {}
    found.world.passes(timedelta(seconds=61))  # it may have befallen what the last turn had seen
    plan = until_it_rests(found, found.deploy)
    if befalls == "its JobManager is killed" and plan.because in UNTOLD:
        assert plan.next_step
        assert found.world.flink.lost() == []
    else:
        reached(found, plan, chapter)


@EACH
@pytest.mark.parametrize("befalls", ["a clock an hour fast", "its JobManager is killed"])
def test_what_befalls_it_in_the_middle_of_a_chapter_costs_nothing(
    chapter: Chapter, befalls: str
) -> None:
    for position, _ in written(chapter)[::4]:
        found = chapter.begins()
        chapter.happens(found.world)
        found.world.edits = {found.world.requests + position: BEFALLS[befalls]}
        until_it_rests(found, found.deploy)
        found.world.passes(timedelta(seconds=61))
        plan = until_it_rests(found, found.deploy)
        if befalls == "its JobManager is killed" and plan.because in UNTOLD:
            assert plan.next_step, position
            assert found.world.flink.lost() == [], position
        else:
            reached(found, plan, chapter)


@SOME
@given(
    st.sampled_from(CHAPTERS),
    st.sampled_from(sorted(set(BLOWS) - {"its job does not stop"})),
    st.integers(0, LAST),
    FAULTS,
)
def test_no_blow_costs_what_was_kept(
    chapter: Chapter, blow: str, at: int, faults: dict[int, Fault]
) -> None:
    found = chapter.begins()
    chapter.happens(found.world)
    struck(found, faults)
    found.world.edits = {found.world.requests + at: BLOWS[blow]}
    until_it_rests(found, found.deploy)
    assert found.world.flink.lost() == []


@pytest.mark.parametrize("mode", ["savepoint", "last-state"])
def test_a_blow_to_savepoints_is_told_and_what_was_asked_for_comes_about_after_it(
    mode: str,
) -> None:
    chapter = next(it for it in CHAPTERS if it.name == f"an upgrade by {mode}")
    found = chapter.begins()
    BLOWS["savepoints fail"](found.world)
    chapter.happens(found.world)
    until_it_rests(found, found.deploy)
    assert found.world.flink.lost() == []
    switched(savepoints_fail=False)(found.world)
    reached(found, until_it_rests(found, found.deploy), chapter)


def test_by_the_word_of_a_person_a_savepoint_that_never_ends_is_skipped() -> None:
    chapter = CHAPTERS[0]
    found = chapter.begins()
    found.world.flink.savepoints_hang = True
    chapter.happens(found.world)
    assert until_it_rests(found, found.deploy).verdict is Verdict.FAILED
    annotate(found.world, "skip-savepoint")
    plan = until_it_rests(found, found.deploy)
    assert plan.verdict is Verdict.SETTLED
    assert found.world.flink.starts[-1].origin in ("ha", "checkpoint")
    assert found.world.flink.lost() == []


def test_by_the_word_of_a_person_a_job_starts_empty_or_from_a_path() -> None:
    chapter = CHAPTERS[0]
    found = chapter.begins()
    deletes_deployment(found.world)
    loses_ha_maps(found.world)
    annotate(found.world, "restore-empty")
    assert until_it_rests(found, found.deploy).verdict is Verdict.SETTLED
    assert found.world.flink.starts[-1].origin == "empty"
    assert found.world.flink.lost() == []


def test_a_version_that_failed_is_tried_again_by_word_alone() -> None:
    chapter = next(it for it in CHAPTERS if it.name == "a rollback")
    found = chapter.begins()
    chapter.happens(found.world)
    until_it_rests(found, found.deploy)
    found.world.flink.fails_on = frozenset()
    starts = len(found.world.flink.starts)
    until_it_rests(found, found.deploy)
    assert len(found.world.flink.starts) == starts
    annotate(found.world, "retry")
    assert until_it_rests(found, found.deploy).verdict is Verdict.SETTLED
    assert found.world.flink.starts[-1].origin != "empty"
    assert found.world.flink.lost() == []


@EACH
@pytest.mark.parametrize("edit", EDITS)
def test_a_spec_that_is_edited_in_the_middle_is_reached_in_the_end(
    chapter: Chapter, edit: str
) -> None:
    writes = written(chapter)
    found = chapter.begins()
    chapter.happens(found.world)
    middle = found.world.requests + writes[len(writes) // 2][0]
    found.world.edits = {middle: EDITS[edit]}
    plan = until_it_rests(found, found.deploy)
    assert not found.world.edits
    reached_as_edited(found, plan, parallelism=2)


@SOME
@given(st.sampled_from(CHAPTERS), FAULTS, st.integers(0, LAST), st.sampled_from(sorted(EDITS)))
def test_a_spec_that_is_edited_meanwhile_is_reached_in_the_end(
    chapter: Chapter, faults: dict[int, Fault], at: int, edit: str
) -> None:
    found = chapter.begins()
    found.world.flink.slow = 30  # no job comes up and completes a checkpoint within one turn
    chapter.happens(found.world)
    struck(found, faults)
    found.world.edits = {found.world.requests + at: EDITS[edit]}
    until_it_rests(found, found.deploy)
    if found.world.edits:  # it came too late to meet the chapter
        found.world.edits = {}
        EDITS[edit](found.world)
    plan = until_it_rests(found, found.deploy)
    if chapter.lifecycle == "ROLLED_BACK" and plan.because in UNTOLD:
        assert plan.next_step  # its bad version failed for good just as it was asked to go
        assert found.world.flink.lost() == []
    else:
        reached_as_edited(found, plan, parallelism=2)


@SOME
@given(st.sampled_from(["savepoint", "last-state"]), FAULTS)
def test_once_faults_stop_a_removal_is_done_and_its_state_is_kept(
    mode: str, faults: dict[int, Fault]
) -> None:
    patient = {"execution.checkpointing.timeout": "10 min"}
    found = Chapter(name="", happens=nothing, mode=mode, configuration=patient).begins()
    struck(found, faults)
    assert_removed(found)
