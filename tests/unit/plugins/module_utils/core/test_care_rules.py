# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The care table at every point of its fact space; an invariant is a sentence over all points."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.care_rules import RULES
from ansible_collections.flinkops.flink.plugins.module_utils.core.caring import Caring, Ended, Gate
from ansible_collections.flinkops.flink.plugins.module_utils.core.case import (
    ENDED,
    Flink,
    JobManager,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.difference_rules import Change
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
from support.sentences import Sentences

LIVE = (Change.NONE, Change.IGNORED, Change.LIVE)


def is_possible(f: Caring) -> bool:
    """No record and no look gives the other points."""
    if f.jobmanager is JobManager.ABSENT and (f.job is not Flink.UNSEEN or f.is_complete):
        return False
    if f.jobmanager is JobManager.OLDER or f.change not in LIVE:
        return False
    if f.wants_stable and (f.has_failed_before or f.will_go_back or not f.is_stable):
        return False
    return f.gate is not Gate.LATE or f.job is Flink.RUNNING


TABLE = Sentences(Caring, RULES, is_possible)


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Rule[Caring]) -> None:
    assert TABLE.decides_somewhere(rule)


def test_nothing_here_ends_a_job_but_one_that_finished_and_is_over() -> None:
    assert not TABLE.broken(
        lambda f: f.job is Flink.FINISHED and f.is_over,
        by=lambda rule: rule.move in (Move.DELETE_CLUSTER, Move.STOP_JOBMANAGER),
    )
    assert not {Move.STOP_JOB, Move.CANCEL_JOB} & {rule.move for rule in RULES}


def test_no_start_is_written_while_a_jobmanager_or_pods_of_the_old_one_are_there() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is JobManager.ABSENT and not f.has_pods,
        by=lambda rule: rule.effect is Effect.START,
    )


def test_a_lost_jobmanager_is_made_again_only_with_a_state_that_is_known() -> None:
    assert not TABLE.broken(
        lambda f: f.source is not Source.NONE and f.recovers and f.ended is Ended.NO,
        by=lambda rule: rule.effect is Effect.START,
    )


def test_without_a_new_start_only_what_is_there_is_made_whole() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is JobManager.OURS and not f.is_complete,
        by=lambda rule: rule.move is Move.MAKE_CLUSTER and rule.effect is not Effect.START,
    )


def test_a_deployment_of_somebody_else_is_never_touched() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is not JobManager.FOREIGN,
        by=lambda rule: rule.verdict is not Verdict.HELD,
    )


def test_a_version_is_stable_only_once_it_ran_well_or_finished() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.job is Flink.FINISHED
            or (f.job is Flink.RUNNING and (f.is_stable or f.gate is Gate.OPEN or f.accepts))
        ),
        by=lambda rule: rule.effect is Effect.STABLE,
    )


def test_a_gate_is_passed_without_a_checkpoint_by_the_word_of_a_person_alone() -> None:
    assert not TABLE.broken(
        lambda f: f.accepts and f.job is Flink.RUNNING,
        by=lambda rule: rule.name == "a_person_accepts_the_version",
    )


def test_pods_are_killed_of_a_cluster_that_goes_and_by_the_word_of_a_person_alone() -> None:
    assert not TABLE.broken(
        lambda f: f.kills_pods and is_in_the_way(f), by=lambda rule: rule.move is Move.KILL_PODS
    )


def test_a_running_version_that_failed_before_is_not_recorded_as_the_stable_one() -> None:
    assert not TABLE.broken(
        lambda f: f.job is Flink.FINISHED or not f.has_failed_before,
        by=lambda rule: rule.effect is Effect.STABLE,
    )


def test_settled_means_that_the_job_runs_or_is_done_and_the_record_is_as_wanted() -> None:
    assert not TABLE.broken(
        lambda f: (
            (f.jobmanager is JobManager.ABSENT and f.ended is Ended.FINISHED)
            or (f.job in (Flink.RUNNING, Flink.FINISHED) and f.change is Change.NONE)
        ),
        by=lambda rule: rule.verdict is Verdict.SETTLED,
    )


def test_a_job_that_ended_badly_is_never_called_settled() -> None:
    assert not TABLE.broken(
        lambda f: f.job not in (Flink.FAILED, Flink.CANCELED),
        by=lambda rule: rule.verdict is Verdict.SETTLED,
    )


def test_a_checkpoint_is_asked_of_a_running_job_whose_gate_is_closed() -> None:
    assert not TABLE.broken(
        lambda f: f.job is Flink.RUNNING and f.gate is Gate.CLOSED and not f.is_stable,
        by=lambda rule: rule.move is Move.TAKE_CHECKPOINT,
    )


def test_a_person_is_not_told_too_long_of_a_job_that_runs_or_has_run_well() -> None:
    assert not TABLE.broken(
        lambda f: f.is_late and not f.is_stable and f.job not in (Flink.RUNNING, *ENDED),
        by=lambda rule: rule.name == "the_start_took_too_long",
    )


def test_objects_are_patched_for_a_live_change_alone() -> None:
    assert not TABLE.broken(
        lambda f: f.change is Change.LIVE, by=lambda rule: rule.move is Move.PATCH_OBJECTS
    )


def test_the_boost_is_given_back_once_the_job_runs_and_its_first_checkpoint_is_there() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.is_boosted
            and f.job is Flink.RUNNING
            and (f.is_stable or f.accepts or f.gate not in (Gate.CLOSED, Gate.ASKED))
        ),
        by=lambda rule: rule.move is Move.RESIZE_PODS,
    )


def test_a_job_that_runs_is_not_settled_while_it_has_more_than_the_spec_says() -> None:
    assert not TABLE.broken(
        lambda f: not f.is_boosted or f.job is not Flink.RUNNING,
        by=lambda rule: rule.verdict is Verdict.SETTLED,
    )


def test_a_job_whose_gate_failed_does_not_keep_the_boost() -> None:
    assert not TABLE.broken(
        lambda f: not f.is_boosted,
        by=lambda rule: rule.name.startswith(("its_first_checkpoint_failed", "no_checkpoint_")),
    )


def test_every_wait_of_a_start_and_for_an_old_cluster_ends() -> None:
    """A stable version that starts anew (a failover) is waited for: it is Flink's to come back."""
    assert not TABLE.broken(
        lambda f: (
            not (
                f.is_delete_late
                and (
                    f.jobmanager is JobManager.GOING
                    or (f.jobmanager is JobManager.ABSENT and f.has_pods)
                )
            )
        ),
        by=lambda rule: rule.verdict is Verdict.WAIT,
    )
    assert not TABLE.broken(
        lambda f: (
            not f.is_late
            or f.is_stable
            or f.job is Flink.RUNNING
            or f.change is Change.IGNORED
            or (f.will_go_back and f.is_unheard and not f.is_silence_late)
            or f.jobmanager in (JobManager.GOING, JobManager.ABSENT)
        ),
        by=lambda rule: rule.verdict is Verdict.WAIT,
    )


def test_the_wait_for_a_first_checkpoint_ends() -> None:
    assert not TABLE.broken(
        lambda f: f.gate in (Gate.ASKED, Gate.WAITING),
        by=lambda rule: rule.name == "its_first_checkpoint_is_waited_for",
    )
