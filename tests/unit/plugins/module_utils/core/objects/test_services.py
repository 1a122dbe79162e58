# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The two Services."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import Mode
from support.deployments import deployment, made

HA = {"high-availability.type": "kubernetes"}
TYPE = "kubernetes.rest-service.exposed.type"


def services(**changes: Any) -> dict[str, Any]:
    found = made(deployment(**changes)).dependents
    return {item["metadata"]["name"]: item for item in found if item["kind"] == "Service"}


@pytest.mark.parametrize(
    ("mode", "conf", "names"),
    [
        (Mode.NATIVE, {}, ["app", "app-rest"]),
        (Mode.NATIVE, HA, ["app-rest"]),
        (Mode.STANDALONE, {}, ["app", "app-rest"]),
        (Mode.STANDALONE, HA, ["app", "app-rest"]),
    ],
)
@pytest.mark.row("C-086")
def test_the_inner_one_is_missing_only_where_a_leader_is_elected(
    mode: Mode, conf: dict[str, str], names: list[str]
) -> None:
    assert list(services(mode=mode, conf=conf)) == names


@pytest.mark.parametrize(
    ("exposed", "kind", "address"),
    [
        ("ClusterIP", "ClusterIP", None),
        ("Headless_ClusterIP", "ClusterIP", "None"),
        ("NodePort", "NodePort", None),
        ("LoadBalancer", "LoadBalancer", None),
        ("loadbalancer", "LoadBalancer", None),
    ],
)
@pytest.mark.row("C-086")
def test_rest_is_exposed_in_four_ways(exposed: str, kind: str, address: str | None) -> None:
    spec = services(conf={TYPE: exposed})["app-rest"]["spec"]
    assert (spec["type"], spec.get("clusterIP")) == (kind, address)


def test_there_is_no_fifth_way() -> None:
    with pytest.raises(InvalidResource, match="is no way to expose a service"):
        services(conf={TYPE: "ExternalName"})


def test_rest_leads_to_the_port_that_flink_binds() -> None:
    conf = {"rest.port": "8090", "rest.bind-port": "8091"}
    (port,) = services(conf=conf)["app-rest"]["spec"]["ports"]
    assert (port["port"], port["targetPort"]) == (8090, 8091)
    (port,) = services(conf={"rest.port": "8090"})["app-rest"]["spec"]["ports"]
    assert (port["port"], port["targetPort"]) == (8090, 8090)


def test_annotations_go_to_their_own_service() -> None:
    conf = {
        "kubernetes.rest-service.annotations": "a:b",
        "kubernetes.internal-service.annotations": "c:d",
    }
    found = services(conf=conf)
    assert found["app-rest"]["metadata"]["annotations"] == {"a": "b"}
    assert found["app"]["metadata"]["annotations"] == {"c": "d"}
