"""The table at the end of a run over many applications."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.summary import (
    HEADINGS,
    Entry,
    Outcome,
    after,
    outcome_of,
    summary,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
SECRET = "hunter-2-and-3"  # noqa: S105


def entry(*results: dict[str, Any], name: str = "orders.shop") -> Entry:
    """One second passes with each result."""
    found = Entry(name=name)
    for second, result in enumerate(results):
        found = after(found, result, NOW + timedelta(seconds=second))
    return found


ROWS: dict[str, tuple[Entry, Outcome]] = {
    "nothing of it was run": (entry(), Outcome.NOT_TRIED),
    "it runs as before": (entry({"changed": False}), Outcome.AS_IT_WAS),
    "something was written": (entry({"changed": True}, {"changed": False}), Outcome.CHANGED),
    "it failed": (entry({"failed": True}), Outcome.FAILED),
    "it failed after a change": (entry({"changed": True}, {"failed": True}), Outcome.FAILED),
    "no way there": (entry({"unreachable": True}), Outcome.FAILED),
}


@pytest.mark.parametrize("name", ROWS)
def test_an_outcome(name: str) -> None:
    found, outcome = ROWS[name]
    assert outcome_of(found) is outcome


def test_the_last_rule_counts() -> None:
    found = entry({"because": "its_tasks_are_starting"}, {}, {"because": "the_job_runs"}, {})
    assert found.rule == "the_job_runs"


def test_the_reason_of_a_failure_counts_most() -> None:
    found = entry({"because": "a"}, {"failed": True, "reason": "the_start_took_too_long"})
    assert found.rule == "the_start_took_too_long"


def test_where_its_start_came_from_stays() -> None:
    path = "file:///sp/savepoint-1"
    found = entry({"origin": {"kind": "savepoint", "path": path}}, {"origin": {}})
    assert found.restored_from == path


@pytest.mark.parametrize(
    ("origin", "said"),
    [
        ({"kind": "empty", "path": ""}, "empty"),
        ({"kind": "last-state", "path": "KUBERNETES_OPERATOR_LAST_STATE"}, "last-state"),
        ({"kind": "last-state", "path": "file:///cp/chk-7"}, "file:///cp/chk-7"),
    ],
)
def test_an_origin_in_a_word(origin: dict[str, str], said: str) -> None:
    assert entry({"origin": origin}).restored_from == said


def test_a_plan_that_is_only_foreseen_has_an_origin_too() -> None:
    told = {"origin": {}, "forecast": {"origin": {"kind": "savepoint", "path": "file:///sp/1"}}}
    assert entry(told).restored_from == "file:///sp/1"


def test_seconds_are_those_from_its_first_to_its_last_task() -> None:
    assert entry({}, {}, {}).seconds == "2"
    assert entry().seconds == ""


def test_the_table() -> None:
    lines = summary(
        [
            entry({"because": "the_job_runs", "changed": True}, name="a.ns"),
            entry({"because": "the_job_runs"}, name="b.ns"),
            entry({"failed": True, "reason": "its_pods_can_not_start"}, name="c.ns"),
            entry(name="d.ns"),
        ]
    )
    assert lines[0].split("  ")[0] == HEADINGS[0]
    assert [line.split()[0] for line in lines[1:5]] == ["a.ns", "b.ns", "c.ns", "d.ns"]
    assert "not tried" in lines[4]
    assert lines[-1] == "4: 1 changed, 1 as it was, 1 failed, 1 not tried"


def test_no_secret_and_no_endless_path() -> None:
    path = f"s3://shop/{'x' * 300}?token={SECRET}"
    text = "\n".join(summary([entry({"origin": {"kind": "savepoint", "path": path}})]))
    assert SECRET not in text
    assert max(map(len, text.splitlines())) < 200


def test_a_result_of_any_shape_is_no_trouble() -> None:
    found = entry({"because": 7, "origin": "here", "forecast": None, "reason": []})
    assert (found.rule, found.restored_from) == ("", "")
