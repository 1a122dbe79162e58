"""Which processes are this cluster's: by pid file, by command line, by cgroup; never by a name."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

from .settings import Settings

CGROUPS = Path("/sys/fs/cgroup")
PROC = Path("/proc")
# A shell or an editor may name the folder too: only these programs are ever ended.
OWN_PROGRAMS = frozenset({"containerd", "containerd-shim-runc-v2", "ctr", "kubernetes", "coredns"})
SUPERVISE = "supervise"


def supervisor_pid(settings: Settings) -> int | None:
    """The living supervisor's; a stale pid file, or one that names a stranger, gives none."""
    try:
        pid = int(settings.config("supervisor.pid").read_text())
    except (OSError, ValueError):
        return None
    words = command_line(pid)
    return pid if SUPERVISE in words and settings.state_dir in words else None


def command_line(pid: int) -> list[str]:
    try:
        return (PROC / str(pid) / "cmdline").read_bytes().decode(errors="replace").split("\0")
    except OSError:
        return []


def _program(pid: int) -> str:
    try:
        return (PROC / str(pid) / "exe").readlink().name.removesuffix(" (deleted)")
    except OSError:
        return ""


def daemons(settings: Settings) -> list[int]:
    """The node's own programs and the containers' shims."""
    return [pid for pid in _all_pids() if _is_daemon(pid, settings)]


def _is_daemon(pid: int, settings: Settings) -> bool:
    words = command_line(pid)
    if not any(settings.owns(word) for word in words):
        return False
    return _program(pid) in OWN_PROGRAMS or (SUPERVISE in words and settings.state_dir in words)


def _all_pids() -> list[int]:
    return [int(entry.name) for entry in PROC.iterdir() if entry.name.isdigit()]


def contained(settings: Settings) -> list[int]:
    """Whatever runs in the pods."""
    pids: set[int] = set()
    for root in cgroup_roots(settings):
        for procs in root.rglob("cgroup.procs"):
            with suppress(OSError):
                pids.update(int(line) for line in procs.read_text().split())
    return sorted(pids)


def cgroup_roots(settings: Settings) -> Iterator[Path]:
    name = settings.cgroup.lstrip("/")
    candidates = [CGROUPS / name, *(CGROUPS / entry / name for entry in _hierarchies())]
    return (path for path in candidates if path.is_dir())


def _hierarchies() -> list[str]:
    return [entry.name for entry in CGROUPS.iterdir() if entry.is_dir() and not entry.is_symlink()]


def make_cgroups(settings: Settings) -> None:
    """One tree of its own, so that the pods' processes are known by where they are."""
    name = settings.cgroup.lstrip("/")
    if (CGROUPS / "cgroup.controllers").exists():
        (CGROUPS / name).mkdir(exist_ok=True)
        return
    for hierarchy in _hierarchies():
        path = CGROUPS / hierarchy / name
        path.mkdir(exist_ok=True)
        for inherited in ("cpuset.cpus", "cpuset.mems"):
            if (path / inherited).exists():
                (path / inherited).write_text((path.parent / inherited).read_text())


def remove_cgroups(settings: Settings) -> None:
    for root in cgroup_roots(settings):
        folders = [path for path in root.rglob("*") if path.is_dir()]
        for folder in sorted(folders, key=lambda path: len(path.parts), reverse=True):
            with suppress(OSError):
                folder.rmdir()
        with suppress(OSError):
            root.rmdir()


def end(find: Callable[[], list[int]], *, gently_for: float = 0.0, at_most: float = 20.0) -> None:
    """Ends all that find() gives, and those that come up meanwhile."""
    begin = time.monotonic()
    while pids := find():
        waited = time.monotonic() - begin
        if waited > at_most:
            raise TimeoutError(f"processes {pids} do not end")
        for pid in pids:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGTERM if waited < gently_for else signal.SIGKILL)
        time.sleep(0.1)
