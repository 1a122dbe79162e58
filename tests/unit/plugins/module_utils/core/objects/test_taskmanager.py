# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The TaskManagers' Deployment of a standalone cluster."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import Mode, TaskManager
from support.deployments import SPEC, deployment, made, main, pod, session

ROLE = SPEC.task_manager or TaskManager()


def taskmanager(**changes: Any) -> dict[str, Any]:
    return made(deployment(mode=Mode.STANDALONE, **changes)).deployments[1]


@pytest.mark.row("C-081", "C-082")
def test_native_mode_has_none_and_standalone_mode_one() -> None:
    assert [len(made(given).deployments) for given in (deployment(), session())] == [1, 1]
    found = made(session(mode=Mode.STANDALONE)).deployments[1]
    assert found["metadata"]["name"] == "app-taskmanager"
    assert found["spec"]["replicas"] == 1


def test_it_runs_taskmanagers_with_their_memory() -> None:
    found = taskmanager(task_manager=replace(ROLE, replicas=4))
    assert found["spec"]["replicas"] == 4
    assert main(found)["args"] == ["taskmanager"]
    assert main(found)["resources"]["limits"] == {"memory": "2Gi", "cpu": "1"}
    assert [port["name"] for port in main(found)["ports"]] == ["taskmanager-rpc"]


def test_labels_and_annotations_are_its_own() -> None:
    conf = {
        "kubernetes.taskmanager.labels": "team:a,component:mine",
        "kubernetes.taskmanager.annotations": "n:m",
    }
    found = taskmanager(conf=conf)
    assert found["metadata"]["labels"]["component"] == "taskmanager"
    assert found["metadata"]["labels"]["team"] == "a"
    assert found["spec"]["template"]["metadata"]["annotations"] == {"n": "m"}
    assert "annotations" not in taskmanager()["metadata"]


def test_the_configuration_wins_over_image_and_account_of_the_template() -> None:
    own = {"name": "flink-main-container", "image": "own", "imagePullPolicy": "Never"}
    template = {"spec": {"serviceAccountName": "own", "containers": [own]}}
    found = taskmanager(pod_template=template)
    assert (main(found)["image"], main(found)["imagePullPolicy"]) == ("flink:1.20", "IfNotPresent")
    assert pod(found)["serviceAccount"] == "flink"


def test_variables_are_those_of_taskmanagers() -> None:
    conf = {
        "containerized.taskmanager.env.A": "1",
        "containerized.master.env.B": "2",
        "kubernetes.flink.log.dir": "/l",
    }
    names = [item["name"] for item in main(taskmanager(conf=conf))["env"]]
    assert names == ["A", "FLINK_LOG_DIR"]


@pytest.mark.parametrize(
    ("conf", "cpu"),
    [
        ({}, "2"),
        ({"taskmanager.cpu.cores": "1.5"}, "1500m"),
        ({"kubernetes.taskmanager.cpu.amount": "3"}, "3"),
    ],
)
def test_without_a_request_it_has_a_core_per_slot(conf: dict[str, str], cpu: str) -> None:
    conf = {
        "taskmanager.numberOfTaskSlots": "2",
        "taskmanager.memory.process.size": "2g",
        **conf,
    }
    found = taskmanager(task_manager=TaskManager(), conf=conf)
    assert main(found)["resources"]["requests"]["cpu"] == cpu
