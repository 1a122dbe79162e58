# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the cluster says before the first write; what we may not ask is no answer."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.wanted import Wanted
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    Conflict,
    Forbidden,
    Rejected,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import Kind
from ansible_collections.flinkops.flink.plugins.module_utils.kube.preflight import (
    ACCESS_REVIEW,
    found_beforehand,
)
from support import looks

Right = tuple[str, str, str]


@dataclass
class Cluster:
    """An Api whose answers are chosen."""

    absent: frozenset[str] = frozenset()
    forbidden: frozenset[str] = frozenset()
    denied: frozenset[Right] = frozenset()
    refuses: dict[str, Exception] = field(default_factory=dict)
    rehearsed: list[dict[str, Any]] = field(default_factory=list)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def get(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any] | None:
        if kind.kind in self.forbidden:
            raise Forbidden("may not get")
        return None if kind.kind in self.absent else {"metadata": {"name": name}}

    def ask(self, kind: Kind, review: dict[str, Any]) -> dict[str, Any]:
        assert kind is ACCESS_REVIEW
        if kind.kind in self.forbidden:
            raise Forbidden("may not ask")
        self.asked.append(review["spec"])
        given = review["spec"]["resourceAttributes"]
        right = (given["group"], given["resource"], given["verb"])
        return {"status": {"allowed": right not in self.denied}}

    def rehearse(self, definition: dict[str, Any]) -> None:
        self.rehearsed.append(definition)
        if definition["kind"] in self.refuses:
            raise self.refuses[definition["kind"]]


def problems(cluster: Cluster, wanted: Wanted | None = None) -> list[tuple[str, str]]:
    found = found_beforehand(cast("Api", cluster), wanted or looks.wanted())
    return [(problem.path, str(problem)) for problem in found]


def with_ha(value: str, key: str = "high-availability.type") -> Wanted:
    cr = looks.definition()
    folder = "high-availability.storageDir"
    cr["spec"]["flinkConfiguration"] |= {key: value, folder: "file:///ha"}
    return looks.wanted(cr)


def test_a_cluster_that_has_everything_has_no_objection() -> None:
    cluster = Cluster()
    assert problems(cluster) == []
    kinds = [item["kind"] for item in cluster.rehearsed]
    assert kinds[:4] == ["Deployment", "Service", "Service", "ConfigMap"]


@pytest.mark.parametrize(
    ("kind", "path"),
    [("Namespace", "metadata.namespace"), ("ServiceAccount", "spec.serviceAccount")],
)
def test_what_must_be_there_beforehand_is_named(kind: str, path: str) -> None:
    cluster = Cluster(absent=frozenset({kind}))
    assert [where for where, _ in problems(cluster)] == [path]
    assert cluster.rehearsed == []


def test_every_right_that_is_missing_is_named_once() -> None:
    cluster = Cluster(denied=frozenset({("", "pods", "create"), ("", "pods", "delete")}))
    ((path, said),) = problems(cluster)
    assert path == "spec.serviceAccount"
    assert "create pods, delete pods" in said
    assert cluster.asked[0]["user"] == "system:serviceaccount:default:flink"


@pytest.mark.parametrize(
    ("wanted", "needs"),
    [
        (looks.wanted(), False),
        (with_ha("kubernetes"), True),
        (with_ha("KUBERNETES"), True),
        (with_ha("kubernetes", "high-availability"), True),
        (with_ha("org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"), True),
    ],
)
def test_ha_needs_rights_on_config_maps(wanted: Wanted, needs: bool) -> None:
    cluster = Cluster(denied=frozenset({("", "configmaps", "create")}))
    assert bool(problems(cluster, wanted)) is needs


@pytest.mark.parametrize("kind", ["Namespace", "ServiceAccount", "SubjectAccessReview"])
def test_a_question_that_we_may_not_ask_is_no_answer(kind: str) -> None:
    assert problems(Cluster(forbidden=frozenset({kind}))) == []


@pytest.mark.parametrize("error", [Rejected("unknown field"), Forbidden("exceeded quota")])
def test_what_the_api_server_would_refuse_is_told_in_its_words(error: Exception) -> None:
    cluster = Cluster(refuses={"Deployment": error})
    ((path, said),) = problems(cluster)
    assert path == "the rendered Deployment app"
    assert str(error) in said


def test_an_object_that_is_there_already_is_no_objection() -> None:
    assert problems(Cluster(refuses={"Deployment": Conflict("exists")})) == []
