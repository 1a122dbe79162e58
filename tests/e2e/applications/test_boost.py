# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pods start with more CPU and end with the spec's own; no container restarts, no state is lost."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from support.cluster import Cluster, Object, until
from support.counter import first_violation
from support.playbook import Player, Started
from support.steerable import SteerableJob

SOON = timedelta(seconds=60)
PATIENCE = 120
BOOSTED, PLAIN = {"2"}, {"500m"}
CONFIGURATION = {
    "kubernetes.operator.start-boost.cpu-limit": "2",
    "kubernetes.jobmanager.cpu.limit-factor": "2.5",
    "kubernetes.taskmanager.cpu.limit-factor": "2.5",
    "state.checkpoints.num-retained": "20",
}


def test_both_starts_are_boosted_and_the_boost_is_given_back_without_a_restart(
    cluster: Cluster, person: Player, job: SteerableJob, variables: dict[str, Any]
) -> None:
    namespace = variables["deploy_namespace"]
    given = {**variables, "deploy_configuration": CONFIGURATION}
    starts_boosted_and_ends_plain(cluster, namespace, person.start("deploy", **given))
    person.deploy(**given).well(changed=0)
    before = job.board.wait_for_progress(within=SOON)

    changed = {**given, "deploy_configuration": {**CONFIGURATION, "web.refresh-interval": "4000"}}
    starts_boosted_and_ends_plain(cluster, namespace, person.start("deploy", **changed))
    person.deploy(**changed).well(changed=0)
    after = job.board.wait_for_progress(within=SOON)
    assert after.restored
    assert after.value > before.value
    assert len(job.board.starts()) == 2
    assert first_violation(job.board.history()) is None


def starts_boosted_and_ends_plain(cluster: Cluster, namespace: str, run: Started) -> None:
    known = {pod["metadata"]["uid"] for pod in cluster.list("pods", namespace)}
    begun = until(
        lambda: both(cluster, namespace, known), "both new pods are made", within=PATIENCE
    )
    assert {limit(pod) for pod in begun} == BOOSTED
    run.result().well()
    ended = both(cluster, namespace, known)
    assert uids(ended) == uids(begun)
    assert {limit(pod) for pod in ended} == PLAIN
    until(lambda: given_by_the_node(cluster, namespace) == PLAIN, "the node follows", within=30)
    assert {status["restartCount"] for status in statuses(cluster, namespace)} == {0}
    told = cluster.status("counter", namespace)
    assert told["boost"] == {"cpuLimit": "2"}
    [deployment] = cluster.list("deployments", namespace)
    assert {limit(deployment["spec"]["template"])} == BOOSTED


def both(cluster: Cluster, namespace: str, known: set[str]) -> list[Object]:
    """The JobManager's pod and the TaskManager's, once both are there."""
    pods = [pod for pod in cluster.list("pods", namespace) if pod["metadata"]["uid"] not in known]
    return pods if len(pods) == 2 else []


def uids(pods: list[Object]) -> set[str]:
    return {pod["metadata"]["uid"] for pod in pods}


def limit(pod: Object) -> str:
    return str(pod["spec"]["containers"][0]["resources"]["limits"]["cpu"])


def statuses(cluster: Cluster, namespace: str) -> list[Object]:
    pods = cluster.list("pods", namespace)
    return [status for pod in pods for status in pod["status"]["containerStatuses"]]


def given_by_the_node(cluster: Cluster, namespace: str) -> set[str]:
    return {
        status.get("resources", {}).get("limits", {}).get("cpu", "")
        for status in statuses(cluster, namespace)
    }
