"""objects, the same as a module and inside the worker."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from .catalogue import returned
from .small_api import Store
from .ways import Way

Cluster = tuple[str, Store]
ACCOUNT = "/api/v1/namespaces/streams/serviceaccounts/flink"
SPACE = "/api/v1/namespaces/streams"


def objects() -> list[dict[str, Any]]:
    return [
        {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "streams"}},
        {
            "apiVersion": "v1",
            "kind": "ServiceAccount",
            "metadata": {"name": "flink", "namespace": "streams"},
        },
    ]


def test_objects_are_made_in_their_order(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    result = way("objects", {"kubeconfig": kubeconfig, "definitions": objects()})
    assert result["changed"] is True
    assert result["objects"] == ["Namespace/streams", "ServiceAccount/flink"]
    assert list(store.objects) == [SPACE, ACCOUNT]


def test_again_changes_nothing(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    args = {"kubeconfig": kubeconfig, "definitions": objects()}
    way("objects", args)
    made = list(store.writes)
    assert way("objects", args)["changed"] is False
    assert store.writes == made


@pytest.mark.parametrize("state", ["present", "absent"])
def test_check_mode_writes_nothing_and_tells_the_same(
    way: Way, cluster: Cluster, state: str
) -> None:
    kubeconfig, store = cluster
    args = {"kubeconfig": kubeconfig, "definitions": objects(), "state": state}
    if state == "absent":
        way("objects", {**args, "state": "present"})
        store.writes.clear()
    foretold = way("objects", args, check=True)
    assert store.writes == []
    assert way("objects", args) == foretold


def test_objects_go_in_the_reverse_order(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    args = {"kubeconfig": kubeconfig, "definitions": objects()}
    way("objects", args)
    store.writes.clear()
    assert way("objects", {**args, "state": "absent"})["changed"] is True
    assert store.writes == [f"DELETE {ACCOUNT}", f"DELETE {SPACE}"]
    assert way("objects", {**args, "state": "absent"})["changed"] is False


def test_a_folder_is_taken_in_the_order_of_its_names(
    way: Way, cluster: Cluster, tmp_path: Path
) -> None:
    kubeconfig, store = cluster
    folder = tmp_path / "objects"
    folder.mkdir()
    space, account = objects()
    (folder / "1.yaml").write_text(yaml.safe_dump(space))
    (folder / "2.yaml").write_text(yaml.safe_dump(account))
    (folder / "README.md").write_text("not an object")
    way("objects", {"kubeconfig": kubeconfig, "src": [str(folder)]})
    assert list(store.objects) == [SPACE, ACCOUNT]


def test_the_diff_comes_when_it_is_asked_for(way: Way, cluster: Cluster) -> None:
    args = {"kubeconfig": cluster[0], "definitions": objects()}
    assert "diff" not in way("objects", args, check=True)
    shown = way("objects", args, check=True, diff=True)
    assert [entry["after_header"] for entry in shown["diff"]] == [
        "Namespace streams",
        "ServiceAccount flink",
    ]
    assert (
        {"changed", *shown} - {"changed", "failed"}
        == {"objects", "diff"}
        == (set(returned("objects")) - {"reason", "problems"})
    )


def test_a_strange_kind_is_refused_before_the_first_write(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    strange = {"apiVersion": "batch/v1", "kind": "Job", "metadata": {"name": "x"}}
    args = {"kubeconfig": kubeconfig, "definitions": [*objects(), strange]}
    result = way("objects", args)
    assert result["failed"] is True
    assert "must be a kind that this collection installs (found batch/v1 Job)" in result["msg"]
    assert store.writes == []


def test_a_cluster_that_is_not_there_is_named(way: Way, tmp_path: Path) -> None:
    result = way("objects", {"kubeconfig": str(tmp_path / "none"), "definitions": objects()})
    assert result["reason"] == "no_kubernetes_credentials"
    assert f"{tmp_path}/none" in result["msg"]


def test_a_flink_resource_is_not_taken_by_the_way(way: Way, cluster: Cluster) -> None:
    kubeconfig, store = cluster
    named = {"name": "orders", "namespace": "streams"}
    flink = {"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkDeployment", "metadata": named}
    args = {"kubeconfig": kubeconfig, "definitions": [flink], "state": "absent"}
    assert "must be a kind that this collection installs" in way("objects", args)["msg"]
    assert store.writes == []
