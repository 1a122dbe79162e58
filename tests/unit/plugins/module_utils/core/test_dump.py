from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core.dump import (
    Recorded,
    load_reconciled,
    reconciled_json,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    JobManager,
    Resources,
    Spec,
    UpgradeMode,
)

GOLDEN = Path(__file__).parents[5] / "tests" / "golden"
CASES = sorted(GOLDEN.glob("*/status.json"))


def recorded_texts() -> Iterator[tuple[str, str]]:
    for file in sorted(GOLDEN.glob("states/*/objects.yaml")):
        for found in yaml.safe_load_all(file.read_text()):
            if found["kind"] == "FlinkDeployment":
                status = found["status"]["reconciliationStatus"]
                for name in ("lastReconciledSpec", "lastStableSpec"):
                    if name in status:
                        yield f"{file.parent.name}-{name}", status[name]


RECORDED = list(recorded_texts())


def first_started(spec: Spec) -> Spec:
    """What the contract records at a first deployment: the upgrade mode is forced."""
    if spec.job is None:
        return spec
    given = spec.job.initial_savepoint_path is not None
    mode = UpgradeMode.SAVEPOINT if given else UpgradeMode.STATELESS
    return replace(spec, job=replace(spec.job, upgrade_mode=mode))


@pytest.mark.row("C-011")
@pytest.mark.parametrize("file", CASES, ids=lambda file: file.parent.name)
def test_a_first_deployment_is_recorded_to_the_letter(file: Path) -> None:
    spec = parse(yaml.safe_load(file.with_name("cr.yaml").read_text())).spec
    wanted = json.loads(file.read_text())["reconciliationStatus"]["lastReconciledSpec"]
    assert reconciled_json(first_started(spec), first_deployment=True) == wanted


@pytest.mark.row("C-011", "C-013")
@pytest.mark.parametrize(("_name", "text"), RECORDED, ids=[name for name, _ in RECORDED])
def test_what_another_operator_recorded_is_read_and_written_back(_name: str, text: str) -> None:
    spec, beside = load_reconciled(text)
    assert beside.first_deployment is not None
    assert reconciled_json(spec, first_deployment=beside.first_deployment) == text


@pytest.mark.row("C-012")
@pytest.mark.parametrize("extra", [{}, {"apiVersion": "flink.apache.org/v1beta1"}], ids=str)
def test_the_oldest_form_is_a_bare_spec(extra: dict[str, str]) -> None:
    spec, beside = load_reconciled(json.dumps({"image": "i", "job": {"parallelism": 2}, **extra}))
    assert spec.image == "i"
    assert spec.job is not None
    assert spec.job.parallelism == 2
    assert beside == Recorded(api_version=extra.get("apiVersion"))


@pytest.mark.parametrize("text", ["", "x", "[]", '"x"', '{"resource_metadata":1}', '{"image":1}'])
def test_a_garbled_record_is_refused(text: str) -> None:
    with pytest.raises(InvalidResource):
        load_reconciled(text)


def test_the_younger_resources_are_written_only_where_they_are_used() -> None:
    bare = reconciled_json(Spec(job_manager=JobManager()), first_deployment=False)
    used = JobManager(resources=Resources(limits={"memory": "2Gi", "cpu": "1"}))
    text = reconciled_json(Spec(job_manager=used), first_deployment=False)
    assert '"resources"' not in bare
    assert '"resources":{"claims":[],"limits":{"cpu":"1","memory":"2Gi"},"requests":{}}' in text
    assert load_reconciled(text)[0].job_manager == used


def test_nested_configuration_is_recorded_as_it_was_written() -> None:
    given = {"b": {"c": 1.0}, "a": "x"}
    cr = {"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkDeployment"}
    spec = parse({**cr, "metadata": {"name": "x"}, "spec": {"flinkConfiguration": given}}).spec
    text = reconciled_json(spec, first_deployment=True)
    assert '"flinkConfiguration":{"a":"x","b":{"c":1}}' in text
    assert load_reconciled(text)[0] == spec
