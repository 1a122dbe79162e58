"""Parts of a cluster are lost: what can come back by itself does, the rest is made again."""

from __future__ import annotations

import time
from datetime import timedelta
from pathlib import Path

import pytest

from support.carried import IN_POD, NAME, SOON, Carried
from support.cluster import until
from support.counter import Broken, violations
from support.steerable import UNTIL_REMOVED, Fault

FORGETS_AFTER = 5
FORGETFUL = {"rest.async.store-duration": f"{FORGETS_AFTER} s"}
HA = "-config-map"
"""How the names of Flink's HA metadata end."""


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin(conf=FORGETFUL, job={"upgradeMode": "last-state"})
    return carried


def kill(app: Carried, component: str) -> None:
    pods = app.cluster.list("pods", app.namespace, labels=f"app={NAME},component={component}")
    assert pods, f"no pod of {component}"
    for pod in pods:
        app.cluster.delete("pods", pod["metadata"]["name"], app.namespace, gracePeriodSeconds=0)


def lose_deployment(app: Carried) -> None:
    app.cluster.delete("deployments", NAME, app.namespace)
    until(lambda: not app.pods, "its pods are gone", within=60)


@pytest.mark.parametrize(
    "component", ["taskmanager", pytest.param("jobmanager", marks=pytest.mark.matrix)]
)
def test_a_pod_that_is_killed_comes_back_by_itself(app: Carried, component: str) -> None:
    job_id, started = app.status["jobStatus"]["jobId"], len(app.job.board.starts())
    kill(app, component)
    app.job.board.wait_for_start(after=started, within=timedelta(seconds=120))
    app.deploy().well()
    assert app.status["jobStatus"]["jobId"] == job_id
    app.counts_on()
    app.is_settled()


@pytest.mark.matrix
def test_a_turn_while_the_jobmanager_is_away_changes_nothing_of_it(app: Carried) -> None:
    [deployment] = app.cluster.list("deployments", app.namespace)
    kill(app, "jobmanager")
    app.deploy().well()
    [after] = app.cluster.list("deployments", app.namespace)
    assert after["metadata"]["uid"] == deployment["metadata"]["uid"]
    app.counts_on()
    app.is_settled()


@pytest.mark.matrix
def test_a_deployment_that_is_deleted_is_made_again(app: Carried) -> None:
    app.cluster.delete("deployments", NAME, app.namespace)
    app.deploy().well()
    assert app.origin["kind"] == "last-state"
    app.counts_on()
    app.is_settled()


def test_with_its_metadata_gone_too_it_takes_an_older_snapshot_only_by_a_word(app: Carried) -> None:
    lose_deployment(app)
    lose_metadata(app)
    failure = app.deploy().failure
    assert failure.reason == "no_state_to_start_from_is_known"
    seen = app.status["ledger"][0]["path"]
    assert seen in failure.msg
    again = app.deploy()
    assert (again.failure.reason, again.changed) == ("no_state_to_start_from_is_known", 0)
    app.play("recover", recover_from="latest").well()
    assert (app.origin["kind"], app.origin["path"]) == ("savepoint", seen)
    app.job.board.wait_for_progress(within=SOON)
    found = {item.kind for item in violations(app.job.board.history())}
    assert found <= {Broken.OLDER_STATE}, found
    assert len({start.lineage for start in app.job.board.starts()}) == 1
    app.is_settled()


@pytest.mark.matrix
def test_with_all_memory_gone_it_waits_for_a_word(app: Carried) -> None:
    lose_deployment(app)
    lose_metadata(app)
    app.cluster.patch_status(NAME, app.namespace, {"status": {"ledger": None}})
    failure = app.deploy().failure
    assert failure.reason == "no_state_to_start_from_is_known"
    assert "recover_from=PATH" in failure.msg
    assert not app.cluster.list("deployments", app.namespace)
    again = app.deploy()
    assert (again.failure.reason, again.changed) == ("no_state_to_start_from_is_known", 0)
    path = newest_checkpoint(app)
    app.play("recover", recover_from=path).well()
    assert app.origin["path"] == path
    app.counts_on()
    app.is_settled()


def lose_metadata(app: Carried) -> None:
    maps = app.cluster.list("configmaps", app.namespace, labels=f"app={NAME}")
    names = [str(item["metadata"]["name"]) for item in maps]
    lost = [name for name in names if name.endswith(HA)]
    assert lost, f"there was no HA metadata to lose among {names}"
    for name in lost:
        app.cluster.delete("configmaps", name, app.namespace)


def newest_checkpoint(app: Carried) -> str:
    job = app.folder / "checkpoints" / app.status["jobStatus"]["jobId"]
    found = [path.parent for path in job.glob("chk-*/_metadata")]
    newest = max(found, key=lambda path: int(path.name.removeprefix("chk-")))
    return f"file://{IN_POD}/{newest.relative_to(app.folder)}"


def test_a_stop_that_flink_has_forgotten_is_found(app: Carried) -> None:
    app.apply(job={"upgradeMode": "savepoint"}).well()
    app.job.steering.set(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED)
    app.renew()
    before = savepoints(app)
    leave_in(app, "savepoint")
    app.job.steering.clear_all()
    until(lambda: savepoints(app) - before, "the savepoint is complete", within=60)
    it_forgets()
    app.deploy().well()
    assert app.origin["kind"] == "savepoint"
    [path] = savepoints(app) - before
    assert app.origin["path"].endswith(f"/{path}")
    app.counts_on()
    app.is_settled()


@pytest.mark.matrix
def test_a_savepoint_that_flink_has_forgotten_is_found(app: Carried) -> None:
    app.job.steering.set(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED)
    app.edit(job={"savepointTriggerNonce": 1})
    before = savepoints(app)
    leave_in(app, "snapshot")
    app.job.steering.clear_all()
    [path] = until(lambda: savepoints(app) - before, "the savepoint is complete", within=60)
    it_forgets()
    app.deploy().well()
    last = app.status["jobStatus"]["savepointInfo"]["lastSavepoint"]
    assert last["triggerNonce"] == 1
    assert last["location"].endswith(f"/{path}")
    assert savepoints(app) - before == {path}, "it was not taken twice"
    app.counts_on()
    app.is_settled()


def leave_in(app: Carried, phase: str) -> None:
    """The driver goes away and stays away, once Flink has the request: it makes a folder for it."""
    before = folders(app)
    run = app.start()
    until(lambda: app.phase == phase and folders(app) - before, f"its phase is {phase}", within=60)
    run.kill()


def folders(app: Carried) -> set[Path]:
    return set((app.folder / "savepoints").glob("savepoint-*"))


def savepoints(app: Carried) -> set[str]:
    found = (app.folder / "savepoints").glob("savepoint-*/_metadata")
    return {path.parent.name for path in found}


def it_forgets() -> None:
    end = time.monotonic() + FORGETS_AFTER + 3
    until(lambda: time.monotonic() > end, "Flink's memory of the request is gone", within=20)
