"""snapshot_finder: what can't be listed is refused by name, and check mode makes no pod."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from .catalogue import ROOT, returned
from .small_api import Store
from .ways import Way

Cluster = tuple[str, Store]
BASIC = ROOT / "tests" / "golden" / "native-app-basic" / "cr.yaml"
STORED = "/apis/flink.apache.org/v1beta1/namespaces/streams/flinkdeployments/orders"


def resource(folder: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load(BASIC.read_text())
    found["metadata"] |= {"name": "orders", "namespace": "streams"}
    found["spec"]["flinkConfiguration"]["state.checkpoints.dir"] = folder
    return found


@pytest.mark.parametrize("is_stored", [True, False])
def test_check_mode_makes_no_pod(way: Way, cluster: Cluster, is_stored: bool) -> None:
    kubeconfig, store = cluster
    definition = resource("file:///state/checkpoints")
    source: dict[str, Any] = {"name": "orders"} if is_stored else {"definition": definition}
    if is_stored:
        store.objects[STORED] = definition
    args = {"kubeconfig": kubeconfig, "namespace": "streams", **source}
    result = way("snapshot_finder", args, check=True)
    assert set(result) - {"failed"} == {"changed", *returned("snapshot_finder")} - {"reason"}
    assert (result["changed"], result["snapshots"], result["newest"]) == (False, [], "")
    assert store.writes == []


@pytest.mark.parametrize("folder", ["s3://bucket/checkpoints", ""])
def test_a_folder_that_no_pod_sees_is_refused(way: Way, cluster: Cluster, folder: str) -> None:
    kubeconfig, store = cluster
    store.objects[STORED] = resource(folder)
    result = way(
        "snapshot_finder", {"kubeconfig": kubeconfig, "name": "orders", "namespace": "streams"}
    )
    assert (result["failed"], result["reason"]) == (True, "no_folder_can_be_listed")
    assert (folder or "none is set") in result["msg"]
    assert store.writes == []


def test_nobody_has_no_snapshots(way: Way, cluster: Cluster) -> None:
    result = way("snapshot_finder", {"kubeconfig": cluster[0], "name": "nobody"})
    assert result["reason"] == "the_resource_is_not_there"
