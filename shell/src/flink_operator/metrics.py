# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""What Prometheus is told: the contract's families, under names after Prometheus' conventions."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    PlatformCollector,
    ProcessCollector,
    generate_latest,
)
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

PREFIX = "flink_operator"
STATES = (
    "CREATED",
    "SUSPENDED",
    "UPGRADING",
    "DEPLOYED",
    "STABLE",
    "ROLLING_BACK",
    "ROLLED_BACK",
    "FAILED",
    "DELETING",
    "DELETED",
)
SHORT = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10)
LONG = (0.25, 0.5, 1, 2.5, 5, 10, 20, 30, 60, 120, 300)


class Metrics:
    """One registry for one operator; all of its methods may be called by any thread."""

    def __init__(self) -> None:
        self.registry = CollectorRegistry()
        ProcessCollector(registry=self.registry)
        PlatformCollector(registry=self.registry)
        self.turns = Counter(
            f"{PREFIX}_turns",
            "Turns that were taken, by what came of them.",
            ["verdict"],
            registry=self.registry,
        )
        self.turn_seconds = Histogram(
            f"{PREFIX}_turn_seconds",
            "Time of a turn: look, decide, tell.",
            buckets=SHORT,
            registry=self.registry,
        )
        self.broken = Counter(
            f"{PREFIX}_turns_broken",
            "Turns and moves that ended in an error.",
            registry=self.registry,
        )
        self.moves = Counter(
            f"{PREFIX}_moves",
            "Moves that were made by runs of Ansible.",
            ["move", "outcome"],
            registry=self.registry,
        )
        self.move_seconds = Histogram(
            f"{PREFIX}_move_seconds",
            "Time from a move's decision to its end.",
            ["move"],
            buckets=LONG,
            registry=self.registry,
        )
        self.runs = Counter(
            f"{PREFIX}_runs", "Runs of Ansible.", ["status"], registry=self.registry
        )
        self.run_hosts = Counter(
            f"{PREFIX}_run_hosts", "Applications in runs of Ansible.", registry=self.registry
        )
        self.leads = Gauge(
            f"{PREFIX}_leader", "1 while this replica leads.", registry=self.registry
        )

    def watch(self, applications: Applications) -> None:
        self.registry.register(applications)

    @property
    def text(self) -> bytes:
        return generate_latest(self.registry)


class Applications(Collector):
    """Counted when they are asked for, from what the watches hold."""

    def __init__(self, queue: Any, resources: Any) -> None:
        self._queue, self._resources = queue, resources

    def collect(self) -> Iterable[GaugeMetricFamily]:
        waiting = GaugeMetricFamily(f"{PREFIX}_queue_depth", "Applications whose turn is due.")
        waiting.add_metric([], len(self._queue))
        yield waiting
        states: dict[tuple[str, str], int] = {}
        versions: dict[tuple[str, str], int] = {}
        for item in self._resources():
            namespace = str(item["metadata"].get("namespace") or "")
            state = _state_of(item)
            states[namespace, state] = states.get((namespace, state), 0) + 1
            version = str((item.get("spec") or {}).get("flinkVersion") or "")
            versions[namespace, version] = versions.get((namespace, version), 0) + 1
        yield _counted("deployments", "FlinkDeployments by lifecycle state.", "state", states)
        yield _counted(
            "deployments_by_version", "FlinkDeployments by Flink version.", "version", versions
        )


def _state_of(item: Mapping[str, Any]) -> str:
    state = str((item.get("status") or {}).get("lifecycleState") or "CREATED")
    return state if state in STATES else "UNKNOWN"


def _counted(
    name: str, help_text: str, label: str, counts: Mapping[tuple[str, str], int]
) -> GaugeMetricFamily:
    family = GaugeMetricFamily(f"{PREFIX}_{name}", help_text, labels=["namespace", label])
    for (namespace, value), count in sorted(counts.items()):
        family.add_metric([namespace, value], count)
    return family
