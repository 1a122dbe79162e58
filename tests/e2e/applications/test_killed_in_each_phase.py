"""`kill -9` of the run in each phase of a change; the next run goes on, and the count with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from support.carried import OPERATOR, Carried
from support.cluster import until
from support.steerable import UNTIL_REMOVED, Fault

pytestmark = [pytest.mark.matrix, pytest.mark.row("M-001-21")]
NEW = "control-of-the-new-version"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """What is changed so that a run comes through a phase, and what holds it there."""

    phase: str
    mode: str
    conf: Mapping[str, str] = field(default_factory=dict)
    old_fault: Fault | None = None
    new_fault: Fault | None = None
    goes_back: bool = False


CHANGES = (
    Change(phase="savepoint", mode="savepoint", old_fault=Fault.SLOW_CHECKPOINT),
    Change(
        phase="cancel",
        mode="last-state",
        conf={f"{OPERATOR}job.upgrade.last-state.job-cancel.enabled": "true"},
    ),
    Change(phase="cluster-delete", mode="savepoint"),
    Change(phase="cluster-delete", mode="last-state"),
    Change(phase="start", mode="savepoint"),
    Change(phase="start", mode="last-state"),
    Change(
        phase="gate",
        mode="savepoint",
        conf={"execution.checkpointing.interval": "20 s"},
        new_fault=Fault.SLOW_CHECKPOINT,
    ),
    Change(
        phase="rollback",
        mode="savepoint",
        conf={f"{OPERATOR}deployment.readiness.timeout": "20 s"},
        new_fault=Fault.FAIL_TASK_ALWAYS,
        goes_back=True,
    ),
    Change(
        phase="rollback",
        mode="last-state",
        conf={f"{OPERATOR}deployment.readiness.timeout": "20 s"},
        new_fault=Fault.FAIL_TASK_ALWAYS,
        goes_back=True,
    ),
)


def named(change: Change) -> str:
    return f"{change.phase}-{change.mode}"


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin()
    return carried


@pytest.mark.parametrize("change", CHANGES, ids=named)
def test_the_next_run_goes_on(app: Carried, change: Change) -> None:
    app.apply(job={"upgradeMode": change.mode}).well()
    prepare(app, change)
    run = app.start()
    until(lambda: app.phase == change.phase, f"its phase is {change.phase}", within=120)
    run.kill()
    release(app, change)
    again = app.deploy()
    if change.goes_back:
        assert again.failure.reason == "this_version_failed_before"
        app.counts_on_as_before()
        assert app.deploy().changed == 0
        return
    again.well()
    app.counts_on()
    app.is_settled()


def prepare(app: Carried, change: Change) -> None:
    app.edit(conf=change.conf)
    if change.old_fault:
        app.job.steering.set(change.old_fault, UNTIL_REMOVED)
    if change.new_fault:
        app.fault(change.new_fault, UNTIL_REMOVED, control=NEW)
        app.edit(job={"args": app.arguments(NEW)})
    else:
        app.renew()


def release(app: Carried, change: Change) -> None:
    app.job.steering.clear_all()
    if change.new_fault and not change.goes_back:
        app.no_fault(change.new_fault, control=NEW)
