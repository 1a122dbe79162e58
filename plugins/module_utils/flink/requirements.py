# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""How many subtasks each vertex may have, for scaling a job in place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .wire import Wire


@dataclass(frozen=True, slots=True, kw_only=True)
class Bounds:
    lower: int
    upper: int


def read_requirements(wire: Wire) -> Mapping[str, Bounds]:
    return {vertex: _bounds(entry["parallelism"]) for vertex, entry in wire.pairs()}


def _bounds(wire: Wire) -> Bounds:
    return Bounds(lower=wire.whole("lowerBound"), upper=wire.whole("upperBound"))


def requirements_body(wanted: Mapping[str, Bounds]) -> dict[str, Any]:
    return {
        vertex: {"parallelism": {"lowerBound": bounds.lower, "upperBound": bounds.upper}}
        for vertex, bounds in wanted.items()
    }
