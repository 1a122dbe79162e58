"""Upgrades that go wrong: each ends with a reason, and the job counts on from what it had."""

from __future__ import annotations

import pytest

from support.carried import IN_POD, NAME, OPERATOR, SOON, VERB, Carried
from support.cluster import Object, until
from support.steerable import UNTIL_REMOVED, Fault

READINESS = f"{OPERATOR}deployment.readiness.timeout"
SOON_JUDGED = {READINESS: "15 s"}
CONF = {"execution.checkpointing.timeout": "8 s"}


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin(conf=CONF)
    return carried


def told(status: Object) -> str:
    return str(status["startedFrom"]["kind"])


@pytest.mark.matrix
def test_a_savepoint_that_fails_and_one_that_is_skipped(app: Carried) -> None:
    job_id = app.status["jobStatus"]["jobId"]
    app.bar_savepoints()
    app.renew()
    failure = app.deploy().failure
    assert failure.reason == "its_savepoint_failed"
    assert f"{IN_POD}/savepoints" in failure.msg
    assert "skip-savepoint" in failure.msg
    status = app.status
    assert (status["jobStatus"]["state"], status["jobStatus"]["jobId"]) == ("RUNNING", job_id)
    assert not status["jobStatus"]["savepointInfo"].get("triggerId")
    app.job.board.wait_for_progress(within=SOON)
    assert app.deploy().failure.reason == "its_savepoint_failed", "asked once more, told once more"

    app.deploy(deploy_verb="skip-savepoint").well()
    assert told(app.status) == "last-state"
    app.counts_on()
    app.is_settled()


@pytest.mark.matrix
def test_a_savepoint_directory_that_no_one_can_write(app: Carried) -> None:
    failure = app.apply(conf={"state.savepoints.dir": "file:///proc/none"}).failure
    assert failure.reason == "its_savepoint_failed"
    assert "/proc/none" in failure.msg
    assert app.status["jobStatus"]["state"] == "RUNNING"
    app.apply(conf={"state.savepoints.dir": f"file://{IN_POD}/savepoints"}).well()
    app.counts_on()
    app.is_settled()


def test_a_savepoint_that_never_ends(app: Carried) -> None:
    app.job.steering.set(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED)
    app.renew()
    failure = app.deploy().failure
    assert failure.reason in ("its_savepoint_failed", "its_savepoint_took_too_long")
    assert app.status["jobStatus"]["state"] in ("RUNNING", "RESTARTING"), "Flink may restart it"
    app.job.steering.clear_all()
    app.job.board.wait_for_progress(within=SOON)
    app.deploy().well()
    assert told(app.status) == "savepoint"
    app.counts_on()
    app.is_settled()


@pytest.mark.matrix
def test_a_person_skips_a_savepoint_that_is_under_way(app: Carried) -> None:
    app.job.steering.set(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED)
    app.renew()
    run = app.start()
    until(lambda: app.phase == "savepoint", "it stops with a savepoint", within=30)
    annotation = {"metadata": {"annotations": {VERB: "skip-savepoint"}}}
    app.cluster.patch("flinkdeployments", NAME, app.namespace, annotation)
    until(lambda: app.phase != "savepoint", "it goes on", within=30)
    app.job.steering.clear_all()
    run.result().well()
    assert told(app.status) in ("last-state", "savepoint")
    assert VERB not in (app.resource["metadata"].get("annotations") or {}), "a verb is served once"
    app.counts_on()
    app.is_settled()


def test_a_failing_job_is_upgraded_by_last_state(app: Carried) -> None:
    app.apply(job={"upgradeMode": "last-state"}).well()
    app.job.steering.set(Fault.FAIL_TASK_ALWAYS, "this version can't go on")
    until(lambda: attempts(app) > 1, "it fails again and again", within=30)
    app.renew(control="control-of-the-mended-version")
    app.deploy().well()
    assert told(app.status) == "last-state"
    app.counts_on()
    app.is_settled()


def attempts(app: Carried) -> int:
    return len(app.job.board.starts())


@pytest.mark.matrix
def test_a_failing_job_in_savepoint_mode_falls_back_to_its_last_state(app: Carried) -> None:
    app.job.steering.set(Fault.FAIL_TASK_ALWAYS, "this version can't go on")
    until(lambda: attempts(app) > 1, "it fails again and again", within=30)
    app.renew(control="control-of-another-mended-version")
    app.deploy().well()
    assert told(app.status) in ("last-state", "savepoint")
    app.counts_on()
    app.is_settled()


def test_last_state_is_the_last_checkpoint_where_nothing_is_highly_available(
    app: Carried,
) -> None:
    without = {"high-availability.type": None, "high-availability.storageDir": None}
    app.apply(conf=without, job={"upgradeMode": "last-state"}).well()
    app.counts_on()
    app.renew()
    app.deploy().well()
    assert told(app.status) == "savepoint"
    assert "/chk-" in app.origin["path"]
    app.counts_on()
    app.is_settled()


@pytest.mark.matrix
@pytest.mark.parametrize("content", ["", "this is no savepoint"], ids=["none", "not-one"])
def test_a_redeployment_from_what_is_no_savepoint_waits_for_another_word(
    app: Carried, content: str
) -> None:
    """As in the contract it is not taken back: what was dropped for it has no sure way back."""
    app.apply(job={"savepointTriggerNonce": 1}).well()
    good = app.status["jobStatus"]["savepointInfo"]["lastSavepoint"]["location"]
    folder = app.folder / f"no-savepoint-{len(content)}"
    if content:
        folder.mkdir(exist_ok=True)
        (folder / "_metadata").write_text(content)
    path = f"file://{IN_POD}/{folder.name}"
    redeployed = {"savepointRedeployNonce": 2, "initialSavepointPath": path}
    failure = app.apply(job=redeployed, conf=SOON_JUDGED).failure
    assert failure.reason in ("the_job_failed", "the_start_took_too_long", "its_pods_can_not_start")
    app.apply("-e", f"deploy_verb=restore-from={good}", conf={READINESS: "400 s"}).well()
    assert (app.origin["because"], app.origin["path"]) == ("the_user_names_the_snapshot", good)
    app.counts_on(older_states=1)
    app.is_settled()


def test_a_redeployment_goes_on_from_the_named_savepoint(app: Carried) -> None:
    app.apply(job={"savepointTriggerNonce": 1}).well()
    path = app.status["jobStatus"]["savepointInfo"]["lastSavepoint"]["location"]
    app.job.board.wait_for_value(1, within=SOON)
    app.job.board.wait_for_progress(within=SOON)
    redeployed = {"savepointRedeployNonce": 1, "initialSavepointPath": path}
    app.apply(job=redeployed).well()
    assert (told(app.status), app.origin["path"]) == ("savepoint", path)
    assert app.origin["because"] == "a_redeployment_has_its_snapshot"
    app.counts_on(older_states=1)
    app.is_settled()


def test_a_first_deployment_from_what_is_no_savepoint_says_so(carried: Carried) -> None:
    app = carried
    path = f"file://{IN_POD}/never-was"
    failure = app.first_run(job={"initialSavepointPath": path}, conf={READINESS: "45 s"}).failure
    assert failure.reason in ("the_job_failed", "the_start_took_too_long", "its_pods_can_not_start")
    assert path in failure.msg or "never-was" in failure.msg
    assert not app.job.board.starts(), "it was never started empty"
    again = app.deploy()
    assert (again.failure.reason, again.changed) == (failure.reason, 0)
    app.deploy(deploy_verb="restore-empty").well()
    assert app.origin["kind"] == "empty"
    app.counts_on()
    app.is_settled()
