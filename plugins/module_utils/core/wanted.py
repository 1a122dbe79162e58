# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A custom resource understood: parsed, its configuration worked out, its rules checked.

Keeps the problems instead of raising, so that they can stand in a status.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Any

from .boost import wanted as cpu_limit_of_a_start
from .config import effective, layered
from .deadlines import readiness_timeout
from .errors import InvalidResource, Problem
from .manifests import Manifests, render
from .parse import parse, unknown_fields
from .spec import FlinkDeployment, Spec
from .start import JOB_ID, Start, first_start
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

    def with_spec(self, spec: Spec | None) -> Wanted:
        """The same resource with another spec: one that was recorded, and is good for that."""
        if self.deployment is None or spec is None:
            return self
        return replace(self, deployment=replace(self.deployment, spec=spec), problems=())

    def dependents_of(self, spec: Spec | None) -> frozenset[tuple[str, str]]:
        """Those of another spec; none where it can't be rendered: nothing is missed then."""
        other = self.with_spec(spec)
        try:
            return other.dependents if other is self else _dependents(other.rendered())
        except InvalidResource:
            return frozenset()

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
    named = definition.get("metadata")
    names: Mapping[str, Any] = named if isinstance(named, Mapping) else {}
    blank = Wanted(
        name=str(names.get("name") or ""),
        namespace=str(names.get("namespace") or namespace),
        deployment=None,
        warnings=_unknown(definition),
        defaults=dict(defaults or {}),
    )
    if definition.get("kind") in UNSERVED_KINDS:
        return replace(blank, warnings=(), problems=(_unserved(str(definition["kind"])),))
    try:
        deployment = parse(definition, namespace=namespace)
    except InvalidResource as broken:
        return replace(blank, problems=broken.problems)
    return _checked(blank, deployment)


@dataclass(frozen=True, slots=True)
class _Stored:
    """A resource as the API server stores it; equal where all is that its meaning comes from."""

    mark: tuple[Any, ...]
    spec: Any = field(hash=False)
    definition: Mapping[str, Any] = field(compare=False)
    namespace: str = field(compare=False)
    defaults: Mapping[str, str] = field(compare=False)


def stored_understood(
    stored: Mapping[str, Any], *, namespace: str, defaults: Mapping[str, str]
) -> Wanted:
    """`understood`, once for each generation of a resource: its status means nothing to it."""
    metadata = stored["metadata"]
    worn = (metadata.get("labels") or {}, metadata.get("annotations") or {}, defaults)
    flat = tuple(tuple(sorted((key, str(value)) for key, value in it.items())) for it in worn)
    mark = (metadata.get("uid"), metadata.get("generation"), metadata["name"], namespace, *flat)
    if not metadata.get("uid") or not metadata.get("generation"):
        return understood(stored, namespace=namespace, defaults=defaults)
    return _known(_Stored(mark, stored.get("spec"), stored, namespace, defaults))


@lru_cache(maxsize=1024)
def _known(stored: _Stored) -> Wanted:
    return understood(stored.definition, namespace=stored.namespace, defaults=stored.defaults)


def _checked(blank: Wanted, deployment: FlinkDeployment) -> Wanted:
    """With every problem: a configuration that can't be worked out hides none of the others."""
    unreadable: tuple[Problem, ...] = ()
    try:
        configuration = effective(deployment, base=blank.defaults)
    except InvalidResource as broken:
        unreadable = broken.problems
        configuration = layered(deployment, base=blank.defaults)
    broken_rules = validate(deployment, effective=configuration)
    told = {problem.path for problem in broken_rules}
    problems = (*broken_rules, *(problem for problem in unreadable if problem.path not in told))
    wanted = replace(blank, deployment=deployment, problems=problems, configuration=configuration)
    return wanted if problems else _with_dependents(wanted)


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
        readiness_timeout(wanted.configuration)
        _check_job_id(wanted.configuration)
        cpu_limit_of_a_start(wanted.configuration)
        made = wanted.rendered()
    except InvalidResource as broken:
        return replace(wanted, problems=broken.problems)
    return replace(wanted, dependents=_dependents(made))


def _dependents(made: Manifests) -> frozenset[tuple[str, str]]:
    return frozenset((item["kind"], item["metadata"]["name"]) for item in made.dependents)


def _check_job_id(configuration: Mapping[str, str]) -> None:
    """Flink's own form: the id is in the status, and so in use, before Flink could refuse it."""
    given = configuration.get(JOB_ID)
    if given is None or re.fullmatch(r"[0-9a-f]{32}", given):
        return
    raise InvalidResource(
        (
            Problem(
                path=f"spec.flinkConfiguration.{JOB_ID}",
                value=given,
                rule="must be 32 hexadecimal digits in lower case",
                next_step="Leave it out: each start is given an id of its own.",
            ),
        )
    )
