"""Debian's packages, asked for only where their programs are missing.

A machine may have them from elsewhere, and Debian's containerd would drive that out.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterable
from pathlib import Path

SEARCH = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
CLUSTER = (
    ("containerd", "containerd"),
    ("ctr", "containerd"),
    ("runc", "runc"),
    ("/usr/lib/cni/bridge", "containernetworking-plugins"),
    ("/usr/lib/cni/host-local", "containernetworking-plugins"),
    ("iptables-save", "iptables"),
    ("ip", "iproute2"),
    ("openssl", "openssl"),
    ("umount", "mount"),
)


def missing(wanted: Iterable[tuple[str, str]]) -> list[str]:
    return sorted({package for program, package in wanted if not is_there(program)})


def is_there(program: str) -> bool:
    if program.startswith("/"):
        return Path(program).exists()
    return shutil.which(program, path=SEARCH) is not None
