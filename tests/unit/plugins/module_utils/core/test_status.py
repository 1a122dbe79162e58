# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The status that is written: in the contract's form, once, and with what others wrote kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Plan,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Seen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.status import (
    lifecycle,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.trouble import Trouble
from support import golden, looks

SETTLED = looks.RUNS
REFUSED = looks.plan(
    Verdict.HELD, because="the_resource_breaks_rules", message="no", next_step="Correct it."
)
FAILED = looks.plan(Verdict.FAILED, because="the_job_failed", message="boom", next_step="Mend it.")


@pytest.mark.row("C-021")
@pytest.mark.parametrize("state", golden.STATES)
def test_the_lifecycle_is_worked_out_as_the_contract_does(state: str) -> None:
    status = golden.deployment(state)["status"]
    assert lifecycle(status) == status["lifecycleState"]


@pytest.mark.row("C-021")
@pytest.mark.parametrize(
    ("status", "state"),
    [
        ({}, "CREATED"),
        ({"error": "{}"}, "FAILED"),
        ({"lifecycleState": "DELETING"}, "DELETING"),
        ({"lifecycleState": "DELETED", "error": "{}"}, "DELETED"),
        (looks.written_ahead(), "UPGRADING"),
        ({**looks.written_ahead(), "error": "{}"}, "UPGRADING"),
        (looks.deployed(), "DEPLOYED"),
        (looks.stable(), "STABLE"),
        ({**looks.stable(), "jobStatus": {"state": "FAILED"}}, "FAILED"),
        ({**looks.stable(), "jobStatus": {"state": "FINISHED"}}, "STABLE"),
    ],
)
def test_the_first_rule_of_the_lifecycle_that_matches_wins(
    status: dict[str, Any], state: str
) -> None:
    assert lifecycle(status) == state


def test_of_what_was_never_deployed_only_the_reason_is_told() -> None:
    because = "a_suspended_resource_is_not_deployed"
    suspended = replace(SETTLED, because=because, effect=Effect.NONE)
    assert looked_at({}, suspended).keys() == {"lifecycleState", "conditions"}


@pytest.mark.row("C-023")
def test_the_generation_that_is_observed_is_that_of_the_start_until_it_is_made() -> None:
    def observed(status: dict[str, Any], **cluster: Any) -> int:
        given = looks.seen(
            resource=looks.resource(status=status, generation=7), cluster=looks.cluster(**cluster)
        )
        return int(looks.said(given, looks.told())["observedGeneration"])

    assert observed(looks.written_ahead(), is_complete=False) == 1
    assert observed(looks.written_ahead()) == 7
    assert observed(looks.deployed()) == 7


@pytest.mark.row("C-022")
@pytest.mark.parametrize(("state", "told"), [("RUNNING", "True"), ("FAILED", "False")])
def test_the_running_condition_is_that_of_the_job(state: str, told: str) -> None:
    found = looked_at(cluster=looks.cluster(), flink=looks.runs(state=state))["conditions"]
    running = next(condition for condition in found if condition["type"] == "Running")
    assert (running["status"], running["reason"]) == (told, state.capitalize())


def looked_at(status: dict[str, Any] | None = None, of: Plan = SETTLED, **seen: Any) -> Any:
    given = looks.seen(looks.deployed() if status is None else status, **seen)
    return looks.said(given, looks.told(of))


def test_a_half_made_cluster_is_not_deployed() -> None:
    half = looked_at(looks.written_ahead(), cluster=looks.cluster(is_complete=False))
    older = looked_at(looks.written_ahead(), cluster=looks.cluster(generation=9))
    foreign = looked_at(looks.written_ahead(), cluster=looks.cluster(owner_uid="another"))
    made = looked_at(looks.written_ahead(), cluster=looks.cluster())
    for status in (half, older, foreign):
        assert status["reconciliationStatus"]["state"] == "UPGRADING"
    assert made["reconciliationStatus"]["state"] == "DEPLOYED"


@pytest.mark.row("C-022", "C-026")
def test_a_job_that_runs_makes_its_spec_the_stable_one() -> None:
    status = looks.said(
        looks.seen(looks.deployed(), cluster=looks.cluster(), flink=looks.runs()),
        looks.told(SETTLED, size={"total-cpu": "1.5", "total-memory": "2147483648"}),
    )
    assert lifecycle(status) == status["lifecycleState"] == "STABLE"
    assert status["jobStatus"]["jobName"] == "counter"
    assert status["jobStatus"]["startTime"] == "1795262400000"
    assert status["clusterInfo"] == {
        "flink-version": "1.20.5",
        "flink-revision": "0980485 @ 2026",
        "total-cpu": "1.5",
        "total-memory": "2147483648",
    }


@pytest.mark.row("C-030")
def test_a_job_whose_tasks_do_not_all_run_is_created() -> None:
    waits = looks.plan()
    status = looked_at(of=waits, cluster=looks.cluster(), flink=looks.runs(tasks_running=1))
    assert status["jobStatus"]["state"] == "CREATED"
    assert status["lifecycleState"] == "DEPLOYED"


def test_the_time_of_an_update_is_that_of_the_change() -> None:
    seen = looks.seen(looks.stable(), cluster=looks.cluster(), flink=looks.runs())
    told, later = looks.told(SETTLED), looks.NOW + timedelta(hours=1)
    assert looks.said(seen, told, now=later)["jobStatus"]["updateTime"] == "1795262400000"
    restarting = replace(seen, flink=looks.runs(state="RESTARTING"))
    assert looks.said(restarting, told, now=later)["jobStatus"]["updateTime"] == "1795266000000"


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("RUNNING", "RECONCILING"),
        ("CREATED", "RECONCILING"),
        ("RESTARTING", "RECONCILING"),
        ("FAILING", "RECONCILING"),
        ("FINISHED", "FINISHED"),
        ("FAILED", "FAILED"),
        ("CANCELED", "CANCELED"),
    ],
)
def test_a_job_that_is_not_seen_is_reconciling_unless_it_ended(before: str, after: str) -> None:
    status = {**looks.stable(), "jobStatus": {"jobId": looks.JOB, "state": before}}
    assert looked_at(status, cluster=looks.cluster())["jobStatus"]["state"] == after
    assert looked_at(status, cluster=looks.cluster(), flink=looks.flink())["jobStatus"] == {
        "jobId": looks.JOB,
        "state": after,
    }


@pytest.mark.row("C-027")
@pytest.mark.parametrize(
    ("seen", "state"),
    [
        ({}, "MISSING"),
        ({"cluster": looks.cluster(available=0)}, "DEPLOYING"),
        ({"cluster": looks.cluster()}, "DEPLOYED_NOT_READY"),
        ({"cluster": looks.cluster(), "flink": looks.flink()}, "READY"),
        (
            {
                "cluster": looks.cluster(available=0),
                "trouble": Trouble(reason="ImagePullBackOff", message=""),
            },
            "ERROR",
        ),
    ],
)
def test_the_state_of_a_jobmanager_is_the_contracts(seen: dict[str, Any], state: str) -> None:
    assert looked_at(**seen)["jobManagerDeploymentStatus"] == state


def test_a_refusal_changes_nothing_but_its_reason() -> None:
    """Nothing is written ahead by it, and nothing that was recorded is touched."""
    told = {"error", "rule", "conditions", "phase", "lifecycleState"}
    for status in (looks.written_ahead(), looks.deployed(), looks.stable()):
        found = looked_at(status, REFUSED, cluster=looks.cluster(), flink=looks.runs())
        assert {k: v for k, v in found.items() if k not in told} == {
            k: v for k, v in status.items() if k not in told
        }
        assert found["lifecycleState"] == status["lifecycleState"]


@pytest.mark.row("C-025")
def test_an_error_is_json_with_the_rules_name_and_goes_when_it_is_over() -> None:
    found = looked_at(of=FAILED, cluster=looks.cluster())
    assert json.loads(found["error"]) == {
        "type": "the_job_failed",
        "message": "boom. Mend it.",
        "throwableList": [],
    }
    assert "error" not in looked_at(found, cluster=looks.cluster(), flink=looks.runs())


def test_a_phase_is_told_while_there_is_one() -> None:
    waits = looked_at(of=looks.plan(), cluster=looks.cluster())
    assert waits["phase"] == {
        "name": "start",
        "rule": "its_tasks_are_starting",
        "since": "2026-11-21T12:00:00Z",
        "deadline": "2026-11-21T12:05:00Z",
    }
    for end in (SETTLED, REFUSED, FAILED):
        assert "phase" not in looked_at(waits, end, cluster=looks.cluster())


def test_without_a_resource_there_is_nothing_to_write() -> None:
    assert looks.said(Seen(resource=None), looks.told()) == {}


def test_a_record_that_can_not_be_read_keeps_the_state_that_stood_there() -> None:
    broken = {"state": "DEPLOYED", "lastReconciledSpec": "{"}
    status = {"lifecycleState": "SUSPENDED", "reconciliationStatus": broken}
    found = looked_at(status, REFUSED)
    assert (found["lifecycleState"], found["reconciliationStatus"]) == ("SUSPENDED", broken)
