# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Once faults stop each chapter comes to its end, and no state is lost, whatever went wrong.

The world itself stops a test with a second writer, or with a job that nobody announced.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from support.driver import Driver, takes_the_lease
from support.lifecycle_world import (
    annotate,
    clock_jumps,
    deletes_deployment,
    edit_spec,
    job_fails,
    kills_jobmanager,
    kills_taskmanager,
    loses_ha_maps,
    loses_storage,
    switched,
)
from support.scenarios import CHAPTERS, Chapter, reached
from support.world import Crashed, Fault, World

LAST = 120
"""A chapter without faults takes about so many requests."""
DIFFERENT = (Fault.CONFLICT, Fault.LOST_ANSWER)
"""To the world the others are one of these, at this write or at the one before it."""
FAULTS = st.dictionaries(st.integers(0, LAST), st.sampled_from(Fault), max_size=4)
BEFALLS: dict[str, Callable[[World], Any]] = {
    "nothing": lambda _world: None,
    "another driver": takes_the_lease,
    "a clock an hour fast": clock_jumps(timedelta(hours=1)),
    "a clock an hour slow": clock_jumps(timedelta(hours=-1)),
    "its JobManager is killed": kills_jobmanager,
    "its TaskManager is killed": kills_taskmanager,
}
BLOWS: dict[str, Callable[[World], Any]] = {
    "its Deployment is deleted": deletes_deployment,
    "its HA data is deleted": loses_ha_maps,
    "its storage is gone": loses_storage,
    "its job fails": job_fails,
    "savepoints fail": switched(savepoints_fail=True),
    "savepoints never end": switched(savepoints_hang=True),
    "checkpoints fail": switched(checkpoints_fail=True),
    "its job does not stop": switched(fails_when_stopping=True),
    "it can't be cancelled": switched(cancel_hangs=True),
    "it restarts for ever": switched(restarts=True),
    "it is silent": switched(is_silent=True),
}
"""Not all of them let a chapter come to its end; none of them may cost what was kept."""
EACH = pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda chapter: chapter.name)


def until_it_rests(found: Driver, run: Callable[[], Plan], *, runs: int = 12) -> Plan:
    """A person who starts the playbook again until it says the same thing twice."""
    said: tuple[Verdict, str] | None = None
    for _ in range(runs):
        try:
            plan = run()
        except (FlinkOpsError, Crashed):
            said = None
            found.world.passes(timedelta(seconds=5))
            continue
        if plan.verdict is Verdict.SETTLED or said == (plan.verdict, plan.because):
            return plan
        said = plan.verdict, plan.because
        found.world.passes(timedelta(seconds=61))
    raise AssertionError(f"never at rest: {said}")


def struck(found: Driver, faults: dict[int, Fault]) -> None:
    """Faults by the number of the request from now on."""
    now = found.world.requests
    found.world.faults = {now + at: fault for at, fault in faults.items()}


def writes_of(chapter: Chapter) -> list[int]:
    """Between two writes it makes no difference where a driver ends."""
    found = chapter.begins()
    before, now = len(found.world.written_at), found.world.requests
    chapter.happens(found.world)
    until_it_rests(found, found.deploy)
    return [at - now for at in found.world.written_at[before:]]


@EACH
def test_each_chapter_comes_to_its_end(chapter: Chapter) -> None:
    found = chapter.begins()
    chapter.happens(found.world)
    reached(found, until_it_rests(found, found.deploy), chapter)


@EACH
@pytest.mark.parametrize("fault", DIFFERENT, ids=lambda fault: fault.name)
def test_a_chapter_survives_each_fault_at_each_write(chapter: Chapter, fault: Fault) -> None:
    for position in writes_of(chapter):
        found = chapter.begins()
        chapter.happens(found.world)
        struck(found, {position: fault})
        reached(found, until_it_rests(found, found.deploy), chapter)


@pytest.mark.row("C-033")
@settings(deadline=None)
@given(st.sampled_from(CHAPTERS), FAULTS, st.sampled_from(list(BEFALLS)), st.integers(0, LAST))
def test_once_faults_stop_nothing_was_lost(
    chapter: Chapter, faults: dict[int, Fault], befalls: str, at: int
) -> None:
    found = chapter.begins()
    found.world.flink.refresh = timedelta(seconds=3)
    chapter.happens(found.world)
    struck(found, faults)
    found.world.edits = {found.world.requests + at: BEFALLS[befalls]}
    reached(found, until_it_rests(found, found.deploy), chapter)


@settings(deadline=None)
@given(st.sampled_from(CHAPTERS), st.sampled_from(list(BLOWS)), st.integers(0, LAST), FAULTS)
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
    for blow in ("savepoints fail", "its job does not stop", "it is silent"):
        found = chapter.begins()
        BLOWS[blow](found.world)
        chapter.happens(found.world)
        until_it_rests(found, found.deploy)
        assert found.world.flink.lost() == []
        switched(savepoints_fail=False, fails_when_stopping=False, is_silent=False)(found.world)
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


@settings(deadline=None)
@given(st.sampled_from(CHAPTERS[:4]), FAULTS, st.integers(0, LAST))
def test_a_spec_that_is_edited_meanwhile_is_reached_in_the_end(
    chapter: Chapter, faults: dict[int, Fault], at: int
) -> None:
    found = chapter.begins()
    chapter.happens(found.world)
    struck(found, faults)
    edit = {found.world.requests + at: lambda world: edit_spec(world, job={"parallelism": 5})}
    found.world.edits = edit
    plan = until_it_rests(found, found.deploy)
    if found.world.edits:  # it came too late to meet the upgrade
        edit_spec(found.world, job={"parallelism": 5})
        plan = until_it_rests(found, found.deploy)
    job = found.world.flink.job_of()
    assert plan.verdict is Verdict.SETTLED
    assert job is not None
    assert (job.runs_whole, job.parallelism) == (True, 5)
    assert found.world.flink.lost() == []


@settings(deadline=None)
@given(st.sampled_from(["savepoint", "last-state"]), FAULTS, st.booleans())
def test_once_faults_stop_a_removal_is_done_and_its_state_is_kept(
    mode: str, faults: dict[int, Fault], has_ha: bool
) -> None:
    found = Chapter(name="", happens=_nothing, mode=mode, has_ha=has_ha).begins()
    struck(found, faults)
    found.until_done(lambda: found.remove(Word.KEEP))
    found.world.passes(timedelta(seconds=1))
    assert not found.world.flink.jobs
    assert found.world.flink.lost() == []


def _nothing(_world: World) -> None:
    pass
