"""A job that counts is removed in each way: what it had counted is where the removal says."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.cluster import Cluster, reason, until
from support.counter import first_violation
from support.playbook import Player, Run
from support.steerable import SteerableJob

SOON = timedelta(seconds=60)
LEASE = "leases/flinkops-counter"
FINALIZER = "flinkdeployments.flink.apache.org/finalizer"
LEFT = re.compile(r"its last snapshot is (file:/+flink-state/[\w/-]+)")


def name_of(variables: dict[str, Any]) -> dict[str, str]:
    return {"remove_name": "counter", "remove_namespace": variables["deploy_namespace"]}


@pytest.fixture
def counts(person: Player, job: SteerableJob, variables: dict[str, Any]) -> SteerableJob:
    """Deployed, and some way on."""
    person.deploy(**variables).well()
    job.board.wait_for_value(20, within=SOON)
    job.board.wait_for_progress(within=SOON)
    return job


def told(removed: Run, state_folder: Path) -> str:
    """The one snapshot that the run says it has left; it is there."""
    [path] = set(LEFT.findall(removed.out))
    folder = state_folder / str(path).split("flink-state/", 1)[1]
    assert (folder / "_metadata").is_file(), f"{path} is not there"
    return str(path)


def nothing_is_left(cluster: Cluster, namespace: str) -> None:
    """The Lease goes with its owner, by the garbage collector."""
    until(lambda: set(cluster.made(namespace)) <= {LEASE}, "all but the Lease is gone", within=5)
    until(lambda: not cluster.made(namespace), "nothing is left", within=60)


def asked(cluster: Cluster, namespace: str, mode: str) -> None:
    cluster.patch(
        "flinkdeployments", "counter", namespace, {"spec": {"job": {"deletionMode": mode}}}
    )


def held(cluster: Cluster, namespace: str) -> None:
    """As an operator does it that takes the resource on."""
    cluster.patch(
        "flinkdeployments", "counter", namespace, {"metadata": {"finalizers": [FINALIZER]}}
    )


def goes_on(person: Player, job: SteerableJob, variables: dict[str, Any], **how: Any) -> None:
    """A new application of that name has what the old one had counted."""
    highest = job.board.value()
    assert highest is not None
    person.deploy(**variables, **how).well()
    restored = job.board.wait_for_progress(within=SOON)
    assert restored.restored
    assert restored.restored_value > 0
    assert len({start.lineage for start in job.board.starts()}) == 1


@pytest.mark.row("C-034", "C-097")
def test_a_deletion_by_hand_leaves_a_savepoint_and_releases_the_finalizer(
    cluster: Cluster,
    person: Player,
    counts: SteerableJob,
    variables: dict[str, Any],
    state_folder: Path,
) -> None:
    named = name_of(variables)
    namespace = named["remove_namespace"]
    held(cluster, namespace)
    cluster.delete("flinkdeployments", "counter", namespace)
    assert cluster.resource("counter", namespace)["metadata"]["finalizers"] == [FINALIZER]
    removed = person.remove(**named).well()
    for rule in ("its_job_is_stopped_with_a_savepoint", "its_finalizer_is_released"):
        assert rule in removed.out
    savepoint = told(removed, state_folder)
    assert "/savepoint-" in savepoint
    nothing_is_left(cluster, namespace)
    person.remove(**named).well(changed=0)

    goes_on(person, counts, variables, deploy_initial_savepoint=savepoint)
    assert first_violation(counts.board.history()) is None
    person.remove(**named, remove_state="drop").well()
    nothing_is_left(cluster, namespace)


@pytest.mark.matrix
def test_a_cancellation_leaves_the_last_checkpoint(
    cluster: Cluster,
    person: Player,
    counts: SteerableJob,
    variables: dict[str, Any],
    state_folder: Path,
) -> None:
    named = name_of(variables)
    namespace = named["remove_namespace"]
    asked(cluster, namespace, "cancel")
    removed = person.remove(**named).well()
    assert "its_job_is_cancelled" in removed.out
    checkpoint = told(removed, state_folder)
    assert "/chk-" in checkpoint
    newest = max(int(it.name.split("-")[1]) for it in folder_of(checkpoint, state_folder))
    assert checkpoint.endswith(f"chk-{newest}"), "a newer one than the named one is there"
    nothing_is_left(cluster, namespace)
    goes_on(person, counts, variables, deploy_initial_savepoint=checkpoint)
    assert first_violation(counts.board.history()) is None
    person.remove(**named, remove_state="drop").well()


def folder_of(checkpoint: str, state_folder: Path) -> list[Path]:
    found = state_folder / checkpoint.split("flink-state/", 1)[1]
    return [it for it in found.parent.glob("chk-*") if (it / "_metadata").is_file()]


@pytest.mark.matrix
def test_what_is_left_is_gone_on_from_by_the_next_of_that_name(
    cluster: Cluster,
    person: Player,
    counts: SteerableJob,
    variables: dict[str, Any],
) -> None:
    named = name_of(variables)
    namespace = named["remove_namespace"]
    asked(cluster, namespace, "leave")
    removed = person.remove(**named).well()
    assert "a_stateful_job_leaves_its_checkpoints" in removed.out
    left = {name.split("/")[0] for name in cluster.made(namespace)}
    assert left == {"configmaps"}
    assert person.deploy(**variables).failure.reason == "state_of_its_name_was_found"
    goes_on(person, counts, variables, deploy_verb="restore-latest")
    assert first_violation(counts.board.history()) is None
    person.remove(**named, remove_state="drop").well()
    nothing_is_left(cluster, namespace)


@pytest.mark.matrix
def test_a_dead_jobmanager_is_waited_for_and_then_let_go(
    cluster: Cluster,
    person: Player,
    job: SteerableJob,
    variables: dict[str, Any],
    state_folder: Path,
) -> None:
    named = name_of(variables)
    namespace = named["remove_namespace"]
    soon = {"kubernetes.operator.resource.cleanup.timeout": "45 s"}
    variables["deploy_configuration"] |= soon
    person.deploy(**variables).well()
    job.board.wait_for_value(20, within=SOON)
    dies(cluster, namespace)
    removed = person.remove(**named).well()
    assert "its_flink_stays_silent" in removed.out
    assert "/chk-" in told(removed, state_folder)
    left = {name.split("/")[0] for name in cluster.made(namespace)}
    assert left == {"configmaps"}, "HA data holds the state still"
    person.remove(**named, remove_state="drop").well()
    nothing_is_left(cluster, namespace)


def dies(cluster: Cluster, namespace: str) -> None:
    """Its image is gone: the JobManager never comes back."""
    found = cluster.get("deployments", "counter", namespace)
    assert found is not None
    containers = found["spec"]["template"]["spec"]["containers"]
    gone = [
        {**it, "image": "local/no-such-image:1", "imagePullPolicy": "Never"} for it in containers
    ]
    template = {"spec": {"containers": gone}}
    cluster.patch(
        "deployments",
        "counter",
        namespace,
        {"spec": {"strategy": {"type": "Recreate", "rollingUpdate": None}, "template": template}},
    )
    labels = "app=counter,component=jobmanager"

    def is_down() -> bool:
        pods = cluster.list("pods", namespace, labels=labels)
        states = [it["status"].get("containerStatuses") or [{}] for it in pods]
        return bool(pods) and not any(state[0].get("ready") for state in states)

    until(is_down, "the JobManager is down", within=60)


@pytest.mark.matrix
def test_an_application_goes_with_its_namespace_and_names_its_snapshot(
    cluster: Cluster,
    person: Player,
    counts: SteerableJob,
    variables: dict[str, Any],
) -> None:
    named = name_of(variables)
    namespace = named["remove_namespace"]
    person.deploy(deploy_name="counter", deploy_namespace=namespace).well()
    held(cluster, namespace)
    cluster.ask("DELETE", f"/api/v1/namespaces/{namespace}")
    until(
        lambda: "deletionTimestamp" in cluster.resource("counter", namespace)["metadata"],
        "the resource is asked to go",
        within=30,
    )
    until(lambda: not cluster.list("leases", namespace), "its Lease is gone", within=60)
    assert reason(cluster.status("counter", namespace)) == "the_job_runs"
    removed = person.remove(**named).well()
    assert "its_namespace_is_going" in removed.out
    assert "/chk-" in removed.out
    assert cluster.get("flinkdeployments", "counter", namespace) is None
    until(
        lambda: not cluster.ask("GET", f"/api/v1/namespaces/{namespace}").is_ok,
        "the namespace is gone",
        within=120,
    )
    assert first_violation(counts.board.history()) is None
