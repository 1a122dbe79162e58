# Copyright (c) 2026 flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Watches over one run and leaves nothing of it behind.

Ansible's workers each begin a session of their own, so that a signal to the run's process group
reaches none of them. Whatever loses its parent below a supervisor becomes its child; so all that
came of a run can be found, and ended with it.
"""

from __future__ import annotations

import ctypes
import os
import select
import signal
import socket
import time
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

PR_SET_CHILD_SUBREAPER = 36
LOOKS_EVERY = 1.0
GRACE = 2.0
"""Seconds for a run that is told to end."""
CANCELED = 254


def supervised(run: Callable[[], int], caller: socket.socket) -> int:
    """Fork, run, wait; its exit code. Ends it where the caller hangs up first."""
    ctypes.CDLL(None).prctl(PR_SET_CHILD_SUBREAPER, 1, 0, 0, 0)
    child = os.fork()
    if child == 0:
        os.setsid()
        caller.close()
        os._exit(_code(run))
    watch = os.pidfd_open(child)
    if not _has_ended(watch, caller):
        _terminate(child, watch)
    code = _reaped(child)
    os.close(watch)
    end_descendants()
    return code


def _has_ended(watch: int, caller: socket.socket) -> bool:
    """By itself; False where the caller, or the process that this one is forked from, is gone."""
    parent = os.getppid()
    while os.getppid() == parent:
        ready, _, _ = select.select([watch, caller.fileno()], [], [], LOOKS_EVERY)
        if ready:
            return watch in ready
    return False


def _code(run: Callable[[], int]) -> int:
    try:
        return run()
    except SystemExit as ended:
        return ended.code if isinstance(ended.code, int) else 1
    except BaseException:  # noqa: BLE001 - whatever it was, this process ends here
        return 1


def _terminate(child: int, watch: int) -> None:
    os.kill(child, signal.SIGTERM)  # Ansible's own handler ends its workers' groups
    ready, _, _ = select.select([watch], [], [], GRACE)
    if not ready:
        os.kill(child, signal.SIGKILL)


def _reaped(child: int) -> int:
    _pid, status = os.waitpid(child, 0)
    code = os.waitstatus_to_exitcode(status)
    return code if code >= 0 else CANCELED


def end_descendants() -> None:
    """Kill what is left below this process, until there is nothing left."""
    by = time.monotonic() + GRACE
    while (left := descendants(os.getpid())) and time.monotonic() < by:
        for pid in left:
            _kill(pid)
        _reap_all()
        time.sleep(0.01)


def _kill(pid: int) -> None:
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)


def _reap_all() -> None:
    with suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def descendants(root: int) -> set[int]:
    """By the parents that /proc names."""
    parents = {int(path.name): _parent(path) for path in Path("/proc").glob("[0-9]*")}
    found: set[int] = set()
    level = {root}
    while level:
        level = {pid for pid, parent in parents.items() if parent in level} - found
        found |= level
    return found


def _parent(process: Path) -> int:
    try:
        stat = (process / "stat").read_text()
    except OSError:
        return 0
    return int(stat.rpartition(")")[2].split()[1])
