"""One real play: inside the worker, and as a module over a connection that is not local."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from ..modules.catalogue import ROOT

WAYS = ("src-here", "src-there", "definition-here", "definition-there")
PLAY = """
- hosts: here, there
  gather_facts: false
  tasks:
    - flinkops.flink.manifests: {src: cr.yaml, dest: "src-{{ inventory_hostname }}.yaml"}
    - flinkops.flink.manifests:
        definition: "{{ lookup('file', 'cr.yaml') | from_yaml }}"
        dest: "definition-{{ inventory_hostname }}.yaml"
"""
ELSEWHERE = """
from ansible.plugins.connection.local import Connection as Local
class Connection(Local):
    transport = "elsewhere"
"""


@pytest.fixture(scope="module")
def played(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of a play that rendered a resource with a template in it, on every way."""
    folder = tmp_path_factory.mktemp("play")
    (folder / "connection_plugins").mkdir()
    (folder / "connection_plugins" / "elsewhere.py").write_text(ELSEWHERE)
    resource = yaml.safe_load((ROOT / "tests/golden/native-app-basic/cr.yaml").read_text())
    resource["spec"]["flinkConfiguration"] = {"pipeline.name": _template(folder)}
    (folder / "cr.yaml").write_text(yaml.safe_dump(resource))
    (folder / "play.yml").write_text(PLAY)
    python = f"ansible_python_interpreter={sys.executable}"
    (folder / "hosts").write_text(
        f"here ansible_connection=local {python}\nthere ansible_connection=elsewhere {python}\n"
    )
    _play(folder)
    return folder


def _template(folder: Path) -> str:
    return f"{{{{ lookup('pipe', 'touch {folder}/ran') }}}}"


def _play(folder: Path) -> None:
    settings = {
        "PATH": os.environ["PATH"],  # noqa: TID251
        "HOME": str(folder),
        "LC_ALL": "C.UTF-8",
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".tree"),
    }
    program = [str(Path(sys.executable).with_name("ansible-playbook")), "-i", "hosts", "play.yml"]
    run = subprocess.run(  # noqa: S603
        program, cwd=folder, env=settings, capture_output=True, text=True, timeout=60, check=False
    )
    assert run.returncode == 0, run.stdout + run.stderr


@pytest.mark.parametrize("way", WAYS)
def test_a_template_in_a_resource_stays_text(played: Path, way: str) -> None:
    assert _template(played) in (played / f"{way}.yaml").read_text()


def test_nothing_of_it_was_run(played: Path) -> None:
    assert not (played / "ran").exists()


def test_every_way_makes_the_same_objects(played: Path) -> None:
    assert len({(played / f"{way}.yaml").read_text() for way in WAYS}) == 1
