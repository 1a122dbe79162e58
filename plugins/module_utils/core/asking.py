# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a person asks of a stored resource by one word: the change of its spec that says it.

A word that leads to nothing is refused by name: it is never lost in silence.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from .case import Case, Situation
from .forecast import Forecast
from .lenient import mapping, whole
from .plan import Move, Plan, Rule, Verdict, first_of
from .restore_rules import GUESS
from .snapshot_status import Kind, served_nonce
from .verb import VerbKind

Object = Mapping[str, Any]
NONCES = {Kind.SAVEPOINT: "savepointTriggerNonce", Kind.CHECKPOINT: "checkpointTriggerNonce"}
MOVES = {Kind.SAVEPOINT: Move.TAKE_SAVEPOINT, Kind.CHECKPOINT: Move.TAKE_CHECKPOINT}


class Word(StrEnum):
    NONE = "none"
    ROLLBACK = "rollback"
    RESTORE = "restore"
    SNAPSHOT = "snapshot"
    RESUME = "resume"


def job_of(stored: Object) -> Object:
    return mapping(mapping(stored.get("spec")).get("job"))


def asked_of(stored: Object, *, job_state: str = "", snapshot: str = "") -> dict[str, Any]:
    """The fields of spec.job that say it; none where they say so already."""
    job = job_of(stored)
    changed: dict[str, Any] = {}
    if job_state and (job.get("state") or "running") != job_state:
        changed["state"] = job_state
    if snapshot:
        kind = Kind(snapshot)
        changed |= _nonce(job, mapping(stored.get("status")), kind)
    return changed


def _nonce(job: Object, status: Object, kind: Kind) -> dict[str, int]:
    """A new one; one that nobody has served yet stays, so that a repeated word is one request."""
    given, served = whole(job.get(NONCES[kind])), served_nonce(status, kind)
    if given is not None and given != served:
        return {}
    return {NONCES[kind]: max(given or 0, served or 0) + 1}


def with_asked(stored: Object, changed: Object) -> dict[str, Any]:
    """The resource as it would be stored."""
    spec = {**mapping(stored.get("spec")), "job": {**job_of(stored), **changed}}
    return {**stored, "spec": spec}


@dataclass(frozen=True, slots=True, kw_only=True)
class Asking:
    word: Word
    leads_on: bool
    """Some move follows, or something is under way already."""
    takes_snapshot: bool
    is_as_asked: bool
    """An earlier run has done what is asked for."""
    is_running: bool
    is_new: bool


def asking(case: Case, of: Forecast, *, snapshot: str = "", resumes: bool = False) -> Asking:
    return Asking(
        word=_word(case, snapshot=snapshot, resumes=resumes),
        leads_on=bool(of.steps) or of.is_open,
        takes_snapshot=_takes(case, of, snapshot),
        is_as_asked=_is_as_asked(case, of),
        is_running=of.end.because in ("the_job_runs", "the_job_finished"),
        is_new=case.situation is Situation.NEW,
    )


def _word(case: Case, *, snapshot: str, resumes: bool) -> Word:
    if snapshot:
        return Word.SNAPSHOT
    if case.asks(VerbKind.ROLLBACK):
        return Word.ROLLBACK
    if case.asks(VerbKind.RESTORE_FROM, VerbKind.RESTORE_EMPTY, VerbKind.RESTORE_LATEST):
        return Word.RESTORE
    return Word.RESUME if resumes else Word.NONE


def _takes(case: Case, of: Forecast, snapshot: str) -> bool:
    if not snapshot:
        return False
    pending = case.record.stop if snapshot == Kind.SAVEPOINT else case.record.gate
    return MOVES[Kind(snapshot)] in of.moves or pending is not None


def _is_as_asked(case: Case, of: Forecast) -> bool:
    if case.asks(VerbKind.ROLLBACK):
        return of.end.because == "the_new_version_was_rolled_back" or case.change.restarts
    resource = case.seen.resource
    started = mapping(resource.status.get("startedFrom")) if resource else {}
    served = {
        VerbKind.RESTORE_FROM: ("the_user_names_the_snapshot",),
        VerbKind.RESTORE_EMPTY: ("the_user_lets_the_state_go",),
        VerbKind.RESTORE_LATEST: ("the_user_takes_the_metadata_that_was_found", GUESS),
    }
    is_same = started.get("because") in served.get(case.verb.kind, ())
    return is_same and (not case.verb.path or started.get("path") == case.verb.path)


RULES: tuple[Rule[Asking], ...] = (
    Rule(
        name="there_is_no_version_to_go_back_to",
        when=lambda f: f.word is Word.ROLLBACK and not f.leads_on and not f.is_as_asked,
        verdict=Verdict.HELD,
        message="no earlier version of {key} is recorded that could be gone back to",
        next_step="Apply the earlier resource again (upgrade.yml -e cr=FILE).",
    ),
    Rule(
        name="its_job_runs_and_needs_no_recovery",
        when=lambda f: (
            f.word is Word.RESTORE and f.is_running and not f.leads_on and not f.is_as_asked
        ),
        verdict=Verdict.HELD,
        message="the job of {key} runs, so it is not started from another state",
        next_step=(
            "To start it from that snapshot all the same, set spec.job.initialSavepointPath and "
            "raise spec.job.savepointRedeployNonce: what runs is dropped."
        ),
    ),
    Rule(
        name="no_snapshot_of_it_can_be_taken_now",
        when=lambda f: f.word is Word.SNAPSHOT and not f.takes_snapshot,
        verdict=Verdict.HELD,
        message="a snapshot of {key} needs its job to run: {end}",
        next_step="Take it once the job runs; diagnose.yml says why it does not.",
    ),
    Rule(
        name="a_resource_that_was_never_deployed_is_not_resumed",
        when=lambda f: f.word is Word.RESUME and f.is_new,
        verdict=Verdict.HELD,
        message="{key} was never deployed, so there is nothing to resume",
        next_step="Deploy it with deploy.yml.",
    ),
)
"""A word that nothing comes of. Everything else passes."""


def refusal(facts: Asking, of: Forecast, *, key: str) -> Plan | None:
    rule = first_of(RULES, facts)
    if rule is None:
        return None
    return Plan(
        verdict=rule.verdict,
        move=rule.move,
        because=rule.name,
        message=rule.message.format(key=key, end=f"{of.end.because} ({of.end.message})"),
        next_step=rule.next_step,
    )
