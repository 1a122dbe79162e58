"""A job that fails over and over again, or has FAILED, goes on from its last checkpoint."""

from __future__ import annotations

import json
import time
from dataclasses import dataclass
from typing import Any

import pytest

from support.carried import NAME, SOON, Carried
from support.cluster import until
from support.playbook import Run
from support.steerable import UNTIL_REMOVED, Fault

pytestmark = pytest.mark.matrix
LAST_STATE = {"upgradeMode": "last-state"}
HEALTH = "kubernetes.operator.cluster.health-check"
WATCHED = {
    f"{HEALTH}.enabled": "true",
    f"{HEALTH}.restarts.threshold": "3",
    f"{HEALTH}.restarts.window": "1 min",
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "1000000",
    "restart-strategy.fixed-delay.delay": "200 ms",
    # The window in which a checkpoint has to complete is (this + 2) times what one may take.
    "execution.checkpointing.tolerable-failed-checkpoints": "3",
    # Flink's web part shows metrics that are up to so old.
    "metrics.fetcher.update-interval": "1000",
}
GIVES_UP = {
    "restart-strategy.type": "none",
    "kubernetes.operator.job.restart.failed": "true",
}
LOOKED_AFTER = 240
"""Seconds: longer than any window above, and the cluster's deletion."""


@dataclass(frozen=True, slots=True)
class Ill:
    fault: Fault
    finding: str
    timeout: str = "10 min"
    """Of a checkpoint; a job that completes none for twice as long is stuck."""


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
    carried: Carried, ill: Ill
) -> None:
    app = carried
    app.begin(job=LAST_STATE, conf={**WATCHED, "execution.checkpointing.timeout": ill.timeout})
    before = app.job.board.wait_for_progress(within=SOON)

    app.job.steering.set(ill.fault, UNTIL_REMOVED)
    restarted = looked_after(app, ill.fault)
    assert ill.finding in restarted.out, str(restarted)
    restarted.well()

    app.counts_on()
    assert app.origin["kind"] == "last-state"
    assert noted(app)["healthResult"] == {"healthy": True, "error": None}
    assert app.job.board.history()[-1].restored_value >= before.value
    app.is_settled()


def looked_after(app: Carried, fault: Fault) -> Run:
    """Somebody plays deploy.yml again and again; what ails the job ends with its cluster."""
    [old] = app.cluster.list("deployments", app.namespace)

    def is_gone() -> bool:
        now = app.cluster.get("deployments", NAME, app.namespace)
        return now is None or now["metadata"]["uid"] != old["metadata"]["uid"]

    by = time.monotonic() + LOOKED_AFTER
    while time.monotonic() < by:
        started = app.start_play("deploy")
        until(lambda: started.process.poll() is not None or is_gone(), "it is restarted", within=90)  # noqa: B023
        if is_gone():
            app.job.steering.clear(fault)
            return started.result()
        started.result()
    raise AssertionError(f"not restarted within {LOOKED_AFTER} s: {noted(app)}")


def noted(app: Carried) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(app.status["clusterInfo"]["ClusterHealthInfo"])
    return found


def test_a_failed_job_is_started_once_more_from_its_last_checkpoint(carried: Carried) -> None:
    app = carried
    app.begin(job=LAST_STATE, conf=GIVES_UP)
    app.job.board.wait_for_progress(within=SOON)
    starts = len(app.job.board.starts())

    app.job.steering.set(Fault.FAIL_TASK, "enough")
    until(lambda: not app.job.steering.is_set(Fault.FAIL_TASK), "the task has failed", within=30)
    until(
        lambda: app.play("deploy").well() and len(app.job.board.starts()) > starts,
        "the failed job was started again",
        within=180,
    )
    app.counts_on()
    app.is_settled()
    assert app.origin["because"] == "its_job_ended_with_a_snapshot"
    assert len(app.job.board.starts()) == starts + 1
