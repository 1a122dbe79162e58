# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a forecast does to specs and objects: fields from what to what, objects made or deleted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from .case import Case
from .difference import difference
from .errors import InvalidResource
from .forecast import Forecast
from .plan import Move
from .spec import Spec
from .start import PLACEHOLDER_START

LAST_MOVES = frozenset({Move.DELETE_RESOURCE, Move.RELEASE_FINALIZER})
Objects = Mapping[tuple[str, str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True, kw_only=True)
class Changed:
    """An object whose text is another one in the next start."""

    kind: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def fields(case: Case, of: Forecast) -> list[str]:
    """Each changed field of the spec that runs, as `path: before -> after`; secrets masked."""
    old, new = case.record.deployed, following(case, of)
    if old is None or new is None:
        return []
    told = difference(old, new).fields
    return [f"{it.path}: {it.before or '(absent)'} -> {it.after or '(absent)'}" for it in told]


def following(case: Case, of: Forecast) -> Spec | None:
    """The spec that runs in the end; how far a start got is not the user's word."""
    old, new = case.record.deployed, of.spec
    if old is None or new is None or old.job is None or new.job is None:
        return new
    job = replace(new.job, state=old.job.state, upgrade_mode=old.job.upgrade_mode)
    return replace(new, job=job)


def objects(case: Case, of: Forecast) -> list[str]:
    """Which objects are deleted, made or patched, or stay, by kind and name."""
    told = _of_a_removal(case, of) if of.is_removal else _of_a_deployment(case, of)
    return [f"{what}: {', '.join(names)}" for what, names in told.items() if names]


def _of_a_deployment(case: Case, of: Forecast) -> dict[str, list[str]]:
    made = _parts(case)
    deletes, makes = Move.DELETE_CLUSTER in of.moves, Move.MAKE_CLUSTER in of.moves
    return {
        "made anew": made if deletes and makes else [],
        "made": made if makes and not deletes else [],
        "deleted": made if deletes and not makes else [],
        "patched while they run": list(_patched(case, of)),
    }


def _of_a_removal(case: Case, of: Forecast) -> dict[str, list[str]]:
    """The resource goes last; HA data only where a move deletes it."""
    resource, maps = case.seen.resource, [f"ConfigMap/{name}" for name in case.seen.ha_maps]
    goes = resource is not None and bool(LAST_MOVES & of.moves)
    parts = _parts(case) if Move.DELETE_CLUSTER in of.moves else []
    drops = Move.DELETE_HA_DATA in of.moves
    last = [f"FlinkDeployment/{resource.name}"] if resource and goes else []
    return {
        "deleted": [*parts, *(maps if drops else []), *last],
        "left as they are": maps if of.steps and not drops else [],
    }


def _parts(case: Case) -> list[str]:
    """The Deployment, and what belongs to it."""
    if case.wanted is None:
        return []
    beside = (f"{kind}/{name}" for kind, name in sorted(case.wanted.dependents))
    return [f"Deployment/{case.wanted.name}", *beside]


def _patched(case: Case, of: Forecast) -> Iterator[str]:
    if Move.PATCH_OBJECTS in of.moves:
        for changed in changed_objects(case, of):
            yield f"{changed.kind}/{changed.name}"


def changed_objects(case: Case, of: Forecast) -> list[Changed]:
    """Each object that the deployed spec and the next one make differently, ids as placeholders."""
    before = _rendered(case, case.record.deployed)
    after = _rendered(case, following(case, of))
    if not before or not after:
        return []
    keys = [*before, *(key for key in after if key not in before)]
    return [
        Changed(
            kind=kind, name=name, before=before.get((kind, name)), after=after.get((kind, name))
        )
        for kind, name in keys
        if before.get((kind, name)) != after.get((kind, name))
    ]


def _rendered(case: Case, spec: Spec | None) -> Objects:
    if case.wanted is None or spec is None:
        return {}
    try:
        made = case.wanted.with_spec(spec).rendered(PLACEHOLDER_START)
    except InvalidResource:
        return {}
    return {(str(item["kind"]), str(item["metadata"]["name"])): item for item in made.all()}
