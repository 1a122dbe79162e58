# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The boost of the latest start, as the status tells it: with what it began, or why it has none.

Written ahead with the start, so that whatever makes it, or its pods, sees the same. It may be lost:
then the start is made plain, and its pods are judged by the key alone. Rules: boost_rules.py.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from . import options
from .boost import CPU_LIMIT, Resize, boosted, raised, to_resize
from .boost_rules import RULES, BoostFacts, Surroundings, facts, why_not
from .config import effective
from .errors import InvalidResource
from .recorded import recorded
from .spec import FlinkDeployment
from .wanted import Wanted

FIELD = "boost"
NOT_ASKED_FOR = RULES[0].name
Status = Mapping[str, Any]


@dataclass(frozen=True, slots=True, kw_only=True)
class Boost:
    """`cpu_limit`: what its pods began with, as written; empty for a plain start."""

    cpu_limit: str = ""
    is_told: bool = False
    refused: frozenset[str] = frozenset()
    """Names of pods that could not be resized: they are not asked for again."""


def boost_of(status: Status) -> Boost:
    told = status.get(FIELD)
    if not isinstance(told, Mapping):
        return Boost()
    pods = told.get("pods")
    return Boost(
        cpu_limit=str(told.get("cpuLimit") or ""),
        is_told=True,
        refused=frozenset(map(str, pods)) if isinstance(pods, list) else frozenset(),
    )


def asked(deployment: FlinkDeployment, *, base: Mapping[str, str]) -> BoostFacts:
    """What a start of it asks for; the surroundings, which cost requests, are still to be seen."""
    return facts(deployment, base=base, around=Surroundings())


def announced(
    status: Status, deployment: FlinkDeployment, found: BoostFacts, *, base: Mapping[str, str]
) -> dict[str, Any]:
    """The status of a start that is written ahead, with its boost or the rule that forbids it."""
    plain = {key: value for key, value in status.items() if key != FIELD}
    refusal = why_not(found)
    if refusal is None:
        limit = options.text(effective(deployment, base=base), CPU_LIMIT)
        return {**plain, FIELD: {"cpuLimit": limit.strip()}}
    if refusal.name == NOT_ASKED_FOR:
        return plain
    return {**plain, FIELD: {"rule": refusal.name, "message": refusal.message}}


def as_started(
    deployment: FlinkDeployment, status: Status, *, base: Mapping[str, str]
) -> FlinkDeployment:
    """What the start of this status is rendered from: boosted where it says so."""
    told = boost_of(status)
    return boosted(_with(deployment, told), base=base) if told.cpu_limit else deployment


def pods_to_resize(
    pods: Iterable[Mapping[str, Any]],
    deployment: FlinkDeployment,
    status: Status,
    *,
    base: Mapping[str, str],
) -> tuple[Resize, ...]:
    """The pods that run with the boost of the start that this status tells of."""
    told = boost_of(status)
    if told.is_told and not told.cpu_limit:
        return ()
    try:
        raises = raised(_with(deployment, told), base=base)
    except InvalidResource:  # a platform's defaults that can't be read any more
        return ()
    return tuple(one for one in to_resize(pods, raises) if one.pod not in told.refused)


def started(wanted: Wanted, status: Status) -> FlinkDeployment | None:
    """What the start of this status was, or is, made from, without its boost."""
    return wanted.with_spec(recorded(status).deployed).deployment


def boosted_pods(
    pods: Sequence[Mapping[str, Any]], wanted: Wanted, status: Status
) -> tuple[str, ...]:
    """Names of the pods to resize; worked out only where there may have been a boost."""
    if not boost_of(status).cpu_limit and CPU_LIMIT.key not in wanted.configuration:
        return ()
    deployment = started(wanted, status) if pods else None
    if deployment is None:
        return ()
    found = pods_to_resize(pods, deployment, status, base=wanted.defaults)
    return tuple(one.pod for one in found)


def with_refused(status: Status, rule: str, message: str, pods: Iterable[str]) -> dict[str, Any]:
    """Pods that keep what they began with, and why."""
    known = {**(status.get(FIELD) or {})}
    told = sorted({*boost_of(status).refused, *pods})
    return {**status, FIELD: {**known, "rule": rule, "message": message, "pods": told}}


def _with(deployment: FlinkDeployment, told: Boost) -> FlinkDeployment:
    """The key may have been changed since: what the pods began with counts."""
    if not told.cpu_limit:
        return deployment
    spec = deployment.spec
    configuration = {**spec.flink_configuration, CPU_LIMIT.key: told.cpu_limit}
    return replace(deployment, spec=replace(spec, flink_configuration=configuration))
