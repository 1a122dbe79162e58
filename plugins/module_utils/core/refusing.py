# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a turn refuses before anything else is asked: whose a resource is, and what it is."""

from __future__ import annotations

from dataclasses import dataclass

from .case import Case, Situation
from .claims import Claim, Shape, claim_of, shape_of
from .plan import Rule, Verdict
from .verb import VerbKind


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusing:
    is_there: bool
    is_going: bool
    claim: Claim
    has_problems: bool
    was_deployed: bool
    """There is a recorded spec to go on with while the wanted one breaks rules."""
    is_readable: bool
    shape: Shape
    is_removing: bool


def refusing(case: Case) -> Refusing:
    resource = case.seen.resource
    return Refusing(
        is_there=resource is not None,
        is_going=resource is not None and resource.being_deleted,
        claim=claim_of(case.seen, case.asker, adopts=case.asks(VerbKind.ADOPT)),
        has_problems=has_problems(case),
        was_deployed=case.situation not in (Situation.NEW, Situation.UNREADABLE),
        is_readable=case.situation is not Situation.UNREADABLE,
        shape=shape_of(case.spec),
        is_removing=case.record.is_removing,
    )


def has_problems(case: Case) -> bool:
    resource = case.seen.resource
    return bool(resource and resource.problems) or bool(case.seen.beforehand)


UNTOUCHABLE: tuple[Rule[Refusing], ...] = (
    Rule(
        name="the_resource_is_not_there",
        when=lambda f: not f.is_there,
        verdict=Verdict.HELD,
        message="there is no FlinkDeployment {key}",
        next_step="Apply it (deploy.yml with its file); or it was deleted meanwhile.",
    ),
    Rule(
        name="another_operator_serves_this_resource",
        when=lambda f: f.claim is Claim.ANOTHER_OPERATOR,
        verdict=Verdict.HELD,
        message="FlinkDeployment {key} carries another operator's finalizer or status",
        next_step=(
            "Leave it to that operator; or switch it off for this resource and adopt the resource "
            "with the verb adopt (upgrade.yml -e deploy_verb=adopt): its job goes on as it is."
        ),
    ),
    Rule(
        name="another_driver_holds_the_lease",
        when=lambda f: f.claim is Claim.ANOTHER_DRIVER,
        verdict=Verdict.HELD,
        message="{holder} is working on FlinkDeployment {key} until {expires}",
        next_step="Wait for it, or run this again after that time.",
    ),
    Rule(
        name="the_resource_is_being_deleted",
        when=lambda f: f.is_going,
        verdict=Verdict.HELD,
        message="FlinkDeployment {key} is being deleted",
        next_step="Wait until it is gone, then deploy it anew.",
    ),
    Rule(
        name="its_removal_was_begun",
        when=lambda f: f.is_removing,
        verdict=Verdict.HELD,
        message="the removal of FlinkDeployment {key} was begun and is not finished",
        next_step="Finish it with remove.yml, then deploy it anew.",
    ),
    Rule(
        name="its_status_can_not_be_read",
        when=lambda f: not f.is_readable,
        verdict=Verdict.HELD,
        message=(
            "the status of FlinkDeployment {key} names no spec that can be read: somebody wrote it "
            "by hand, or a newer release did; nothing is touched"
        ),
        next_step=(
            "Put reconciliationStatus.lastReconciledSpec back from a backup of the resource, or "
            "remove the resource with its state kept and deploy it from its last checkpoint."
        ),
    ),
)

UNSERVED: tuple[Rule[Refusing], ...] = (
    Rule(
        name="the_resource_breaks_rules",
        when=lambda f: f.has_problems and not f.was_deployed,
        verdict=Verdict.HELD,
        message="{problems}",
    ),
    Rule(
        name="session_clusters_are_not_served_yet",
        when=lambda f: f.shape is Shape.SESSION,
        verdict=Verdict.HELD,
        message="spec.job is absent, so {key} asks for a session cluster",
        next_step="Give it a spec.job; session clusters are rendered (make render), not run yet.",
    ),
    Rule(
        name="standalone_mode_is_not_served_yet",
        when=lambda f: f.shape is Shape.STANDALONE,
        verdict=Verdict.HELD,
        message="spec.mode of {key} is standalone",
        next_step="Use mode native; standalone clusters are rendered (make render), not run yet.",
    ),
)

RULES = (*UNTOUCHABLE, *UNSERVED)

BROKEN: Rule[Refusing] = Rule(
    name="the_resource_breaks_rules",
    when=lambda _: True,
    verdict=Verdict.HELD,
    message="{problems}",
    next_step="What runs goes on with the spec that was deployed last.",
)
"""The answer in place of "all is well", where the recorded spec runs and the wanted one is bad."""
