"""Snapshots of a job that runs: asked for, periodic, kept and disposed of."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from support.carried import OPERATOR, Carried
from support.cluster import until

PERIODIC = f"{OPERATOR}periodic.savepoint.interval"
PERIOD = timedelta(seconds=20)
TEN_SECONDS = timedelta(seconds=10)
NEVER_AGAIN = "0 0 3 1 1 ? 2098"
EVERY_TEN_SECONDS = "0/10 * * * * ?"


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin(conf={f"{OPERATOR}savepoint.trigger.grace-period": "1 s"})
    return carried


def told(app: Carried, kind: str = "savepoint") -> dict[str, Any]:
    return dict(app.status["jobStatus"][f"{kind}Info"])


def kept(app: Carried) -> list[dict[str, Any]]:
    return list(told(app).get("savepointHistory") or ())


def is_there(app: Carried, location: str) -> bool:
    return (app.at(location) / "_metadata").is_file()


@pytest.mark.matrix
def test_a_changed_nonce_takes_a_savepoint_or_a_checkpoint(app: Carried) -> None:
    app.apply(job={"savepointTriggerNonce": 7}).well()
    last = told(app)["lastSavepoint"]
    assert (last["triggerType"], last["triggerNonce"]) == ("MANUAL", 7)
    assert last["formatType"] == "CANONICAL"
    assert is_there(app, last["location"])
    assert kept(app)[-1] == last
    assert not told(app).get("triggerId")
    app.is_settled()
    assert len(kept(app)) == 1

    app.apply(job={"checkpointTriggerNonce": 3}).well()
    last = told(app, "checkpoint")["lastCheckpoint"]
    assert (last["triggerType"], last["triggerNonce"]) == ("MANUAL", 3)
    app.is_settled()
    app.counts_on()
    assert len(app.job.board.starts()) == 1, "no snapshot restarts a job"


@pytest.mark.matrix
def test_a_savepoint_that_fails_is_told_to_who_asked(app: Carried) -> None:
    app.bar_savepoints()
    nonce = {"savepointTriggerNonce": 8}
    failure = app.apply(job=nonce).failure
    assert failure.reason == "the_savepoint_failed"
    assert "/flink-state/savepoints" in failure.msg
    app.let_savepoints()
    assert app.status["snapshotFailure"]["rule"] == "the_savepoint_failed"
    app.deploy().well()  # takes the error out of the status: the job runs well
    app.is_settled()
    app.apply(job={"savepointTriggerNonce": 9}).well()
    assert told(app)["lastSavepoint"]["triggerNonce"] == 9
    assert "snapshotFailure" not in app.status
    app.counts_on()


def test_periodic_savepoints_are_taken_and_disposed_of(app: Carried) -> None:
    app.apply(job={"savepointTriggerNonce": 20}).well()
    [*_, manual] = kept(app)
    first = the_first_period_ends(app)
    second = the_next_period_ends(app, first)
    third = a_cron_line_has_its_time(app, second)
    periodic = after(manual, kept(app))  # a slow run takes more than one in its time
    assert [one for one in periodic if one in (first, second, third)] == [first, second, third]
    assert periodic[-1] == third
    *disposed_of, one_before, last = periodic

    app.apply(conf={f"{OPERATOR}savepoint.history.max.count": "2"}).well()
    assert kept(app)[-3:] == [manual, one_before, last]
    assert not [one for one in disposed_of if app.at(one["location"]).exists()]
    app.is_settled()

    app.apply(conf={f"{OPERATOR}savepoint.history.max.age": "1 s"}).well()
    assert kept(app)[-2:] == [manual, last]
    assert not app.at(one_before["location"]).exists()
    assert is_there(app, manual["location"]), "what a person asked for is the person's"
    assert is_there(app, last["location"]), "the newest is what a start may come from"
    app.is_settled()
    app.counts_on()


def after(one: dict[str, Any], history: list[dict[str, Any]]) -> list[dict[str, Any]]:
    return history[history.index(one) + 1 :]


def the_first_period_ends(app: Carried) -> dict[str, Any]:
    until(lambda: age_of(app) > PERIOD, "its first period is over", within=60)
    app.apply(conf={PERIODIC: f"{PERIOD.seconds} s"}).well()
    taken = told(app)["lastSavepoint"]
    assert taken["triggerType"] == "PERIODIC"
    assert told(app)["lastPeriodicSavepointTimestamp"] == taken["timeStamp"]
    return dict(taken)


def the_next_period_ends(app: Carried, before: dict[str, Any]) -> dict[str, Any]:
    until(lambda: since(before) > PERIOD, "its period is over", within=60)
    app.deploy().well()
    taken = told(app)["lastSavepoint"]
    assert since(before) - since(taken) >= PERIOD
    return dict(taken)


def a_cron_line_has_its_time(app: Carried, before: dict[str, Any]) -> dict[str, Any]:
    until(lambda: since(before) > TEN_SECONDS, "a tenth second is over", within=60)
    app.apply(conf={PERIODIC: EVERY_TEN_SECONDS}).well()
    taken = told(app)["lastSavepoint"]
    assert taken["triggerType"] == "PERIODIC"
    assert taken["timeStamp"] > before["timeStamp"]
    app.apply(conf={PERIODIC: NEVER_AGAIN}).well()
    app.is_settled()
    return dict(taken)


@pytest.mark.matrix
def test_periodic_checkpoints_are_asked_for(app: Carried) -> None:
    key = f"{OPERATOR}periodic.checkpoint.interval"
    until(lambda: age_of(app) > PERIOD, "its first period is over", within=60)
    app.apply(conf={key: f"{PERIOD.seconds} s"}).well()
    assert told(app, "checkpoint")["lastCheckpoint"]["triggerType"] == "PERIODIC"
    assert told(app, "checkpoint")["lastPeriodicCheckpointTimestamp"] > 0
    app.is_settled()
    app.counts_on()


@pytest.mark.parametrize(
    "line",
    [
        "0 0 25 * * ?",
        pytest.param("every night", marks=pytest.mark.matrix),
        pytest.param("0 0 3 * * *", marks=pytest.mark.matrix),
    ],
)
def test_a_line_that_is_no_cron_line_is_refused_by_name(app: Carried, line: str) -> None:
    failure = app.apply(conf={PERIODIC: line}).failure
    assert PERIODIC in failure.msg
    assert line in failure.msg
    app.counts_on()
    again = app.deploy()
    assert (again.failure.reason, again.changed) == (failure.reason, 0)


def age_of(app: Carried) -> timedelta:
    made = datetime.fromisoformat(app.resource["metadata"]["creationTimestamp"])
    return datetime.now(UTC) - made


def since(savepoint: dict[str, Any]) -> timedelta:
    return datetime.now(UTC) - datetime.fromtimestamp(savepoint["timeStamp"] / 1000, UTC)
