# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What two looks at a job's counters say, whatever was remembered and whichever way clocks go."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.health import (
    CHECKPOINTS,
    HIGHEST,
    KEY,
    PARTS,
    RESTARTS,
    Memory,
    Watched,
    remembered,
    watched,
    written,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.health_keys import Limits
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import EPOCH
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Counters
from support.looks import NOW

MINUTE = timedelta(minutes=1)
WINDOW = 20 * MINUTE
LIMITS = Limits(restarts=64, window=2 * MINUTE, progress=WINDOW, is_periodic=True)
ALONE = replace(LIMITS, progress=None)
MEMORY = Memory(at=NOW, restarts=10, counted_at=NOW, checkpoints=5, progress_at=NOW)
SECONDS = st.integers(0, 10**7).map(lambda seconds: timedelta(seconds=seconds))
JUMPS = st.integers(-(10**7), 10**7).map(lambda seconds: timedelta(seconds=seconds))


def looked(
    restarts: int | None = 10,
    checkpoints: int | None = 5,
    *,
    after: timedelta = MINUTE,
    memory: Memory | None = MEMORY,
    limits: Limits = LIMITS,
) -> Watched:
    seen = Counters(restarts=restarts, checkpoints=checkpoints)
    return watched(memory, seen, limits, NOW + after)


# restarts


def test_the_first_look_only_remembers() -> None:
    found = looked(1000, 0, memory=None)
    assert (found.finding, found.is_worth) == ("", True)
    assert found.next == Memory(
        at=NOW + MINUTE,
        restarts=1000,
        counted_at=NOW + MINUTE,
        checkpoints=0,
        progress_at=NOW + MINUTE,
    )


@pytest.mark.row("C-055")
@pytest.mark.parametrize(
    ("restarts", "after", "finding"),
    [
        (10 + 64, MINUTE, ""),
        (10 + 65, MINUTE, RESTARTS),
        (10 + 65, timedelta(0), RESTARTS),
        (10 + 65, 2 * MINUTE, RESTARTS),
        (10 + 129, 4 * MINUTE, ""),
        (10 + 130, 4 * MINUTE, RESTARTS),
        (10 + 10000, timedelta(days=1), ""),
        (9, MINUTE, ""),
    ],
)
def test_more_restarts_than_the_threshold_in_a_window_are_too_many(
    restarts: int, after: timedelta, finding: str
) -> None:
    assert looked(restarts, 6, after=after).finding == finding


def test_restarts_that_were_counted_over_a_longer_time_are_scaled_to_the_window() -> None:
    assert looked(10 + 100, after=10 * MINUTE).restarts == 20


@pytest.mark.parametrize("restarts", [0, 9])
def test_fewer_restarts_than_before_begin_a_count_anew(restarts: int) -> None:
    """The JobManager was made again, and counts from nothing."""
    found = looked(restarts)
    assert found.next is not None
    assert (found.next.restarts, found.next.counted_at) == (restarts, NOW + MINUTE)
    assert found.is_worth


def test_a_window_that_has_passed_begins_a_count_anew() -> None:
    found = looked(12, 6, after=3 * MINUTE)
    assert found.next is not None
    assert (found.next.restarts, found.next.counted_at) == (12, NOW + 3 * MINUTE)


def test_what_was_found_is_found_again_until_the_job_is_restarted() -> None:
    found = looked(10 + 65 * 10, 6, after=3 * MINUTE)
    assert found.finding == RESTARTS
    assert found.next is not None
    assert (found.next.restarts, found.next.counted_at) == (10, NOW)


# checkpoints


@pytest.mark.row("C-055")
@pytest.mark.parametrize(
    ("stuck", "checkpoints", "finding"),
    [
        (WINDOW - MINUTE, 5, ""),
        (WINDOW, 5, CHECKPOINTS),
        (WINDOW * 10, 5, CHECKPOINTS),
        (WINDOW * 10, 6, ""),
        (WINDOW * 10, 4, ""),
        (WINDOW * 10, 0, ""),
    ],
)
def test_no_checkpoint_for_longer_than_the_window_is_unhealthy(
    stuck: timedelta, checkpoints: int, finding: str
) -> None:
    memory = replace(MEMORY, progress_at=NOW - stuck)
    found = looked(checkpoints=checkpoints, memory=memory)
    assert found.finding == finding


def test_progress_is_remembered_with_its_time() -> None:
    found = looked(checkpoints=6, after=WINDOW / PARTS)
    assert found.next is not None
    assert (found.next.checkpoints, found.next.progress_at) == (6, NOW + WINDOW / PARTS)


def test_a_job_of_which_nothing_says_that_it_takes_checkpoints_may_have_none() -> None:
    memory = replace(MEMORY, checkpoints=0, progress_at=NOW - 10 * WINDOW)
    silent = replace(LIMITS, is_periodic=False)
    assert looked(checkpoints=0, memory=memory, limits=silent).finding == ""
    once = replace(memory, checkpoints=3)
    assert looked(checkpoints=3, memory=once, limits=silent).finding == CHECKPOINTS


def test_a_job_that_is_watched_all_the_time_is_found_stuck_soon_after_its_window() -> None:
    """Looked at each second, with what is worth a write written, and nothing else."""
    memory, writes, after = MEMORY, 0, timedelta(0)
    while True:
        after += timedelta(seconds=1)
        found = looked(memory=memory, after=after)
        if found.finding:
            break
        if found.is_worth and found.next:
            memory, writes = found.next, writes + 1
    assert WINDOW < after <= WINDOW + timedelta(seconds=2)
    assert writes == PARTS


# silence


@given(SECONDS, st.integers(0, 100), st.integers(0, 100))
def test_a_counter_that_is_not_seen_makes_no_job_unhealthy_and_stays_as_it_was(
    after: timedelta, restarts: int, checkpoints: int
) -> None:
    memory = replace(
        MEMORY, restarts=restarts, checkpoints=checkpoints, progress_at=NOW - 2 * WINDOW
    )
    found = looked(None, None, after=after, memory=memory)
    assert (found.finding, found.is_worth) == ("", False)
    assert found.next is not None
    assert (found.next.restarts, found.next.checkpoints) == (restarts, checkpoints)
    assert found.next.at - found.next.progress_at == 2 * WINDOW


# clocks


@given(JUMPS, st.integers(0, 64), st.floats(0, 1 - 1 / PARTS))
def test_no_jump_of_a_clock_makes_a_job_unhealthy_at_once(
    jump: timedelta, restarts: int, part: float
) -> None:
    """A job that was well up to now: few restarts, its last checkpoint not long ago."""
    memory = replace(MEMORY, progress_at=NOW - WINDOW * part)
    found = looked(10 + restarts, after=jump, memory=memory)
    assert found.finding == ""


@given(SECONDS)
def test_time_that_nobody_watched_counts_for_a_part_of_the_window_at_most(away: timedelta) -> None:
    assert looked(after=away).stuck <= WINDOW / PARTS


@given(JUMPS)
def test_a_memory_from_the_future_is_written_anew_and_keeps_what_was_watched(
    jump: timedelta,
) -> None:
    memory = replace(MEMORY, progress_at=NOW - 5 * MINUTE)
    found = looked(after=jump, memory=memory)
    assert found.next is not None
    assert found.next.at == NOW + jump
    assert found.next.counted_at <= found.next.at
    assert found.next.progress_at <= found.next.at
    assert found.stuck >= 5 * MINUTE
    assert found.is_worth or jump >= timedelta(0)


def test_a_clock_that_goes_back_begins_a_count_of_restarts_anew() -> None:
    found = looked(10 + 1000, after=-MINUTE)
    assert found.finding == ""
    assert found.next is not None
    assert (found.next.restarts, found.next.counted_at) == (1010, NOW - MINUTE)
    unseen = looked(None, None, after=-MINUTE).next
    assert unseen is not None
    assert unseen.counted_at == NOW - MINUTE


# writes


@pytest.mark.parametrize("limits", [LIMITS, ALONE])
def test_a_second_look_writes_nothing(limits: Limits) -> None:
    for seconds in (0, 1, 60, 119):
        after = timedelta(seconds=seconds)
        assert not looked(12, 9, after=after, limits=limits).is_worth


def test_a_quiet_job_whose_restarts_alone_are_watched_is_never_written() -> None:
    assert not looked(after=timedelta(days=100), limits=ALONE).is_worth


def test_restarts_are_written_once_a_window_at_most() -> None:
    assert not looked(11, after=2 * MINUTE, limits=ALONE).is_worth
    assert looked(11, after=2 * MINUTE + timedelta(seconds=1), limits=ALONE).is_worth


def test_a_jobmanager_that_counts_checkpoints_anew_is_worth_a_write() -> None:
    assert looked(checkpoints=4).is_worth
    assert not looked(checkpoints=6).is_worth


def test_a_quiet_job_is_written_once_in_a_part_of_the_window() -> None:
    assert not looked(after=WINDOW / PARTS - timedelta(seconds=1)).is_worth
    assert looked(after=WINDOW / PARTS).is_worth


# the form


def test_it_is_remembered_in_the_form_of_the_contract() -> None:
    said = json.loads(written(replace(MEMORY, finding=RESTARTS)))
    millis = int(NOW.timestamp() * 1000)
    assert said == {
        "timeStamp": millis,
        "numRestarts": 10,
        "numRestartsEvaluationTimeStamp": millis,
        "numCompletedCheckpoints": 5,
        "numCompletedCheckpointsIncreasedTimeStamp": millis,
        "healthResult": {"healthy": False, "error": RESTARTS},
    }
    well = json.loads(written(MEMORY))
    assert well["healthResult"] == {"healthy": True, "error": None}


MEMORIES = st.builds(
    lambda at, ages, counts, finding: Memory(
        at=EPOCH + at,
        restarts=counts[0],
        counted_at=max(EPOCH + at - ages[0], EPOCH + timedelta(seconds=1)),
        checkpoints=counts[1],
        progress_at=max(EPOCH + at - ages[1], EPOCH + timedelta(seconds=1)),
        finding=finding,
    ),
    st.integers(1, 10**10).map(lambda seconds: timedelta(seconds=seconds)),
    st.tuples(SECONDS, SECONDS),
    st.tuples(st.integers(0, HIGHEST), st.integers(0, HIGHEST)),
    st.sampled_from(["", RESTARTS, CHECKPOINTS]),
)


@given(MEMORIES)
def test_what_is_written_is_remembered(memory: Memory) -> None:
    assert remembered({KEY: written(memory)}) == memory


def test_a_count_that_is_larger_than_the_contracts_is_cut() -> None:
    assert json.loads(written(replace(MEMORY, restarts=2**40)))["numRestarts"] == HIGHEST


@pytest.mark.parametrize("finding", ["Restart count hit threshold: 64", 1, None])
def test_a_state_of_the_contracts_operator_is_read_and_its_words_are_its_own(
    finding: Any,
) -> None:
    said = json.loads(written(MEMORY)) | {"healthResult": {"healthy": False, "error": finding}}
    assert remembered({KEY: json.dumps(said)}) == MEMORY


def test_a_state_of_the_contracts_older_operator_is_read() -> None:
    millis = int(NOW.timestamp() * 1000)
    older = {"timeStamp": millis, "numRestarts": 10, "healthy": True}
    assert remembered({KEY: json.dumps(older)}) == replace(MEMORY, checkpoints=0)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "{",
        "[]",
        "null",
        "7",
        "[" * 100_000,
        "{}",
        '{"timeStamp":0,"numRestarts":1}',
        '{"timeStamp":1795262400000}',
        '{"timeStamp":"soon","numRestarts":1}',
        '{"timeStamp":1795262400000,"numRestarts":-1}',
        '{"timeStamp":1795262400000,"numRestarts":true}',
        '{"timeStamp":99999999999999999999999,"numRestarts":1}',
    ],
    ids=lambda said: said[:30],
)
def test_what_is_garbled_is_not_remembered(said: str) -> None:
    assert remembered({KEY: said}) is None


@given(st.recursive(st.none() | st.integers() | st.text(), st.lists, max_leaves=3))
def test_no_cluster_info_is_a_stumbling_block(info: Any) -> None:
    assert remembered(info) is None
    assert remembered({KEY: info}) is None


@given(
    st.fixed_dictionaries(
        {"timeStamp": st.integers(1, 10**13), "numRestarts": st.integers(0, 10**12)},
        optional=dict.fromkeys(
            [
                "numRestartsEvaluationTimeStamp",
                "numCompletedCheckpoints",
                "numCompletedCheckpointsIncreasedTimeStamp",
                "healthResult",
                "healthy",
            ],
            st.none() | st.integers() | st.text() | st.booleans(),
        ),
    ),
    JUMPS,
    st.none() | st.integers(0, 10**6),
    st.none() | st.integers(0, 10**6),
)
def test_whatever_stands_there_can_be_gone_on_from(
    said: dict[str, Any], jump: timedelta, restarts: int | None, checkpoints: int | None
) -> None:
    memory = remembered({KEY: json.dumps(said)})
    found = looked(restarts, checkpoints, memory=memory, after=jump)
    assert found.next is not None
    assert remembered({KEY: written(found.next)}) is not None
