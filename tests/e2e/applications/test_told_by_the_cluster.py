"""What only the cluster can tell stands in status, and a corrected resource goes on from there."""

from __future__ import annotations

import json
from typing import Any

import pytest

from support.cluster import Cluster, conditions, reason, until
from support.custom_resource import custom_resource
from support.playbook import Failure, Player

NO_JAR = {"jarURI": "local:///nope.jar", "parallelism": 1, "upgradeMode": "stateless"}


def told(cluster: Cluster, person: Player, namespace: str, **spec: Any) -> Failure:
    """A deployment that the cluster can't carry out; its reason is in status too."""
    person.write("orders.yaml", custom_resource("orders", namespace, **spec))
    failure = person.deploy(cr="orders.yaml", deploy_timeout=5).failure
    status = cluster.status("orders", namespace)
    error = json.loads(status["error"])
    assert (error["type"], reason(status)) == (failure.reason, failure.reason)
    assert failure.msg in f"{failure.reason}: {error['message']}"
    found = conditions(status)
    assert (found["Ready"], found["Stalled"], found["Reconciling"]) == ("False", "True", "False")
    return failure


def runs(cluster: Cluster, person: Player, namespace: str) -> None:
    person.write("orders.yaml", custom_resource("orders", namespace))
    run = person.deploy(cr="orders.yaml").well()
    assert "the_job_runs" in run.out
    status = cluster.status("orders", namespace)
    assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("STABLE", "RUNNING")
    assert "error" not in status
    assert conditions(status)["Ready"] == "True"


def is_removed(cluster: Cluster, person: Player, namespace: str) -> None:
    person.remove(cr="orders.yaml").well()
    until(lambda: not cluster.made(namespace), "nothing is left", within=15)


@pytest.mark.row("C-027", "C-028", "M-003-06", "M-003-10")
def test_an_image_that_can_not_be_pulled(cluster: Cluster, person: Player, namespace: str) -> None:
    failure = told(cluster, person, namespace, image="localhost:1/no/such:image")
    assert failure.reason == "its_pods_can_not_start"
    assert "ImagePullBackOff" in failure.msg
    assert "localhost:1/no/such:image" in failure.msg
    assert "Correct spec.image" in failure.msg
    assert cluster.status("orders", namespace)["jobManagerDeploymentStatus"] == "ERROR"
    before = cluster.resource("orders", namespace)["metadata"]["resourceVersion"]
    person.deploy(cr="orders.yaml").failure  # noqa: B018
    after = cluster.resource("orders", namespace)["metadata"]["resourceVersion"]
    assert after == before, "a second run on the same failure was to write nothing"
    runs(cluster, person, namespace)
    is_removed(cluster, person, namespace)


@pytest.mark.row("C-028")
def test_a_jar_that_is_not_in_the_image(cluster: Cluster, person: Player, namespace: str) -> None:
    failure = told(cluster, person, namespace, job=NO_JAR)
    assert failure.reason == "its_pods_can_not_start"
    assert "CrashLoopBackOff" in failure.msg
    assert "/nope.jar" in failure.msg, "the cause stands in the log of the container"
    assert "Correct the job" in failure.msg
    is_removed(cluster, person, namespace)


@pytest.mark.row("C-028")
def test_a_quota_that_is_used_up(cluster: Cluster, person: Player, namespace: str) -> None:
    quota = {"metadata": {"name": "tight"}, "spec": {"hard": {"requests.memory": "512Mi"}}}
    cluster.create("resourcequotas", namespace, quota)
    failure = told(cluster, person, namespace)
    assert failure.reason == "its_pods_can_not_start"
    for word in ("exceeded quota: tight", "requests.memory=1Gi", "free or raise the quota"):
        assert word in failure.msg
    is_removed(cluster, person, namespace)


@pytest.mark.matrix
@pytest.mark.row("C-028")
def test_a_quota_that_was_raised_lets_the_start_go_on(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    quota = {"metadata": {"name": "tight"}, "spec": {"hard": {"requests.memory": "512Mi"}}}
    cluster.create("resourcequotas", namespace, quota)
    told(cluster, person, namespace)
    cluster.delete("resourcequotas", "tight", namespace)
    runs(cluster, person, namespace)


@pytest.mark.matrix
@pytest.mark.row("C-028")
def test_a_main_class_that_is_not_in_the_jar(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    job = {**custom_resource("x", "x")["spec"]["job"], "entryClass": "com.example.Nope"}
    failure = told(cluster, person, namespace, job=job)
    assert "com.example.Nope" in failure.msg
    runs(cluster, person, namespace)


@pytest.mark.matrix
@pytest.mark.row("C-028")
def test_a_secret_that_is_not_there(cluster: Cluster, person: Player, namespace: str) -> None:
    source = {"secretKeyRef": {"name": "not-there", "key": "k"}}
    container = {"name": "flink-main-container", "env": [{"name": "K", "valueFrom": source}]}
    failure = told(cluster, person, namespace, podTemplate={"spec": {"containers": [container]}})
    assert "CreateContainerConfigError" in failure.msg
    assert "not-there" in failure.msg
    is_removed(cluster, person, namespace)


@pytest.mark.matrix
@pytest.mark.row("C-029")
def test_a_volume_that_can_not_be_mounted(cluster: Cluster, person: Player, namespace: str) -> None:
    volume = {"name": "v", "hostPath": {"path": "/no/such/folder", "type": "Directory"}}
    mount = {"name": "flink-main-container", "volumeMounts": [{"name": "v", "mountPath": "/v"}]}
    template = {"spec": {"containers": [mount], "volumes": [volume]}}
    configuration = {"kubernetes.operator.deployment.readiness.timeout": "20 s"}
    failure = told(
        cluster, person, namespace, podTemplate=template, flinkConfiguration=configuration
    )
    assert failure.reason == "the_start_took_too_long"
    assert "/no/such/folder" in failure.msg
    is_removed(cluster, person, namespace)


@pytest.mark.row("C-027", "M-003-06")
def test_a_resource_deleted_while_its_deployment_waits(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    never = {"spec": {"nodeSelector": {"flinkops.example.com/no": "such-node"}}}
    person.write("orders.yaml", custom_resource("orders", namespace, podTemplate=never))
    run = person.start("deploy", cr="orders.yaml")
    until(
        lambda: (
            (cluster.get("flinkdeployments", "orders", namespace) or {})
            .get("status", {})
            .get("jobManagerDeploymentStatus")
            == "DEPLOYING"
        ),
        "it waits",
        within=30,
    )
    cluster.delete("flinkdeployments", "orders", namespace)
    failure = run.result().failure
    assert failure.reason in ("the_resource_is_not_there", "the_resource_is_being_deleted")
    assert f"{namespace}/orders" in failure.msg
    is_removed(cluster, person, namespace)


def test_a_start_that_takes_too_long_tells_what_it_waits_for(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    failure = told(
        cluster,
        person,
        namespace,
        podTemplate={"spec": {"nodeSelector": {"flinkops.example.com/no": "such-node"}}},
        flinkConfiguration={"kubernetes.operator.deployment.readiness.timeout": "5 s"},
    )
    assert failure.reason == "the_start_took_too_long"
    assert "is not scheduled" in failure.msg
    assert "Run this again to wait on" in failure.msg
    is_removed(cluster, person, namespace)
