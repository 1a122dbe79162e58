"""`--check --diff` shows the plan: the rule, the resource and every object, and writes nothing."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.api_gate import Gate, gate_before
from support.cluster import Cluster
from support.custom_resource import EXAMPLE, SMALL, custom_resource
from support.playbook import Player

SECRET = "hunter-2-and-3"  # noqa: S105


@pytest.fixture
def gate(kubeconfig: Path) -> Iterator[Gate]:
    with gate_before(kubeconfig) as gate:
        yield gate


@pytest.fixture
def watched(gate: Gate, tmp_path: Path) -> Iterator[Player]:
    """A person each of whose requests is seen."""
    person = Player(tmp_path, gate.kubeconfig(tmp_path))
    yield person
    person.leave()


def test_a_new_resource_by_file(
    watched: Player, gate: Gate, cluster: Cluster, namespace: str
) -> None:
    configuration = {
        "s3.secret-key": SECRET,
        "env.java.opts.all": f"-Dpassword={SECRET} -Dx=y",
        "pipeline.name": "shown",
    }
    definition = custom_resource("orders", namespace, flinkConfiguration=configuration)
    watched.write("orders.yaml", definition)
    run = watched.deploy("--check", "--diff", cr="orders.yaml").well()
    assert "a_new_resource_is_deployed" in run.out
    for shown in ("FlinkDeployment orders", "Deployment orders", "ConfigMap flink-config-orders",
                  "Service orders-rest", "pipeline.name: shown"):  # fmt: skip
        assert shown in run.out, str(run)
    assert SECRET not in f"{run}"
    assert gate.writes() == []
    assert cluster.made(namespace) == {}


def test_a_new_resource_by_variables(
    watched: Player, gate: Gate, cluster: Cluster, namespace: str
) -> None:
    run = watched.deploy(
        "--check", "--diff", **SMALL, deploy_name="plain", deploy_namespace=namespace,
        deploy_jar=EXAMPLE, deploy_configuration={"s3.secret-key": SECRET},
    ).well()  # fmt: skip
    assert "a_new_resource_is_deployed" in run.out
    assert "Deployment plain" in run.out
    assert SECRET not in f"{run}"
    assert gate.writes() == []
    assert cluster.made(namespace) == {}


def test_a_removal_of_what_is_stored(
    watched: Player, gate: Gate, cluster: Cluster, namespace: str
) -> None:
    cluster.create("flinkdeployments", namespace, custom_resource("orders", namespace))
    before = cluster.made(namespace)
    run = watched.remove("--check", remove_name="orders", remove_namespace=namespace).well()
    assert "a_resource_without_a_cluster_is_deleted" in run.out
    assert gate.writes() == []
    assert cluster.made(namespace) == before


def test_the_definitions_and_the_account(watched: Player, gate: Gate, cluster: Cluster) -> None:
    name = "flinkops-e2e-never-made"
    run = watched.play("install", "--check", install_namespaces=[name])
    assert gate.writes() == []
    assert cluster.ask("GET", f"/api/v1/namespaces/{name}").status == 404
    run.well()
