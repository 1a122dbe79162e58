# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The job inside a recorded spec's text, read and changed without touching the rest of it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from .lenient import mapping, text
from .parse_configuration import java_json

_LAST, _STABLE = "lastReconciledSpec", "lastStableSpec"


def recorded_job(status: Mapping[str, Any]) -> Mapping[str, Any]:
    """Of the spec that was reconciled last; empty where it can't be read."""
    return job_in(mapping(status.get("reconciliationStatus")).get(_LAST))


def job_in(spec_text: Any) -> Mapping[str, Any]:
    return mapping(_spec(_parsed(spec_text)).get("job"))


def initial_paths(status: Mapping[str, Any]) -> set[str]:
    """What the recorded specs name as the savepoint to begin from."""
    reconciliation = mapping(status.get("reconciliationStatus"))
    texts = (
        reconciliation.get(_LAST),
        reconciliation.get(_STABLE),
        status.get("previousStableSpec"),
    )
    return {text(job_in(spec).get("initialSavepointPath")) for spec in texts} - {""}


def with_job_field(status: Mapping[str, Any], name: str, value: int) -> dict[str, Any]:
    """Set a field in the recorded spec, and in the stable one where that is the same."""
    reconciliation = dict(mapping(status.get("reconciliationStatus")))
    before = reconciliation.get(_LAST)
    parsed = _parsed(before)
    job = _spec(parsed).get("job")
    if not isinstance(job, dict):
        return dict(status)
    job[name] = value
    after = java_json(parsed)
    if reconciliation.get(_STABLE) == before:
        reconciliation[_STABLE] = after
    reconciliation[_LAST] = after
    return {**status, "reconciliationStatus": reconciliation}


def _parsed(spec_text: Any) -> dict[str, Any]:
    try:
        found = json.loads(text(spec_text))
    except (ValueError, RecursionError):
        return {}
    return found if isinstance(found, dict) else {}


def _spec(parsed: Mapping[str, Any]) -> Mapping[str, Any]:
    """The oldest form has no envelope."""
    inner = parsed.get("spec")
    return inner if isinstance(inner, dict) else parsed
