"""What the contract allows is taken: samples, golden resources, the definitions themselves."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from cluster.crd.server import CRDS, ROOT, Api, definitions, listing, moved

FILES = [
    *sorted((ROOT / "config" / "samples").glob("*.yaml")),
    *sorted((ROOT / "tests" / "golden").glob("*/cr.yaml")),
    *sorted((ROOT / "tests" / "golden").glob("states/*/objects.yaml")),
]
KINDS = {
    "FlinkDeployment": "flinkdeployments",
    "FlinkSessionJob": "flinksessionjobs",
    "FlinkStateSnapshot": "flinkstatesnapshots",
    "FlinkBlueGreenDeployment": "flinkbluegreendeployments",
}


def resources() -> Iterator[Any]:
    for file in FILES:
        for document in yaml.safe_load_all(file.read_text()):
            if document["kind"] in KINDS:
                case = file.stem if file.parent.name == "samples" else file.parent.name
                yield pytest.param(document, id=f"{case}-{document['kind']}")


@pytest.mark.parametrize("definition", definitions(), ids=lambda d: d["spec"]["names"]["kind"])
def test_a_definition_installs_by_server_side_apply(api: Api, definition: dict[str, Any]) -> None:
    answer = api.apply(f"{CRDS}/{definition['metadata']['name']}", definition, dry_run=True)
    assert answer.is_ok, answer.told


@pytest.mark.row("C-001", "C-002", "C-003", "C-136")
@pytest.mark.parametrize("resource", list(resources()))
def test_a_resource_of_the_contract_is_taken(server: Api, resource: dict[str, Any]) -> None:
    metadata = {"name": resource["metadata"]["name"]}
    body = moved({**resource, "metadata": metadata})
    path = f"{listing(KINDS[resource['kind']])}/{metadata['name']}"
    answer = server.apply(path, body, dry_run=True)
    assert answer.is_ok, answer.told


@pytest.mark.row("C-001", "C-010")
def test_nested_configuration_and_foreign_pod_fields_are_kept(server: Api) -> None:
    file = ROOT / "tests" / "golden" / "native-app-nested-config" / "cr.yaml"
    body = moved(yaml.safe_load(file.read_text()))
    body["spec"]["podTemplate"]["spec"]["aFieldOfALaterKubernetes"] = {"a": [1]}
    path = f"{listing('flinkdeployments')}/{body['metadata']['name']}"
    answer = server.apply(path, body, dry_run=True)
    assert answer.is_ok, answer.told
    assert answer.body["spec"]["flinkConfiguration"] == body["spec"]["flinkConfiguration"]
    assert answer.body["spec"]["podTemplate"]["spec"] == body["spec"]["podTemplate"]["spec"]


@pytest.mark.row("C-010")
def test_an_unknown_field_is_dropped_unless_told_to_be_strict(server: Api) -> None:
    file = ROOT / "config" / "samples" / "basic.yaml"
    body = moved(yaml.safe_load(file.read_text()))
    body["spec"]["job"]["paralelism"] = 3
    path = listing("flinkdeployments")
    strict = server("POST", f"{path}?dryRun=All&fieldValidation=Strict", body)
    assert 'unknown field "spec.job.paralelism"' in strict.told
    lenient = server("POST", f"{path}?dryRun=All", body)
    assert lenient.is_ok, lenient.told
    assert "paralelism" not in lenient.body["spec"]["job"]


@pytest.mark.row("C-008")
@pytest.mark.parametrize("plural", KINDS.values())
def test_scale_is_served_for_flink_deployments_only(server: Api, plural: str) -> None:
    path = "/".join(listing(plural).split("/")[:4])
    names = {r["name"] for r in server("GET", path).body["resources"]}
    assert (f"{plural}/scale" in names) == (plural == "flinkdeployments")
    assert f"{plural}/status" in names


@pytest.mark.row("C-008")
def test_scaling_turns_the_number_of_task_managers(server: Api) -> None:
    file = ROOT / "config" / "samples" / "reactive.yaml"
    body = moved(yaml.safe_load(Path(file).read_text()))
    path = f"{listing('flinkdeployments')}/reactive"
    assert server("POST", listing("flinkdeployments"), body).is_ok
    scaled = server.patch(f"{path}/scale", {"spec": {"replicas": 3}})
    assert scaled.is_ok, scaled.told
    assert server("GET", path).body["spec"]["taskManager"]["replicas"] == 3
    refused = server.patch(f"{path}/scale", {"spec": {"replicas": 0}})
    assert "to stop the job set job.state: suspended" in refused.told
    assert server("DELETE", path).is_ok


@pytest.mark.row("C-009")
def test_defaults_are_the_contracts_initial_values(server: Api) -> None:
    body = moved(yaml.safe_load((ROOT / "config" / "samples" / "basic.yaml").read_text()))
    del body["spec"]["job"]["upgradeMode"]
    made = server("POST", f"{listing('flinkdeployments')}?dryRun=All", body)
    assert made.is_ok, made.told
    job, manager = made.body["spec"]["job"], made.body["spec"]["jobManager"]
    assert (job["state"], job["upgradeMode"], manager["replicas"]) == ("running", "stateless", 1)


SIZES = [
    "2g",
    "2G",
    "2048m",
    "1 gb",
    "1073741824",
    "2Gi",
    "2GiB",
    " 512 MEBIBYTES ",
    "1.5Gi",
    "1e9",
]


@pytest.mark.row("C-092")
@pytest.mark.parametrize("size", SIZES)
def test_a_size_is_taken_in_both_spellings(server: Api, size: str) -> None:
    body = moved(yaml.safe_load((ROOT / "config" / "samples" / "basic.yaml").read_text()))
    body["spec"]["taskManager"]["resource"]["memory"] = size
    answer = server("POST", f"{listing('flinkdeployments')}?dryRun=All", body)
    assert answer.is_ok, answer.told
