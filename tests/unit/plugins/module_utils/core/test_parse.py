from __future__ import annotations

import copy
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import (
    parse,
    spec_problems,
    unknown_fields,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.schema_check import misfits
from ansible_collections.flinkops.flink.plugins.module_utils.core.schema_deployment import SPEC
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkVersion,
    JobState,
    Mode,
    Resource,
    UpgradeMode,
)

ROOT = Path(__file__).parents[5]
CRS = sorted((ROOT / "tests" / "golden").glob("*/cr.yaml"))
SAMPLES = sorted((ROOT / "config" / "samples").glob("*.yaml"))


def a_cr(**spec: Any) -> dict[str, Any]:
    return {
        "apiVersion": "flink.apache.org/v1beta1",
        "kind": "FlinkDeployment",
        "metadata": {"name": "app"},
        "spec": {"flinkVersion": "v1_20", "serviceAccount": "flink", **spec},
    }


def problems(cr: Any) -> dict[str, str]:
    with pytest.raises(InvalidResource) as caught:
        parse(cr)
    return {problem.path: str(problem) for problem in caught.value.problems}


@pytest.mark.row("C-001")
@pytest.mark.parametrize("file", CRS, ids=lambda file: file.parent.name)
def test_every_golden_resource_is_understood_whole(file: Path) -> None:
    cr = yaml.safe_load(file.read_text())
    deployment = parse(cr, namespace="golden")
    assert (deployment.name, deployment.namespace) == (file.parent.name, "golden")
    assert unknown_fields(cr) == ()


@pytest.mark.parametrize("file", SAMPLES, ids=lambda file: file.stem)
def test_every_sample_is_understood_whole(file: Path) -> None:
    for cr in yaml.safe_load_all(file.read_text()):
        if cr["kind"] == "FlinkDeployment":
            parse(cr)
            assert unknown_fields(cr) == ()


@pytest.mark.row("C-009")
def test_what_is_left_out_has_the_contracts_initial_value() -> None:
    spec = parse(a_cr(job={}, jobManager={}, taskManager={})).spec
    assert spec.job is not None
    assert spec.job_manager is not None
    assert spec.task_manager is not None
    assert spec.job.state is JobState.RUNNING
    assert spec.job.upgrade_mode is UpgradeMode.STATELESS
    assert (spec.job.parallelism, spec.job.args) == (0, ())
    assert (spec.job_manager.replicas, spec.task_manager.replicas) == (1, None)
    assert (spec.mode, spec.image, spec.restart_nonce) == (None, None, None)


def test_every_field_arrives() -> None:
    spec = parse(
        a_cr(
            image="i",
            imagePullPolicy="Always",
            mode="standalone",
            restartNonce=7,
            logConfiguration={"logback-console.xml": "x"},
            ingress={"template": "t", "className": "c", "labels": {"a": "b"}, "tls": [{}]},
            jobManager={"replicas": 2, "resource": {"cpu": 1, "memory": "1g"}},
            taskManager={"replicas": 3, "resources": {"limits": {"cpu": 2}}},
            job={"jarURI": "j", "args": ["a"], "upgradeMode": "last-state", "parallelism": 4},
        )
    ).spec
    assert (spec.image, spec.image_pull_policy, spec.mode) == ("i", "Always", Mode.STANDALONE)
    assert spec.flink_version is FlinkVersion.V1_20
    assert spec.ingress is not None
    assert (spec.ingress.class_name, spec.ingress.labels) == ("c", {"a": "b"})
    assert spec.job_manager is not None
    assert spec.job_manager.resource == Resource(cpu=1.0, memory="1g")
    assert spec.task_manager is not None
    assert spec.task_manager.resources is not None
    assert spec.task_manager.resources.limits == {"cpu": "2"}
    assert spec.job is not None
    assert (spec.job.args, spec.job.upgrade_mode) == (("a",), UpgradeMode.LAST_STATE)


@pytest.mark.row("C-010")
def test_a_pod_template_may_be_a_whole_pod() -> None:
    pod = {"apiVersion": "v1", "kind": "Pod", "status": {"phase": "Running"}, "spec": {"a": 1}}
    assert parse(a_cr(podTemplate=pod)).spec.pod_template == {"spec": {"a": 1}}


def test_null_means_absent() -> None:
    assert parse(a_cr(job=None, mode=None, jobManager=None)).spec == parse(a_cr()).spec


WRONG_TYPES = [
    ({"job": {"parallelism": "2"}}, "spec.job.parallelism", "must be a whole number"),
    ({"job": {"parallelism": 2.5}}, "spec.job.parallelism", "must be a whole number"),
    ({"job": {"parallelism": True}}, "spec.job.parallelism", "must be a whole number"),
    ({"job": {"parallelism": 2**40}}, "spec.job.parallelism", "must fit in 32 bits"),
    ({"job": {"args": "x"}}, "spec.job.args", "must be a list"),
    ({"job": {"args": [1]}}, "spec.job.args[0]", "must be text"),
    ({"job": {"args": [None]}}, "spec.job.args[0]", "no empty places"),
    ({"job": {"allowNonRestoredState": "true"}}, "spec.job.allowNonRestoredState", "true or false"),
    ({"job": []}, "spec.job", "must be a map"),
    ({"image": 1.2}, "spec.image", "must be text (found 1.2)"),
    ({"jobManager": {"resource": {"memory": 2048}}}, "spec.jobManager.resource.memory", "text"),
    ({"jobManager": {"resource": {"cpu": "1"}}}, "spec.jobManager.resource.cpu", "a number"),
    (
        {"taskManager": {"resources": {"limits": {"cpu": 1.5}}}},
        "spec.taskManager.resources.limits.cpu",
        "quantity",
    ),
    ({"podTemplate": "x"}, "spec.podTemplate", "must be a map"),
    (
        {"podTemplate": {"spec": {"containers": [{"env": [{"name": "A", "value": 1}]}]}}},
        "spec.podTemplate.spec.containers[0].env[0].value",
        "must be text",
    ),
    ({"ingress": {"labels": {"a": 1}}}, "spec.ingress.labels.a", "must be text"),
    ({"flinkConfiguration": "x"}, "spec.flinkConfiguration", "must be a map"),
    ({"flinkConfiguration": {"a": [{}]}}, "spec.flinkConfiguration.a[0]", "an item of a list"),
    ({"flinkConfiguration": {"a": float("nan")}}, "spec.flinkConfiguration.a", "finite number"),
    ({"flinkVersion": "v1_21"}, "spec.flinkVersion", "v1_20, v2_0"),
    ({"job": {"upgradeMode": "laststate"}}, "spec.job.upgradeMode", "Did you mean `last-state`?"),
    ({"mode": "Native"}, "spec.mode", "Did you mean `native`?"),
]


@pytest.mark.parametrize(("spec", "path", "said"), WRONG_TYPES, ids=lambda value: str(value)[:60])
def test_a_misfit_is_told_with_path_value_rule_and_next_step(
    spec: dict[str, Any], path: str, said: str
) -> None:
    found = problems(a_cr(**spec))
    assert list(found) == [path]
    assert said in found[path]


def test_all_problems_are_told_at_once() -> None:
    cr = a_cr(mode="x", job={"parallelism": "2", "state": "stopped"})
    cr["metadata"] = {"labels": {"a": 1}}
    del cr["kind"]
    assert set(problems(cr)) == {
        "kind",
        "metadata.name",
        "metadata.labels.a",
        "spec.mode",
        "spec.job.parallelism",
        "spec.job.state",
    }


@pytest.mark.parametrize("document", [None, [], "x", 3, {}, {"spec": 1}, {"metadata": []}])
def test_no_document_breaks_the_parser(document: Any) -> None:
    assert problems(document)


def test_secrets_are_never_shown() -> None:
    secret = "hunter2"  # noqa: S105 - the word that must not appear
    spec = {
        "flinkConfiguration": {
            "s3": {"secret-key": [{secret: 1}], "access-key": [[secret]]},
            "fs.azure.account.key.x": {"a": float("inf")},
        },
        "podTemplate": {
            "spec": {"containers": [{"env": [{"value": [secret]}], "image": [secret]}]}
        },
        "job": {"entryClass": [secret], "state": f"password={secret}"},
        "image": [f"https://u:{secret}@host"],
        "mode": f"https://u:{secret}@host",
    }
    told = "\n".join(problems(a_cr(**spec)).values())
    assert secret not in told
    assert "***" in told


@pytest.mark.row("C-010")
def test_a_slip_of_the_pen_is_noticed_but_tolerated() -> None:
    cr = a_cr(job={"paralelism": 2, "parallelism": 1}, flinkConfigurations={})
    cr["extra"] = 1
    parse(cr)
    assert unknown_fields(cr) == (
        "extra: this field isn't known and has no effect",
        (
            "spec.flinkConfigurations: this field isn't known and has no effect; "
            "did you mean `flinkConfiguration`?"
        ),
        (
            "spec.job.paralelism: this field isn't known and has no effect; "
            "did you mean `parallelism`?"
        ),
    )


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text("ab-.:/@é", max_size=5),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["a", "spec", "args", "replicas", "memory"]), inner)
    ),
    max_leaves=8,
)
FIELDS = ["image", "job", "flinkConfiguration", "podTemplate", "jobManager", "ingress", "mode"]


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(spec=st.dictionaries(st.sampled_from(FIELDS), json_values))
def test_whatever_is_written_is_understood_or_explained(spec: dict[str, Any]) -> None:
    cr = a_cr(**spec)
    before = copy.deepcopy(repr(cr))
    with suppress(InvalidResource):
        parse(cr)
    for problem in (*misfits(SPEC, spec, "spec"), *spec_problems(spec)):
        assert problem.path.startswith("spec")
        assert problem.rule
        assert problem.next_step
    unknown_fields(cr)
    assert repr(cr) == before
