# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Ingress, made from the template of its address."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import Ingress
from support.deployments import deployment, made


def ingress(conf: dict[str, str] | None = None, **fields: Any) -> Any:
    return made(deployment(ingress=Ingress(**fields), conf=conf)).ingress


ADDRESSES = {
    "{{name}}.{{namespace}}.example.com": ("app.ns.example.com", None),
    "example.com/{{NAMESPACE}}/{{Name}}(/|$)(.*)": ("example.com", "/ns/app(/|$)(.*)"),
    "https://example.com:8443/ui?x=1#y": ("example.com", "/ui"),
    "HTTP://example.com": ("example.com", None),
    "/{{name}}": (None, "/app"),
}


@pytest.mark.parametrize(("template", "address"), ADDRESSES.items())
@pytest.mark.row("C-101")
def test_an_address_is_split_into_host_and_path(
    template: str, address: tuple[str | None, str | None]
) -> None:
    (rule,) = ingress(template=template)["spec"]["rules"]
    (path,) = rule["http"]["paths"]
    assert (rule.get("host"), path.get("path")) == address
    assert path["pathType"] == "ImplementationSpecific"


@pytest.mark.row("C-101")
def test_labels_annotations_class_and_certificates_are_passed_on() -> None:
    found = ingress(
        template="x",
        class_name="nginx",
        labels={"a": "b"},
        annotations={"c": "d"},
        tls=({"hosts": ["x"], "secretName": "s"},),
    )
    assert found["metadata"]["labels"] == {"a": "b", "component": "ingress"}
    assert found["metadata"]["annotations"] == {"c": "d"}
    assert found["spec"]["ingressClassName"] == "nginx"
    assert found["spec"]["tls"] == [{"hosts": ["x"], "secretName": "s"}]
    (owner,) = found["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["controller"]) == ("FlinkDeployment", True)


def test_it_leads_to_the_rest_service() -> None:
    found = ingress(template="x", conf={"rest.port": "9000"})
    (path,) = found["spec"]["rules"][0]["http"]["paths"]
    assert path["backend"] == {"service": {"name": "app-rest", "port": {"number": 9000}}}


def test_there_is_none_unless_it_is_wanted_and_allowed() -> None:
    assert made(deployment()).ingress is None
    assert ingress({"kubernetes.operator.ingress.manage": "false"}, template="x") is None
