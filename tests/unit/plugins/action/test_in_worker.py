"""Where an action runs, and what it hands on; the rest is the module's and tested there."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import pytest
from ansible.errors import AnsibleActionFail

from ..modules.catalogue import ROOT, documentation
from ..modules.ways import action

BASIC = ROOT / "tests" / "golden" / "native-app-basic" / "cr.yaml"


class Elsewhere:
    """Takes the place of Ansible's way to start a module on a host; keeps what it was given."""

    def __init__(self) -> None:
        self.given: list[dict[str, Any]] = []

    def __call__(self, **given: Any) -> dict[str, Any]:
        self.given.append(given)
        return {"changed": False}


def sent(name: str, args: dict[str, Any], *, asynchronous: int = 0) -> dict[str, Any]:
    """What the module is started with on another host."""
    there = Elsewhere()
    task = action(name, args, transport="local" if asynchronous else "ssh")
    task._task.async_val = asynchronous
    task._execute_module = there
    task.run(task_vars={})
    (given,) = there.given
    return given


def test_with_the_local_connection_no_module_is_started() -> None:
    there = Elsewhere()
    task = action("manifests", {"src": str(BASIC)})
    task._execute_module = there
    assert "kind: Deployment" in task.run(task_vars={})["text"]
    assert there.given == []


def test_on_another_host_the_module_runs() -> None:
    given = sent("job_info", {"url": "http://flink:8081"})
    assert given["module_args"] == {"url": "http://flink:8081"}
    assert given["wrap_async"] is False


def test_an_async_task_runs_as_a_module() -> None:
    assert sent("manifests", {"src": str(BASIC)}, asynchronous=10)["wrap_async"] is True


def test_a_file_is_read_here_and_travels_as_its_content() -> None:
    args = sent("manifests", {"src": str(BASIC), "document": 0, "dest": "/x"})["module_args"]
    assert set(args) == {"definition", "dest"}
    assert args["definition"]["metadata"] == {"name": "native-app-basic"}


def test_a_missing_file_is_told_before_anything_is_started(tmp_path: Path) -> None:
    task = action("manifests", {"src": str(tmp_path / "absent.yaml")}, transport="ssh")
    result = task.run(task_vars={})
    assert result["failed"] is True
    assert "absent.yaml: can't be read" in result["msg"]


@pytest.mark.parametrize("name", ["turn", "wait"])
def test_all_tasks_of_a_run_are_one_driver(name: str) -> None:
    driver = sent(name, {"name": "orders"})["module_args"]["driver"]
    assert driver == f"playbook@{os.uname().nodename}/{os.getppid()}"


def test_a_driver_that_is_given_stays() -> None:
    args = sent("turn", {"name": "orders", "driver": "night-shift"})["module_args"]
    assert args["driver"] == "night-shift"


def test_a_task_that_knows_no_driver_gets_none() -> None:
    assert "driver" not in sent("cluster", {"name": "a", "move": "make_cluster"})["module_args"]


def test_a_path_beside_the_playbook_is_found(tmp_path: Path) -> None:
    (tmp_path / "orders.yaml").write_text(BASIC.read_text())
    task = action("manifests", {"src": "orders.yaml"})
    task._loader.set_basedir(str(tmp_path))
    assert "kind: Deployment" in task.run(task_vars={})["text"]


def test_the_arguments_of_the_task_are_left_as_they_are() -> None:
    args = {"src": str(BASIC), "document": 0}
    sent("manifests", args)
    assert args == {"src": str(BASIC), "document": 0}


@pytest.mark.parametrize("name", ["turn", "cluster", "custom_resource", "objects", "job_info"])
def test_an_unknown_argument_fails_by_the_name_of_the_task(name: str) -> None:
    args = {"bogus": 1, **({"move": "make_cluster"} if name == "cluster" else {})}
    with pytest.raises(AnsibleActionFail, match=rf"flinkops\.flink\.{name}.*bogus"):
        action(name, args).run(task_vars={})


def test_a_move_must_be_named() -> None:
    with pytest.raises(AnsibleActionFail, match="missing required arguments: move"):
        action("cluster", {"name": "orders"}).run(task_vars={})


def test_every_choice_is_checked_before_anything_is_asked() -> None:
    choices = documentation("turn")["options"]["goal"]["choices"]
    with pytest.raises(AnsibleActionFail, match=", ".join(choices)):
        action("turn", {"name": "orders", "goal": "restart"}).run(task_vars={})


def test_another_user_is_another_process() -> None:
    there = Elsewhere()
    task = action("manifests", {"src": str(BASIC)})
    task._connection.become = object()
    task._execute_module = there
    task.run(task_vars={})
    assert len(there.given) == 1


def test_an_environment_of_the_task_is_honoured_by_a_process_of_its_own() -> None:
    there = Elsewhere()
    task = action("deployment_info", {})
    task._task.environment = [{}, {"KUBECONFIG": "/elsewhere"}]
    task._execute_module = there
    task.run(task_vars={})
    assert len(there.given) == 1


def test_files_of_objects_are_read_here_too(tmp_path: Path) -> None:
    (tmp_path / "1.yaml").write_text("{apiVersion: v1, kind: Namespace, metadata: {name: a}}")
    given = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "b"}}
    args = sent("objects", {"src": [str(tmp_path)], "definitions": [given]})["module_args"]
    assert "src" not in args
    assert [item["metadata"]["name"] for item in args["definitions"]] == ["a", "b"]


def test_applications_are_read_here_whatever_the_host() -> None:
    result = action("applications", {"src": [str(BASIC)]}, transport="ssh").run(task_vars={})
    assert result["applications"][0]["name"] == "native-app-basic"
