# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""FlinkDeployments as a user writes them, for a cluster in memory."""

from __future__ import annotations

from typing import Any


def definition(name: str = "app", **job: Any) -> dict[str, Any]:
    """A resource that breaks no rule; `job`: fields of spec.job."""
    return {
        "apiVersion": "flink.apache.org/v1beta1",
        "kind": "FlinkDeployment",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "image": "example/flink:1",
            "flinkVersion": "v1_20",
            "serviceAccount": "flink",
            "flinkConfiguration": {"taskmanager.numberOfTaskSlots": "2"},
            "jobManager": {"resource": {"cpu": 0.5, "memory": "1024m"}},
            "taskManager": {"resource": {"cpu": 1, "memory": "1024m"}},
            "job": {"jarURI": "local:///app.jar", "parallelism": 2, **job},
        },
    }


def stateful() -> dict[str, Any]:
    """With high availability, checkpoints and a directory for savepoints."""
    cr = definition(upgradeMode="savepoint")
    cr["spec"]["flinkConfiguration"] |= {
        "high-availability.type": "kubernetes",
        "high-availability.storageDir": "file:///ha",
        "state.checkpoints.dir": "file:///cp",
        "state.savepoints.dir": "file:///sp",
        "execution.checkpointing.interval": "5 s",
    }
    return cr
