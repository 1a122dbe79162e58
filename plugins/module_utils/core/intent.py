# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What is to become of a running application: the spec's word, a person's, or its own health's."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .case import Case, Flink
from .difference import spec_hash
from .difference_rules import Change
from .plan import Phase
from .recorded import UPGRADE, Reconciliation
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


WORDS: tuple[tuple[Intent, Callable[[Intending], bool]], ...] = (
    (Intent.SUSPEND, lambda f: f.wants_suspended),
    (Intent.GO_BACK, lambda f: f.rolls_back and not f.is_stable and f.has_stable),
    (
        Intent.STEP_BACK,
        lambda f: f.rolls_back and f.is_stable and f.has_previous and not f.is_changed,
    ),
    (Intent.REDEPLOY, lambda f: f.is_redeployed),
    (Intent.UPGRADE, lambda f: f.is_changed and not f.rolls_back and _may_try(f)),
    (Intent.UPGRADE, lambda f: f.retries and f.has_failed_before),
    (Intent.GO_BACK, lambda f: f.must_go_back and f.has_stable),
    (Intent.RESTART, lambda f: f.is_stopped_by_us or f.must_restart),
    (Intent.NONE, lambda _: True),
)
"""The first word that holds: a person's, the spec's, the gate's, the job's own."""


def intent_of(f: Intending) -> Intent:
    return next(intent for intent, holds in WORDS if holds(f))


def intending(case: Case, *, must_go_back: bool, must_restart: bool) -> Intending:
    record = case.record
    return Intending(
        wants_suspended=case.wants_suspended,
        is_changed=case.change in (Change.UPGRADE, Change.SCALE),
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


def has_failed_before(case: Case) -> bool:
    record = case.record
    if case.wants_stable:
        return False
    if record.state is Reconciliation.ROLLED_BACK and case.change in (Change.NONE, Change.IGNORED):
        return True
    return bool(record.failed_hash and case.spec and spec_hash(case.spec) == record.failed_hash)


def has_stable(case: Case) -> bool:
    """There is a version to go back to: one that ran, of the same Flink version."""
    record = case.record
    stable = record.stable
    if stable is None or record.is_stable or record.state in WENT_BACK:
        return False
    if record.spec is not None and spec_hash(stable) == spec_hash(record.spec):
        return False  # made again from the same spec: there is nothing else to go back to
    suspended = stable.job is not None and stable.job.state.value == "suspended"
    same = record.spec is not None and stable.flink_version is record.spec.flink_version
    return same and not suspended


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
