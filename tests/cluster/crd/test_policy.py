"""The admission policy: what it sees in flinkConfiguration, and that it never stands in the way."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import yaml

from cluster.crd.server import OWN_GROUP, ROOT, Answer, Api, listing, moved, until
from cluster.crd.test_refused import app, resource

POLICIES = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicies"
BINDINGS = "/apis/admissionregistration.k8s.io/v1/validatingadmissionpolicybindings"
FILE = next((ROOT / "config" / "policy").glob("*.yaml"))
OVERLAP = {"a.b": 1, "a.b.c": 2}
NESTED = {"high-availability": {"cluster-id": "x"}}
MANY = {f"some.long.prefix.of.a.key.number-{number}": "v" for number in range(600)}


def create(server: Api, configuration: dict[str, Any], version: str = "v2_1") -> Answer:
    spec = app(flinkVersion=version, flinkConfiguration=configuration)
    path = f"{listing('flinkdeployments')}?dryRun=All"
    return server("POST", path, resource("flinkdeployments", spec))


@pytest.fixture(scope="module")
def policed(server: Api) -> Iterator[Api]:
    stored = resource("flinkdeployments", app(flinkVersion="v2_1", flinkConfiguration=OVERLAP))
    stored["metadata"]["name"] = "before-the-policy"
    assert server("POST", listing("flinkdeployments"), stored).is_ok
    policy, binding = (moved(document) for document in yaml.safe_load_all(FILE.read_text()))
    name = policy["metadata"]["name"]
    assert OWN_GROUP in name
    for path, document in ((POLICIES, policy), (BINDINGS, binding)):
        answer = server.apply(f"{path}/{name}", document)
        assert answer.is_ok, answer.told
    until(lambda: create(server, OVERLAP).status == 422, "the policy holds")
    yield server
    for path in (BINDINGS, POLICIES):
        server("DELETE", f"{path}/{name}")
    server("DELETE", f"{listing('flinkdeployments')}/before-the-policy")


@pytest.mark.row("C-084", "C-107")
@pytest.mark.parametrize(
    ("configuration", "said"),
    [
        (OVERLAP, "further keys below it (a.b)"),
        ({"high-availability": "NONE", "high-availability.storageDir": "x"}, "(high-availability)"),
        (NESTED, "high-availability.cluster-id can't be chosen"),
    ],
    ids=str,
)
def test_what_the_schema_cannot_see_is_refused(
    policed: Api, configuration: dict[str, Any], said: str
) -> None:
    answer = create(policed, configuration)
    assert answer.status == 422
    assert said in answer.told


FREE: list[tuple[dict[str, Any], str]] = [
    ({}, "v2_1"),
    (OVERLAP, "v1_20"),
    ({"high-availability": "kubernetes"}, "v1_20"),
    ({"high-availability": {"type": "kubernetes"}}, "v2_1"),
    ({"kubernetes.operator.a": 1, "kubernetes.operator.a.b": 1}, "v2_1"),
    ({"a": {"b": [1, True, None]}}, "v2_1"),
    (MANY, "v2_1"),
    ({**MANY, **OVERLAP}, "v2_1"),
]


@pytest.mark.parametrize(("configuration", "version"), FREE, ids=lambda value: str(value)[:50])
def test_all_else_is_free(policed: Api, configuration: dict[str, Any], version: str) -> None:
    answer = create(policed, configuration, version)
    assert answer.is_ok, answer.told


def test_a_resource_from_before_stays_writable_while_its_configuration_is_left(
    policed: Api,
) -> None:
    path = f"{listing('flinkdeployments')}/before-the-policy"
    for change in ({"spec": {"image": "x"}}, {"metadata": {"finalizers": ["a.example.com/b"]}}):
        answer = policed.patch(path, change)
        assert answer.is_ok, answer.told
    assert policed.patch(f"{path}/status", {"status": {"error": "x"}}).is_ok
    assert policed.patch(path, {"metadata": {"finalizers": None}}).is_ok
    assert policed.patch(path, {"spec": {"flinkConfiguration": {"x": "y"}}}).status == 422
