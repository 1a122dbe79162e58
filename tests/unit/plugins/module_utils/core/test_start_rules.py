# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The start table at every point of its fact space; an invariant is a sentence over all points."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import JobManager, Situation
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Rule,
    Source,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.start_rules import RULES
from ansible_collections.flinkops.flink.plugins.module_utils.core.starting import Starting
from support.sentences import Sentences

ASKED = (Situation.NEW, Situation.STARTING, Situation.ROLLING_BACK)
MOVES = Path(__file__).parents[5] / "roles" / "deploy" / "tasks" / "moves"


def is_possible(f: Starting) -> bool:
    """The table is asked of these situations alone; a start that is made is no start any more."""
    if f.situation not in ASKED:
        return False
    if f.situation is Situation.NEW and (f.is_changed or f.is_retold or f.is_delete_late):
        return False
    if f.situation is not Situation.NEW and f.jobmanager is JobManager.OURS and f.is_complete:
        return False
    if f.jobmanager is JobManager.ABSENT and f.is_complete:
        return False
    return not f.is_retold or f.source is not Source.NONE


TABLE = Sentences(Starting, RULES, is_possible)


def makes(rule: Rule[Starting]) -> bool:
    return rule.move is Move.MAKE_CLUSTER


def starts(rule: Rule[Starting]) -> bool:
    return rule.effect is Effect.START


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Rule[Starting]) -> None:
    assert TABLE.decides_somewhere(rule)


def test_the_role_knows_each_move() -> None:
    moves = {str(rule.move) for rule in RULES} - {str(Move.NOTHING)}
    assert moves <= {path.stem for path in MOVES.glob("*.yml")}


def test_no_start_is_written_while_a_jobmanager_or_pods_of_the_old_one_are_there() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is JobManager.ABSENT and not f.has_pods, by=starts
    )


def test_a_cluster_is_made_where_none_is_or_where_its_own_is_half_made() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.jobmanager is JobManager.OURS
            or (f.jobmanager is JobManager.ABSENT and not f.has_pods)
        ),
        by=makes,
    )


def test_nothing_is_started_without_a_state_that_has_a_name() -> None:
    """A cluster that is half made was started before: its source is the one written ahead."""
    assert not TABLE.broken(
        lambda f: f.source is not Source.NONE or f.jobmanager is JobManager.OURS, by=makes
    )


def test_a_first_start_never_passes_over_state_of_its_name() -> None:
    assert not TABLE.broken(
        lambda f: f.situation is not Situation.NEW or not f.has_leftovers or f.names_its_state,
        by=makes,
    )


@pytest.mark.row("C-035")
def test_a_suspended_resource_is_not_started() -> None:
    """What is half made is made first: then its job can be stopped with its state."""
    assert not TABLE.broken(
        lambda f: not f.wants_suspended or f.jobmanager is JobManager.OURS, by=makes
    )


def test_a_start_that_is_called_off_keeps_its_source() -> None:
    assert not TABLE.broken(
        lambda f: f.source is not Source.NONE and f.jobmanager is JobManager.ABSENT,
        by=lambda rule: rule.effect is Effect.SUSPENDED,
    )


def test_a_start_goes_on_only_with_the_spec_and_the_state_that_were_written_ahead() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is JobManager.OURS or not (f.is_changed or f.is_retold),
        by=lambda rule: rule.name == "an_interrupted_deployment_goes_on",
    )


def test_only_a_cluster_that_is_older_than_the_start_is_deleted() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is JobManager.OLDER and f.situation is not Situation.NEW,
        by=lambda rule: rule.move is Move.DELETE_CLUSTER,
    )


def test_a_deployment_of_somebody_else_is_never_touched() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is not JobManager.FOREIGN,
        by=lambda rule: rule.verdict not in (Verdict.HELD, Verdict.SETTLED),
    )


def test_settled_means_that_nothing_was_deployed_and_nothing_is_to_be() -> None:
    assert not TABLE.broken(
        lambda f: f.situation is Situation.NEW and f.wants_suspended,
        by=lambda rule: rule.verdict is Verdict.SETTLED,
    )


def test_every_wait_for_an_old_cluster_ends() -> None:
    assert not TABLE.broken(
        lambda f: not f.is_delete_late,
        by=lambda rule: rule.verdict is Verdict.WAIT and rule.phase is not None,
    )


def test_what_was_announced_is_made_unless_something_is_in_the_way() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.situation is Situation.NEW
            or f.wants_suspended
            or f.jobmanager not in (JobManager.ABSENT, JobManager.OURS)
            or (f.jobmanager is JobManager.ABSENT and (f.has_pods or f.source is Source.NONE))
        ),
        by=lambda rule: not makes(rule),
    )
