"""Two drivers never fight: what another one holds is left alone, and its name is told."""

from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from support.cluster import Cluster
from support.custom_resource import custom_resource
from support.playbook import Player

FINALIZER = "flinkdeployments.flink.apache.org/finalizer"


@pytest.fixture
def stored(cluster: Cluster, namespace: str, person: Player) -> dict[str, Any]:
    person.write("orders.yaml", custom_resource("orders", namespace))
    return cluster.create("flinkdeployments", namespace, custom_resource("orders", namespace))


def hold(cluster: Cluster, stored: dict[str, Any], identity: str, *, ago: int = 0) -> None:
    now = dt.datetime.now(dt.UTC) - dt.timedelta(seconds=ago)
    owner = {
        "apiVersion": stored["apiVersion"],
        "kind": stored["kind"],
        "name": "orders",
        "uid": stored["metadata"]["uid"],
    }
    lease = {
        "metadata": {
            "name": "flinkops-orders",
            "labels": {"app.kubernetes.io/managed-by": "flinkops"},
            "ownerReferences": [owner],
        },
        "spec": {
            "holderIdentity": identity,
            "leaseDurationSeconds": 60,
            "renewTime": f"{now:%Y-%m-%dT%H:%M:%S.%fZ}",
        },
    }
    cluster.create("leases", stored["metadata"]["namespace"], lease)


@pytest.mark.parametrize("playbook", ["deploy", "remove"])
def test_another_driver_holds_the_lease(
    cluster: Cluster, person: Player, stored: dict[str, Any], playbook: str
) -> None:
    namespace = stored["metadata"]["namespace"]
    hold(cluster, stored, "playbook@elsewhere/77")
    before = cluster.made(namespace)
    failure = person.play(playbook, cr="orders.yaml").failure
    assert failure.reason == "another_driver_holds_the_lease"
    for word in ("playbook@elsewhere/77", f"{namespace}/orders", "run this again after that time"):
        assert word in failure.msg
    assert cluster.made(namespace) == before


def test_a_lease_that_ran_out_binds_nobody(
    cluster: Cluster, person: Player, stored: dict[str, Any]
) -> None:
    hold(cluster, stored, "playbook@elsewhere/77", ago=61)
    run = person.remove(cr="orders.yaml").well()
    assert "nothing_of_that_name_is_left" in run.out


@pytest.mark.parametrize("playbook", ["deploy", "remove"])
def test_another_operators_finalizer(
    cluster: Cluster, person: Player, stored: dict[str, Any], playbook: str
) -> None:
    namespace = stored["metadata"]["namespace"]
    cluster.patch(
        "flinkdeployments", "orders", namespace, {"metadata": {"finalizers": [FINALIZER]}}
    )
    before = cluster.made(namespace)
    failure = person.play(playbook, cr="orders.yaml").failure
    assert failure.reason == "another_operator_serves_this_resource"
    assert "finalizer" in failure.msg
    assert cluster.made(namespace) == before


def test_another_operators_status(cluster: Cluster, person: Player, stored: dict[str, Any]) -> None:
    namespace = stored["metadata"]["namespace"]
    record = {"lastReconciledSpec": '{"spec":{}}', "state": "DEPLOYED"}
    cluster.patch_status("orders", namespace, {"status": {"reconciliationStatus": record}})
    before = cluster.made(namespace)
    failure = person.deploy(cr="orders.yaml").failure
    assert failure.reason == "another_operator_serves_this_resource"
    assert cluster.made(namespace) == before


def test_a_deployment_of_its_name_belongs_to_somebody_else(
    cluster: Cluster, person: Player, stored: dict[str, Any]
) -> None:
    namespace = stored["metadata"]["namespace"]
    labels = {"app": "somebody"}
    container = {"name": "c", "image": "local/none", "imagePullPolicy": "Never"}
    spec = {
        "replicas": 0,
        "selector": {"matchLabels": labels},
        "template": {"metadata": {"labels": labels}, "spec": {"containers": [container]}},
    }
    foreign = {"apiVersion": "apps/v1", "kind": "Deployment", "metadata": {"name": "orders"}}
    cluster.create("deployments", namespace, {**foreign, "spec": spec})
    failure = person.deploy(cr="orders.yaml").failure
    assert failure.reason == "an_object_of_its_name_is_in_the_way"
    failure = person.remove(cr="orders.yaml").failure
    assert failure.reason == "an_object_of_its_name_is_not_ours"
    assert cluster.get("deployments", "orders", namespace) is not None


@pytest.mark.row("C-035")
def test_a_suspended_resource_makes_nothing(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    definition = custom_resource("later", namespace)
    definition["spec"]["job"]["state"] = "suspended"
    person.write("later.yaml", definition)
    run = person.deploy(cr="later.yaml").well()
    assert "a_suspended_resource_is_not_deployed" in run.out
    assert cluster.list("deployments", namespace) == []
    person.deploy(cr="later.yaml").well(changed=0)
    person.remove(cr="later.yaml").well()


def test_a_resource_that_is_being_deleted(
    cluster: Cluster, person: Player, stored: dict[str, Any]
) -> None:
    namespace = stored["metadata"]["namespace"]
    held = {"metadata": {"finalizers": ["flinkops.example.com/held-by-the-test"]}}
    cluster.patch("flinkdeployments", "orders", namespace, held)
    cluster.delete("flinkdeployments", "orders", namespace)
    failure = person.deploy(cr="orders.yaml").failure
    assert failure.reason == "the_resource_is_being_deleted"
    assert "Wait until it is gone" in failure.msg
