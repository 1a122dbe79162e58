# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The ConfigMaps."""

from __future__ import annotations

from typing import Any

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core.objects.logging_defaults import (
    LOG4J,
    LOGBACK,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkVersion,
    Job,
    TaskManager,
)
from support.deployments import deployment, jobmanager, made, pod

L4J, LB = "log4j-console.properties", "logback-console.xml"


def config_maps(**changes: Any) -> dict[str, Any]:
    found = made(deployment(**changes)).dependents
    return {item["metadata"]["name"]: item for item in found if item["kind"] == "ConfigMap"}


def mounted(**changes: Any) -> list[str]:
    volumes = pod(jobmanager(deployment(**changes)))["volumes"]
    source = next(item for item in volumes if item["name"] == "flink-config-volume")["configMap"]
    return [item["key"] for item in source["items"]]


@pytest.mark.parametrize(
    ("given", "files"),
    [
        (None, [LB, L4J]),
        ({L4J: "a"}, [L4J]),
        ({LB: "b"}, [LB]),
        ({L4J: "a", LB: "b"}, [LB, L4J]),
        ({}, []),
    ],
)
@pytest.mark.row("C-085")
def test_log_files_are_the_users_or_ours_and_mounted_as_they_are(
    given: dict[str, str] | None, files: list[str]
) -> None:
    data = config_maps(log_configuration=given)["flink-config-app"]["data"]
    assert sorted(data) == sorted([*files, "flink-conf.yaml"])
    assert mounted(log_configuration=given) == [*files, "flink-conf.yaml"]
    for name, text in (given or {}).items():
        assert data[name] == text
    if given is None:
        assert (data[L4J], data[LB]) == (LOG4J, LOGBACK)


@pytest.mark.row("C-083")
def test_from_flink_2_on_arguments_are_a_list() -> None:
    job = Job(jar_uri="local:///a.jar", parallelism=1, args=("--a", "b;c"))
    found = config_maps(job=job, flink_version=FlinkVersion.V2_1)["flink-config-app"]["data"]
    conf = yaml.safe_load(found["config.yaml"])
    assert conf["$internal"]["application"]["program-args"] == ["--a", "b;c"]


@pytest.mark.row("C-087")
def test_taskmanagers_get_their_own_merged_template() -> None:
    common = {"metadata": {"labels": {"a": "b"}}, "spec": {"tolerations": []}}
    own = TaskManager(pod_template={"spec": {"nodeSelector": {"x": "y"}, "hostname": None}})
    data = config_maps(
        pod_template=common,
        task_manager=own,
        conf={"taskmanager.memory.process.size": "2g"},
    )["pod-template-app"]["data"]
    assert yaml.safe_load(data["taskmanager-pod-template.yaml"]) == {
        "metadata": {"labels": {"a": "b"}},
        "spec": {"nodeSelector": {"x": "y"}},
    }
    assert "pod-template-app" not in config_maps()
