# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The status that is written: in the contract's form, once, and with what others wrote kept."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.decide import (
    decide_deploy,
    decide_remove,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Plan,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    FlinkSeen,
    Pods,
    Seen,
    Unseen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.size import size_of
from ansible_collections.flinkops.flink.plugins.module_utils.core.status import (
    Told,
    lifecycle,
    next_status,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.trouble import Trouble
from support import golden, looks

STATEFUL = looks.wanted(upgradeMode="savepoint")
RESTORED = looks.wanted(upgradeMode="savepoint", initialSavepointPath="file:///sp/1")
SETTLED = looks.RUNS
REFUSED = looks.plan(
    Verdict.HELD, because="the_resource_breaks_rules", message="no", next_step="Correct it."
)
FAILED = looks.plan(Verdict.FAILED, because="the_job_failed", message="boom", next_step="Mend it.")
APPLICATIONS = [case for case in golden.CASES if case.startswith("native-app")]
NO_POD = ("native-app-pod-template",)
"""Its account was not there: the pod could not even be created."""
ADDITIVE = {"startedFrom", "phase"}
"""Fields of ours beside the contract's."""


# what the contract writes


def contract_form(status: dict[str, Any]) -> dict[str, Any]:
    """Without fields of ours, times and ids."""
    found = {name: value for name, value in status.items() if name not in ADDITIVE}
    found["jobStatus"] = {**found["jobStatus"], "jobId": "<job id>"}
    found["reconciliationStatus"] = {**found["reconciliationStatus"], "reconciliationTimestamp": 0}
    keep = ("type", "status", "reason", "message")
    found["conditions"] = [
        {name: condition[name] for name in keep}
        for condition in found["conditions"]
        if condition["type"] == "Running"
    ]
    return found


def after_a_first_start(case: str) -> dict[str, Any]:
    """Written ahead, made, and looked at before any pod is ready."""
    wanted = looks.wanted(golden.resource(case))
    told = looks.told(looks.make(wanted), taskmanagers=size_of(wanted).taskmanagers)
    ahead = looks.said(Seen(resource=looks.resource(wanted)), told)
    made = Seen(
        resource=looks.resource(wanted, status=ahead),
        cluster=looks.cluster(available=0),
        trouble=Trouble(reason="FailedCreate", message="") if case in NO_POD else None,
    )
    return looks.said(made, replace(told, plan=looks.plan()))


@pytest.mark.row("C-011", "C-022", "C-027", "C-034")
@pytest.mark.parametrize("case", APPLICATIONS)
def test_after_a_first_start_the_status_is_the_one_that_was_recorded(case: str) -> None:
    wanted, found = contract_form(golden.status(case)), contract_form(after_a_first_start(case))
    for status in (wanted, found):
        text = status["reconciliationStatus"].pop("lastReconciledSpec")
        status["lastReconciledSpec"] = json.loads(text)
    assert found == wanted


@pytest.mark.row("C-011")
@pytest.mark.parametrize("case", APPLICATIONS)
def test_the_recorded_spec_is_the_same_to_the_letter(case: str) -> None:
    name = "lastReconciledSpec"
    wanted = golden.status(case)["reconciliationStatus"][name]
    assert after_a_first_start(case)["reconciliationStatus"][name] == wanted


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


# written ahead


@pytest.mark.row("C-024")
def test_a_start_is_announced_before_anything_is_made() -> None:
    status = looks.written_ahead(STATEFUL)
    spec = json.loads(status["reconciliationStatus"]["lastReconciledSpec"])["spec"]
    assert status["reconciliationStatus"]["state"] == "UPGRADING"
    assert (spec["job"]["state"], spec["job"]["upgradeMode"]) == ("suspended", "stateless")
    assert status["jobStatus"]["jobId"] == looks.JOB
    assert (status["jobManagerDeploymentStatus"], status["lifecycleState"]) == (
        "MISSING",
        "UPGRADING",
    )


def test_a_start_names_the_state_that_it_comes_from() -> None:
    empty, restored = looks.written_ahead(STATEFUL), looks.written_ahead(RESTORED)
    assert empty["startedFrom"]["kind"] == "empty"
    assert restored["startedFrom"] == {
        "jobId": looks.JOB,
        "because": "a_new_resource_starts_from_its_path",
        "kind": "savepoint",
        "generation": 1,
        "path": "file:///sp/1",
        "time": "2026-11-21T12:00:00Z",
    }
    assert restored["jobStatus"]["upgradeSavepointPath"] == "file:///sp/1"


def test_a_start_that_goes_on_keeps_its_job_id_and_a_new_one_does_not() -> None:
    status = looks.written_ahead()
    seen = Seen(resource=looks.resource(status=status, generation=2))
    goes_on = replace(
        looks.MAKE, because="an_interrupted_deployment_goes_on", effect=Effect.NONE, origin=None
    )
    starts_over = replace(looks.MAKE, because="an_interrupted_deployment_starts_over")
    kept = recorded(looks.said(seen, looks.told(goes_on, fresh_job_id="b" * 32)))
    fresh = recorded(looks.said(seen, looks.told(starts_over, fresh_job_id="b" * 32)))
    assert (kept.job_id, kept.observed_generation) == (looks.JOB, 1)
    assert (fresh.job_id, fresh.observed_generation) == ("b" * 32, 2)


def test_to_replace_a_failed_start_the_next_one_is_announced_first() -> None:
    seen = Seen(
        resource=looks.resource(status=looks.deployed(), generation=2), cluster=looks.cluster()
    )
    replaces = replace(looks.MAKE, move=Move.DELETE_CLUSTER)
    record = recorded(looks.said(seen, looks.told(replaces, fresh_job_id="b" * 32)))
    assert (record.state, record.job_id, record.observed_generation) == ("UPGRADING", "b" * 32, 2)


def test_a_removal_is_announced_before_its_first_move() -> None:
    seen = Seen(resource=looks.resource(status=looks.stable()), cluster=looks.cluster())
    stop = looks.plan(Verdict.GO, Move.STOP_JOBMANAGER, because="a_stateless_job_is_removed")
    status = looks.said(seen, looks.told(stop, goal_is_removal=True))
    assert status["lifecycleState"] == "DELETING"
    assert status["jobStatus"]["jobId"] == looks.JOB
    assert status["phase"] == {
        "name": "deletion",
        "rule": "a_stateless_job_is_removed",
        "since": "2026-11-21T12:00:00Z",
    }


def test_to_delete_a_cluster_for_removal_starts_nothing() -> None:
    seen = Seen(resource=looks.resource(status=looks.stable()), cluster=looks.cluster(replicas=0))
    delete = looks.plan(Verdict.GO, Move.DELETE_CLUSTER, because="a_stopped_cluster_is_deleted")
    status = looks.said(seen, looks.told(delete, goal_is_removal=True, fresh_job_id="b" * 32))
    assert status["startedFrom"] == looks.stable()["startedFrom"]
    assert recorded(status).job_id == looks.JOB


def test_waiting_for_a_removal_that_somebody_else_began_is_no_start() -> None:
    seen = Seen(resource=looks.resource(status=looks.stable()))
    status = looks.said(seen, looks.told(goal_is_removal=True))
    assert status["phase"]["name"] == "deletion"
    assert "deadline" not in status["phase"]


# after a look


def test_of_what_was_never_deployed_only_the_reason_is_told() -> None:
    suspended = replace(SETTLED, because="a_suspended_resource_is_not_deployed")
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
    status = looked_at(cluster=looks.cluster(), flink=looks.runs(tasks_running=1))
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


# every status, every look

STATUSES = st.sampled_from(
    [
        {},
        looks.written_ahead(),
        looks.deployed(),
        looks.stable(),
        {**looks.stable(), "lifecycleState": "DELETING"},
        {**looks.deployed(), "jobStatus": {"state": "FAILED", "jobId": looks.JOB}},
        {"reconciliationStatus": {"state": "DEPLOYED", "lastReconciledSpec": "{"}},
    ]
)
STRANGE = st.dictionaries(
    st.sampled_from(["x", "healthScore", "blueGreenState"]),
    st.one_of(st.integers(), st.text(max_size=4), st.dictionaries(st.text(max_size=2), st.none())),
)
CLUSTERS = st.none() | st.builds(
    looks.cluster,
    generation=st.sampled_from([1, 2, None]),
    owner_uid=st.sampled_from([looks.UID, "another"]),
    available=st.integers(0, 1),
    replicas=st.integers(0, 1),
    being_deleted=st.booleans(),
    never_available=st.booleans(),
    is_complete=st.booleans(),
)
JOBS = st.builds(
    looks.job,
    state=st.sampled_from(["CREATED", "RUNNING", "RESTARTING", "FAILED", "FINISHED", "CANCELED"]),
    tasks_running=st.integers(0, 2),
    id=st.sampled_from([looks.JOB, "c" * 32]),
)
FLINKS = st.just(Unseen(why="silence")) | st.builds(
    FlinkSeen, version=st.just("1.20.5"), revision=st.just("r"), job=st.none() | JOBS
)
WANTED = st.sampled_from([looks.wanted(), looks.wanted(parallelism=3), STATEFUL, RESTORED])
LOOKS = st.builds(
    lambda status, strange, wanted, **fields: looks.seen({**status, **strange}, wanted, **fields),
    status=STATUSES,
    strange=STRANGE,
    wanted=WANTED,
    cluster=CLUSTERS,
    flink=FLINKS,
    pods=st.builds(Pods, jobmanagers=st.integers(0, 1), taskmanagers=st.integers(0, 1)),
    trouble=st.none() | st.just(Trouble(reason="OOMKilled", message="killed")),
    leftover_state=st.sampled_from([(), ("app-config-map",)]),
)


def decided(seen: Seen, goal: str) -> Told:
    plan = (
        decide_remove(seen, key="default/app", asker=looks.asker(), word=Word.KEEP)
        if goal == "remove"
        else decide_deploy(
            seen, key="default/app", wanted=looks.case(seen).wanted, asker=looks.asker()
        )
    )
    return looks.told(plan, goal_is_removal=goal == "remove", fresh_job_id="b" * 32)


def with_status(seen: Seen, status: dict[str, Any]) -> Seen:
    assert seen.resource is not None
    return replace(seen, resource=replace(seen.resource, status=status))


@given(LOOKS, st.sampled_from(["deploy", "remove"]))
def test_told_again_nothing_changes(seen: Seen, goal: str) -> None:
    told = decided(seen, goal)
    once = looks.said(seen, told)
    assert looks.said(with_status(seen, once), told) == once


@given(LOOKS, st.sampled_from(["deploy", "remove"]))
def test_what_others_wrote_is_kept(seen: Seen, goal: str) -> None:
    assert seen.resource is not None
    found = looks.said(seen, decided(seen, goal))
    ours = {"error", "rule", "phase"}
    assert seen.resource.status.keys() - ours <= found.keys()
    for name in ("x", "healthScore", "blueGreenState"):
        assert found.get(name) == seen.resource.status.get(name)


@given(LOOKS, st.sampled_from(["deploy", "remove"]))
def test_nothing_is_written_ahead_when_the_plan_is_a_refusal(seen: Seen, goal: str) -> None:
    assert seen.resource is not None
    told = decided(seen, goal)
    if told.plan.verdict is not Verdict.HELD:
        return
    before, after = recorded(seen.resource.status), recorded(looks.said(seen, told))
    assert replace(before, phase=after.phase) == after


@given(LOOKS, st.sampled_from(["deploy", "remove"]))
def test_only_a_first_start_draws_a_job_id(seen: Seen, goal: str) -> None:
    told = decided(seen, goal)
    drawn = recorded(looks.said(seen, told)).job_id == "b" * 32
    assert not drawn or told.plan.move in (Move.MAKE_CLUSTER, Move.DELETE_CLUSTER)
    assert not (drawn and goal == "remove")


@given(LOOKS, st.sampled_from(["deploy", "remove"]))
def test_a_status_is_plain_json(seen: Seen, goal: str) -> None:
    found = looks.said(seen, decided(seen, goal))
    assert json.loads(json.dumps(found)) == found
