"""turn, wait and deployment_info: what comes back is what is documented."""

from __future__ import annotations

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import MEANINGS

from .catalogue import ROOT, documentation, returned, verb
from .small_api import Store
from .ways import Way

Cluster = tuple[str, Store]
BASIC = ROOT / "tests" / "golden" / "native-app-basic" / "cr.yaml"
FAILURE = {"reason", "problems"}
IN_DIFF_MODE = {"diff"}


@pytest.mark.parametrize("name", ["turn", "wait"])
def test_a_plan_has_every_key_that_is_documented(way: Way, cluster: Cluster, name: str) -> None:
    args = {"kubeconfig": cluster[0], "name": "orders", "namespace": "streams", "fail": False}
    result = way(name, args)
    documented = set(returned(name)) - FAILURE - IN_DIFF_MODE
    assert set(result) - {"changed", "failed"} == documented
    assert result["because"] == "the_resource_is_not_there"


@pytest.mark.parametrize("name", ["turn", "wait"])
def test_a_refusal_fails_with_the_name_of_its_rule(way: Way, cluster: Cluster, name: str) -> None:
    result = way(name, {"kubeconfig": cluster[0], "name": "orders", "namespace": "streams"})
    assert result["failed"] is True
    assert result["reason"] == "the_resource_is_not_there"
    assert "streams/orders" in result["msg"]


def test_nothing_left_is_what_a_removal_ends_with(way: Way, cluster: Cluster) -> None:
    args = {"kubeconfig": cluster[0], "name": "orders", "namespace": "streams", "goal": "remove"}
    result = way("turn", args)
    assert (result["verdict"], result["because"]) == ("settled", "nothing_of_that_name_is_left")
    assert cluster[1].writes == []


def test_a_turn_in_check_mode_writes_nothing(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    args = {"kubeconfig": kubeconfig, "src": str(BASIC), "namespace": "streams", "fail": False}
    assert way("turn", args, check=True)["changed"] is False
    assert store.writes == []


def test_a_move_that_was_not_told_is_not_made(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    way("custom_resource", {"kubeconfig": kubeconfig, "src": str(BASIC), "namespace": "streams"})
    store.writes.clear()
    named = {"name": "native-app-basic", "namespace": "streams"}
    result = way("cluster", {"kubeconfig": kubeconfig, **named, "move": "make_cluster"})
    assert result["reason"] == "nothing_was_written_ahead"
    assert store.writes == []


def test_an_application_is_listed_as_documented(way: Way, cluster: Cluster) -> None:
    kubeconfig, _ = cluster
    way("custom_resource", {"kubeconfig": kubeconfig, "src": str(BASIC), "namespace": "streams"})
    result = way("deployment_info", {"kubeconfig": kubeconfig, "namespace": "streams"})
    documented = returned("deployment_info")
    (row,) = result["deployments"]
    assert set(row) == set(documented["deployments"]["contains"])
    assert set(result) - {"changed", "failed"} == set(documented) - FAILURE - {"report"}
    assert len(result["table"]) == 2


def test_no_application_is_said_in_words(way: Way, cluster: Cluster) -> None:
    result = way("deployment_info", {"kubeconfig": cluster[0], "namespace": "streams"})
    assert result["deployments"] == []
    assert result["table"] == ["no FlinkDeployment was found"]


def test_every_fact_of_a_row_is_in_the_documentation() -> None:
    resource = yaml.safe_load(BASIC.read_text())
    documented = returned("deployment_info")["deployments"]["contains"]
    assert set(verb("deployment_info").described(resource)) == set(documented)


@pytest.mark.parametrize("name", ["turn", "wait", "cluster", "custom_resource"])
def test_some_resource_must_be_named(way: Way, cluster: Cluster, name: str) -> None:
    more = {"cluster": {"move": "stop_jobmanager"}, "custom_resource": {"state": "absent"}}
    result = way(name, {"kubeconfig": cluster[0], **more.get(name, {})})
    assert result["failed"] is True
    assert "one of the following is required: name, src" in result["msg"]


@pytest.mark.parametrize("name", ["turn", "wait"])
def test_every_verb_is_documented_in_its_own_words(name: str) -> None:
    said = documentation(name)["options"]["verb"]["description"]
    for meaning in MEANINGS:
        assert f"V({meaning.written}) {meaning.says}." in said


def test_a_look_that_asks_for_it_has_the_whole_plan(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    resource = yaml.safe_load(BASIC.read_text())
    resource["spec"]["job"]["state"] = "suspended"
    args = {"kubeconfig": kubeconfig, "definition": resource, "tell": False, "fail": False}
    told = way("turn", {**args, "forecast": True})["forecast"]
    assert set(told) == set(returned("turn")["forecast"]["contains"])
    assert told["end"]["because"] == "a_suspended_resource_is_not_deployed"
    assert way("turn", args)["forecast"] == {}
    assert store.writes == []


def test_a_look_before_a_removal_has_the_whole_plan(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    way("custom_resource", {"kubeconfig": kubeconfig, "src": str(BASIC), "namespace": "streams"})
    store.writes.clear()
    args = {"kubeconfig": kubeconfig, "src": str(BASIC), "namespace": "streams", "goal": "remove"}
    result = way("turn", {**args, "forecast": True}, check=True, diff=True)
    told = result["forecast"]
    assert set(told) == set(returned("turn")["forecast"]["contains"])
    assert [step["move"] for step in told["steps"]] == ["delete_resource"]
    assert (told["goal"], told["end"]["because"]) == ("remove", "nothing_of_that_name_is_left")
    assert result["diff"][0]["prepared"].startswith("plan of streams/native-app-basic: ")
    assert (result["changed"], store.writes) == (False, [])


def test_the_plan_of_what_is_gone_says_so(way: Way, cluster: Cluster) -> None:
    args = {"kubeconfig": cluster[0], "name": "orders", "namespace": "streams", "goal": "remove"}
    result = way("turn", {**args, "forecast": True}, check=True)
    assert result["because"] == "nothing_of_that_name_is_left"
    assert (result["forecast"]["steps"], result["changed"]) == ([], False)


def test_a_removal_that_another_driver_holds_is_refused_and_has_no_plan(
    way: Way, cluster: Cluster
) -> None:
    kubeconfig, store = cluster
    way("custom_resource", {"kubeconfig": kubeconfig, "src": str(BASIC), "namespace": "streams"})
    named = {"kubeconfig": kubeconfig, "name": "native-app-basic", "namespace": "streams"}
    way("turn", {**named, "goal": "remove", "driver": "one"})
    store.writes.clear()
    asked = {**named, "goal": "remove", "driver": "two", "forecast": True}
    result = way("turn", asked, check=True)
    assert result["failed"] is True
    assert result["reason"] == "another_driver_holds_the_lease"
    assert "one is working on FlinkDeployment streams/native-app-basic" in result["msg"]
    looked = way("turn", {**asked, "fail": False}, check=True)
    assert (looked["verdict"], looked["forecast"]) == ("held", {})
    assert store.writes == []
