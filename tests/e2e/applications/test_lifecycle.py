"""One job through upgrades, suspension, loss and a bad image: its count never goes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from support.carried import IN_POD, VERSIONS, Carried
from support.cluster import Cluster, until
from support.counter import first_violation
from support.playbook import Player
from support.steerable import UNTIL_REMOVED, Fault, SteerableJob

SOON = timedelta(seconds=60)
NAMED = {"deploy_name": "counter"}


@pytest.mark.row("M-000-04", "M-001-09", "M-003-13")
def test_one_job_keeps_its_count_through_its_life(
    cluster: Cluster, person: Player, job: SteerableJob, variables: dict[str, Any]
) -> None:
    variables |= {"deploy_upgrade_mode": "savepoint"}
    namespace = variables["deploy_namespace"]
    named = {**NAMED, "deploy_namespace": namespace}

    def started_from() -> str:
        job.board.wait_for_progress(within=SOON)
        status = cluster.status("counter", namespace)
        assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("STABLE", "RUNNING")
        return str(status["startedFrom"]["kind"])

    person.deploy(**variables).well()
    assert started_from() == "empty"

    variables |= {"deploy_parallelism": 2, "deploy_slots": 2}
    person.deploy(**variables).well()
    assert started_from() == "savepoint"
    person.deploy(**variables).well(changed=0)

    variables |= {"deploy_parallelism": 1, "deploy_upgrade_mode": "last-state"}
    person.deploy(**variables).well()
    assert started_from() == "last-state"

    person.play("suspend", **named).well()
    assert cluster.status("counter", namespace)["lifecycleState"] == "SUSPENDED"
    assert cluster.list("pods", namespace) == []
    person.play("resume", **named).well()
    assert started_from() == "last-state"

    cluster.delete("deployments", "counter", namespace)
    person.deploy(**named).well()
    assert started_from() == "last-state"

    a_bad_image_is_taken_back(cluster, person, named)
    job.board.wait_for_progress(within=SOON)
    assert first_violation(job.board.history()) is None
    assert len({start.lineage for start in job.board.starts()}) == 1
    person.remove(remove_name="counter", remove_namespace=namespace, remove_state="drop").well()
    assert cluster.made(namespace) == {}


def a_bad_image_is_taken_back(cluster: Cluster, person: Player, named: dict[str, str]) -> None:
    namespace = named["deploy_namespace"]
    key = {"kubernetes.operator.deployment.readiness.timeout": "15 s"}
    bad = {"image": "local/no-such-image:1", "imagePullPolicy": "Never", "flinkConfiguration": key}
    cluster.patch("flinkdeployments", "counter", namespace, {"spec": bad})
    failure = person.deploy(**named).failure
    assert failure.reason == "this_version_failed_before"
    status = cluster.status("counter", namespace)
    assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("ROLLED_BACK", "RUNNING")
    assert status["failedSpecHash"]
    again = person.deploy(**named)
    assert (again.failure.reason, again.changed) == ("this_version_failed_before", 0)


@pytest.mark.row("M-000-04", "M-001-21")
@pytest.mark.parametrize("carried", VERSIONS[-1:], indirect=True, ids=str)
def test_one_job_keeps_its_count_through_hard_times(carried: Carried) -> None:
    """On the newest Flink; each of these has a test of its own, with more to it, on every one."""
    app = carried
    app.begin()
    a_savepoint_is_taken_when_asked_for(app)
    a_savepoint_that_fails_stops_no_job(app)
    a_killed_run_is_gone_on_with(app)
    a_killed_jobmanager_comes_back(app)
    app.is_settled()


def a_savepoint_is_taken_when_asked_for(app: Carried) -> None:
    app.apply(job={"savepointTriggerNonce": 1}).well()
    last = app.status["jobStatus"]["savepointInfo"]["lastSavepoint"]
    assert (last["triggerType"], last["triggerNonce"]) == ("MANUAL", 1)
    assert (app.at(last["location"]) / "_metadata").is_file()


def a_savepoint_that_fails_stops_no_job(app: Carried) -> None:
    app.bar_savepoints()
    app.renew()
    failure = app.deploy().failure
    assert failure.reason == "its_savepoint_failed"
    assert f"{IN_POD}/savepoints" in failure.msg
    app.let_savepoints()
    app.counts_on()


def a_killed_run_is_gone_on_with(app: Carried) -> None:
    app.job.steering.set(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED)
    run = app.start()
    until(lambda: app.phase == "savepoint", "it stops with a savepoint", within=60)
    run.kill()
    app.job.steering.clear_all()
    app.deploy().well()
    assert app.origin["kind"] == "savepoint"
    app.counts_on()


def a_killed_jobmanager_comes_back(app: Carried) -> None:
    [pod] = app.cluster.list("pods", app.namespace, labels="component=jobmanager")
    starts = len(app.job.board.starts())
    app.cluster.delete("pods", pod["metadata"]["name"], app.namespace, gracePeriodSeconds=0)
    app.job.board.wait_for_start(after=starts, within=2 * SOON)
    app.deploy().well()
    app.counts_on()
