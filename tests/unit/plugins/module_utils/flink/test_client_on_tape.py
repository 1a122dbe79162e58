"""Every verb against answers recorded from real Flinks (tests/e2e/flink_rest records them)."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import (
    DuplicateJob,
    NotFound,
    NotServed,
    Refused,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jars import (
    ClaimMode,
    JarRun,
    Submitted,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jobs import (
    CancelOutcome,
    JobState,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.operations import (
    CheckpointKind,
    CheckpointTaken,
    Disposed,
    OperationFailed,
    OperationForgotten,
    SavepointAt,
    SavepointFormat,
    SavepointWanted,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.requirements import Bounds

from .tape import JAR, NONE, VERSIONS, A, B, C, D, flink_on_tape, recorded, trigger

TAKEN = "file:/flink/state/taken"


@pytest.fixture(params=VERSIONS)
def flink(request: pytest.FixtureRequest) -> str:
    version: str = request.param
    return version


def wanted(number: int) -> SavepointWanted:
    form = SavepointFormat.NATIVE
    directory = "file:///flink/state/taken"
    return SavepointWanted(trigger_id=trigger(number), directory=directory, form=form)


def test_there_are_tapes_of_an_old_and_a_new_flink() -> None:
    assert {"1.19", "1.20", "2.3"} <= set(VERSIONS)


def test_the_cluster_tells_its_version_and_revision(flink: str) -> None:
    info = flink_on_tape(flink, "config").cluster_info()
    assert info.version_text == recorded(flink, "config")["flink"]
    assert f"{info.version.major}.{info.version.minor}" == flink
    assert "@" in info.revision
    assert info.jars_are_taken


def test_slots_and_task_managers_are_counted(flink: str) -> None:
    overview = flink_on_tape(flink, "overview").cluster_overview()
    (manager,) = flink_on_tape(flink, "taskmanagers").task_managers()
    assert (overview.task_managers, overview.slots_total, overview.running) == (1, 4, 0)
    assert (manager.slots, manager.free_slots, manager.cpu) == (4, 4, 1.0)
    assert manager.total_process_memory == 512 * 1024 * 1024


def test_the_job_managers_settings_are_read(flink: str) -> None:
    settings = flink_on_tape(flink, "jobmanager-config").settings()
    assert settings["taskmanager.numberOfTaskSlots"] == "4"


def test_a_cluster_without_jobs_lists_none(flink: str) -> None:
    assert flink_on_tape(flink, "jobs-none").jobs() == ()


def test_a_job_whose_tasks_all_run_runs_whole(flink: str) -> None:
    (job,) = flink_on_tape(flink, "jobs-running").jobs()
    assert (job.job_id, job.state, job.runs_whole) == (A, JobState.RUNNING, True)
    assert job.tasks.of("RUNNING") == job.tasks.total == 2
    assert job.started is not None
    assert job.ended is None


def test_a_job_without_room_does_not_run_whole(flink: str) -> None:
    waiting = {job.job_id: job for job in flink_on_tape(flink, "jobs-waiting").jobs()}
    assert not waiting[D].runs_whole
    assert not waiting[D].state.is_terminal
    assert waiting[C].state is JobState.FAILED


def test_a_job_that_lost_its_task_manager_does_not_run_whole(flink: str) -> None:
    jobs = {job.job_id: job for job in flink_on_tape(flink, "jobs-restarting").jobs()}
    assert not jobs[B].runs_whole
    assert not jobs[B].state.is_terminal


def test_details_name_vertices_and_since_when_the_job_runs(flink: str) -> None:
    details = flink_on_tape(flink, "job-running").job(A)
    assert details.state is JobState.RUNNING
    assert [vertex.parallelism for vertex in details.vertices] == [1, 1]
    assert details.tasks.all_run_or_finished
    assert details.now is not None
    assert details.since["RUNNING"] <= details.now
    assert "FINISHED" not in details.since


def test_a_failed_job_is_terminal(flink: str) -> None:
    assert flink_on_tape(flink, "job-failed").job(C).state.is_terminal


@pytest.mark.parametrize(
    ("case", "job", "done", "state"),
    [
        ("result-running", A, False, JobState.UNKNOWN),
        ("result-finished", A, True, JobState.FINISHED),
        ("result-cancelled", D, True, JobState.CANCELED),
        ("result-failed", C, True, JobState.FAILED),
    ],
)
def test_a_result_says_how_a_job_ended(
    flink: str, case: str, job: str, done: bool, state: JobState
) -> None:
    result = flink_on_tape(flink, case).result(job)
    assert (result.done, result.state) == (done, state)
    assert (result.cause is not None) == (state is JobState.FAILED)


def test_a_failed_start_names_what_began_it(flink: str) -> None:
    cause = flink_on_tape(flink, "result-failed").result(C).cause
    assert cause is not None
    assert cause.root.kind == "java.io.FileNotFoundException"
    assert "not-there" in cause.root.message
    assert "\tat " not in str(cause)


def test_a_healthy_job_has_no_exceptions(flink: str) -> None:
    seen = flink_on_tape(flink, "exceptions-none").exceptions(A)
    assert (seen.root, seen.history, seen.truncated) == (None, (), False)


def test_a_lost_task_manager_is_the_root_of_the_exceptions(flink: str) -> None:
    seen = flink_on_tape(flink, "exceptions-task-manager-lost").exceptions(B)
    assert seen.root is not None
    assert seen.root.at is not None
    assert seen.root.cause.root.kind
    assert seen.history[0].cause.first.kind == seen.root.cause.first.kind


def test_metrics_that_the_job_does_not_have_are_missing(flink: str) -> None:
    client = flink_on_tape(flink, "metrics")
    assert client.metrics(A, ("numRestarts", "noSuchMetric")) == {"numRestarts": "0"}
    assert "numRestarts" in flink_on_tape(flink, "metric-names").metric_names(A)


def test_checkpoints_are_counted_and_the_last_one_has_a_place(flink: str) -> None:
    seen = flink_on_tape(flink, "checkpoints").checkpoints(A)
    assert seen.completed is not None
    assert seen.counts.completed >= 1
    assert seen.last_external == seen.completed
    assert seen.completed.external_path.startswith(f"file:/flink/state/checkpoints/{A}/chk-")
    assert seen.history[0].checkpoint_id >= seen.completed.checkpoint_id


def test_one_checkpoint_is_shown_with_its_place(flink: str) -> None:
    shown = int(recorded(flink, "checkpoint-details")["answer"]["body"]["id"])
    details = flink_on_tape(flink, "checkpoint-details").checkpoint(A, shown)
    assert details.external_path.endswith(f"/chk-{shown}")
    with pytest.raises(NotFound, match="checkpoint 100000"):
        flink_on_tape(flink, "checkpoint-details-gone").checkpoint(A, 100000)


def test_a_savepoint_is_told_from_a_checkpoint(flink: str) -> None:
    savepoint = flink_on_tape(flink, "checkpoints-with-savepoint").checkpoints(A).savepoint
    assert savepoint is not None
    assert savepoint.is_savepoint
    assert savepoint.savepoint_format == "NATIVE"
    assert savepoint.external_path.startswith(TAKEN)


def test_what_a_job_was_restored_from_is_known(flink: str) -> None:
    restored = flink_on_tape(flink, "checkpoints-restored").checkpoints(B).restored
    assert restored is not None
    assert restored.is_savepoint
    assert restored.external_path.startswith(TAKEN)


def test_a_checkpoint_is_triggered_under_our_id_and_found_by_it(flink: str) -> None:
    client = flink_on_tape(flink, "checkpoint-trigger")
    assert client.trigger_checkpoint(A, trigger(1), CheckpointKind.FULL) == trigger(1)
    client = flink_on_tape(flink, "checkpoint-trigger-status")
    status = client.checkpoint_trigger_status(A, trigger(1))
    assert isinstance(status, CheckpointTaken)
    assert status.checkpoint_id > 0


def test_a_failed_checkpoint_says_why(flink: str) -> None:
    client = flink_on_tape(flink, "checkpoint-trigger-status-failed")
    status = client.checkpoint_trigger_status(NONE, trigger(8))
    assert isinstance(status, OperationFailed)
    assert status.job_is_gone


def test_a_savepoint_asked_for_twice_is_one_savepoint(flink: str) -> None:
    for case in ("savepoint-trigger", "savepoint-trigger-again"):
        assert flink_on_tape(flink, case).trigger_savepoint(A, wanted(2)) == trigger(2)
    status = flink_on_tape(flink, "savepoint-status").savepoint_status(A, trigger(2))
    assert status == SavepointAt(location=f"{TAKEN}/savepoint-000000-000000000000")


@pytest.mark.parametrize(
    ("case", "number"), [("savepoint-status-forgotten", 98), ("checkpoint-trigger-forgotten", 99)]
)
def test_an_unknown_trigger_is_forgotten_which_is_no_failure(
    flink: str, case: str, number: int
) -> None:
    client = flink_on_tape(flink, case)
    asks = {98: client.savepoint_status, 99: client.checkpoint_trigger_status}
    status = asks[number](A, trigger(number))
    assert isinstance(status, OperationForgotten)
    assert status.because.reason == "Forgotten"


@pytest.mark.parametrize(
    ("case", "job", "number", "why"),
    [
        ("savepoint-status-failed", A, 3, "neither"),
        ("stop-status-no-job", NONE, 5, "job_is_gone"),
        ("stop-status-not-running", D, 6, "tasks_do_not_run"),
        ("stop-status-restarting", B, 7, "tasks_do_not_run"),
    ],
)
def test_a_failed_savepoint_says_why(
    flink: str, case: str, job: str, number: int, why: str
) -> None:
    status = flink_on_tape(flink, case).savepoint_status(job, trigger(number))
    assert isinstance(status, OperationFailed)
    assert status.job_is_gone is (why == "job_is_gone")
    assert status.tasks_do_not_run is (why == "tasks_do_not_run")


def test_a_stop_asked_for_twice_is_one_stop(flink: str) -> None:
    for case in ("stop", "stop-again"):
        assert flink_on_tape(flink, case).stop(A, wanted(4)) == trigger(4)
    status = flink_on_tape(flink, "stop-status").savepoint_status(A, trigger(4))
    assert isinstance(status, SavepointAt)


@pytest.mark.parametrize(
    ("case", "job", "outcome", "state"),
    [
        ("cancel", D, CancelOutcome.ACCEPTED, None),
        ("cancel-not-found", NONE, CancelOutcome.NOT_FOUND, None),
        ("cancel-already-terminal", A, CancelOutcome.ALREADY_TERMINAL, JobState.FINISHED),
    ],
)
def test_a_cancel_says_what_it_found(
    flink: str, case: str, job: str, outcome: CancelOutcome, state: JobState | None
) -> None:
    cancelled = flink_on_tape(flink, case).cancel(job)
    assert (cancelled.outcome, cancelled.state) == (outcome, state)


def test_a_disposal_is_asked_for_and_followed(flink: str) -> None:
    path = f"{TAKEN}/savepoint-000000-000000000000"
    named = recorded(flink, "dispose")["answer"]["body"]["request-id"]
    assert flink_on_tape(flink, "dispose").dispose_savepoint(path) == named
    assert isinstance(flink_on_tape(flink, "dispose-status").disposal_status(named), Disposed)
    again = recorded(flink, "dispose-status-failed")["request"]["path"].rsplit("/", 1)[1]
    failed = flink_on_tape(flink, "dispose-status-failed").disposal_status(again)
    assert isinstance(failed, OperationFailed)


def test_a_jar_is_uploaded_listed_run_and_deleted(flink: str) -> None:
    jar = Path("TopSpeedWindowing.jar")
    assert flink_on_tape(flink, "jar-upload").upload_jar(jar) == JAR
    (listed,) = flink_on_tape(flink, "jars").jars()
    assert (listed.jar_id, listed.name) == (JAR, jar.name)
    assert [name.rsplit(".", 1)[1] for name in listed.entry_classes] == ["TopSpeedWindowing"]
    run = JarRun(
        job_id=A,
        parallelism=1,
        arguments=("--windowSize", "10"),
        configuration={"pipeline.object-reuse": "true"},
    )
    assert flink_on_tape(flink, "jar-run").run_jar(JAR, run) == Submitted(job_id=A)
    assert flink_on_tape(flink, "jar-delete").delete_jar(JAR)
    assert not flink_on_tape(flink, "jar-delete-again").delete_jar(JAR)


def test_a_jar_run_from_a_savepoint_says_how_it_claims_it(flink: str) -> None:
    run = JarRun(
        job_id=B,
        parallelism=1,
        savepoint_path=f"{TAKEN}/savepoint-000000-000000000000",
        allow_non_restored_state=True,
        claim_mode=ClaimMode.NO_CLAIM,
    )
    assert flink_on_tape(flink, "jar-run-from-savepoint").run_jar(JAR, run).job_id == B


def test_a_jar_that_is_gone_cannot_be_run(flink: str) -> None:
    with pytest.raises(NotFound, match="does not exist"):
        flink_on_tape(flink, "jar-run-not-there").run_jar(JAR, JarRun(job_id=NONE))


def test_a_job_id_that_was_submitted_before_is_a_duplicate(flink: str) -> None:
    with pytest.raises(DuplicateJob):
        flink_on_tape(flink, "jar-run-again").run_jar(JAR, JarRun(job_id=A, parallelism=1))


def test_a_duplicate_of_our_own_first_try_is_a_success(flink: str) -> None:
    client = flink_on_tape(flink, "jar-run-again", again=1)
    submitted = client.run_jar(JAR, JarRun(job_id=A, parallelism=1))
    assert submitted == Submitted(job_id=A, was_there=True)


def test_requirements_are_read_set_and_refused(flink: str) -> None:
    before = flink_on_tape(flink, "requirements").requirements(B)
    assert {(bounds.lower, bounds.upper) for bounds in before.values()} == {(1, 1)}
    more = {vertex: Bounds(lower=1, upper=2) for vertex in before}
    flink_on_tape(flink, "requirements-set").require(B, more)
    odd = {vertex: Bounds(lower=3, upper=2) for vertex in before}
    with pytest.raises(Refused):
        flink_on_tape(flink, "requirements-impossible").require(B, odd)
    with pytest.raises(NotFound):
        flink_on_tape(flink, "requirements-of-no-job").requirements(NONE)


def test_a_job_that_is_not_there_is_told_from_an_endpoint_that_is_not(flink: str) -> None:
    with pytest.raises(NotFound) as job:
        flink_on_tape(flink, "job-not-found").job(NONE)
    with pytest.raises(NotServed):
        flink_on_tape(flink, "no-such-endpoint")._speaker.get("/no-such-endpoint", id)
    assert not isinstance(job.value, NotServed)
    assert NONE in str(job.value)
    assert "\tat " not in str(job.value)
