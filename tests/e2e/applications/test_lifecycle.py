"""One job through upgrades, suspension, loss and a bad image: its count never goes back."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pytest

from support.carried import IN_POD, NAME, SOON, Carried
from support.cluster import Cluster, Object, until
from support.counter import first_violation
from support.playbook import Player
from support.steerable import UNTIL_REMOVED, Fault, SteerableJob
from support.versions import NEWEST


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """An application that is described by the role's own words."""

    cluster: Cluster
    person: Player
    job: SteerableJob
    variables: dict[str, Any]

    @property
    def named(self) -> dict[str, str]:
        return {"deploy_name": NAME, "deploy_namespace": self.variables["deploy_namespace"]}

    @property
    def status(self) -> Object:
        return self.cluster.status(NAME, self.variables["deploy_namespace"])

    def becomes(self, source: str, **variables: Any) -> None:
        self.variables.update(variables)
        self.person.deploy(**self.variables).well()
        self.started_from(source)
        self.person.deploy(**self.variables).well(changed=0)

    def started_from(self, source: str) -> None:
        self.job.board.wait_for_progress(within=SOON)
        status = self.status
        assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("STABLE", "RUNNING")
        assert status["startedFrom"]["kind"] == source


@pytest.fixture
def life(cluster: Cluster, person: Player, job: SteerableJob, variables: dict[str, Any]) -> Life:
    return Life(cluster=cluster, person=person, job=job, variables=variables)


@pytest.mark.row("M-000-04", "M-001-09", "M-003-13")
def test_one_job_keeps_its_count_through_its_life(life: Life) -> None:
    cluster, namespace = life.cluster, life.variables["deploy_namespace"]
    life.becomes("empty", deploy_upgrade_mode="savepoint")
    life.becomes("savepoint", deploy_parallelism=2, deploy_slots=2)
    life.becomes("last-state", deploy_parallelism=1, deploy_upgrade_mode="last-state")
    it_is_suspended_and_resumed(life)
    cluster.delete("deployments", NAME, namespace)
    life.becomes("last-state")
    assert first_violation(life.job.board.history()) is None
    assert len({start.lineage for start in life.job.board.starts()}) == 1

    a_stateless_version_begins_anew(life)
    a_bad_image_is_taken_back(life)
    life.job.board.wait_for_progress(within=SOON)
    assert first_violation(life.job.board.history(), empty_starts=1) is None
    assert len({start.lineage for start in life.job.board.starts()}) == 2
    life.person.remove(remove_name=NAME, remove_namespace=namespace, remove_state="drop").well()
    assert cluster.made(namespace) == {}


def it_is_suspended_and_resumed(life: Life) -> None:
    life.person.play("suspend", **life.named).well()
    assert life.status["lifecycleState"] == "SUSPENDED"
    assert life.cluster.list("pods", life.variables["deploy_namespace"]) == []
    life.person.play("suspend", **life.named).well(changed=0)
    life.person.play("resume", **life.named).well()
    life.started_from("last-state")
    life.person.play("resume", **life.named).well(changed=0)


def a_stateless_version_begins_anew(life: Life) -> None:
    """The mode of the version that is to come decides; nothing is restarted by the mode alone."""
    arguments = [*life.variables["deploy_args"], "--name", "anew"]
    life.becomes("empty", deploy_upgrade_mode="stateless", deploy_args=arguments)
    life.becomes("empty", deploy_upgrade_mode="last-state")


def a_bad_image_is_taken_back(life: Life) -> None:
    key = {"kubernetes.operator.deployment.readiness.timeout": "15 s"}
    bad = {"image": "local/no-such-image:1", "imagePullPolicy": "Never", "flinkConfiguration": key}
    namespace = life.variables["deploy_namespace"]
    life.cluster.patch("flinkdeployments", NAME, namespace, {"spec": bad})
    failure = life.person.deploy(**life.named).failure
    assert failure.reason == "this_version_failed_before"
    status = life.status
    assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("ROLLED_BACK", "RUNNING")
    assert status["failedSpecHash"]
    again = life.person.deploy(**life.named)
    assert (again.failure.reason, again.changed) == ("this_version_failed_before", 0)


@pytest.mark.row("M-000-04", "M-001-21")
@pytest.mark.parametrize("carried", [NEWEST], indirect=True, ids=str)
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
