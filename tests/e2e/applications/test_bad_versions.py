"""Versions that do not run well: each is taken back, and the job counts on from what it had."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pytest

from support.carried import IN_POD, OPERATOR, Carried
from support.custom_resource import EXAMPLE
from support.playbook import Run
from support.steerable import UNTIL_REMOVED, Fault

READINESS = f"{OPERATOR}deployment.readiness.timeout"
SOON_JUDGED = {READINESS: "15 s"}
CONF = {"execution.checkpointing.timeout": "8 s"}
BAD = "control-of-the-bad-version"
"""Flink's own word, in the root exception."""
MISSING = "local/no-such-image:1"


@pytest.fixture
def app(carried: Carried) -> Carried:
    """It runs, maybe since the last bad version was taken back."""
    carried.begin(conf=CONF, may_be_taken_back=True)
    return carried


def is_taken_back(app: Carried, run: Run) -> None:
    assert run.failure.reason == "this_version_failed_before"
    assert app.status["failedSpecHash"]
    app.counts_on_as_before()
    again = app.deploy()
    assert (again.failure.reason, again.changed) == ("this_version_failed_before", 0)


@pytest.mark.parametrize(
    "job",
    [
        {"jarURI": f"local://{IN_POD}/no-such.jar"},
        pytest.param({"entryClass": "flinkops.NoSuchClass"}, marks=pytest.mark.matrix),
    ],
    ids=["no-jar", "no-class"],
)
def test_a_version_that_has_no_program_is_taken_back(app: Carried, job: Mapping[str, Any]) -> None:
    is_taken_back(app, app.apply(job=job, conf=SOON_JUDGED))


@pytest.mark.matrix
def test_a_version_that_has_no_image_is_taken_back(app: Carried) -> None:
    """In the core that is a part of one job's life."""
    missing = {"image": MISSING, "imagePullPolicy": "Never"}
    is_taken_back(app, app.apply(conf=SOON_JUDGED, **missing))
    there = {"image": app.flink.image, "imagePullPolicy": "IfNotPresent"}
    app.apply(conf=CONF, **there).well()


@pytest.mark.parametrize(
    "fault",
    [
        Fault.FAIL_START,
        pytest.param(Fault.FAIL_TASK_ALWAYS, marks=pytest.mark.matrix),
        pytest.param(Fault.FAIL_RESTORE, marks=pytest.mark.matrix),
        Fault.FAIL_CHECKPOINT,
        pytest.param(Fault.SLOW_CHECKPOINT, marks=pytest.mark.matrix),
    ],
)
def test_a_version_that_does_not_run_well_is_taken_back(app: Carried, fault: Fault) -> None:
    """Or that runs, and completes no checkpoint: it fails, or does not come to its end in time."""
    control = f"control-{fault}"
    content = UNTIL_REMOVED if fault is Fault.SLOW_CHECKPOINT else "this version is broken"
    app.fault(fault, content, control=control)
    is_taken_back(app, app.apply(job={"args": app.arguments(control)}, conf=SOON_JUDGED))


def test_a_program_that_has_no_place_for_the_state_is_taken_back_or_told_to_run(
    app: Carried,
) -> None:
    ours = dict(app.definition["spec"]["job"])
    another = {"jarURI": EXAMPLE, "args": [], "allowNonRestoredState": False}
    run = app.apply(job=another, conf=SOON_JUDGED)
    is_taken_back(app, run)

    app.edit(job={"allowNonRestoredState": True}, conf={READINESS: "400 s"})
    app.deploy().well()
    savepoint = app.origin["path"]
    assert app.origin["kind"] == "savepoint"
    app.is_settled()
    app.edit(job={"allowNonRestoredState": None, **ours})
    app.deploy(deploy_verb=f"restore-from={savepoint}").well()
    app.counts_on()
    app.is_settled()


@pytest.mark.matrix
def test_a_version_that_was_taken_back_is_tried_again_by_a_word(app: Carried) -> None:
    app.fault(Fault.FAIL_START, "this version is broken", control=BAD)
    is_taken_back(app, app.apply(job={"args": app.arguments(BAD)}, conf=SOON_JUDGED))
    app.no_faults(control=BAD)
    app.apply("-e", "deploy_verb=retry", conf={READINESS: "400 s"}).well()
    app.counts_on()
    app.is_settled()
