"""Whose cluster it is: one that the tests started is stopped at the end, any other stays."""

from __future__ import annotations

import os
import shutil
import stat
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest

SCRIPT = Path(__file__).parents[3] / "hack/with_cluster.sh"

# Stand-ins: the "cluster" is the file that its kubeconfig is.
PLAYBOOK = """#!/usr/bin/env bash
echo "$*" >>calls
case "$*" in *state=present) touch kubeconfig ;; *state=absent) rm -f kubeconfig ;; esac
"""
PYTHON = """#!/usr/bin/env bash
case "$1" in
  *local_kubeconfig.py) echo "$PWD/kubeconfig" ;;
  *cluster_answers.py) [ -f "$2" ] ;;
esac
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class House:
    root: Path

    @property
    def kubeconfig(self) -> Path:
        return self.root / "kubeconfig"

    @property
    def mark(self) -> Path:
        return self.root / "build/.cluster-of-tests"

    def run(self, command: str, **env: str) -> int:
        path = f"{self.root / 'bin'}:{os.environ['PATH']}"  # noqa: TID251
        script = str(self.root / "hack/with_cluster.sh")
        full = ["bash", script, "bash", "-c", command]
        return subprocess.run(  # noqa: S603
            full, check=False, env={"PATH": path, **env}, capture_output=True
        ).returncode

    def calls(self) -> list[str]:
        """Return the playbooks that ran, by name and state."""
        lines = (self.root / "calls").read_text().splitlines()
        words = [line.removeprefix("playbooks/").replace(".yml", "") for line in lines]
        return [w.replace(" -e local_cluster_state=", " ") for w in words]


@pytest.fixture
def house(tmp_path: Path) -> House:
    (tmp_path / "hack").mkdir()
    (tmp_path / "bin").mkdir()
    shutil.copy(SCRIPT, tmp_path / "hack")
    for name, text in {"ansible-playbook": PLAYBOOK, "python": PYTHON}.items():
        stub = tmp_path / "bin" / name
        stub.write_text(text)
        stub.chmod(stub.stat().st_mode | stat.S_IXUSR)
    (tmp_path / "calls").touch()
    return House(root=tmp_path)


def test_a_cluster_that_had_to_be_started_is_stopped(house: House) -> None:
    assert house.run('[ "$KUBECONFIG" = "$PWD/kubeconfig" ]') == 0
    assert house.calls() == ["local_cluster present", "local_images", "local_cluster absent"]
    assert not house.mark.exists()


def test_it_is_stopped_also_when_the_tests_fail_and_their_status_is_kept(house: House) -> None:
    assert house.run("exit 3") == 3
    assert house.calls()[-1] == "local_cluster absent"


def test_a_cluster_that_was_there_stays(house: House) -> None:
    house.kubeconfig.touch()
    assert house.run("true") == 0
    assert house.calls() == ["local_images"]


def test_a_cluster_left_over_by_a_killed_run_is_stopped(house: House) -> None:
    house.kubeconfig.touch()
    house.mark.parent.mkdir()
    house.mark.touch()
    assert house.run("true") == 0
    assert house.calls() == ["local_images", "local_cluster absent"]


def test_keep_leaves_it_for_the_next_run(house: House) -> None:
    assert house.run("true", KEEP="1") == 0
    assert house.kubeconfig.exists()
    assert house.run("true") == 0
    assert not house.kubeconfig.exists()


def test_a_cluster_that_is_named_is_used_as_it_is(house: House) -> None:
    named = house.root / "named"
    named.touch()
    used = '[ "$KUBECONFIG" = "$FLINKOPS_TEST_KUBECONFIG" ]'
    assert house.run(used, FLINKOPS_TEST_KUBECONFIG=str(named)) == 0
    assert house.calls() == []


def test_a_named_cluster_that_does_not_answer_is_an_error_and_nothing_is_started(
    house: House,
) -> None:
    assert house.run("true", FLINKOPS_TEST_KUBECONFIG="/nowhere") == 1
    assert house.calls() == []
