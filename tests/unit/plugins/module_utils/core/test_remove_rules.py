# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The remove table at every point of its fact space; an invariant is a sentence over all points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import JobManager
from ansible_collections.flinkops.flink.plugins.module_utils.core.claims import Claim
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Rule,
    Verdict,
    first,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.remove_rules import RULES
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import (
    Removing,
    State,
    Word,
)
from support.space import Space

Sentence = Callable[[Removing, Rule[Removing]], bool]

SPACE = Space(Removing)
REGIONS = list(SPACE.regions(lambda facts: first(RULES, facts)))
ROLE = Path(__file__).parents[5] / "roles" / "remove" / "tasks"
KNOWN = (State.STATELESS, State.NEVER_RAN, State.CHECKPOINTED)
ENDS_A_JOB = (Move.STOP_JOBMANAGER, Move.DELETE_CLUSTER)
STRANGERS = (Claim.ANOTHER_OPERATOR, Claim.ANOTHER_DRIVER)


def broken(sentence: Sentence) -> list[str]:
    """Where the sentence is not true, in words; at most a few of them."""
    found = [
        f"{region.answer.name} at {dict(point.values)}"
        for region in REGIONS
        for point in SPACE.regions(lambda f: sentence(f, region.answer), region.values)  # noqa: B023
        if not point.answer
    ]
    return found[:5]


def is_possible(f: Removing) -> bool:
    """No look at a cluster gives the other points."""
    if f.jobmanager is JobManager.OLDER:
        return False
    if not f.is_there and (f.is_going or f.is_begun or f.jobmanager is JobManager.OURS):
        return False
    if f.jobmanager is JobManager.ABSENT and (f.is_scaled_down or f.state is State.NEVER_RAN):
        return False
    return f.has_pods or not (f.has_jobmanager_pods or f.has_pods_to_kill)


def test_every_point_has_one_answer() -> None:
    assert sum(SPACE.size(region) for region in REGIONS) == len(SPACE)


def decides_somewhere(rule: Rule[Removing]) -> bool:
    mine = [region for region in REGIONS if region.answer is rule]
    return any(point.answer for r in mine for point in SPACE.regions(is_possible, r.values))


@pytest.mark.parametrize("rule", RULES[:-1], ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Rule[Removing]) -> None:
    assert decides_somewhere(rule)


def test_the_last_rule_decides_only_what_can_not_be() -> None:
    assert not decides_somewhere(RULES[-1])
    assert any(region.answer is RULES[-1] for region in REGIONS)


def test_a_rule_moves_when_it_says_go_and_only_then() -> None:
    assert all((rule.verdict is Verdict.GO) is (rule.move is not Move.NOTHING) for rule in RULES)


def test_the_role_knows_each_move_and_no_other() -> None:
    moves = {rule.move for rule in RULES} - {Move.NOTHING}
    assert {path.stem for path in (ROLE / "moves").glob("*.yml")} == {str(move) for move in moves}


def test_nothing_is_ever_made() -> None:
    assert not broken(lambda _, rule: rule.move is not Move.MAKE_CLUSTER)


def test_what_another_operator_or_driver_has_is_left_alone_and_said_so() -> None:
    untouchable = ("another_operator_serves_this_resource", "another_driver_holds_the_lease")
    assert not broken(lambda f, rule: f.claim not in STRANGERS or rule.name in untouchable)


def test_a_deployment_of_somebody_else_is_never_touched() -> None:
    assert not broken(
        lambda f, rule: f.jobmanager is not JobManager.FOREIGN or rule.move is Move.NOTHING
    )


@pytest.mark.row("C-097")
def test_a_cluster_that_is_not_forced_away_is_stopped_first() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.DELETE_CLUSTER
            or f.word is Word.FORCE
            or (f.is_begun and f.is_scaled_down and not f.has_jobmanager_pods)
        )
    )


def test_state_is_known_or_dropped_by_word_before_a_job_ends() -> None:
    """Once its removal was begun with such a look, a stopped cluster has no state to ask for."""
    assert not broken(
        lambda f, rule: (
            rule.move not in ENDS_A_JOB
            or f.state in KNOWN
            or f.word in (Word.DROP, Word.FORCE)
            or (f.is_begun and f.is_scaled_down)
        )
    )


def test_the_last_checkpoint_is_named_where_there_is_one() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.STOP_JOBMANAGER
            or f.state is not State.CHECKPOINTED
            or "{checkpoint}" in rule.message
        )
    )


def test_silence_of_flink_ends_no_job_without_the_word_of_the_user() -> None:
    assert not broken(
        lambda f, rule: (
            f.state is not State.UNSEEN
            or f.word is not Word.KEEP
            or rule.move not in ENDS_A_JOB
            or (f.is_begun and f.is_scaled_down)
        )
    )


def test_what_the_user_has_to_decide_is_held_and_not_waited_for() -> None:
    assert not broken(
        lambda f, rule: (
            f.claim in STRANGERS
            or f.is_overdue
            or f.jobmanager is not JobManager.OURS
            or (f.is_begun and f.is_scaled_down)
            or f.word is not Word.KEEP
            or f.state not in (State.NO_CHECKPOINT, State.UNSEEN)
            or rule.verdict is Verdict.HELD
        )
    )


def test_ha_data_goes_only_where_it_may_be_dropped_and_nothing_can_write_it() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.DELETE_HA_DATA
            or (f.drops_state and f.jobmanager is JobManager.ABSENT and not f.has_pods)
        )
    )


def test_force_ends_each_wait_for_pods_that_can_still_be_told_to_end() -> None:
    """Once all were told to, a wait is all that is left: no move is made for ever."""
    assert not broken(
        lambda f, rule: (
            f.word is not Word.FORCE
            or f.claim in STRANGERS
            or f.jobmanager is JobManager.FOREIGN
            or f.is_overdue
            or not (f.has_pods and f.has_pods_to_kill)
            or rule.move is Move.DELETE_CLUSTER
        )
    )


def test_the_resource_goes_last() -> None:
    """With it goes what says whose its objects are, and how to read them."""
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.DELETE_RESOURCE
            or (
                f.is_there
                and f.jobmanager is JobManager.ABSENT
                and not f.has_pods
                and not (f.has_leftovers and f.drops_state)
            )
        )
    )


def test_every_wait_ends() -> None:
    assert not broken(lambda f, rule: not f.is_overdue or rule.verdict is not Verdict.WAIT)


def test_what_is_gone_is_never_a_failure() -> None:
    assert not broken(
        lambda f, rule: (
            f.claim in STRANGERS
            or not f.is_gone
            or rule.verdict is Verdict.SETTLED
            or rule.move is Move.DELETE_HA_DATA
        )
    )


def test_settled_means_that_nothing_is_left() -> None:
    assert not broken(lambda f, rule: rule.verdict is not Verdict.SETTLED or f.is_gone)


def test_a_word_of_the_user_is_the_way_out_of_each_refusal_about_state() -> None:
    about_state = ("a_stateful_job_has_no_checkpoint", "the_last_checkpoint_is_not_seen")
    assert not broken(lambda f, rule: rule.name not in about_state or f.word is Word.KEEP)
