# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A pod is made, what it lists is read, and it is deleted, whatever became of it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from ..core.errors import Held
from .api import Api
from .errors import KubernetesError
from .kinds import POD

LONGEST_LIST = 1_000_000
ENDED = ("Succeeded", "Failed")


def listed(
    api: Api,
    pod: Mapping[str, Any],
    *,
    until: datetime,
    clock: Callable[[], datetime],
    wait: Callable[[], None],
) -> str:
    """What the pod lists. Held where it can't, or not in time."""
    name, namespace = str(pod["metadata"]["name"]), str(pod["metadata"]["namespace"])
    made = api.create(pod)
    try:
        while True:
            seen = api.get(POD, name, namespace) or {}
            if (seen.get("status") or {}).get("phase") in ENDED:
                return _told(api, seen)
            if clock() > until:
                raise Held(
                    "the_finder_did_not_end_in_time",
                    f"the pod {namespace}/{name} that lists the folders did not end in time: "
                    f"{_waits_for(seen)}",
                )
            wait()
    finally:
        gone = {"preconditions": {"uid": made["metadata"]["uid"]}, "gracePeriodSeconds": 0}
        api.delete(POD, name, namespace, options=gone)


def _told(api: Api, pod: Mapping[str, Any]) -> str:
    metadata, status = pod["metadata"], pod["status"]
    path = POD.path(metadata["name"], metadata["namespace"], "log")
    try:
        said = api.text(f"{path}?limitBytes={LONGEST_LIST}")
    except KubernetesError as unread:
        said = str(unread)
    if status.get("phase") == "Succeeded":
        return said
    raise Held(
        "the_folders_can_not_be_listed",
        f"the pod that lists them failed ({_waits_for(pod)}): {said.strip()[-500:]}",
    )


def _waits_for(pod: Mapping[str, Any]) -> str:
    status = pod.get("status") or {}
    states = [
        detail.get("reason", "")
        for container in status.get("containerStatuses") or ()
        for detail in (container.get("state") or {}).values()
    ]
    known = [reason for reason in (*states, status.get("reason", "")) if reason]
    unplaced = [
        condition.get("message", "")
        for condition in status.get("conditions") or ()
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False"
    ]
    return ", ".join((*known, *unplaced)) or str(status.get("phase") or "it is gone")
