"""Each playbook given what it can do nothing with: one message that says why, and no write."""

from __future__ import annotations

from typing import Any

import pytest

from support.cluster import Cluster
from support.custom_resource import custom_resource
from support.playbook import Player

FINALIZER = "flinkdeployments.flink.apache.org/finalizer"
BY_NAME = ("upgrade", "rollback", "suspend", "resume", "snapshot", "recover")


@pytest.fixture
def stored(cluster: Cluster, namespace: str) -> dict[str, Any]:
    """A stored resource of which nothing was ever deployed."""
    definition = custom_resource("orders", namespace)
    definition["spec"]["job"]["state"] = "suspended"
    return cluster.create("flinkdeployments", namespace, definition)


def named(namespace: str, name: str = "orders") -> dict[str, str]:
    return {"deploy_name": name, "deploy_namespace": namespace, "recover_from": "empty"}


@pytest.mark.parametrize("playbook", BY_NAME)
def test_of_what_is_not_there(person: Player, namespace: str, playbook: str) -> None:
    failure = person.play(playbook, **named(namespace, "nobody")).failure
    assert failure.reason == "the_resource_is_not_there"
    assert f"{namespace}/nobody" in failure.msg
    assert "deploy.yml" in failure.msg


def test_a_removal_of_what_is_not_there_is_done(person: Player, namespace: str) -> None:
    run = person.remove(remove_name="nobody", remove_namespace=namespace).well(changed=0)
    assert "nothing_of_that_name_is_left" in run.out


def test_a_diagnosis_of_what_is_not_there(person: Player, namespace: str) -> None:
    run = person.play("diagnose", diagnose_name="nobody", diagnose_namespace=namespace).well()
    assert "there is no such resource" in run.out


@pytest.mark.parametrize("playbook", [*BY_NAME, "diagnose", "remove"])
def test_of_nothing_at_all(person: Player, playbook: str) -> None:
    failure = person.play(playbook, recover_from="empty").failure
    assert "Nothing is chosen" in failure.msg


IN_VAIN: dict[str, tuple[dict[str, str], str, str]] = {
    "rollback": ({}, "there_is_no_version_to_go_back_to", "upgrade.yml -e cr=FILE"),
    "resume": ({}, "a_resource_that_was_never_deployed_is_not_resumed", "deploy.yml"),
    "snapshot": (
        {"snapshot_kind": "checkpoint"},
        "no_snapshot_of_it_can_be_taken_now",
        "diagnose.yml",
    ),
}


@pytest.mark.parametrize("playbook", IN_VAIN)
def test_a_word_that_nothing_would_come_of(
    person: Player, cluster: Cluster, stored: dict[str, Any], playbook: str
) -> None:
    namespace = stored["metadata"]["namespace"]
    more, rule, step = IN_VAIN[playbook]
    before = cluster.made(namespace)
    failure = person.play(playbook, **{**named(namespace), **more}).failure
    assert (failure.reason, step in failure.msg) == (rule, True)
    assert cluster.made(namespace) == before, "refused before anything was written"


def test_a_savepoint_without_a_directory(person: Player, stored: dict[str, Any]) -> None:
    failure = person.play("snapshot", **named(stored["metadata"]["namespace"])).failure
    assert failure.reason == "the_resource_breaks_rules"
    assert "savepoint" in failure.msg
    assert "dir" in failure.msg


def test_a_recovery_that_names_no_state(person: Player, namespace: str) -> None:
    failure = person.play("recover", deploy_name="orders", deploy_namespace=namespace).failure
    for way in ("recover_from=PATH", "recover_from=latest", "recover_from=empty"):
        assert way in failure.msg


@pytest.mark.parametrize("verb", ["rollbck", "restore-from=", "rollback=now"])
def test_a_verb_that_is_none(person: Player, stored: dict[str, Any], verb: str) -> None:
    variables = named(stored["metadata"]["namespace"])
    failure = person.play("upgrade", **variables, deploy_verb=verb).failure
    assert "must be one of rollback, retry, skip-savepoint" in failure.msg


@pytest.mark.parametrize("variable", ["deploy_job_state", "deploy_snapshot"])
def test_a_word_that_is_none(person: Player, stored: dict[str, Any], variable: str) -> None:
    variables = named(stored["metadata"]["namespace"])
    failure = person.play("upgrade", **variables, **{variable: "asleep"}).failure
    assert "asleep" in failure.msg


@pytest.mark.parametrize("playbook", ["suspend", "resume", "rollback", "recover", "upgrade"])
def test_of_another_operators_resource(
    person: Player, cluster: Cluster, stored: dict[str, Any], playbook: str
) -> None:
    namespace = stored["metadata"]["namespace"]
    freed = {"metadata": {"finalizers": [FINALIZER]}}
    cluster.patch("flinkdeployments", "orders", namespace, freed)
    before = cluster.made(namespace)
    failure = person.play(playbook, **named(namespace)).failure
    assert failure.reason == "another_operator_serves_this_resource"
    assert cluster.made(namespace) == before


LAST = {"location": "file:///sp/savepoint-1", "triggerType": "MANUAL", "triggerNonce": 1}


def test_another_operator_takes_the_snapshot_that_the_nonce_asks_for(
    person: Player, cluster: Cluster, stored: dict[str, Any]
) -> None:
    """The operator is played by this test."""
    namespace = stored["metadata"]["namespace"]
    freed = {"metadata": {"finalizers": [FINALIZER]}}
    cluster.patch("flinkdeployments", "orders", namespace, freed)
    told = {"status": {"jobStatus": {"savepointInfo": {"lastSavepoint": LAST}}}}
    cluster.patch_status("orders", namespace, told)
    run = person.play("snapshot", **named(namespace)).well()
    assert cluster.resource("orders", namespace)["spec"]["job"]["savepointTriggerNonce"] == 1
    assert "is complete: file:///sp/savepoint-1" in run.out
    assert cluster.list("leases", namespace) == []


def test_an_operator_that_takes_no_snapshot_is_not_waited_for_for_ever(
    person: Player, cluster: Cluster, stored: dict[str, Any]
) -> None:
    namespace = stored["metadata"]["namespace"]
    freed = {"metadata": {"finalizers": [FINALIZER]}}
    cluster.patch("flinkdeployments", "orders", namespace, freed)
    failure = person.play("snapshot", **named(namespace), snapshot_timeout=1).failure
    assert failure.reason == "the_snapshot_waits_for_an_operator"
    assert "savepointTriggerNonce" in failure.msg


def test_a_plan_of_what_was_never_deployed_makes_no_lease(
    person: Player, cluster: Cluster, namespace: str
) -> None:
    definition = custom_resource("orders", namespace)
    cluster.create("flinkdeployments", namespace, definition)
    before = cluster.made(namespace)
    run = person.play("upgrade", "--check", "--diff", **named(namespace)).well()
    for said in (
        "a_new_resource_is_deployed",
        "a_first_deployment_starts_empty",
        "none beside that of now",
        "1. start",
        "made: Deployment/orders",
    ):
        assert said in run.out, str(run)
    assert cluster.made(namespace) == before
