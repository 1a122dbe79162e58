# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests of a resize, what its refusals mean, and what is asked before a boosted start."""

from __future__ import annotations

from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.boost import Resize
from ansible_collections.flinkops.flink.plugins.module_utils.core.boost_rules import Surroundings
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    Forbidden,
    KubernetesError,
    NoCredentials,
    translated,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import POD, Kind
from ansible_collections.flinkops.flink.plugins.module_utils.kube.resize import (
    LIMIT_RANGE,
    NODE,
    resize,
    surroundings,
)

PATH = "PATCH /api/v1/namespaces/ns/pods/app-1/resize"
SERVED = b'{"resources":[{"name":"pods"},{"name":"pods/resize"}]}'


@dataclass
class Cluster:
    """An Api whose answers are chosen."""

    refuses: dict[str, KubernetesError] = field(default_factory=dict)
    items: dict[str, list[dict[str, Any]]] = field(default_factory=dict)
    forbidden: frozenset[str] = frozenset()
    api_v1: tuple[int, bytes] = (200, SERVED)
    is_allowed: bool = True
    merged: list[tuple[Any, ...]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def merge(self, kind: Kind, name: str, namespace: str, patch: Any, **how: Any) -> Any:
        self.merged.append((kind, name, namespace, patch, how))
        if name in self.refuses:
            raise self.refuses[name]
        return {}

    def list(self, kind: Kind, namespace: str = "") -> list[dict[str, Any]]:
        if kind.kind in self.forbidden:
            raise Forbidden("may not list")
        assert bool(namespace) == (kind not in (NODE, POD))
        return self.items.get(kind.kind, [])

    def answer(self, method: str, path: str) -> tuple[int, bytes]:
        assert (method, path) == ("get", "/api/v1")
        return self.api_v1

    def ask(self, kind: Kind, review: dict[str, Any]) -> dict[str, Any]:
        assert kind.kind == review["kind"] == "SelfSubjectAccessReview"
        self.asked.append(review["spec"]["resourceAttributes"])
        return {"status": {"allowed": self.is_allowed}}


def wanted(pod: str = "app-1") -> Resize:
    return Resize(
        pod=pod,
        namespace="ns",
        uid="u1",
        container="flink-main-container",
        cpu_request="200m",
        cpu_limit="500m",
    )


def seen(cluster: Cluster, *, with_nodes: bool = False) -> Surroundings:
    return surroundings(cast("Api", cluster), "ns", with_nodes=with_nodes)


def test_a_resize_names_the_pod_by_its_uid_and_changes_cpu_alone() -> None:
    cluster = Cluster()
    [outcome] = resize(cast("Api", cluster), [wanted()])
    assert (outcome.resize, outcome.reason) == (wanted(), "")
    [(kind, name, namespace, patch, how)] = cluster.merged
    assert (kind, name, namespace) == (POD, "app-1", "ns")
    assert how == {"subresource": "resize", "lists_by_name": True}
    resources = {"requests": {"cpu": "200m"}, "limits": {"cpu": "500m"}}
    container = {"name": "flink-main-container", "resources": resources}
    assert patch == {"metadata": {"uid": "u1"}, "spec": {"containers": [container]}}


@pytest.mark.parametrize(
    ("status", "body", "reason"),
    [
        (404, b"404 page not found", "the_cluster_can_not_resize"),
        (404, b'{"message":"x","details":{"name":"app-1","kind":"pods"}}', "the_pod_is_gone"),
        (404, b'{"message":"x","details":{"name":"ns","kind":"namespaces"}}', "the_pod_is_gone"),
        (405, b"{}", "the_resize_was_rejected"),
        (403, b"{}", "we_may_not_resize_pods"),
        (409, b"{}", "the_pod_was_replaced_meanwhile"),
        (422, b"{}", "the_resize_was_rejected"),
        (429, b"{}", "the_api_server_was_busy"),
        (500, b"{}", "the_api_server_was_busy"),
    ],
)
def test_a_refusal_has_a_reason(status: int, body: bytes, reason: str) -> None:
    cluster = Cluster(refuses={"app-1": translated(status, body, PATH)})
    [outcome] = resize(cast("Api", cluster), [wanted()])
    assert outcome.reason == reason
    assert str(status) in outcome.answered or reason == "the_cluster_can_not_resize"


def test_another_refusal_keeps_its_own_name() -> None:
    cluster = Cluster(refuses={"app-1": NoCredentials("none")})
    [outcome] = resize(cast("Api", cluster), [wanted()])
    assert outcome.reason == "no_kubernetes_credentials"


def test_one_refusal_keeps_no_other_back() -> None:
    cluster = Cluster(refuses={"app-1": translated(409, b"{}", PATH)})
    outcomes = resize(cast("Api", cluster), [wanted("app-1"), wanted("app-2")])
    assert [outcome.reason for outcome in outcomes] == ["the_pod_was_replaced_meanwhile", ""]


def test_an_empty_namespace_of_a_new_cluster_allows_everything() -> None:
    cluster = Cluster()
    assert seen(cluster) == Surroundings(can_resize=True, may_resize=True, limits_are_seen=True)
    [right] = cluster.asked
    assert right == {
        "namespace": "ns",
        "verb": "patch",
        "resource": "pods",
        "subresource": "resize",
    }


@pytest.mark.parametrize(
    "api_v1", [(200, b'{"resources":[{"name":"pods"}]}'), (403, SERVED), (0, b"")]
)
def test_a_cluster_that_does_not_serve_it_can_not_resize(api_v1: tuple[int, bytes]) -> None:
    assert not seen(Cluster(api_v1=api_v1)).can_resize


def test_who_may_not_is_told_so() -> None:
    assert not seen(Cluster(is_allowed=False)).may_resize


@pytest.mark.parametrize("kind", ["LimitRange", "ResourceQuota"])
def test_what_may_not_be_read_is_not_seen(kind: str) -> None:
    assert not seen(Cluster(forbidden=frozenset({kind}))).limits_are_seen


def test_the_narrowest_limit_range_counts_and_those_of_other_things_do_not() -> None:
    limits = [
        {"type": "Container", "max": {"cpu": "4", "memory": "1Gi"}},
        {"type": "Pod", "max": {"cpu": "3500m"}, "maxLimitRequestRatio": {"cpu": "8"}},
        {"type": "Container", "max": {"memory": "1Gi"}},
        {"type": "PersistentVolumeClaim", "max": {"cpu": "1"}},
    ]
    ranges: list[dict[str, Any]] = [{"spec": {"limits": limits}}, {"spec": {}}]
    found = seen(Cluster(items={LIMIT_RANGE.kind: ranges}))
    assert (found.most_cpu, found.widest_ratio) == (Decimal("3.5"), Decimal(8))


def test_the_fullest_quota_counts() -> None:
    quotas: list[dict[str, Any]] = [
        {
            "spec": {"hard": {"limits.cpu": "10", "cpu": "4", "pods": "5"}},
            "status": {"used": {"limits.cpu": "500m", "cpu": "3"}},
        },
        {"spec": {"hard": {"limits.cpu": "9", "requests.cpu": "4"}}},
        {"spec": {"hard": {"limits.cpu": "1"}, "scopes": ["BestEffort"]}},
    ]
    found = seen(Cluster(items={"ResourceQuota": quotas}))
    assert found.room == {"limits.cpu": Decimal(9), "requests.cpu": Decimal(1)}


def a_node(name: str, **spec: Any) -> dict[str, Any]:
    return {"metadata": {"name": name}, "spec": spec, "status": {"allocatable": {"cpu": "4"}}}


def a_pod(node: str, *requests: str, phase: str = "Running") -> dict[str, Any]:
    containers = [{"resources": {"requests": {"cpu": request}}} for request in requests]
    return {
        "spec": {"nodeName": node, "containers": [*containers, {}]},
        "status": {"phase": phase},
    }


def test_nodes_have_what_no_pod_asks_for() -> None:
    nodes = [a_node("a"), a_node("b"), a_node("c", unschedulable=True), a_node("d", taints=[{}])]
    pods = [a_pod("a", "500m", "1"), a_pod("b", "3", phase="Succeeded"), a_pod("x", "1")]
    cluster = Cluster(items={"Node": nodes, "Pod": pods})
    assert seen(cluster, with_nodes=True).free_on_nodes == (Decimal("2.5"), Decimal(4))
    assert seen(cluster).free_on_nodes is None


@pytest.mark.parametrize("kind", ["Node", "Pod"])
def test_nodes_that_may_not_be_read_are_not_seen(kind: str) -> None:
    found = seen(Cluster(forbidden=frozenset({kind})), with_nodes=True)
    assert found.free_on_nodes is None
    assert found.limits_are_seen
