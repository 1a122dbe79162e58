# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""From what was wanted and found to the facts about snapshots, and from the rule to the status.

Pure. Who finds the job's state and what Flink says of a request stays outside.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from . import periodic
from .duration import duration
from .errors import InvalidResource
from .lenient import EPOCH
from .plan import Effect, Rule, first
from .snapshot_retention import PREFIX, expired
from .snapshot_rules import RULES, Awaited, Job, Outcome, Snapshotting
from .snapshot_status import (
    Failure,
    Kind,
    Request,
    Trigger,
    UnderWay,
    began,
    completed,
    failed,
    history,
    last_periodic,
    pending_checkpoint,
    pending_savepoint,
    served_nonce,
)
from .spec import FlinkVersion, Spec
from .trigger import TriggerSeen, TriggerState

TIMEOUT = "execution.checkpointing.timeout"
TIMEOUT_DEFAULT = timedelta(minutes=10)
GRACE_DEFAULT = timedelta(minutes=1)
_SKEW = timedelta(minutes=10)
"""A request that is said to be this far ahead of now was not written by a clock."""
FIRST_WITH_CHECKPOINTS = FlinkVersion.V1_17


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """Status and spec, and what was found. `configuration`: the deployed one, newest operator keys.

    `created`: when the resource was made; a period that never came to its end counts from there.
    """

    key: str
    """namespace/name"""
    status: Mapping[str, Any]
    spec: Spec
    configuration: Mapping[str, str]
    job: Job
    now: datetime
    created: datetime | None = None
    savepoint: TriggerSeen | None = None
    checkpoint: TriggerSeen | None = None

    @property
    def awaited(self) -> UnderWay | None:
        return pending_savepoint(self.status) or pending_checkpoint(self.status)

    @property
    def trigger(self) -> TriggerSeen | None:
        """What Flink says of the awaited one."""
        if self.awaited is None:
            return None
        return self.savepoint if self.awaited.kind is Kind.SAVEPOINT else self.checkpoint


def decide(look: Look) -> Rule[Snapshotting]:
    return first(RULES, snapshotting(look))


def snapshotting(look: Look) -> Snapshotting:
    """The facts for the table."""
    awaited = look.awaited
    version = look.spec.flink_version
    return Snapshotting(
        job=look.job,
        awaited=Awaited(awaited.kind.value) if awaited else Awaited.NONE,
        outcome=outcome_of(look),
        is_manual=awaited is not None and awaited.trigger_type is Trigger.MANUAL,
        is_in_grace=_is_before(grace_end(look), look.now),
        is_overdue=awaited is not None and not _is_before(deadline(look), look.now),
        wants_savepoint=wants(look, Kind.SAVEPOINT),
        savepoint_is_due=is_due(look, Kind.SAVEPOINT),
        wants_checkpoint=wants(look, Kind.CHECKPOINT),
        checkpoint_is_due=is_due(look, Kind.CHECKPOINT),
        can_checkpoint=version is None or version.at_least(FIRST_WITH_CHECKPOINTS),
        has_expired=bool(disposable(look)),
    )


def outcome_of(look: Look) -> Outcome:
    trigger = look.trigger
    if trigger is None:
        return Outcome.UNSEEN
    if trigger.is_untold and _is_before(deadline(look), look.now):
        return Outcome.IN_PROGRESS
    if trigger.state is not TriggerState.FORGOTTEN:
        return Outcome(trigger.state.value)
    known = {entry.location for entry in history(look.status)}
    found = trigger.location and trigger.location not in known
    return Outcome.FOUND if found else Outcome.FORGOTTEN


def wants(look: Look, kind: Kind) -> bool:
    """A person changed the nonce; taking it out asks for nothing."""
    nonce = wanted_nonce(look.spec, kind)
    return nonce is not None and nonce != served_nonce(look.status, kind)


def wanted_nonce(spec: Spec, kind: Kind) -> int | None:
    if spec.job is None:
        return None
    job = spec.job
    is_savepoint = kind is Kind.SAVEPOINT
    return job.savepoint_trigger_nonce if is_savepoint else job.checkpoint_trigger_nonce


def is_due(look: Look, kind: Kind) -> bool:
    following = next_due(look, kind)
    return following is not None and following <= look.now


def next_due(look: Look, kind: Kind) -> datetime | None:
    """When the next periodic one is due; the same answer however often it is asked."""
    key = f"{PREFIX}periodic.{kind}.interval"
    last = max(last_periodic(look.status, kind) or EPOCH, look.created or EPOCH)
    try:
        return periodic.next_due(look.configuration.get(key, ""), last, path=key)
    except InvalidResource:  # refused beforehand; a turn doesn't end in it
        return None


def deadline(look: Look) -> datetime | None:
    """When the awaited one counts as lost: the time that Flink has for it, and the grace."""
    end = grace_end(look)
    timeout = _length(look.configuration, TIMEOUT, TIMEOUT_DEFAULT)
    try:
        return None if end is None else end + timeout
    except OverflowError:
        return None


def grace_end(look: Look) -> datetime | None:
    """Until when one that failed is tried again."""
    awaited = look.awaited
    if awaited is None or awaited.since is None or awaited.since > look.now + _SKEW:
        return None
    key = f"{PREFIX}{awaited.kind}.trigger.grace-period"
    try:
        return awaited.since + _length(look.configuration, key, GRACE_DEFAULT)
    except OverflowError:
        return None


def disposable(look: Look) -> tuple[str, ...]:
    """Paths of savepoints that may go, the oldest first; the first one is the next to go."""
    job = look.spec.job
    keep = {job.initial_savepoint_path} if job and job.initial_savepoint_path else set()
    entries = expired(look.status, look.configuration, look.now, keep=keep)
    return tuple(entry.location for entry in entries)


def written(look: Look, rule: Rule[Snapshotting], fresh_id: str) -> dict[str, Any]:
    """The status that goes with the rule: ahead of its move, or after a snapshot's end."""
    match rule.effect:
        case Effect.SAVEPOINT_REQUESTED:
            return began(look.status, _request(look, Kind.SAVEPOINT, fresh_id), look.now)
        case Effect.CHECKPOINT_REQUESTED:
            return began(look.status, _request(look, Kind.CHECKPOINT, fresh_id), look.now)
        case Effect.SNAPSHOT_ENDED:
            return _ended(look, rule)
        case _:
            return dict(look.status)


def words(look: Look) -> dict[str, str]:
    """What the rules' messages name."""
    awaited, trigger, end = look.awaited, look.trigger, deadline(look)
    gone = disposable(look)
    return {
        "key": look.key,
        "trigger_id": awaited.trigger_id if awaited else "",
        "location": (trigger.location if trigger else "") or "its path is not known any more",
        "why": (trigger.why if trigger else "") or "Flink gives no reason",
        "deadline": f"{end.astimezone(UTC):%H:%M:%S} UTC" if end else "its deadline",
        "expired": gone[0] if gone else "",
    }


def _request(look: Look, kind: Kind, fresh_id: str) -> Request:
    """Asked again after it failed, it needs a new id: Flink remembers how the old one ended."""
    awaited = look.awaited
    if awaited is None:
        manual = wants(look, kind)
        return Request(
            kind=kind,
            trigger_id=fresh_id,
            trigger_type=Trigger.MANUAL if manual else Trigger.PERIODIC,
            form=form_of(look.configuration, kind),
            nonce=wanted_nonce(look.spec, kind) if manual else None,
        )
    repeats = outcome_of(look) is Outcome.FORGOTTEN
    return Request(
        kind=kind,
        trigger_id=awaited.trigger_id if repeats else fresh_id,
        trigger_type=awaited.trigger_type,
        form=awaited.form or form_of(look.configuration, kind),
    )


def form_of(configuration: Mapping[str, str], kind: Kind) -> str:
    """Of savepoints CANONICAL or NATIVE, of checkpoints FULL or INCREMENTAL."""
    is_savepoint = kind is Kind.SAVEPOINT
    key = f"{PREFIX}savepoint.format.type" if is_savepoint else f"{PREFIX}checkpoint.type"
    default = "CANONICAL" if is_savepoint else "FULL"
    return configuration.get(key, "").strip().upper() or default


def _ended(look: Look, rule: Rule[Snapshotting]) -> dict[str, Any]:
    awaited, trigger = look.awaited, look.trigger
    if awaited is None:
        return dict(look.status)
    if trigger is not None and outcome_of(look) in (Outcome.DONE, Outcome.FOUND):
        number = trigger.checkpoint_id
        return completed(
            look.status, awaited.kind, trigger.location, look.now, checkpoint_id=number
        )
    message = rule.message.format_map(words(look))
    failure = Failure(kind=awaited.kind.value, because=rule.name, message=message, time=look.now)
    return failed(look.status, awaited.kind, failure)


def _is_before(end: datetime | None, now: datetime) -> bool:
    return end is not None and now <= end


def _length(configuration: Mapping[str, str], key: str, default: timedelta) -> timedelta:
    text = configuration.get(key, "").strip()
    try:
        return duration(text, path=key) if text else default
    except InvalidResource:  # refused beforehand; a turn doesn't end in it
        return default
