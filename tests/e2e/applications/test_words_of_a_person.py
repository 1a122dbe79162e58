"""A person's word where a phase would last: a gate without a checkpoint, pods that do not end."""

from __future__ import annotations

from typing import Any

import pytest

from support.carried import NAME, VERB, Carried
from support.cluster import until
from support.steerable import UNTIL_REMOVED, Fault

LONG = 300
"""Seconds that its old JobManager takes to end, unless it is killed."""


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin()
    return carried


def says(app: Carried, verb: str) -> None:
    annotation = {"metadata": {"annotations": {VERB: verb}}}
    app.cluster.patch("flinkdeployments", NAME, app.namespace, annotation)


def is_spent(app: Carried) -> bool:
    return VERB not in (app.resource["metadata"].get("annotations") or {})


def test_a_version_is_accepted_before_its_first_checkpoint(app: Carried) -> None:
    control = "control-of-the-accepted-version"
    app.fault(Fault.SLOW_CHECKPOINT, UNTIL_REMOVED, control=control)
    app.renew(control=control)
    run = app.start()
    until(lambda: app.phase == "gate", "its first checkpoint is waited for", within=90)
    says(app, "accept")
    run.result().well()
    assert app.status["lifecycleState"] == "STABLE", "none of its checkpoints can complete"
    assert is_spent(app)
    app.no_faults(control=control)
    app.begin()
    app.counts_on()


def test_pods_that_do_not_end_are_killed_and_it_goes_on(app: Carried) -> None:
    app.apply(podTemplate=slow_to_end(app)).well()
    app.renew()
    run = app.start()
    until(lambda: app.phase == "cluster-delete", "its old cluster goes", within=60)
    old = uids(app)
    says(app, "force-deletion")
    run.result().well()
    assert not old & uids(app)
    assert is_spent(app)
    app.counts_on()
    app.is_settled()


def uids(app: Carried) -> set[str]:
    """TaskManagers have the same names again."""
    return {str(pod["metadata"]["uid"]) for pod in app.cluster.list("pods", app.namespace)}


def slow_to_end(app: Carried) -> dict[str, Any]:
    template = app.definition["spec"]["podTemplate"]
    spec = template["spec"]
    sleeps = {"preStop": {"exec": {"command": ["sleep", str(LONG)]}}}
    (main,) = spec["containers"]
    containers = [{**main, "lifecycle": sleeps}]
    return {
        **template,
        "spec": {**spec, "containers": containers, "terminationGracePeriodSeconds": LONG},
    }
