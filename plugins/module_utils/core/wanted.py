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
from .start import Start, first_start
from .spec import FlinkDeployment
from .validate import validate


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """`dependents`: kind and name of the objects that a cluster of it needs beside its Deployment."""

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
            raise InvalidResource(self.problems)
        given = start or first_start(self.deployment)
        return render(self.deployment, base=self.defaults, start=given)


def understood(
    definition: Mapping[str, Any], *, namespace: str, defaults: Mapping[str, str] | None = None
) -> Wanted:
    """`definition`: a FlinkDeployment as it is written; `namespace`: where it goes if it names none."""
    base = dict(defaults or {})
    named = definition.get("metadata") or {}
    known = {
        "name": str(named.get("name") or ""),
        "namespace": str(named.get("namespace") or namespace),
        "defaults": base,
    }
    try:
        deployment = parse(definition, namespace=namespace)
    except InvalidResource as broken:
        return Wanted(deployment=None, problems=broken.problems, **known)
    configuration = effective(deployment, base=base)
    problems: tuple[Problem, ...] = tuple(validate(deployment, effective=configuration))
    wanted = Wanted(
        deployment=deployment,
        problems=problems,
        warnings=unknown_fields(definition),
        configuration=configuration,
        **known,
    )
    return wanted if problems else _with_dependents(wanted)


def _with_dependents(wanted: Wanted) -> Wanted:
    try:
        made = wanted.rendered()
    except InvalidResource as broken:
        return replace(wanted, problems=broken.problems)
    names = frozenset((item["kind"], item["metadata"]["name"]) for item in made.dependents)
    return replace(wanted, dependents=names)

