# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The deploy table at every point of its fact space; an invariant is a sentence over all points."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.deploy_rules import (
    REFUSALS,
    RULES,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.facts import (
    Claim,
    Deploying,
    Flink,
    JobManager,
    Proof,
    Record,
    Shape,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Rule,
    Verdict,
    first,
)
from support.space import Space

Sentence = Callable[[Deploying, Rule[Deploying]], bool]

SPACE = Space(Deploying)
REGIONS = list(SPACE.regions(lambda facts: first(RULES, facts)))
ROLE = Path(__file__).parents[5] / "roles" / "deploy" / "tasks"
HAS_A_CLUSTER = (JobManager.OURS, JobManager.OLDER)
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


def is_possible(f: Deploying) -> bool:
    """No look at a cluster gives the other points."""
    if not f.is_there and (f.is_going or f.is_removing or f.record is not Record.NEVER):
        return False
    if not f.is_there and f.jobmanager not in (JobManager.ABSENT, JobManager.FOREIGN):
        return False
    if f.jobmanager is JobManager.ABSENT and (
        f.is_complete or f.flink is not Flink.UNSEEN or f.proof is Proof.NEVER_RAN
    ):
        return False
    if f.jobmanager is JobManager.OLDER and f.record not in (Record.FIRST_START, Record.OTHER):
        return False
    if f.record is Record.NEVER and (f.is_changed or f.is_late or f.proof is not Proof.NONE):
        return False
    return not (f.is_overdue and not f.is_late and f.record is not Record.NEVER)


def test_every_point_has_one_answer() -> None:
    assert sum(SPACE.size(region) for region in REGIONS) == len(SPACE)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Rule[Deploying]) -> None:
    mine = [region for region in REGIONS if region.answer is rule]
    assert any(point.answer for r in mine for point in SPACE.regions(is_possible, r.values))


def test_a_rule_moves_when_it_says_go_and_only_then() -> None:
    assert all((rule.verdict is Verdict.GO) is (rule.move is not Move.NOTHING) for rule in RULES)


def test_the_refusals_refuse() -> None:
    assert {rule.verdict for rule in REFUSALS} == {Verdict.HELD}


def test_the_role_knows_each_move_and_no_other() -> None:
    moves = {rule.move for rule in RULES} - {Move.NOTHING}
    assert {path.stem for path in (ROLE / "moves").glob("*.yml")} == {str(move) for move in moves}


def test_what_another_operator_or_driver_has_is_left_alone_and_said_so() -> None:
    untouchable = ("another_operator_serves_this_resource", "another_driver_holds_the_lease")
    assert not broken(
        lambda f, rule: f.claim not in STRANGERS or not f.is_there or rule.name in untouchable
    )


def test_without_a_resource_nothing_is_made() -> None:
    assert not broken(lambda f, rule: f.is_there or rule.verdict is Verdict.HELD)


def test_a_resource_that_goes_or_whose_removal_was_begun_is_not_deployed() -> None:
    assert not broken(
        lambda f, rule: not (f.is_going or f.is_removing) or rule.verdict is Verdict.HELD
    )


def test_what_breaks_rules_is_never_half_applied() -> None:
    assert not broken(lambda f, rule: not f.has_problems or rule.verdict is Verdict.HELD)


def test_shapes_that_are_not_served_are_refused() -> None:
    assert not broken(
        lambda f, rule: f.shape is Shape.NATIVE_APPLICATION or rule.verdict is Verdict.HELD
    )


def test_a_deployment_of_somebody_else_is_never_touched() -> None:
    assert not broken(
        lambda f, rule: f.jobmanager is not JobManager.FOREIGN or rule.move is Move.NOTHING
    )


@pytest.mark.row("C-035")
def test_a_suspended_resource_is_never_started_nor_torn_down() -> None:
    assert not broken(lambda f, rule: not f.is_suspended or rule.move is Move.NOTHING)


def test_a_cluster_is_made_where_none_is_or_where_its_own_is_half_made() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.MAKE_CLUSTER
            or f.jobmanager is JobManager.ABSENT
            or (f.jobmanager is JobManager.OURS and not f.is_complete)
        )
    )


def test_no_cluster_is_made_beside_pods_that_may_still_write() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.MAKE_CLUSTER or f.jobmanager is JobManager.OURS or not f.has_pods
        )
    )


def test_a_job_starts_empty_only_as_a_first_start_and_never_beside_state_of_its_name() -> None:
    """What was deployed before and can't be found is no reason to start it anew."""
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.MAKE_CLUSTER
            or (f.record is Record.NEVER and not f.has_leftovers)
            or (f.record is Record.FIRST_START and f.jobmanager is JobManager.OURS)
            or (f.record is Record.FIRST_START and not f.has_leftovers)
        )
    )


def test_a_start_goes_on_only_with_the_spec_that_was_written_ahead() -> None:
    assert not broken(
        lambda f, rule: rule.name != "an_interrupted_deployment_goes_on" or not f.is_changed
    )


def test_a_cluster_is_deleted_only_with_a_proof() -> None:
    assert not broken(
        lambda f, rule: rule.move is not Move.DELETE_CLUSTER or f.proof is not Proof.NONE
    )


def test_a_cluster_is_deleted_only_to_be_replaced_by_a_changed_spec() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.DELETE_CLUSTER
            or (
                f.jobmanager in HAS_A_CLUSTER and (f.is_changed or f.jobmanager is JobManager.OLDER)
            )
        )
    )


def is_ours_to_decide(f: Deploying) -> bool:
    """Nothing refuses it from the outset."""
    is_served = f.is_there and not f.is_going and not f.is_removing and f.claim not in STRANGERS
    is_fit = not f.has_problems and f.shape is Shape.NATIVE_APPLICATION
    return is_served and is_fit and not f.is_suspended


@pytest.mark.row("C-045")
def test_a_start_that_went_wrong_and_holds_nothing_is_replaced_once_its_spec_is_corrected() -> None:
    def went_wrong(f: Deploying) -> bool:
        ended = f.flink in (Flink.FAILED, Flink.CANCELED)
        return ended or f.has_trouble or f.is_late or f.proof is Proof.NEVER_RAN

    assert not broken(
        lambda f, rule: (
            not is_ours_to_decide(f)
            or f.record not in (Record.FIRST_START, Record.DEPLOYED)
            or f.jobmanager is not JobManager.OURS
            or not f.is_changed
            or f.proof is Proof.NONE
            or f.flink in (Flink.RUNNING, Flink.FINISHED)
            or not went_wrong(f)
            or rule.move is Move.DELETE_CLUSTER
        )
    )


def test_the_cluster_of_a_start_that_is_replaced_is_deleted_or_held_and_never_waited_for() -> None:
    assert not broken(
        lambda f, rule: (
            not is_ours_to_decide(f)
            or f.record is not Record.FIRST_START
            or f.jobmanager is not JobManager.OLDER
            or rule.move is Move.DELETE_CLUSTER
            or rule.verdict is Verdict.HELD
        )
    )


def test_what_was_announced_and_not_made_is_made() -> None:
    """With the new spec or the old one, unless something of that name is in the way."""
    assert not broken(
        lambda f, rule: (
            not is_ours_to_decide(f)
            or f.record not in (Record.NEVER, Record.FIRST_START)
            or f.jobmanager is not JobManager.ABSENT
            or f.has_leftovers
            or f.has_pods
            or rule.move is Move.MAKE_CLUSTER
        )
    )


def test_a_job_that_runs_or_finished_is_never_deleted_by_deploy() -> None:
    assert not broken(
        lambda f, rule: (
            rule.move is not Move.DELETE_CLUSTER or f.flink not in (Flink.RUNNING, Flink.FINISHED)
        )
    )


def test_whether_a_cluster_is_made_never_depends_on_what_flink_says_or_does_not_say() -> None:
    made = [region for region in REGIONS if region.answer.move is Move.MAKE_CLUSTER]
    assert made
    assert not [region for region in made if "flink" in region.values]


def test_silence_alone_deletes_nothing() -> None:
    """Beside the proof a start that went wrong is asked for, and silence is no such thing."""
    assert not broken(
        lambda f, rule: (
            f.flink is not Flink.UNSEEN
            or rule.move is not Move.DELETE_CLUSTER
            or f.proof is Proof.NEVER_RAN
            or f.has_trouble
            or f.is_late
            or f.jobmanager is JobManager.OLDER
        )
    )


def test_every_wait_ends() -> None:
    assert not broken(lambda f, rule: not f.is_overdue or rule.verdict is not Verdict.WAIT)


def test_a_person_is_not_told_too_long_before_the_deadline() -> None:
    late = ("the_start_took_too_long", "the_old_cluster_outlives_the_deadline")
    assert not broken(lambda f, rule: rule.name not in late or f.is_overdue)


def test_settled_means_that_what_is_wanted_runs_or_is_done_or_rests() -> None:
    assert not broken(
        lambda f, rule: (
            rule.verdict is not Verdict.SETTLED
            or (f.is_suspended and f.record is Record.NEVER)
            or (f.flink in (Flink.RUNNING, Flink.FINISHED) and not f.is_suspended)
        )
    )


def test_a_changed_spec_is_never_called_settled() -> None:
    assert not broken(
        lambda f, rule: (
            not (f.is_changed and f.jobmanager is JobManager.OURS)
            or f.record is Record.NEVER
            or rule.verdict is not Verdict.SETTLED
        )
    )


def test_a_job_that_runs_is_settled_however_late_and_whatever_trouble_there_was() -> None:
    assert not broken(
        lambda f, rule: (
            f.flink is not Flink.RUNNING
            or rule.name not in ("its_pods_can_not_start", "the_start_took_too_long")
        )
    )
