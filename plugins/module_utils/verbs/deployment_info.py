# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""deployment_info: custom resources and what became of them, a row each. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.table import table
from ..kube.kinds import FLINK_DEPLOYMENT
from .options import CONNECTION, IDENTITY, Params, Result, Spec, api_of

ARGUMENT_SPEC: Spec = {**CONNECTION, **IDENTITY, "label_selector": {"type": "str", "default": ""}}
HEADINGS = ("NAMESPACE", "NAME", "STATE", "JOB", "FLINK", "SINCE", "LAST CHECKPOINT OR REASON")


def execute(params: Params, _check_mode: bool) -> Result:
    api = api_of(params)
    namespace, name = str(params.get("namespace") or ""), params.get("name")
    stored = api.list(FLINK_DEPLOYMENT, namespace, labels=str(params.get("label_selector") or ""))
    chosen = [item for item in stored if not name or item["metadata"]["name"] == name]
    rows = [described(item) for item in chosen]
    cells = [tuple(str(row[key]) for key in rows[0] if key in KEYS) for row in rows] if rows else []
    return {"changed": False, "deployments": rows, "table": table(HEADINGS, cells)}


KEYS = ("namespace", "name", "lifecycle_state", "job_state", "flink_version", "since", "remark")


def described(item: Mapping[str, Any]) -> Result:
    status = item.get("status") or {}
    job = status.get("jobStatus") or {}
    ready = {entry.get("type"): entry for entry in status.get("conditions") or ()}.get("Ready", {})
    return {
        "namespace": item["metadata"].get("namespace", ""),
        "name": item["metadata"]["name"],
        "lifecycle_state": status.get("lifecycleState", "CREATED"),
        "job_state": job.get("state", "-"),
        "flink_version": (status.get("clusterInfo") or {}).get("flink-version")
        or (item.get("spec") or {}).get("flinkVersion", "-"),
        "since": ready.get("lastTransitionTime", "-"),
        "remark": ready.get("reason", "no turn has looked at it yet"),
        "job_id": job.get("jobId", ""),
        "message": ready.get("message", ""),
        "ready": ready.get("status") == "True",
    }
