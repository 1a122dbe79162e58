# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a start writes ahead, in the contract's form; and what holds of every status."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.decide import (
    decide_deploy,
    decide_remove,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    FlinkSeen,
    Pods,
    Seen,
    Unseen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.size import size_of
from ansible_collections.flinkops.flink.plugins.module_utils.core.status import (
    Told,
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
        "because": "a_first_deployment_has_its_snapshot",
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
        "deadline": "2026-11-21T12:05:00Z",
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
    assert "startedFrom" in status
    assert status["lifecycleState"] == "DELETING"


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
        decide_remove(looks.case(seen), key="default/app", word=Word.KEEP)
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
    if told.plan.effect in (Effect.START, Effect.SUSPENDED):  # the next turn decides anew
        return
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
