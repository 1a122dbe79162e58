"""Stored resources as hosts: groups, limits, and user text that is never a template."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from support.cluster import Cluster
from support.custom_resource import custom_resource
from support.playbook import Player


@pytest.fixture
def fleet(cluster: Cluster, person: Player, namespace: str) -> Player:
    """Three stored resources and an inventory file that lists them."""
    for name, team in (("orders", "shop"), ("invoices", "shop"), ("clicks", "web")):
        definition = custom_resource(name, namespace)
        definition["metadata"]["labels"] = {"team": team}
        definition["spec"]["job"]["state"] = "suspended"
        cluster.create("flinkdeployments", namespace, definition)
    person.write("fleet.flink.yml", {"plugin": "flinkops.flink.fleet", "namespaces": [namespace]})
    return person


def listing(person: Player) -> dict[str, Any]:
    run = person.run("ansible-inventory", "-i", "fleet.flink.yml", "--list").well()
    return dict(json.loads(run.out))


def test_the_groups(fleet: Player, namespace: str) -> None:
    found = listing(fleet)
    every = {f"{name}.{namespace}" for name in ("orders", "invoices", "clicks")}
    spelled = namespace.replace("-", "_")
    for group in (
        f"namespace_{spelled}",
        "kind_flinkdeployment",
        "state_created",
        "version_v1_20",
        "operator_none",
    ):
        assert set(found[group]["hosts"]) == every, group
    assert set(found["label_team_shop"]["hosts"]) == every - {f"clicks.{namespace}"}
    graph = fleet.run("ansible-inventory", "-i", "fleet.flink.yml", "--graph").well()
    assert f"|  |--clicks.{namespace}" in graph.out


def test_a_limit_chooses_who_is_worked_on(fleet: Player, cluster: Cluster, namespace: str) -> None:
    before = cluster.made(namespace)
    run = fleet.deploy("-i", "fleet.flink.yml", "--limit", "localhost,label_team_shop").well()
    assert {f"orders.{namespace}", f"invoices.{namespace}"} == set(run.hosts) - {"localhost"}
    assert "a_suspended_resource_is_not_deployed" in run.out
    key = "flinkdeployments/clicks"
    assert cluster.made(namespace)[key] == before[key]
    fleet.deploy("-i", "fleet.flink.yml").well()
    fleet.deploy("-i", "fleet.flink.yml").well(changed=0)
    assert {f"orders.{namespace}"} <= set(listing(fleet)["kind_flinkdeployment"]["hosts"])


def test_a_limit_needs_no_word_about_localhost(fleet: Player, namespace: str) -> None:
    run = fleet.remove("-i", "fleet.flink.yml", "--limit", f"orders.{namespace}").well()
    assert set(run.hosts) - {"localhost"} == {f"orders.{namespace}"}
    assert f"orders.{namespace}" not in listing(fleet)["kind_flinkdeployment"]["hosts"]


def test_a_broken_resource_fails_alone(fleet: Player, cluster: Cluster, namespace: str) -> None:
    small = {"resource": {"cpu": 0.2, "memory": "200m"}}
    bad = custom_resource("bad", namespace, taskManager=small)
    cluster.create("flinkdeployments", namespace, bad)
    run = fleet.deploy("-i", "fleet.flink.yml")
    assert run.failure.reason == "the_resource_breaks_rules"
    assert "spec.taskManager.resource.memory" in run.failure.msg
    assert {host for host, recap in run.hosts.items() if recap.failed} == {f"bad.{namespace}"}
    assert cluster.list("deployments", namespace) == []


@pytest.mark.parametrize("way", ["file", "fleet"])
def test_user_text_is_never_a_template(
    cluster: Cluster, person: Player, namespace: str, tmp_path: Path, way: str
) -> None:
    ran = tmp_path / "ran"
    text = f"{{{{ lookup('ansible.builtin.pipe', 'touch {ran}') }}}}"
    definition = custom_resource("orders", namespace)
    definition["metadata"]["annotations"] = {"note": text}
    definition["spec"]["flinkConfiguration"]["pipeline.name"] = text
    definition["spec"]["podTemplate"] = {"metadata": {"annotations": {"note": text}}}
    definition["spec"]["job"]["args"] = ["--name", text]
    if way == "file":
        person.write("orders.yaml", definition)
        run = person.deploy("--check", "--diff", "-v", cr="orders.yaml")
    else:
        cluster.create("flinkdeployments", namespace, definition)
        source = {"plugin": "flinkops.flink.fleet", "namespaces": [namespace]}
        person.write("fleet.flink.yml", source)
        run = person.deploy("-i", "fleet.flink.yml", "--check", "--diff", "-v")
    run.well()
    assert "lookup('ansible.builtin.pipe'" in run.out
    assert not ran.exists()


@pytest.mark.parametrize("playbook", ["deploy", "remove"])
def test_a_fleet_that_can_not_be_read_is_no_empty_fleet(
    person: Player, tmp_path: Path, playbook: str
) -> None:
    source = {"plugin": "flinkops.flink.fleet", "kubeconfig": str(tmp_path / "nowhere")}
    person.write("fleet.flink.yml", source)
    run = person.play(playbook, "-i", "fleet.flink.yml")
    assert "Nothing is chosen" in run.failure.msg
    assert "No usable Kubernetes credentials" in run.out + run.err
    assert "nowhere" in run.out + run.err


@pytest.mark.parametrize("playbook", ["deploy", "remove"])
def test_an_empty_fleet_is_no_mistake(person: Player, namespace: str, playbook: str) -> None:
    source = {"plugin": "flinkops.flink.fleet", "namespaces": [namespace]}
    person.write("fleet.flink.yml", source)
    person.play(playbook, "-i", "fleet.flink.yml").well(changed=0)


def test_a_run_without_any_choice_is_refused(person: Player) -> None:
    assert "-e cr=FILE" in person.deploy().failure.msg
