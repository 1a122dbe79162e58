# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One application told to a person: what it is, where its UI answers, what to try next."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

REST_PORT = 8081


def report(row: Mapping[str, Any], made: Iterable[Mapping[str, Any]], *, kubectl: str) -> list[str]:
    """`row`: one of deployment_info's; `made`: its objects; `kubectl`: how it is called here."""
    objects = list(made)
    name, namespace = str(row["name"]), str(row["namespace"])
    names = ", ".join(f"{item['kind']}/{item['metadata']['name']}" for item in objects)
    return [
        f"Application   {namespace}/{name}",
        f"State         {row['lifecycle_state']}, job {row['job_state']} ({row['remark']})",
        f"Job           {row['job_id']}",
        f"Flink         {row['flink_version']}",
        f"Checkpoint    {row['last_checkpoint'] or 'none yet'}",
        f"Web UI        {_ui(objects, name, kubectl)}",
        f"Made          FlinkDeployment/{name}, {names}",
        "",
        "Try next:",
        f"  {kubectl} get flinkdep,pods",
        f"  {kubectl} logs deployment/{name} --tail=20",
        f"  {kubectl} describe flinkdep {name}",
    ]


def _ui(objects: Iterable[Mapping[str, Any]], name: str, kubectl: str) -> str:
    by_name = {(item["kind"], item["metadata"]["name"]): item for item in objects}
    ingress = by_name.get(("Ingress", name))
    if ingress is not None:
        rule = (ingress["spec"].get("rules") or [{}])[0]
        path = ((rule.get("http") or {}).get("paths") or [{}])[0].get("path") or "/"
        return f"http://{rule.get('host', '')}{path}"
    service = by_name.get(("Service", f"{name}-rest"))
    address = (service or {}).get("spec", {}).get("clusterIP") or ""
    forward = f"{kubectl} port-forward service/{name}-rest {REST_PORT}"
    if address in ("", "None"):
        return f"http://localhost:{REST_PORT} behind: {forward}"
    elsewhere = f"http://localhost:{REST_PORT} behind: {forward}"
    return f"http://{address}:{REST_PORT} from a node; elsewhere {elsewhere}"
