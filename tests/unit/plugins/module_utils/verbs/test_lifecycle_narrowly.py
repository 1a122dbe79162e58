# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The shortest lives that do not yet end as they should; each names what is missing."""

from __future__ import annotations

from datetime import timedelta

import pytest

from support.lifecycle_faults import (
    BEFALLS,
    BLOWS,
    assert_removed,
    nothing,
    struck,
    until_it_rests,
    written,
)
from support.lifecycle_world import edit_spec, kills_jobmanager
from support.scenarios import CHAPTERS, Chapter, reached
from support.world import Crashed, Fault


@pytest.mark.xfail(reason="the last checkpoint is told in a message, and not kept in status")
def test_a_removal_without_ha_names_the_last_checkpoint() -> None:
    assert_removed(Chapter(name="", happens=nothing, has_ha=False).begins())


@pytest.mark.xfail(reason="its start's deadline is counted from when it was announced")
def test_a_start_that_was_announced_has_its_whole_time_whenever_it_is_made() -> None:
    chapter = CHAPTERS[0]
    found = chapter.begins()
    chapter.happens(found.world)
    ahead = [at for at, what in written(chapter) if what == "create Deployment/app"][-1]
    struck(found, {ahead: Fault.CRASH})
    with pytest.raises(Crashed):
        found.deploy()
    found.world.passes(timedelta(minutes=10))
    reached(found, until_it_rests(found, found.deploy), chapter)


@pytest.mark.xfail(reason="an hour's jump of the clock counts as an hour's trial")
def test_a_clock_that_jumps_does_not_take_a_new_version_back() -> None:
    chapter = CHAPTERS[0]
    found = chapter.begins()
    chapter.happens(found.world)
    found.world.edits = {found.world.requests + 59: BEFALLS["a clock an hour fast"]}
    reached(found, until_it_rests(found, found.deploy), chapter)


@pytest.mark.xfail(reason="the ledger's checkpoint was replaced before the start by last-state")
def test_a_version_that_failed_and_lost_its_jobmanager_is_taken_back() -> None:
    chapter = next(it for it in CHAPTERS if it.name == "a rollback by last-state")
    found = chapter.begins()
    found.world.flink.refresh = timedelta(seconds=3)
    chapter.happens(found.world)
    found.world.edits = {found.world.requests + 65: kills_jobmanager}
    reached(found, until_it_rests(found, found.deploy), chapter)


@pytest.mark.xfail(reason="the savepoint of a stop that failed is taken, however far the job went")
def test_a_job_that_went_on_after_its_stop_failed_keeps_what_it_did_since() -> None:
    chapter = CHAPTERS[0]
    found = chapter.begins()
    found.world.flink.fails_when_stopping = True
    chapter.happens(found.world)
    until_it_rests(found, found.deploy)
    assert found.world.flink.lost() == []


@pytest.mark.xfail(reason="its next start is announced before the one that never ran is gone")
def test_a_start_that_came_up_since_the_look_is_not_cut_off() -> None:
    chapter = CHAPTERS[1]
    found = chapter.begins()
    chapter.happens(found.world)
    found.world.edits = {
        found.world.requests + 60: lambda world: edit_spec(world, job={"parallelism": 5})
    }
    until_it_rests(found, found.deploy)
    assert found.world.flink.lost() == []


@pytest.mark.xfail(reason="a new version that runs is taken back because its REST API is silent")
def test_silence_alone_takes_no_running_version_back() -> None:
    chapter = CHAPTERS[2]
    found = chapter.begins()
    chapter.happens(found.world)
    found.world.edits = {found.world.requests + 30: BLOWS["it is silent"]}
    until_it_rests(found, found.deploy)
    found.world.flink.is_silent = False
    reached(found, until_it_rests(found, found.deploy), chapter)
