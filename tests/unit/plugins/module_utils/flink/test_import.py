"""Ansible imports every module_utils file where no third-party library is installed."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

FLINK = Path(__file__).parents[5] / "plugins" / "module_utils" / "flink"
TREE = Path(__file__).parents[5] / ".tree"
NAME = "ansible_collections.flinkops.flink.plugins.module_utils.flink"
PROGRAM = """
import importlib, sys
class Without:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in {"requests", "urllib3", "certifi"}:
            raise ImportError(f"No module named {name!r}")
sys.meta_path.insert(0, Without())
found = {name: importlib.import_module(f"%s.{name}") for name in sys.argv[1:]}
try:
    found["over_requests"].RequestsTransport(found["access"].Access(url="http://flink"))
except found["errors"].LibraryMissing as error:
    print(error)
"""


def test_without_requests_all_is_imported_and_the_first_use_says_what_is_missing() -> None:
    names = sorted(file.stem for file in FLINK.glob("*.py"))
    done = subprocess.run(  # noqa: S603
        [sys.executable, "-c", PROGRAM % NAME, *names],
        env={"PYTHONPATH": str(TREE)},
        capture_output=True,
        text=True,
        check=False,
        timeout=30,
    )
    assert done.stderr == ""
    assert "the Python library requests is missing" in done.stdout
    assert "pip install requests" in done.stdout
