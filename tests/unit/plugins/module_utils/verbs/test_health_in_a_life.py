# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An unhealthy or failed job is restarted once from its last state, and not over and over again."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.health import KEY
from ansible_collections.flinkops.flink.plugins.module_utils.core.health_keys import CHECK
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import turn
from support.driver import Driver, status
from support.lifecycle_faults import struck, until_it_rests
from support.lifecycle_world import (
    clock_jumps,
    edit_spec,
    job_fails,
    kills_jobmanager,
    kills_taskmanager,
    switched,
)
from support.scenarios import Chapter
from support.world import Fault

WATCHED = {f"{CHECK}.enabled": "true", f"{CHECK}.restarts.threshold": "3"}
RESTARTED = {"kubernetes.operator.job.restart.failed": "true"}
FINDINGS = ("the_job_restarts_too_often", "the_job_makes_no_checkpoints")
ILLS = {
    FINDINGS[0]: switched(restarts=True, well_from=1),
    FINDINGS[1]: switched(checkpoints_fail=True, well_from=1),
}
LIVES = [(ha, mode) for ha in (True, False) for mode in ("last-state", "savepoint", "stateless")]
FAULTS = st.dictionaries(st.integers(0, 120), st.sampled_from(Fault), max_size=4)


def begins(
    mode: str = "last-state", *, has_ha: bool = True, conf: dict[str, str] | None = None
) -> Driver:
    given = {**WATCHED, **(conf or {})}
    return Chapter(
        name="", happens=_nothing, mode=mode, has_ha=has_ha, configuration=given
    ).begins()


def _nothing(_world: Any) -> None:
    pass


def watched_for(found: Driver, time: timedelta, *, every: timedelta) -> list[Plan]:
    """A driver that goes on by itself: a turn and its move, and again; each new reason once."""
    told: list[Plan] = []
    until = found.world.now + time
    while found.world.now < until:
        question = found.question("deploy", Word.KEEP)
        plan = turn(found.api, question)[1]
        if not told or told[-1].because != plan.because:
            told.append(plan)
        if plan.verdict is Verdict.GO:
            found.move(plan.move, Word.KEEP)
        else:
            found.world.passes(every)
    return told


SECOND, MINUTE = timedelta(seconds=1), timedelta(minutes=1)


@pytest.mark.row("C-055")
@pytest.mark.parametrize("finding", FINDINGS)
@pytest.mark.parametrize(("has_ha", "mode"), LIVES)
def test_an_unhealthy_job_goes_on_from_its_last_state(
    finding: str, mode: str, has_ha: bool
) -> None:
    found = begins(mode, has_ha=has_ha)
    ILLS[finding](found.world)
    told = watched_for(found, 3 * MINUTE, every=SECOND)
    ended = next(plan for plan in told if plan.because == finding)
    assert ended.verdict is Verdict.GO
    assert told[-1].because == "the_job_runs"
    assert status(found)["lifecycleState"] == "STABLE"
    _first, second = found.world.flink.starts
    is_stateless = mode == "stateless" and not has_ha
    assert second.origin == ("empty" if is_stateless else "ha" if has_ha else "checkpoint")
    assert found.world.flink.lost() == []


def test_what_is_noted_of_a_healthy_job_counts_as_no_change() -> None:
    found = begins()
    before = status(found)["clusterInfo"]
    found.world.passes(60 * MINUTE)
    assert found.deploy().because == "the_job_runs"
    assert not found.changed
    noted = json.loads(status(found)["clusterInfo"][KEY])
    assert noted["timeStamp"] > json.loads(before.get(KEY) or '{"timeStamp": 0}')["timeStamp"]


@pytest.mark.parametrize("finding", FINDINGS)
def test_a_job_that_stays_ill_is_restarted_once_and_then_told(finding: str) -> None:
    """The brake: only a start that has run well, with a checkpoint, is restarted again."""
    found = begins()
    ILLS[finding](found.world)
    found.world.flink.well_from = None
    told = watched_for(found, 20 * MINUTE, every=5 * SECOND)
    assert [plan.because for plan in told].count(finding) == 1
    assert len(found.world.flink.starts) == 2
    assert told[-1].verdict is Verdict.FAILED or "not restarted" in told[-1].message
    assert found.world.flink.lost() == []


@pytest.mark.parametrize("ill", FINDINGS)
def test_nothing_is_watched_unless_somebody_asks_for_it(ill: str) -> None:
    found = begins(conf={f"{CHECK}.enabled": "false"})
    ILLS[ill](found.world)
    told = watched_for(found, 10 * MINUTE, every=5 * SECOND)
    assert not set(FINDINGS) & {plan.because for plan in told}
    assert len(found.world.flink.starts) == 1
    assert KEY not in status(found)["clusterInfo"]


def test_a_quiet_job_is_written_once_in_a_part_of_its_window() -> None:
    """Its window is 40 s here; the ledger has its own minute."""
    found = begins()
    found.deploy()
    for _ in range(4):
        writes = len(found.world.writes)
        again = found.deploy()
        assert (again.because, found.world.writes[writes:]) == ("the_job_runs", [])
    before = len([what for what in found.world.writes if "FlinkDeployment" in what])
    watched_for(found, 10 * MINUTE, every=SECOND)
    written = len([what for what in found.world.writes if "FlinkDeployment" in what]) - before
    assert written <= 10 * 60 / 10 + 10


def test_a_task_that_fails_now_and_then_is_flinks_own_affair() -> None:
    found = begins(conf={f"{CHECK}.restarts.window": "10 s"})
    for _ in range(6):
        kills_taskmanager(found.world)
        told = watched_for(found, 20 * SECOND, every=SECOND)
        assert told[-1].because == "the_job_runs"
    assert len(found.world.flink.starts) == 1
    assert json.loads(status(found)["clusterInfo"][KEY])["numRestarts"] >= 3


@settings(deadline=None, max_examples=15)
@given(st.sampled_from([3600, 40, -30, -3600]), st.integers(0, 60))
def test_a_clock_that_jumps_restarts_no_healthy_job(seconds: int, at: int) -> None:
    found = begins()
    jump = clock_jumps(timedelta(seconds=seconds))
    found.world.edits = {found.world.requests + at: jump}
    watched_for(found, MINUTE, every=SECOND)
    assert len(found.world.flink.starts) == 1


@settings(deadline=None, max_examples=25)
@given(st.sampled_from(FINDINGS), st.sampled_from(LIVES), FAULTS)
def test_once_faults_stop_it_was_restarted_and_nothing_was_lost(
    finding: str, life: tuple[bool, str], faults: dict[int, Fault]
) -> None:
    found = begins(life[1], has_ha=life[0])
    found.world.flink.refresh = timedelta(seconds=3)
    ILLS[finding](found.world)
    struck(found, faults)
    for _ in range(30):
        plan = until_it_rests(found, found.deploy)
        if len(found.world.flink.starts) > 1 and plan.verdict is Verdict.SETTLED:
            break
        found.world.passes(timedelta(seconds=5))
    assert len(found.world.flink.starts) >= 2
    assert found.world.flink.lost() == []


# failed jobs


@pytest.mark.parametrize(("has_ha", "mode"), LIVES)
def test_a_failed_job_is_started_once_and_its_failure_is_forgotten(mode: str, has_ha: bool) -> None:
    found = begins(mode, has_ha=has_ha, conf=RESTARTED)
    job_fails(found.world)
    assert until_it_rests(found, found.deploy).because == "the_job_runs"
    assert status(found)["jobStatus"]["state"] == "RUNNING"
    watched_for(found, 2 * MINUTE, every=SECOND)
    assert len(found.world.flink.starts) == 2
    assert found.world.flink.lost() == []


def test_a_job_that_fails_at_once_is_started_once_in_its_deadline() -> None:
    found = begins(conf=RESTARTED)
    switched(fails=True)(found.world)
    told = watched_for(found, 17 * MINUTE, every=5 * SECOND)
    assert "the_job_failed" in {plan.because for plan in told}
    assert len(found.world.flink.starts) in (4, 5)
    assert found.world.flink.lost() == []


def test_a_failure_of_the_past_restarts_no_job_that_runs() -> None:
    """Without HA Flink starts a failed job again by itself, if its JobManager is made anew."""
    found = begins(has_ha=False)
    job_fails(found.world)
    assert until_it_rests(found, found.deploy).because == "the_job_failed"
    kills_jobmanager(found.world)
    for _ in range(5):
        found.world.passes(2 * SECOND)
    edit_spec(found.world, flinkConfiguration=RESTARTED)
    assert until_it_rests(found, found.deploy).because == "the_job_runs"
    assert [start.by_flink for start in found.world.flink.starts] == [False, True]
