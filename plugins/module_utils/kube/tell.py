# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""tell: the one writer of a FlinkDeployment's status. Compares first; equal means no write."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .api import Api


def tell(api: Api, stored: Mapping[str, Any], status: Mapping[str, Any]) -> bool:
    """Write the status; whether it differed. Conflict where the resource changed meanwhile."""
    if not status or status == (stored.get("status") or {}):
        return False
    api.replace({**stored, "status": dict(status)}, "status")
    return True
