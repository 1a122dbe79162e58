# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""FlinkDeployments as a user writes them, small enough for a busy machine."""

from __future__ import annotations

from typing import Any

IMAGE = "local/flink:1.20"
NEWEST_IMAGE = "local/flink:2.x"
NEWEST_VERSION = "v2_3"
EXAMPLE = "local:///opt/flink/examples/streaming/TopSpeedWindowing.jar"
FACTORS = {
    "kubernetes.jobmanager.cpu.limit-factor": "10",
    "kubernetes.taskmanager.cpu.limit-factor": "10",
}
"""Little is asked for, so that two clusters fit; all there is may be used, so that each is fast."""
SMALL = {
    "deploy_image": IMAGE,
    "deploy_image_pull_policy": "IfNotPresent",
    "deploy_jobmanager_cpu": 0.2,
    "deploy_jobmanager_memory": "1024m",
    "deploy_taskmanager_cpu": 0.2,
    "deploy_taskmanager_memory": "1024m",
}
"""The role's plain variables for the same."""


def custom_resource(name: str, namespace: str, **spec: Any) -> dict[str, Any]:
    """An example job; `spec` replaces whole fields, None takes one out."""
    given = {
        "image": IMAGE,
        "imagePullPolicy": "IfNotPresent",
        "flinkVersion": "v1_20",
        "serviceAccount": "flink",
        "flinkConfiguration": {"execution.checkpointing.interval": "2 s", **FACTORS},
        "jobManager": {"resource": {"cpu": 0.2, "memory": "1024m"}},
        "taskManager": {"resource": {"cpu": 0.2, "memory": "1024m"}},
        "job": {"jarURI": EXAMPLE, "parallelism": 1, "upgradeMode": "stateless"},
        **spec,
    }
    return {
        "apiVersion": "flink.apache.org/v1beta1",
        "kind": "FlinkDeployment",
        "metadata": {"name": name, "namespace": namespace},
        "spec": {key: value for key, value in given.items() if value is not None},
    }
