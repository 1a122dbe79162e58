# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The golden cases: what another operator of the contract made and recorded, and how it left it."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

import yaml

GOLDEN = Path(__file__).parents[1] / "golden"
CASES = sorted(path.parent.name for path in GOLDEN.glob("*/cr.yaml"))
STATES = sorted(path.parent.name for path in GOLDEN.glob("states/*/objects.yaml"))
LOADER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


def resource(case: str) -> dict[str, Any]:
    found: dict[str, Any] = yaml.load((GOLDEN / case / "cr.yaml").read_text(), LOADER)  # noqa: S506
    return found


def status(case: str) -> dict[str, Any]:
    found: dict[str, Any] = json.loads((GOLDEN / case / "status.json").read_text())
    return found


@cache
def objects(state: str) -> tuple[dict[str, Any], ...]:
    """Everything that belonged to the resources of that state."""
    text = (GOLDEN / "states" / state / "objects.yaml").read_text()
    return tuple(yaml.load_all(text, LOADER))


def deployment(state: str) -> dict[str, Any]:
    """The FlinkDeployment among them."""
    return next(found for found in objects(state) if found["kind"] == "FlinkDeployment")
