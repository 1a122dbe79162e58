# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A batch of moves: what a driver hands to a run of Ansible, and the hosts that come of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GOALS = ("deploy", "remove")


class InvalidBatch(ValueError):
    """An entry that is none; the message names the field."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """One application and its move. `state`: what becomes of state where it is removed."""

    name: str
    namespace: str
    kind: str
    goal: str
    move: str
    state: str = "keep"
    defaults: Mapping[str, str] = field(default_factory=dict)

    @property
    def host(self) -> str:
        return f"{self.name}.{self.namespace}"

    @property
    def written(self) -> dict[str, Any]:
        return {
            "name": self.name,
            "namespace": self.namespace,
            "kind": self.kind,
            "goal": self.goal,
            "move": self.move,
            "state": self.state,
            "defaults": dict(self.defaults),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Host:
    host: str
    variables: Mapping[str, Any]


def member_of(entry: Any) -> Host:
    """The host of an entry as it was written."""
    if not isinstance(entry, Mapping):
        raise InvalidBatch(f"an entry is an object, not {type(entry).__name__}")
    for name in ("name", "namespace", "kind", "goal", "move"):
        if not isinstance(entry.get(name), str) or not entry[name]:
            raise InvalidBatch(f"an entry has a text in {name}")
    if entry["goal"] not in GOALS:
        raise InvalidBatch(f"goal is one of {', '.join(GOALS)}, not {entry['goal']}")
    defaults = entry.get("defaults") or {}
    return Host(
        host=f"{entry['name']}.{entry['namespace']}",
        variables={
            "flink_name": entry["name"],
            "flink_namespace": entry["namespace"],
            "flink_kind": entry["kind"],
            "flink_goal": entry["goal"],
            "flink_move": entry["move"],
            "flink_state": str(entry.get("state") or "keep"),
            "flink_defaults": {str(key): str(value) for key, value in defaults.items()},
            "ansible_connection": "local",
        },
    )
