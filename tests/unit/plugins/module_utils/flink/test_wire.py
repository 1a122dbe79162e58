from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.flink.causes import cause_from_trace
from ansible_collections.flinkops.flink.plugins.module_utils.flink.checkpoints import (
    read_checkpoints,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.cluster import (
    read_info,
    read_metrics,
    read_overview,
    read_settings,
    read_task_managers,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jars import (
    read_jars,
    read_uploaded,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jobs import (
    read_details,
    read_exceptions,
    read_jobs,
    read_result,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.operations import (
    read_checkpoint_trigger,
    read_disposal,
    read_savepoint,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.requirements import (
    read_requirements,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.wire import (
    Wire,
    WrongShape,
    read,
)

from .tape import TAPES

READERS: dict[str, Callable[[Wire], object]] = {
    "config": read_info,
    "overview": read_overview,
    "taskmanagers": read_task_managers,
    "jobmanager-config": read_settings,
    "jobs-running": read_jobs,
    "job-running": read_details,
    "result-failed": read_result,
    "exceptions-task-manager-lost": read_exceptions,
    "checkpoints-with-savepoint": read_checkpoints,
    "savepoint-status": read_savepoint,
    "checkpoint-trigger-status": read_checkpoint_trigger,
    "dispose-status": read_disposal,
    "metrics": read_metrics,
    "requirements": read_requirements,
    "jars": read_jars,
    "jar-upload": read_uploaded,
}
BODIES = {
    name: json.loads(path.read_text())["answer"]["body"]
    for name in READERS
    for path in [TAPES / "flink-1.20" / f"{name}.json"]
}
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=8,
)


@pytest.mark.parametrize("name", READERS)
def test_every_reader_reads_its_answer(name: str) -> None:
    READERS[name](Wire(BODIES[name]))


@given(name=st.sampled_from(sorted(READERS)), value=JSON)
def test_a_reader_of_anything_answers_or_says_that_the_shape_is_wrong(
    name: str, value: object
) -> None:
    assert _read_or_refused(name, value)


@given(name=st.sampled_from(sorted(READERS)), data=st.data())
def test_an_answer_with_one_thing_changed_is_read_or_refused(
    name: str, data: st.DataObject
) -> None:
    body = json.loads(json.dumps(BODIES[name]))
    places = list(_places(body))
    holder, key = data.draw(st.sampled_from(places))
    holder[key] = data.draw(JSON)
    assert _read_or_refused(name, body)


def _read_or_refused(name: str, value: object) -> bool:
    """Anything else than a value or a named place is a crash."""
    try:
        READERS[name](Wire(value))
    except WrongShape as error:
        return "the answer" in str(error)
    return True


def _places(value: Any) -> list[tuple[Any, Any]]:
    keys: list[Any] = []
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = list(range(len(value)))
    return [(value, key) for key in keys] + [p for key in keys for p in _places(value[key])]


@given(st.binary(max_size=100))
def test_any_bytes_are_json_or_wrong(body: bytes) -> None:
    try:
        seen = read(body).where
    except WrongShape as error:
        seen = str(error)
    assert len(seen) < 700


def test_a_deep_nest_is_wrong_not_a_crash() -> None:
    with pytest.raises(WrongShape):
        read(b"[" * 200_000)


def test_a_wrong_field_is_named_by_its_path() -> None:
    with pytest.raises(WrongShape, match=r"the answer\.jobs\[0\]\.state is not a string"):
        read_jobs(Wire({"jobs": [{"jid": "x", "state": 3}]}))
    with pytest.raises(WrongShape, match="the answer has no 'jobs'"):
        read_jobs(Wire({}))


@pytest.mark.parametrize(
    ("number", "time"),
    [
        (1795253165614, datetime(2026, 11, 21, 9, 26, 5, 614000, tzinfo=UTC)),
        (-1, None),
        (0, None),
    ],
)
def test_times_are_milliseconds_and_not_yet_is_none(number: int, time: datetime | None) -> None:
    assert Wire({"at": number}).time("at") == time


def test_a_time_beyond_the_calendar_is_wrong() -> None:
    with pytest.raises(WrongShape):
        Wire({"at": 2**70}).time("at")


@given(st.text())
def test_any_stack_trace_has_a_cause_that_can_be_shown(trace: str) -> None:
    cause = cause_from_trace(trace)
    assert 1 <= len(cause.chain) <= 8
    assert len(str(cause)) <= 2048


def test_wrappers_and_frames_are_left_out_of_a_cause() -> None:
    trace = (
        "java.util.concurrent.CompletionException: java.util.concurrent.ExecutionException: "
        "a.Outer: told\n\tat x.Y.z(Y.java:1)\n\t... 3 more\n"
        "Caused by: a.Outer: told\n\tat x.Y\nCaused by: b.Inner: over\ntwo lines\n\tat x.Y\n"
    )
    assert str(cause_from_trace(trace)) == "a.Outer: told <- b.Inner: over two lines"


def test_a_wrapper_between_two_causes_is_left_out() -> None:
    trace = "a.A: x\nCaused by: java.util.concurrent.ExecutionException: y\nCaused by: b.B: z\n"
    assert str(cause_from_trace(trace)) == "a.A: x <- b.B: z"


def test_a_trace_of_wrappers_alone_keeps_the_last() -> None:
    cause = cause_from_trace("java.util.concurrent.CompletionException: why\n\tat x.Y\n")
    assert cause.root.message == "why"


def test_without_a_trace_the_class_is_what_is_known() -> None:
    assert str(cause_from_trace("", "a.B")) == "a.B"
