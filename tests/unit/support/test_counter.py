"""What a history proves is itself proven here: each kind of damage is made and found."""

from __future__ import annotations

from dataclasses import asdict, replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from support.counter import (
    Broken,
    first_violation,
    interruptions,
    largest_interruption,
    overlaps,
    violations,
)
from support.steerable import Line, Start


def line(event: str, start: str = "s1", value: int = 0, **more: Any) -> Line:
    facts: dict[str, Any] = {
        "name": "counter",
        "start": start,
        "started_ms": 1,
        "job_id": "j" + start,
        "attempt": 0,
        "flink": "1.20.5",
        "parallelism": 1,
        "restored": False,
        "restored_value": 0,
        "restored_checkpoint": -1,
        "lineage": "a",
        "aligned": True,
        "event": event,
        "wall_ms": 1,
        **({"value": value, "count": value, "checkpoint": value} if event == "checkpoint" else {}),
    }
    return Line.of(facts | more)


def restored(start: str, value: int, **more: Any) -> Line:
    return line("start", start, restored=True, restored_value=value, **more)


def started(first: int | None, last: int | None, records: int = 1) -> Start:
    times = {"first_record_ms": first, "last_record_ms": last, "records": records}
    return Start.of(asdict(line("start")) | times)


GOOD = (
    line("start"),
    line("checkpoint", value=5),
    line("checkpoint", value=5),
    restored("s2", 7),
    line("checkpoint", "s2", value=9),
)


def kinds(*history: Line, empty_starts: int = 0) -> list[Broken]:
    return [found.kind for found in violations(history, empty_starts=empty_starts)]


def test_a_counter_that_only_grows_is_right() -> None:
    assert kinds(*GOOD) == []
    assert first_violation(GOOD) is None
    assert first_violation(()) is None


@pytest.mark.parametrize(
    ("wrong", "kind"),
    [
        pytest.param(line("checkpoint", "s2", value=8), Broken.WENT_BACK, id="a smaller value"),
        pytest.param(restored("s3", 8), Broken.OLDER_STATE, id="a restore of an older state"),
        pytest.param(line("start", "s3", lineage="b"), Broken.EMPTY_START, id="an empty start"),
        pytest.param(line("checkpoint", "s1", value=9), Broken.TWO_WRITERS, id="an earlier start"),
        pytest.param(line("error", "s2", error="gap: 3"), Broken.GAP_OR_REPEAT, id="an error"),
        pytest.param(
            line("checkpoint", "s2", value=9, errors=1, first_error="gap"),
            Broken.GAP_OR_REPEAT,
            id="an error kept in the state",
        ),
    ],
)
def test_each_damage_is_found_and_names_its_start(wrong: Line, kind: Broken) -> None:
    found = violations([*GOOD, wrong])
    assert [one.kind for one in found] == [kind]
    assert f"start {wrong.start}" in found[0].message
    assert first_violation([*GOOD, wrong]) == found[0]


def test_a_restore_of_exactly_what_was_published_is_right() -> None:
    assert kinds(*GOOD, restored("s3", 9), line("checkpoint", "s3", value=9)) == []


def test_a_first_start_that_never_published_may_be_followed_by_another_empty_one() -> None:
    assert kinds(line("start"), line("start", "s2", lineage="b")) == []


def test_an_empty_start_that_the_test_wanted_is_allowed_once() -> None:
    again = (line("start", "s3", lineage="b"), line("checkpoint", "s3", value=1, lineage="b"))
    third = line("start", "s4", lineage="c")
    assert kinds(*GOOD, *again, empty_starts=1) == []
    assert kinds(*GOOD, *again, third, empty_starts=1) == [Broken.EMPTY_START]


def test_a_state_that_was_never_published_may_not_be_lost_either() -> None:
    history = (line("start"), restored("s2", 7), restored("s3", 6))
    assert kinds(*history) == [Broken.OLDER_STATE]


def test_after_an_older_state_the_counter_is_watched_from_there() -> None:
    older = restored("s3", 2)
    assert kinds(*GOOD, older, line("checkpoint", "s3", value=3)) == [Broken.OLDER_STATE]


@given(values=st.lists(st.integers(1, 50), min_size=2))
def test_a_single_start_is_right_exactly_when_its_values_are_sorted(values: list[int]) -> None:
    history = [line("start"), *(line("checkpoint", value=value) for value in values)]
    assert (first_violation(history) is None) == (values == sorted(values))


def test_an_interruption_lies_between_the_records_of_two_starts() -> None:
    starts = (
        started(100, 200),
        started(None, None, records=0),
        started(900, 950),
        started(960, 990),
    )
    lasted = [found.lasted for found in interruptions(starts)]
    assert lasted == [timedelta(milliseconds=700), timedelta(milliseconds=10)]
    largest = largest_interruption(starts)
    assert largest is not None
    assert (largest.before, largest.after) == (starts[0], starts[2])
    assert overlaps(starts) == ()


def test_one_start_has_no_interruption() -> None:
    assert interruptions([started(1, 2)]) == ()
    assert largest_interruption([started(1, 2)]) is None


def test_two_starts_that_count_at_once_overlap() -> None:
    first, second = started(100, 500), started(400, 900)
    assert [found.after for found in overlaps([first, second])] == [second]
    assert overlaps([first, replace(second, first_record_ms=500)]) == ()
