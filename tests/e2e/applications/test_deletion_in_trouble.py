"""A removal whose driver is killed, whose Flink is dead, or whose storage takes nothing more."""

from __future__ import annotations

import shutil

import pytest

from support.carried import NAME, OPERATOR, SOON, Carried
from support.cluster import until
from support.left_behind import (
    goes_on_from,
    is_to_end,
    nothing_is_left,
    only_ha_data_is_left,
    told,
)
from support.steerable import UNTIL_REMOVED, Fault

SOON_OVERDUE = {
    f"{OPERATOR}resource.cleanup.timeout": "20 s",
    # A driver may be killed before Flink has heard of the cancellation that it announced.
    f"{OPERATOR}flink.client.cancel.timeout": "10 s",
}
JOBMANAGER = f"app={NAME},component=jobmanager"


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin(conf=SOON_OVERDUE)
    return carried


@pytest.mark.row("M-001-21")
def test_a_removal_that_is_killed_goes_on_with_its_savepoint(app: Carried) -> None:
    app.job.steering.set(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED)
    is_killed_in(app, "savepoint")
    app.job.steering.clear_all()
    savepoint = told(app, app.remove().well())
    assert "/savepoint-" in savepoint
    assert len(list((app.folder / "savepoints").glob("*/_metadata"))) == 1, "it was taken once"
    nothing_is_left(app)
    goes_on_from(app, savepoint)


@pytest.mark.row("M-001-21")
def test_a_removal_that_is_killed_goes_on_with_its_cancellation(app: Carried) -> None:
    is_to_end(app, "cancel")
    is_killed_in(app, "cancel")
    checkpoint = told(app, app.remove().well())
    nothing_is_left(app)
    goes_on_from(app, checkpoint)


def is_killed_in(app: Carried, phase: str) -> None:
    run = app.start_removal()
    until(lambda: app.phase == phase, f"its phase is {phase}", within=60)
    run.kill()


def test_a_savepoint_that_fails_leaves_the_last_checkpoint(app: Carried) -> None:
    app.bar_savepoints()
    removed = app.remove().well()
    assert "its_savepoint_failed_so_it_is_cancelled" in removed.out
    checkpoint = told(app, removed)
    nothing_is_left(app)
    app.let_savepoints()
    goes_on_from(app, checkpoint)


@pytest.mark.matrix
def test_a_dead_jobmanager_is_waited_for_and_then_let_go(app: Carried) -> None:
    dies(app)
    removed = app.remove().well()
    assert "its_flink_stays_silent" in removed.out
    assert "/chk-" in told(app, removed)
    only_ha_data_is_left(app)
    app.deploy(deploy_verb="restore-latest").well()
    app.counts_on()
    app.is_settled()


def dies(app: Carried) -> None:
    """Its image is gone: the JobManager never comes back."""
    [deployment] = app.cluster.list("deployments", app.namespace)
    containers = deployment["spec"]["template"]["spec"]["containers"]
    missing = {"image": "local/no-such-image:1", "imagePullPolicy": "Never"}
    template = {"spec": {"containers": [{**it, **missing} for it in containers]}}
    strategy = {"type": "Recreate", "rollingUpdate": None}
    patch = {"spec": {"strategy": strategy, "template": template}}
    app.cluster.patch("deployments", NAME, app.namespace, patch)

    def is_down() -> bool:
        pods = app.cluster.list("pods", app.namespace, labels=JOBMANAGER)
        states = [it["status"].get("containerStatuses") or [{}] for it in pods]
        return bool(pods) and not any(state[0].get("ready") for state in states)

    until(is_down, "the JobManager is down", within=60)


@pytest.mark.matrix
def test_with_its_storage_gone_it_ends_all_the_same(app: Carried) -> None:
    """The last of this module: nothing is left that a job could go on from."""
    app.job.board.wait_for_progress(within=SOON)
    app.folder.chmod(0o555)
    try:
        for name in ("savepoints", "checkpoints", "ha"):
            shutil.rmtree(app.folder / name, ignore_errors=True)
        removed = app.remove().well()
    finally:
        app.folder.chmod(0o777)
    assert "its_savepoint_failed_so_it_is_cancelled" in removed.out
    assert "/chk-" in removed.out, "what it knew of is named"
    # Flink could not clean up behind its job: what leads to its state may stay, as always.
    app.remove(remove_state="drop").well()
    nothing_is_left(app)
