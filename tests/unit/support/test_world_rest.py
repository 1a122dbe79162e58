# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flink in memory answers as Flink does, and does behind a trigger id what Flink does."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import NotFound
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
from support.by_hand import FIRST, HA, SECOND, TRIGGER, client, job_of, steps
from support.lifecycle_world import (
    kills_jobmanager,
    kills_taskmanager,
)
from support.world import World

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


def test_a_job_that_ended_is_not_cancelled_and_no_other_is_known() -> None:
    world, _ = stopped()
    assert client(world).cancel(FIRST).state is JobState.FINISHED
    assert client(world).cancel(SECOND).outcome is CancelOutcome.NOT_FOUND
    with pytest.raises(NotFound):
        client(world).job(SECOND)


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
