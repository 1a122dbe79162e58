# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A person's word on the resource, its annotation: read, told where it is none, taken off."""

from __future__ import annotations

from ..core.errors import InvalidResource
from ..core.plan import Effect, Move, Plan, Verdict
from ..core.seen import VERB_ANNOTATION, Seen
from ..core.status import VERB_PATH
from ..core.verb import NOTHING, OF_REMOVAL, Verb, VerbKind, misread, verb_of
from ..kube.api import Api
from ..kube.kinds import FLINK_DEPLOYMENT
from ..kube.look import Look


def annotated(seen: Seen) -> Verb:
    """One that is none stays as it is, and the status says so: the turn goes on without it."""
    resource = seen.resource
    try:
        return verb_of(resource.verb, at=VERB_PATH) if resource else NOTHING
    except InvalidResource:
        return NOTHING


def misread_in(seen: Seen) -> list[str]:
    """What a driver is warned of."""
    found = misread(seen.resource.verb, at=VERB_PATH) if seen.resource else ""
    return [found] if found else []


def is_served(plan: Plan, verb: Verb) -> bool:
    """What was asked for by annotation is written ahead, or has come about."""
    if verb == NOTHING or verb.kind in OF_REMOVAL:
        return False
    if verb.kind is VerbKind.ADOPT:
        return True
    if verb.kind is VerbKind.ROLLBACK:
        return plan.is_rollback or plan.verdict is Verdict.SETTLED
    if verb.kind is VerbKind.ACCEPT:  # of a start: it is waited for until it runs
        return plan.is_rollback or plan.verdict is Verdict.SETTLED
    if verb.kind is VerbKind.FORCE_DELETION:  # a start is written ahead before its room is made
        return plan.move is Move.MAKE_CLUSTER or plan.verdict is Verdict.SETTLED
    return plan.effect is Effect.START or plan.verdict is Verdict.SETTLED


def hand_over(api: Api, found: Look, verb: Verb) -> None:
    """Into the resource's annotation, where the operator that serves it finds it."""
    metadata = (found.stored or {})["metadata"]
    patch = {"metadata": {"uid": metadata["uid"], "annotations": {VERB_ANNOTATION: verb.written}}}
    api.merge(FLINK_DEPLOYMENT, metadata["name"], metadata["namespace"], patch)


def take_back(api: Api, found: Look) -> None:
    stored = found.stored or {}
    metadata = stored["metadata"]
    patch = {"metadata": {"uid": metadata["uid"], "annotations": {VERB_ANNOTATION: None}}}
    api.merge(FLINK_DEPLOYMENT, metadata["name"], metadata["namespace"], patch)
