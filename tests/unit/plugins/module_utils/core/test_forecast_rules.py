"""How long a job is away, by the forecast of its plan: the table at every point, and its modes."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast_rules import (
    RULES,
    Mode,
    Outlook,
    Rest,
    mode_of,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Rule,
    Source,
    Verdict,
    first,
)
from support.sentences import Sentences

TABLE = Sentences(Outlook, RULES)


def outlook(**facts: object) -> Outlook:
    usual = {
        "rest": Rest.NONE,
        "starts": False,
        "source": Source.NONE,
        "patches": False,
        "snapshots": False,
        "is_refused": False,
        "is_open": False,
        "awaits_start": False,
        "removes": False,
    }
    return Outlook(**{**usual, **facts})  # type: ignore[arg-type]


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere(rule: Rule[Outlook]) -> None:
    assert TABLE.decides_somewhere(rule)


def test_an_interruption_is_never_told_as_none() -> None:
    def is_left_running(rule: Rule[Outlook]) -> bool:
        return rule.message.startswith("none")

    broken = TABLE.broken(lambda f: f.rest is Rest.NONE or f.is_refused, by=is_left_running)
    assert broken == []


def test_nothing_is_promised_of_what_is_processed_twice_but_after_a_savepoint() -> None:
    def promises(rule: Rule[Outlook]) -> bool:
        return "nothing is processed twice" in rule.message

    assert TABLE.broken(lambda f: f.rest is Rest.SAVEPOINT, by=promises) == []


def test_a_removal_ends_the_job_for_good_and_nothing_else_does() -> None:
    def is_for_good(rule: Rule[Outlook]) -> bool:
        return rule.message.startswith("for good")

    def may_be(facts: Outlook) -> bool:
        return facts.removes or facts.rest is Rest.NAMESPACE

    assert TABLE.broken(may_be, by=is_for_good) == []
    comes_back = TABLE.broken(
        lambda f: not f.removes or f.rest is Rest.NONE or f.is_refused,
        by=lambda rule: not is_for_good(rule),
    )
    assert comes_back == []


def test_no_state_is_told_to_go_but_where_none_is_kept() -> None:
    def lets_go(rule: Rule[Outlook]) -> bool:
        return "no state" in rule.message

    assert TABLE.broken(lambda f: f.source is Source.EMPTY, by=lets_go) == []


ROWS = {
    "an upgrade by savepoint": (
        outlook(rest=Rest.SAVEPOINT, starts=True, source=Source.SAVEPOINT),
        "it_is_away_while_its_cluster_is_made_from_its_savepoint",
        Mode.SAVEPOINT,
    ),
    "an upgrade by last-state": (
        outlook(rest=Rest.CUT_OFF, starts=True, source=Source.LAST_STATE),
        "it_is_away_after_its_cluster_is_deleted",
        Mode.LAST_STATE,
    ),
    "one that cancels": (
        outlook(rest=Rest.CANCEL, starts=True, source=Source.SAVEPOINT),
        "it_is_away_after_its_cancellation",
        Mode.LAST_STATE,
    ),
    "a stateless upgrade": (
        outlook(rest=Rest.CUT_OFF, starts=True, source=Source.EMPTY),
        "it_is_away_and_its_state_is_let_go",
        Mode.STATELESS,
    ),
    "a suspension": (
        outlook(rest=Rest.SAVEPOINT, source=Source.SAVEPOINT),
        "it_rests_with_its_savepoint",
        Mode.SAVEPOINT,
    ),
    "a suspension by last-state": (
        outlook(rest=Rest.CUT_OFF, source=Source.LAST_STATE),
        "it_rests_with_its_last_checkpoint",
        Mode.LAST_STATE,
    ),
    "a resumption": (
        outlook(starts=True, source=Source.SAVEPOINT),
        "it_does_not_run_now",
        Mode.SAVEPOINT,
    ),
    "a first deployment": (
        outlook(starts=True, source=Source.EMPTY),
        "it_does_not_run_now",
        Mode.STATELESS,
    ),
    "a patch": (outlook(patches=True), "its_objects_change_while_it_runs", Mode.NONE),
    "a snapshot": (outlook(snapshots=True), "a_snapshot_is_taken_while_it_runs", Mode.NONE),
    "a start under way": (
        outlook(awaits_start=True, snapshots=True),
        "its_start_is_under_way",
        Mode.NONE,
    ),
    "a removal with a savepoint": (
        outlook(rest=Rest.SAVEPOINT, source=Source.SAVEPOINT, removes=True),
        "it_ends_for_good_with_its_savepoint",
        Mode.SAVEPOINT,
    ),
    "a removal with a savepoint of a stateless job": (
        outlook(rest=Rest.SAVEPOINT, source=Source.EMPTY, removes=True),
        "it_ends_for_good_with_its_savepoint",
        Mode.STATELESS,
    ),
    "a removal that cancels": (
        outlook(rest=Rest.CANCEL, source=Source.SAVEPOINT, removes=True),
        "it_ends_for_good_by_its_cancellation",
        Mode.LAST_STATE,
    ),
    "a removal that cuts off": (
        outlook(rest=Rest.CUT_OFF, source=Source.LAST_STATE, removes=True),
        "it_ends_for_good",
        Mode.LAST_STATE,
    ),
    "a removal that keeps nothing": (
        outlook(rest=Rest.CUT_OFF, source=Source.EMPTY, removes=True),
        "it_ends_for_good_and_leaves_no_state",
        Mode.STATELESS,
    ),
    "a removal of what does not run": (
        outlook(source=Source.SAVEPOINT, removes=True),
        "nothing_of_it_runs_any_more",
        Mode.SAVEPOINT,
    ),
    "a namespace that goes": (
        outlook(rest=Rest.NAMESPACE, source=Source.SAVEPOINT, removes=True, is_open=True),
        "it_ends_with_its_namespace",
        Mode.SAVEPOINT,
    ),
    "silence": (outlook(is_open=True), "it_depends_on_an_answer", Mode.NONE),
    "a refusal": (outlook(is_refused=True), "nothing_is_done", Mode.NONE),
    "nothing": (outlook(), "nothing_changes", Mode.NONE),
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_told_of(name: str) -> None:
    facts, interruption, mode = ROWS[name]
    assert first(RULES, facts).name == interruption
    assert mode_of(facts) is mode


NO_PLAN = {
    "nothing_is_done": Verdict.HELD,
    "its_start_is_under_way": Verdict.WAIT,
    "it_depends_on_an_answer": Verdict.WAIT,
    "nothing_changes": Verdict.SETTLED,
}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_what_is_told_of_a_plan_is_no_move_of_its_own(rule: Rule[Outlook]) -> None:
    assert (rule.verdict, rule.move) == (NO_PLAN.get(rule.name, Verdict.GO), Move.NOTHING)


BEFORE = {
    "nothing_is_done": outlook(is_refused=True, rest=Rest.NAMESPACE),
    "it_ends_for_good_and_leaves_no_state": outlook(
        rest=Rest.CANCEL, source=Source.EMPTY, removes=True
    ),
    "it_is_away_while_its_cluster_is_made_from_its_savepoint": outlook(
        rest=Rest.SAVEPOINT, source=Source.EMPTY, starts=True
    ),
    "it_is_away_and_its_state_is_let_go": outlook(
        rest=Rest.CANCEL, source=Source.EMPTY, starts=True
    ),
    "it_does_not_run_now": outlook(starts=True, patches=True),
    "its_objects_change_while_it_runs": outlook(patches=True, awaits_start=True),
    "a_snapshot_is_taken_while_it_runs": outlook(snapshots=True, is_open=True),
}


@pytest.mark.parametrize("name", BEFORE)
def test_a_rule_comes_before_the_next_one_that_would_match_too(name: str) -> None:
    assert first(RULES, BEFORE[name]).name == name
