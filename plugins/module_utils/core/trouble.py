# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Why a JobManager or TaskManager can't start, read from plain Kubernetes objects.

Knows the contract's reasons (section 2.3) and what a person does about each of them.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .masking import masked_text

NEXT_STEPS = {
    "ImagePullBackOff": "Correct spec.image or its pull secret, and apply the resource again.",
    "ErrImagePull": "Correct spec.image or its pull secret, and apply the resource again.",
    "InvalidImageName": "Correct spec.image, and apply the resource again.",
    "ErrImageNeverPull": "Load the image onto the node, or set spec.imagePullPolicy: IfNotPresent.",
    "CrashLoopBackOff": "Correct the job, its jar or its configuration, and apply it again.",
    "RunContainerError": "Correct the container's command or mounts, and apply the resource again.",
    "CreateContainerConfigError": "Create the Secret or ConfigMap, or correct the pod template.",
    "OOMKilled": "Raise spec.jobManager.resource.memory, and apply the resource again.",
    "FailedMount": "Make the volume available, or correct the pod template.",
    "Restarted": "Correct the job, its jar, its state or its configuration, and apply it again.",
    "FailedCreate": "Create the service account, or free or raise the quota that is named.",
}
FIRM = frozenset(NEXT_STEPS) - {"ErrImagePull", "FailedMount", "Restarted"}
"""Reasons that waiting alone rarely cures; the others become one of these or go away."""
TOLD_BY_THE_LOG = frozenset({"CrashLoopBackOff", "Restarted"})
"""Reasons that say nothing but that a container ended: why stands in what it wrote last."""
LONGEST_CAUSE = 400
CAUSED_BY = "Caused by: "
THROWN = re.compile(r"(Exception in thread \".*\" )?[\w.$]+(Exception|Error)\b")


@dataclass(frozen=True, slots=True, kw_only=True)
class Trouble:
    reason: str
    message: str
    pod: str = ""
    container: str = ""

    @property
    def is_firm(self) -> bool:
        return self.reason in FIRM

    @property
    def next_step(self) -> str:
        return NEXT_STEPS.get(self.reason, "Run diagnose, or read the pod's events.")


def trouble_of(
    deployment: Mapping[str, Any],
    pods: Iterable[Mapping[str, Any]],
    events: Iterable[Mapping[str, Any]] = (),
) -> Trouble | None:
    """The first trouble found: the Deployment's own, then its containers', then failed mounts."""
    return (
        _replica_failure(deployment)
        or next((found for pod in pods if (found := _container_trouble(pod))), None)
        or _mount_failure(events)
    )


def _replica_failure(deployment: Mapping[str, Any]) -> Trouble | None:
    for condition in deployment.get("status", {}).get("conditions") or ():
        if condition.get("type") == "ReplicaFailure" and condition.get("status") == "True":
            return Trouble(
                reason=str(condition.get("reason", "FailedCreate")),
                message=str(condition.get("message", "")),
            )
    return None


def _container_trouble(pod: Mapping[str, Any]) -> Trouble | None:
    status = pod.get("status", {})
    every = [
        *(status.get("initContainerStatuses") or ()),
        *(status.get("containerStatuses") or ()),
    ]
    for container in every:
        found = _reason_of(container)
        if found:
            return Trouble(
                reason=found[0],
                message=found[1],
                pod=str(pod["metadata"]["name"]),
                container=str(container.get("name", "")),
            )
    return None


def _reason_of(container: Mapping[str, Any]) -> tuple[str, str] | None:
    last = container.get("lastState", {}).get("terminated") or {}
    now = container.get("state", {}).get("terminated") or {}
    waiting = container.get("state", {}).get("waiting") or {}
    if "OOMKilled" in (last.get("reason"), now.get("reason")) and not container.get("ready"):
        return (
            "OOMKilled",
            f"killed for using more memory than its limit; {waiting.get('message', '')}",
        )
    reason = str(waiting.get("reason", ""))
    if reason in NEXT_STEPS:
        return reason, str(waiting.get("message", ""))
    return None


def of_a_restart(pods: Iterable[Mapping[str, Any]]) -> Trouble | None:
    """A JobManager that ended and was started again: it may not take up the job that it failed."""
    for pod in pods:
        is_jobmanager = (pod["metadata"].get("labels") or {}).get("component") == "jobmanager"
        for container in (pod.get("status") or {}).get("containerStatuses") or ():
            last = (container.get("lastState") or {}).get("terminated") or {}
            if is_jobmanager and last.get("exitCode"):
                return Trouble(
                    reason="Restarted",
                    message=f"its container ended with exit code {last['exitCode']}",
                    pod=str(pod["metadata"]["name"]),
                    container=str(container.get("name", "")),
                )
    return None


def _mount_failure(events: Iterable[Mapping[str, Any]]) -> Trouble | None:
    for event in events:
        if event.get("reason") in ("FailedMount", "FailedAttachVolume"):
            return Trouble(
                reason="FailedMount",
                message=str(event.get("message", "")),
                pod=str(event.get("involvedObject", {}).get("name", "")),
            )
    return None


def root_cause(log: str) -> str:
    """What a container said at its end: a stack trace's innermost cause, else its last line."""
    lines = [line.strip() for line in log.splitlines() if line.strip()]
    causes = [line for line in lines if line.startswith(CAUSED_BY)]
    thrown = [line for line in lines if THROWN.match(line)]
    said = (causes or thrown or lines or [""])[-1].removeprefix(CAUSED_BY)
    return masked_text(said)[:LONGEST_CAUSE]
