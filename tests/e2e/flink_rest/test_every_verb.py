"""Every verb of the client against a real Flink, in the order of a job's life.

FLINK_VERSIONS names the versions (1.19,1.20,2.3); FLINK_RECORD=1 writes tapes for the units.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.access import Access
from ansible_collections.flinkops.flink.plugins.module_utils.flink.client import FlinkClient
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import (
    DuplicateJob,
    NotFound,
    NotServed,
    Refused,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jars import ClaimMode, JarRun
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jobs import (
    Cancelled,
    CancelOutcome,
    JobState,
    JobSummary,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.operations import (
    CheckpointKind,
    CheckpointTaken,
    Disposed,
    InProgress,
    OperationFailed,
    OperationForgotten,
    SavepointAt,
    SavepointFormat,
    SavepointWanted,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.over_requests import (
    RequestsTransport,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.requirements import Bounds

from .flink_home import JAR, VERSIONS, example_jar, flink_home, under_test
from .flink_local import LocalFlink, running_flink
from .recorder import Recorder

pytestmark = pytest.mark.flink

T = TypeVar("T")
TAPES = Path(__file__).parents[2] / "tapes"
A, B, C, D, NONE = (f"{letter * 3:0>32}" for letter in "abcdf")


def trigger(number: int) -> str:
    return f"{number:032x}"


@dataclass
class World:
    flink: LocalFlink
    recorder: Recorder
    client: FlinkClient
    version: str
    jar_id: str = ""

    def case(self, name: str) -> AbstractContextManager[None]:
        return self.recorder.case(name)

    def savepoint(self, number: int) -> SavepointWanted:
        return SavepointWanted(
            trigger_id=trigger(number),
            directory=f"{self.flink.state}/taken",
            form=SavepointFormat.NATIVE,
        )

    def summary(self, job_id: str) -> JobSummary | None:
        return next((job for job in self.client.jobs() if job.job_id == job_id), None)


@pytest.fixture(scope="module", params=under_test())
def world(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[World]:
    version: str = request.param
    root = tmp_path_factory.mktemp(f"flink-{version}-")
    settings = {"jobmanager.scheduler": "adaptive"}
    with running_flink(flink_home(version), root, settings) as flink:
        inner = RequestsTransport(Access(url=flink.url))
        recording = os.environ.get("FLINK_RECORD", "") == "1"
        recorder = Recorder(
            inner,
            TAPES / f"flink-{version}" if recording else None,
            VERSIONS[version],
            {str(root): "/flink", flink.url: "http://flink:8081"},
        )
        client = FlinkClient(recorder)
        client.version()
        yield World(flink, recorder, client, version)


def until(look: Callable[[], T | None], *, seconds: float = 30) -> T:
    """The first look that shows something; its failure names what was looked for."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        seen = look()
        if seen:
            return seen
        time.sleep(0.1)
    raise AssertionError(f"not seen in {seconds} s: {look}")


def settled(world: World, look: Callable[[], T]) -> T:
    """An operation's status once it is no longer in progress."""
    return until(lambda: None if isinstance(seen := look(), InProgress) else seen)


def refused(cancelled: Cancelled) -> Cancelled | None:
    return None if cancelled.outcome is CancelOutcome.ACCEPTED else cancelled


def test_the_cluster_says_what_it_is(world: World) -> None:
    with world.case("config"):
        info = world.client.cluster_info()
    with world.case("overview"):
        overview = world.client.cluster_overview()
    with world.case("taskmanagers"):
        (manager,) = world.client.task_managers()
    with world.case("jobmanager-config"):
        settings = world.client.settings()
    with world.case("jobs-none"):
        assert world.client.jobs() == ()
    assert info.version_text == VERSIONS[world.version]
    assert info.jars_are_taken
    assert overview.slots_total == manager.slots == 4
    assert settings["jobmanager.scheduler"] == "adaptive"


def test_a_jar_is_uploaded_listed_and_run_under_our_job_id(world: World) -> None:
    with world.case("jar-upload"):
        world.jar_id = world.client.upload_jar(example_jar(world.version), JAR)
    with world.case("jars"):
        (jar,) = world.client.jars()
    with world.case("jar-run"):
        submitted = world.client.run_jar(
            world.jar_id,
            JarRun(
                job_id=A,
                parallelism=1,
                arguments=("--windowSize", "10"),
                configuration={"pipeline.object-reuse": "true"},
            ),
        )
    assert jar.jar_id == world.jar_id
    assert submitted.job_id == A
    with world.case("jar-run-again"), pytest.raises(DuplicateJob):
        world.client.run_jar(world.jar_id, JarRun(job_id=A, parallelism=1))


def test_a_running_job_is_seen_whole(world: World) -> None:
    def runs() -> bool:
        seen = world.summary(A)
        return seen is not None and seen.runs_whole

    with world.case("jobs-running"):
        until(runs)
    with world.case("job-running"):
        details = world.client.job(A)
    with world.case("result-running"):
        assert not world.client.result(A).done
    with world.case("exceptions-none"):
        assert world.client.exceptions(A).root is None
    with world.case("metric-names"):
        assert "numRestarts" in world.client.metric_names(A)
    with world.case("metrics"):
        metrics = world.client.metrics(A, ("numRestarts", "noSuchMetric"))
    assert details.state is JobState.RUNNING
    assert details.tasks.all_run_or_finished
    assert metrics == {"numRestarts": "0"}


def test_checkpoints_are_counted_and_have_a_place(world: World) -> None:
    with world.case("checkpoints"):
        seen = until(lambda: c if (c := world.client.checkpoints(A)).completed else None)
    assert seen.completed is not None
    with world.case("checkpoint-details"):
        details = world.client.checkpoint(A, world.client.checkpoints(A).history[0].checkpoint_id)
    assert details.external_path.startswith("file:")
    with world.case("checkpoint-details-gone"), pytest.raises(NotFound):
        world.client.checkpoint(A, 100000)


def test_a_checkpoint_is_triggered_under_our_id(world: World) -> None:
    with world.case("checkpoint-trigger"):
        named = world.client.trigger_checkpoint(A, trigger(1), CheckpointKind.FULL)
    assert named == trigger(1)
    with world.case("checkpoint-trigger-status"):
        status = settled(world, lambda: world.client.checkpoint_trigger_status(A, trigger(1)))
    assert isinstance(status, CheckpointTaken)
    world.client.trigger_checkpoint(NONE, trigger(8))
    with world.case("checkpoint-trigger-status-failed"):
        failed = settled(world, lambda: world.client.checkpoint_trigger_status(NONE, trigger(8)))
    assert isinstance(failed, OperationFailed)
    assert failed.job_is_gone
    with world.case("checkpoint-trigger-forgotten"):
        gone = world.client.checkpoint_trigger_status(A, trigger(99))
    assert isinstance(gone, OperationForgotten)


def test_the_same_trigger_id_is_the_same_savepoint(world: World) -> None:
    with world.case("savepoint-trigger"):
        world.client.trigger_savepoint(A, world.savepoint(2))
    first = settled(world, lambda: world.client.savepoint_status(A, trigger(2)))
    with world.case("savepoint-trigger-again"):
        world.client.trigger_savepoint(A, world.savepoint(2))
    with world.case("savepoint-status"):
        again = settled(world, lambda: world.client.savepoint_status(A, trigger(2)))
    assert isinstance(first, SavepointAt)
    assert again == first
    assert len(list((world.flink.root / "state" / "taken").glob("savepoint-*"))) == 1
    with world.case("checkpoints-with-savepoint"):
        savepoint = until(lambda: world.client.checkpoints(A).savepoint)
    assert savepoint.external_path == first.location


def test_a_savepoint_that_cannot_be_written_fails_with_its_cause(world: World) -> None:
    wanted = SavepointWanted(trigger_id=trigger(3), directory="nofs:///nowhere")
    world.client.trigger_savepoint(A, wanted)
    with world.case("savepoint-status-failed"):
        status = settled(world, lambda: world.client.savepoint_status(A, trigger(3)))
    assert isinstance(status, OperationFailed)
    assert not status.job_is_gone
    assert not status.tasks_do_not_run
    assert "nofs" in str(status.cause)


def test_an_unknown_trigger_is_forgotten_not_failed(world: World) -> None:
    with world.case("savepoint-status-forgotten"):
        status = world.client.savepoint_status(A, trigger(98))
    assert isinstance(status, OperationForgotten)


def test_what_is_not_there_is_not_found(world: World) -> None:
    with world.case("job-not-found"), pytest.raises(NotFound):
        world.client.job(NONE)
    with world.case("cancel-not-found"):
        assert world.client.cancel(NONE).outcome is CancelOutcome.NOT_FOUND
    with world.case("no-such-endpoint"), pytest.raises(NotServed):
        world.client._speaker.get("/no-such-endpoint", lambda wire: wire)


def test_a_stop_ends_the_job_and_names_its_savepoint(world: World) -> None:
    until(lambda: (seen := world.summary(A)) and seen.runs_whole)
    with world.case("stop"):
        world.client.stop(A, world.savepoint(4))
    with world.case("stop-again"):
        world.client.stop(A, world.savepoint(4))
    with world.case("stop-status"):
        status = settled(world, lambda: world.client.savepoint_status(A, trigger(4)))
    assert isinstance(status, SavepointAt)
    with world.case("result-finished"):
        result = until(lambda: r if (r := world.client.result(A)).done else None)
    assert result.state is JobState.FINISHED
    with world.case("cancel-already-terminal"):
        # Its result is told while its runner still closes: until then a cancel is accepted.
        cancelled = until(lambda: refused(world.client.cancel(A)))
    assert cancelled.outcome is CancelOutcome.ALREADY_TERMINAL
    assert cancelled.state is JobState.FINISHED


def test_a_stop_of_a_job_that_is_gone_fails_in_its_status(world: World) -> None:
    world.client.stop(NONE, world.savepoint(5))
    with world.case("stop-status-no-job"):
        status = settled(world, lambda: world.client.savepoint_status(NONE, trigger(5)))
    assert isinstance(status, OperationFailed)
    assert status.job_is_gone


def test_a_job_starts_from_a_savepoint_and_says_so(world: World) -> None:
    taken = world.client.savepoint_status(A, trigger(4))
    assert isinstance(taken, SavepointAt)
    run = JarRun(
        job_id=B,
        parallelism=1,
        savepoint_path=taken.location,
        allow_non_restored_state=True,
        claim_mode=ClaimMode.NO_CLAIM,
    )
    with world.case("jar-run-from-savepoint"):
        world.client.run_jar(world.jar_id, run)
    until(lambda: (seen := world.summary(B)) and seen.runs_whole)
    with world.case("checkpoints-restored"):
        restored = until(lambda: world.client.checkpoints(B).restored)
    assert restored.external_path == taken.location


def test_a_savepoint_is_disposed_of_and_is_gone(world: World) -> None:
    taken = world.client.savepoint_status(A, trigger(2))
    assert isinstance(taken, SavepointAt)
    with world.case("dispose"):
        named = world.client.dispose_savepoint(taken.location)
    with world.case("dispose-status"):
        status = settled(world, lambda: world.client.disposal_status(named))
    assert isinstance(status, Disposed)
    assert not Path(taken.location.removeprefix("file:")).exists()
    again = world.client.dispose_savepoint(taken.location)
    with world.case("dispose-status-failed"):
        failed = settled(world, lambda: world.client.disposal_status(again))
    assert isinstance(failed, OperationFailed)


def test_a_start_from_a_savepoint_that_is_not_there_fails_with_its_cause(world: World) -> None:
    run = JarRun(job_id=C, parallelism=1, savepoint_path=f"{world.flink.state}/not-there")
    world.client.run_jar(world.jar_id, run)
    with world.case("result-failed"):
        result = until(lambda: r if (r := world.client.result(C)).done else None)
    assert result.state is JobState.FAILED
    assert result.cause is not None
    assert "not-there" in str(result.cause)
    with world.case("exceptions-failed"):
        seen = world.client.exceptions(C)
    with world.case("job-failed"):
        assert world.client.job(C).state is JobState.FAILED
    assert seen.root is None or "not-there" in str(seen.root.cause)


def test_a_job_without_room_is_not_seen_to_run_and_cannot_be_stopped(world: World) -> None:
    world.client.run_jar(world.jar_id, JarRun(job_id=D, parallelism=9))
    with world.case("jobs-waiting"):
        seen = until(lambda: world.summary(D))
    assert not seen.runs_whole
    world.client.stop(D, world.savepoint(6))
    with world.case("stop-status-not-running"):
        status = settled(world, lambda: world.client.savepoint_status(D, trigger(6)))
    assert isinstance(status, OperationFailed)
    assert status.tasks_do_not_run
    with world.case("cancel"):
        assert world.client.cancel(D).outcome is CancelOutcome.ACCEPTED
    with world.case("result-cancelled"):
        result = until(lambda: r if (r := world.client.result(D)).done else None)
    assert result.state is JobState.CANCELED


def test_jars_are_deleted_once(world: World) -> None:
    with world.case("jar-delete"):
        assert world.client.delete_jar(world.jar_id)
    with world.case("jar-delete-again"):
        assert not world.client.delete_jar(world.jar_id)
    with world.case("jar-run-not-there"), pytest.raises(NotFound):
        world.client.run_jar(world.jar_id, JarRun(job_id=NONE))


def test_requirements_are_read_and_set(world: World) -> None:
    with world.case("requirements"):
        before = world.client.requirements(B)
    wanted = {vertex: Bounds(lower=1, upper=2) for vertex in before}
    with world.case("requirements-set"):
        world.client.require(B, wanted)
    with world.case("requirements-impossible"), pytest.raises(Refused):
        world.client.require(B, {vertex: Bounds(lower=3, upper=2) for vertex in before})
    with world.case("requirements-of-no-job"), pytest.raises(NotFound):
        world.client.requirements(NONE)
    assert all(bounds.upper == 1 for bounds in before.values())
    assert world.client.requirements(B) == wanted


def test_a_lost_task_manager_is_in_the_exceptions(world: World) -> None:
    world.flink.lose_the_task_manager()
    with world.case("exceptions-task-manager-lost"):
        seen = until(lambda: e if (e := world.client.exceptions(B)).root else None)
    with world.case("jobs-restarting"):
        job = until(lambda: s if (s := world.summary(B)) and not s.runs_whole else None)
    assert seen.root is not None
    assert job.state is not JobState.FAILED
    world.client.stop(B, world.savepoint(7))
    with world.case("stop-status-restarting"):
        status = settled(world, lambda: world.client.savepoint_status(B, trigger(7)))
    assert isinstance(status, OperationFailed)
    assert status.tasks_do_not_run
    assert world.client.cancel(B).outcome is CancelOutcome.ACCEPTED
