# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The configuration that a JobManager in memory finds in its ConfigMap, in either form."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

import yaml

Object = dict[str, Any]

SAVEPOINT = ("execution.savepoint.path", "execution.state-recovery.path")
SAVEPOINTS_DIR = ("state.savepoints.dir", "execution.checkpointing.savepoint-dir")
CHECKPOINTS_DIR = ("state.checkpoints.dir", "execution.checkpointing.dir")
RETAINED = ("state.checkpoints.num-retained", "execution.checkpointing.num-retained")
RETENTION = "execution.checkpointing.externalized-checkpoint-retention"


@dataclass(frozen=True, slots=True, kw_only=True)
class Configured:
    """One cluster's configuration, as Flink understands it."""

    settings: Mapping[str, str]
    is_nested: bool
    """config.yaml, of Flink 2."""
    image: str

    def first(self, *keys: str, default: str = "") -> str:
        return next((self.settings[key] for key in keys if key in self.settings), default)

    @property
    def job_id(self) -> str:
        return self.first("$internal.pipeline.job-id")

    @property
    def is_ha(self) -> bool:
        return self.first("high-availability.type", "high-availability") == "kubernetes"

    @property
    def takes_checkpoints(self) -> bool:
        return bool(self.first("execution.checkpointing.interval"))

    @property
    def savepoint(self) -> str:
        return self.first(*SAVEPOINT)

    @property
    def savepoints_dir(self) -> str:
        return self.first(*SAVEPOINTS_DIR)

    @property
    def checkpoints_dir(self) -> str:
        return self.first(*CHECKPOINTS_DIR, default="file:///cp")

    @property
    def retained(self) -> int:
        return int(self.first(*RETAINED, default="1"))

    @property
    def parallelism(self) -> int:
        return int(self.first("parallelism.default", default="1"))

    @property
    def result_store(self) -> str:
        return self.first("job-result-store.storage-path")

    def keeps_checkpoints(self, state: str) -> bool:
        """Flink's rule: those of a FINISHED job always go, others by the retention."""
        kept = {"RETAIN_ON_CANCELLATION": ("CANCELED", "FAILED"), "RETAIN_ON_FAILURE": ("FAILED",)}
        return state in kept.get(self.first(RETENTION), ())

    @property
    def taskmanager_cpu(self) -> Object:
        cores = float(self.first("kubernetes.taskmanager.cpu.amount", default="1"))
        factor = float(self.first("kubernetes.taskmanager.cpu.limit-factor", default="1"))
        return {"requests": {"cpu": str(cores)}, "limits": {"cpu": str(cores * factor)}}

    @property
    def graph_prefix(self) -> str:
        return "executionPlan-" if self.is_nested else "jobGraph-"


def configured(config_map: Object, image: str) -> Configured:
    data = config_map["data"]
    if "config.yaml" in data:
        flat = dict(_flat(yaml.safe_load(data["config.yaml"]), ""))
        return Configured(settings=flat, is_nested=True, image=image)
    pairs = (line.partition(": ") for line in data["flink-conf.yaml"].splitlines())
    return Configured(
        settings={key: value for key, _, value in pairs}, is_nested=False, image=image
    )


def _flat(node: Mapping[str, Any], head: str) -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{head}{key}.")
        else:
            yield f"{head}{key}", str(value)
