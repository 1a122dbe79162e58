# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The table of a resource that an operator of ours serves, for everybody else who asks for a turn.

A playbook stores what is wanted, hands its words over, and waits until the operator says that it is
so. What the operator does is the other tables' business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .case import Case
from .claims import Asker
from .plan import Move, Rule, Verdict
from .removing import Word
from .seen import Seen

OPERATOR = "operator@"
"""What the identity of an operator begins with; the Lease of its leader follows."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Serving:
    removes: bool
    """The one who asks wants it removed."""
    is_going: bool
    keeps: bool
    """As spec.job.deletionMode says: nothing is to be dropped or forced."""
    is_seen: bool
    """The operator's conditions are of the newest generation."""
    has_word: bool
    """A word of a person waits to be heard."""
    is_ready: bool
    is_stalled: bool


def by_an_operator(seen: Seen, asker: Asker) -> bool:
    """An operator that is alive serves it, and it is another one who asks."""
    holder = seen.claim
    if holder is None or holder.identity == asker.driver:
        return False
    return holder.identity.startswith(OPERATOR) and holder.expires > asker.now


def serving(case: Case, *, removes: bool, word: Word = Word.KEEP) -> Serving:
    resource = case.seen.resource
    generation = resource.generation if resource else 0
    ready, stalled = _condition(case, "Ready"), _condition(case, "Stalled")
    return Serving(
        removes=removes,
        is_going=resource is not None and resource.being_deleted,
        keeps=word is Word.KEEP,
        is_seen=ready.get("observedGeneration") == generation,
        has_word=bool(resource and resource.verb),
        is_ready=ready.get("status") == "True",
        is_stalled=stalled.get("status") == "True",
    )


def told(case: Case) -> str:
    """What the operator says of it."""
    return str(_condition(case, "Ready").get("message") or "it has not said anything yet")


def _condition(case: Case, kind: str) -> Mapping[str, Any]:
    status = case.seen.resource.status if case.seen.resource else {}
    every = status.get("conditions")
    found = (item for item in every if isinstance(item, dict)) if isinstance(every, list) else ()
    return next((item for item in found if item.get("type") == kind), {})


RULES: tuple[Rule[Serving], ...] = (
    Rule(
        name="its_operator_can_not_remove_it",
        when=lambda f: f.removes and f.is_going and f.is_stalled and not f.has_word,
        verdict=Verdict.FAILED,
        message="{holder} can not remove FlinkDeployment {key} yet: {told_by_operator}",
        next_step="Do what it says; diagnose.yml tells more. It goes on by itself.",
    ),
    Rule(
        name="its_operator_removes_it",
        when=lambda f: f.removes and f.is_going,
        verdict=Verdict.WAIT,
        message="{holder} removes FlinkDeployment {key}: {told_by_operator}",
    ),
    Rule(
        name="its_operator_removes_it_as_its_spec_says",
        when=lambda f: f.removes and not f.keeps,
        verdict=Verdict.HELD,
        message="{holder} removes FlinkDeployment {key}, as spec.job.deletionMode says",
        next_step=(
            "Set spec.job.deletionMode and remove it without remove_state; or annotate it with the "
            "verb skip-savepoint or force-deletion."
        ),
    ),
    Rule(
        name="its_operator_is_asked_to_remove_it",
        when=lambda f: f.removes,
        verdict=Verdict.GO,
        move=Move.DELETE_RESOURCE,
        message="asking {holder} to remove FlinkDeployment {key}, by deleting the resource",
    ),
    Rule(
        name="its_operator_is_removing_it",
        when=lambda f: f.is_going,
        verdict=Verdict.HELD,
        message="FlinkDeployment {key} is being deleted; {holder} removes it",
        next_step="Wait until it is gone, then deploy it anew.",
    ),
    Rule(
        name="its_operator_has_not_seen_it_yet",
        when=lambda f: not f.is_seen or f.has_word,
        verdict=Verdict.WAIT,
        message="waiting until {holder} has seen what is wanted of FlinkDeployment {key}",
    ),
    Rule(
        name="its_operator_says_what_is_wrong",
        when=lambda f: f.is_stalled,
        verdict=Verdict.FAILED,
        message="{holder} says of FlinkDeployment {key}: {told_by_operator}",
        next_step="Correct the resource and apply it again; diagnose.yml tells more.",
    ),
    Rule(
        name="its_operator_says_that_it_is_well",
        when=lambda f: f.is_ready,
        verdict=Verdict.SETTLED,
        message="{told_by_operator} (served by {holder})",
    ),
    Rule(
        name="its_operator_works_on_it",
        when=lambda _: True,
        verdict=Verdict.WAIT,
        message="{holder} works on FlinkDeployment {key}: {told_by_operator}",
    ),
)
NAMES = frozenset(rule.name for rule in RULES)
