# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A custom resource understood: parsed, its configuration worked out, its rules checked.

Keeps the problems instead of raising, so that they can stand in a status.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from .config import effective
from .errors import InvalidResource, Problem
from .manifests import Manifests, render
from .parse import parse, unknown_fields
from .spec import FlinkDeployment
from .start import Start, first_start
from .validate import validate
from .validate_rule import BrokenRule

UNSERVED_KINDS = ("FlinkSessionJob", "FlinkStateSnapshot", "FlinkBlueGreenDeployment")


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`dependents`: kind and name of the objects that its cluster needs beside the Deployment."""

    name: str
    namespace: str
    deployment: FlinkDeployment | None
    problems: tuple[Problem, ...] = ()
    warnings: tuple[str, ...] = ()
    defaults: Mapping[str, str] = field(default_factory=dict)
    configuration: Mapping[str, str] = field(default_factory=dict)
    dependents: frozenset[tuple[str, str]] = frozenset()

    def rendered(self, start: Start | None = None) -> Manifests:
        """The objects it becomes; without a start, those of a first one, ids as placeholders.

        InvalidResource where it breaks rules.
        """
        if self.deployment is None or self.problems:
            raise InvalidResource(self.problems, self.warnings)
        given = start or first_start(self.deployment)
        return render(self.deployment, base=self.defaults, start=given)


def understood(
    definition: Mapping[str, Any], *, namespace: str, defaults: Mapping[str, str] | None = None
) -> Wanted:
    """`definition`: a FlinkDeployment as written; `namespace`: where it goes if it names none."""
    named = definition.get("metadata") or {}
    blank = Wanted(
        name=str(named.get("name") or ""),
        namespace=str(named.get("namespace") or namespace),
        deployment=None,
        defaults=dict(defaults or {}),
    )
    if definition.get("kind") in UNSERVED_KINDS:
        return replace(blank, problems=(_unserved(str(definition["kind"])),))
    try:
        deployment = parse(definition, namespace=namespace)
        configuration = effective(deployment, base=blank.defaults)
    except InvalidResource as broken:
        return replace(blank, problems=broken.problems, warnings=_unknown(definition))
    wanted = replace(
        blank,
        deployment=deployment,
        problems=tuple(validate(deployment, effective=configuration)),
        warnings=_unknown(definition),
        configuration=configuration,
    )
    return wanted if wanted.problems else _with_dependents(wanted)


def _unknown(definition: Mapping[str, Any]) -> tuple[str, ...]:
    """Nothing where the spec is no mapping: that is a problem already."""
    return unknown_fields(definition) if isinstance(definition.get("spec"), Mapping) else ()


def _unserved(kind: str) -> Problem:
    return BrokenRule(
        name="the_kind_is_not_served_yet",
        path="kind",
        value=kind,
        rule="must be FlinkDeployment: the other kinds can be stored, nothing acts on them yet",
        next_step="Deploy applications as FlinkDeployments, or leave this one out of the file.",
    )


def _with_dependents(wanted: Wanted) -> Wanted:
    try:
        made = wanted.rendered()
    except InvalidResource as broken:
        return replace(wanted, problems=broken.problems)
    names = frozenset((item["kind"], item["metadata"]["name"]) for item in made.dependents)
    return replace(wanted, dependents=names)
