"""How much CPU the machine, and the cluster's pods, have used: whether a figure was disturbed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

QUIET = 0.2
"""The share of others above which figures say little."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """CPU seconds since the machine's start."""

    all: float
    busy: float
    pods: float

    @classmethod
    def now(cls) -> Used:
        ticks = [int(text) for text in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        second = os.sysconf("SC_CLK_TCK")
        usage = Path("/sys/fs/cgroup/cpuacct").glob("flinkops-*/kubepods/cpuacct.usage")
        pods = sum(int(file.read_text()) for file in usage) / 1e9
        idle = ticks[3] + ticks[4]
        return cls(all=sum(ticks) / second, busy=(sum(ticks) - idle) / second, pods=pods)

    def others_since(self, before: Used) -> float:
        """The share of the machine that anything but the pods took, our own driver among it."""
        others = (self.busy - before.busy) - (self.pods - before.pods)
        return others / max(self.all - before.all, 1)
