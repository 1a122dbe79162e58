# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""deployment_info: custom resources and what became of them, a row each. Changes nothing."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.recorded import Recorded, recorded
from ..core.report import report
from ..core.seen import FlinkSeen
from ..core.table import table
from ..kube.flink_look import flink_client, look_at_flink
from ..kube.kinds import CONFIG_MAP, DEPLOYMENT, FLINK_DEPLOYMENT, INGRESS, SERVICE
from .options import CONNECTION, IDENTITY, Params, Result, Spec, api_of

ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    **IDENTITY,
    "label_selector": {"type": "str", "default": ""},
    "report": {"type": "bool", "default": False},
    "show": {"type": "bool", "default": False},
    "kubectl": {"type": "str", "default": "kubectl"},
}
HEADINGS = ("NAMESPACE", "NAME", "STATE", "JOB", "FLINK", "SINCE", "LAST CHECKPOINT OR REASON")


def execute(params: Params, _check_mode: bool) -> Result:
    api = api_of(params)
    namespace, name = str(params.get("namespace") or ""), params.get("name")
    stored = api.list(FLINK_DEPLOYMENT, namespace, labels=str(params.get("label_selector") or ""))
    chosen = [item for item in stored if not name or item["metadata"]["name"] == name]
    rows = [described(item) for item in chosen]
    cells = [tuple(str(row[key]) for key in rows[0] if key in KEYS) for row in rows] if rows else []
    found: Result = {"changed": False, "deployments": rows, "table": table(HEADINGS, cells)}
    if params.get("report"):
        found["report"] = [
            line
            for item, row in zip(chosen, rows, strict=True)
            for line in _report(params, row, recorded(item.get("status") or {}))
        ]
    return found


def _report(params: Params, row: Result, record: Recorded) -> list[str]:
    """A whole page on one application, with its last checkpoint as Flink tells it now."""
    api = api_of(params)
    name, namespace = str(row["name"]), str(row["namespace"])
    made = [
        item
        for kind in (DEPLOYMENT, SERVICE, CONFIG_MAP, INGRESS)
        for item in api.list(kind, namespace, labels=f"app={name}")
    ]
    seen = look_at_flink(flink_client(api, name=name, namespace=namespace), record)
    job = seen.job if isinstance(seen, FlinkSeen) else None
    last = job.last_checkpoint if job else None
    counted = f"{job.checkpoints_completed} completed" if job and job.checkpoints_completed else ""
    where = f" --kubeconfig {params['kubeconfig']}" if params.get("kubeconfig") else ""
    checkpoint = f"{counted}, the last at {last.path}" if last and last.path else counted
    return report(
        {**row, "last_checkpoint": checkpoint},
        made,
        kubectl=f"{params['kubectl']}{where} -n {namespace}",
    )


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
