# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What is to become of a running application: the spec's word, a person's, or its own health's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Generic

from .case import Case, Flink
from .difference import spec_hash
from .difference_rules import Change
from .dump import load_reconciled
from .plan import Facts_contra, Phase
from .recorded import UPGRADE, Reconciliation, Recorded
from .spec import Spec, UpgradeMode
from .verb import VerbKind

WENT_BACK = (Reconciliation.ROLLED_BACK, Reconciliation.ROLLING_BACK)
"""What runs is the stable version: the objects are made before the status says that they are."""


class Intent(StrEnum):
    NONE = "none"
    SUSPEND = "suspend"
    UPGRADE = "upgrade"
    REDEPLOY = "redeploy"
    GO_BACK = "go_back"
    """To the stable spec, from a version that never ran well."""
    STEP_BACK = "step_back"
    """From a stable version to the one before it."""
    RESTART = "restart"
    RECOVER = "recover"


@dataclass(frozen=True, slots=True, kw_only=True)
class Intending:
    wants_suspended: bool
    is_changed: bool
    is_redeployed: bool
    has_failed_before: bool
    """The wanted spec was tried, did not run well, and is not tried again until it changes."""
    rolls_back: bool
    """A person asks for it."""
    retries: bool
    is_stable: bool
    has_stable: bool
    has_previous: bool
    must_go_back: bool
    """The gate's own verdict on a new version."""
    is_stopped_by_us: bool
    """A stop of ours was asked for, or has ended the job, and nothing wants it stopped any more."""
    must_restart: bool
    """A failed or unhealthy job is to be restarted."""


def _may_try(f: Intending) -> bool:
    return f.retries or not f.has_failed_before


@dataclass(frozen=True, slots=True, kw_only=True)
class IntentRule(Generic[Facts_contra]):
    name: str
    when: Callable[[Facts_contra], bool]
    intent: Intent
    reason: str


RULES: tuple[IntentRule[Intending], ...] = (
    IntentRule(
        name="the_spec_says_suspended",
        when=lambda f: f.wants_suspended,
        intent=Intent.SUSPEND,
        reason="spec.job.state is suspended: nothing else is to become of it",
    ),
    IntentRule(
        name="a_person_takes_a_new_version_back",
        when=lambda f: f.rolls_back and not f.is_stable and f.has_stable,
        intent=Intent.GO_BACK,
        reason="the verb rollback, of a version that has not run well yet",
    ),
    IntentRule(
        name="a_person_leaves_a_stable_version",
        when=lambda f: f.rolls_back and f.is_stable and f.has_previous and not f.is_changed,
        intent=Intent.STEP_BACK,
        reason="the verb rollback, of a version that runs well: to the stable one before it",
    ),
    IntentRule(
        name="its_redeploy_nonce_changed",
        when=lambda f: f.is_redeployed,
        intent=Intent.REDEPLOY,
        reason="spec.job.savepointRedeployNonce: what runs is dropped for the state that is named",
    ),
    IntentRule(
        name="its_spec_changed",
        when=lambda f: f.is_changed and not f.rolls_back and _may_try(f),
        intent=Intent.UPGRADE,
        reason="a version that was not tried before, or is to be tried again by the verb retry",
    ),
    IntentRule(
        name="a_person_tries_a_version_again",
        when=lambda f: f.retries and f.has_failed_before,
        intent=Intent.UPGRADE,
        reason="the verb retry, after a rollback",
    ),
    IntentRule(
        name="the_gate_takes_a_new_version_back",
        when=lambda f: f.must_go_back and f.has_stable,
        intent=Intent.GO_BACK,
        reason="it failed, or did not run or complete a checkpoint in time",
    ),
    IntentRule(
        name="what_we_stopped_is_to_run",
        when=lambda f: f.is_stopped_by_us,
        intent=Intent.RESTART,
        reason="a stop of ours is under way or done, and nothing wants it stopped any more",
    ),
    IntentRule(
        name="a_bad_job_is_started_again",
        when=lambda f: f.must_restart,
        intent=Intent.RESTART,
        reason="it failed or is unhealthy, and a key or a person asks for its restart",
    ),
    IntentRule(
        name="it_goes_on_as_it_is",
        when=lambda _: True,
        intent=Intent.NONE,
        reason="nothing asks for a change: the care table looks after it",
    ),
)
"""The first that holds: a person's word, the spec's, the gate's, the job's own."""


def intent_of(f: Intending) -> Intent:
    return next(rule.intent for rule in RULES if rule.when(f))


def intending(case: Case, *, must_go_back: bool, must_restart: bool) -> Intending:
    record = case.record
    return Intending(
        wants_suspended=case.wants_suspended,
        is_changed=case.change in (Change.UPGRADE, Change.SCALE) or is_another_try(case),
        is_redeployed=case.change is Change.REDEPLOY,
        has_failed_before=has_failed_before(case),
        rolls_back=case.asks(VerbKind.ROLLBACK),
        retries=case.asks(VerbKind.RETRY),
        is_stable=record.is_stable,
        has_stable=has_stable(case),
        has_previous=bool(record.previous_text) and record.previous is not None,
        must_go_back=must_go_back,
        is_stopped_by_us=is_stopped_by_us(case),
        must_restart=must_restart,
    )


def is_another_try(case: Case) -> bool:
    """After a rollback: a change that only a start reads (allowNonRestoredState) may mend it."""
    record = case.record
    if record.state is not Reconciliation.ROLLED_BACK or not record.failed_hash:
        return False
    is_ignored = case.change is Change.IGNORED and not case.wants_stable
    return is_ignored and case.spec is not None and spec_hash(case.spec) != record.failed_hash


def has_failed_before(case: Case) -> bool:
    record = case.record
    if case.wants_stable:
        return False
    if record.state is Reconciliation.ROLLED_BACK and case.change in (Change.NONE, Change.IGNORED):
        return not is_another_try(case)
    return bool(record.failed_hash and case.spec and spec_hash(case.spec) == record.failed_hash)


def _is_way_back(record: Recorded, stable: Spec) -> bool:
    """To another version of Flink from a snapshot alone: it took that itself, and can read it.

    HA metadata, and what it names, may have been written by the version that is to be left.
    """
    if record.spec is None:
        return False
    is_same = stable.flink_version is record.spec.flink_version
    return is_same or bool(record.path) or record.restore_mode is UpgradeMode.STATELESS


def has_stable(case: Case) -> bool:
    """There is a version to go back to: one that ran, and a state that it can read."""
    record = case.record
    stable = record.stable
    if stable is None or record.is_stable or record.state in WENT_BACK:
        return False
    if record.spec is not None and _hash_of(record.stable_text) == _hash_of(record.text):
        return False  # made again from the same spec: there is nothing else to go back to
    suspended = stable.job is not None and stable.job.state.value == "suspended"
    return not suspended and _is_way_back(record, stable)


@lru_cache(maxsize=64)
def _hash_of(text: str) -> str:
    """Of a recorded spec that can be read: it is asked for some times in each turn."""
    return spec_hash(load_reconciled(text)[0])


def is_stopped_by_us(case: Case) -> bool:
    """A stop of ours is under way, or it ended the job: its savepoint, or the phase, says so."""
    record = case.record
    if record.stop is not None and record.stop.type == UPGRADE:
        return True
    if record.phase.name in (Phase.CANCEL, Phase.CLUSTER_DELETE) and _is_cancelled(case):
        return True
    return record.ended_by_stop and case.flink in (Flink.FINISHED, Flink.UNSEEN)


def _is_cancelled(case: Case) -> bool:
    if case.flink is Flink.UNSEEN:
        return case.record.job_state == "CANCELED"
    return case.flink in (Flink.CANCELLING, Flink.CANCELED)
