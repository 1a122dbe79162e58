"""The two folders as the tests see them: written by hand here, as the job would write them."""

from __future__ import annotations

import json
import stat
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from support.steerable import Fault, SteerableJob, TooLate

README = Path(__file__).parents[2] / "jobs" / "steerable" / "README.md"
FACTS: dict[str, Any] = {
    "name": "counter",
    "start": "s1",
    "started_ms": 1,
    "job_id": "j1",
    "attempt": 0,
    "flink": "2.3.0",
    "restored": False,
    "restored_value": 0,
    "restored_checkpoint": -1,
    "lineage": "a",
    "aligned": True,
    "parallelism": 2,
}
FIGURES = {"value": 7, "count": 7, "sum": 28, "errors": 0, "first_error": "", "checkpoint": 3}
CHECKPOINT = FACTS | FIGURES | {"event": "checkpoint", "wall_ms": 5}
AT_ONCE = timedelta(0)


@pytest.fixture
def job(tmp_path: Path) -> SteerableJob:
    return SteerableJob.in_folder(tmp_path / "job")


def write(job: SteerableJob, name: str, *lines: dict[str, Any]) -> None:
    file = job.board.folder / name
    file.parent.mkdir(exist_ok=True)
    file.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")


def test_before_the_first_start_there_is_nothing(job: SteerableJob) -> None:
    assert job.board.value() is None
    assert job.board.history() == ()
    assert job.board.starts() == ()


def test_both_folders_are_open_to_every_user(job: SteerableJob) -> None:
    for folder in (job.board.folder, job.steering.folder):
        assert stat.S_IMODE(folder.stat().st_mode) == 0o777


def test_the_value_is_that_of_the_last_completed_checkpoint(job: SteerableJob) -> None:
    write(job, "value.json", CHECKPOINT | {"a_fact_of_a_later_job": 1})
    value = job.board.value()
    assert value is not None
    assert (value.value, value.checkpoint, value.flink) == (7, 3, "2.3.0")


def test_a_history_line_that_is_still_being_written_is_left_for_later(job: SteerableJob) -> None:
    write(job, "history.jsonl", FACTS | {"event": "start", "wall_ms": 1}, CHECKPOINT)
    with (job.board.folder / "history.jsonl").open("a", encoding="utf-8") as history:
        history.write('{"event": "che')
    assert [line.event for line in job.board.history()] == ["start", "checkpoint"]
    assert [line.value for line in job.board.checkpoints()] == [7]


def test_starts_come_in_their_order_and_drafts_are_no_starts(job: SteerableJob) -> None:
    write(job, "starts/b.json", FACTS | {"started_ms": 1000, "first_record_ms": 1500})
    write(job, "starts/a.json", FACTS | {"started_ms": 2000, "first_record_ms": None})
    (job.board.folder / "starts" / ".a.json.draft").write_text("{", encoding="utf-8")
    starts = job.board.starts()
    assert [start.started_ms for start in starts] == [1000, 2000]
    assert starts[0].first_at == datetime(1970, 1, 1, 0, 0, 1, 500_000, tzinfo=UTC)
    assert starts[1].first_at is None
    assert starts[1].last_at is None


def test_a_fault_is_a_file_that_anybody_may_take_away(job: SteerableJob) -> None:
    job.steering.set(Fault.FAIL_TASK, "2 on purpose")
    file = job.steering.folder / "fail-task"
    assert file.read_text(encoding="utf-8") == "2 on purpose"
    assert stat.S_IMODE(file.stat().st_mode) == 0o666
    assert job.steering.is_set(Fault.FAIL_TASK)
    job.steering.clear_all()
    assert list(job.steering.folder.iterdir()) == []


def test_waiting_ends_with_what_was_waited_for(job: SteerableJob) -> None:
    write(job, "value.json", CHECKPOINT)
    write(job, "starts/a.json", FACTS | {"records": 4})
    assert job.board.wait_for_value(7, within=AT_ONCE).value == 7
    assert job.board.wait_for_start(after=0, within=AT_ONCE).records == 4


def test_waiting_in_vain_says_for_what_and_what_was_there(job: SteerableJob) -> None:
    write(job, "value.json", CHECKPOINT)
    with pytest.raises(
        TooLate, match=r"not within 0:00:00: a value of 8 or more; it shows .*value=7"
    ):
        job.board.wait_for_progress(within=AT_ONCE)
    with pytest.raises(TooLate, match="start number 1 and its first record"):
        job.board.wait_for_start(after=0, within=AT_ONCE)


@pytest.mark.parametrize("fault", Fault)
def test_each_fault_stands_in_the_readme(fault: Fault) -> None:
    assert f"| `{fault}` |" in README.read_text(encoding="utf-8")
