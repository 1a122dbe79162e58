# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Once faults stop, what was asked for comes about, and nothing was started twice or lost.

The world itself stops a test with a second writer, or with a job that nobody announced.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from support.driver import Driver, assert_settled, driver, left, stateful, status, takes_the_lease
from support.world import Fault

LAST = 48
"""A deployment without faults takes some more requests."""
DIFFERENT = (Fault.CONFLICT, Fault.LOST_ANSWER)
"""To the world the others are one of these, at this write or at the one before it."""
FAULTS = st.dictionaries(st.integers(0, LAST), st.sampled_from(Fault), max_size=5)


def deployed() -> Driver:
    found = driver()
    found.deploy()
    return found


def writes_of(run: Callable[[Driver], Any], begin: Callable[[], Driver]) -> list[int]:
    """Between two writes it makes no difference where a driver ends."""
    found = begin()
    before = len(found.world.written_at)
    run(found)
    return found.world.written_at[before:]


@pytest.mark.row("C-033")
@pytest.mark.parametrize("fault", DIFFERENT, ids=lambda fault: fault.name)
def test_a_deployment_survives_each_fault_at_each_write(fault: Fault) -> None:
    for position in writes_of(Driver.deploy, driver):
        found = driver(faults={position: fault})
        assert found.until_done(found.deploy).because == "the_job_runs", position
        assert len(set(found.world.flink.started)) == 1, position
        assert_settled(found)


@pytest.mark.parametrize("fault", DIFFERENT, ids=lambda fault: fault.name)
def test_a_removal_survives_each_fault_at_each_write(fault: Fault) -> None:
    for position in writes_of(Driver.remove, deployed):
        found = deployed()
        found.world.faults = {position: fault}
        assert found.until_done(found.remove).because == "nothing_of_that_name_is_left", position
        assert left(found) == set(), position


@pytest.mark.row("C-033")
@given(FAULTS, st.sampled_from([None, 5, 25, 30, 45]))
def test_once_faults_stop_the_job_runs_and_was_started_once(
    faults: dict[int, Fault], lease_lost_at: int | None
) -> None:
    edits = {} if lease_lost_at is None else {lease_lost_at: takes_the_lease}
    found = driver(stateful(), faults=faults, edits=edits)
    assert found.until_done(found.deploy).because == "the_job_runs"
    assert len(set(found.world.flink.started)) == 1
    assert_settled(found)


@given(FAULTS, st.integers(0, LAST))
def test_a_spec_that_is_edited_meanwhile_is_deployed_in_the_end_and_whole(
    faults: dict[int, Fault], edited_at: int
) -> None:
    found = driver(faults=faults, edits={edited_at: lambda world: world.edit("app", parallelism=3)})
    assert found.until_done(found.deploy).because == "the_job_runs"
    found.world.edits.clear()
    found.world.edit("app", parallelism=3)
    assert found.until_done(found.deploy).because == "the_job_runs"
    assert (recorded_parallelism(found), made_parallelism(found)) == (3, 3)
    assert_settled(found)


def recorded_parallelism(found: Driver) -> int:
    text = status(found)["reconciliationStatus"]["lastReconciledSpec"]
    return int(json.loads(text)["spec"]["job"]["parallelism"])


def made_parallelism(found: Driver) -> int:
    text = found.world.objects["ConfigMap", "default", "flink-config-app"]["data"][
        "flink-conf.yaml"
    ]
    line = next(line for line in text.splitlines() if line.startswith("parallelism.default: "))
    return int(line.partition(": ")[2])


@given(FAULTS, st.sampled_from(Word))
def test_once_faults_stop_a_removal_is_done(faults: dict[int, Fault], word: Word) -> None:
    found = driver(stateful())
    found.deploy()
    found.world.passes(timedelta(seconds=2))
    found.world.faults = {found.world.requests + at: fault for at, fault in faults.items()}
    found.until_done(lambda: found.remove(word))
    assert not found.world.flink.jobs
    kept = {kind for kind, _, _ in left(found)}
    assert kept == ({"ConfigMap"} if word is Word.FORCE else set())
