# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When a phase counts as failed: each of them, by key, default and the moment it counts from."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core import (
    remove_rules,
    stop_rules,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.case import JobManager
from ansible_collections.flinkops.flink.plugins.module_utils.core.deadline_ways import WAYS
from ansible_collections.flinkops.flink.plugins.module_utils.core.deadlines import (
    CANCEL_TIMEOUT,
    CHECKPOINTING_TIMEOUT,
    CLEANUP_TIMEOUT,
    CLOCKS,
    GRACE_OF_CHECKPOINTS,
    GRACE_OF_SAVEPOINTS,
    LONGEST,
    READINESS_TIMEOUT,
    ROWS,
    gate_deadline,
    has_passed,
    phase_deadline,
    readiness_timeout,
    savepoint_deadline,
    start_deadline,
    timeout,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Phase,
    Rule,
    Verdict,
    first,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import (
    Pending,
    PhaseRecorded,
    Recorded,
    recorded,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Removing
from ansible_collections.flinkops.flink.plugins.module_utils.core.stopping import Stopping
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import VerbKind
from deadline_page import FACTS, RULES, followers
from support import looks
from support.space import Space

NOW = looks.NOW
MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
ASKED = NOW - 2 * MINUTE
"""When what is under way was begun, unless a test says otherwise."""
END = datetime.max.replace(tzinfo=UTC)
NOTHING = recorded({})


def pending(since: datetime | None = ASKED) -> Pending:
    return Pending(trigger_id=looks.TRIGGER, type="UPGRADE", since=since)


def started(since: datetime | None = ASKED) -> Recorded:
    return replace(NOTHING, since=since)


def stopping(since: datetime | None = ASKED) -> Recorded:
    return replace(NOTHING, stop=pending(since))


def gated(since: datetime | None = ASKED) -> Recorded:
    return replace(NOTHING, gate=pending(since))


def in_phase(phase: Phase, deadline: datetime | None, of: Recorded = NOTHING) -> Recorded:
    return replace(of, phase=PhaseRecorded(name=phase.value, deadline=deadline))


@dataclass(frozen=True, slots=True, kw_only=True)
class Expected:
    """`span` without any key; `set_span` with the key at 90 s; both counted from `ASKED`."""

    phase: Phase
    key: str
    record: Recorded
    span: timedelta
    beyond: timedelta = timedelta(0)
    """What is added to what the key says."""


ROW = (
    Expected(phase=Phase.START, key=READINESS_TIMEOUT, record=started(), span=5 * MINUTE),
    Expected(phase=Phase.ROLLBACK, key=READINESS_TIMEOUT, record=started(), span=5 * MINUTE),
    Expected(
        phase=Phase.SAVEPOINT,
        key=CHECKPOINTING_TIMEOUT,
        record=stopping(),
        span=10 * MINUTE + 10 * SECOND,
        beyond=10 * SECOND,
    ),
    Expected(
        phase=Phase.GATE,
        key=CHECKPOINTING_TIMEOUT,
        record=gated(),
        span=10 * MINUTE + 10 * SECOND,
        beyond=10 * SECOND,
    ),
    Expected(
        phase=Phase.SNAPSHOT,
        key=CHECKPOINTING_TIMEOUT,
        record=stopping(),
        span=11 * MINUTE,
        beyond=MINUTE,
    ),
)
"""Phases whose beginning is in the record."""
BY_TURN = {
    Phase.STOP: (CLEANUP_TIMEOUT, 5 * MINUTE),
    Phase.CANCEL: (CANCEL_TIMEOUT, MINUTE),
    Phase.CLUSTER_DELETE: (CLEANUP_TIMEOUT, 5 * MINUTE),
    Phase.SILENCE: (CLEANUP_TIMEOUT, 5 * MINUTE),
    Phase.DELETION: (CLEANUP_TIMEOUT, 5 * MINUTE),
}
"""Phases that begin with the turn that names them."""
EACH = pytest.mark.parametrize("row", ROW, ids=lambda row: row.phase.value)
EACH_BY_TURN = pytest.mark.parametrize("phase", BY_TURN)


def deadline(phase: Phase, of: Recorded, configuration: dict[str, str] | None = None) -> Any:
    return phase_deadline(phase, of, configuration or {}, NOW)


def test_every_phase_has_one_row_and_stands_in_one_of_the_tables_here() -> None:
    assert sorted(row.phase for row in ROWS) == sorted(Phase)
    assert {row.phase for row in ROW} | set(BY_TURN) == set(Phase)


@EACH
def test_a_phase_counts_from_what_was_written_ahead(row: Expected) -> None:
    assert deadline(row.phase, row.record) == ASKED + row.span
    assert deadline(row.phase, row.record, {row.key: "90 s"}) == ASKED + 90 * SECOND + row.beyond


@EACH
@pytest.mark.parametrize("text", ["soon", "", "-PT5M", "99999999999999 d"])
def test_a_key_that_is_no_length_of_time_counts_as_not_set(row: Expected, text: str) -> None:
    assert deadline(row.phase, row.record, {row.key: text}) == ASKED + row.span


@EACH
def test_no_time_at_all_is_a_length_of_time_too(row: Expected) -> None:
    assert deadline(row.phase, row.record, {row.key: "0 s"}) == ASKED + row.beyond


@EACH
@pytest.mark.parametrize("text", ["999999999 d", "P999999999D"])
def test_a_time_beyond_all_dates_is_a_century(row: Expected, text: str) -> None:
    assert timeout({row.key: text}, row.key) == LONGEST
    assert deadline(row.phase, row.record, {row.key: text}) == ASKED + LONGEST + row.beyond


@EACH
def test_a_deadline_that_is_counted_goes_before_one_that_was_written_down(row: Expected) -> None:
    record = in_phase(row.phase, NOW + SECOND, row.record)
    assert deadline(row.phase, record) == ASKED + row.span


@EACH
def test_a_phase_ends_although_its_record_has_lost_its_moment(row: Expected) -> None:
    """It counts from the turn that writes it down, and what that wrote is kept."""
    lost = replace(row.record, since=None)
    lost = replace(lost, stop=pending(None) if lost.stop else None)
    lost = replace(lost, gate=pending(None) if lost.gate else None)
    for record in (lost, NOTHING):
        first_told = deadline(row.phase, record)
        assert first_told == NOW + row.span
        written = in_phase(row.phase, first_told, record)
        assert not has_passed(row.phase, written, {}, NOW + row.span)
        assert has_passed(row.phase, written, {}, NOW + row.span + SECOND)


@EACH
@pytest.mark.parametrize("ahead", [SECOND, timedelta(days=400), END - NOW - timedelta(hours=1)])
def test_a_moment_that_no_clock_can_have_told_is_no_moment(row: Expected, ahead: timedelta) -> None:
    slack = 5 * MINUTE if row.phase is Phase.GATE else timedelta(0)  # it may count from a start's
    given = NOW + CLOCKS + slack + ahead
    record = replace(
        row.record,
        since=given if row.record.since else None,
        stop=pending(given) if row.record.stop else None,
        gate=pending(given) if row.record.gate else None,
    )
    assert deadline(row.phase, record) == NOW + row.span


@EACH
def test_clocks_may_be_some_minutes_apart(row: Expected) -> None:
    given = NOW + CLOCKS
    record = replace(
        row.record,
        since=given if row.record.since else None,
        stop=pending(given) if row.record.stop else None,
        gate=pending(given) if row.record.gate else None,
    )
    assert deadline(row.phase, record) == given + row.span


@EACH_BY_TURN
def test_a_phase_without_a_moment_counts_from_the_turn_that_begins_it(phase: Phase) -> None:
    key, span = BY_TURN[phase]
    for record in (NOTHING, started(), stopping(), gated()):
        assert deadline(phase, record) == NOW + span
        assert deadline(phase, record, {key: "90 s"}) == NOW + 90 * SECOND


@EACH_BY_TURN
def test_the_deadline_that_was_written_down_is_kept(phase: Phase) -> None:
    for kept in (NOW - MINUTE, NOW + SECOND):
        assert deadline(phase, in_phase(phase, kept)) == kept


@EACH_BY_TURN
def test_one_that_was_written_down_for_another_phase_is_none(phase: Phase) -> None:
    others = [other for other in Phase if other is not phase]
    for other in others:
        assert deadline(phase, in_phase(other, NOW - MINUTE)) == NOW + BY_TURN[phase][1]


@EACH_BY_TURN
def test_one_that_lies_further_ahead_than_the_phase_may_take_was_written_by_no_clock(
    phase: Phase,
) -> None:
    span = BY_TURN[phase][1]
    for garbled in (NOW + span + CLOCKS + SECOND, END):
        assert deadline(phase, in_phase(phase, garbled)) == NOW + span
    near = NOW + span + CLOCKS
    assert deadline(phase, in_phase(phase, near)) == near


@EACH_BY_TURN
def test_a_phase_whose_deadline_was_lost_begins_anew(phase: Phase) -> None:
    assert deadline(phase, in_phase(phase, None)) == NOW + BY_TURN[phase][1]


@pytest.mark.parametrize("phase", Phase)
def test_it_has_passed_only_after_it(phase: Phase) -> None:
    end = NOW + MINUTE
    record = in_phase(phase, end)
    assert not has_passed(phase, record, {}, end)
    assert has_passed(phase, record, {}, end + SECOND)


@pytest.mark.parametrize("phase", Phase)
def test_at_the_end_of_all_dates_nothing_has_passed_and_nothing_breaks(phase: Phase) -> None:
    assert phase_deadline(phase, NOTHING, {}, END) is None
    assert not has_passed(phase, NOTHING, {}, END)


def test_the_gate_of_a_flink_that_takes_no_request_counts_from_the_start_s_deadline() -> None:
    span = 15 * MINUTE + 10 * SECOND
    assert deadline(Phase.GATE, started()) == ASKED + span
    keys = {READINESS_TIMEOUT: "1 min", CHECKPOINTING_TIMEOUT: "20 s"}
    assert deadline(Phase.GATE, started(), keys) == ASKED + 90 * SECOND
    edge = NOW + CLOCKS
    assert deadline(Phase.GATE, started(edge)) == edge + span
    assert deadline(Phase.GATE, started(edge + SECOND)) == NOW + 10 * MINUTE + 10 * SECOND


def test_the_gate_s_own_request_goes_before_the_start() -> None:
    both = replace(started(NOW - timedelta(hours=1)), gate=pending())
    assert deadline(Phase.GATE, both) == ASKED + 10 * MINUTE + 10 * SECOND


def test_a_snapshot_s_grace_is_that_of_its_kind() -> None:
    keys = {GRACE_OF_SAVEPOINTS: "2 min", GRACE_OF_CHECKPOINTS: "3 min"}
    assert deadline(Phase.SNAPSHOT, stopping(), keys) == ASKED + 12 * MINUTE
    assert deadline(Phase.SNAPSHOT, gated(), keys) == ASKED + 13 * MINUTE
    both = replace(stopping(), gate=pending(ASKED - MINUTE))
    assert deadline(Phase.SNAPSHOT, both, keys) == ASKED + 12 * MINUTE
    assert deadline(Phase.SNAPSHOT, NOTHING, keys) == NOW + 12 * MINUTE


def test_the_words_of_messages_tell_the_same_deadlines() -> None:
    assert start_deadline(started(), {}) == ASKED + 5 * MINUTE
    assert savepoint_deadline(stopping(), {}) == ASKED + 10 * MINUTE + 10 * SECOND
    assert gate_deadline(gated(), {}) == ASKED + 10 * MINUTE + 10 * SECOND
    for told in (start_deadline, savepoint_deadline, gate_deadline):
        assert told(NOTHING, {}) is None


def test_a_start_that_was_written_ahead_has_the_contracts_readiness_time_out() -> None:
    record = recorded(looks.written_ahead())
    assert start_deadline(record, {}) == NOW + 5 * MINUTE
    assert start_deadline(record, {READINESS_TIMEOUT: "90 s"}) == NOW + 90 * SECOND


def test_a_readiness_time_out_that_is_none_is_refused_by_its_path() -> None:
    assert readiness_timeout({}) == 5 * MINUTE
    assert readiness_timeout({READINESS_TIMEOUT: "7 s"}) == 7 * SECOND
    with pytest.raises(InvalidResource, match=f"spec.flinkConfiguration.{READINESS_TIMEOUT}"):
        readiness_timeout({READINESS_TIMEOUT: "soon"})


# what follows, and how a person goes on


@pytest.mark.parametrize("phase", Phase)
def test_something_follows_each_deadline_and_a_person_has_a_way_on(phase: Phase) -> None:
    assert any(followers(phase).values())
    ways = WAYS[phase]
    assert ways.deploying or ways.by_hand


@pytest.mark.parametrize("known", FACTS, ids=lambda it: f"{it.phase}-{it.table}-{it.fact}")
def test_rules_that_the_page_names_are_in_their_table(known: Any) -> None:
    kind, rules = RULES[known.table]
    assert set(known.besides) <= {rule.name for rule in rules}
    assert not known.fact or known.fact in Space(kind).domains


def test_the_page_knows_every_fact_that_says_a_phase_is_late() -> None:
    told = {(known.table, known.fact) for known in FACTS}
    for table, (kind, _) in RULES.items():
        for fact in Space(kind).domains:
            if fact.endswith(("_late", "_overdue")) or fact == "is_late":
                assert (table, fact) in told, (table, fact)


def test_no_wait_of_a_table_is_in_a_phase_whose_end_the_page_does_not_tell() -> None:
    told = {(known.table, known.phase) for known in FACTS}
    found = {
        (table, rule.phase)
        for table, (_, rules) in RULES.items()
        for rule in rules
        if rule.verdict is Verdict.WAIT and rule.phase
    }
    assert found - told <= SHARED


SHARED = {("stop", Phase.SNAPSHOT)}
"""A savepoint that a person asked for is the snapshot table's; over its time it holds nothing."""


def is_waited_in(rules: tuple[Rule[Any], ...], phase: Phase) -> Callable[[Any], Any]:
    """The rule that waits there, where one does."""

    def ask(facts: Any) -> Any:
        found = first(rules, facts)
        return found if found.verdict is Verdict.WAIT and found.phase is phase else None

    return ask


def changes(rules: tuple[Rule[Any], ...], phase: Phase, within: Mapping[str, Any]) -> bool:
    """Who skips a savepoint has something else decided, somewhere that this phase is waited in."""
    kind: type[Any] = Stopping if rules is stop_rules.RULES else Removing
    space: Space[Any] = Space(kind)
    for region in space.regions(is_waited_in(rules, phase), {**within, "skips": False}):
        given = {**region.values, "skips": True}
        if region.answer and any(
            it.answer is not region.answer for it in space.regions(partial(first, rules), given)
        ):
            return True
    return False


@pytest.mark.parametrize("phase", Phase)
def test_who_skips_a_savepoint_is_heard_where_the_page_says_so(phase: Phase) -> None:
    if VerbKind.SKIP_SAVEPOINT in WAYS[phase].deploying and phase is not Phase.CANCEL:
        assert changes(stop_rules.RULES, phase, {"jobmanager": JobManager.OURS})
    if VerbKind.SKIP_SAVEPOINT in WAYS[phase].removing:
        assert changes(remove_rules.RULES, phase, {"jobmanager": JobManager.OURS})
