"""What no tape holds: states of newer Flinks, forms of older ones."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.jobs import (
    JobState,
    TaskCounts,
    read_exceptions,
    read_jobs,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.wire import Wire

from .tape import A


def overview(state: str, **tasks: int) -> Wire:
    return Wire({"jobs": [{"jid": A, "name": "n", "state": state, "tasks": tasks}]})


def test_a_state_that_nobody_knows_is_unknown_and_kept() -> None:
    (job,) = read_jobs(overview("HIBERNATING", total=1, running=1))
    assert (job.state, job.state_text) == (JobState.UNKNOWN, "HIBERNATING")
    assert not job.state.is_terminal
    assert not job.runs_whole


def test_only_three_states_are_terminal() -> None:
    terminal = {state for state in JobState if state.is_terminal}
    assert terminal == {JobState.FAILED, JobState.CANCELED, JobState.FINISHED}


@pytest.mark.parametrize(
    ("tasks", "whole"),
    [
        ({"total": 2, "running": 2}, True),
        ({"total": 2, "running": 1, "finished": 1}, True),
        ({"total": 2, "running": 1, "deploying": 1}, False),
        ({"total": 2, "running": 1, "initializing": 1}, False),
        ({"total": 0}, False),
    ],
)
def test_a_running_job_runs_whole_when_all_its_tasks_do(tasks: dict[str, int], whole: bool) -> None:
    (job,) = read_jobs(overview("RUNNING", **tasks))
    assert job.runs_whole is whole


@pytest.mark.parametrize("state", [state for state in JobState if state is not JobState.RUNNING])
def test_a_job_that_is_not_running_never_runs_whole(state: JobState) -> None:
    (job,) = read_jobs(overview(state, total=1, running=1))
    assert not job.runs_whole


def test_tasks_without_a_total_are_added_up() -> None:
    (job,) = read_jobs(overview("RUNNING", running=2, created=1))
    assert job.tasks == TaskCounts(total=3, by_state={"running": 2, "created": 1})


ENTRY = {
    "exceptionName": "a.B",
    "stacktrace": "a.B: why\n\tat c\n",
    "timestamp": 1,
    "taskName": "Map (1/2)",
    "location": "host:1",
    "concurrentExceptions": [],
}
NEW = {"exceptionHistory": {"entries": [{**ENTRY, "endpoint": "tm:1"}], "truncated": True}}
OLD: dict[str, Any] = {
    "root-exception": "a.B: root\n\tat c\n",
    "timestamp": 5,
    "all-exceptions": [{"exception": "a.B: root", "task": "t", "location": "l", "timestamp": 5}],
    "truncated": False,
    "exceptionHistory": {"entries": [ENTRY], "truncated": False},
}


def test_exceptions_of_a_new_flink_have_their_root_in_the_history() -> None:
    seen = read_exceptions(Wire(NEW))
    assert seen.root is not None
    assert (str(seen.root.cause), seen.root.task) == ("a.B: why", "Map (1/2)")
    assert seen.root.endpoint == "tm:1"
    assert seen.truncated


def test_exceptions_of_an_old_flink_have_their_root_at_the_top() -> None:
    seen = read_exceptions(Wire(OLD))
    assert seen.root is not None
    assert str(seen.root.cause) == "a.B: root"
    assert seen.history[0].endpoint == "host:1"
    assert seen.history[0].labels == {}


def test_an_answer_without_history_still_has_its_root() -> None:
    seen = read_exceptions(Wire({**OLD, "exceptionHistory": None}))
    assert seen.root is not None
    assert seen.history == ()


def test_labels_of_failures_are_kept() -> None:
    entries = [{**ENTRY, "failureLabels": {"type": "user"}}]
    seen = read_exceptions(Wire({"exceptionHistory": {"entries": entries, "truncated": False}}))
    assert seen.history[0].labels == {"type": "user"}
