# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resources that another operator of the contract left, in each state: refused, or adopted by word.

Nothing may be ended, nor begun without a state; and each comes to an end that is told.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.deadlines import READINESS_TIMEOUT
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Plan,
    Source,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import (
    NOTHING,
    Verb,
    VerbKind,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import Question, turn
from support import golden
from support.driver import Driver
from support.lifecycle_faults import until_it_rests
from support.scenarios import QUICK
from support.world import World
from support.world_flink import CHECKPOINT
from support.world_storage import Snapshot
from support.world_store import copied, key_of

ADOPT = Verb(kind=VerbKind.ADOPT)
APPLICATIONS = [state for state in golden.STATES if not state.startswith("session")]
ENDS = (
    Move.DELETE_CLUSTER,
    Move.STOP_JOBMANAGER,
    Move.DELETE_HA_DATA,
    Move.STOP_JOB,
    Move.CANCEL_JOB,
)


def left_behind(state: str) -> World:
    world = World(now=datetime(2026, 11, 21, 12, 0, tzinfo=UTC), is_still=True)
    for found in copy.deepcopy(golden.objects(state)):
        world.objects[key_of(found)] = found
    return world


def asked(world: World, state: str, verb: Verb = NOTHING, driver: str = "test/1") -> Plan:
    metadata = golden.deployment(state)["metadata"]
    question = Question(
        name=metadata["name"],
        namespace=metadata["namespace"],
        goal="deploy",
        driver=driver,
        verb=verb,
        clock=world.clock,
    )
    return turn(cast("Api", world), question)[1]


@pytest.mark.row("C-013")
@pytest.mark.parametrize("state", APPLICATIONS)
def test_it_is_left_alone_until_it_is_adopted_by_word(state: str) -> None:
    world = left_behind(state)
    assert asked(world, state).because == "another_operator_serves_this_resource"
    assert world.writes == []
    plan = asked(world, state, ADOPT)
    assert plan.because != "another_operator_serves_this_resource"
    assert any("Lease" in write for write in world.writes)
    assert asked(world, state).because != "another_operator_serves_this_resource"


@pytest.mark.parametrize("state", APPLICATIONS)
def test_taking_it_over_ends_nothing_without_a_state_and_begins_nothing_empty(state: str) -> None:
    """What never came up, or was being upgraded, goes on from its HA metadata."""
    world = left_behind(state)
    plan = asked(world, state, ADOPT)
    keeps_state = golden.deployment(state)["spec"]["job"].get("upgradeMode") != "stateless"
    source = plan.origin.source if plan.origin else Source.NONE
    assert plan.move not in ENDS or source is Source.LAST_STATE, plan
    assert source is not Source.EMPTY or not keeps_state, plan


# each of them, to its end

COUNTED = 70
"""The counter of the job that the other operator ran, in its last snapshot."""
ENDED_BADLY = "failed-bad-class"
NO_IMAGE = "local/no-such-image:1"
GOOD_ENDS = {
    "deploying": "the_job_runs",
    "failed-bad-class": "its_pods_can_not_start",
    "rolled-back": "this_version_failed_before",
    "rolling-back": "this_version_failed_before",
    "snapshot-completed": "the_job_runs",
    "stable-after-last-state": "the_job_runs",
    "stable-savepoint-ha": "the_job_runs",
    "stable-stateless": "the_job_runs",
    "suspended-savepoint": "the_job_is_suspended",
    "upgraded-image-cannot-be-pulled": "its_pods_can_not_start",
    "upgrading-last-state": "the_job_runs",
}
"""What the run after its adoption ends with, where Flink answers."""


def snapshots(world: World, state: str) -> Iterator[Snapshot]:
    """All that its status and its HA metadata name."""
    status = golden.deployment(state).get("status") or {}
    job = status.get("jobStatus") or {}
    name, job_id = golden.deployment(state)["metadata"]["name"], job.get("jobId", "")
    path = job.get("upgradeSavepointPath") or ""
    if path.startswith("file:"):
        yield snapshot(path, job_id, 99, is_savepoint=True)
    for item in world.chosen("ConfigMap", labels=f"app={name}"):
        for key in item.get("data") or {}:
            if CHECKPOINT in key:
                number = int(key.removeprefix(CHECKPOINT))
                path = f"file:///flink-state/cp/{job_id}/chk-{number}"
                world.flink.handles[job_id, number] = path
                yield snapshot(path, job_id, number, is_savepoint=False)


def snapshot(path: str, job_id: str, number: int, *, is_savepoint: bool) -> Snapshot:
    return Snapshot(
        path=path,
        job_id=job_id,
        number=number,
        counter=COUNTED,
        is_savepoint=is_savepoint,
        start=-1,
        at=datetime(2026, 11, 21, 11, 59, tzinfo=UTC),
    )


AWAY = timedelta(hours=5)


def begun_at(state: str) -> datetime:
    """When the other operator began its latest start."""
    told = golden.deployment(state)["status"]["reconciliationStatus"]["reconciliationTimestamp"]
    return datetime.fromtimestamp(told / 1000, tz=UTC)


def lives_on(state: str, *, away: timedelta = timedelta(seconds=5)) -> Driver:
    """The same in a cluster whose controllers and Flinks go on; `away`: since its latest start."""
    metadata = golden.deployment(state)["metadata"]
    where = metadata["namespace"]
    bad = {NO_IMAGE, *(["local/flink:1.20"] if state == ENDED_BADLY else [])}
    world = World(now=begun_at(state) + away, bad_images=frozenset(bad))
    world.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": where}})
    account = {"name": "flink", "namespace": where}
    world.put({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})
    found = [copied(item) for item in golden.objects(state)]
    made = next((item for item in found if item["kind"] == "Deployment"), None)
    for item in found:
        if item["kind"] == "Pod" and made:  # no ReplicaSet stands between them here
            owner = {"kind": "Deployment", "uid": made["metadata"]["uid"], "name": "it"}
            item["metadata"]["ownerReferences"] = [owner]
        world.objects[key_of(item)] = item
    world.counter = 1_000_000  # beyond any version that is there
    for taken in list(snapshots(world, state)):
        world.flink.storage.take(taken)
    return Driver(world, name=metadata["name"], namespace=where, verb="adopt", turns=800)


def status_of(found: Driver) -> dict[str, Any]:
    kept: dict[str, Any] = found.world.objects["FlinkDeployment", found.namespace, found.name][
        "status"
    ]
    return kept


def counters(found: Driver) -> list[int]:
    return [start.counter for start in found.world.flink.starts]


def keeps_state(state: str) -> bool:
    mode: str = golden.deployment(state)["spec"]["job"].get("upgradeMode")
    return mode != "stateless"


@pytest.mark.parametrize("state", APPLICATIONS)
def test_each_of_them_comes_to_the_end_that_it_was_on_its_way_to(state: str) -> None:
    found = lives_on(state)
    plan = until_it_rests(found, found.deploy)
    assert plan.because == GOOD_ENDS[state], plan
    assert found.world.flink.lost() == []
    assert not keeps_state(state) or all(counter >= COUNTED for counter in counters(found))
    found.verb = ""
    starts, writes = len(found.world.flink.starts), len(found.world.writes)
    again = until_it_rests(found, found.deploy)
    assert again.because == plan.because
    assert len(found.world.flink.starts) == starts
    assert not [write for write in found.world.writes[writes:] if write.startswith("delete")]


def with_short_deadlines(found: Driver) -> None:
    """Operator keys restart nothing; without them each second of a long wait is a turn."""
    stored = copied(found.world.objects["FlinkDeployment", found.namespace, found.name])
    stored["spec"]["flinkConfiguration"] |= {**QUICK, READINESS_TIMEOUT: "20 s"}
    found.world.put(stored)


@pytest.mark.parametrize("is_silent", [False, True])
@pytest.mark.parametrize("state", APPLICATIONS)
def test_long_after_that_operator_has_ended_each_ends_and_says_why(
    state: str, is_silent: bool
) -> None:
    found = lives_on(state, away=AWAY)
    found.world.flink.is_silent = is_silent
    with_short_deadlines(found)
    plan = until_it_rests(found, found.deploy)
    assert plan.verdict in (Verdict.SETTLED, Verdict.HELD, Verdict.FAILED)
    assert plan.verdict is Verdict.SETTLED or plan.next_step
    assert found.world.flink.lost() == []
    assert not keeps_state(state) or all(counter >= COUNTED for counter in counters(found))


@pytest.mark.parametrize("state", [state for state in APPLICATIONS if keeps_state(state)])
def test_a_correction_after_its_adoption_goes_on_from_its_state(state: str) -> None:
    found = lives_on(state)
    until_it_rests(found, found.deploy)
    found.verb = ""
    key = ("FlinkDeployment", found.namespace, found.name)
    stored = copied(found.world.objects[key])
    stored["spec"]["image"] = "local/flink:1.20"
    stored["spec"]["job"] |= {"state": "running", "parallelism": 2}
    found.world.put(stored)
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    spec = json.loads(status_of(found)["reconciliationStatus"]["lastReconciledSpec"])["spec"]
    assert spec["job"]["parallelism"] == 2
    assert found.world.flink.lost() == []
    assert counters(found)
    assert all(counter >= COUNTED for counter in counters(found))
    job = found.world.flink.job_of(found.name, found.namespace)
    assert job is not None
    assert (job.runs_whole, job.parallelism, job.counter > COUNTED) == (True, 2, True)
