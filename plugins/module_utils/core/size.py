# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""How big a cluster is: what status tells of CPU, memory and TaskManagers."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field

from .errors import InvalidResource
from .quantity import memory_size
from .wanted import Wanted


@dataclass(frozen=True, slots=True, kw_only=True)
class Size:
    """`info`: clusterInfo's total-cpu (cores) and total-memory (bytes), as texts."""

    taskmanagers: int = 0
    info: Mapping[str, str] = field(default_factory=dict)


def size_of(wanted: Wanted | None) -> Size:
    """What one whole cluster of the resource takes; empty where it can't be worked out."""
    if wanted is None or wanted.deployment is None or wanted.problems:
        return Size()
    conf = wanted.configuration
    slots = int(conf.get("taskmanager.numberOfTaskSlots", "1"))
    taskmanagers = math.ceil(int(conf.get("parallelism.default", "1")) / max(slots, 1))
    return Size(taskmanagers=taskmanagers, info=_info(conf, taskmanagers))


def _info(conf: Mapping[str, str], taskmanagers: int) -> dict[str, str]:
    jobmanagers = int(conf.get("kubernetes.jobmanager.replicas", "1"))
    cpu = jobmanagers * _cpu(conf, "jobmanager") + taskmanagers * _cpu(conf, "taskmanager")
    try:
        memory = jobmanagers * _memory(conf, "jobmanager")
        memory += taskmanagers * _memory(conf, "taskmanager")
    except InvalidResource:
        return {"total-cpu": str(round(cpu, 6))}
    return {"total-cpu": str(round(cpu, 6)), "total-memory": str(memory)}


def _cpu(conf: Mapping[str, str], role: str) -> float:
    return float(
        conf.get(f"kubernetes.{role}.cpu.amount") or conf.get(f"kubernetes.{role}.cpu") or 1.0
    )


def _memory(conf: Mapping[str, str], role: str) -> int:
    key = f"{role}.memory.process.size"
    return memory_size(conf.get(key, ""), path=key)
