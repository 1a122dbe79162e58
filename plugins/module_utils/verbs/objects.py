# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""objects: plain Kubernetes objects of the collection (definitions, rights) made or taken away."""

from __future__ import annotations

import time
from collections.abc import Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from ..core.errors import Held, InvalidResource, Problem
from ..core.spec import API_VERSION
from ..kube.act import Change, applied
from ..kube.api import Api
from ..kube.errors import NamespaceMissing, Unserved
from ..kube.kinds import kind_of
from .diff import diff_of
from .options import CONNECTION, Params, Result, Spec, api_of, documents_of, utc_now

ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    "src": {"type": "list", "elements": "path", "default": []},
    "definitions": {"type": "list", "elements": "dict", "default": []},
    "state": {"type": "str", "choices": ["present", "absent"], "default": "present"},
    "wait": {"type": "bool", "default": False},
    "timeout": {"type": "int", "default": 120},
}


def execute(params: Params, check_mode: bool) -> Result:
    wanted = [*(item for src in params["src"] for item in files(src)), *params["definitions"]]
    for definition in wanted:
        _check_kind(definition)
    api = api_of(params)
    changes: list[Change] = []
    if params["state"] == "present":
        for definition in wanted:
            changes += _applied(api, definition, check_mode=check_mode)
    else:
        for definition in reversed(wanted):
            changes += _removed(api, definition, check_mode=check_mode)
        if params["wait"] and not check_mode:
            _wait_until_gone(api, wanted, timedelta(seconds=params["timeout"]))
    names = [f"{change.kind}/{change.name}" for change in changes]
    return {"changed": bool(changes), "objects": names, "diff": diff_of(changes)}


def _applied(api: Api, definition: Mapping[str, Any], *, check_mode: bool) -> list[Change]:
    try:
        return applied(api, definition, dry_run=check_mode)
    except NamespaceMissing:
        if not check_mode:
            raise
        # The namespace may be made by a task before this one, had it not been check mode.
        kind, name = str(definition["kind"]), str(definition["metadata"]["name"])
        return [Change(kind=kind, name=name, before=None, after=definition)]


def files(src: str) -> list[Mapping[str, Any]]:
    """A file, or every YAML file of a folder in the order of their names."""
    path = Path(src)
    files = sorted(path.glob("*.yaml")) if path.is_dir() else [path]
    return [item for file in files for item in documents_of(str(file))]


def _check_kind(definition: Mapping[str, Any]) -> None:
    if kind_of(definition) is None or definition.get("apiVersion") == API_VERSION:
        raise InvalidResource(
            (
                Problem(
                    path="kind",
                    value=f"{definition.get('apiVersion')} {definition.get('kind')}",
                    rule="must be a kind that this collection installs",
                    next_step="Apply other kinds with kubectl or kubernetes.core.k8s.",
                ),
            )
        )


def _wait_until_gone(api: Api, wanted: list[Mapping[str, Any]], timeout: timedelta) -> None:
    deadline = utc_now() + timeout
    while left := [definition for definition in wanted if _is_there(api, definition)]:
        if utc_now() > deadline:
            names = ", ".join(f"{item['kind']}/{item['metadata']['name']}" for item in left)
            raise Held(
                "its_objects_outlive_the_deadline",
                f"{names} is still there {timeout} after its deletion was asked for. "
                "See its finalizers and conditions with kubectl describe.",
            )
        time.sleep(0.5)


def _is_there(api: Api, definition: Mapping[str, Any]) -> bool:
    kind, metadata = kind_of(definition), definition["metadata"]
    try:
        return kind is not None and bool(
            api.get(kind, str(metadata["name"]), str(metadata.get("namespace", "")))
        )
    except Unserved:
        return False


def _removed(api: Api, definition: Mapping[str, Any], *, check_mode: bool) -> list[Change]:
    kind, metadata = kind_of(definition), definition["metadata"]
    if kind is None:
        return []
    name, namespace = str(metadata["name"]), str(metadata.get("namespace", ""))
    try:
        before = api.get(kind, name, namespace)
    except Unserved:
        return []
    if before is None:
        return []
    if not check_mode:
        api.delete(kind, name, namespace, options={"propagationPolicy": "Background"})
    return [Change(kind=kind.kind, name=name, before=before, after=None)]
