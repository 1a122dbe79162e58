# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One turn as a module sees it: look, decide, tell ahead. The move itself is another module's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ..core import served
from ..core.case import Case, case_of
from ..core.claims import Asker
from ..core.decide import decide_deploy, decide_remove
from ..core.errors import Held
from ..core.health import KEY as HEALTH
from ..core.plan import Effect, Move, Plan, Verdict
from ..core.removing import Word, case_of_removal, spoken
from ..core.seen import FlinkSeen, Seen
from ..core.size import size_of
from ..core.spec import JobState
from ..core.start import JOB_ID
from ..core.status import Told, next_status
from ..core.verb import NOTHING, Verb, VerbKind, of_a_deployment, verb_of
from ..core.wanted import Wanted
from ..kube import lease
from ..kube.api import Api
from ..kube.errors import Absent, Conflict
from ..kube.look import Look, Subject, look
from ..kube.preflight import found_beforehand
from ..kube.tell import tell
from . import boosting
from .foreseeing import ASKING, Foreseen, as_asked, foreseen
from .options import (
    CONNECTION,
    IDENTITY,
    NAMED,
    SOURCE,
    Params,
    Result,
    Rules,
    Spec,
    api_of,
    identity_of,
    texts,
    utc_now,
    wanted_of,
)
from .spoken import annotated, hand_over, is_served, misread_in, take_back

ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    **IDENTITY,
    **SOURCE,
    "goal": {"type": "str", "choices": ["deploy", "remove"], "default": "deploy"},
    "tell": {"type": "bool", "default": True},
    "state": {"type": "str", "choices": ["keep", "drop", "force"], "default": "keep"},
    "fail": {"type": "bool", "default": True},
    "driver": {"type": "str", "default": ""},
    "verb": {"type": "str", "default": ""},
    "forecast": {"type": "bool", "default": False},
    **ASKING,
}
RULES: Rules = NAMED
UNTOUCHABLE = served.NAMES | {
    "another_operator_serves_this_resource",
    "another_driver_holds_the_lease",
}
TRIES = 3
ONCE = (VerbKind.RETRY,)
"""Said again, it would start anew what has just been started; the others are so once they are."""
ENDS_WHAT_RUNS = (Move.STOP_JOB, Move.CANCEL_JOB, Move.DELETE_CLUSTER)


@dataclass(frozen=True, slots=True, kw_only=True)
class Question:
    """What is asked of a turn, whoever drives it."""

    name: str
    namespace: str
    goal: str
    driver: str
    word: Word = Word.KEEP
    verb: Verb = NOTHING
    wanted: Wanted | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)
    tells: bool = True
    patience: datetime | None = None
    clock: Callable[[], datetime] = utc_now

    @property
    def subject(self) -> Subject:
        return Subject(
            name=self.name,
            namespace=self.namespace,
            wanted=None if self.goal == "remove" else self.wanted,
            defaults=self.defaults,
        )

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"


def question_of(params: Params, *, check_mode: bool) -> Question:
    wanted = wanted_of(params)
    name, namespace = identity_of(params, wanted)
    verb = verb_of(str(params.get("verb") or ""), at="verb")
    return Question(
        name=name,
        namespace=namespace,
        goal=str(params.get("goal", "deploy")),
        driver=str(params.get("driver") or ""),
        word=Word(params.get("state") or "keep"),
        verb=verb if params.get("goal") == "remove" else of_a_deployment(verb, at="verb"),
        wanted=wanted,
        defaults=texts(params.get("defaults")),
        tells=bool(params.get("tell", True)) and not check_mode,
    )


def execute(params: Params, check_mode: bool) -> Result:
    """The plan, told ahead in the status unless `tell` is false or this is check mode."""
    api = api_of(params)
    question = as_asked_for(api, params, question_of(params, check_mode=check_mode))
    # One look never runs out of patience; waiting is another verb's.
    asked = replace(question, patience=utc_now() + timedelta(days=1))
    if params.get("forecast") and not asked.tells:
        return _foretold(api, params, asked)
    seen, plan, changed = turn(api, asked)
    if params.get("fail", True):
        fail_unless_possible(plan)
    return {**described(asked, seen, plan), "changed": changed, "forecast": {}, "diff": []}


def as_asked_for(api: Api, params: Params, question: Question) -> Question:
    """What is only looked at is looked at as it would be stored; a turn that tells finds it so."""
    if question.tells:
        return question
    return replace(question, wanted=as_asked(api, params, question.wanted, question.key))


def _foretold(api: Api, params: Params, question: Question) -> Result:
    """A look with the whole plan. What is refused has none; a failure is a part of it."""
    now, found, plan = _looked(api, question)
    told = Foreseen()
    if plan.verdict is not Verdict.HELD:
        told = foreseen(_case(found, _by_its_clock(api, question), now), params, question.key)
    plan = told.refusal or plan
    if params.get("fail", True) and plan.verdict is Verdict.HELD:
        fail_unless_possible(plan)
    more = {"changed": False, "forecast": told.told, "diff": told.diff}
    return {**described(question, found.seen, plan), **more}


def turn(api: Api, question: Question) -> tuple[Seen, Plan, bool]:
    """Look, decide, tell; anew where somebody else wrote or deleted meanwhile."""
    for _try in range(TRIES - 1):
        try:
            return _turn_once(api, question)
        except (Conflict, Absent):
            continue
    return _turn_once(api, question)


def glance(api: Api, question: Question) -> tuple[Seen, Plan, bool]:
    """Look and decide without a write; the last value: whether `turn` would write or move.

    For a driver that reads from its watches. It acts upon none of it: what is to be done is
    decided anew by `turn`, which reads from the API server itself.
    """
    found = look(api, question.subject, now=question.clock())
    now, question = api.by_its_clock(question.clock()), _by_its_clock(api, question)
    plan = _decided(found, question, now)
    telling = _telling(found, plan, question, now)
    if telling is None:
        return found.seen, plan, False
    claim = found.seen.claim
    is_said = telling.status == ((found.stored or {}).get("status") or {})
    is_held = plan.verdict is not Verdict.WAIT or (claim and claim.identity == question.driver)
    is_quiet = is_said and is_held and not (telling.takes_it or telling.is_spent)
    return found.seen, plan, plan.verdict is Verdict.GO or not is_quiet


def _turn_once(api: Api, question: Question) -> tuple[Seen, Plan, bool]:
    now, found, plan = _looked(api, question)
    question = _by_its_clock(api, question)
    if _is_for_the_operator(found, plan, question):
        hand_over(api, found, question.verb)
        seen, plan, _changed = _turn_once(api, replace(question, verb=NOTHING))
        return seen, plan, True
    changed = question.tells and _told(api, found, plan, question, now)
    return found.seen, plan, changed


def _is_for_the_operator(found: Look, plan: Plan, question: Question) -> bool:
    """A person's word to a playbook, where another one makes the turns."""
    is_said = question.verb != NOTHING and found.seen.resource is not None
    return is_said and question.tells and plan.because in served.NAMES


def _looked(api: Api, question: Question) -> tuple[datetime, Look, Plan]:
    found = look(api, question.subject, now=question.clock())
    now, question = api.by_its_clock(question.clock()), _by_its_clock(api, question)
    plan = _decided(found, question, now)
    makes_room = _makes_room(found, question, plan)
    if plan.verdict is Verdict.GO and found.wanted and (makes_room or _starts(question, plan)):
        beforehand = found_beforehand(api, found.wanted, makes_room=makes_room)
        found = replace(found, seen=replace(found.seen, beforehand=beforehand))
        plan = _decided(found, question, now)
    return now, found, plan


def _by_its_clock(api: Api, question: Question) -> Question:
    patience = question.patience
    return replace(question, patience=api.by_its_clock(patience) if patience else None)


def _makes_room(found: Look, question: Question, plan: Plan) -> bool:
    """What runs is to be ended for the wanted spec: a job isn't stopped for one that is refused."""
    deployment = found.wanted.deployment if found.wanted else None
    job = deployment.spec.job if deployment else None
    runs = job is not None and job.state is JobState.RUNNING
    return question.goal == "deploy" and runs and plan.move in ENDS_WHAT_RUNS


def _starts(question: Question, plan: Plan) -> bool:
    return question.goal == "deploy" and plan.effect is Effect.START


def _decided(found: Look, question: Question, now: datetime) -> Plan:
    asker = _asker(found.seen, question, now)
    if question.goal == "remove":
        return decide_remove(_case(found, question, now), key=question.key, word=question.word)
    return decide_deploy(
        found.seen,
        key=question.key,
        wanted=found.wanted,
        asker=asker,
        verb=_verb(found.seen, question),
    )


def _case(found: Look, question: Question, now: datetime) -> Case:
    known = case_of_removal if question.goal == "remove" else case_of
    verb = _verb(found.seen, question)
    asker = _asker(found.seen, question, now)
    return known(found.seen, wanted=found.wanted, asker=asker, verb=verb)


def _asker(seen: Seen, question: Question, now: datetime) -> Asker:
    """Who only looks is shown what the operator will do, where one serves the resource."""
    driver = question.driver
    asker = Asker(driver=driver, now=now, patience=question.patience)
    if seen.claim is not None and not question.tells and served.by_an_operator(seen, asker):
        return replace(asker, driver=seen.claim.identity)
    return asker


def _verb(seen: Seen, question: Question) -> Verb:
    """The playbook's word before the annotation's."""
    return annotated(seen) if question.verb == NOTHING else question.verb


def _told(api: Api, found: Look, plan: Plan, question: Question, now: datetime) -> bool:
    stored, resource = found.stored, found.seen.resource
    telling = _telling(found, plan, question, now)
    if stored is None or resource is None or telling is None:
        return False
    status = telling.status
    if _starts(question, plan):
        status = boosting.announced(api, found.wanted, status)
    is_under_way = plan.verdict in (Verdict.GO, Verdict.WAIT)
    is_same = status == (stored.get("status") or {})
    if is_same and not (is_under_way or telling.takes_it or telling.is_spent):
        return False
    if not found.seen.is_namespace_going:  # no Lease can be made there any more
        scope = lease.Scope(name=resource.name, namespace=resource.namespace, uid=resource.uid)
        lease.take(api, scope, question.driver, now)
    is_news = _without_notes(status) != _without_notes(stored.get("status") or {})
    changed = (tell(api, stored, status) and is_news) or telling.takes_it
    if telling.is_spent:
        take_back(api, found)
    return changed or telling.is_spent


@dataclass(frozen=True, slots=True, kw_only=True)
class _Telling:
    status: dict[str, Any]
    takes_it: bool
    """A resource that nobody claimed, or another operator, becomes ours by the word adopt."""
    is_spent: bool
    """The annotation's verb is served: it is taken off."""


def _telling(found: Look, plan: Plan, question: Question, now: datetime) -> _Telling | None:
    """What there is to say; None where the resource is not ours to write to, or is not there."""
    stored, resource = found.stored, found.seen.resource
    if stored is None or resource is None or plan.because in UNTOUCHABLE:
        return None
    size = size_of(found.wanted)
    case, verb = _case(found, question, now), _verb(found.seen, question)
    told = Told(
        plan=plan,
        fresh_job_id=_job_id(found.wanted),
        fresh_trigger_id=uuid.uuid4().hex,
        size=size.info,
        taskmanagers=size.taskmanagers,
        goal_is_removal=question.goal == "remove",
    )
    return _Telling(
        status=next_status(case, told),
        takes_it=verb.kind is VerbKind.ADOPT and found.seen.claim is None,
        is_spent=is_served(plan, verb) and verb == annotated(found.seen),
    )


def _without_notes(status: Mapping[str, Any]) -> dict[str, Any]:
    """The ledger and a job's health tell what goes on by itself: they count as no change."""
    info = status.get("clusterInfo") or {}
    told = {key: value for key, value in status.items() if key != "ledger"}
    return {**told, "clusterInfo": {key: info[key] for key in info if key != HEALTH}}


def _job_id(wanted: Wanted | None) -> str:
    """The user's own id where the configuration names one; else one that was never used."""
    given = wanted.configuration.get(JOB_ID) if wanted else None
    return given or uuid.uuid4().hex


def fail_unless_possible(plan: Plan) -> None:
    """Raise the rule's own words where the plan is a refusal or a failure."""
    if plan.verdict in (Verdict.HELD, Verdict.FAILED):
        raise Held(plan.because, f"{plan.because}: {plan.message}. {plan.next_step}".rstrip(". "))


def described(question: Question, seen: Seen, plan: Plan) -> Result:
    """The turn as plain data. Identifiers and reasons only: no spec, nothing secret."""
    status: dict[str, Any] = dict(seen.resource.status) if seen.resource else {}
    flink = seen.flink if isinstance(seen.flink, FlinkSeen) else None
    job = flink.job if flink else None
    checkpoint = job.last_checkpoint if job else None
    return {
        "name": question.name,
        "namespace": question.namespace,
        "verdict": plan.verdict.value,
        "move": plan.move.value,
        "because": plan.because,
        "phase": plan.phase.value if plan.phase else "",
        "origin": _origin(plan),
        "message": plan.message,
        "next_step": plan.next_step,
        "verb": _left_to_say(question, plan),
        "state": _word(question, seen).value,
        "lifecycle_state": status.get("lifecycleState", ""),
        "flink_version": flink.version if flink else "",
        "job_id": job.id if job else "",
        "job_name": job.name if job else "",
        "job_state": job.state if job else "",
        "checkpoints": job.checkpoints_completed if job else None,
        "last_checkpoint": checkpoint.path if checkpoint else "",
        "warnings": [*(question.wanted.warnings if question.wanted else ()), *misread_in(seen)],
    }


def _word(question: Question, seen: Seen) -> Word:
    return spoken(_verb(seen, question), question.word)


def _left_to_say(question: Question, plan: Plan) -> str:
    """The verb for the next turn of this run: what is asked for once is not asked for again."""
    is_heard = plan.because in served.NAMES
    is_done = is_heard or (question.verb.kind in ONCE and is_served(plan, question.verb))
    return "" if is_done and question.tells else question.verb.written


def _origin(plan: Plan) -> dict[str, str]:
    """What the next start comes from, where the plan makes one."""
    if plan.origin is None:
        return {}
    return {
        "kind": plan.origin.source.value,
        "path": plan.origin.path,
        "because": plan.origin.because,
    }
