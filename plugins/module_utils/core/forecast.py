# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The whole plan before anything happens: turn after turn over a cluster that does as it is told.

The same tables decide as in earnest, so a forecast and what comes of it have the same rules.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta

from . import restore_rules
from .case import Case, case_of
from .decide import decide_deploy
from .deletion_mode import ModeRule
from .forecast_look import Status, after
from .intent import Intent
from .leaving import is_told
from .plan import Move, Origin, Phase, Plan, Source, Verdict, first
from .restore import metadata_path, restoring
from .seen import Seen
from .spec import Spec
from .status import Told, next_status

MOST = 24
"""Turns of one forecast: the longest way has nine."""
LONGEST = 12
"""Doublings of a second: more than any answer of Flink's is old."""
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
    is_removal: bool = False
    """It leads to nothing left, and `origin` is what is kept of its state."""
    deletion: ModeRule | None = None
    """How the job of a removal is to end, and why so."""

    @property
    def moves(self) -> frozenset[Move]:
        return frozenset(step.move for step in self.steps)

    @property
    def because(self) -> str:
        """The rule that begins it."""
        return self.steps[0].because if self.steps else self.end.because


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    case: Case
    plan: Plan


@dataclass(frozen=True, slots=True, kw_only=True)
class Goal:
    """Where the turns lead: how one of them is decided, and what the next one then sees."""

    decides: Callable[[Case], Plan]
    follows: Callable[[Case, Plan, Status], Seen | None]
    anew: Callable[[Seen, Case], Case]
    """The case of the next look."""
    is_removal: bool = False


def forecast(case: Case, *, key: str) -> Forecast:
    """`case`: what is now, and what is wanted. `key` is namespace/name."""
    found = list(turns(case, Goal(decides=_deciding(key), follows=after, anew=_anew)))
    last = found[-1]
    origins = (_named(turn) for turn in found)
    return Forecast(
        steps=steps(found),
        end=last.plan,
        origin=next((origin for origin in origins if origin), None),
        is_open=is_open(last),
        message=found[0].plan.message,
        spec=last.case.record.deployed,
    )


def steps(of: Iterable[Turn]) -> tuple[Step, ...]:
    """The turns that make a move."""
    plans = (turn.plan for turn in of if turn.plan.verdict is Verdict.GO)
    return tuple(Step(move=it.move, because=it.because, phase=it.phase) for it in plans)


def is_open(last: Turn) -> bool:
    return last.plan.verdict in (Verdict.GO, Verdict.WAIT)


def turns(case: Case, goal: Goal) -> Iterator[Turn]:
    """Until it is settled, refused, or open; a turn that comes again leads nowhere."""
    known: set[str] = set()
    for _turn in range(MOST):
        plan = goal.decides(case)
        yield Turn(case=case, plan=plan)
        if plan.verdict not in (Verdict.GO, Verdict.WAIT):
            return
        following = _following(case, plan, goal)
        if following is None or _mark(following, plan) in known:
            return
        known.add(_mark(following, plan))
        case = following


def _following(case: Case, plan: Plan, goal: Goal) -> Case | None:
    told = Told(
        plan=plan,
        fresh_job_id=JOB_TO_COME,
        fresh_trigger_id=REQUEST,
        size={},
        taskmanagers=1,
        goal_is_removal=goal.is_removal,
    )
    seen = goal.follows(case, plan, next_status(case, told))
    return None if seen is None else goal.anew(seen, case)


def _deciding(key: str) -> Callable[[Case], Plan]:
    def decides(case: Case) -> Plan:
        return decide_deploy(
            case.seen, key=key, wanted=case.wanted, asker=case.asker, verb=case.verb
        )

    return decides


def _anew(seen: Seen, case: Case) -> Case:
    return once_told(case_of(seen, wanted=case.wanted, asker=case.asker, verb=case.verb))


def once_told(case: Case) -> Case:
    """Flink's answers are some seconds old: the clock goes on until those on its end are final."""
    spans = (timedelta(seconds=2**doubled) for doubled in range(LONGEST))
    later = (replace(case, asker=replace(case.asker, now=case.asker.now + it)) for it in spans)
    return case if is_told(case) else next((one for one in later if is_told(one)), case)


def _mark(case: Case, plan: Plan) -> str:
    status = case.seen.resource.status if case.seen.resource else {}
    return f"{plan.because} {json.dumps(status, sort_keys=True, default=str)} {case.seen.flink}"


def _named(turn: Turn) -> Origin | None:
    """With the checkpoint that HA metadata names now, where the start takes that."""
    origin = turn.plan.origin or _recorded_origin(turn)
    if origin is None or origin.source is not Source.LAST_STATE:
        return origin
    return replace(origin, path=metadata_path(turn.case))


def _recorded_origin(turn: Turn) -> Origin | None:
    """Of a start that an earlier turn has written ahead."""
    if turn.plan.move is not Move.MAKE_CLUSTER:
        return None
    rule = first(restore_rules.RULES, restoring(turn.case, Intent.NONE))
    return None if rule.source is Source.NONE else restore_rules.origin_of(rule, turn.case)
