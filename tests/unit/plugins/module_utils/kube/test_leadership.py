# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The lock of a JobManager that is gone is given back; nothing else of its HA data is touched."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Conflict
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import Kind
from ansible_collections.flinkops.flink.plugins.module_utils.kube.leadership import (
    LOCK,
    give_back_leadership,
)

HELD = {"holderIdentity": "old", "leaseDuration": 15.0, "leaderTransitions": 3}


@dataclass
class Cluster:
    """An Api whose answers are chosen."""

    items: list[dict[str, Any]]
    taken: bool = False
    merged: list[dict[str, Any]] = field(default_factory=list)

    def list(self, kind: Kind, namespace: str, *, labels: str) -> list[dict[str, Any]]:
        assert (kind.kind, namespace) == ("ConfigMap", "ns")
        assert labels == "app=app"
        return self.items

    def merge(self, _kind: Kind, name: str, namespace: str, patch: dict[str, Any]) -> None:
        assert (name, namespace) == ("app-cluster-config-map", "ns")
        if self.taken:
            raise Conflict("somebody wrote meanwhile")
        self.merged.append(patch)


def a_map(lock: str | None, *, name: str = "app-cluster-config-map") -> dict[str, Any]:
    """As Flink 2.3 labels them; before, they had a label `configmap-type` as well."""
    metadata: dict[str, Any] = {
        "name": name,
        "labels": {"app": "app", "type": "flink-native-kubernetes"},
        "namespace": "ns",
        "uid": "u1",
        "resourceVersion": "7",
    }
    if lock is not None:
        metadata["annotations"] = {LOCK: lock, "other": "stays"}
    return {"metadata": metadata, "data": {"checkpointID-1": "state"}}


def freed(cluster: Cluster) -> int:
    return give_back_leadership(cast("Api", cluster), name="app", namespace="ns")


def test_a_lock_that_is_held_has_no_holder_any_more() -> None:
    cluster = Cluster([a_map(json.dumps(HELD))])
    assert freed(cluster) == 1
    [patch] = cluster.merged
    assert set(patch) == {"metadata"}
    metadata = patch["metadata"]
    assert (metadata["uid"], metadata["resourceVersion"]) == ("u1", "7")
    assert set(metadata["annotations"]) == {LOCK}
    assert json.loads(metadata["annotations"][LOCK]) == {**HELD, "holderIdentity": ""}


@pytest.mark.parametrize(
    "lock", [None, "", "no json", "[]", "{}", json.dumps({**HELD, "holderIdentity": ""})]
)
def test_a_map_without_a_held_lock_is_left_alone(lock: str | None) -> None:
    cluster = Cluster([a_map(lock)])
    assert freed(cluster) == 0
    assert cluster.merged == []


def test_a_map_that_is_none_of_flink_s_high_availability_is_left_alone() -> None:
    cluster = Cluster([a_map(json.dumps(HELD), name="mine")])
    assert freed(cluster) == 0
    assert cluster.merged == []


def test_who_took_the_lock_meanwhile_keeps_it() -> None:
    assert freed(Cluster([a_map(json.dumps(HELD))], taken=True)) == 0
