# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The table of suspended applications at every point of its fact space."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import (
    ENDED,
    Flink,
    JobManager,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.in_the_way import (
    is_in_the_way,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Rule,
    Source,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.suspended import RULES, Suspended
from support.sentences import Sentences

RUNS = (Flink.STARTING, Flink.RUNNING, Flink.RESTARTING, Flink.CANCELLING)


def is_possible(f: Suspended) -> bool:
    """One phase at a time; Flink needs a JobManager. No look gives the other points."""
    if f.jobmanager is JobManager.ABSENT and f.job is not Flink.UNSEEN:
        return False
    return f.jobmanager is not JobManager.OLDER and not (f.is_delete_late and f.is_silence_late)


TABLE = Sentences(Suspended, RULES, is_possible)


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Rule[Suspended]) -> None:
    assert TABLE.decides_somewhere(rule)


@pytest.mark.row("C-035")
def test_what_is_to_stay_suspended_is_never_started() -> None:
    assert not TABLE.broken(
        lambda f: not f.wants_suspended, by=lambda rule: rule.move is Move.MAKE_CLUSTER
    )


def test_no_start_is_made_beside_a_jobmanager_or_pods() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is JobManager.ABSENT and not f.has_pods,
        by=lambda rule: rule.move is Move.MAKE_CLUSTER,
    )


def test_it_goes_on_from_a_state_that_is_known() -> None:
    assert not TABLE.broken(
        lambda f: f.source is not Source.NONE, by=lambda rule: rule.effect is Effect.START
    )


def test_a_job_that_somebody_started_is_neither_deleted_nor_written_over() -> None:
    assert not TABLE.broken(
        lambda f: f.job not in RUNS or f.jobmanager is JobManager.ABSENT,
        by=lambda rule: (
            rule.move not in (Move.NOTHING, Move.KILL_PODS) or rule.effect is not Effect.NONE
        ),
    )


def test_pods_are_killed_of_a_cluster_that_goes_and_by_the_word_of_a_person_alone() -> None:
    assert not TABLE.broken(
        lambda f: f.kills_pods and is_in_the_way(f), by=lambda rule: rule.move is Move.KILL_PODS
    )


def test_a_cluster_is_deleted_only_where_its_job_is_seen_to_have_ended() -> None:
    assert not TABLE.broken(
        lambda f: f.job in ENDED, by=lambda rule: rule.move is Move.DELETE_CLUSTER
    )


def test_a_deployment_of_somebody_else_is_never_touched() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is not JobManager.FOREIGN,
        by=lambda rule: rule.verdict is not Verdict.HELD,
    )


def test_settled_means_that_nothing_of_it_is_there_and_the_record_is_as_wanted() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.wants_suspended
            and not f.is_changed
            and f.jobmanager is JobManager.ABSENT
            and not f.has_pods
        ),
        by=lambda rule: rule.verdict is Verdict.SETTLED,
    )


def test_its_record_is_written_anew_only_for_a_changed_spec() -> None:
    """Once written, the spec is no longer a changed one: such a wait lasts one turn."""
    assert not TABLE.broken(lambda f: f.is_changed, by=lambda rule: rule.effect is Effect.SUSPENDED)


def test_every_wait_for_a_cluster_ends() -> None:
    assert not TABLE.broken(
        lambda f: not (is_in_the_way(f) and f.is_delete_late),
        by=lambda rule: rule.verdict is Verdict.WAIT,
    )
    assert not TABLE.broken(
        lambda f: is_in_the_way(f) or not f.is_silence_late or f.jobmanager is JobManager.ABSENT,
        by=lambda rule: rule.verdict is Verdict.WAIT,
    )
