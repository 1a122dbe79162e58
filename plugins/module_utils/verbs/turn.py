# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One turn as a module sees it: look, decide, tell ahead. The move itself is another module's."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ..core.case import Case
from ..core.claims import Asker
from ..core.decide import decide_deploy, decide_remove
from ..core.errors import Held, InvalidResource
from ..core.plan import Effect, Plan, Verdict
from ..core.recorded import recorded
from ..core.removing import Word
from ..core.seen import VERB_ANNOTATION, FlinkSeen, Seen
from ..core.size import size_of
from ..core.start import JOB_ID
from ..core.status import Told, next_status
from ..core.verb import NOTHING, Verb, VerbKind, verb_of
from ..core.wanted import Wanted
from ..kube import lease
from ..kube.api import Api
from ..kube.errors import Absent, Conflict
from ..kube.kinds import FLINK_DEPLOYMENT
from ..kube.look import Look, Subject, look
from ..kube.preflight import found_beforehand
from ..kube.tell import tell
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
}
RULES: Rules = NAMED
UNTOUCHABLE = frozenset({"another_operator_serves_this_resource", "another_driver_holds_the_lease"})
TRIES = 3


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
            wanted=self.wanted,
            defaults=self.defaults,
        )

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"


def question_of(params: Params, *, check_mode: bool) -> Question:
    wanted = wanted_of(params)
    name, namespace = identity_of(params, wanted)
    return Question(
        name=name,
        namespace=namespace,
        goal=str(params.get("goal", "deploy")),
        driver=str(params.get("driver") or ""),
        word=Word(params.get("state") or "keep"),
        verb=verb_of(str(params.get("verb") or ""), at="verb"),
        wanted=wanted,
        defaults=texts(params.get("defaults")),
        tells=bool(params.get("tell", True)) and not check_mode,
    )


def execute(params: Params, check_mode: bool) -> Result:
    """The plan, told ahead in the status unless `tell` is false or this is check mode."""
    question = question_of(params, check_mode=check_mode)
    # One look never runs out of patience; waiting is another verb's.
    asked = replace(question, patience=utc_now() + timedelta(days=1))
    seen, plan, changed = turn(api_of(params), asked)
    if params.get("fail", True):
        fail_unless_possible(plan)
    return {**described(asked, seen, plan), "changed": changed}


def turn(api: Api, question: Question) -> tuple[Seen, Plan, bool]:
    """Look, decide, tell; anew where somebody else wrote or deleted meanwhile."""
    for _try in range(TRIES - 1):
        try:
            return _turn_once(api, question)
        except (Conflict, Absent):
            continue
    return _turn_once(api, question)


def _turn_once(api: Api, question: Question) -> tuple[Seen, Plan, bool]:
    now = question.clock()
    found = look(api, question.subject, now=now)
    plan = _decided(found, question, now)
    if plan.verdict is Verdict.GO and found.wanted and _starts(question, plan):
        beforehand = found_beforehand(api, found.wanted)
        found = replace(found, seen=replace(found.seen, beforehand=beforehand))
        plan = _decided(found, question, now)
    changed = question.tells and _told(api, found, plan, question, now)
    return found.seen, plan, changed


def _starts(question: Question, plan: Plan) -> bool:
    return question.goal == "deploy" and plan.effect is Effect.START


def _decided(found: Look, question: Question, now: datetime) -> Plan:
    asker = _asker(question, now)
    if question.goal == "remove":
        return decide_remove(found.seen, key=question.key, asker=asker, word=question.word)
    return decide_deploy(
        found.seen, key=question.key, wanted=found.wanted, asker=asker, verb=_verb(found, question)
    )


def _asker(question: Question, now: datetime) -> Asker:
    return Asker(driver=question.driver, now=now, patience=question.patience)


def _verb(found: Look, question: Question) -> Verb:
    """The playbook's word before the annotation's; one that is none is left for the person."""
    resource = found.seen.resource
    if question.verb is not NOTHING or resource is None:
        return question.verb
    try:
        return verb_of(resource.verb, at=f"metadata.annotations.{VERB_ANNOTATION}")
    except InvalidResource:
        return NOTHING


def _told(api: Api, found: Look, plan: Plan, question: Question, now: datetime) -> bool:
    stored, resource = found.stored, found.seen.resource
    if stored is None or resource is None or plan.because in UNTOUCHABLE:
        return False
    size = size_of(found.wanted)
    verb = NOTHING if question.goal == "remove" else _verb(found, question)
    case = Case(
        seen=found.seen,
        record=recorded(resource.status),
        wanted=found.wanted,
        asker=_asker(question, now),
        verb=verb,
    )
    told = Told(
        plan=plan,
        fresh_job_id=_job_id(found.wanted),
        fresh_trigger_id=uuid.uuid4().hex,
        size=size.info,
        taskmanagers=size.taskmanagers,
        goal_is_removal=question.goal == "remove",
    )
    status = next_status(case, told)
    is_under_way = plan.verdict in (Verdict.GO, Verdict.WAIT)
    if status == (stored.get("status") or {}) and not is_under_way:
        return False
    scope = lease.Scope(name=resource.name, namespace=resource.namespace, uid=resource.uid)
    lease.take(api, scope, question.driver, now)
    changed = tell(api, stored, status)
    if resource.verb and is_served(plan, verb):
        _take_verb_back(api, found)
    return changed


def is_served(plan: Plan, verb: Verb) -> bool:
    """What was asked for by annotation is written ahead, or has come about."""
    if verb.kind is VerbKind.ROLLBACK:
        return plan.is_rollback or plan.verdict is Verdict.SETTLED
    return plan.effect is Effect.START or plan.verdict is Verdict.SETTLED


def _take_verb_back(api: Api, found: Look) -> None:
    stored = found.stored or {}
    metadata = stored["metadata"]
    patch = {"metadata": {"uid": metadata["uid"], "annotations": {VERB_ANNOTATION: None}}}
    api.merge(FLINK_DEPLOYMENT, metadata["name"], metadata["namespace"], patch)


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
        "lifecycle_state": status.get("lifecycleState", ""),
        "flink_version": flink.version if flink else "",
        "job_id": job.id if job else "",
        "job_name": job.name if job else "",
        "job_state": job.state if job else "",
        "checkpoints": job.checkpoints_completed if job else None,
        "last_checkpoint": checkpoint.path if checkpoint else "",
        "warnings": list(question.wanted.warnings) if question.wanted else [],
    }


def _origin(plan: Plan) -> dict[str, str]:
    """What the next start comes from, where the plan makes one."""
    if plan.origin is None:
        return {}
    return {
        "kind": plan.origin.source.value,
        "path": plan.origin.path,
        "because": plan.origin.because,
    }
