"""A job that fails over and over again, or has FAILED, goes on from its last checkpoint."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from support.cluster import Cluster, until
from support.counter import first_violation
from support.playbook import Player, Run
from support.steerable import UNTIL_REMOVED, Fault, SteerableJob

SOON = timedelta(seconds=60)
HEALTH = "kubernetes.operator.cluster.health-check"
WATCHED = {
    f"{HEALTH}.enabled": "true",
    f"{HEALTH}.restarts.threshold": "3",
    f"{HEALTH}.restarts.window": "1 min",
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "1000000",
    "restart-strategy.fixed-delay.delay": "200 ms",
    # Flink's web part shows metrics that are up to so old.
    "metrics.fetcher.update-interval": "1000",
}
GIVES_UP = {
    "restart-strategy.type": "none",
    "kubernetes.operator.job.restart.failed": "true",
}
RUNS = 6


@dataclass(frozen=True, slots=True)
class Ill:
    fault: Fault
    finding: str
    timeout: str = "10 min"
    """Of a checkpoint; a job that completes none for twice as long is stuck."""


@pytest.mark.matrix
@pytest.mark.row("C-055")
@pytest.mark.parametrize(
    "ill",
    [
        Ill(Fault.FAIL_TASK_ALWAYS, finding="the_job_restarts_too_often"),
        Ill(Fault.SLOW_CHECKPOINT, finding="the_job_makes_no_checkpoints", timeout="10 s"),
    ],
    ids=["restarts", "checkpoints"],
)
def test_an_unhealthy_job_is_started_again_from_its_last_checkpoint(
    cluster: Cluster,
    person: Player,
    job: SteerableJob,
    variables: dict[str, Any],
    ill: Ill,
) -> None:
    namespace = variables["deploy_namespace"]
    window = {"execution.checkpointing.timeout": ill.timeout}
    variables["deploy_configuration"] |= {**WATCHED, **window}
    person.deploy(**variables).well()
    job.board.wait_for_progress(within=SOON)
    before = job.board.value()

    job.steering.set(ill.fault, UNTIL_REMOVED)
    named = {"deploy_name": "counter", "deploy_namespace": namespace}
    restarted = looked_after(cluster, person, job, named, ill.fault)
    assert ill.finding in restarted.out, str(restarted)
    restarted.well()

    job.board.wait_for_progress(within=SOON)
    status = cluster.status("counter", namespace)
    assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("STABLE", "RUNNING")
    assert status["startedFrom"]["kind"] == "last-state"
    assert noted(cluster, namespace)["healthResult"] == {"healthy": True, "error": None}
    never_back(job)
    assert before is not None
    assert job.board.history()[-1].restored_value >= before.value


def looked_after(
    cluster: Cluster, person: Player, job: SteerableJob, named: dict[str, Any], fault: Fault
) -> Run:
    """Somebody plays deploy.yml again and again; what ails the job ends with its cluster."""
    old = cluster.get("deployments", "counter", named["deploy_namespace"])
    assert old is not None
    uid = old["metadata"]["uid"]

    def is_gone() -> bool:
        now = cluster.get("deployments", "counter", named["deploy_namespace"])
        return now is None or now["metadata"]["uid"] != uid

    for _ in range(RUNS):
        started = person.start("deploy", **named)
        until(lambda: started.process.poll() is not None or is_gone(), "it is restarted", within=90)  # noqa: B023
        if is_gone():
            job.steering.clear(fault)
            return started.result()
        started.result()
    raise AssertionError(
        f"not restarted in {RUNS} runs: {noted(cluster, named['deploy_namespace'])}"
    )


def noted(cluster: Cluster, namespace: str) -> dict[str, Any]:
    info = cluster.status("counter", namespace)["clusterInfo"]
    found: dict[str, Any] = json.loads(info["ClusterHealthInfo"])
    return found


def never_back(job: SteerableJob) -> None:
    assert first_violation(job.board.history()) is None
    assert len({start.lineage for start in job.board.starts()}) == 1


@pytest.mark.matrix
def test_a_failed_job_is_started_once_more_from_its_last_checkpoint(
    cluster: Cluster, person: Player, job: SteerableJob, variables: dict[str, Any]
) -> None:
    namespace = variables["deploy_namespace"]
    variables["deploy_configuration"] |= GIVES_UP
    person.deploy(**variables).well()
    job.board.wait_for_progress(within=SOON)
    starts = len(job.board.starts())

    job.steering.set(Fault.FAIL_TASK, "enough")
    until(lambda: not job.steering.is_set(Fault.FAIL_TASK), "the task has failed", within=30)
    named = {"deploy_name": "counter", "deploy_namespace": namespace}
    until(
        lambda: person.deploy(**named).well() and len(job.board.starts()) > starts,
        "the failed job was started again",
        within=180,
    )
    job.board.wait_for_progress(within=SOON)
    person.deploy(**named).well(changed=0)
    status = cluster.status("counter", namespace)
    assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("STABLE", "RUNNING")
    assert status["startedFrom"]["because"] == "its_job_ended_with_a_snapshot"
    assert len(job.board.starts()) == starts + 1
    never_back(job)
