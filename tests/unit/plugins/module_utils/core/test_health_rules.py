# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The health table at every point of its fact space; an invariant is a sentence over all points."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.health_rules import (
    RULES,
    Faring,
    Finding,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Rule, Verdict
from support.sentences import Sentences

TABLE = Sentences(Faring, RULES)
ILL = (Finding.RESTARTS, Finding.CHECKPOINTS)


def restarts(rule: Rule[Faring]) -> bool:
    return rule.verdict is Verdict.GO


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere(rule: Rule[Faring]) -> None:
    assert TABLE.decides_somewhere(rule)


@pytest.mark.row("C-055")
def test_nothing_is_restarted_unless_the_check_is_switched_on() -> None:
    assert not TABLE.broken(lambda f: f.is_watched, by=lambda rule: rule.verdict is not SETTLED)


SETTLED = Verdict.SETTLED


def test_silence_restarts_nothing() -> None:
    assert not TABLE.broken(lambda f: not f.is_live or f.finding in ILL, by=restarts)


def test_only_a_restart_that_was_begun_goes_on_once_the_job_is_gone() -> None:
    assert not TABLE.broken(lambda f: f.is_live or f.is_going, by=restarts)


def test_a_start_that_did_not_run_well_is_not_restarted() -> None:
    assert not TABLE.broken(lambda f: not f.is_live or f.is_proven, by=restarts)


def test_no_restart_is_begun_without_a_state_that_is_sure() -> None:
    assert not TABLE.broken(lambda f: not f.is_live or f.is_sure, by=restarts)


def test_an_unhealthy_job_that_is_not_restarted_is_told() -> None:
    assert not TABLE.broken(
        lambda f: f.finding in ILL and not (f.is_proven and f.is_sure),
        by=lambda rule: rule.verdict is Verdict.HELD,
    )
    assert not TABLE.broken(
        lambda f: f.finding is not Finding.RESTARTS,
        by=lambda rule: (
            rule.name in ("the_job_is_healthy", "its_first_checkpoint_is_the_gates_affair")
        ),
    )


@pytest.mark.parametrize("finding", ILL)
def test_the_reason_of_a_restart_is_what_was_found(finding: Finding) -> None:
    assert not TABLE.broken(
        lambda f: f.finding is finding, by=lambda rule: rule.name == finding.value
    )
