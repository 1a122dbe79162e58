# Copyright (c) 2026 flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The fallback without a warm process: starts the real ansible-playbook, under a supervisor.

Stands in PATH as `ansible-playbook`. The supervisor has a session of its own, so that it outlives
this process, sees that it is gone, and ends what the run has left.
"""

from __future__ import annotations

import os
import socket
import sys

from flink_operator.warm.supervisor import supervised

REAL = "FLINK_OPERATOR_ANSIBLE"
LOST = 250


def main() -> int:
    real = os.environ[REAL]  # noqa: TID251 - a process of its own
    mine, theirs = socket.socketpair()
    if os.fork() == 0:
        os.setsid()
        mine.close()
        theirs.sendall(str(supervised(lambda: _become(real), theirs)).encode())
        os._exit(0)
    theirs.close()
    answer = mine.recv(16)
    return int(answer) if answer else LOST


def _become(real: str) -> int:
    os.execv(real, [real, *sys.argv[1:]])  # noqa: S606 - its own arguments


if __name__ == "__main__":
    sys.exit(main())
