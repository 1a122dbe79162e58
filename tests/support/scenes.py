# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Scenes for a diagnosis: a healthy application `shop/orders`, and changes to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_scene import (
    CheckpointsView,
    FlinkView,
    JobView,
    Said,
    Scene,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
JOB = "3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11"
MAIN = "flink-main-container"
JM = "orders-7c5d9c8b6f-x2x7k"
TM = "orders-taskmanager-1-1"
SILENT = "no JobManager is ready"
SPEC = {
    "image": "shop/orders:2",
    "serviceAccount": "flink",
    "job": {"jarURI": "local:///app.jar", "state": "running", "upgradeMode": "last-state"},
}


def status(**fields: Any) -> dict[str, Any]:
    """What a resource that was deployed says of itself; None takes a field out."""
    given = {
        "lifecycleState": "STABLE",
        "observedGeneration": 1,
        "jobStatus": {"jobId": JOB, "state": "RUNNING", "startTime": "1795237834668"},
        "reconciliationStatus": {"state": "DEPLOYED", "lastReconciledSpec": "{}"},
        **fields,
    }
    return {key: value for key, value in given.items() if value is not None}


def resource(*, spec: dict[str, Any] | None = None, **metadata: Any) -> dict[str, Any]:
    found = {"name": "orders", "namespace": "shop", "uid": "u", "generation": 1, **metadata}
    told = found.pop("status", status())
    return {"metadata": found, "spec": spec or SPEC, "status": told}


def deployment(*, available: int = 1, **condition: Any) -> dict[str, Any]:
    entries = [{"type": "ReplicaFailure", "status": "True", **condition}] if condition else []
    told = {"availableReplicas": available, "conditions": entries}
    return {"metadata": {"name": "orders"}, "spec": {"replicas": 1}, "status": told}


def pod(name: str = JM, **told: Any) -> dict[str, Any]:
    component = "taskmanager" if "taskmanager" in name else "jobmanager"
    given = {"phase": "Pending", "startTime": "2026-11-21T11:00:00Z", **told}
    metadata = {"name": name, "uid": f"uid of {name}", "labels": {"component": component}}
    return {"metadata": metadata, "status": given}


def container(name: str = MAIN, **told: Any) -> dict[str, Any]:
    return {"name": name, "image": "shop/orders:2", "ready": False, "restartCount": 0, **told}


def waiting(reason: str, message: str = "", name: str = JM, **told: Any) -> dict[str, Any]:
    state = {"waiting": {"reason": reason, "message": message}}
    return pod(name, containerStatuses=[container(state=state, **told)])


def ended(exit_code: int, reason: str = "Error", **told: Any) -> dict[str, Any]:
    """How a container's status tells of its end the time before."""
    last = {"exitCode": exit_code, "reason": reason, "finishedAt": "2026-11-21T11:59:00Z"}
    back_off = {"waiting": {"reason": "CrashLoopBackOff", "message": "back-off 10s"}}
    return container(state=back_off, lastState={"terminated": last}, restartCount=4, **told)


def unscheduled(message: str, name: str = JM) -> dict[str, Any]:
    condition = {"type": "PodScheduled", "status": "False", "reason": "Unschedulable"}
    return pod(name, startTime=None, conditions=[{**condition, "message": message}])


def event(reason: str, message: str, name: str = JM) -> dict[str, Any]:
    about = {"kind": "Pod", "name": name}
    return {"reason": reason, "message": message, "involvedObject": about}


def log(text: str, *, name: str = JM, of: str = MAIN) -> Said:
    return Said(where=f"log of Pod/{name}", text=text, container=of)


def job(**told: Any) -> JobView:
    whole: dict[str, Any] = {
        "id": JOB,
        "state": "RUNNING",
        "tasks": 4,
        "tasks_running": 4,
        "started": NOW - timedelta(hours=1),
        "needed": 2,
        "checkpoints": CheckpointsView(completed=7),
        **told,
    }
    return JobView(**whole)


def flink(of: JobView | None, **told: Any) -> FlinkView:
    whole: dict[str, Any] = {"version": "1.20.1", "taskmanagers": 1, "slots": 2, **told}
    return FlinkView(job=of, **whole)


WELL = Scene(
    name="orders",
    namespace="shop",
    now=NOW,
    resource=resource(),
    deployment=deployment(),
    account="flink",
    flink=flink(job()),
    is_ours=True,
    has_checkpoint_in_ha=True,
)


def scene(**changes: Any) -> Scene:
    """The healthy one, changed."""
    return replace(WELL, **changes)


def down(**changes: Any) -> Scene:
    """Its JobManager is not ready, and Flink says nothing."""
    given: dict[str, Any] = {"deployment": deployment(available=0), "flink": SILENT, **changes}
    return replace(WELL, **given)


def sick(of: JobView, **changes: Any) -> Scene:
    """Flink answers, and its job is not well."""
    return replace(WELL, flink=flink(of), **changes)
