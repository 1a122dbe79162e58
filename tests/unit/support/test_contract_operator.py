# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The model of another operator decides as the real one did, in each state that was recorded."""

from __future__ import annotations

import copy
import json
from dataclasses import replace
from typing import Any

import pytest

from support import golden
from support.contract_operator import acts, taken, turn
from support.contract_record import LAST_STATE, Record, differs
from support.contract_steps import (
    Act,
    Around,
    Cancel,
    DeleteCluster,
    Fail,
    JobManager,
    JobShown,
    Nothing,
    StopWithSavepoint,
    Submit,
    Wait,
    Write,
)

GENERATION = "flinkdeployment.flink.apache.org/generation"
APPLICATIONS = [state for state in golden.STATES if not state.startswith("session")]
AT_REST = sorted(set(APPLICATIONS) - {"rolling-back", "upgrading-last-state"})
LATER = 1_795_250_000_000


def resource(case: str, **job: Any) -> dict[str, Any]:
    """The recorded one; `job`: an edit of it, made by a person afterwards."""
    found = copy.deepcopy(golden.deployment(case))
    if job:
        found["spec"]["job"] |= job
        found["metadata"]["generation"] += 1
    return found


def around(state: str) -> Around:
    found = golden.objects(state)
    job = golden.deployment(state)["status"]["jobStatus"]
    made = next((item for item in found if item["kind"] == "Deployment"), None)
    maps = [item for item in found if "configmap-type" in item["metadata"].get("labels", {})]
    own = [item for item in maps if job["jobId"] in item["metadata"]["name"]]
    runs = made is not None and bool(made.get("status", {}).get("availableReplicas"))
    return Around(
        jobmanager=jobmanager(made) if made else None,
        has_ha_metadata=bool(own),
        has_checkpoint_in_ha=any("checkpointID-" in key for item in own for key in item["data"]),
        jobs=(JobShown(id=job["jobId"], last_snapshot="file:///cp/chk-9"),) if runs else None,
        now=LATER,
    )


def jobmanager(made: dict[str, Any]) -> JobManager:
    available = next(it for it in made["status"]["conditions"] if it["type"] == "Available")
    return JobManager(
        generation=made["metadata"]["annotations"][GENERATION],
        is_available=available["status"] == "True",
        trouble="CrashLoopBackOff" if "bad-class" in made["metadata"]["name"] else "",
    )


def after(cr: dict[str, Any], found: Around) -> dict[str, Any]:
    """The resource as one turn leaves it."""
    steps = list(taken(turn(cr, found), "file:///sp/1"))
    written = [step.status for step in steps if isinstance(step, Write)]
    return {**cr, "status": written[-1]} if written else cr


def last(cr: dict[str, Any], found: Around) -> Act:
    return acts(cr, found)[-1]


@pytest.mark.parametrize("state", AT_REST)
def test_what_is_at_rest_is_left_alone(state: str) -> None:
    assert acts(resource(state), around(state)) == [Nothing()]


@pytest.mark.parametrize("state", ["stable-stateless", "stable-savepoint-ha", "rolled-back"])
def test_a_stable_job_is_not_written_again(state: str) -> None:
    assert list(taken(turn(resource(state), around(state)), "")) == [Nothing()]


@pytest.mark.parametrize("state", APPLICATIONS)
def test_nothing_that_was_recorded_is_started_empty(state: str) -> None:
    found = acts(resource(state), around(state))
    assert not [act for act in found if isinstance(act, Submit) and act.origin == "empty"]


def test_a_rollback_goes_on_with_the_stable_spec_and_the_job_s_own_id() -> None:
    cr = resource("rolling-back")
    act = last(cr, around("rolling-back"))
    assert isinstance(act, Submit)
    assert (act.origin, act.path) == ("last-state", LAST_STATE)
    assert act.job_id == cr["status"]["jobStatus"]["jobId"]
    assert not differs(act.spec, Record(cr["status"]).stable)
    assert differs(act.spec, cr["spec"])


def test_a_rollback_ends_as_it_was_recorded() -> None:
    found = after(resource("rolling-back"), around("rolling-back"))["status"]
    told = golden.deployment("rolled-back")["status"]
    assert found["reconciliationStatus"]["state"] == told["reconciliationStatus"]["state"]
    for name in ("lastReconciledSpec", "lastStableSpec"):
        assert found["reconciliationStatus"][name] == told["reconciliationStatus"][name]
    assert found["jobStatus"]["jobId"] == told["jobStatus"]["jobId"]


def test_an_upgrade_by_last_state_keeps_the_ha_data_and_goes_on_with_the_same_id() -> None:
    cr, found = resource("upgrading-last-state"), around("upgrading-last-state")
    assert acts(cr, replace(found, jobs=None)) == [DeleteCluster(keeps_ha=True)]
    stopped = after(cr, replace(found, jobs=None))
    assert stopped["status"]["reconciliationStatus"]["state"] == "UPGRADING"
    act = last(stopped, replace(found, jobs=None, jobmanager=None))
    assert isinstance(act, Submit)
    assert (act.origin, act.job_id) == ("last-state", cr["status"]["jobStatus"]["jobId"])


def test_an_upgrade_by_last_state_ends_as_it_was_recorded() -> None:
    cr, found = resource("upgrading-last-state"), around("upgrading-last-state")
    gone = replace(found, jobs=None, jobmanager=None)
    status = after(after(cr, replace(found, jobs=None)), gone)["status"]
    told = golden.deployment("stable-after-last-state")["status"]
    assert status["jobManagerDeploymentStatus"] == told["jobManagerDeploymentStatus"]
    assert status["observedGeneration"] == told["observedGeneration"]
    for name in ("jobId", "state", "upgradeSavepointPath"):
        assert status["jobStatus"][name] == told["jobStatus"][name]
    new, old = (
        json.loads(it["reconciliationStatus"]["lastReconciledSpec"]) for it in (status, told)
    )
    assert new["resource_metadata"] == old["resource_metadata"]
    assert new["spec"]["job"]["upgradeMode"] == old["spec"]["job"]["upgradeMode"]
    assert new["spec"]["job"]["state"] == old["spec"]["job"]["state"]


def test_a_suspended_job_goes_on_as_it_was_suspended_not_as_it_would_be_now() -> None:
    cr = resource("suspended-savepoint", state="running")
    act = last(cr, around("suspended-savepoint"))
    assert isinstance(act, Submit)
    assert (act.origin, act.job_id) == ("last-state", cr["status"]["jobStatus"]["jobId"])


def test_a_suspended_job_whose_ha_data_is_gone_is_not_started() -> None:
    cr = resource("suspended-savepoint", state="running")
    assert last(cr, Around()) == Fail(reason="RestoreFailed")


def test_a_running_job_is_stopped_with_a_savepoint_and_started_from_it() -> None:
    cr, found = resource("stable-savepoint-ha", parallelism=2), around("stable-savepoint-ha")
    job = cr["status"]["jobStatus"]["jobId"]
    assert acts(cr, found) == [StopWithSavepoint(job_id=job)]
    stopped = after(cr, found)
    act = last(stopped, found)
    assert isinstance(act, Submit)
    assert (act.origin, act.path) == ("savepoint", "file:///sp/1")
    assert act.job_id != job
    assert acts(stopped, found)[0] == DeleteCluster(keeps_ha=False)


def test_a_stateless_job_is_deleted_and_started_empty() -> None:
    cr, found = resource("stable-stateless", parallelism=2), around("stable-stateless")
    assert acts(cr, found) == [DeleteCluster(keeps_ha=False)]
    act = last(after(cr, found), replace(found, jobmanager=None, jobs=None))
    assert isinstance(act, Submit)
    assert act.origin == "empty"


def test_what_was_submitted_already_is_not_submitted_again() -> None:
    """The other one ended between its submit and the write of it."""
    cr, found = resource("stable-stateless", parallelism=2), around("stable-stateless")
    stopped = after(cr, found)
    made = JobManager(generation=str(cr["metadata"]["generation"]))
    assert acts(stopped, replace(found, jobmanager=made)) == [Nothing()]
    record = Record(after(stopped, replace(found, jobmanager=made))["status"])
    assert (record.state, record.spec["job"]["state"]) == ("DEPLOYED", "running")


def test_a_deployment_of_an_older_generation_is_not_taken_for_the_new_one() -> None:
    cr, found = resource("stable-stateless", parallelism=2), around("stable-stateless")
    assert last(after(cr, found), found) == Fail(reason="AlreadyExists")


def test_a_first_start_comes_empty_or_from_the_path_that_was_given() -> None:
    bare = {**resource("stable-stateless"), "status": {}}
    act = last(bare, Around())
    assert isinstance(act, Submit)
    assert act.origin == "empty"
    bare["spec"]["job"]["initialSavepointPath"] = "file:///sp/initial"
    act = last(bare, Around())
    assert isinstance(act, Submit)
    assert (act.origin, act.path) == ("savepoint", "file:///sp/initial")


def test_a_first_start_that_is_suspended_is_none() -> None:
    bare = {**resource("stable-stateless", state="suspended"), "status": {}}
    assert acts(bare, Around()) == [Nothing()]


def test_a_lost_jobmanager_is_made_again_from_its_ha_data() -> None:
    cr, found = resource("stable-savepoint-ha"), around("stable-savepoint-ha")
    act = last(cr, replace(found, jobmanager=None, jobs=None))
    assert isinstance(act, Submit)
    assert (act.origin, act.job_id) == ("last-state", cr["status"]["jobStatus"]["jobId"])


def test_a_lost_jobmanager_without_ha_data_is_not_made_again_empty() -> None:
    gone = replace(around("stable-savepoint-ha"), jobmanager=None, jobs=None, has_ha_metadata=False)
    assert last(resource("stable-savepoint-ha"), gone) == Fail(reason="RestoreFailed")


def test_silence_of_rest_is_no_reason_to_start_anything() -> None:
    found = replace(around("stable-savepoint-ha"), jobs=None)
    assert acts(resource("stable-savepoint-ha"), found) == [Nothing()]


def ended(cr: dict[str, Any], how: str, last_snapshot: str = "file:///cp/chk-7") -> Around:
    job = JobShown(id=cr["status"]["jobStatus"]["jobId"], state=how, last_snapshot=last_snapshot)
    return replace(around("stable-savepoint-ha"), jobs=(job,))


@pytest.mark.parametrize("how", ["FAILED", "FINISHED"])
def test_the_last_snapshot_of_a_job_that_ended_is_where_the_next_one_starts(how: str) -> None:
    cr = resource("stable-savepoint-ha", parallelism=2)
    act = last(cr, ended(cr, how))
    assert isinstance(act, Submit)
    assert (act.origin, act.path) == ("savepoint", "file:///cp/chk-7")


def test_a_job_that_was_cancelled_starts_in_the_mode_of_its_record() -> None:
    """A trap of the contract: the record of a first start says stateless, whatever is wanted."""
    cr = resource("stable-savepoint-ha")
    act = last(cr, ended(cr, "CANCELED"))
    assert isinstance(act, Submit)
    assert act.origin == "empty"
    record = Record(cr["status"])
    record.keep(record.spec, state="DEPLOYED", job_state="running", mode="savepoint", first=False)
    act = last({**cr, "status": record.status}, ended(cr, "CANCELED"))
    assert isinstance(act, Submit)
    assert (act.origin, act.path) == ("savepoint", "file:///cp/chk-7")


def test_a_pending_savepoint_is_waited_for() -> None:
    cr, found = resource("stable-savepoint-ha", parallelism=2), around("stable-savepoint-ha")
    info = cr["status"]["jobStatus"].setdefault("savepointInfo", {})
    info |= {"triggerId": "t" * 32, "triggerType": "UPGRADE"}
    assert acts(cr, replace(found, triggers={"t" * 32: ""})) == [Wait(why="a savepoint is pending")]
    done = replace(found, triggers={"t" * 32: "file:///sp/7"})
    assert isinstance(acts(cr, done)[0], StopWithSavepoint)
    assert Record(after(cr, done)["status"]).job["savepointInfo"]["triggerId"] is None


def test_a_new_version_by_last_state_is_cancelled_and_starts_from_its_last_checkpoint() -> None:
    cr, found = (
        resource("stable-savepoint-ha", upgradeMode="last-state"),
        around("stable-savepoint-ha"),
    )
    cr["spec"]["flinkVersion"] = "v2_0"
    del cr["spec"]["flinkConfiguration"]["state.savepoints.dir"]
    job = cr["status"]["jobStatus"]["jobId"]
    assert acts(cr, found) == [Cancel(job_id=job)]
    cancelling = after(cr, found)
    gone = JobShown(id=job, state="CANCELED", last_snapshot="file:///cp/chk-8")
    act = last(cancelling, replace(found, jobs=(gone,)))
    assert isinstance(act, Submit)
    assert (act.origin, act.path) == ("savepoint", "file:///cp/chk-8")


def test_fields_that_the_contract_does_not_know_may_be_lost() -> None:
    cr = resource("stable-stateless")
    cr["status"]["startedFrom"] = {"kind": "empty"}
    assert "startedFrom" not in after(cr, around("stable-stateless"))["status"]


@pytest.mark.parametrize(
    "change",
    [
        {"upgradeMode": "savepoint"},
        {"savepointTriggerNonce": 3},
        {"args": []},
        {"state": "running"},
    ],
)
def test_what_the_contract_ignores_restarts_nothing(change: dict[str, Any]) -> None:
    cr = resource("stable-stateless", **change)
    assert acts(cr, around("stable-stateless")) == [Nothing()]
