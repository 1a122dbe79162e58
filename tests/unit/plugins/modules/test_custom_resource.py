"""custom_resource, the same as a module and inside the worker."""

from __future__ import annotations

from typing import Any

import yaml

from .catalogue import ROOT, returned
from .small_api import Store
from .ways import Way

Cluster = tuple[str, Store]
BASIC = ROOT / "tests" / "golden" / "native-app-basic" / "cr.yaml"
PATH = "/apis/flink.apache.org/v1beta1/namespaces/streams/flinkdeployments/native-app-basic"
HIDDEN = "hunter2-is-secret"


def given(kubeconfig: str, **more: Any) -> dict[str, Any]:
    return {"kubeconfig": kubeconfig, "namespace": "streams", **more}


def test_a_file_is_stored_in_the_namespace_that_is_named(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    result = way("custom_resource", given(kubeconfig, src=str(BASIC)))
    assert result["changed"] is True
    assert (result["name"], result["namespace"]) == ("native-app-basic", "streams")
    assert store.objects[PATH]["spec"] == yaml.safe_load(BASIC.read_text())["spec"]


def test_again_changes_nothing(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    args = given(kubeconfig, src=str(BASIC))
    way("custom_resource", args)
    made = list(store.writes)
    assert way("custom_resource", args)["changed"] is False
    assert store.writes == made


def test_check_mode_writes_nothing_and_tells_the_same(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    args = given(kubeconfig, src=str(BASIC))
    foretold = way("custom_resource", args, check=True)
    assert store.writes == []
    assert way("custom_resource", args) == foretold


def test_a_bad_resource_is_refused_before_the_first_write(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    broken = yaml.safe_load(BASIC.read_text())
    broken["spec"]["flinkVersion"] = "v0_9"
    result = way("custom_resource", given(kubeconfig, definition=broken))
    assert result["reason"] == "invalid_resource"
    assert "spec.flinkVersion" in result["msg"]
    assert store.writes == []


def test_the_diff_hides_what_is_secret(way: Way, cluster: Cluster) -> None:
    resource = yaml.safe_load(BASIC.read_text())
    resource["spec"]["flinkConfiguration"]["s3.secret-key"] = HIDDEN
    args = given(cluster[0], definition=resource)
    shown = way("custom_resource", args, check=True, diff=True)
    assert "s3.secret-key: '***'" in shown["diff"][0]["after"].replace('"', "'")
    assert HIDDEN not in str(shown)
    assert set(shown) - {"changed", "failed"} == set(returned("custom_resource")) - {
        "reason",
        "problems",
    }


def test_an_absent_resource_changes_nothing(way: Way, cluster: Cluster) -> None:
    args = given(cluster[0], name="native-app-basic", state="absent")
    assert way("custom_resource", args)["changed"] is False


def test_a_resource_without_a_cluster_is_deleted(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    way("custom_resource", given(kubeconfig, src=str(BASIC)))
    args = given(kubeconfig, name="native-app-basic", state="absent")
    assert way("custom_resource", args, check=True)["changed"] is True
    assert PATH in store.objects
    assert way("custom_resource", args)["changed"] is True
    assert store.objects == {}


def test_a_resource_with_a_cluster_is_not_deleted_by_hand(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    way("custom_resource", given(kubeconfig, src=str(BASIC)))
    store.objects[PATH]["status"] = {"reconciliationStatus": {"lastReconciledSpec": "{}"}}
    args = given(kubeconfig, name="native-app-basic", state="absent")
    result = way("custom_resource", args)
    assert result["failed"] is True
    assert "the_removal_was_not_decided" in result["msg"]
    assert PATH in store.objects


def test_asking_for_a_snapshot_in_check_mode_writes_nothing(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    way("custom_resource", given(kubeconfig, src=str(BASIC)))
    args = given(kubeconfig, name="native-app-basic", snapshot="savepoint")
    writes = len(store.writes)
    assert way("custom_resource", args, check=True)["changed"] is True
    assert len(store.writes) == writes


def test_what_is_not_there_is_asked_for_nothing(way: Way, cluster: Cluster) -> None:
    args = given(cluster[0], name="nobody", job_state="suspended")
    assert way("custom_resource", args)["reason"] == "the_resource_is_not_there"
