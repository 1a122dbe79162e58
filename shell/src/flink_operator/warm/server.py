# Copyright (c) 2026 flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The warm process: `python -m flink_operator.warm.server SOCKET`.

It imports Ansible, the Kubernetes client and the collection's plugins once, and forks a supervisor
for each call that a launcher hands over. It sends no request and starts no thread itself: what a
fork takes along must be whole. ANSIBLE_* settings are read while Ansible is imported, so they are
those of this process; what a run brings along of them changes nothing.
"""

from __future__ import annotations

import array
import importlib
import importlib.util
import json
import os
import select
import signal
import socket
import struct
import sys
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .supervisor import supervised

COLLECTION = "flinkops.flink"
ACTIONS = ("turn", "wait", "cluster", "job", "custom_resource")
BEFOREHAND = (
    "ansible.cli.playbook",
    "ansible.executor.playbook_executor",
    "ansible.executor.task_queue_manager",
    "ansible.plugins.action.include_role",
    "ansible.plugins.action.validate_argument_spec",
    "ansible.plugins.connection.local",
    "ansible.plugins.filter.core",
    "ansible.plugins.strategy.free",
    "ansible.plugins.strategy.host_pinned",
    "ansible.plugins.strategy.linear",
    "ansible.plugins.test.core",
    "kubernetes.client",
    "kubernetes.config",
    "kubernetes.dynamic",
    "requests",
)
LONGEST_CALL = 1 << 20
CALLS = 64


def main(place: Path) -> None:
    """Serve until the operator is gone: its end of our stdin is closed then, however it ended."""
    with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as server:
        warm_up()
        unready = place.with_suffix(".unready")
        unready.unlink(missing_ok=True)
        server.bind(str(unready))
        unready.chmod(0o600)
        server.listen(CALLS)
        unready.rename(place)  # who sees it can call
        signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # supervisors are nobody's to wait for
        while True:
            ready, _, _ = select.select([server.fileno(), 0], [], [])
            if 0 in ready:
                return
            caller, _ = server.accept()
            with caller:
                if os.fork() == 0:
                    server.close()
                    os._exit(_served(caller))


def warm_up() -> None:
    """All that a run would import; a template is rendered, as that imports more."""
    for module in BEFOREHAND:
        if importlib.util.find_spec(module):
            importlib.import_module(module)
    loader = importlib.import_module("ansible.plugins.loader")
    loader.init_plugin_loader()
    for name in ACTIONS:
        loader.action_loader.get(f"{COLLECTION}.{name}", class_only=True)
    loader.inventory_loader.get(f"{COLLECTION}.batch", class_only=True)
    templating = importlib.import_module("ansible.template")
    templating.Templar(loader=None, variables={"a": 1}).template("{{ a | default(2) }}")


def _served(caller: socket.socket) -> int:
    """In the supervisor."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    call, stdio = _received(caller)
    code = supervised(lambda: _played(call, stdio), caller)
    try:
        caller.sendall(str(code).encode())
    except OSError:
        return 1  # nobody wants to know any more
    return 0


def _received(caller: socket.socket) -> tuple[dict[str, Any], list[int]]:
    fds = array.array("i")
    head, ancillary, _flags, _address = caller.recvmsg(4, socket.CMSG_LEN(3 * fds.itemsize))
    for _level, _kind, data in ancillary:
        fds.frombytes(data[: len(data) - len(data) % fds.itemsize])
    (left,) = struct.unpack("!I", head)
    if left > LONGEST_CALL:
        raise ValueError(f"a call of {left} bytes")
    message = b""
    while len(message) < left:
        part = caller.recv(left - len(message))
        if not part:
            raise ValueError("the caller hung up in the middle of its call")
        message += part
    return json.loads(message), list(fds)


def _played(call: dict[str, Any], stdio: list[int]) -> int:
    """In the run's own process: with the caller's streams, folder and environment."""
    for number, fd in enumerate(stdio):
        os.dup2(fd, number)
        os.close(fd)
    os.environ.clear()  # noqa: TID251 - the run's, not ours
    os.environ.update(call["env"])  # noqa: TID251
    os.chdir(call["cwd"])
    sys.stdin, sys.stdout, sys.stderr = open(0), open(1, "w"), open(2, "w")  # noqa: SIM115
    warnings.filterwarnings("ignore", message="AnsibleCollectionFinder")
    cli: Callable[[list[str]], None] = importlib.import_module(
        "ansible.cli.playbook"
    ).PlaybookCLI.cli_executor
    try:
        cli(["ansible-playbook", *call["argv"]])
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
    return 0


if __name__ == "__main__":
    main(Path(sys.argv[1]))
