"""diagnose on both ways: what comes back is what is documented, and nothing is written."""

from __future__ import annotations

from .catalogue import returned, verb
from .small_api import Store
from .ways import Way

Cluster = tuple[str, Store]
NAMESPACE = "/api/v1/namespaces/streams"


def test_a_resource_that_is_not_there_is_told(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    store.objects[NAMESPACE] = {"metadata": {"name": "streams"}, "status": {"phase": "Active"}}
    result = way("diagnose", {"kubeconfig": kubeconfig, "name": "orders", "namespace": "streams"})
    assert set(result) - {"changed", "failed"} == set(returned("diagnose")) - {"reason"}
    assert (result["changed"], result["runs"], result["well"]) == (False, False, False)
    assert result["because"] == "there_is_no_such_resource"
    documented = returned("diagnose")["findings"]["contains"]
    assert [set(finding) for finding in result["findings"]] == [set(documented)]
    assert result["page"][0] == "streams/orders   DOES NOT RUN: there is no such resource"
    assert store.writes == []


def test_no_way_to_the_api_server_is_no_finding(way: Way, cluster: Cluster) -> None:
    result = way("diagnose", {"kubeconfig": "/nowhere/kubeconfig", "name": "orders"})
    assert result["failed"] is True
    assert result["reason"] == "no_kubernetes_credentials"


def test_the_weights_are_documented() -> None:
    said = str(returned("diagnose")["findings"]["contains"]["weight"]["description"])
    weights = {"stops", "warns", "passes", "explains"}
    assert all(f"V({weight})" in said for weight in weights)
    assert verb("diagnose").ARGUMENT_SPEC["name"]["required"] is True
