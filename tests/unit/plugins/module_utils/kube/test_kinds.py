# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where the API server keeps what we read and write."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import (
    BY_NAME,
    CRD,
    FLINK_DEPLOYMENT,
    KINDS,
    NAMESPACE,
    POD,
    Kind,
    kind_of,
)


@pytest.mark.parametrize(
    ("kind", "place", "path"),
    [
        (POD, (), "/api/v1/pods"),
        (POD, ("", "default"), "/api/v1/namespaces/default/pods"),
        (POD, ("p", "default"), "/api/v1/namespaces/default/pods/p"),
        (POD, ("p", "default", "log"), "/api/v1/namespaces/default/pods/p/log"),
        (NAMESPACE, ("default",), "/api/v1/namespaces/default"),
        (NAMESPACE, ("default", "elsewhere"), "/api/v1/namespaces/default"),
        (
            FLINK_DEPLOYMENT,
            ("app", "default", "status"),
            "/apis/flink.apache.org/v1beta1/namespaces/default/flinkdeployments/app/status",
        ),
        (
            CRD,
            ("a.b",),
            "/apis/apiextensions.k8s.io/v1/customresourcedefinitions/a.b",
        ),
        (POD, ("../x", "a/b"), "/api/v1/namespaces/a%2Fb/pods/..%2Fx"),
    ],
)
def test_a_path_names_one_place(kind: Kind, place: tuple[str, ...], path: str) -> None:
    assert kind.path(*place) == path


def test_each_kind_stands_once_in_the_table() -> None:
    assert len(BY_NAME) == len(KINDS)
    assert len({kind.path("x", "y") for kind in KINDS}) == len(KINDS)


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.kind)
def test_an_object_finds_its_kind(kind: Kind) -> None:
    assert kind_of({"apiVersion": kind.api_version, "kind": kind.kind}) is kind


@pytest.mark.parametrize("item", [{}, {"kind": "Pod"}, {"apiVersion": "v2", "kind": "Pod"}])
def test_what_is_not_in_the_table_has_no_kind(item: dict[str, str]) -> None:
    assert kind_of(item) is None
