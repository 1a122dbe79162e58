# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""applications: which custom resources some files hold, by name; every bad one is told at once."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.errors import InvalidResource, Problem
from ..core.wanted import understood
from .options import Params, Result, Spec, documents_of, texts

ARGUMENT_SPEC: Spec = {
    "src": {"type": "list", "elements": "path", "default": []},
    "namespace": {"type": "str", "default": "default"},
    "defaults": {"type": "dict", "default": {}},
    "check": {"type": "bool", "default": True},
}


def execute(params: Params, _check_mode: bool) -> Result:
    found: list[Result] = []
    problems: list[Problem] = []
    for src in params["src"]:
        for position, definition in enumerate(documents_of(src)):
            entry, broken = _entry(params, definition)
            found.append({**entry, "src": src, "document": position})
            problems += broken
    if params["check"] and problems:
        notes = tuple(note for entry in found for note in entry["warnings"])
        raise InvalidResource(tuple(problems), notes)
    return {"changed": False, "applications": found}


def _entry(params: Params, definition: Mapping[str, Any]) -> tuple[dict[str, Any], list[Problem]]:
    namespace = str(params["namespace"])
    wanted = understood(definition, namespace=namespace, defaults=texts(params.get("defaults")))
    entry = {
        "name": wanted.name,
        "namespace": wanted.namespace,
        "host": f"{wanted.name}.{wanted.namespace}",
        "kind": str(definition.get("kind", "")),
        "warnings": list(wanted.warnings),
    }
    return entry, list(wanted.problems)
