# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What all objects of one cluster share: names, labels, owners, configuration."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .. import options
from ..spec import API_VERSION, FlinkVersion, Job

_JOB_MANAGER_LABELS = options.Option(key="kubernetes.jobmanager.labels")
_TASK_MANAGER_LABELS = options.Option(key="kubernetes.taskmanager.labels")
_JOB_MANAGER_ANNOTATIONS = options.Option(key="kubernetes.jobmanager.annotations")
_TASK_MANAGER_ANNOTATIONS = options.Option(key="kubernetes.taskmanager.annotations")


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    name: str
    namespace: str
    owner_uid: str
    version: FlinkVersion
    standalone: bool
    job: Job | None
    conf: Mapping[str, str]
    """Everything that reaches the cluster; the operator's own keys are gone."""
    log_files: Mapping[str, str]

    @property
    def labels(self) -> dict[str, str]:
        mode = "standalone" if self.standalone else "native"
        return {"app": self.name, "type": f"flink-{mode}-kubernetes"}

    @property
    def selector(self) -> dict[str, str]:
        return {**self.labels, "component": "jobmanager"}

    @property
    def jobmanager_labels(self) -> dict[str, str]:
        """Reserved labels win in native mode, the user's in standalone mode: both as ever."""
        own = options.pairs(self.conf, _JOB_MANAGER_LABELS)
        return {**self.selector, **own} if self.standalone else {**own, **self.selector}

    @property
    def jobmanager_annotations(self) -> dict[str, str]:
        return options.pairs(self.conf, _JOB_MANAGER_ANNOTATIONS)

    @property
    def taskmanager_selector(self) -> dict[str, str]:
        return {**self.labels, "component": "taskmanager"}

    @property
    def taskmanager_labels(self) -> dict[str, str]:
        return {**options.pairs(self.conf, _TASK_MANAGER_LABELS), **self.taskmanager_selector}

    @property
    def taskmanager_annotations(self) -> dict[str, str]:
        return options.pairs(self.conf, _TASK_MANAGER_ANNOTATIONS)

    def metadata(self, name: str, **more: Any) -> dict[str, Any]:
        """Name and namespace, and of the rest what isn't empty."""
        given = {key: value for key, value in more.items() if value}
        return {"name": name, "namespace": self.namespace, **given}

    def owned_by_resource(self, *, controller: bool) -> list[dict[str, Any]]:
        return [
            {
                "apiVersion": API_VERSION,
                "kind": "FlinkDeployment",
                "name": self.name,
                "uid": self.owner_uid,
                "controller": controller,
                "blockOwnerDeletion": True,
            }
        ]

    def owned_by_deployment(self, uid: str) -> list[dict[str, Any]]:
        return [
            {
                "apiVersion": "apps/v1",
                "kind": "Deployment",
                "name": self.name,
                "uid": uid,
                "controller": True,
                "blockOwnerDeletion": True,
            }
        ]
