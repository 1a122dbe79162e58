# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What holds for every table of rules: its names, its words, and the page that prints it."""

from __future__ import annotations

import re
from string import Formatter
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core import (
    decide,
    deploy_rules,
    remove_rules,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Rule,
    Verdict,
    first,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Seen
from tables import files

TABLES: dict[str, tuple[Rule[Any], ...]] = {
    "deploy": deploy_rules.RULES,
    "remove": remove_rules.RULES,
}
EVERY = [pytest.param(rule, id=rule.name) for rules in TABLES.values() for rule in rules]
WORDS = decide._words(Seen(resource=None), "default/app", None)
WAYS_ON = (Verdict.HELD, Verdict.FAILED)


def rule(name: str, *, fires: bool) -> Rule[None]:
    return Rule(name=name, when=lambda _: fires, verdict=Verdict.WAIT, message="")


def test_the_first_rule_that_matches_decides() -> None:
    rules = (rule("a", fires=False), rule("b", fires=True), rule("c", fires=True))
    assert first(rules, None).name == "b"


@pytest.mark.parametrize("table", TABLES.values(), ids=TABLES)
def test_names_differ(table: tuple[Rule[Any], ...]) -> None:
    assert len({rule.name for rule in table}) == len(table)


@pytest.mark.parametrize("rule", EVERY)
def test_a_name_is_a_sentence_in_snake_case(rule: Rule[Any]) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+){2,}", rule.name)


@pytest.mark.parametrize("rule", EVERY)
def test_a_message_uses_only_words_that_are_told(rule: Rule[Any]) -> None:
    asked = {
        name for text in (rule.message, rule.next_step) for _, name, *_ in Formatter().parse(text)
    }
    assert asked - {None} <= set(WORDS)


@pytest.mark.parametrize("rule", EVERY)
def test_what_does_not_go_on_by_itself_says_what_to_do(rule: Rule[Any]) -> None:
    """Only broken rules need no such word: each problem brings its own."""
    needs = rule.verdict in WAYS_ON and rule.name != "the_resource_breaks_rules"
    assert bool(rule.next_step) is needs


@pytest.mark.parametrize("rule", EVERY)
def test_a_move_is_made_by_go_alone(rule: Rule[Any]) -> None:
    assert (rule.move is Move.NOTHING) is (rule.verdict is not Verdict.GO)


@pytest.mark.parametrize(("file", "new"), list(files()), ids=lambda it: getattr(it, "name", ""))
def test_the_printed_table_is_the_one_in_the_code(file: Any, new: str) -> None:
    assert file.read_text() == new, "run hack/tables.py"
