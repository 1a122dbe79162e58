# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What an operator serves is left to it by all others, who say what it says."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Rule,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Holder
from ansible_collections.flinkops.flink.plugins.module_utils.core.served import (
    NAMES,
    OPERATOR,
    RULES,
    Serving,
    by_an_operator,
    serving,
    told,
)
from support import looks
from support.sentences import Sentences

HOLDER = Holder(identity=f"{OPERATOR}ops/flink", expires=looks.NOW + timedelta(seconds=15))
TABLE = Sentences(Serving, RULES, lambda f: not (f.is_ready and f.is_stalled))


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total
    assert len(NAMES) == len(RULES)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere(rule: Rule[Serving]) -> None:
    assert TABLE.decides_somewhere(rule)


def test_nothing_is_written_into_its_status() -> None:
    assert all((rule.effect, rule.phase) == (Effect.NONE, None) for rule in RULES)


def test_nothing_is_done_to_it_but_a_deletion_that_is_asked_for_and_loses_nothing() -> None:
    assert {rule.move for rule in RULES} == {Move.NOTHING, Move.DELETE_RESOURCE}
    assert not TABLE.broken(
        lambda f: f.removes and f.keeps and not f.is_going,
        by=lambda rule: rule.move is Move.DELETE_RESOURCE,
    )


def test_it_is_settled_once_its_operator_has_said_so_of_what_is_wanted_now() -> None:
    assert not TABLE.broken(
        lambda f: f.is_seen and f.is_ready and not f.has_word and not f.removes and not f.is_going,
        by=lambda rule: rule.verdict is Verdict.SETTLED,
    )


def test_a_failure_is_told_once_its_operator_has_seen_what_is_wanted() -> None:
    assert not TABLE.broken(
        lambda f: f.is_stalled and not f.has_word and (f.is_seen or f.removes),
        by=lambda rule: rule.verdict is Verdict.FAILED,
    )


@pytest.mark.parametrize(
    ("holder", "is_so"),
    [
        (HOLDER, True),
        (replace(HOLDER, expires=looks.NOW), False),
        (replace(HOLDER, identity=looks.OTHER), False),
        (None, False),
    ],
)
def test_only_an_operator_that_is_alive_serves(holder: Holder | None, is_so: bool) -> None:
    assert by_an_operator(looks.seen(claim=holder), looks.asker()) is is_so


def test_the_operator_itself_is_not_kept_off() -> None:
    assert not by_an_operator(looks.seen(claim=HOLDER), looks.asker(driver=HOLDER.identity))


def conditions(**of: Any) -> dict[str, Any]:
    usual = {"observedGeneration": 1, "message": "said"}
    return {
        "conditions": [{"type": kind, "status": status, **usual} for kind, status in of.items()]
    }


def test_the_facts_are_its_conditions() -> None:
    ready = serving(
        looks.case(looks.seen(conditions(Ready="True", Stalled="False"))), removes=False
    )
    assert (ready.is_seen, ready.is_ready, ready.is_stalled) == (True, True, False)
    stuck = serving(looks.case(looks.seen(conditions(Ready="False", Stalled="True"))), removes=True)
    assert (stuck.is_ready, stuck.is_stalled, stuck.removes) == (False, True, True)
    newer = looks.resource(status=conditions(Ready="True"), generation=2, verb="retry")
    unseen = serving(looks.case(looks.seen(resource=newer)), removes=False, word=Word.DROP)
    assert (unseen.is_seen, unseen.has_word, unseen.keeps) == (False, True, False)


@pytest.mark.parametrize("status", [{}, {"conditions": "none"}, {"conditions": [3]}])
def test_a_status_without_conditions_says_nothing(status: dict[str, Any]) -> None:
    case = looks.case(looks.seen(status))
    facts = serving(case, removes=False)
    assert (facts.is_seen, facts.is_ready, facts.is_stalled) == (False, False, False)
    assert "not said" in told(case)
