# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The TaskManager's pod as Flink will make it from its template, for a dry run before the start.

In native mode no manifest holds it: a mistake in its template would show only in Flink's log.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .manifests import templates
from .spec import FlinkDeployment

MAIN = "flink-main-container"
PLACEHOLDER_IMAGE = "flink"


def taskmanager_pod(
    deployment: FlinkDeployment, configuration: Mapping[str, str]
) -> dict[str, Any] | None:
    """The pod, or None where no template says anything about it (or a Deployment makes it)."""
    if deployment.spec.is_standalone:
        return None
    _for_jobmanager, template = templates(deployment.spec, configuration)
    if template is None:
        return None
    spec = dict(template.get("spec") or {})
    metadata = {
        **(template.get("metadata") or {}),
        "name": f"{deployment.name}-taskmanager-1-1",
        "namespace": deployment.namespace,
    }
    spec["containers"] = _with_main(spec.get("containers") or (), deployment.spec.image)
    account = deployment.spec.service_account
    if account:
        spec["serviceAccountName"] = account
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "spec": spec}


def _with_main(containers: Any, image: str | None) -> list[dict[str, Any]]:
    others = [dict(found) for found in containers if found.get("name") != MAIN]
    own = next((dict(found) for found in containers if found.get("name") == MAIN), {"name": MAIN})
    own.setdefault("image", image or PLACEHOLDER_IMAGE)
    return [*others, own]
