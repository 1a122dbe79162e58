# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The snapshot table at every point of its fact space; an invariant is a sentence over all."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Rule,
    Verdict,
    first,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_rules import (
    RULES,
    Awaited,
    Job,
    Outcome,
    Snapshotting,
)
from support.space import Space

Sentence = Callable[[Snapshotting, Rule[Snapshotting]], bool]

SPACE = Space(Snapshotting)
REGIONS = list(SPACE.regions(lambda facts: first(RULES, facts)))
TAKES = {Move.TAKE_SAVEPOINT: Awaited.SAVEPOINT, Move.TAKE_CHECKPOINT: Awaited.CHECKPOINT}
REQUESTS = {
    Move.TAKE_SAVEPOINT: Effect.SAVEPOINT_REQUESTED,
    Move.TAKE_CHECKPOINT: Effect.CHECKPOINT_REQUESTED,
}
COMPLETE = (Outcome.DONE, Outcome.FOUND)


def broken(sentence: Sentence) -> list[str]:
    """Where the sentence is not true, in words; at most a few of them."""
    found = [
        f"{region.answer.name} at {dict(point.values)}"
        for region in REGIONS
        for point in SPACE.regions(lambda f: sentence(f, region.answer), region.values)  # noqa: B023
        if not point.answer
    ]
    return found[:5]


def is_awaited(f: Snapshotting) -> bool:
    return f.awaited is not Awaited.NONE


def test_every_point_has_one_answer() -> None:
    assert sum(SPACE.size(region) for region in REGIONS) == len(SPACE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere(rule: Rule[Snapshotting]) -> None:
    assert any(region.answer is rule for region in REGIONS)


def test_a_rules_name_is_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_last_rule_says_that_nothing_is_due() -> None:
    assert (RULES[-1].name, RULES[-1].verdict) == ("no_snapshot_is_due", Verdict.SETTLED)


def test_a_rule_moves_when_it_says_go_and_only_then() -> None:
    assert all((rule.verdict is Verdict.GO) is (rule.move is not Move.NOTHING) for rule in RULES)


def test_no_job_is_stopped_and_no_cluster_is_touched() -> None:
    allowed = {Move.NOTHING, Move.TAKE_SAVEPOINT, Move.TAKE_CHECKPOINT, Move.DISPOSE_SAVEPOINT}
    assert {rule.move for rule in RULES} == allowed


def test_what_is_asked_of_flink_is_written_ahead() -> None:
    assert not broken(
        lambda _, rule: rule.move not in REQUESTS or rule.effect is REQUESTS[rule.move]
    )


def test_two_are_never_under_way_at_once() -> None:
    """While one is awaited, the only request is the same one again."""
    assert not broken(
        lambda f, rule: rule.move not in TAKES or not is_awaited(f) or f.awaited is TAKES[rule.move]
    )


def test_one_is_asked_for_again_only_where_it_failed_or_nobody_knows_of_it() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move not in TAKES
            or not is_awaited(f)
            or (f.outcome in (Outcome.FAILED, Outcome.FORGOTTEN) and not f.is_overdue)
        )
    )


def test_one_that_failed_is_tried_again_within_the_grace_only() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move not in TAKES
            or not is_awaited(f)
            or f.outcome is not Outcome.FAILED
            or f.is_in_grace
        )
    )


def test_only_a_running_job_is_asked() -> None:
    assert not broken(lambda f, rule: rule.move is Move.NOTHING or f.runs)


def test_silence_of_flink_is_no_outcome() -> None:
    """Before the deadline, and as long as the job is not seen to have ended."""
    assert not broken(
        lambda f, rule: (
            not is_awaited(f)
            or f.outcome is not Outcome.UNSEEN
            or f.is_overdue
            or f.job is Job.ENDED
            or (rule.verdict is Verdict.WAIT and rule.effect is Effect.NONE)
        )
    )


def test_what_is_complete_is_recorded_whatever_became_of_the_job() -> None:
    assert not broken(
        lambda f, rule: (
            not is_awaited(f)
            or f.outcome not in COMPLETE
            or (rule.effect is Effect.SNAPSHOT_ENDED and rule.verdict is Verdict.WAIT)
        )
    )


def test_every_wait_ends_at_the_deadline() -> None:
    """Then something is recorded: the same facts don't come again."""
    assert not broken(
        lambda f, rule: not (is_awaited(f) and f.is_overdue) or rule.effect is Effect.SNAPSHOT_ENDED
    )


def test_a_job_that_has_ended_leaves_nothing_under_way() -> None:
    assert not broken(
        lambda f, rule: (
            not (is_awaited(f) and f.job is Job.ENDED) or rule.effect is Effect.SNAPSHOT_ENDED
        )
    )


def test_nothing_ends_that_is_not_under_way() -> None:
    assert not broken(lambda f, rule: rule.effect is not Effect.SNAPSHOT_ENDED or is_awaited(f))


def test_who_asked_hears_of_a_failure_and_nobody_else() -> None:
    assert not broken(
        lambda f, rule: (
            (rule.verdict is Verdict.FAILED)
            <= (is_awaited(f) and f.is_manual and f.outcome not in COMPLETE)
        )
    )


def test_a_person_comes_before_a_period_and_a_savepoint_before_a_checkpoint() -> None:
    wanted: tuple[tuple[Callable[[Snapshotting], bool], str], ...] = (
        (lambda f: f.wants_savepoint, "a_person_asks_for_a_savepoint"),
        (lambda f: f.savepoint_is_due, "a_savepoint_is_due"),
        (lambda f: f.wants_checkpoint and f.can_checkpoint, "a_person_asks_for_a_checkpoint"),
        (lambda f: f.checkpoint_is_due and f.can_checkpoint, "a_checkpoint_is_due"),
    )
    assert not broken(
        lambda f, rule: (
            is_awaited(f)
            or not f.runs
            or rule.verdict is Verdict.HELD
            or not any(when(f) for when, _ in wanted)
            or rule.name == next(name for when, name in wanted if when(f))
        )
    )


def test_a_savepoint_goes_only_where_nothing_is_under_way_or_due() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.DISPOSE_SAVEPOINT
            or not (is_awaited(f) or f.wants_savepoint or f.savepoint_is_due)
        )
    )


def test_a_flink_that_takes_no_checkpoint_is_never_asked_for_a_new_one() -> None:
    assert not broken(
        lambda f, rule: rule.move is not Move.TAKE_CHECKPOINT or f.can_checkpoint or is_awaited(f)
    )


def test_settled_means_that_nothing_can_be_taken_now() -> None:
    assert not broken(
        lambda f, rule: (
            rule.verdict is not Verdict.SETTLED
            or (
                not is_awaited(f)
                and (
                    not f.runs
                    or not (f.wants_savepoint or f.savepoint_is_due or f.wants_checkpoint)
                )
            )
        )
    )
