# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The cluster as Flink shows it: version, slots, TaskManagers, settings, metrics."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from .versions import FlinkVersion, parse_version
from .wire import Wire, WrongShape


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterInfo:
    """`jars_are_taken`: web.submit.enable."""

    version: FlinkVersion
    version_text: str
    revision: str
    jars_are_taken: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterOverview:
    task_managers: int
    slots_total: int
    slots_free: int
    running: int
    finished: int
    cancelled: int
    failed: int


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskManager:
    task_manager_id: str
    slots: int
    free_slots: int
    cpu: float
    total_process_memory: int


def read_info(wire: Wire) -> ClusterInfo:
    text = wire.text("flink-version")
    version = parse_version(text)
    if version is None:
        raise WrongShape(f"{wire.where}.flink-version names no version: {text[:40]!r}")
    features = wire.get("features")
    return ClusterInfo(
        version=version,
        version_text=text,
        revision=wire.text_or("flink-revision"),
        jars_are_taken=features is not None and features.flag_or("web-submit"),
    )


def read_overview(wire: Wire) -> ClusterOverview:
    return ClusterOverview(
        task_managers=wire.whole("taskmanagers"),
        slots_total=wire.whole("slots-total"),
        slots_free=wire.whole("slots-available"),
        running=wire.whole("jobs-running"),
        finished=wire.whole("jobs-finished"),
        cancelled=wire.whole("jobs-cancelled"),
        failed=wire.whole("jobs-failed"),
    )


def read_task_managers(wire: Wire) -> tuple[TaskManager, ...]:
    return tuple(_task_manager(entry) for entry in wire["taskmanagers"].items())


def _task_manager(wire: Wire) -> TaskManager:
    memory = wire.get("memoryConfiguration")
    resource = wire.get("totalResource")
    return TaskManager(
        task_manager_id=wire.text("id"),
        slots=wire.whole("slotsNumber"),
        free_slots=wire.whole("freeSlots"),
        cpu=0.0 if resource is None else resource.number_or("cpuCores"),
        total_process_memory=0 if memory is None else memory.whole_or("totalProcessMemory"),
    )


def read_settings(wire: Wire) -> Mapping[str, str]:
    """Flink itself masks what it takes for secret."""
    return {entry.text("key"): entry.text_or("value") for entry in wire.items()}


def read_metrics(wire: Wire) -> Mapping[str, str]:
    """Leave out metrics that the job does not have."""
    found = ((entry.text("id"), entry.get("value")) for entry in wire.items())
    return {key: value.as_text() for key, value in found if value is not None}


def read_metric_names(wire: Wire) -> frozenset[str]:
    return frozenset(entry.text("id") for entry in wire.items())
