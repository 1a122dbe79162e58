"""The test job itself, on a real Flink of each line: what carries other tests is proven first."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

import pytest

from e2e.flink_rest.flink_home import flink_home, under_test
from e2e.flink_rest.flink_local import LocalFlink, running_flink
from e2e.steerable.session import Refused, Session, until
from support.counter import Broken, first_violation, interruptions, overlaps, violations
from support.steerable import UNTIL_REMOVED, Fault, SteerableJob

pytestmark = pytest.mark.flink
ROOT = Path(__file__).parents[3]
PROJECT = ROOT / "tests" / "jobs" / "steerable"
SOON = timedelta(seconds=60)


@dataclass(frozen=True, slots=True)
class Bed:
    flink: LocalFlink
    session: Session


@dataclass(frozen=True, slots=True)
class Trial:
    """One test's own folders on the cluster that all share."""

    session: Session
    job: SteerableJob

    def run(self, *arguments: str, restore: str | None = None) -> str:
        folders = ("--out", str(self.job.board.folder), "--control", str(self.job.steering.folder))
        return self.session.run(*folders, "--rate", "100", *arguments, restore=restore)

    def nothing_lost(self) -> None:
        assert first_violation(self.job.board.history()) is None
        assert overlaps(self.job.board.starts()) == ()


@pytest.fixture(scope="module")
def jar() -> Path:
    """Built when its sources are newer."""
    subprocess.run([ROOT / "hack" / "testjob.sh"], check=True)
    return PROJECT / "target" / "steerable.jar"


@pytest.fixture(scope="module", params=under_test())
def bed(
    request: pytest.FixtureRequest, jar: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Bed]:
    home = flink_home(request.param)
    settings = {
        "state.checkpoints.num-retained": "2",
        "execution.checkpointing.interval": "500ms",
        "restart-strategy.fixed-delay.delay": "200ms",
        "web.cancelable-jobs.enable": "true",
    }
    with running_flink(home, tmp_path_factory.mktemp("flink"), settings) as flink:
        yield Bed(flink, Session.with_jar(flink.url, jar))


@pytest.fixture
def trial(bed: Bed, tmp_path: Path) -> Iterator[Trial]:
    trial = Trial(bed.session, SteerableJob.in_folder(tmp_path))
    yield trial
    trial.job.steering.clear_all()
    for job in bed.session.ask("GET", "/jobs")["jobs"]:
        if job["status"] not in {"CANCELED", "FINISHED", "FAILED"}:
            bed.session.cancel(job["id"])


def test_the_value_goes_on_from_a_retained_checkpoint_at_any_parallelism(trial: Trial) -> None:
    board, restore = trial.job.board, None
    for parallelism in (1, 4, 2, 3):
        job = trial.run("--parallelism-of-work", str(parallelism), restore=restore)
        least = (board.value() or board.wait_for_value(1, within=SOON)).value + 200
        shown = board.wait_for_value(least, within=SOON)
        assert shown.parallelism == parallelism
        assert shown.restored is (restore is not None)
        assert shown.count == shown.value
        assert shown.sum == shown.value * (shown.value + 1) // 2
        trial.session.cancel(job)
        restore = trial.session.last_checkpoint(job)
    trial.nothing_lost()
    assert len(interruptions(board.starts())) == 3


def test_a_failed_task_is_restarted_and_nothing_is_lost(trial: Trial) -> None:
    board = trial.job.board
    job = trial.run("--parallelism-of-work", "2")
    board.wait_for_value(50, within=SOON)
    trial.job.steering.set(Fault.FAIL_TASK, "2 on purpose")
    until(lambda: board.starts()[-1].attempt == 2 or None, "the third attempt")
    shown = board.wait_for_progress(within=SOON)
    assert (shown.restored, shown.attempt, shown.job_id) == (True, 2, job)
    assert not trial.job.steering.is_set(Fault.FAIL_TASK)
    trial.nothing_lost()


def test_tasks_fail_while_they_are_told_to_and_then_go_on(trial: Trial) -> None:
    job = trial.run()
    trial.job.board.wait_for_value(1, within=SOON)
    trial.job.steering.set(Fault.FAIL_TASK_ALWAYS, "each time")
    until(lambda: len(trial.job.board.starts()) >= 3 or None, "three starts")
    trial.job.steering.clear(Fault.FAIL_TASK_ALWAYS)
    trial.job.board.wait_for_progress(within=SOON)
    cause = trial.session.ask("GET", f"/jobs/{job}/exceptions")
    assert "steered by fail-task-always: each time" in str(cause)
    trial.nothing_lost()


def test_a_restore_fails_while_it_is_told_to(trial: Trial) -> None:
    trial.run()
    trial.job.board.wait_for_value(1, within=SOON)
    trial.job.steering.set(Fault.FAIL_RESTORE, "2")
    trial.job.steering.set(Fault.FAIL_TASK)
    until(lambda: not trial.job.steering.is_set(Fault.FAIL_RESTORE) or None, "two failed restores")
    trial.job.board.wait_for_progress(within=SOON)
    trial.nothing_lost()


def test_a_stop_with_savepoint_publishes_what_the_savepoint_holds(trial: Trial) -> None:
    board = trial.job.board
    job = trial.run("--parallelism-of-work", "2")
    board.wait_for_value(50, within=SOON)
    request = trial.session.trigger(job, "stop", drain=False)
    where = trial.session.wait_for_savepoint(job, request)
    trial.session.wait_for(job, "FINISHED")
    last = board.value()
    assert last is not None
    trial.run("--parallelism-of-work", "3", restore=where)
    start = board.wait_for_start(after=1, within=SOON)
    assert start.restored_value == last.value
    board.wait_for_progress(within=SOON)
    trial.nothing_lost()


def test_a_savepoint_hangs_until_it_may_end_and_the_job_goes_on_meanwhile(trial: Trial) -> None:
    board, steering = trial.job.board, trial.job.steering
    job = trial.run()
    board.wait_for_value(1, within=SOON)
    steering.set(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED)
    request = trial.session.trigger(job, "savepoints", **{"cancel-job": False})
    counted = board.starts()[-1].last_record
    until(lambda: board.starts()[-1].last_record > counted + 200 or None, "200 records more")
    assert trial.session.savepoint(job, request) == {}
    steering.clear(Fault.SLOW_CHECKPOINT)
    assert trial.session.wait_for_savepoint(job, request).startswith("file:")
    board.wait_for_progress(within=SOON)
    assert board.starts()[-1].largest_gap_ms < 2000
    trial.nothing_lost()


def test_a_job_with_a_hanging_savepoint_can_be_cancelled(trial: Trial) -> None:
    job = trial.run()
    trial.job.board.wait_for_value(1, within=SOON)
    for fault in (Fault.SLOW_CHECKPOINT, Fault.BLOCK_CHECKPOINT):
        trial.job.steering.set(fault, UNTIL_REMOVED)
    trial.session.trigger(job, "savepoints", **{"cancel-job": False})
    trial.session.cancel(job)
    where = trial.session.last_checkpoint(job)
    trial.job.steering.clear_all()
    trial.run(restore=where)
    trial.job.board.wait_for_progress(within=SOON)
    trial.nothing_lost()


def test_a_blocked_checkpoint_stops_the_records(trial: Trial) -> None:
    trial.run()
    trial.job.board.wait_for_value(1, within=SOON)
    trial.job.steering.set(Fault.BLOCK_CHECKPOINT, "1500")
    until(lambda: trial.job.board.starts()[-1].largest_gap_ms >= 1400 or None, "a gap of 1.5 s")
    trial.job.steering.clear_all()
    trial.job.board.wait_for_progress(within=SOON)
    trial.nothing_lost()


def test_a_failed_checkpoint_says_who_failed_it(trial: Trial) -> None:
    job = trial.run()
    trial.job.board.wait_for_value(1, within=SOON)
    trial.job.steering.set(Fault.FAIL_CHECKPOINT, "1 no storage")
    start = trial.job.board.wait_for_start(after=1, within=SOON)
    trial.job.board.wait_for_progress(within=SOON)
    assert start.restored
    assert trial.session.ask("GET", f"/jobs/{job}/checkpoints")["counts"]["failed"] >= 1
    assert not trial.job.steering.is_set(Fault.FAIL_CHECKPOINT)
    trial.nothing_lost()


def test_a_job_ends_when_told_to_and_its_last_checkpoint_holds_all_records(trial: Trial) -> None:
    job = trial.run("--parallelism-of-work", "2")
    trial.job.board.wait_for_value(1, within=SOON)
    trial.job.steering.set(Fault.FINISH)
    trial.session.wait_for(job, "FINISHED")
    shown = trial.job.board.value()
    assert shown is not None
    assert shown.value == trial.job.board.starts()[-1].records
    trial.nothing_lost()


def test_a_bounded_job_ends_at_its_last_number(trial: Trial) -> None:
    job = trial.run("--max", "130", "--parallelism-of-work", "3")
    trial.session.wait_for(job, "FINISHED")
    shown = trial.job.board.value()
    assert shown is not None
    assert (shown.value, shown.sum) == (130, 130 * 131 // 2)


def test_a_paused_job_completes_checkpoints_of_the_same_value(trial: Trial) -> None:
    trial.run()
    trial.job.board.wait_for_value(1, within=SOON)
    trial.job.steering.set(Fault.PAUSE)
    history = trial.job.board.checkpoints

    def settled() -> bool | None:
        values = [line.value for line in history()[-3:]]
        return True if len(values) == 3 and len(set(values)) == 1 else None

    until(settled, "three checkpoints of one value")
    trial.job.steering.clear(Fault.PAUSE)
    trial.job.board.wait_for_progress(within=SOON)
    trial.nothing_lost()


def test_the_rate_can_be_changed_while_it_runs(trial: Trial) -> None:
    trial.run()
    trial.job.board.wait_for_value(1, within=SOON)
    trial.job.steering.set(Fault.RATE, "5000")
    trial.job.board.wait_for_value(5000, within=SOON)
    trial.nothing_lost()


def test_a_start_that_is_told_to_fail_never_becomes_a_job(trial: Trial) -> None:
    trial.job.steering.set(Fault.FAIL_START, "1 bad version")
    with pytest.raises(Refused, match="steered by fail-start: bad version"):
        trial.run()
    trial.job.steering.set(Fault.SLOW_START, "300")
    trial.job.steering.set(Fault.SLOW_TASK_START, "300")
    trial.run()
    trial.job.board.wait_for_value(1, within=SOON)


def test_an_argument_that_is_none_is_refused_by_name(trial: Trial) -> None:
    with pytest.raises(Refused, match="argument --speed: known are --control --max"):
        trial.run("--speed", "3")
    with pytest.raises(Refused, match="--rate zero: a whole number from 1 is wanted"):
        trial.session.run("--rate", "zero")


def test_an_empty_start_and_an_older_state_are_told_apart(trial: Trial) -> None:
    board = trial.job.board
    job = trial.run()
    board.wait_for_value(1, within=SOON)
    older = trial.session.wait_for_savepoint(
        job, trial.session.trigger(job, "savepoints", **{"cancel-job": False})
    )
    board.wait_for_progress(within=SOON)
    board.wait_for_progress(within=SOON)
    trial.session.cancel(job)
    job = trial.run(restore=older)
    board.wait_for_start(after=1, within=SOON)
    trial.session.cancel(job)
    trial.run()
    board.wait_for_start(after=2, within=SOON)
    kinds = [found.kind for found in violations(board.history())]
    assert kinds == [Broken.OLDER_STATE, Broken.EMPTY_START]


def test_a_task_manager_exits_with_the_code_that_it_is_told(trial: Trial, bed: Bed) -> None:
    """The last test: no other has a TaskManager after it."""
    trial.run()
    trial.job.board.wait_for_value(1, within=SOON)
    trial.job.steering.set(Fault.EXIT_JVM, "7")
    assert bed.flink.processes[1].wait(timeout=30) == 7
    assert not trial.job.steering.is_set(Fault.EXIT_JVM)
