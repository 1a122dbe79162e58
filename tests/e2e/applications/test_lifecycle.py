"""One job through upgrades, suspension, loss and a bad image: its count never goes back."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from support.cluster import Cluster
from support.counter import first_violation
from support.playbook import Player
from support.steerable import SteerableJob

SOON = timedelta(seconds=60)
NAMED = {"deploy_name": "counter"}


@pytest.mark.row("M-000-04", "M-001-09", "M-003-13")
def test_one_job_keeps_its_count_through_its_life(
    cluster: Cluster, person: Player, job: SteerableJob, variables: dict[str, Any]
) -> None:
    variables |= {"deploy_upgrade_mode": "savepoint"}
    namespace = variables["deploy_namespace"]
    named = {**NAMED, "deploy_namespace": namespace}

    def started_from() -> str:
        job.board.wait_for_progress(within=SOON)
        status = cluster.status("counter", namespace)
        assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("STABLE", "RUNNING")
        return str(status["startedFrom"]["kind"])

    person.deploy(**variables).well()
    assert started_from() == "empty"

    variables |= {"deploy_parallelism": 2, "deploy_slots": 2}
    person.deploy(**variables).well()
    assert started_from() == "savepoint"
    person.deploy(**variables).well(changed=0)

    variables |= {"deploy_parallelism": 1, "deploy_upgrade_mode": "last-state"}
    person.deploy(**variables).well()
    assert started_from() == "last-state"

    person.play("suspend", **named).well()
    assert cluster.status("counter", namespace)["lifecycleState"] == "SUSPENDED"
    assert cluster.list("pods", namespace) == []
    person.play("resume", **named).well()
    assert started_from() == "last-state"

    cluster.delete("deployments", "counter", namespace)
    person.deploy(**named).well()
    assert started_from() == "last-state"

    a_bad_image_is_taken_back(cluster, person, named)
    job.board.wait_for_progress(within=SOON)
    assert first_violation(job.board.history()) is None
    assert len({start.lineage for start in job.board.starts()}) == 1
    person.remove(remove_name="counter", remove_namespace=namespace, remove_state="drop").well()
    assert cluster.made(namespace) == {}


def a_bad_image_is_taken_back(cluster: Cluster, person: Player, named: dict[str, str]) -> None:
    namespace = named["deploy_namespace"]
    key = {"kubernetes.operator.deployment.readiness.timeout": "15 s"}
    bad = {"image": "local/no-such-image:1", "imagePullPolicy": "Never", "flinkConfiguration": key}
    cluster.patch("flinkdeployments", "counter", namespace, {"spec": bad})
    failure = person.deploy(**named).failure
    assert failure.reason == "this_version_failed_before"
    status = cluster.status("counter", namespace)
    assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("ROLLED_BACK", "RUNNING")
    assert status["failedSpecHash"]
    again = person.deploy(**named)
    assert (again.failure.reason, again.changed) == ("this_version_failed_before", 0)
