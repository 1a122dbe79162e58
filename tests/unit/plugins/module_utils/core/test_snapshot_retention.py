# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Which savepoints may go: by age and by number, and never what a start may need."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import milliseconds
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_retention import (
    CLEANUP,
    MAX_AGE,
    MAX_COUNT,
    disposal_failed,
    dropped,
    expired,
    limits,
    needed_paths,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_status import (
    failure_of,
    history,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
Status = dict[str, Any]


def entry(name: str, hours_ago: float, trigger: str = "PERIODIC") -> dict[str, Any]:
    time = milliseconds(NOW - timedelta(hours=hours_ago))
    return {"location": name, "timeStamp": time, "triggerType": trigger, "formatType": "CANONICAL"}


def status(*entries: dict[str, Any], **job: Any) -> Status:
    return {"jobStatus": {"savepointInfo": {"savepointHistory": list(entries)}, **job}}


def gone(told: Status, configuration: dict[str, str] | None = None, *keep: str) -> list[str]:
    return [e.location for e in expired(told, configuration or {}, NOW, keep=keep)]


OLD = (entry("a", 90), entry("b", 60), entry("c", 30), entry("d", 1))


@pytest.mark.row("C-076")
def test_what_is_older_than_a_day_goes_the_oldest_first() -> None:
    assert gone(status(*OLD)) == ["a", "b", "c"]


@pytest.mark.row("C-076")
def test_what_is_beyond_ten_goes() -> None:
    told = status(*(entry(str(i), 20 - i) for i in range(13)))
    assert gone(told) == ["0", "1", "2"]


@pytest.mark.parametrize(
    ("configuration", "left"),
    [
        ({MAX_AGE: "61 h"}, ["a"]),
        ({MAX_AGE: "61 h", MAX_COUNT: "2"}, ["a", "b"]),
        ({MAX_AGE: "61 h", f"{MAX_COUNT}.threshold": "2"}, ["a", "b"]),
        ({MAX_AGE: "61 h", MAX_COUNT: "3", f"{MAX_COUNT}.threshold": "9"}, ["a"]),
        ({MAX_AGE: "9 d", f"{MAX_AGE}.threshold": "61 h"}, ["a"]),
        ({MAX_AGE: "9 d", MAX_COUNT: "0"}, ["a", "b", "c"]),
        ({MAX_AGE: "soon", MAX_COUNT: "many"}, ["a", "b", "c"]),
        ({CLEANUP: "false"}, []),
    ],
    ids=str,
)
@pytest.mark.row("C-076")
def test_the_user_says_how_long_and_the_platform_how_long_at_most(
    configuration: dict[str, str], left: list[str]
) -> None:
    assert gone(status(*OLD), configuration) == left


def test_the_newest_is_kept_however_old_it_is() -> None:
    assert gone(status(entry("a", 9999))) == []


def test_an_order_by_hand_does_not_matter() -> None:
    assert gone(status(*reversed(OLD))) == ["a", "b", "c"]


def test_what_a_person_asked_for_stays() -> None:
    told = status(entry("m", 999, "MANUAL"), entry("u", 99, "UPGRADE"), entry("x", 99, "?"), *OLD)
    assert gone(told) == ["u", "a", "b", "c"]


@pytest.mark.parametrize(
    "needs",
    [
        {"jobStatus": {"upgradeSavepointPath": "b"}},
        {"startedFrom": {"path": "b"}},
        {"ledger": [{"path": "b"}]},
        {"reconciliationStatus": {"lastReconciledSpec": "in"}},
        {"reconciliationStatus": {"lastStableSpec": "in"}},
        {"previousStableSpec": "in"},
        {"jobStatus": {"savepointInfo": {"lastSavepoint": {"location": "b"}}}},
    ],
    ids=str,
)
def test_what_a_start_came_from_or_may_go_back_to_stays(needs: Status) -> None:
    spec = json.dumps({"spec": {"job": {"initialSavepointPath": "b"}}})
    told = json.loads(json.dumps(needs).replace('"in"', json.dumps(spec)))
    job = told.get("jobStatus", {})
    info = {**job.get("savepointInfo", {}), "savepointHistory": list(OLD)}
    assert gone({**told, "jobStatus": {**job, "savepointInfo": info}}) == ["a", "c"]


def test_what_the_wanted_spec_names_stays() -> None:
    assert gone(status(*OLD), {}, "a") == ["b", "c"]


def test_what_flink_said_to_be_gone_leaves_history_and_ledger() -> None:
    told = dropped({**status(*OLD), "ledger": [{"path": "d"}, {"path": "a"}]}, "a")
    assert [e.location for e in history(told)] == ["b", "c", "d"]
    assert [e["path"] for e in told["ledger"]] == ["d"]


def test_a_disposal_that_failed_is_told_and_tried_again_in_an_hour() -> None:
    told = disposal_failed(status(*OLD), "a", "no disk", NOW - timedelta(minutes=59))
    failure = failure_of(told)
    assert failure is not None
    assert (failure.kind, failure.path, failure.message) == ("disposal", "a", "no disk")
    assert gone(told) == []
    told = disposal_failed(status(*OLD), "a", "no disk", NOW - timedelta(minutes=60))
    assert gone(told) == ["a", "b", "c"]


ENTRIES = st.lists(
    st.builds(
        entry,
        st.sampled_from("abcdefghijklmnop"),
        st.floats(0, 500),
        st.sampled_from(["PERIODIC", "UPGRADE", "MANUAL", "UNKNOWN", "?"]),
    ),
    max_size=16,
)
PATHS = st.sampled_from("abcdef") | st.none()


@pytest.mark.row("C-076")
@given(ENTRIES, st.integers(0, 5), PATHS, PATHS)
def test_nothing_goes_that_a_start_may_need_and_the_newest_never(
    entries: list[dict[str, Any]], count: int, upgrade: str | None, started: str | None
) -> None:
    told: Status = status(*entries, upgradeSavepointPath=upgrade)
    told["startedFrom"] = {"path": started}
    left = gone(told, {MAX_COUNT: str(count), MAX_AGE: "1 h"})
    kept = history(told)
    assert not set(left) & {upgrade, started}
    assert not set(left) & needed_paths(told)
    asked = {e["location"] for e in entries if e["triggerType"] not in ("PERIODIC", "UPGRADE")}
    assert not set(left) & asked
    if kept:
        assert kept[-1].location not in left


def test_the_limits_are_those_of_the_contract() -> None:
    assert (limits({}).age, limits({}).count) == (timedelta(hours=24), 10)
