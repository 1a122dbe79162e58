# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Conditions of a status: the contract's Running, and Ready, Reconciling, Stalled after kstatus.

A condition's time, and the message of one that isn't stalled, change only when its status or reason
does: nothing here makes a settled resource be written again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from .plan import Plan, Verdict
from .verb import UNKNOWN

VERB_REFUSED = "VerbRefused"


@dataclass(frozen=True, slots=True, kw_only=True)
class Condition:
    type: str
    is_true: bool
    reason: str
    message: str
    is_kept: bool = True
    """The first message stays while nothing but the message is new: progress is no condition."""

    @property
    def status(self) -> str:
        return "True" if self.is_true else "False"


def after(
    plan: Plan, old: Iterable[Mapping[str, Any]], *, job_state: str, generation: int, now: datetime
) -> list[dict[str, Any]]:
    """The conditions once `plan` was made; those of other types are kept as they are."""
    known = {str(condition.get("type")): dict(condition) for condition in old}
    for new in (_running(job_state), *_kstatus(plan)):
        known[new.type] = _merged(known.get(new.type), new, generation, now)
    return [known[kind] for kind in sorted(known)]


def with_verb(
    conditions: Iterable[Mapping[str, Any]], misread: str, *, generation: int, now: datetime
) -> list[dict[str, Any]]:
    """A word of a person that is no verb stays, and is told; with it goes the condition."""
    known = {str(condition.get("type")): dict(condition) for condition in conditions}
    old = known.pop(VERB_REFUSED, None)
    if misread:
        new = Condition(type=VERB_REFUSED, is_true=True, reason=UNKNOWN, message=misread[:2048])
        known[VERB_REFUSED] = {**_merged(old, new, generation, now), "message": new.message}
    return [known[kind] for kind in sorted(known)]


def _running(job_state: str) -> Condition:
    reason = "".join(word.capitalize() for word in job_state.split("_"))
    return Condition(
        type="Running",
        is_true=job_state == "RUNNING",
        reason=reason or "Unknown",
        message=f"Job status {job_state}",
    )


def _kstatus(plan: Plan) -> tuple[Condition, ...]:
    settled = plan.verdict is Verdict.SETTLED
    stalled = plan.verdict in (Verdict.HELD, Verdict.FAILED)
    truths = {"Ready": settled, "Reconciling": not settled and not stalled, "Stalled": stalled}
    return tuple(
        Condition(
            type=kind,
            is_true=is_true,
            reason=plan.because,
            message=told(plan),
            is_kept=not stalled,
        )
        for kind, is_true in truths.items()
    )


def told(plan: Plan) -> str:
    """The plan's message and next step as one text of at most 2048 characters."""
    return f"{plan.message}. {plan.next_step}".removesuffix(". ")[:2048]


def _merged(
    old: Mapping[str, Any] | None, new: Condition, generation: int, now: datetime
) -> dict[str, Any]:
    same = old is not None and (old.get("status"), old.get("reason")) == (new.status, new.reason)
    time = old.get("lastTransitionTime") if same and old else None
    return {
        "type": new.type,
        "status": new.status,
        "reason": new.reason,
        "message": str(old.get("message", "")) if same and old and new.is_kept else new.message,
        "lastTransitionTime": time or now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ"),
        "observedGeneration": generation,
    }
