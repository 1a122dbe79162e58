# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a boosted start is rendered from, and which of its pods are resized to what."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.boost import (
    CPU_LIMIT,
    Cpu,
    Resize,
    boosted,
    raised,
    to_resize,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkDeployment,
    FlinkVersion,
    JobManager,
    Mode,
    Resource,
    Resources,
    TaskManager,
)
from support import golden
from support.deployments import deployment, made, main, session

KEY = CPU_LIMIT.key
HALF = "kubernetes.{}.cpu.limit-factor"
BURSTS = {HALF.format("jobmanager"): "2.5", HALF.format("taskmanager"): "2.5"}
SMALL = Resource(memory="1g", cpu=0.2)
Object = dict[str, Any]


def small(limit: str | None = "2", **changes: Any) -> FlinkDeployment:
    """Requests of 0.2 cores and limits of 0.5 in both roles, and a boost to `limit`."""
    conf = {**BURSTS, **({KEY: limit} if limit else {}), **changes.pop("conf", {})}
    given = {
        "job_manager": JobManager(resource=SMALL),
        "task_manager": TaskManager(resource=SMALL),
        **changes,
    }
    return deployment(conf=conf, **given)


def cpu(given: FlinkDeployment) -> tuple[str, str]:
    """Request and limit of the rendered JobManager."""
    resources = main(made(given).deployments[0])["resources"]
    return resources["requests"]["cpu"], resources["limits"]["cpu"]


def flinks(given: FlinkDeployment) -> dict[str, str]:
    """The configuration that Flink reads, from which it makes its TaskManagers."""
    maps = (found for found in made(given).dependents if found["kind"] == "ConfigMap")
    lines = next(
        found["data"]["flink-conf.yaml"] for found in maps if "flink-conf.yaml" in found["data"]
    )
    return dict(line.split(": ", 1) for line in lines.splitlines())


def a_pod(
    role: str = "taskmanager", request: str = "200m", limit: str = "2", **more: Any
) -> Object:
    resources = {"requests": {"cpu": request, "memory": "1Gi"}, "limits": {"cpu": limit}}
    return {
        "metadata": {
            "name": f"app-{role}",
            "namespace": "ns",
            "uid": "u1",
            "labels": {"component": role},
            **more.pop("metadata", {}),
        },
        "spec": {"containers": [{"name": "flink-main-container", "resources": resources}]},
        "status": {"phase": "Running"},
        **more,
    }


@pytest.mark.parametrize("case", golden.CASES)
def test_without_the_key_the_deployment_is_the_same_value(case: str) -> None:
    given = parse(golden.resource(case), namespace="golden")
    assert boosted(given, base={}) is given
    assert raised(given, base={}) == ()


@pytest.mark.parametrize("case", golden.CASES)
def test_with_the_key_nothing_but_cpu_differs(case: str) -> None:
    given = parse(golden.resource(case), namespace="golden")
    with_boost = boosted(given, base={KEY: "16"})
    plain, changed = made(given), made(with_boost)
    assert [without_cpu(found) for found in changed.all()] == [
        without_cpu(found) for found in plain.all()
    ]
    assert (plain != changed) == (given.spec.job is not None)


def without_cpu(value: Any, key: str = "") -> Any:
    if isinstance(value, dict):
        return {name: without_cpu(inner, name) for name, inner in value.items() if name != "cpu"}
    if isinstance(value, list):
        return [without_cpu(inner) for inner in value]
    if key == "flink-conf.yaml":
        return {line for line in value.splitlines() if ".cpu" not in line}
    if key == "config.yaml":
        return without_cpu(yaml.safe_load(value))
    return value


def test_the_limit_of_both_roles_is_raised_and_the_request_stays() -> None:
    given = boosted(small(), base={})
    assert cpu(small()) == ("200m", "500m")
    assert cpu(given) == ("200m", "2")
    conf = flinks(given)
    assert float(conf["kubernetes.taskmanager.cpu.amount"]) == 0.2
    assert 0.2 * float(conf[HALF.format("taskmanager")]) == 2.0
    assert not any(key.startswith("kubernetes.operator.") for key in conf)


def test_a_platform_sets_it_for_all() -> None:
    assert cpu(boosted(small(None), base={KEY: "1500m"})) == ("200m", "1500m")


def test_a_role_that_has_as_much_is_left_alone() -> None:
    rich = TaskManager(resource=Resource(memory="1g", cpu=1.0))
    given = small(task_manager=rich)
    assert [found.role for found in raised(given, base={})] == ["jobmanager"]
    assert boosted(given, base={}).spec.task_manager == rich


def test_an_application_alone_is_boosted() -> None:
    given = session(conf={KEY: "8"})
    assert boosted(given, base={}) is given


def test_where_the_class_is_guaranteed_request_and_limit_move_together() -> None:
    given = deployment(conf={KEY: "2"})
    assert cpu(given) == ("1", "1")
    assert cpu(boosted(given, base={})) == ("2", "2")
    conf = flinks(boosted(given, base={}))
    assert float(conf["kubernetes.taskmanager.cpu.amount"]) == 2.0
    assert float(conf["taskmanager.cpu.cores"]) == 2.0


@pytest.mark.parametrize(
    ("sidecar", "request_after"),
    [
        ({}, "1"),
        ({"limits": {"cpu": "1", "memory": "1Gi"}}, "2"),
        ({"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "1000m"}}, "2"),
        ({"limits": {"cpu": "1", "memory": "1Gi"}, "requests": {"cpu": "500m"}}, "1"),
        ({"limits": {"memory": "1Gi"}}, "1"),
    ],
)
@pytest.mark.parametrize("kind", ["containers", "initContainers"])
def test_every_container_counts_for_the_class(
    sidecar: Object, request_after: str, kind: str
) -> None:
    template = {"spec": {kind: [{"name": "beside", "image": "i", "resources": sidecar}]}}
    given = deployment(conf={KEY: "2"}, pod_template=template)
    assert cpu(boosted(given, base={})) == (request_after, "2")


def test_memory_that_may_grow_makes_the_class_burstable() -> None:
    conf = {KEY: "2", "kubernetes.jobmanager.memory.limit-factor": "1.5"}
    assert cpu(boosted(deployment(conf=conf), base={})) == ("1", "2")


def test_the_newer_form_of_resources_keeps_everything_but_cpu() -> None:
    resources = Resources(
        requests={"cpu": "200m", "memory": "1Gi", "ephemeral-storage": "1Gi"},
        limits={"cpu": "500m", "memory": "2Gi"},
    )
    given = small(job_manager=JobManager(resources=resources))
    found = main(made(boosted(given, base={})).deployments[0])["resources"]
    plain = main(made(given).deployments[0])["resources"]
    assert plain["limits"]["cpu"] == "500m"
    assert found == {**plain, "limits": {**plain["limits"], "cpu": "2"}}


def test_the_older_form_does_not_come_back_where_the_newer_held_cpu_alone() -> None:
    role = JobManager(
        resource=Resource(memory="7g", cpu=7.0),
        resources=Resources(requests={"cpu": "200m"}, limits={"cpu": "500m"}),
    )
    given = small(job_manager=role, conf={"jobmanager.memory.process.size": "1g"})
    found = main(made(boosted(given, base={})).deployments[0])["resources"]
    assert found["limits"] == {"cpu": "2", "memory": "1Gi"}


def test_a_version_of_the_older_key_reads_it_too() -> None:
    conf = flinks(boosted(deployment(conf={KEY: "2"}, flink_version=FlinkVersion.V1_16), base={}))
    assert float(conf["kubernetes.taskmanager.cpu"]) == 2.0
    assert float(conf["kubernetes.taskmanager.cpu.amount"]) == 2.0


def test_flinks_own_key_for_the_cores_of_taskmanagers_comes_first_where_flink_makes_them() -> None:
    conf = {"taskmanager.cpu.cores": "0.4"}
    [_job_manager, found] = raised(small(conf=conf), base={})
    assert found.plain == Cpu(request=Decimal("0.4"), limit=Decimal("1.0"))
    [_job_manager, found] = raised(small(conf=conf, mode=Mode.STANDALONE), base={})
    assert found.plain.request == Decimal("0.2")


def test_taskmanagers_without_a_word_have_a_core_for_each_slot() -> None:
    conf = {"taskmanager.numberOfTaskSlots": "2", HALF.format("taskmanager"): "1.5"}
    [_job_manager, found] = raised(
        small("8", conf=conf, task_manager=TaskManager(resource=Resource(memory="2g"))), base={}
    )
    assert found.plain == Cpu(request=Decimal("2.0"), limit=Decimal("3.0"))


def test_in_standalone_mode_the_taskmanagers_deployment_is_raised() -> None:
    given = boosted(small(mode=Mode.STANDALONE), base={})
    found = [main(one)["resources"]["limits"]["cpu"] for one in made(given).deployments]
    assert found == ["2", "2"]


@pytest.mark.parametrize("text", ["0", "-1", "much", "2 cores"])
def test_a_limit_that_is_no_number_of_cores_is_refused(text: str) -> None:
    with pytest.raises(InvalidResource) as refused:
        raised(small(text), base={})
    assert refused.value.problems[0].path == f"spec.flinkConfiguration.{KEY}"


@given(
    request=st.integers(1, 8000).map(lambda milli: milli / 1000),
    limit=st.integers(1, 64000).map(lambda milli: milli / 1000),
)
def test_flinks_product_never_passes_the_limit(request: float, limit: float) -> None:
    role = TaskManager(resource=Resource(memory="1g", cpu=request))
    found = boosted(small(str(limit), task_manager=role), base={})
    conf = found.spec.flink_configuration
    if "kubernetes.taskmanager.cpu.amount" in conf and found.spec.task_manager != role:
        amount = float(conf["kubernetes.taskmanager.cpu.amount"])
        product = amount * float(conf[HALF.format("taskmanager")])
        assert amount <= product <= limit
        assert product == pytest.approx(limit)


def test_a_pod_that_runs_with_the_boost_is_resized_to_the_plain_values() -> None:
    raises = raised(small(), base={})
    pods = [a_pod("jobmanager"), a_pod("taskmanager")]
    assert to_resize(pods, raises) == tuple(
        Resize(
            pod=f"app-{role}",
            namespace="ns",
            uid="u1",
            container="flink-main-container",
            cpu_request="200m",
            cpu_limit="500m",
        )
        for role in ("jobmanager", "taskmanager")
    )


@pytest.mark.parametrize(
    "pod",
    [
        pytest.param(a_pod(limit="500m"), id="it is resized already"),
        pytest.param(a_pod(limit="1"), id="somebody else resized it"),
        pytest.param(a_pod(request="300m"), id="its request is another"),
        pytest.param(a_pod(status={"phase": "Pending"}), id="it does not run yet"),
        pytest.param(a_pod(metadata={"deletionTimestamp": "now"}), id="it is going"),
        pytest.param(a_pod("beside"), id="it is of another role"),
        pytest.param({"metadata": {}, "spec": {}}, id="it says nothing"),
    ],
)
def test_a_pod_is_left_alone(pod: Object) -> None:
    assert to_resize([pod], raised(small(), base={})) == ()


def test_a_limit_is_the_same_in_every_spelling() -> None:
    assert len(to_resize([a_pod(limit="2000m", request="0.2")], raised(small(), base={}))) == 1


def test_what_was_resized_is_not_resized_again() -> None:
    raises = raised(small(), base={})
    [once] = to_resize([a_pod()], raises)
    assert to_resize([a_pod(request=once.cpu_request, limit=once.cpu_limit)], raises) == ()
