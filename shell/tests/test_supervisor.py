# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""Real processes: whatever a run leaves, and however it ends, nothing of it is left."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from flink_operator.warm.supervisor import CANCELED, descendants

SUPERVISES = """
import socket, sys
from flink_operator.warm.supervisor import supervised
sys.path.insert(0, {folder!r})
import what
caller = socket.socket(fileno={fd})
code = supervised(what.run, caller)
caller.sendall(str(code).encode())
"""
WORKERS = """
import os, signal, subprocess, sys, time
def run():
    {before}
    for _ in range(3):
        worker = subprocess.Popen([sys.executable, "-c", "import time; time.sleep(600)"],
                                  start_new_session=True)
        print(worker.pid, flush=True)
    open({ready!r}, "w").close()
    {after}
"""


def until(found: Callable[[], bool], what: str, within: float = 20.0) -> None:
    by = time.monotonic() + within
    while not found():
        assert time.monotonic() < by, what
        time.sleep(0.01)


@contextmanager
def supervise(folder: Path, body: str) -> Iterator[tuple[subprocess.Popen[str], socket.socket]]:
    (folder / "what.py").write_text(body)
    mine, theirs = socket.socketpair()
    script = SUPERVISES.format(folder=str(folder), fd=theirs.fileno())
    source = Path(__file__).parents[1] / "src"
    process = subprocess.Popen(  # noqa: S603
        [sys.executable, "-c", script],
        pass_fds=[theirs.fileno()],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
        env={"PYTHONPATH": str(source), "PATH": "/usr/bin:/bin"},
    )
    theirs.close()
    with mine, process:
        yield process, mine


def is_there(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def workers(process: subprocess.Popen[str]) -> list[int]:
    assert process.stdout is not None
    return [int(line) for line in process.stdout.read().split()]


@pytest.mark.parametrize(("ends", "code"), [("return 0", 0), ("return 3", 3), ("1 / 0", 1)])
def test_workers_that_outlive_their_run_are_ended_with_it(
    tmp_path: Path, ends: str, code: int
) -> None:
    body = WORKERS.format(before="pass", ready=str(tmp_path / "ready"), after=ends)
    with supervise(tmp_path, body) as (process, caller):
        left = workers(process)
        assert process.wait(timeout=30) == 0
        assert int(caller.recv(16)) == code
    assert len(left) == 3
    assert not [pid for pid in left if is_there(pid)]


@pytest.mark.parametrize(
    "before",
    ["pass", "signal.signal(signal.SIGTERM, signal.SIG_IGN)"],
    ids=["heeds", "ignores"],
)
def test_a_caller_that_hangs_up_ends_the_run_and_all_of_it(tmp_path: Path, before: str) -> None:
    ready = tmp_path / "ready"
    body = WORKERS.format(before=before, ready=str(ready), after="time.sleep(600)")
    with supervise(tmp_path, body) as (process, caller):
        until(ready.exists, "the run began")
        below = descendants(process.pid)
        assert len(below) == 4
        caller.close()
        assert process.wait(timeout=30) != 0, "nobody was left to be told"
    assert not [pid for pid in below if is_there(pid)]


def test_a_run_that_is_killed_is_told_as_canceled(tmp_path: Path) -> None:
    body = f"import os\ndef run():\n    os.kill(os.getpid(), {int(signal.SIGKILL)})\n"
    with supervise(tmp_path, body) as (process, caller):
        assert process.wait(timeout=30) == 0
        assert int(caller.recv(16)) == CANCELED
