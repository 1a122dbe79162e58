# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Conditions: the contract's Running and kstatus's three, written when they change."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.conditions import after, told
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from support import looks

LATER = looks.NOW + timedelta(minutes=1)
TRUE_ONE = {
    Verdict.GO: "Reconciling",
    Verdict.WAIT: "Reconciling",
    Verdict.SETTLED: "Ready",
    Verdict.HELD: "Stalled",
    Verdict.FAILED: "Stalled",
}
Conditions = list[dict[str, Any]]


def conditions(plan: Plan, old: Conditions | None = None, **given: Any) -> Conditions:
    usual = {"job_state": "RUNNING", "generation": 1, "now": looks.NOW}
    return after(plan, old or [], **{**usual, **given})


def of(kind: str, found: Conditions) -> dict[str, Any]:
    return next(condition for condition in found if condition["type"] == kind)


@pytest.mark.parametrize("verdict", Verdict)
def test_of_ready_reconciling_and_stalled_one_is_true(verdict: Verdict) -> None:
    found = conditions(looks.plan(verdict))
    true = [it["type"] for it in found if it["status"] == "True" and it["type"] != "Running"]
    assert true == [TRUE_ONE[verdict]]
    assert {it["reason"] for it in found if it["type"] != "Running"} == {"its_tasks_are_starting"}


@pytest.mark.row("C-022")
@pytest.mark.parametrize(
    ("state", "status", "reason"),
    [
        ("RUNNING", "True", "Running"),
        ("RECONCILING", "False", "Reconciling"),
        ("FINISHED", "False", "Finished"),
        ("SOMETHING_NEW", "False", "SomethingNew"),
    ],
)
def test_running_is_the_contracts(state: str, status: str, reason: str) -> None:
    found = of("Running", conditions(looks.plan(), job_state=state))
    assert (found["status"], found["reason"]) == (status, reason)
    assert found["message"] == f"Job status {state}"


def test_the_same_again_is_equal_however_late() -> None:
    first = conditions(looks.plan())
    assert conditions(looks.plan(), first, now=LATER) == first


def test_progress_alone_writes_nothing() -> None:
    first = conditions(looks.plan(message="0 of 2 tasks run"))
    assert conditions(looks.plan(message="1 of 2 tasks run"), first, now=LATER) == first


@pytest.mark.parametrize("verdict", [Verdict.HELD, Verdict.FAILED])
def test_what_stands_in_the_way_now_is_told_and_not_what_did(verdict: Verdict) -> None:
    first = conditions(looks.plan(verdict, message="two problems"))
    second = conditions(looks.plan(verdict, message="one problem"), first, now=LATER)
    assert of("Stalled", second)["message"] == "one problem"
    assert of("Stalled", second)["lastTransitionTime"] == "2026-11-21T12:00:00Z"


def test_a_change_of_status_has_its_time() -> None:
    first = conditions(looks.plan())
    second = conditions(looks.plan(Verdict.SETTLED), first, now=LATER)
    assert of("Ready", second)["lastTransitionTime"] == "2026-11-21T12:01:00Z"
    assert of("Running", second)["lastTransitionTime"] == "2026-11-21T12:00:00Z"


def test_the_generation_that_was_looked_at_is_told() -> None:
    second = conditions(looks.plan(), conditions(looks.plan()), generation=2)
    assert {condition["observedGeneration"] for condition in second} == {2}


def test_conditions_of_others_are_kept() -> None:
    other = {"type": "Healthy", "status": "True", "reason": "x"}
    assert other in conditions(looks.plan(), [other])


def test_a_reason_is_a_token_that_the_api_server_takes() -> None:
    assert all(it["reason"] for it in conditions(looks.plan(), job_state=""))


def test_what_is_told_is_never_longer_than_a_condition_may_be() -> None:
    assert told(looks.plan(message="x", next_step="Do y.")) == "x. Do y."
    assert told(looks.plan(message="x")) == "x"
    assert len(told(looks.plan(message="x" * 5000))) == 2048
