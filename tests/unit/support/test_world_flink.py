# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flink in memory behaves as Flink does, where a lifecycle can tell the difference."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import NotFound, NotSeen
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jobs import (
    CancelOutcome,
    JobState,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.operations import (
    CheckpointTaken,
    Disposed,
    InProgress,
    OperationFailed,
    OperationForgotten,
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


def test_a_savepoint_is_found_by_the_id_that_was_sent_and_taken_once() -> None:
    world = running()
    rest = client(world)
    assert rest.trigger_savepoint(FIRST, WANTED) == rest.trigger_savepoint(FIRST, WANTED) == TRIGGER
    assert isinstance(rest.savepoint_status(FIRST, TRIGGER), InProgress)
    steps(world, 6)
    rest.trigger_savepoint(FIRST, WANTED)
    assert isinstance(rest.savepoint_status(FIRST, TRIGGER), SavepointAt)
    assert sum(it.is_savepoint for it in world.flink.storage.taken) == 1
    assert job_of(world).runs_whole


def test_an_operation_is_forgotten_in_time_and_with_its_jobmanager() -> None:
    world = running()
    client(world).trigger_savepoint(FIRST, WANTED)
    steps(world, 6)
    world.passes(timedelta(minutes=6))
    assert isinstance(client(world).savepoint_status(FIRST, TRIGGER), OperationForgotten)
    client(world).trigger_savepoint(FIRST, WANTED)
    steps(world, 6)
    kills_jobmanager(world)
    steps(world, 40)
    assert isinstance(client(world).savepoint_status(FIRST, TRIGGER), OperationForgotten)


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


def test_a_job_that_ended_is_not_cancelled_and_no_other_is_known() -> None:
    world, _ = stopped()
    assert client(world).cancel(FIRST).state is JobState.FINISHED
    assert client(world).cancel(SECOND).outcome is CancelOutcome.NOT_FOUND
    with pytest.raises(NotFound):
        client(world).job(SECOND)


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


@pytest.mark.parametrize("switch", ["savepoints_fail", "fails_when_stopping"])
def test_a_stop_that_fails_leaves_the_job_to_go_on(switch: str) -> None:
    world = running()
    setattr(world.flink, switch, True)
    client(world).stop(FIRST, WANTED)
    steps(world, 14)
    assert isinstance(client(world).savepoint_status(FIRST, TRIGGER), OperationFailed)
    assert job_of(world).runs_whole


def test_a_savepoint_that_never_ends_stays_in_progress() -> None:
    world = running()
    world.flink.savepoints_hang = True
    client(world).stop(FIRST, WANTED)
    world.passes(timedelta(hours=1))
    assert isinstance(client(world).savepoint_status(FIRST, TRIGGER), InProgress)


def test_a_stop_of_a_job_that_does_not_run_is_taken_and_fails() -> None:
    world = running()
    kills_taskmanager(world)
    client(world).stop(FIRST, WANTED)
    client(world).stop(SECOND, SavepointWanted(trigger_id="e" * 32))
    steps(world, 2)
    first = client(world).savepoint_status(FIRST, TRIGGER)
    second = client(world).savepoint_status(SECOND, "e" * 32)
    assert isinstance(first, OperationFailed)
    assert first.tasks_do_not_run
    assert isinstance(second, OperationFailed)
    assert second.job_is_gone


def test_a_checkpoint_is_triggered_and_told_by_its_number() -> None:
    world = running({"state.checkpoints.dir": "file:///other"})
    client(world).trigger_checkpoint(FIRST, TRIGGER)
    steps(world, 5)
    taken = client(world).checkpoint_trigger_status(FIRST, TRIGGER)
    assert isinstance(taken, CheckpointTaken)
    found = client(world).checkpoint(FIRST, taken.checkpoint_id)
    assert found.external_path == f"file:///other/{FIRST}/chk-1"


def test_a_savepoint_is_disposed_of_once() -> None:
    world, path = stopped()
    first = client(world).dispose_savepoint(path)
    second = client(world).dispose_savepoint(path)
    assert isinstance(client(world).disposal_status(first), Disposed)
    assert isinstance(client(world).disposal_status(second), OperationFailed)
    assert world.flink.storage.find(path) is None


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


def test_answers_about_jobs_may_be_old_and_statuses_of_triggers_never_are() -> None:
    world = running()
    world.flink.refresh = timedelta(seconds=3)
    before = client(world).checkpoints(FIRST).counts.completed
    client(world).stop(FIRST, WANTED)
    steps(world, 8)
    assert client(world).checkpoints(FIRST).counts.completed == before
    assert client(world).result(FIRST).done
    steps(world, 30)
    assert client(world).checkpoints(FIRST).counts.completed > before


def test_a_deployment_that_was_deleted_takes_its_jobmanager_and_leaves_ha_data() -> None:
    world = running(HA)
    deletes_deployment(world)
    steps(world, 12)
    assert world.flink.job_of() is None
    assert has_checkpoint_in_ha(world)
    with pytest.raises(NotSeen):
        client(world).jobs()
