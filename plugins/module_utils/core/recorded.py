# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The status of a FlinkDeployment, read: what was recorded, in the contract's form.

A status may come from an operator of the contract, from an older release or from nobody; what is
missing or garbled counts as not recorded.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Any

from .dump import load_reconciled
from .errors import FlinkOpsError
from .spec import Spec

_EPOCH = datetime.fromtimestamp(0, tz=UTC)


class Reconciliation(StrEnum):
    """The contract's reconciliation states, and two for a record that is missing or broken."""

    NEVER = "NEVER"
    UNREADABLE = "UNREADABLE"
    UPGRADING = "UPGRADING"
    DEPLOYED = "DEPLOYED"
    ROLLING_BACK = "ROLLING_BACK"
    ROLLED_BACK = "ROLLED_BACK"


_WRITTEN = tuple(set(Reconciliation) - {Reconciliation.NEVER, Reconciliation.UNREADABLE})


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """`spec` is the one last reconciled; `since` when its start was begun (UTC)."""

    state: Reconciliation
    spec: Spec | None
    is_first: bool
    is_stable: bool
    job_id: str
    observed_generation: int
    savepoint: str
    since: datetime | None
    is_removing: bool


def recorded(status: Mapping[str, Any]) -> Recorded:
    """What the status says. Never raises."""
    reconciliation = _mapping(status.get("reconciliationStatus"))
    text = reconciliation.get("lastReconciledSpec")
    spec, is_first = _spec(text)
    job = _mapping(status.get("jobStatus"))
    return Recorded(
        state=_state(reconciliation.get("state"), text, spec),
        spec=spec,
        is_first=is_first,
        is_stable=bool(text) and text == reconciliation.get("lastStableSpec"),
        job_id=str(job.get("jobId") or ""),
        observed_generation=_whole(status.get("observedGeneration")),
        savepoint=str(job.get("upgradeSavepointPath") or ""),
        since=_time(reconciliation.get("reconciliationTimestamp")),
        is_removing=status.get("lifecycleState") in ("DELETING", "DELETED"),
    )


def _state(state: Any, text: Any, spec: Spec | None) -> Reconciliation:
    if not text:
        return Reconciliation.NEVER
    if spec is None or state not in _WRITTEN:
        return Reconciliation.UNREADABLE
    return Reconciliation(state)


def _spec(text: Any) -> tuple[Spec | None, bool]:
    if not text:
        return None, False
    try:
        spec, beside = load_reconciled(str(text))
    except FlinkOpsError:
        return None, False
    return spec, bool(beside.first_deployment)


def _time(milliseconds: Any) -> datetime | None:
    try:
        return _EPOCH + timedelta(milliseconds=_whole(milliseconds)) if milliseconds else None
    except OverflowError:
        return None


def _whole(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError, OverflowError):
        return 0


def _mapping(value: Any) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
