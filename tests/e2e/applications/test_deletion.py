"""A job that counts is removed in each way: what it had counted is where the removal says."""

from __future__ import annotations

from pathlib import Path

import pytest

from support.carried import NAME, Carried
from support.cluster import reason, until
from support.left_behind import (
    FINALIZER,
    goes_on_from,
    is_held,
    is_to_end,
    nothing_is_left,
    only_ha_data_is_left,
    told,
)


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin()
    return carried


@pytest.mark.row("C-034", "C-097")
def test_a_deletion_by_hand_leaves_a_savepoint_and_releases_the_finalizer(app: Carried) -> None:
    is_held(app)
    app.cluster.delete("flinkdeployments", NAME, app.namespace)
    assert app.resource["metadata"]["finalizers"] == [FINALIZER]
    removed = app.remove().well()
    for rule in ("its_job_is_stopped_with_a_savepoint", "its_finalizer_is_released"):
        assert rule in removed.out
    savepoint = told(app, removed)
    assert "/savepoint-" in savepoint
    nothing_is_left(app)
    goes_on_from(app, savepoint)


def test_a_cancellation_leaves_the_last_checkpoint(app: Carried) -> None:
    is_to_end(app, "cancel")
    removed = app.remove().well()
    assert "its_job_is_cancelled" in removed.out
    checkpoint = told(app, removed)
    newest = max(int(it.name.removeprefix("chk-")) for it in beside(app, checkpoint))
    assert checkpoint.endswith(f"/chk-{newest}"), "a newer one than the named one is there"
    nothing_is_left(app)
    goes_on_from(app, checkpoint)


def beside(app: Carried, checkpoint: str) -> list[Path]:
    found = app.at(checkpoint).parent.glob("chk-*/_metadata")
    return [path.parent for path in found]


@pytest.mark.matrix
def test_what_is_left_is_gone_on_from_by_the_next_of_that_name(app: Carried) -> None:
    is_to_end(app, "leave")
    removed = app.remove().well()
    assert "a_stateful_job_leaves_its_checkpoints" in removed.out
    only_ha_data_is_left(app)
    assert app.deploy().failure.reason == "state_of_its_name_was_found"
    app.deploy(deploy_verb="restore-latest").well()
    app.counts_on()
    app.is_settled()


def test_an_application_goes_with_its_namespace_and_names_its_snapshot(app: Carried) -> None:
    """The last of this module: what the others look at is gone after it."""
    app.is_settled()
    is_held(app)
    app.cluster.ask("DELETE", f"/api/v1/namespaces/{app.namespace}")
    until(lambda: "deletionTimestamp" in app.resource["metadata"], "it is asked to go", within=30)
    until(lambda: not app.cluster.list("leases", app.namespace), "its Lease is gone", within=60)
    assert reason(app.status) == "the_job_runs"
    job_id = app.status["jobStatus"]["jobId"]
    removed = app.remove().well()
    assert "its_namespace_is_going" in removed.out
    checkpoint = told(app, removed)
    told_of = (job_id, int(checkpoint.rpartition("/chk-")[2]))
    counted = {(line.job_id, line.checkpoint): line.value for line in app.job.board.checkpoints()}
    assert counted[told_of], "it holds what the job had counted by then"
    assert app.resource == {}
    until(
        lambda: not app.cluster.ask("GET", f"/api/v1/namespaces/{app.namespace}").is_ok,
        "the namespace is gone",
        within=120,
    )
    app.remove().well(changed=0)
