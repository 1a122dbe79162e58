# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flink in memory behaves as Flink does, where a lifecycle can tell the difference."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import NotSeen
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jobs import (
    JobState,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.operations import (
    OperationFailed,
    SavepointAt,
    SavepointWanted,
)
from support import by_hand
from support.by_hand import CHECKPOINTS, FIRST, HA, SECOND, TRIGGER, client, job_of, steps
from support.lifecycle_world import (
    deletes_deployment,
    has_checkpoint_in_ha,
    job_fails,
    kills_jobmanager,
    kills_taskmanager,
    loses_ha_maps,
    loses_storage,
)
from support.world import World
from support.world_job import LAST_STATE

WANTED = SavepointWanted(trigger_id=TRIGGER)
MAP = ("ConfigMap", "default", f"app-{FIRST}-config-map")


def running(conf: dict[str, str] | None = None) -> World:
    world = by_hand.world()
    by_hand.started(world, conf=conf)
    return world


def stopped() -> tuple[World, str]:
    """At rest after a stop-with-savepoint; and the savepoint's path."""
    world = running(HA)
    client(world).stop(FIRST, WANTED)
    steps(world, 8)
    found = client(world).savepoint_status(FIRST, TRIGGER)
    assert isinstance(found, SavepointAt)
    return world, found.location


def again(world: World, job_id: str = SECOND, **conf: str) -> None:
    """A new cluster in the place of the old one."""
    by_hand.unmake(world)
    by_hand.announce(world, job_id, "a savepoint")
    by_hand.make(world, job_id, {**HA, **conf})
    steps(world, 30)


def test_a_counter_grows_while_all_tasks_run() -> None:
    world = running()
    before = job_of(world).counter
    steps(world, 3)
    assert job_of(world).counter == before + 3


def test_checkpoints_complete_where_they_are_configured() -> None:
    world = running()
    shown = client(world).checkpoints(FIRST)
    assert shown.counts.completed == len(job_of(world).completed) > 2
    assert shown.completed is not None
    assert shown.completed.external_path.startswith(f"file:///cp/{FIRST}/chk-")
    assert shown.history[1].discarded
    assert not client(running({})).checkpoints(FIRST).counts.completed


@pytest.mark.parametrize("retained", [1, 3])
def test_only_the_newest_checkpoints_are_retained_and_all_savepoints(retained: int) -> None:
    world = running({**HA, "state.checkpoints.num-retained": str(retained)})
    client(world).trigger_savepoint(FIRST, WANTED)
    steps(world, 20)
    kept = world.flink.storage.kept.values()
    assert sum(it.is_savepoint for it in kept) == 1
    assert sum(not it.is_savepoint for it in kept) == retained
    assert len(world.objects[MAP]["data"]) == retained


def test_a_stop_ends_the_job_with_its_savepoint_and_takes_its_ha_data() -> None:
    world, path = stopped()
    job = job_of(world)
    assert (job.state, job.counter) == ("FINISHED", world.flink.storage.kept[path].counter)
    assert client(world).result(FIRST).state is JobState.FINISHED
    assert MAP not in world.objects
    assert not world.objects["ConfigMap", "default", "app-cluster-config-map"]["data"]
    steps(world, 5)
    assert job.counter == world.flink.storage.kept[path].counter


def test_checkpoints_of_a_finished_job_go_and_of_a_cancelled_one_stay() -> None:
    world, _ = stopped()
    assert all(it.is_savepoint for it in world.flink.storage.kept.values())
    world = running(HA)
    client(world).cancel(FIRST)
    steps(world, 1)
    assert client(world).job(FIRST).state is JobState.CANCELLING
    steps(world, 5)
    assert client(world).job(FIRST).state is JobState.CANCELED
    assert len(world.flink.storage.kept) == 1
    assert MAP not in world.objects


def test_without_retention_a_cancelled_job_keeps_nothing() -> None:
    world = running({"execution.checkpointing.interval": "5 s"})
    client(world).cancel(FIRST)
    steps(world, 8)
    assert not world.flink.storage.kept


def test_a_start_takes_the_savepoint_that_it_is_given() -> None:
    world, path = stopped()
    counter = world.flink.storage.kept[path].counter
    again(world, **{"execution.savepoint.path": path})
    start = world.flink.starts[-1]
    assert (start.origin, start.path, start.counter) == ("savepoint", path, counter)
    restored = client(world).checkpoints(SECOND).restored
    assert restored is not None
    assert restored.external_path == path
    assert world.flink.lost() == []


@pytest.mark.parametrize("path", ["file:///sp/not-there", LAST_STATE])
def test_a_state_that_is_not_there_fails_the_job(path: str) -> None:
    world, _ = stopped()
    again(world, **{"execution.savepoint.path": path})
    assert client(world).job(SECOND).state is JobState.FAILED
    root = client(world).exceptions(SECOND).root
    assert root is not None
    assert root.cause.names("FileNotFoundException")
    assert world.flink.starts[-1].origin == "broken"


def test_the_last_state_is_taken_from_ha_data_of_the_same_job() -> None:
    world = running(HA)
    again(world, FIRST, **{"execution.savepoint.path": LAST_STATE})
    start = world.flink.starts[-1]
    assert (start.origin, start.by_flink) == ("ha", False)
    assert start.counter > 0
    assert world.flink.lost() == []


def test_a_job_graph_in_ha_data_runs_whatever_the_configuration_says() -> None:
    world = running(HA)
    again(world, FIRST, **{"parallelism.default": "7"})
    assert job_of(world).parallelism == 2
    by_hand.unmake(world)
    del world.objects["ConfigMap", "default", "app-cluster-config-map"]
    by_hand.make(world, FIRST, {**HA, "parallelism.default": "7"})
    steps(world, 20)
    assert job_of(world).parallelism == 7


def test_a_restore_from_a_savepoint_stands_in_ha_data_at_once() -> None:
    world, path = stopped()
    world.flink.checkpoints_fail = True
    again(world, **{"execution.savepoint.path": path})
    assert has_checkpoint_in_ha(world)
    kills_jobmanager(world)
    steps(world, 40)
    assert world.flink.starts[-1].counter == world.flink.storage.kept[path].counter


def test_flink_restarts_a_job_with_ha_from_its_newest_checkpoint() -> None:
    world = running(HA)
    last = world.flink.storage.taken[-1].counter
    kills_jobmanager(world)
    steps(world, 18)
    start = world.flink.starts[-1]
    assert (start.by_flink, start.origin, start.counter >= last) == (True, "ha", True)
    assert world.flink.lost() == []


def test_flink_restarts_a_job_without_ha_from_where_its_configuration_says() -> None:
    world = running(CHECKPOINTS)
    kills_jobmanager(world)
    steps(world, 18)
    start = world.flink.starts[-1]
    assert (start.by_flink, start.origin, start.counter) == (True, "empty", 0)
    assert world.flink.lost() == []


def test_a_job_with_ha_that_ended_is_not_run_again_by_its_jobmanager() -> None:
    world, _ = stopped()
    kills_jobmanager(world)
    steps(world, 30)
    assert client(world).jobs() == ()
    assert len(world.flink.starts) == 1


def test_a_lost_taskmanager_restarts_the_job_from_its_newest_checkpoint() -> None:
    world = running()
    last = world.flink.storage.taken[-1].counter
    kills_taskmanager(world)
    assert client(world).job(FIRST).state is JobState.RESTARTING
    assert job_of(world).counter == last
    assert client(world).metrics(FIRST, ["numRestarts"]) == {"numRestarts": "1"}
    steps(world, 6)
    assert job_of(world).counter > last


def test_a_job_that_fails_goes_over_failing_to_failed() -> None:
    world = running(HA)
    job_fails(world)
    assert client(world).job(FIRST).state is JobState.FAILING
    steps(world, 3)
    assert client(world).job(FIRST).state is JobState.FAILED
    assert client(world).result(FIRST).cause is not None
    assert MAP not in world.objects
    assert len(world.flink.storage.kept) == 1


def test_by_its_image_a_job_fails_or_restarts_for_ever() -> None:
    for images, state in (
        ({"fails_on": frozenset({"bad"})}, {JobState.FAILED}),
        ({"restarts_on": frozenset({"bad"})}, {JobState.RESTARTING, JobState.RUNNING}),
    ):
        world = by_hand.world()
        for name, value in images.items():
            setattr(world.flink, name, value)
        by_hand.announce(world, FIRST)
        by_hand.make(world, FIRST, HA, image="bad")
        seen = set()
        for _ in range(60):
            steps(world, 1)
            seen |= {job.state for job in (client(world).jobs() if world.flink.jobs else ())}
        assert state <= seen
        assert not world.flink.storage.taken


def test_a_bounded_job_finishes() -> None:
    world = by_hand.world()
    world.flink.bounded_after = 7
    job = by_hand.started(world)
    assert (job.state, job.counter) == ("FINISHED", 7)


def test_a_job_whose_ha_data_was_deleted_completes_no_checkpoint() -> None:
    world = running(HA)
    before = len(world.flink.storage.taken)
    loses_ha_maps(world)
    steps(world, 20)
    assert len(world.flink.storage.taken) == before
    assert client(world).checkpoints(FIRST).counts.failed > 2
    assert not has_checkpoint_in_ha(world)


def test_storage_that_is_gone_takes_nothing_and_gives_nothing() -> None:
    world = running()
    loses_storage(world)
    client(world).stop(FIRST, WANTED)
    steps(world, 10)
    assert isinstance(client(world).savepoint_status(FIRST, TRIGGER), OperationFailed)
    assert not world.flink.storage.kept


def test_a_deployment_that_was_deleted_takes_its_jobmanager_and_leaves_ha_data() -> None:
    world = running(HA)
    deletes_deployment(world)
    steps(world, 12)
    assert world.flink.job_of() is None
    assert has_checkpoint_in_ha(world)
    with pytest.raises(NotSeen):
        client(world).jobs()
