# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""act: change a running cluster's objects in place. What is changed is decided in core/live.py.

Each object is named by its uid too: a successor of the same name is never hit.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.errors import Held
from ..core.live import Face, Patch, live_objects
from .act import Change
from .api import Api
from .errors import Absent, Conflict
from .kinds import CONFIG_MAP, DEPLOYMENT, INGRESS, POD, SERVICE, Kind

KINDS = (DEPLOYMENT, SERVICE, CONFIG_MAP, POD)
"""Found by the label `app`; the Ingress has none, and is found by its name."""


def patch_live(api: Api, new: Face, *, old: Face | None, dry_run: bool) -> list[Change]:
    """Bring what runs to the new face. `old`: that of the recorded spec, until this is done."""
    name, namespace = new.name, new.namespace
    stored = [item for kind in KINDS for item in api.list(kind, namespace, labels=f"app={name}")]
    in_front = api.get(INGRESS, name, namespace)
    patches = live_objects(new, old, stored if in_front is None else [*stored, in_front])
    for patch in patches:
        _check_owner(patch, new.owner_uid)
    done = [_done(api, patch, namespace, dry_run=dry_run) for patch in patches]
    return [change for change in done if change is not None]


def _check_owner(patch: Patch, uid: str) -> None:
    """An Ingress is the one object here that somebody else may have made under our name."""
    there = patch.before or {}
    owners = (there.get("metadata") or {}).get("ownerReferences") or ()
    if patch.kind == INGRESS.kind and there and uid not in {it.get("uid") for it in owners}:
        raise Held(
            "an_object_of_its_name_is_in_the_way",
            f"Ingress {patch.name} exists and belongs to something else. Delete or rename it.",
        )


def _done(api: Api, patch: Patch, namespace: str, *, dry_run: bool) -> Change | None:
    """None where a pod is gone or another one by now."""
    try:
        if not dry_run:
            _write(api, patch, namespace)
    except (Absent, Conflict):
        if patch.kind != POD.kind:
            raise
        return None
    after = None if patch.deletes else _after(patch)
    return Change(kind=patch.kind, name=patch.name, before=patch.before, after=after)


def _write(api: Api, patch: Patch, namespace: str) -> None:
    kind = _kind(patch)
    uid = (patch.before or {}).get("metadata", {}).get("uid")
    if patch.deletes:
        options = {"propagationPolicy": "Background", "preconditions": {"uid": uid}}
        api.delete(kind, patch.name, namespace, options=options)
        return
    if patch.merge:
        metadata = {**(patch.merge.get("metadata") or {}), "uid": uid}
        api.merge(kind, patch.name, namespace, {**patch.merge, "metadata": metadata})
    if patch.apply is not None:
        api.apply(patch.apply)


def _kind(patch: Patch) -> Kind:
    return next(kind for kind in (*KINDS, INGRESS) if kind.kind == patch.kind)


def _after(patch: Patch) -> Mapping[str, Any]:
    merged = _merged(patch.before or {}, patch.merge)
    return merged if patch.apply is None else _merged(merged, patch.apply)


def _merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> dict[str, Any]:
    """As the API server merges: maps deep, null takes away; a map that holds nothing goes."""
    found = dict(old)
    for name, value in new.items():
        if isinstance(value, Mapping):
            inner = found.get(name)
            found[name] = _merged(inner if isinstance(inner, Mapping) else {}, value)
        if value is None or found.get(name) == {}:
            found.pop(name, None)
        elif not isinstance(value, Mapping):
            found[name] = value
    return found
