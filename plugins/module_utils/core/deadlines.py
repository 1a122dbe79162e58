# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""When each phase counts as failed. Every phase has a deadline; no clock is asked here.

What happens then is the tables' matter; docs/tables/deadlines.md puts both side by side.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from .deadline_ways import WAYS, Ways
from .duration import duration
from .errors import InvalidResource
from .plan import Phase
from .recorded import Pending, Recorded

READINESS_TIMEOUT = "kubernetes.operator.deployment.readiness.timeout"
CLEANUP_TIMEOUT = "kubernetes.operator.resource.cleanup.timeout"
CANCEL_TIMEOUT = "kubernetes.operator.flink.client.cancel.timeout"
CHECKPOINTING_TIMEOUT = "execution.checkpointing.timeout"
GRACE_OF_SAVEPOINTS = "kubernetes.operator.savepoint.trigger.grace-period"
GRACE_OF_CHECKPOINTS = "kubernetes.operator.checkpoint.trigger.grace-period"
DEFAULTS = {
    READINESS_TIMEOUT: timedelta(minutes=5),
    CLEANUP_TIMEOUT: timedelta(minutes=5),
    CANCEL_TIMEOUT: timedelta(minutes=1),
    CHECKPOINTING_TIMEOUT: timedelta(minutes=10),
    GRACE_OF_SAVEPOINTS: timedelta(minutes=1),
    GRACE_OF_CHECKPOINTS: timedelta(minutes=1),
}
GRACE = timedelta(seconds=10)
"""Flink's own time-out comes first, so that its reason is seen."""
LONGEST = timedelta(days=36_500)
"""What is longer than a century is as good as that; dates end at some point."""
CLOCKS = timedelta(minutes=10)
"""So far may the clocks be apart that a status was written by."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadline:
    """One row: a phase, the key that says how long it may take, and from when that counts.

    Where `begins` finds no moment it counts from the deadline of the phase `after`, and else from
    the turn that began the phase.
    """

    phase: Phase
    key: str
    grace: timedelta = timedelta(0)
    graces: tuple[str, ...] = ()
    """Keys of a further time: a savepoint's, and a checkpoint's."""
    begins: Callable[[Recorded], datetime | None] = lambda _: None
    after: Phase | None = None
    since: str
    """The same moment in words."""

    @property
    def ways(self) -> Ways:
        """By which a person goes on."""
        return WAYS[self.phase]


def _asked(pending: Pending | None) -> datetime | None:
    return pending.since if pending else None


START_SINCE = "its start was written ahead, or its Deployment was made, if that was later"
TURN_SINCE = "the turn that began it"
ROWS: tuple[Deadline, ...] = (
    Deadline(
        phase=Phase.START,
        key=READINESS_TIMEOUT,
        begins=lambda record: record.since,
        since=START_SINCE,
    ),
    Deadline(
        phase=Phase.GATE,
        key=CHECKPOINTING_TIMEOUT,
        grace=GRACE,
        begins=lambda record: _asked(record.gate),
        after=Phase.START,
        since="the gate's checkpoint was asked for; the start's deadline, where none is asked for",
    ),
    Deadline(phase=Phase.STOP, key=CLEANUP_TIMEOUT, since=TURN_SINCE),
    Deadline(
        phase=Phase.SAVEPOINT,
        key=CHECKPOINTING_TIMEOUT,
        grace=GRACE,
        begins=lambda record: _asked(record.stop),
        since="the savepoint was asked for",
    ),
    Deadline(phase=Phase.CANCEL, key=CANCEL_TIMEOUT, since=TURN_SINCE),
    Deadline(phase=Phase.CLUSTER_DELETE, key=CLEANUP_TIMEOUT, since=TURN_SINCE),
    Deadline(
        phase=Phase.ROLLBACK,
        key=READINESS_TIMEOUT,
        begins=lambda record: record.since,
        since="the start that goes back was written ahead",
    ),
    Deadline(
        phase=Phase.SNAPSHOT,
        key=CHECKPOINTING_TIMEOUT,
        graces=(GRACE_OF_SAVEPOINTS, GRACE_OF_CHECKPOINTS),
        begins=lambda record: _asked(record.stop or record.gate),
        since="the snapshot was asked for",
    ),
    Deadline(phase=Phase.SILENCE, key=CLEANUP_TIMEOUT, since=TURN_SINCE),
    Deadline(phase=Phase.DELETION, key=CLEANUP_TIMEOUT, since=TURN_SINCE),
)
OF = {row.phase: row for row in ROWS}


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
        found = _strict(configuration, key)
    except InvalidResource:
        return DEFAULTS[key]
    return min(found, LONGEST) if found >= timedelta(0) else DEFAULTS[key]


def _span(row: Deadline, record: Recorded, configuration: Mapping[str, str]) -> timedelta:
    span = timeout(configuration, row.key) + row.grace
    if row.graces:
        of_savepoint, of_checkpoint = row.graces
        is_checkpoint = record.stop is None and record.gate is not None
        span += timeout(configuration, of_checkpoint if is_checkpoint else of_savepoint)
    return span


def _after(since: datetime | None, span: timedelta) -> datetime | None:
    try:
        return since + span if since is not None else None
    except OverflowError:
        return None


def counted(row: Deadline, record: Recorded, configuration: Mapping[str, str]) -> datetime | None:
    """From the moment that the record tells; None where it tells none."""
    begin = row.begins(record)
    if begin is None and row.after is not None:
        begin = counted(OF[row.after], record, configuration)
    return _after(begin, _span(row, record, configuration))


def start_deadline(record: Recorded, configuration: Mapping[str, str]) -> datetime | None:
    """When a start that was written ahead counts as failed: the contract's readiness time-out."""
    return counted(OF[Phase.START], record, configuration)


def savepoint_deadline(record: Recorded, configuration: Mapping[str, str]) -> datetime | None:
    return counted(OF[Phase.SAVEPOINT], record, configuration)


def gate_deadline(record: Recorded, configuration: Mapping[str, str]) -> datetime | None:
    return counted(OF[Phase.GATE], record, configuration)


def phase_deadline(
    phase: Phase, record: Recorded, configuration: Mapping[str, str], now: datetime
) -> datetime | None:
    """The deadline to be written down: counted, or the one that stands there for this phase.

    None lies further ahead than the phase may take: such a record was not written by a clock.
    """
    row = OF[phase]
    span = _span(row, record, configuration)
    before = _span(OF[row.after], record, configuration) if row.after else timedelta(0)
    kept = record.phase.deadline if record.phase.name == phase.value else None
    for told in (counted(row, record, configuration), kept):
        if told is not None and told - now <= span + before + CLOCKS:
            return told
    return _after(now, span)


def has_passed(
    phase: Phase, record: Recorded, configuration: Mapping[str, str], now: datetime
) -> bool:
    """Without a deadline that was written down nothing has passed: its count begins anew."""
    deadline = phase_deadline(phase, record, configuration, now)
    return deadline is not None and now > deadline
