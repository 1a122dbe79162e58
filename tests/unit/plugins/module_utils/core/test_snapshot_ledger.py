# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ledger: the five latest snapshots, newest first, and no write for its own sake."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Checkpoint
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_ledger import (
    in_ledger,
    is_worth_a_write,
    ledger,
    newest_in_ledger,
    noted,
    struck,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
JOB: dict[str, Any] = {"jobStatus": {"jobId": "a" * 32}}


def checkpoint(number: int, seconds_ago: int, **more: Any) -> Checkpoint:
    completed = NOW - timedelta(seconds=seconds_ago)
    return Checkpoint(id=number, path=f"s3://b/chk-{number}", completed=completed, **more)


def test_what_flink_shows_is_taken_in_with_all_its_fields() -> None:
    told = ledger(JOB, [checkpoint(3, 10), checkpoint(4, 5, is_savepoint=True)], NOW)
    assert told["ledger"] == [
        {
            "kind": "savepoint",
            "path": "s3://b/chk-4",
            "time": "2026-11-21T11:59:55Z",
            "jobId": "a" * 32,
            "id": 4,
        },
        {
            "kind": "checkpoint",
            "path": "s3://b/chk-3",
            "time": "2026-11-21T11:59:50Z",
            "jobId": "a" * 32,
            "id": 3,
        },
    ]


def test_the_same_again_changes_nothing() -> None:
    once = ledger(JOB, [checkpoint(3, 10)], NOW)
    assert ledger(once, [checkpoint(3, 10)], NOW + timedelta(hours=1)) == once


def test_nothing_seen_and_nothing_noted_leaves_no_field() -> None:
    assert ledger(JOB, [], NOW) == JOB


def test_one_that_was_asked_for_gets_its_number_when_flink_tells_it() -> None:
    asked = noted(JOB, kind="savepoint", path="s3://b/chk-3", time=NOW, checkpoint_id=None)
    told = ledger(asked, [checkpoint(3, 10, is_savepoint=True)], NOW)
    assert [(s.path, s.id) for s in in_ledger(told)] == [("s3://b/chk-3", 3)]


def test_one_without_a_path_is_nothing_to_start_from() -> None:
    assert noted(JOB, kind="checkpoint", path="", time=NOW, checkpoint_id=1) == JOB


def test_what_is_struck_is_no_more() -> None:
    told = ledger(JOB, [checkpoint(3, 10), checkpoint(4, 5)], NOW)
    newest = newest_in_ledger(struck(told, "s3://b/chk-4"))
    assert newest is not None
    assert newest.path == "s3://b/chk-3"


def test_it_is_worth_a_write_once_a_minute_and_only_for_something_new() -> None:
    old = ledger(JOB, [checkpoint(3, 30)], NOW)
    new = ledger(old, [checkpoint(4, 0)], NOW)
    assert is_worth_a_write(JOB, old, NOW)
    assert not is_worth_a_write(old, new, NOW)
    assert not is_worth_a_write(old, old, NOW + timedelta(hours=1))
    assert is_worth_a_write(old, new, NOW + timedelta(seconds=30))


def test_a_checkpoint_of_a_clock_ahead_of_ours_does_not_hold_it_up() -> None:
    told = ledger(JOB, [checkpoint(3, -9999)], NOW)
    newest = newest_in_ledger(told)
    assert newest is not None
    assert newest.time == NOW


NUMBERS = st.lists(st.tuples(st.integers(1, 99), st.integers(0, 9999)), max_size=12)


@given(NUMBERS)
def test_it_holds_the_five_newest_in_their_order(seen: list[tuple[int, int]]) -> None:
    unique = {number: checkpoint(number, ago) for number, ago in seen}
    found = in_ledger(ledger(JOB, unique.values(), NOW))
    times = sorted((c.completed for c in unique.values()), reverse=True)
    assert [snapshot.time for snapshot in found] == times[:5]


@given(st.recursive(st.none() | st.text(max_size=3) | st.integers(), st.lists, max_leaves=5))
def test_nonsense_is_read_as_an_empty_one(junk: Any) -> None:
    for entries in (junk, [junk], [{"path": junk, "time": junk, "id": junk}]):
        told = ledger({"ledger": entries, "jobStatus": junk}, [checkpoint(1, 0)], NOW)
        assert "s3://b/chk-1" in [snapshot.path for snapshot in in_ledger(told)]
