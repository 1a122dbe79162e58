# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A custom resource as a member of the fleet: its host name, its variables, its groups."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .seen import FINALIZER


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    host: str
    variables: Mapping[str, str]
    groups: tuple[str, ...]


def member_of(item: Mapping[str, Any], *, is_ours: bool) -> Member:
    """`is_ours`: a Lease of this collection claims the resource."""
    metadata, spec = item["metadata"], item.get("spec") or {}
    name, namespace, kind = metadata["name"], metadata["namespace"], str(item["kind"])
    suffix = ".job" if kind == "FlinkSessionJob" else ""
    state = str((item.get("status") or {}).get("lifecycleState") or "CREATED")
    labels = metadata.get("labels") or {}
    named = {
        "namespace": namespace,
        "kind": kind.lower(),
        "state": state.lower(),
        "version": str(spec.get("flinkVersion") or ""),
        "operator": _operator(item, is_ours=is_ours),
    }
    groups = [f"{key}_{value}" for key, value in named.items() if value]
    groups += [f"label_{key}_{value}" for key, value in labels.items()]
    return Member(
        host=f"{name}.{namespace}{suffix}",
        variables={
            "flink_name": name,
            "flink_namespace": namespace,
            "flink_kind": kind,
            "ansible_connection": "local",
        },
        groups=tuple(sorted({group_name(group) for group in groups})),
    )


def group_name(text: str) -> str:
    """A group's name may hold letters, digits and underscores only."""
    return re.sub(r"\W", "_", text)


def _operator(item: Mapping[str, Any], *, is_ours: bool) -> str:
    if is_ours:
        return "flinkops"
    reconciled = ((item.get("status") or {}).get("reconciliationStatus") or {}).get("state")
    is_served = FINALIZER in (item["metadata"].get("finalizers") or ()) or reconciled
    return "other" if is_served else "none"
