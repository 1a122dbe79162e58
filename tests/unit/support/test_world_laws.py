# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The laws of Flink in memory find what breaks them, and nothing else."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.operations import (
    SavepointWanted,
)
from support import by_hand
from support.by_hand import (
    CHECKPOINTS,
    FIRST,
    HA,
    SECOND,
    TRIGGER,
    announce,
    client,
    make,
    steps,
    unmake,
)
from support.lifecycle_world import (
    RESOURCE,
    annotate,
    delete,
    deletes_deployment,
    edit_spec,
    kills_jobmanager,
    loses_ha_maps,
    loses_storage,
    namespace_goes,
)
from support.world import World


def running(conf: dict[str, str] | None = None, mode: str = "savepoint") -> World:
    world = by_hand.world(mode)
    by_hand.started(world, conf=conf)
    return world


def goes_on(world: World, because: str = "", path: str = "", **status: Any) -> World:
    """Another cluster in the place of the first."""
    if world.flink.job_of() is not None:
        unmake(world)
    announce(world, SECOND, because, **status)
    make(world, SECOND, {**CHECKPOINTS, **({"execution.savepoint.path": path} if path else {})})
    steps(world, 25)
    return world


def newest(world: World) -> str:
    return world.flink.storage.taken[-1].path


def test_a_start_after_a_stateful_one_is_not_empty() -> None:
    world = goes_on(running(), "a guess")
    told = " ".join(world.flink.lost())
    assert "starts empty because of 'a guess'" in told
    assert "starts at 0" in told


@pytest.mark.parametrize("because", ["first deployment", "its_upgrade_mode_is_stateless"])
def test_an_empty_start_that_lies_about_its_reason_is_found(because: str) -> None:
    assert goes_on(running(), because).flink.lost()


def test_a_stateless_resource_may_start_empty() -> None:
    assert goes_on(running(mode="stateless"), "stateless").flink.lost() == []


def test_a_resource_that_has_become_stateless_may_start_empty() -> None:
    world = running()
    edit_spec(world, job={"upgradeMode": "stateless"})
    assert goes_on(world, "stateless").flink.lost() == []


def test_by_the_word_of_a_person_a_start_may_be_empty() -> None:
    world = running()
    annotate(world, "restore-empty")
    assert goes_on(world, "the_user_lets_the_state_go").flink.lost() == []
    assert goes_on(world, "the_user_lets_the_state_go").flink.lost()


def test_a_first_deployment_that_never_ran_may_start_empty_again() -> None:
    world = by_hand.world()
    world.flink.fails = True
    by_hand.started(world, conf=HA)
    world.flink.fails = False
    assert goes_on(world, "nothing_completed_since_it_began_empty").flink.lost() == []


def test_a_start_from_an_older_snapshot_than_the_last_is_found() -> None:
    world = running({**CHECKPOINTS, "state.checkpoints.num-retained": "3"})
    unmake(world)
    old, new = (taken.path for taken in world.flink.storage.taken[-2:])
    assert "had been kept" in goes_on(world, path=old).flink.lost()[0]
    world = running({**CHECKPOINTS, "state.checkpoints.num-retained": "3"})
    unmake(world)
    assert goes_on(world, path=newest(world)).flink.lost() == []
    assert old != new


def test_what_only_a_lost_jobmanager_knew_is_not_asked_for() -> None:
    world = running(CHECKPOINTS)
    known = newest(world)
    steps(world, 3)
    deletes_deployment(world)
    steps(world, 12)
    world.flink.storage.kept.setdefault(known, world.flink.storage.taken[-2])
    assert goes_on(world, path=known, ledger=[{"path": known}]).flink.lost() == []


def test_what_the_status_names_is_asked_for_even_so() -> None:
    world = running(CHECKPOINTS)
    deletes_deployment(world)
    steps(world, 12)
    named = [{"path": newest(world)}]
    assert goes_on(world, "began_empty", ledger=named).flink.lost()


def test_with_ha_data_nothing_is_forgiven() -> None:
    world = running(HA)
    deletes_deployment(world)
    steps(world, 12)
    assert goes_on(world, "began_empty").flink.lost()


def test_flinks_own_restart_from_its_configuration_is_not_ours() -> None:
    world = running(CHECKPOINTS)
    kills_jobmanager(world)
    steps(world, 40)
    assert world.flink.lost() == []
    unmake(world)
    assert goes_on(world, path=newest(world)).flink.lost() == []


def test_a_job_that_was_not_announced_stops_the_test() -> None:
    world = by_hand.world()
    announce(world, FIRST)
    make(world, SECOND, HA)
    with pytest.raises(AssertionError, match="was written ahead"):
        steps(world, 20)


def test_two_writers_stop_the_test() -> None:
    world = running(HA)
    world.is_node_lost = True
    del world.objects["Deployment", "default", "app"]
    announce(world, FIRST)
    make(world, FIRST, HA)
    with pytest.raises(AssertionError, match="two writers"):
        steps(world, 40)


def test_a_rollback_may_leave_behind_what_the_failed_version_did() -> None:
    world = running({**CHECKPOINTS, "state.checkpoints.num-retained": "9"})
    path = newest(world)
    unmake(world)
    path = newest(world)
    edit_spec(world, image="new")
    goes_on(world, path=path, reconciliationStatus={"state": "DEPLOYED"})
    assert len(world.flink.starts) == 2
    unmake(world)
    announce(world, "3" * 32, "its_origin_is_recorded")
    announce(world, "3" * 32, "rollback", reconciliationStatus={"state": "ROLLING_BACK"})
    make(world, "3" * 32, {**CHECKPOINTS, "execution.savepoint.path": path})
    steps(world, 25)
    assert world.flink.lost() == []
    assert world.flink.starts[-1].counter == world.flink.starts[-2].counter


def test_a_rollback_may_not_go_back_beyond_where_the_failed_version_began() -> None:
    world = running({**CHECKPOINTS, "state.checkpoints.num-retained": "9"})
    old = newest(world)
    steps(world, 12)
    unmake(world)
    edit_spec(world, image="new")
    goes_on(world, path=newest(world))
    unmake(world)
    announce(world, "3" * 32, "rollback", reconciliationStatus={"state": "ROLLING_BACK"})
    make(world, "3" * 32, {**CHECKPOINTS, "execution.savepoint.path": old})
    steps(world, 25)
    assert "had been kept" in world.flink.lost()[0]


def named(world: World) -> None:
    """The status names the checkpoint that has just completed."""
    before = len(world.flink.storage.taken)
    while len(world.flink.storage.taken) == before:
        steps(world, 1)
    stored = world.objects[RESOURCE]
    world.put({**stored, "status": {**stored["status"], "last": newest(world)}})


@pytest.mark.parametrize("goes", [delete, namespace_goes], ids=["deleted", "with its namespace"])
@pytest.mark.parametrize(("mode", "is_named"), [("savepoint", True), ("stateless", False)])
def test_a_resource_that_goes_may_leave_a_named_snapshot_or_no_state(
    goes: Callable[[World], None], mode: str, is_named: bool
) -> None:
    world = running(CHECKPOINTS, mode)
    if is_named:
        named(world)
        steps(world, 1)
    goes(world)
    steps(world, 3)
    assert world.flink.lost() == []


def test_a_resource_that_goes_with_its_state_unnamed_is_found() -> None:
    world = running(CHECKPOINTS)
    delete(world)
    steps(world, 3)
    assert "was deleted" in world.flink.lost()[0]


def test_a_resource_that_goes_and_leaves_its_ha_data_loses_nothing() -> None:
    world = running(HA)
    delete(world)
    steps(world, 3)
    assert world.flink.lost() == []


def test_a_cluster_that_goes_with_its_storage_is_nobodys_fault() -> None:
    world = running(HA)
    loses_storage(world)
    loses_ha_maps(world)
    delete(world)
    steps(world, 3)
    assert world.flink.lost() == []


def test_a_cancelled_jobs_last_checkpoint_is_asked_for() -> None:
    world = running(HA)
    client(world).cancel(FIRST)
    steps(world, 8)
    last = newest(world)
    assert goes_on(world, path=last).flink.lost() == []


def test_a_savepoint_that_ended_the_job_is_asked_for() -> None:
    world = running({**HA, "state.checkpoints.num-retained": "9"})
    client(world).stop(FIRST, SavepointWanted(trigger_id=TRIGGER))
    steps(world, 8)
    older = world.flink.storage.taken[0]
    world.flink.storage.kept[older.path] = older
    assert "had been kept" in goes_on(world, path=older.path).flink.lost()[0]
