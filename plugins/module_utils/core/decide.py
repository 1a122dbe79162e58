# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""decide: from what was wanted and found to the plan. Pure: who asks, and when, are arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

from . import (
    care_rules,
    refusing,
    remove_rules,
    restore_rules,
    served,
    snapshots,
    start_rules,
    stop_rules,
    suspended,
)
from .caring import caring, is_stable, must_go_back, must_restart
from .case import Case, JobManager, Situation, case_of
from .claims import Asker
from .health_case import explained
from .intent import Intent, intending, intent_of
from .leaving import DROPPED, known_of
from .plan import Effect, Move, Origin, Plan, Rule, Source, Verdict, Which, first, first_of
from .recorded import Reconciliation
from .remove_words import told_decided, told_finalizers, told_kept
from .removing import Word, removing, spoken
from .restore import Restoring, restoring
from .seen import Seen
from .snapshot_case import snapshot_look
from .starting import starting
from .stopping import stopping
from .verb import NOTHING, Verb
from .wanted import Wanted
from .words import words_of

POLL = timedelta(seconds=1)
NAMING = (Effect.START, Effect.SUSPENDED, Effect.CANCEL_REQUESTED)
"""What is written ahead with the state that the next start comes from; a deletion is too."""
SETTLED_AND_RUNNING = ("the_job_runs", "the_new_version_was_rolled_back")
NO_SNAPSHOT = "no_snapshot_is_due"
AFTER_A_FAILURE = timedelta(seconds=15)


def decide_deploy(
    seen: Seen, *, key: str, wanted: Wanted | None, asker: Asker, verb: Verb = NOTHING
) -> Plan:
    """The next move towards what the spec asks for. `key` is namespace/name."""
    case = case_of(seen, wanted=wanted, asker=asker, verb=verb)
    if served.by_an_operator(seen, asker):
        rule = first(served.RULES, served.serving(case, removes=False))
        return _plan(rule, words_of(case, key))
    facts = refusing.refusing(case)
    refusal = first_of(refusing.RULES, facts)
    if refusal is not None:
        return _plan(refusal, words_of(case, key))
    plan = explained(_living(case, key), case, intent(case))
    if facts.has_problems and plan.verdict is Verdict.SETTLED:
        return _plan(refusing.BROKEN, words_of(case, key))
    return plan


def decide_remove(case: Case, *, key: str, word: Word) -> Plan:
    """The next move towards nothing left. `word`: what the user said about the state."""
    word = spoken(case.verb, word)
    words = words_of(case, key)
    if served.by_an_operator(case.seen, case.asker):
        return _plan(first(served.RULES, served.serving(case, removes=True, word=word)), words)
    known = known_of(case)
    kept, finalizers = told_kept(known, case, word), told_finalizers(case)
    words.update(kept=kept, finalizers=finalizers, decided=told_decided(case))
    plan = _plan(first(remove_rules.RULES, removing(case, word=word, known=known)), words)
    if plan.verdict is not Verdict.GO:
        return plan
    return replace(plan, origin=DROPPED if word is Word.DROP else known.origin)


def intent(case: Case) -> Intent:
    """What is to become of an application that is recorded as running."""
    if case.situation is not Situation.RUNNING:
        return Intent.NONE
    facts = intending(case, must_go_back=must_go_back(case), must_restart=must_restart(case))
    found = intent_of(facts)
    if found is Intent.NONE and case.jobmanager is JobManager.ABSENT:
        return Intent.RECOVER
    return found


def _living(case: Case, key: str) -> Plan:
    what = intent(case)
    restore = first(restore_rules.RULES, restoring(case, what))
    rule = _rule(case, what, restore)
    origin = restore_rules.origin_of(restore, case) if restore.source is not Source.NONE else None
    words = words_of(case, key, restore=restore, origin=origin)
    if rule.name in SETTLED_AND_RUNNING:
        return _with_snapshots(_plan(rule, words), case, key)
    return _with_start(_plan(rule, words), case, what, origin)


def _with_snapshots(plan: Plan, case: Case, key: str) -> Plan:
    """A job that runs well, and that nobody wants changed, may have a snapshot to take."""
    look = snapshot_look(case, key)
    rule = snapshots.decide(look) if look else None
    if look is None or rule is None or rule.name == NO_SNAPSHOT:
        return plan
    if not is_stable(case):  # its record says so first: the turn after this one goes on
        return replace(plan, verdict=Verdict.WAIT, wake=POLL)
    return _plan(rule, snapshots.words(look))


def _rule(case: Case, what: Intent, restore: Rule[Restoring]) -> Rule[Any]:
    match case.situation:
        case Situation.NEW | Situation.STARTING | Situation.ROLLING_BACK:
            return first(start_rules.RULES, starting(case, restore))
        case Situation.SUSPENDED:
            return first(suspended.RULES, suspended.suspended(case, restore))
        case _ if what in (Intent.NONE, Intent.RECOVER):
            return first(care_rules.RULES, caring(case, restore))
        case _:
            return first(stop_rules.RULES, stopping(case, what, restore))


def _with_start(plan: Plan, case: Case, what: Intent, origin: Origin | None) -> Plan:
    if plan.move is not Move.DELETE_CLUSTER and plan.effect not in NAMING:
        return plan
    which = _which(case, what)
    back = which in (Which.STABLE, Which.PREVIOUS)
    return replace(plan, origin=origin, which=which, is_rollback=back)


def _which(case: Case, what: Intent) -> Which:
    """The spec that the start is made from."""
    if what is Intent.STEP_BACK:
        return Which.PREVIOUS
    if what is Intent.GO_BACK:
        return Which.STABLE
    if what in (Intent.RESTART, Intent.RECOVER):
        rolled_back = case.record.state is Reconciliation.ROLLED_BACK
        return Which.STABLE if rolled_back else Which.RECORDED
    return Which.WANTED


def _plan(rule: Rule[Any], words: Mapping[str, str]) -> Plan:
    return Plan(
        verdict=rule.verdict,
        move=rule.move,
        because=rule.name,
        message=rule.message.format_map(words),
        next_step=rule.next_step.format_map(words),
        wake=WAKES.get(rule.verdict, timedelta(0)),
        effect=rule.effect,
        phase=rule.phase,
    )


WAKES = {Verdict.WAIT: POLL, Verdict.FAILED: AFTER_A_FAILURE}
"""When a driver that goes on by itself looks again at the latest."""
