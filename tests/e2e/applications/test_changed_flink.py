"""One job from one Flink to the next: taken back where it does not run there, and counted on."""

from __future__ import annotations

import pytest

from support.carried import OPERATOR, Carried
from support.steerable import Fault
from support.versions import CORE, NEWEST

pytestmark = pytest.mark.matrix
READINESS = f"{OPERATOR}deployment.readiness.timeout"


@pytest.mark.parametrize("carried", [CORE], ids=str, indirect=True)
def test_a_newer_flink_that_does_not_run_well_is_taken_back_and_tried_again(
    carried: Carried,
) -> None:
    app, control = carried, "control-of-the-newer-flink"
    app.begin()
    app.fault(Fault.FAIL_TASK_ALWAYS, "it does not run there", control=control)
    newest = {"image": NEWEST.image, "flinkVersion": NEWEST.version}
    run = app.apply(job={"args": app.arguments(control)}, conf={READINESS: "30 s"}, **newest)
    assert run.failure.reason == "this_version_failed_before"
    assert version(app).startswith("1.20")
    assert app.origin["kind"] == "savepoint"
    app.counts_on_as_before()
    assert app.deploy().changed == 0

    app.no_faults(control=control)
    app.edit(conf={READINESS: "400 s"})
    app.deploy(deploy_verb="retry").well()
    assert version(app).startswith("2.")
    app.counts_on()
    app.is_settled()


def version(app: Carried) -> str:
    return str(app.status["clusterInfo"]["flink-version"])
