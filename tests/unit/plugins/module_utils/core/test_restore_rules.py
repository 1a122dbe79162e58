# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The restore table at every point of its fact space: no start without a state that has a name."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Rule,
    Source,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore import (
    Asked,
    Began,
    Kept,
    Metadata,
    Restoring,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore_rules import (
    GUESS,
    PATHS,
    RULES,
)
from support.sentences import Sentences

EMPTY = {
    "the_user_lets_the_state_go",
    "a_first_deployment_starts_empty",
    "its_upgrade_mode_is_stateless",
    "its_empty_start_is_recorded",
    "nothing_completed_since_it_began_empty",
    "it_had_no_state_before_its_cluster_went",
}
"""The only reasons for which a job starts without state."""


def is_possible(f: Restoring) -> bool:
    """No record and no look gives the other points."""
    if f.is_redeploy and (f.is_first or f.goes_back or f.is_announced):
        return False
    if f.goes_back and f.is_announced:
        return False
    return not f.has_metadata_path or f.metadata is not Metadata.GONE


TABLE = Sentences(Restoring, RULES, is_possible)


def starts_empty(rule: Rule[Restoring]) -> bool:
    return rule.source is Source.EMPTY


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Rule[Restoring]) -> None:
    assert TABLE.decides_somewhere(rule)


def test_a_source_is_chosen_where_a_start_may_go_on_and_only_there() -> None:
    assert all((rule.verdict is Verdict.GO) is (rule.source is not Source.NONE) for rule in RULES)


def test_nothing_is_moved_nor_written_by_the_choice_alone() -> None:
    assert {(rule.move, rule.effect) for rule in RULES} == {(Move.NOTHING, Effect.NONE)}


def test_a_path_is_told_for_each_snapshot_and_for_nothing_else() -> None:
    assert set(PATHS) == {rule.name for rule in RULES if rule.source is Source.SAVEPOINT}


def test_a_job_starts_empty_for_the_named_reasons_alone() -> None:
    assert {rule.name for rule in RULES if starts_empty(rule)} == EMPTY


def test_a_stateful_job_is_never_started_empty_because_something_was_not_found() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.asked is Asked.EMPTY
            or f.is_first
            or f.is_stateless
            or ((f.is_announced or f.goes_back) and f.began is Began.EMPTY)
            or (f.has_nothing_since and f.began is Began.EMPTY)
            or (f.keeps is Kept.EMPTY and f.metadata is not Metadata.CHECKPOINT)
        ),
        by=starts_empty,
    )


def test_a_job_that_began_empty_and_has_state_since_does_not_begin_empty_again() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.asked is Asked.EMPTY
            or f.is_first
            or f.is_stateless
            or f.is_announced
            or f.goes_back
            or not (f.has_ended_with_snapshot or f.has_seen_snapshot)
        ),
        by=starts_empty,
    )


def test_the_word_of_a_person_goes_before_everything() -> None:
    assert not TABLE.broken(
        lambda f: f.asked is not Asked.PATH,
        by=lambda rule: rule.name != "the_user_names_the_snapshot",
    )
    assert not TABLE.broken(
        lambda f: f.asked is not Asked.EMPTY,
        by=lambda rule: rule.name != "the_user_lets_the_state_go",
    )


def test_the_snapshot_in_the_spec_is_for_a_first_start_or_a_redeployment() -> None:
    named = ("a_first_deployment_has_its_snapshot", "a_redeployment_has_its_snapshot")
    assert not TABLE.broken(
        lambda f: (f.is_first or f.is_redeploy) and f.has_initial,
        by=lambda rule: rule.name in named,
    )


def test_metadata_is_used_only_where_it_holds_a_checkpoint_that_the_next_start_can_read() -> None:
    assert not TABLE.broken(
        lambda f: f.metadata is Metadata.CHECKPOINT and f.suits_metadata,
        by=lambda rule: rule.source is Source.LAST_STATE,
    )


def test_what_is_written_ahead_is_kept_to() -> None:
    """An empty start or a snapshot, once recorded, gives way to the word of a person alone."""
    assert not TABLE.broken(
        lambda f: (
            f.asked is not Asked.NOTHING
            or f.is_first
            or f.is_redeploy
            or f.is_stateless
            or not f.is_announced
            or f.began is not Began.SNAPSHOT
        ),
        by=lambda rule: rule.name != "its_origin_is_recorded",
    )


def test_a_guess_is_made_only_where_nothing_better_is_known() -> None:
    assert not TABLE.broken(
        lambda f: (
            not (
                f.has_ended_with_snapshot
                or f.has_seen_snapshot
                or (f.metadata is Metadata.CHECKPOINT and (f.suits_metadata or f.has_metadata_path))
                or (f.has_nothing_since and f.began in (Began.EMPTY, Began.SNAPSHOT))
            )
        ),
        by=lambda rule: rule.name == GUESS,
    )


def test_what_may_not_be_the_newest_is_taken_by_the_word_of_a_person_alone() -> None:
    assert not TABLE.broken(lambda f: f.takes_what_is_known, by=lambda rule: rule.name == GUESS)


def test_a_job_with_a_snapshot_that_is_sure_is_never_held() -> None:
    assert not TABLE.broken(
        lambda f: not (f.has_ended_with_snapshot or f.has_seen_snapshot),
        by=lambda rule: rule.verdict is Verdict.HELD,
    )
