# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The pod that lists is read once it has ended, and deleted whatever became of it."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Held
from ansible_collections.flinkops.flink.plugins.module_utils.core.finder_pod import SCRIPT
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    ApiServerUnreachable,
    Forbidden,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.find_snapshots import listed
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import Kind
from support.looks import NOW

POD = {"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "f", "namespace": "default"}}
STATE = {"terminated": {"reason": "Error"}}


@dataclass
class Cluster:
    """One pod that goes through these phases, a look each."""

    phases: list[str]
    log: str = "100 /x"
    refusal: Exception | None = None
    pods: dict[str, Any] = field(default_factory=dict)
    now: Any = NOW

    def create(self, definition: Mapping[str, Any]) -> dict[str, Any]:
        if self.refusal:
            raise self.refusal
        metadata = {**definition["metadata"], "uid": "u-1"}
        self.pods["f"] = {**definition, "metadata": metadata}
        return dict(self.pods["f"])

    def get(self, _kind: Kind, name: str, _namespace: str) -> dict[str, Any]:
        phase = self.phases.pop(0) if len(self.phases) > 1 else self.phases[0]
        if phase == "unreachable":
            raise ApiServerUnreachable("no way")
        status = {"phase": phase, "containerStatuses": [{"state": STATE}]}
        return {**self.pods[name], "status": status if phase != "Pending" else {"phase": phase}}

    def text(self, path: str) -> str:
        assert path.startswith("/api/v1/namespaces/default/pods/f/log")
        return self.log

    def delete(self, _kind: Kind, name: str, _namespace: str, *, options: Any) -> bool:
        assert options["preconditions"] == {"uid": "u-1"}
        return self.pods.pop(name, None) is not None

    def wait(self) -> None:
        self.now += timedelta(seconds=1)

    def listed(self) -> str:
        return listed(
            cast("Api", self),
            POD,
            until=NOW + timedelta(seconds=10),
            clock=lambda: self.now,
            wait=self.wait,
        )


def test_what_it_lists_is_read_once_it_has_ended() -> None:
    cluster = Cluster(["Pending", "Running", "Succeeded"])
    assert cluster.listed() == "100 /x"
    assert cluster.pods == {}


@pytest.mark.parametrize(
    ("phases", "reason", "told"),
    [
        (["Failed"], "the_folders_can_not_be_listed", "Error"),
        (["Pending"], "the_finder_did_not_end_in_time", "Pending"),
    ],
)
def test_a_pod_that_can_not_list_is_told_and_deleted(
    phases: list[str], reason: str, told: str
) -> None:
    cluster = Cluster(phases)
    with pytest.raises(Held, match=told) as refused:
        cluster.listed()
    assert refused.value.reason == reason
    assert cluster.pods == {}


def test_a_cluster_that_falls_silent_keeps_no_pod_of_ours() -> None:
    cluster = Cluster(["Running", "unreachable"])
    with pytest.raises(ApiServerUnreachable):
        cluster.listed()
    assert cluster.pods == {}


def test_who_may_make_no_pod_is_told_so() -> None:
    with pytest.raises(Forbidden):
        Cluster(["Running"], refusal=Forbidden("pods is forbidden")).listed()


# the script


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    for name, content in (
        ("cp/a/chk-1/_metadata", "x"),
        ("cp/a/chk-2/_metadata", ""),
        ("cp/a/chk-3/other", "x"),
        ("cp/a b/chk-4/_metadata", "x"),
        ("cp/savepoint-1/_metadata", "x"),
    ):
        file = tmp_path / name
        file.parent.mkdir(parents=True)
        file.write_text(content)
    return tmp_path


def script(*folders: Path) -> subprocess.CompletedProcess[str]:
    shell = shutil.which("sh") or "/bin/sh"
    command = [shell, "-c", SCRIPT, "sh", *map(str, folders)]
    return subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603


def test_only_what_is_complete_is_listed(folder: Path) -> None:
    ran = script(folder / "cp", folder / "none")
    lines = [line.split(" ", 1)[1] for line in ran.stdout.splitlines()]
    assert ran.returncode == 0
    assert sorted(lines) == sorted(
        [
            f"{folder}/cp/a/chk-1/_metadata",
            f"{folder}/cp/a b/chk-4/_metadata",
            f"{folder}/cp/savepoint-1/_metadata",
            f"{folder}/none",
        ]
    )


def test_what_is_no_folder_is_a_failure(folder: Path) -> None:
    assert script(folder / "cp/a/chk-1/_metadata").returncode != 0
