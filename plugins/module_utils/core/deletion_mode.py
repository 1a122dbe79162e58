# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""How a job is to end when its resource is removed: the word for it, else what fits its state.

Knows the wish alone. Refuses to know whether it can be had: remove_rules.py has the fallbacks.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .case import Case
from .leaving import is_stateless
from .spec import DeletionMode
from .stopping import directory_in

ON_DELETION = "job.savepoint-on-deletion"


class Asked(StrEnum):
    """What spec.job.deletionMode says."""

    NOTHING = "nothing"
    SAVEPOINT = "savepoint"
    CANCEL = "cancel"
    LEAVE = "leave"


class OnDeletion(StrEnum):
    """What the contract's key says."""

    UNSET = "unset"
    YES = "yes"
    NO = "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choosing:
    asked: Asked
    on_deletion: OnDeletion
    is_stateless: bool
    has_directory: bool
    """One for savepoints is set."""
    has_ha: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class ModeRule:
    name: str
    when: Callable[[Choosing], bool]
    mode: DeletionMode
    reason: str


RULES: tuple[ModeRule, ...] = (
    ModeRule(
        name="the_spec_asks_for_a_savepoint",
        when=lambda f: f.asked is Asked.SAVEPOINT and f.has_directory,
        mode=DeletionMode.SAVEPOINT,
        reason="spec.job.deletionMode is the word for this very thing",
    ),
    ModeRule(
        name="a_savepoint_has_no_directory",
        when=lambda f: f.asked is Asked.SAVEPOINT,
        mode=DeletionMode.CANCEL,
        reason="without a directory no savepoint can be taken: the last checkpoint is kept",
    ),
    ModeRule(
        name="the_spec_leaves_it_as_it_is",
        when=lambda f: f.asked is Asked.LEAVE and f.has_ha,
        mode=DeletionMode.LEAVE,
        reason="HA metadata keeps the last checkpoint findable by the resource's name",
    ),
    ModeRule(
        name="nothing_could_be_found_again",
        when=lambda f: f.asked is Asked.LEAVE,
        mode=DeletionMode.CANCEL,
        reason="without HA metadata a state that is left is found by its path alone: it is named",
    ),
    ModeRule(
        name="the_spec_cancels_it",
        when=lambda f: f.asked is Asked.CANCEL,
        mode=DeletionMode.CANCEL,
        reason="spec.job.deletionMode is the word for this very thing",
    ),
    ModeRule(
        name="a_savepoint_on_deletion_is_configured",
        when=lambda f: f.on_deletion is OnDeletion.YES and f.has_directory,
        mode=DeletionMode.SAVEPOINT,
        reason=f"kubernetes.operator.{ON_DELETION} is true",
    ),
    ModeRule(
        name="no_savepoint_on_deletion_is_configured",
        when=lambda f: f.on_deletion is not OnDeletion.UNSET,
        mode=DeletionMode.CANCEL,
        reason=f"kubernetes.operator.{ON_DELETION} is false, or has no directory to write to",
    ),
    ModeRule(
        name="a_stateless_job_keeps_nothing",
        when=lambda f: f.is_stateless,
        mode=DeletionMode.CANCEL,
        reason="upgradeMode stateless: there is nothing to take a savepoint for",
    ),
    ModeRule(
        name="a_stateful_job_takes_a_savepoint",
        when=lambda f: f.has_directory,
        mode=DeletionMode.SAVEPOINT,
        reason="stateful without a word, and a directory for savepoints is set",
    ),
    ModeRule(
        name="a_stateful_job_keeps_its_last_checkpoint",
        when=lambda _: True,
        mode=DeletionMode.CANCEL,
        reason="stateful without a word, and no directory for savepoints is set",
    ),
)


def mode_rule(facts: Choosing) -> ModeRule:
    return next(rule for rule in RULES if rule.when(facts))


def choosing(case: Case) -> Choosing:
    """The word is read from the resource as it stands; a record never holds it."""
    configurations = (case.configuration, case.deployed_configuration)
    return Choosing(
        asked=_asked(case),
        on_deletion=_on_deletion(case),
        is_stateless=is_stateless(case),
        has_directory=any(directory_in(given) for given in configurations),
        has_ha=case.has_high_availability,
    )


def _asked(case: Case) -> Asked:
    resource = case.seen.resource
    spec = resource.deployment.spec if resource and resource.deployment else None
    mode = spec.job.deletion_mode if spec and spec.job else None
    return Asked(mode.value) if mode else Asked.NOTHING


def _on_deletion(case: Case) -> OnDeletion:
    if not case.configuration.get(f"kubernetes.operator.{ON_DELETION}"):
        return OnDeletion.UNSET
    return OnDeletion.YES if case.truth(ON_DELETION, default=False) else OnDeletion.NO
