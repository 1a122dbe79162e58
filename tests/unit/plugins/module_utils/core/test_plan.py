# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every table of rules: its names, its words, and the page that prints it."""

from __future__ import annotations

import inspect
import re
from datetime import UTC, datetime
from string import Formatter
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core import (
    care_rules,
    refusing,
    remove_rules,
    remove_words,
    restore_rules,
    served,
    snapshot_rules,
    snapshots,
    start_rules,
    stop_rules,
    suspended,
    words,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.deadlines import phase_deadline
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Phase,
    Rule,
    Verdict,
    first,
    first_of,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from support.space import Space
from tables import TABLES as PRINTED
from tables import files

TABLES: dict[str, tuple[Rule[Any], ...]] = {
    "served": served.RULES,
    "refusing": refusing.RULES,
    "start": start_rules.RULES,
    "stop": stop_rules.RULES,
    "care": care_rules.RULES,
    "suspended": suspended.RULES,
    "restore": restore_rules.RULES,
    "snapshot": snapshot_rules.RULES,
    "remove": remove_rules.RULES,
}
BESIDE = {"health", "asking", "forecast", "forecast-removal", "snapshot-answer"}
"""Tables beside the turn's: they choose or tell, make no move, and have tests of their own."""
LETS_PASS = ("refusing",)
"""Tables that need no answer: what they don't refuse is asked of the others."""
EVERY = [
    pytest.param(name, rule, id=f"{name}-{rule.name}")
    for name, rules in TABLES.items()
    for rule in rules
]
WAYS_ON = (Verdict.HELD, Verdict.FAILED)
CHOOSES = ("restore",)
"""Tables that choose what a move needs, and make none."""
TOLD = {"key", "name", "namespace"} | {
    name[1:] for name in vars(words._Words) if re.fullmatch("_[a-z][a-z_]*", name)
}
TOLD_OF_SNAPSHOTS = {"key", "trigger_id", "location", "why", "deadline", "expired"}
TOLD_OF_REMOVALS = {name.removeprefix("told_") for name in vars(remove_words) if "told_" in name}
NO_PHASE = {
    ("served", "its_operator_removes_it"): "the operator's own phases",
    ("served", "its_operator_has_not_seen_it_yet"): "the operator's next turn, or its Lease",
    ("served", "its_operator_works_on_it"): "the operator's own phases",
    ("start", "a_start_is_called_off"): "what it writes ends it",
    ("stop", "the_suspended_job_is_at_rest"): "what it writes ends it",
    ("care", "the_record_follows_the_spec"): "what it writes ends it",
    ("care", "a_person_accepts_the_version"): "what it writes ends it",
    ("care", "the_stable_version_is_wanted_again"): "what it writes ends it",
    ("suspended", "the_suspended_job_follows_its_spec"): "what it writes ends it",
}
"""Waits that no deadline of ours ends, and what does."""


def rule(name: str, *, fires: bool) -> Rule[None]:
    return Rule(name=name, when=lambda _: fires, verdict=Verdict.WAIT, message="")


def test_the_first_rule_that_matches_decides() -> None:
    rules = (rule("a", fires=False), rule("b", fires=True), rule("c", fires=True))
    assert first(rules, None).name == "b"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_names_differ(table: tuple[Rule[Any], ...]) -> None:
    assert len({rule.name for rule in table}) == len(table)


def test_every_table_is_printed() -> None:
    printed = {name: tuple(rules) for name, (_, _, rules) in PRINTED.items()}
    assert printed.keys() == TABLES.keys() | BESIDE
    assert {name: printed[name] for name in TABLES} == TABLES


@pytest.mark.parametrize("name", TABLES)
def test_a_table_ends_in_a_rule_that_always_matches_unless_it_lets_pass(name: str) -> None:
    """Asked of facts none of which can be read, it answers all the same."""
    nothing_known = object()
    if name in LETS_PASS:
        space = Space(refusing.Refusing)
        answers = space.regions(lambda facts: first_of(TABLES[name], facts))
        assert any(region.answer is None for region in answers)
    else:
        assert TABLES[name][-1].when(nothing_known)


@pytest.mark.parametrize(("table", "rule"), EVERY)
def test_a_name_is_a_sentence_in_snake_case(table: str, rule: Rule[Any]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+){2,}", rule.name), table


@pytest.mark.parametrize(("table", "rule"), EVERY)
def test_a_message_uses_only_words_that_are_told(table: str, rule: Rule[Any]) -> None:
    asked = {
        name for text in (rule.message, rule.next_step) for _, name, *_ in Formatter().parse(text)
    }
    told = {"snapshot": TOLD_OF_SNAPSHOTS, "remove": TOLD | TOLD_OF_REMOVALS}
    assert asked - {None} <= told.get(table, TOLD)


def test_the_words_of_snapshots_are_the_ones_that_are_told() -> None:
    source = inspect.getsource(snapshots.words)
    assert set(re.findall(r'"([a-z_]+)":', source)) == TOLD_OF_SNAPSHOTS


@pytest.mark.parametrize(("table", "rule"), EVERY)
def test_what_does_not_go_on_by_itself_says_what_to_do(table: str, rule: Rule[Any]) -> None:
    """Only broken rules need no such word: each problem brings its own."""
    assert rule.verdict not in WAYS_ON or rule.next_step or rule.name == "the_resource_breaks_rules"
    if rule.verdict is Verdict.SETTLED:
        assert not rule.next_step, table


@pytest.mark.parametrize(("table", "rule"), EVERY)
def test_a_move_is_made_by_go_alone(table: str, rule: Rule[Any]) -> None:
    goes = rule.verdict is Verdict.GO and table not in CHOOSES
    assert (rule.move is not Move.NOTHING) is goes


@pytest.mark.parametrize(("table", "rule"), EVERY)
def test_a_wait_has_a_phase_or_its_end_is_named(table: str, rule: Rule[Any]) -> None:
    is_bare = rule.verdict is Verdict.WAIT and rule.phase is None
    assert is_bare is ((table, rule.name) in NO_PHASE)


@pytest.mark.parametrize("phase", Phase)
def test_each_phase_has_a_deadline(phase: Phase) -> None:
    request = {"triggerId": "a" * 32, "triggerTimestamp": 1000, "triggerType": "UPGRADE"}
    status = {
        "reconciliationStatus": {"reconciliationTimestamp": 1000},
        "jobStatus": {"savepointInfo": request, "checkpointInfo": request},
    }
    now = datetime(2026, 1, 1, tzinfo=UTC)
    assert phase_deadline(phase, recorded(status), {}, now) is not None


@pytest.mark.parametrize(("file", "new"), list(files()), ids=lambda it: getattr(it, "name", ""))
def test_the_printed_table_is_the_one_in_the_code(file: Any, new: str) -> None:
    assert file.read_text() == new, "run hack/tables.py"
