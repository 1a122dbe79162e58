"""Suspended and resumed in each upgrade mode, with a changed spec and without."""

from __future__ import annotations

from typing import Any

import pytest

from support.carried import SOON, Carried
from support.counter import first_violation

pytestmark = [pytest.mark.matrix]
TWO_SLOTS = {"taskmanager.numberOfTaskSlots": "2"}


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin()
    return carried


def rests(app: Carried) -> dict[str, Any]:
    status = app.status
    assert status["lifecycleState"] == "SUSPENDED"
    assert app.pods == []
    return status


@pytest.mark.parametrize(
    ("mode", "source"), [("savepoint", "savepoint"), ("last-state", "last-state")]
)
def test_a_suspended_job_goes_on_from_where_it_was(app: Carried, mode: str, source: str) -> None:
    app.apply(job={"upgradeMode": mode}).well()
    app.play("suspend").well()
    status = rests(app)
    if source == "savepoint":
        path = status["jobStatus"]["upgradeSavepointPath"]
        assert (app.at(path) / "_metadata").is_file()
    app.play("suspend").well(changed=0)
    app.play("resume").well()
    assert app.origin["kind"] == source
    app.counts_on()
    app.play("resume").well(changed=0)


@pytest.mark.parametrize("mode", ["savepoint", "last-state"])
def test_a_suspended_job_goes_on_with_a_changed_spec(app: Carried, mode: str) -> None:
    app.apply(job={"upgradeMode": mode}).well()
    app.apply(job={"state": "suspended"}).well()
    rests(app)
    app.apply(job={"parallelism": 2}, conf=TWO_SLOTS).well()
    rests(app)
    app.is_settled()
    app.apply(job={"state": "running"}).well()
    app.counts_on()
    assert app.job.board.value() is not None
    assert app.job.board.starts()[-1].parallelism == 2
    app.is_settled()


def test_a_stateless_job_begins_anew(app: Carried) -> None:
    app.apply(job={"upgradeMode": "stateless"}).well()
    app.play("suspend").well()
    rests(app)
    app.play("resume").well()
    assert app.origin["kind"] == "empty"
    app.job.board.wait_for_progress(within=SOON)
    assert first_violation(app.job.board.history(), empty_starts=1) is None
    app.is_settled()
