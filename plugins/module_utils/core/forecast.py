# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The whole plan before anything happens: turn after turn over a cluster that does as it is told.

The same tables decide as in earnest, so a forecast and what comes of it have the same rules.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace

from . import restore_rules
from .case import Case, case_of
from .decide import decide_deploy
from .forecast_look import after
from .intent import Intent
from .plan import Move, Origin, Phase, Plan, Source, Verdict, first
from .restore import metadata_path, restoring
from .spec import Spec
from .status import Told, next_status

MOST = 24
"""Turns of one forecast: the longest way has nine."""
JOB_TO_COME = "the job that is still to be started"
REQUEST = "a request that is still to be made"


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    move: Move
    because: str
    phase: Phase | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Forecast:
    """`steps` are the moves in their order; `end` is the plan that they lead to."""

    steps: tuple[Step, ...]
    end: Plan
    origin: Origin | None = None
    """What the start among the steps comes from, or the next one of what comes to rest."""
    is_open: bool = False
    """How it goes on depends on an answer that nobody knows yet."""
    message: str = ""
    """What the first turn says."""
    spec: Spec | None = None
    """The one that is deployed in the end."""

    @property
    def moves(self) -> frozenset[Move]:
        return frozenset(step.move for step in self.steps)

    @property
    def because(self) -> str:
        """The rule that begins it."""
        return self.steps[0].because if self.steps else self.end.because


@dataclass(frozen=True, slots=True, kw_only=True)
class _Turn:
    case: Case
    plan: Plan


def forecast(case: Case, *, key: str) -> Forecast:
    """`case`: what is now, and what is wanted. `key` is namespace/name."""
    turns = list(_turns(case, key))
    last = turns[-1]
    origins = (_named(turn) for turn in turns)
    return Forecast(
        steps=tuple(
            Step(move=turn.plan.move, because=turn.plan.because, phase=turn.plan.phase)
            for turn in turns
            if turn.plan.verdict is Verdict.GO
        ),
        end=last.plan,
        origin=next((origin for origin in origins if origin), None),
        is_open=last.plan.verdict in (Verdict.GO, Verdict.WAIT),
        message=turns[0].plan.message,
        spec=last.case.record.deployed,
    )


def _turns(case: Case, key: str) -> Iterator[_Turn]:
    """Until it is settled, refused, or open; a turn that comes again leads nowhere."""
    known: set[str] = set()
    for _turn in range(MOST):
        plan = decide_deploy(
            case.seen, key=key, wanted=case.wanted, asker=case.asker, verb=case.verb
        )
        yield _Turn(case=case, plan=plan)
        if plan.verdict not in (Verdict.GO, Verdict.WAIT):
            return
        following = _following(case, plan)
        if following is None or _mark(following, plan) in known:
            return
        known.add(_mark(following, plan))
        case = following


def _following(case: Case, plan: Plan) -> Case | None:
    told = Told(
        plan=plan, fresh_job_id=JOB_TO_COME, fresh_trigger_id=REQUEST, size={}, taskmanagers=1
    )
    seen = after(case, plan, next_status(case, told))
    if seen is None or seen.resource is None:
        return None
    return case_of(seen, wanted=case.wanted, asker=case.asker, verb=case.verb)


def _mark(case: Case, plan: Plan) -> str:
    status = case.seen.resource.status if case.seen.resource else {}
    return f"{plan.because} {json.dumps(status, sort_keys=True, default=str)} {case.seen.flink}"


def _named(turn: _Turn) -> Origin | None:
    """With the checkpoint that HA metadata names now, where the start takes that."""
    origin = turn.plan.origin or _recorded_origin(turn)
    if origin is None or origin.source is not Source.LAST_STATE:
        return origin
    return replace(origin, path=metadata_path(turn.case))


def _recorded_origin(turn: _Turn) -> Origin | None:
    """Of a start that an earlier turn has written ahead."""
    if turn.plan.move is not Move.MAKE_CLUSTER:
        return None
    rule = first(restore_rules.RULES, restoring(turn.case, Intent.NONE))
    return None if rule.source is Source.NONE else restore_rules.origin_of(rule, turn.case)
