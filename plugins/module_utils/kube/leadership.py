# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's leadership in its HA ConfigMaps, given back for a JobManager that is gone for good.

A JobManager that was stopped leaves its lock behind, and the next one waits until the lease has run
out (10 s and more). Only the caller can know that no JobManager is left: it must have the proof.
"""

from __future__ import annotations

import json
from typing import Any

from .api import Api
from .errors import Conflict
from .kinds import CONFIG_MAP
from .look import is_ha_map

LOCK = "control-plane.alpha.kubernetes.io/leader"


def give_back_leadership(api: Api, *, name: str, namespace: str) -> int:
    """How many locks had a holder. The data beside a lock, which Flink restores from, stays.

    Whoever took a lock since it was read keeps it.
    """
    found = api.list(CONFIG_MAP, namespace, labels=f"app={name}")
    return sum(_given_back(api, one) for one in found if is_ha_map(one))


def _given_back(api: Api, found: dict[str, Any]) -> bool:
    metadata = found["metadata"]
    lock = _lock(metadata)
    if not lock.get("holderIdentity"):
        return False
    freed = json.dumps({**lock, "holderIdentity": ""})
    patch = {
        "metadata": {
            "uid": metadata["uid"],
            "resourceVersion": metadata["resourceVersion"],
            "annotations": {LOCK: freed},
        }
    }
    try:
        api.merge(CONFIG_MAP, metadata["name"], metadata["namespace"], patch)
    except Conflict:
        return False
    return True


def _lock(metadata: dict[str, Any]) -> dict[str, Any]:
    try:
        lock = json.loads((metadata.get("annotations") or {}).get(LOCK) or "{}")
    except ValueError:
        return {}
    return lock if isinstance(lock, dict) else {}
