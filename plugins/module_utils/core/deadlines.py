# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""When each phase counts as failed. Every phase has a deadline; no clock is asked here."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta

from .duration import duration
from .errors import InvalidResource
from .plan import Phase
from .recorded import Recorded

READINESS_TIMEOUT = "kubernetes.operator.deployment.readiness.timeout"
CLEANUP_TIMEOUT = "kubernetes.operator.resource.cleanup.timeout"
CANCEL_TIMEOUT = "kubernetes.operator.flink.client.cancel.timeout"
CHECKPOINTING_TIMEOUT = "execution.checkpointing.timeout"
DEFAULTS = {
    READINESS_TIMEOUT: timedelta(minutes=5),
    CLEANUP_TIMEOUT: timedelta(minutes=5),
    CANCEL_TIMEOUT: timedelta(minutes=1),
    CHECKPOINTING_TIMEOUT: timedelta(minutes=10),
}
GRACE = timedelta(seconds=10)
"""Flink's own time-out comes first, so that its reason is seen."""


def readiness_timeout(configuration: Mapping[str, str]) -> timedelta:
    """InvalidResource where the key holds no duration."""
    return _strict(configuration, READINESS_TIMEOUT)


def _strict(configuration: Mapping[str, str], key: str) -> timedelta:
    text = configuration.get(key)
    path = f"spec.flinkConfiguration.{key}"
    return duration(text, path=path) if text else DEFAULTS[key]


def timeout(configuration: Mapping[str, str], key: str) -> timedelta:
    """What the key says; its default where it holds nonsense (refused elsewhere, by its name)."""
    try:
        return _strict(configuration, key)
    except InvalidResource:
        return DEFAULTS[key]


def _after(since: datetime | None, span: timedelta) -> datetime | None:
    try:
        return since + span if since is not None else None
    except OverflowError:
        return None


def start_deadline(record: Recorded, configuration: Mapping[str, str]) -> datetime | None:
    """When a start that was written ahead counts as failed: the contract's readiness time-out."""
    found = _after(record.since, timeout(configuration, READINESS_TIMEOUT))
    return found or _after(record.since, DEFAULTS[READINESS_TIMEOUT])


def savepoint_deadline(record: Recorded, configuration: Mapping[str, str]) -> datetime | None:
    since = record.stop.since if record.stop else None
    return _after(since, timeout(configuration, CHECKPOINTING_TIMEOUT) + GRACE)


def gate_deadline(record: Recorded, configuration: Mapping[str, str]) -> datetime | None:
    """From the gate's own request on; where Flink takes none, from the start's deadline on."""
    span = timeout(configuration, CHECKPOINTING_TIMEOUT) + GRACE
    if record.gate is not None:
        return _after(record.gate.since, span)
    return _after(start_deadline(record, configuration), span)


def phase_deadline(
    phase: Phase, record: Recorded, configuration: Mapping[str, str], now: datetime
) -> datetime | None:
    """The deadline to be written down: one that stands there for this phase is kept."""
    known = {
        Phase.START: start_deadline,
        Phase.ROLLBACK: start_deadline,
        Phase.SAVEPOINT: savepoint_deadline,
        Phase.GATE: gate_deadline,
        Phase.SNAPSHOT: savepoint_deadline,
    }.get(phase)
    if known is not None:
        return known(record, configuration)
    if record.phase.name == phase.value and record.phase.deadline is not None:
        return record.phase.deadline
    keys = {Phase.CANCEL: CANCEL_TIMEOUT}
    key = keys.get(phase, CLEANUP_TIMEOUT)
    return _after(now, timeout(configuration, key))


def has_passed(
    phase: Phase, record: Recorded, configuration: Mapping[str, str], now: datetime
) -> bool:
    """Without a deadline that was written down nothing has passed: its count begins anew."""
    deadline = phase_deadline(phase, record, configuration, now)
    return deadline is not None and now > deadline
