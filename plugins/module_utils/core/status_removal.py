# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a removal writes into the status, ahead of each move: that it goes, and what it leaves.

The last snapshot is named in the contract's own field and in the ledger before anything is deleted.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from . import snapshot_ledger
from .case import Situation
from .plan import Move, Plan, Verdict

Status = Mapping[str, Any]
ASKS_FLINK = (Move.STOP_JOB,)
"""What these bring about is not known yet."""


def leaving(status: Status, plan: Plan, situation: Situation, now: datetime) -> dict[str, Any]:
    """The status once a step of a removal is decided on."""
    return _naming(_going(status, plan), plan, situation, now)


def _going(status: Status, plan: Plan) -> dict[str, Any]:
    """From its first step on a removal is seen as one, and the resource is not deployed again."""
    if plan.verdict not in (Verdict.GO, Verdict.WAIT):
        return dict(status)
    return {**status, "lifecycleState": "DELETING"}


def _naming(status: Status, plan: Plan, situation: Situation, now: datetime) -> dict[str, Any]:
    """The snapshot that outlives the job, ahead of the move that ends it."""
    path = plan.origin.path if plan.origin else ""
    if plan.verdict is not Verdict.GO or plan.move in ASKS_FLINK or not path:
        return dict(status)
    job = {**(status.get("jobStatus") or {}), "upgradeSavepointPath": path}
    named = {**status, "jobStatus": job}
    if situation is Situation.NEW or path in _paths(status):
        return named
    return snapshot_ledger.noted(named, kind=_kind(path), path=path, time=now, checkpoint_id=None)


def _paths(status: Status) -> set[str]:
    return {snapshot.path for snapshot in snapshot_ledger.in_ledger(status)}


def _kind(path: str) -> str:
    """By Flink's own rule for the names of folders."""
    return "checkpoint" if path.rstrip("/").rpartition("/")[2].startswith("chk-") else "savepoint"
