# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""wait: turns until there is something to do, or nothing more to wait for."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta

from ..core.plan import Plan, Verdict
from ..core.recorded import recorded
from ..core.seen import Seen
from ..kube import lease
from ..kube.api import Api
from ..kube.errors import ApiServerBusy, ApiServerUnreachable
from .options import NAMED, Params, Result, Rules, Spec, api_of, utc_now
from .turn import ARGUMENT_SPEC as TURN_SPEC
from .turn import Question, as_asked_for, described, fail_unless_possible, question_of, turn

ARGUMENT_SPEC: Spec = {
    **{name: option for name, option in TURN_SPEC.items() if name not in ("tell", "forecast")},
    "timeout": {"type": "int", "default": 300},
    "checkpoint": {"type": "bool", "default": False},
}
RULES: Rules = NAMED
SLOWEST = timedelta(seconds=2)
QUICK, QUICK_FOR = timedelta(seconds=0.25), timedelta(seconds=10)
CALM = timedelta(seconds=0.5)
VERDICT = timedelta(seconds=3)
"""After a deadline: a turn's own verdict comes first."""


def execute(
    params: Params, check_mode: bool, say: Callable[[str], None] = lambda _: None
) -> Result:
    """Turn after turn, saying what is new. In check mode nothing is under way: one look."""
    api = api_of(params)
    patience = utc_now() + timedelta(seconds=int(params.get("timeout") or 300))
    asked = as_asked_for(api, params, question_of(params, check_mode=check_mode))
    question = replace(asked, patience=patience)
    said, changed, began = "", False, utc_now()
    while True:
        seen, plan, told = _turn(api, question, say)
        changed = changed or told
        if params.get("checkpoint"):
            plan = _with_checkpoint(seen, plan, is_over=utc_now() > patience)
        if plan.verdict is Verdict.WAIT and not check_mode and _is_over(seen, patience):
            plan = _given_up(plan)
        if plan.verdict is not Verdict.WAIT or check_mode:
            break
        if plan.message != said:
            said = plan.message
            say(f"{question.key}: {said}")
        time.sleep(min(plan.wake, _pace(utc_now() - began)).total_seconds())
    if plan.verdict is not Verdict.GO and not check_mode:
        lease.release(api, question.name, question.namespace, question.driver, utc_now())
    if params.get("fail", True) and not check_mode:
        fail_unless_possible(plan)
    return {**described(question, seen, plan), "changed": changed}


def _pace(waited: timedelta) -> timedelta:
    """Quick at first: what takes little is not waited for long after it has come."""
    return QUICK if waited < QUICK_FOR else CALM


def _is_over(seen: Seen, patience: datetime) -> bool:
    """What is under way has a deadline of its own, as the status says; the later of both counts."""
    now = utc_now()
    own = recorded(seen.resource.status).phase.deadline if seen.resource else None
    return now > patience and (own is None or now > own + VERDICT)


def _given_up(plan: Plan) -> Plan:
    """The person waits no longer; what is under way goes on."""
    return replace(
        plan,
        verdict=Verdict.FAILED,
        next_step=plan.next_step or "It goes on as far as it can: run this again to wait on.",
    )


def _turn(api: Api, question: Question, say: Callable[[str], None]) -> tuple[Seen, Plan, bool]:
    """A turn in spite of an API server that is silent for a while: a wait bears that."""
    while True:
        try:
            return turn(api, question)
        except (ApiServerUnreachable, ApiServerBusy) as silent:
            is_over = question.patience is None or utc_now() > question.patience
            if is_over or not question.tells:
                raise
            say(f"{question.key}: {silent}")
            time.sleep(SLOWEST.total_seconds())


def _with_checkpoint(seen: Seen, plan: Plan, *, is_over: bool) -> Plan:
    """A person who waits for the first checkpoint too: a job that runs is not there yet."""
    job = getattr(seen.flink, "job", None)
    if plan.because != "the_job_runs" or job is None or job.checkpoints_completed:
        return plan
    message = f"job {job.id} is RUNNING; waiting for its first checkpoint"
    verdict = Verdict.FAILED if is_over else Verdict.WAIT
    return replace(
        plan,
        verdict=verdict,
        because="no_checkpoint_has_completed_yet",
        message=message,
        next_step="Set execution.checkpointing.interval, or don't wait for a checkpoint.",
        wake=timedelta(seconds=1),
    )
