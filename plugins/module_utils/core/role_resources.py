# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What one role asks for: memory, CPU, their limits, and everything else for its main container.

Knows both forms, `resource` (deprecated) and `resources` (Kubernetes' own, which wins where it
holds anything). Refuses to know configuration keys and containers.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import quantity
from .spec import JobManager, Resource, Resources, TaskManager

_STORAGE = "ephemeral-storage"
_IN_CONFIGURATION = ("cpu", "memory")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    memory: str | None = None
    cpu: float | None = None
    cpu_limit_factor: float | None = None
    memory_limit_factor: float | None = None
    others: Mapping[str, Any] = field(default_factory=dict)
    """`requests`, `limits` and `claims` that go into the main container as they are."""


def asked(role: JobManager | TaskManager, name: str) -> Asked:
    if role.resources:
        return _newer(role.resources, f"spec.{name}.resources")
    return _older(role.resource, f"spec.{name}.resource") if role.resource else Asked()


def _older(resource: Resource, path: str) -> Asked:
    memory = resource.memory
    storage = (resource.ephemeral_storage or "").strip()
    others = {"limits": {_STORAGE: storage}, "requests": {_STORAGE: storage}} if storage else {}
    return Asked(
        memory=None if memory is None else quantity.resource_memory(memory, path=f"{path}.memory"),
        cpu=resource.cpu,
        others=others,
    )


def _newer(resources: Resources, path: str) -> Asked:
    cpu, cpu_limit = _both(resources, "cpu", path)
    memory, memory_limit = _both(resources, "memory", path)
    wanted = memory if memory is not None else memory_limit
    return Asked(
        memory=None if wanted is None else wanted[0],
        cpu=_first(cpu, cpu_limit),
        cpu_limit_factor=_factor(cpu, cpu_limit),
        memory_limit_factor=_memory_factor(memory, memory_limit),
        others=_others(resources),
    )


_Amount = tuple[str, Decimal]


def _both(resources: Resources, name: str, path: str) -> tuple[_Amount | None, _Amount | None]:
    return (
        _amount(resources.requests, name, f"{path}.requests.{name}"),
        _amount(resources.limits, name, f"{path}.limits.{name}"),
    )


def _amount(quantities: Mapping[str, str], name: str, path: str) -> _Amount | None:
    text = quantities.get(name)
    if text is None:
        return None
    if name == "cpu":
        return text, quantity.quantity(text, path=path)
    size = quantity.resource_memory(text, path=path)
    return size, Decimal(quantity.memory_size(size, path=path))


def _first(request: _Amount | None, limit: _Amount | None) -> float | None:
    found = request or limit
    return None if found is None else float(found[1])


def _factor(request: _Amount | None, limit: _Amount | None) -> float | None:
    if request is None or limit is None or not request[1]:
        return None
    return float(limit[1] / request[1])


def _memory_factor(request: _Amount | None, limit: _Amount | None) -> float | None:
    """Whole mebibytes times this, cut, is the limit again; just below it one is lost."""
    factor = _factor(request, limit)
    if factor is None or request is None or limit is None:
        return factor
    asked_for, most = (int(amount[1]) // quantity.MEBIBYTE for amount in (request, limit))
    return math.nextafter(factor, math.inf) if int(asked_for * factor) < most else factor


def _others(resources: Resources) -> dict[str, Any]:
    others: dict[str, Any] = {}
    for kind, quantities in (("limits", resources.limits), ("requests", resources.requests)):
        rest = {name: text for name, text in quantities.items() if name not in _IN_CONFIGURATION}
        if rest:
            others[kind] = rest
    if resources.claims:
        others["claims"] = [dict(claim) for claim in resources.claims]
    return others
