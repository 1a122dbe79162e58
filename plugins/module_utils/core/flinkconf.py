# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The configuration file that a cluster reads: flink-conf.yaml below Flink 2.0, else config.yaml.

Knows both forms and which keys stay out of them. Refuses to know how the configuration came about.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import InvalidResource, Problem
from .options import path
from .spec import FlinkVersion
from .yaml_text import document

OLD_NAME = "flink-conf.yaml"
NEW_NAME = "config.yaml"

_STAYS_HERE = frozenset(
    {
        "kubernetes.config.file",
        "$internal.deployment.config-dir",
        "rest.bind-address",
        "web.address",
        "jobmanager.web.address",
        "jobmanager.bind-host",
        "taskmanager.bind-host",
        "taskmanager.host",
        # Files of whoever renders; a cluster gets the templates themselves.
        "kubernetes.pod-template-file",
        "kubernetes.pod-template-file.jobmanager",
        "kubernetes.pod-template-file.taskmanager",
    }
)


def name(version: FlinkVersion) -> str:
    return NEW_NAME if version.at_least(FlinkVersion.V2_0) else OLD_NAME


def text(
    conf: Mapping[str, str], *, version: FlinkVersion, lists: Mapping[str, tuple[str, ...]]
) -> str:
    """The file's text, keys sorted; `lists` are the values that the nested form writes as lists."""
    keys = sorted(key for key in conf if key not in _STAYS_HERE)
    if not version.at_least(FlinkVersion.V2_0):
        return "".join(f"{key}: {conf[key]}\n" for key in keys)
    return document(_nested({key: list(lists[key]) if key in lists else conf[key] for key in keys}))


def _nested(flat: Mapping[str, Any]) -> dict[str, Any]:
    problems: list[Problem] = []
    root: dict[str, Any] = {}
    for key, value in flat.items():
        *heads, last = key.split(".")
        shorter = next((head for head in _heads(key) if head in flat), None)
        if shorter is not None:
            problems.append(_overlap(shorter, key))
            continue
        node = root
        for head in heads:
            node = node.setdefault(head, {})
        node[last] = value
    if problems:
        raise InvalidResource(tuple(problems))
    return root


def _heads(key: str) -> list[str]:
    parts = key.split(".")
    return [".".join(parts[:count]) for count in range(1, len(parts))]


def _overlap(shorter: str, longer: str) -> Problem:
    return Problem(
        path=path(shorter),
        value=longer,
        rule=f"{shorter} can't be set beside {longer} from Flink 2.0 on: one lies below the other",
        next_step=f"Replace {shorter} by its spelling of Flink 2.",
    )
