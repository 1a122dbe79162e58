"""The end of a cluster, whole or half-started: processes, mounts, links, rules, cgroups, files."""

from __future__ import annotations

import shutil
from contextlib import suppress
from pathlib import Path

from .commands import run
from .network import is_ours, remove_network
from .processes import contained, daemons, end, remove_cgroups, supervisor_pid
from .settings import MARKER, Settings

CONTAINER_LOGS = Path("/var/log/containers")
CNI_RESULTS = Path("/var/lib/cni/results")
# The kubelet serves device plugins there, whatever its root folder is.
PLUGIN_SOCKET = Path("/var/lib/kubelet/device-plugins/kubelet.sock")
SHIM_SOCKETS = Path("/run/containerd/s")
# They go with what was in them, unless somebody else has something there.
SHARED_FOLDERS = (
    CONTAINER_LOGS, CNI_RESULTS, CNI_RESULTS.parent, PLUGIN_SOCKET.parent,
    PLUGIN_SOCKET.parent.parent, SHIM_SOCKETS, SHIM_SOCKETS.parent,
)  # fmt: skip


class NotOurs(Exception):
    """The folder to remove was not made by this program."""


def remove_cluster(settings: Settings) -> None:
    _end_processes(settings)
    _unmount(settings.state)
    if is_ours(settings):  # then the kubelet was this cluster's as well
        PLUGIN_SOCKET.unlink(missing_ok=True)
        remove_network(settings)
    remove_cgroups(settings)
    _remove_files(settings)


def _end_processes(settings: Settings) -> None:
    """The supervisor first, lest it start again what is ended; the pods before their shims."""
    pid = supervisor_pid(settings)
    end(lambda: [pid] if pid and supervisor_pid(settings) == pid else [], gently_for=15.0)
    end(lambda: contained(settings))
    end(lambda: daemons(settings), gently_for=3.0)
    end(lambda: contained(settings))


def mounts_under(folder: Path) -> list[str]:
    lines = Path("/proc/self/mounts").read_text().splitlines()
    points = [line.split()[1].replace("\\040", " ") for line in lines]
    return [point for point in points if Path(point).is_relative_to(folder)]


def _unmount(folder: Path) -> None:
    for point in reversed(mounts_under(folder)):
        run("umount", "--lazy", point, allow_failure=True)


def _remove_files(settings: Settings) -> None:
    for link in CONTAINER_LOGS.glob("*.log"):
        if link.is_symlink() and link.readlink().is_relative_to(settings.state):
            link.unlink()
    for result in CNI_RESULTS.glob("*"):
        if settings.owns(result.read_text()):
            result.unlink()
    Path(settings.kubeconfig).unlink(missing_ok=True)
    _remove_tree(settings.state)
    _remove_tree(Path(settings.flink_state_dir))
    for folder in (*SHARED_FOLDERS, settings.state.parent):
        with suppress(OSError):
            folder.rmdir()


def _remove_tree(folder: Path) -> None:
    if not folder.exists():
        return
    if not (folder / MARKER).exists():
        raise NotOurs(f"{folder}: holds no {MARKER}, so it was not made by this role; it stays")
    if left := mounts_under(folder):
        raise NotOurs(f"{folder}: still mounted: {', '.join(left)}; nothing was deleted")
    shutil.rmtree(folder)
