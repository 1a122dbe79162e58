"""`kill -9` of the run in each phase of a change; the next run goes on, and the count with it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pytest

from support.carried import NAME, OPERATOR, Carried
from support.cluster import until
from support.playbook import Started
from support.steerable import UNTIL_REMOVED, Fault

pytestmark = pytest.mark.row("M-001-21")
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
    is_core: bool = True
    """Each phase is so once; that of the savepoint is carried on the newest Flink."""


CHANGES = (
    Change(phase="savepoint", mode="savepoint", old_fault=Fault.SLOW_CHECKPOINT, is_core=False),
    Change(
        phase="cancel",
        mode="last-state",
        conf={f"{OPERATOR}job.upgrade.last-state.job-cancel.enabled": "true"},
    ),
    Change(phase="cluster-delete", mode="savepoint", is_core=False),
    Change(phase="cluster-delete", mode="last-state"),
    Change(phase="start", mode="savepoint"),
    Change(phase="start", mode="last-state", is_core=False),
    Change(
        phase="gate",
        mode="savepoint",
        conf={"execution.checkpointing.interval": "20 s"},
        new_fault=Fault.SLOW_CHECKPOINT,
    ),
    Change(
        phase="rollback",
        mode="savepoint",
        conf={f"{OPERATOR}deployment.readiness.timeout": "15 s"},
        new_fault=Fault.FAIL_TASK_ALWAYS,
        goes_back=True,
    ),
    Change(
        phase="rollback",
        mode="last-state",
        conf={f"{OPERATOR}deployment.readiness.timeout": "15 s"},
        new_fault=Fault.FAIL_TASK_ALWAYS,
        goes_back=True,
        is_core=False,
    ),
)


def named(change: Change) -> str:
    return f"{change.phase}-{change.mode}"


EVERY = [
    pytest.param(change, id=named(change), marks=[] if change.is_core else pytest.mark.matrix)
    for change in CHANGES
]


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin(may_be_taken_back=True)
    return carried


def test_a_suspension_and_a_resumption_go_on(app: Carried) -> None:
    app.deploy().well()
    app.job.steering.set(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED)
    is_killed_in(app, app.start_play("suspend"), "savepoint")
    app.job.steering.clear_all()
    is_killed_in(app, app.start_play("suspend"), "cluster-delete")
    app.play("suspend").well()
    assert (app.status["lifecycleState"], app.pods) == ("SUSPENDED", [])
    app.play("suspend").well(changed=0)
    savepoint = app.status["jobStatus"]["upgradeSavepointPath"]

    is_killed_in(app, app.start_play("resume"), "start")
    app.play("resume").well()
    assert (app.origin["kind"], app.origin["path"]) == ("savepoint", savepoint)
    app.counts_on()
    app.play("resume").well(changed=0)


def test_a_lost_deployment_is_made_again(app: Carried) -> None:
    app.deploy().well()
    starts = len(app.job.board.starts())
    app.cluster.delete("deployments", NAME, app.namespace)
    is_killed_in(app, app.start_play("deploy"), "start")
    app.play("deploy").well()
    assert app.origin["kind"] == "last-state"
    assert len(app.job.board.starts()) == starts + 1, "it was made once"
    app.counts_on()
    app.play("deploy").well(changed=0)


@pytest.mark.parametrize("change", EVERY)
def test_the_next_run_goes_on(app: Carried, change: Change) -> None:
    app.apply(job={"upgradeMode": change.mode}).well()
    prepare(app, change)
    is_killed_in(app, app.start(), change.phase)
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


def is_killed_in(app: Carried, run: Started, phase: str) -> None:
    until(lambda: app.phase == phase, f"its phase is {phase}", within=120)
    run.kill()
