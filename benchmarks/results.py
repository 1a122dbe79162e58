"""Measure all figures and write RESULTS.md, with the command that makes them."""

from __future__ import annotations

import os
import platform
import re
import subprocess
import sys
import time
from datetime import UTC, datetime
from pathlib import Path

import core
import counted
import interruption
import own_time
import playbooks

ROOT = Path(__file__).parent.parent
RESULTS = ROOT / "benchmarks/RESULTS.md"
BEGIN, END = "<!-- begin: make bench -->", "<!-- end: make bench -->"


def unit_tests() -> tuple[str, str, str]:
    began = time.monotonic()
    done = subprocess.run(
        ["pytest", "tests/unit", "-q"], cwd=ROOT, check=True, capture_output=True, text=True
    )
    passed = re.search(r"(\d+) passed", done.stdout)
    count = passed[1] if passed else "?"
    return (f"unit tests, {count} of them, in all", f"{time.monotonic() - began:.1f} s", "10 s")


def warm_cluster() -> list[tuple[str, str, str]]:
    """Only where the cluster is the embedded one: it is taken down and made again."""
    if "BENCH_CLUSTER" not in os.environ:
        return []
    _play("absent")
    return [("cluster ready from a warm cache", f"{_play('present'):.1f} s", "30 s")]


def _play(state: str) -> float:
    began = time.monotonic()
    command = ["ansible-playbook", "playbooks/local_cluster.yml"]
    command += ["-e", f"local_cluster_state={state}"]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    return time.monotonic() - began


def table(rows: list[tuple[str, str, str]]) -> str:
    lines = ["| figure | measured | goal |", "|---|---|---|"]
    return "\n".join([*lines, *(f"| {' | '.join(row)} |" for row in rows)])


def main() -> None:
    rows = [*core.rows(), unit_tests(), *warm_cluster(), *playbooks.rows()]
    rows += [*own_time.rows(), *interruption.rows()]
    counted.uninstalled()
    said = (
        f"Measured {datetime.now(UTC):%Y-%m-%d} on {os.cpu_count()} cores, {platform.machine()}, "
        f"Python {platform.python_version()}, by `BENCH_CLUSTER=1 make bench`.\n\n"
    )
    text = RESULTS.read_text("utf-8") if RESULTS.exists() else f"# Figures\n\n{BEGIN}\n{END}\n"
    head, rest = text.split(BEGIN, 1)
    tail = rest.split(END, 1)[1]
    RESULTS.write_text(f"{head}{BEGIN}\n{said}{table(rows)}\n{END}{tail}", "utf-8")
    sys.stdout.write(RESULTS.read_text("utf-8"))


if __name__ == "__main__":
    main()
