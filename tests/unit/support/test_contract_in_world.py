# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The other operator alone in a cluster in memory: each way of the contract, no state lost."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest

from support.contract_in_world import OtherOperator, TakenOver
from support.contract_steps import DeleteCluster, StopWithSavepoint, Submit
from support.lifecycle_world import deletes_deployment, edit_spec, loses_ha_maps
from support.resources import definition
from support.world import World

HA = {
    "high-availability.type": "kubernetes",
    "high-availability.storageDir": "file:///ha",
    "execution.checkpointing.interval": "5 s",
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    "state.checkpoints.dir": "file:///cp",
    "state.savepoints.dir": "file:///sp",
}


def started(mode: str = "savepoint") -> OtherOperator:
    cr = definition(upgradeMode=mode)
    cr["spec"]["flinkConfiguration"] |= HA
    world = World()
    world.put(cr)
    other = OtherOperator(world)
    other.run()
    return other


def status(other: OtherOperator) -> dict[str, Any]:
    found: dict[str, Any] = other.resource["status"]
    return found


def assert_runs(other: OtherOperator, starts: int) -> None:
    job = other.world.flink.job_of()
    assert job is not None
    assert job.runs_whole
    assert len(other.world.flink.started) == starts
    assert other.world.flink.lost() == []
    assert status(other)["reconciliationStatus"]["state"] == "DEPLOYED"
    assert status(other)["jobStatus"]["state"] == "RUNNING"


def test_a_first_start_becomes_stable() -> None:
    other = started()
    assert_runs(other, starts=1)
    how = status(other)["reconciliationStatus"]
    assert how["lastStableSpec"] == how["lastReconciledSpec"]


@pytest.mark.parametrize(
    ("mode", "origin", "how"),
    [
        ("stateless", "empty", DeleteCluster),
        ("savepoint", "savepoint", StopWithSavepoint),
        ("last-state", "last-state", DeleteCluster),
    ],
)
def test_an_upgrade_goes_on_from_its_state(mode: str, origin: str, how: type) -> None:
    other = started(mode)
    edit_spec(other.world, job={"parallelism": 4})
    other.run()
    assert_runs(other, starts=2)
    _first, stop, *_, start = other.acts
    assert isinstance(stop, how)
    assert isinstance(start, Submit)
    assert start.origin == origin
    job = other.world.flink.job_of()
    assert job is not None
    assert job.conf.parallelism == 4


@pytest.mark.parametrize("mode", ["stateless", "savepoint", "last-state"])
def test_a_suspended_job_is_resumed(mode: str) -> None:
    other = started(mode)
    edit_spec(other.world, job={"state": "suspended"})
    other.run()
    assert len(other.world.flink.started) == 1
    edit_spec(other.world, job={"state": "running"})
    other.run()
    assert_runs(other, starts=2)


def test_a_lost_jobmanager_is_recovered() -> None:
    other = started("last-state")
    deletes_deployment(other.world)
    other.run()
    assert_runs(other, starts=2)


def test_without_ha_data_it_says_that_it_can_not_restore() -> None:
    other = started("last-state")
    deletes_deployment(other.world)
    loses_ha_maps(other.world)
    with pytest.raises(AssertionError, match="RestoreFailed"):
        other.run()
    assert len(other.world.flink.started) == 1


@pytest.mark.parametrize("writes", range(1, 8))
@pytest.mark.parametrize("mode", ["stateless", "savepoint", "last-state"])
def test_one_that_ended_is_followed_by_another_that_goes_on(mode: str, writes: int) -> None:
    """Of its own kind: the model takes over from itself after each of its writes."""
    other = started(mode)
    edit_spec(other.world, job={"parallelism": 4})
    other.writes_left = writes
    with suppress(TakenOver):
        other.run()
    OtherOperator(other.world).run()
    assert other.world.flink.lost() == []
    assert len(other.world.flink.started) == 2
