"""What becomes of a state by a removal: the table at every point, and what it never says."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast_removal_rules import (
    RULES,
    Fate,
    Saving,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.leaving import NAMED, State
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Rule,
    Verdict,
    first,
)
from support.sentences import Sentences

TABLE = Sentences(Fate, RULES)


def fate(**facts: object) -> Fate:
    usual = {
        "is_refused": False,
        "is_gone": False,
        "is_dropped": False,
        "is_left": False,
        "saving": Saving.NONE,
        "state": State.ENDED,
        "may_run": False,
    }
    return Fate(**{**usual, **facts})  # type: ignore[arg-type]


ROWS = {
    "a refusal": (
        fate(is_refused=True, is_dropped=True, may_run=True, state=State.STATELESS),
        "its_state_is_not_touched",
    ),
    "a refusal before all else": (
        fate(is_refused=True, is_gone=True),
        "its_state_is_not_touched",
    ),
    "a word in spite of a savepoint": (
        fate(is_dropped=True, saving=Saving.TO_COME),
        "the_user_lets_its_state_go",
    ),
    "a savepoint under way of a stateless job": (
        fate(saving=Saving.UNDER_WAY, state=State.STATELESS),
        "its_savepoint_is_under_way",
    ),
    "nothing left": (fate(is_gone=True, is_dropped=True), "nothing_of_it_is_left"),
    "a word": (fate(is_dropped=True, state=State.SEEN), "the_user_lets_its_state_go"),
    "a savepoint of a stateless job": (
        fate(saving=Saving.TO_COME, state=State.STATELESS, may_run=True),
        "a_savepoint_is_taken",
    ),
    "a savepoint under way": (
        fate(saving=Saving.UNDER_WAY, state=State.UNKNOWN, may_run=True),
        "its_savepoint_is_under_way",
    ),
    "a stateless job": (
        fate(state=State.STATELESS, is_left=True, may_run=True),
        "a_stateless_job_keeps_none",
    ),
    "what never ran": (fate(state=State.NEVER_RAN, is_left=True, may_run=True), "it_has_none"),
    "what is over": (fate(state=State.OVER), "it_has_none"),
    "no checkpoint": (fate(state=State.NOTHING, may_run=True), "it_has_none"),
    "nothing known": (
        fate(state=State.UNKNOWN, is_left=True, may_run=True),
        "none_of_it_is_known",
    ),
    "one that is replaced": (fate(state=State.REPLACED, may_run=True), "none_of_it_is_known"),
    "one that is left": (
        fate(state=State.SEEN, is_left=True, may_run=True),
        "its_checkpoints_and_ha_data_stay",
    ),
    "one of a live job": (fate(state=State.SEEN, may_run=True), "its_last_checkpoint_stays"),
    "one of a silent job": (fate(state=State.METADATA, may_run=True), "its_last_checkpoint_stays"),
    "one that was seen": (fate(state=State.SEEN), "the_newest_that_was_seen_stays"),
    "one of the ledger": (fate(state=State.LEDGER), "the_newest_that_was_seen_stays"),
    "one of HA metadata": (fate(state=State.METADATA), "its_last_snapshot_stays"),
    "an ended job's": (fate(), "its_last_snapshot_stays"),
}


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere(rule: Rule[Fate]) -> None:
    assert TABLE.decides_somewhere(rule)


@pytest.mark.parametrize("name", ROWS)
def test_what_is_told_of(name: str) -> None:
    facts, rule = ROWS[name]
    assert first(RULES, facts).name == rule


def test_each_rule_has_a_row() -> None:
    assert {rule for _, rule in ROWS.values()} == {rule.name for rule in RULES}


def test_nothing_is_told_to_stay_that_is_not_known() -> None:
    def stays(rule: Rule[Fate]) -> bool:
        return "stay" in rule.message and rule.verdict is Verdict.GO

    broken = TABLE.broken(lambda f: f.state in NAMED or f.saving is not Saving.NONE, by=stays)
    assert broken == []


def test_a_snapshot_is_told_as_the_last_one_only_where_nothing_newer_can_come() -> None:
    def is_last(rule: Rule[Fate]) -> bool:
        return rule.message.startswith("its last snapshot")

    certain = (State.ENDED, State.METADATA)
    assert TABLE.broken(lambda f: f.state in certain and not f.may_run, by=is_last) == []


NO_PLAN = {"its_state_is_not_touched": Verdict.HELD, "nothing_of_it_is_left": Verdict.SETTLED}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_told_of_a_state_is_no_move_of_its_own(rule: Rule[Fate]) -> None:
    assert (rule.verdict, rule.move) == (NO_PLAN.get(rule.name, Verdict.GO), Move.NOTHING)
