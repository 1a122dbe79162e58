# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""Real runs of Ansible, warm and cold: each host's outcome, and nothing left behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from queue import SimpleQueue

from ansible_collections.flinkops.flink.plugins.module_utils.core.batch import Entry
from flink_operator.metrics import Metrics
from flink_operator.runs import Outcome, Runs, Way
from flink_operator.warm.supervisor import descendants
from flink_operator.warming import Warm

from .conftest import environment

WITHIN = 60
PLAYBOOK = """
- hosts: all
  gather_facts: false
  strategy: ansible.builtin.host_pinned
  tasks:
    - ansible.builtin.fail: {msg: "{{ flink_name }} as asked"}
      when: flink_move == 'fail'
    - ansible.builtin.command: sleep 600
      when: flink_move == 'hang'
    - ansible.builtin.command: kill -9 {{ lookup('file', '/proc/self/stat') | split(' ') | first }}
      when: flink_move == 'die'
    - ansible.builtin.copy:
        dest: "FOLDER/{{ flink_name }}"
        content: "{{ flink_defaults }}"
"""


class Player:
    """Entries in, outcomes out."""

    def __init__(self, folder: Path, warm: Warm, timeout: int = 40) -> None:
        self.folder = folder
        self.made = folder / "made"
        self.made.mkdir()
        playbook = folder / "moves.yml"
        playbook.write_text(PLAYBOOK.replace("FOLDER", str(self.made)))
        self.outcomes: SimpleQueue[Outcome] = SimpleQueue()
        way = Way(
            folder=folder / "runs",
            warm=warm,
            playbook=str(playbook),
            ends_early=False,
            timeout=timeout,
        )
        self.metrics = Metrics()
        self.runs = Runs(way, self.outcomes.put, self.metrics, cap=1)

    def play(self, **moves: str) -> dict[str, str]:
        """Why each was not made; empty where it was. All go into one run."""
        for name, move in moves.items():
            self.runs.submit(entry(name, move))
        self.runs.start()
        self.runs.close()
        found = [self.outcomes.get(timeout=WITHIN) for _ in moves]
        self.runs.join(WITHIN)
        return {outcome.entry.name: outcome.why for outcome in found}

    def count(self, name: str, **labels: str) -> float | None:
        return self.metrics.registry.get_sample_value(name, labels)


def entry(name: str, move: str = "go", **defaults: str) -> Entry:
    kind = "FlinkDeployment"
    return Entry(name=name, namespace="ns", kind=kind, goal="deploy", move=move, defaults=defaults)


def test_what_waits_goes_into_one_run(tmp_path: Path, warm: Warm) -> None:
    player = Player(tmp_path, warm)
    assert player.play(a="go", b="go", c="go") == {"a": "", "b": "", "c": ""}
    assert sorted(path.name for path in player.made.iterdir()) == ["a", "b", "c"]
    assert player.count("flink_operator_runs_total", status="successful") == 1
    assert player.count("flink_operator_run_hosts_total") == 3
    assert list((tmp_path / "runs").iterdir()) == [], "nothing is kept of a run"


def test_of_many_the_one_that_fails_is_told_why_and_the_others_are_made(
    tmp_path: Path, warm: Warm
) -> None:
    player = Player(tmp_path, warm)
    assert player.play(a="go", b="fail", c="go") == {"a": "", "b": "b as asked", "c": ""}


def test_what_looks_like_a_template_in_a_batch_is_none(tmp_path: Path, warm: Warm) -> None:
    player = Player(tmp_path, warm)
    text = f"{{{{ lookup('pipe', 'touch {tmp_path}/ran') }}}}"
    player.runs.submit(entry("a", **{"pipeline.name": text}))
    player.runs.start()
    player.runs.close()
    assert player.outcomes.get(timeout=WITHIN).why == ""
    assert not (tmp_path / "ran").exists()
    assert text in (player.made / "a").read_text().replace('\\"', '"')


def test_a_run_that_hangs_is_ended_and_nothing_of_it_is_left(tmp_path: Path, warm: Warm) -> None:
    before = descendants(os.getpid())
    player = Player(tmp_path, warm, timeout=6)
    found = player.play(a="hang", b="go")
    assert "timeout" in found["a"]
    ours = descendants(os.getpid()) | (descendants(warm.process_id) if warm.process_id else set())
    asleep = [pid for pid in ours - before if "sleep" in _command(pid)]
    assert asleep == []


def _command(pid: int) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_text()
    except OSError:
        return ""


def test_a_warm_process_that_died_is_started_anew(tmp_path: Path, warm: Warm) -> None:
    if warm.is_cold:
        assert warm.process_id is None
        return
    warm.environment()
    first = warm.process_id
    assert first is not None
    os.kill(first, signal.SIGKILL)
    for turn in ("one", "two"):
        folder = tmp_path / turn
        folder.mkdir()
        found = Player(folder, warm).play(a="go")
        if found["a"] == "":
            break
    assert found == {"a": ""}
    assert warm.process_id not in (None, first)


def test_a_warm_process_that_never_comes_up_leaves_runs_cold(tmp_path: Path) -> None:
    broken = {"PATH": os.environ["PATH"]}  # noqa: TID251 - without the way to its own modules
    warm = Warm(tmp_path / "warm", broken)
    found = warm.environment()
    assert warm.is_cold
    assert "cold" in found["PATH"].partition(":")[0]
    assert Path(found["FLINK_OPERATOR_ANSIBLE"]).is_file()


OPERATOR = """
import os, sys, time
from pathlib import Path
from flink_operator.warming import Warm
warm = Warm(Path(sys.argv[1]), dict(os.environ))
warm.environment()
print(warm.process_id, flush=True)
time.sleep(600)
"""


def test_an_operator_that_is_killed_leaves_no_warm_process(tmp_path: Path) -> None:
    with subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", OPERATOR, str(tmp_path / "warm")],
        env=environment(),
        stdout=subprocess.PIPE,
        text=True,
    ) as operator:
        assert operator.stdout is not None
        warm = int(operator.stdout.readline())
        operator.kill()
        operator.wait(timeout=10)
    by = time.monotonic() + 10
    while Path(f"/proc/{warm}").exists():
        assert time.monotonic() < by, "the warm process outlives its operator"
        time.sleep(0.01)
