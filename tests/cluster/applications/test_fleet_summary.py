"""Many applications in one run: batch after batch until one fails, and a table at the end."""

from __future__ import annotations

import re

import pytest

from support.cluster import Cluster
from support.custom_resource import custom_resource
from support.playbook import Player, Run

NAMES = ("a-first", "b-bad", "c-third", "d-fourth")
SMALL = {"resource": {"cpu": 0.2, "memory": "200m"}}


@pytest.fixture
def fleet(cluster: Cluster, person: Player, namespace: str) -> Player:
    """Four stored resources, of which the second breaks a rule; nothing of them runs."""
    for name in NAMES:
        definition = custom_resource(name, namespace)
        definition["spec"]["job"]["state"] = "suspended"
        if name == "b-bad":
            definition["spec"]["taskManager"] = SMALL
        cluster.create("flinkdeployments", namespace, definition)
    person.write("fleet.flink.yml", {"plugin": "flinkops.flink.fleet", "namespaces": [namespace]})
    return person


def outcomes(run: Run) -> dict[str, tuple[str, str]]:
    """Name to outcome and rule, as the table says."""
    _before, _sep, table = run.out.partition("\nSUMMARY ")
    rows = re.findall(r"^(\S+?)\.\S+ {2,}(\S.*?) {2,}(\S+)", table, re.MULTILINE)
    return {name: (outcome, rule) for name, outcome, rule in rows}


SUSPENDED = "a_suspended_resource_is_not_deployed"


@pytest.mark.parametrize("serial", ["1", "50%"])
def test_the_first_failure_stops_the_batches_after_it(
    fleet: Player, cluster: Cluster, namespace: str, serial: str
) -> None:
    before = cluster.made(namespace)
    run = fleet.deploy("-i", "fleet.flink.yml", fleet_serial=serial)
    assert run.failure.reason == "the_resource_breaks_rules"
    assert outcomes(run) == {
        "a-first": ("changed", SUSPENDED),
        "b-bad": ("failed", "the_resource_breaks_rules"),
        "c-third": ("not tried", "-"),
        "d-fourth": ("not tried", "-"),
    }
    assert "4: 1 changed, 1 failed, 2 not tried" in run.out
    for name in ("c-third", "d-fourth"):
        key = f"flinkdeployments/{name}"
        assert cluster.made(namespace)[key] == before[key]


def test_without_batches_all_are_tried(fleet: Player) -> None:
    run = fleet.deploy("-i", "fleet.flink.yml")
    assert run.status != 0
    assert "4: 3 changed, 1 failed" in run.out
    again = fleet.deploy("-i", "fleet.flink.yml")
    assert (again.changed, outcomes(again)["c-third"]) == (0, ("as it was", SUSPENDED))


def test_a_limit_is_the_whole_fleet_of_its_run(fleet: Player, namespace: str) -> None:
    limit = f"a-first.{namespace},c-third.{namespace}"
    run = fleet.deploy("-i", "fleet.flink.yml", "--limit", limit, fleet_serial=1).well()
    assert set(outcomes(run)) == {"a-first", "c-third"}


def test_one_application_needs_no_table(fleet: Player, namespace: str) -> None:
    run = fleet.deploy("-i", "fleet.flink.yml", "--limit", f"a-first.{namespace}").well()
    assert "SUMMARY" not in run.out


def test_a_failed_playbook_of_another_kind_ends_with_the_table_too(fleet: Player) -> None:
    run = fleet.play("rollback", "-i", "fleet.flink.yml", fleet_serial=1)
    assert run.failure.reason == "there_is_no_version_to_go_back_to"
    assert outcomes(run)["a-first"][0] == "failed"
    assert outcomes(run)["b-bad"][0] == "not tried"
