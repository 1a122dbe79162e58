# Copyright (c) 2026 flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Stands in PATH as `ansible-playbook`: hands the call to the warm process, ends as its run ends.

Started anew for each run, so it imports next to nothing.
"""

import array
import json
import os
import socket
import struct
import sys

LOST = 250
"""The warm process is gone, or the run ended without a word."""


def main() -> int:
    place = os.environ.get("FLINK_OPERATOR_WARM", "")  # noqa: TID251 - a process of its own
    call = json.dumps({"argv": sys.argv[1:], "env": dict(os.environ), "cwd": os.getcwd()})  # noqa: TID251, PTH109
    message = call.encode()
    stdio = array.array("i", [0, 1, 2])
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as warm:
            warm.connect(place)
            head = struct.pack("!I", len(message))
            warm.sendmsg([head], [(socket.SOL_SOCKET, socket.SCM_RIGHTS, stdio)])
            warm.sendall(message)
            answer = warm.recv(16)
    except OSError as broken:
        print(f"the warm process at {place} can't be reached: {broken}", file=sys.stderr)  # noqa: T201
        return LOST
    return int(answer) if answer else LOST


if __name__ == "__main__":
    sys.exit(main())
