"""The described kinds against the contract's facts, and the written CRDs against the kinds."""

from __future__ import annotations

import functools
import json
from collections.abc import Iterator, Mapping
from dataclasses import fields
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core import schema_policy, spec
from ansible_collections.flinkops.flink.plugins.module_utils.core.schema import Kind, Record
from ansible_collections.flinkops.flink.plugins.module_utils.core.schema_crd import crd
from ansible_collections.flinkops.flink.plugins.module_utils.core.schema_kinds import (
    FLINK_DEPLOYMENT,
    KINDS,
)

ROOT = Path(__file__).parents[5]
GOLDEN = ROOT / "tests" / "golden"
LARGEST_FOR_CLIENT_SIDE_APPLY = 262_144


def written(kind: Kind) -> Any:
    return read(ROOT / "config" / "crd" / f"{kind.plural}.flink.apache.org.yaml")


@functools.cache
def read(file: Path) -> Any:
    return yaml.load(file.read_text(), yaml.CSafeLoader)  # the safe one, in C


def kind_ids(kind: Kind) -> str:
    return kind.kind


@pytest.mark.parametrize("kind", KINDS, ids=kind_ids)
def test_the_written_crd_is_the_described_kind(kind: Kind) -> None:
    assert written(kind) == json.loads(json.dumps(crd(kind)))


def test_the_written_policy_is_the_described_one() -> None:
    text = (ROOT / "config" / "policy" / f"{schema_policy.NAME}.yaml").read_text()
    assert list(yaml.safe_load_all(text)) == list(schema_policy.policy())


NAMES = {
    "FlinkDeployment": ("flinkdeployments", "flinkdep"),
    "FlinkSessionJob": ("flinksessionjobs", "sessionjob"),
    "FlinkStateSnapshot": ("flinkstatesnapshots", "flinksnp"),
    "FlinkBlueGreenDeployment": ("flinkbluegreendeployments", "flinkbgdep"),
}


@pytest.mark.row("C-005")
@pytest.mark.parametrize("kind", KINDS, ids=kind_ids)
def test_names_are_the_contracts(kind: Kind) -> None:
    definition = written(kind)["spec"]
    assert definition["group"] == "flink.apache.org"
    assert definition["scope"] == "Namespaced"
    assert [version["name"] for version in definition["versions"]] == ["v1beta1"]
    names = definition["names"]
    assert (names["plural"], names["shortNames"][0]) == NAMES[kind.kind]


COLUMNS = {
    "FlinkDeployment": ["Job Status", "Lifecycle State"],
    "FlinkSessionJob": ["Job Status", "Lifecycle State"],
    "FlinkStateSnapshot": ["Path", "Result Timestamp", "Snapshot State"],
    "FlinkBlueGreenDeployment": ["Job Status"],
}


@pytest.mark.row("C-006")
@pytest.mark.parametrize("kind", KINDS, ids=kind_ids)
def test_the_first_columns_are_the_contracts(kind: Kind) -> None:
    columns = written(kind)["spec"]["versions"][0]["additionalPrinterColumns"]
    assert [c["name"] for c in columns if not c.get("priority")] == COLUMNS[kind.kind]


@pytest.mark.row("C-007", "C-008")
@pytest.mark.parametrize("kind", KINDS, ids=kind_ids)
def test_only_a_flink_deployment_scales(kind: Kind) -> None:
    subresources = written(kind)["spec"]["versions"][0]["subresources"]
    assert subresources["status"] == {}
    assert ("scale" in subresources) == (kind is FLINK_DEPLOYMENT)


def test_the_crds_fit_a_client_side_apply() -> None:
    sizes = {kind.kind: len(json.dumps(crd(kind))) for kind in KINDS}
    assert max(sizes.values()) < LARGEST_FOR_CLIENT_SIDE_APPLY / 2, sizes


def nodes(schema: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield path, schema
    for name, inner in schema.get("properties", {}).items():
        yield from nodes(inner, f"{path}.{name}")
    for part in ("items", "additionalProperties"):
        if isinstance(schema.get(part), dict):
            yield from nodes(schema[part], f"{path}[]")


def root(kind: Kind) -> Mapping[str, Any]:
    found = written(kind)["spec"]["versions"][0]["schema"]["openAPIV3Schema"]
    assert isinstance(found, dict)
    return found


@pytest.mark.parametrize("kind", KINDS, ids=kind_ids)
def test_every_field_says_what_it_does(kind: Kind) -> None:
    named = (
        (path, node)
        for path, node in nodes(root(kind))
        if not path.startswith(".metadata") and not path.endswith("[]")
    )
    assert [path for path, node in named if not node.get("description")] == []


DEFAULTS = {
    "FlinkDeployment": {
        ".spec.job.state": "running",
        ".spec.job.upgradeMode": "stateless",
        ".spec.jobManager.replicas": 1,
    },
    "FlinkSessionJob": {".spec.job.state": "running", ".spec.job.upgradeMode": "stateless"},
    "FlinkStateSnapshot": {
        ".spec.savepoint.formatType": "CANONICAL",
        ".spec.savepoint.disposeOnDelete": True,
        ".spec.savepoint.alreadyExists": False,
        ".spec.backoffLimit": -1,
    },
    "FlinkBlueGreenDeployment": {
        ".spec.template.spec.job.state": "running",
        ".spec.template.spec.job.upgradeMode": "stateless",
        ".spec.template.spec.jobManager.replicas": 1,
    },
}


@pytest.mark.row("C-009")
@pytest.mark.parametrize("kind", KINDS, ids=kind_ids)
def test_defaults_are_the_contracts_initial_values_and_no_others(kind: Kind) -> None:
    found = {path: node["default"] for path, node in nodes(root(kind)) if "default" in node}
    assert found == DEFAULTS[kind.kind]


@pytest.mark.parametrize("kind", KINDS, ids=kind_ids)
def test_every_rule_has_a_message_and_a_reason(kind: Kind) -> None:
    for _, node in nodes(root(kind)):
        for rule in node.get("x-kubernetes-validations", []):
            assert rule["message"]
            assert rule["reason"].startswith("FieldValue")


def test_rules_on_the_whole_object_judge_only_what_is_new() -> None:
    """Else a status write or the removal of a finalizer could be refused for the name."""
    for kind in KINDS:
        for rule in root(kind).get("x-kubernetes-validations", []):
            assert rule["optionalOldSelf"]
            assert rule["rule"].startswith("oldSelf.hasValue() ||")


def snake(name: str) -> str:
    spelled = name.replace("URI", "Uri")
    return "".join(f"_{letter.lower()}" if letter.isupper() else letter for letter in spelled)


@pytest.mark.row("C-001")
def test_the_described_fields_are_those_of_the_values() -> None:
    spec_fields = {snake(name) for name in FLINK_DEPLOYMENT.spec.fields}
    assert spec_fields == {f.name for f in fields(spec.Spec)} - {"flink_configuration_as_given"}
    parts = {
        "job": spec.Job,
        "jobManager": spec.JobManager,
        "taskManager": spec.TaskManager,
        "ingress": spec.Ingress,
    }
    for name, value in parts.items():
        node = FLINK_DEPLOYMENT.spec.fields[name]
        assert isinstance(node, Record)
        assert {snake(inner) for inner in node.fields} == {f.name for f in fields(value)}


def keys_of(value: Any, path: str) -> Iterator[str]:
    if isinstance(value, dict):
        for name, inner in value.items():
            yield f"{path}.{name}"
            yield from keys_of(inner, f"{path}.{name}")
    elif isinstance(value, list):
        for inner in value:
            yield from keys_of(inner, f"{path}[]")


def statuses() -> Iterator[tuple[str, str, Any]]:
    for file in sorted(GOLDEN.glob("*/status.json")):
        yield file.parent.name, "FlinkDeployment", json.loads(file.read_text())
    for file in sorted(GOLDEN.glob("states/*/objects.yaml")):
        for found in yaml.load_all(file.read_text(), yaml.CSafeLoader):
            if found["apiVersion"].startswith("flink.apache.org"):
                yield f"{file.parent.name}-{found['kind']}", found["kind"], found["status"]


STATUSES = list(statuses())


@pytest.mark.row("C-013")
@pytest.mark.parametrize(("_name", "kind", "status"), STATUSES, ids=[s[0] for s in STATUSES])
def test_every_field_of_a_recorded_status_is_described(_name: str, kind: str, status: Any) -> None:
    described = next(root(k) for k in KINDS if k.kind == kind)
    known = {path for path, _ in nodes(described)}
    ours = (
        path for path in keys_of(status, ".status") if not path.startswith(".status.clusterInfo.")
    )
    assert [path for path in ours if path not in known] == []
