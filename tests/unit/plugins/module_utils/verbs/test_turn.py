# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whole turns against a cluster in memory: once faults stop, what was asked for comes about.

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

from ansible_collections.flinkops.flink.plugins.module_utils.core.facts import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import turn
from support import looks
from support.driver import Driver
from support.world import Fault, World
from support.world_store import stamp

LAST = 48
"""A deployment without faults takes some more requests."""
DIFFERENT = (Fault.CONFLICT, Fault.LOST_ANSWER)
"""To the world the others are one of these, at this write or at the one before it."""
FAULTS = st.dictionaries(st.integers(0, LAST), st.sampled_from(Fault), max_size=5)
BARE = {("Namespace", "", "default"), ("ServiceAccount", "default", "flink")}
NO_IMAGE = "example/no-such-image:1"


def stateful() -> dict[str, Any]:
    cr = looks.definition(upgradeMode="savepoint")
    cr["spec"]["flinkConfiguration"] |= {
        "high-availability.type": "kubernetes",
        "high-availability.storageDir": "file:///ha",
        "state.checkpoints.dir": "file:///cp",
        "state.savepoints.dir": "file:///sp",
        "execution.checkpointing.interval": "5 s",
    }
    return cr


def driver(cr: dict[str, Any] | None = None, **world: Any) -> Driver:
    """The resource is stored, nothing else; faults begin after that."""
    found = Driver(World(**world))
    found.world.put(cr or looks.definition())
    return found


def status(of: Driver) -> dict[str, Any]:
    found: dict[str, Any] = of.world.objects["FlinkDeployment", "default", "app"]["status"]
    return found


def left(of: Driver) -> set[tuple[str, str, str]]:
    of.world.passes(timedelta(seconds=1))
    return set(of.world.objects) - BARE


def assert_settled(of: Driver) -> None:
    """It runs, as it was announced, and again changes nothing, once no Lease is held any more."""
    found = status(of)
    assert found["lifecycleState"] == "STABLE"
    assert found["jobStatus"]["state"] == "RUNNING"
    assert found["jobStatus"]["jobId"] == found["startedFrom"]["jobId"]
    assert found["jobStatus"]["jobId"] == of.world.flink.started[-1]
    assert [job["id"] for job in of.world.flink.jobs.values()] == [of.world.flink.started[-1]]
    of.world.faults = {}
    of.world.passes(timedelta(seconds=61))
    writes = len(of.world.writes)
    assert of.deploy().verdict is Verdict.SETTLED
    assert (of.world.writes[writes:], of.changed) == ([], False)


# without faults


@pytest.mark.row("C-024", "C-034")
def test_a_resource_becomes_a_running_job_in_the_order_of_the_laws() -> None:
    found = driver()
    assert found.deploy().because == "the_job_runs"
    assert found.world.writes[:3] == [
        "create Lease/flinkops-app",
        "replace status FlinkDeployment/app",
        "create Deployment/app",
    ]
    assert_settled(found)


def test_it_takes_four_writes_of_status_at_most() -> None:
    found = driver()
    found.deploy()
    told = [write for write in found.world.writes if "status" in write]
    assert len(told) <= 4


def test_a_removal_leaves_nothing() -> None:
    found = driver()
    found.deploy()
    assert found.remove().because == "nothing_of_that_name_is_left"
    assert left(found) == set()
    assert found.remove().verdict is Verdict.SETTLED
    assert not found.changed


def test_what_was_removed_can_be_deployed_at_once() -> None:
    """The garbage collector may still have the old Lease: it is no claim on the new resource."""
    found = driver()
    found.deploy()
    stale = found.world.objects["Lease", "default", "flinkops-app"]
    found.remove()
    found.world.objects["Lease", "default", "flinkops-app"] = stale
    found.world.put(looks.definition())
    assert found.until_done(found.deploy).because == "the_job_runs"
    assert_settled(found)


def test_a_removed_stateful_job_leaves_its_state_and_nothing_else() -> None:
    found = driver(stateful())
    found.deploy()
    found.world.passes(timedelta(seconds=2))
    plan = found.until_done(found.remove)
    assert plan.because == "nothing_of_that_name_is_left"
    assert {kind for kind, _, _ in left(found)} == {"ConfigMap"}
    assert len(left(found)) == 2


def test_state_that_was_kept_holds_back_a_new_start_until_it_is_dropped() -> None:
    found = driver(stateful())
    found.deploy()
    found.until_done(found.remove)
    found.world.put(stateful())
    assert found.deploy().because == "state_of_its_name_was_found"
    found.until_done(lambda: found.remove(Word.DROP))
    assert left(found) == set()
    found.world.put(stateful())
    assert found.deploy().because == "the_job_runs"


@pytest.mark.parametrize("word", [Word.DROP, Word.FORCE])
def test_a_job_that_does_not_answer_goes_by_word_alone(word: Word) -> None:
    found = driver(stateful())
    found.deploy()
    found.world.flink.is_silent = True
    assert found.remove().because == "the_last_checkpoint_is_not_seen"
    assert len(found.world.flink.jobs) == 1
    found.until_done(lambda: found.remove(word))
    assert not found.world.flink.jobs
    assert {kind for kind, _, _ in left(found)} <= {"ConfigMap"}
    assert (left(found) == set()) is (word is Word.DROP)


@pytest.mark.parametrize("with_resource", [True, False])
def test_pods_that_never_end_are_named_and_go_by_force(with_resource: bool) -> None:
    found = driver()
    found.deploy()
    found.world.is_node_lost = True
    found.patience = timedelta(seconds=20)
    if not with_resource:
        del found.world.objects["FlinkDeployment", "default", "app"]
    plan = found.remove()
    assert plan.because == "its_objects_outlive_the_deadline"
    assert "app-jobmanager" in plan.message
    assert found.until_done(lambda: found.remove(Word.FORCE)).verdict is Verdict.SETTLED
    assert left(found) == set()


def test_a_cluster_that_somebody_scaled_down_keeps_its_state() -> None:
    found = driver(stateful())
    found.deploy()
    found.world.objects["Deployment", "default", "app"]["spec"]["replicas"] = 0
    assert found.remove().because == "the_last_checkpoint_is_not_seen"


def test_an_image_that_is_not_there_leaves_the_reason_and_a_corrected_one_runs() -> None:
    cr = looks.definition()
    cr["spec"]["image"] = NO_IMAGE
    found = driver(cr, bad_images=frozenset({NO_IMAGE}))
    assert found.deploy().because == "its_pods_can_not_start"
    assert json.loads(status(found)["error"])["type"] == "its_pods_can_not_start"
    first = status(found)["jobStatus"]["jobId"]
    found.store(looks.definition())
    assert found.deploy().because == "the_job_runs"
    assert status(found)["jobStatus"]["jobId"] != first
    assert "error" not in status(found)
    assert_settled(found)


def test_an_image_that_is_not_there_can_be_removed() -> None:
    cr = looks.definition()
    cr["spec"]["image"] = NO_IMAGE
    found = driver(cr, bad_images=frozenset({NO_IMAGE}))
    found.deploy()
    assert found.remove().verdict is Verdict.SETTLED
    assert left(found) == set()


def test_a_job_that_fails_tells_why_and_can_be_removed() -> None:
    found = driver()
    found.world.flink.fails = True
    plan = found.deploy()
    assert (plan.verdict, plan.because) == (Verdict.FAILED, "the_job_failed")
    assert "boom" in status(found)["error"]
    assert status(found)["lifecycleState"] == "FAILED"
    assert found.remove().verdict is Verdict.SETTLED


def test_a_changed_spec_on_a_running_job_changes_nothing() -> None:
    found = driver()
    found.deploy()
    found.world.edit("app", parallelism=3)
    before = found.world.objects["Deployment", "default", "app"]
    assert found.deploy().because == "a_changed_spec_is_not_served_yet"
    assert found.world.objects["Deployment", "default", "app"] == before
    found.world.edit("app", parallelism=2)
    assert found.deploy().because == "the_job_runs"


def test_a_resource_that_is_deleted_meanwhile_is_told() -> None:
    found = driver()
    key = ("FlinkDeployment", "default", "app")
    found.world.edits = {24: lambda world: world.objects.pop(key)}
    assert found.deploy().because == "the_resource_is_not_there"
    assert ("Deployment", "default", "app") not in found.world.objects


def test_of_two_drivers_the_second_waits_for_the_first() -> None:
    found = driver()
    found.world.edits = {30: takes_the_lease}
    found.deploy()
    found.runs = 7
    found.world.edit("app", parallelism=3)
    plan = found.deploy()
    assert plan.because == "another_driver_holds_the_lease"
    assert "test/other" in plan.message


def test_a_driver_that_waits_for_long_keeps_its_lease() -> None:
    found = driver()
    found.world.flink.slow = 10_000
    question = found.question("deploy", Word.KEEP)
    for _ in range(90):
        plan = turn(found.api, question)[1]
        if plan.verdict is Verdict.GO:
            found.move(plan.move, Word.KEEP)
        found.world.passes(timedelta(seconds=1))
    assert plan.verdict is Verdict.WAIT
    found.runs += 1
    assert found.deploy().because == "another_driver_holds_the_lease"


# with faults


def takes_the_lease(world: World) -> None:
    """Another driver has the Lease, and dies with it."""
    lease = world.objects.get(("Lease", "default", "flinkops-app"))
    if lease is not None:
        spec = {"holderIdentity": "test/other", "leaseDurationSeconds": 60}
        world.put({**lease, "spec": {**spec, "renewTime": stamp(world.now)}})


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
def test_a_spec_that_is_edited_meanwhile_is_deployed_whole_or_not_at_all(
    faults: dict[int, Fault], edited_at: int
) -> None:
    found = driver(faults=faults, edits={edited_at: lambda world: world.edit("app", parallelism=3)})
    until_it_stands(found)
    assert recorded_parallelism(found) == made_parallelism(found)
    found.world.edits.clear()
    found.world.edit("app", parallelism=recorded_parallelism(found))
    assert found.until_done(found.deploy).because == "the_job_runs"
    assert_settled(found)


def until_it_stands(found: Driver) -> None:
    """Settled, or held by the spec that was changed too late."""
    try:
        found.until_done(found.deploy, runs=8)
    except AssertionError as never:
        assert "a_changed_spec_is_not_served_yet" in str(never)  # noqa: PT017


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
    assert kept == (set() if word is Word.DROP else {"ConfigMap"})
