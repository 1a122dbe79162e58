# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The stop table at every point of its fact space; an invariant is a sentence over all points."""

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
from ansible_collections.flinkops.flink.plugins.module_utils.core.intent import Intent
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Phase,
    Rule,
    Source,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import UpgradeMode
from ansible_collections.flinkops.flink.plugins.module_utils.core.stop_rules import RULES
from ansible_collections.flinkops.flink.plugins.module_utils.core.stopping import (
    Age,
    Certainty,
    Stop,
    Stopping,
)
from support.sentences import Sentences

ENDS_A_JOB = (Move.DELETE_CLUSTER, Move.CANCEL_JOB)
BY_WORD = (Intent.REDEPLOY,)
"""What runs is dropped by the word of a person, who named the snapshot to start from."""
ORIGINS = (Source.EMPTY, Source.SAVEPOINT)


def is_possible(f: Stopping) -> bool:
    """No record and no look gives the other points."""
    return _is_asked(f) and _is_sure(f) and _is_seen(f)


def _is_asked(f: Stopping) -> bool:
    if f.intent in (Intent.NONE, Intent.RECOVER) or f.jobmanager is JobManager.OLDER:
        return False
    modes = {Intent.STEP_BACK: UpgradeMode.SAVEPOINT, Intent.RESTART: UpgradeMode.LAST_STATE}
    return f.mode is modes.get(f.intent, f.mode)


def _is_sure(f: Stopping) -> bool:
    if (f.source is Source.NONE) is not (f.certainty is Certainty.NONE):
        return False
    if not f.outlives_its_job and f.source not in (Source.SAVEPOINT, Source.LAST_STATE):
        return False
    if f.certainty is Certainty.GUESS:
        return f.source is Source.SAVEPOINT
    return f.certainty is not Certainty.ORIGIN or f.source in ORIGINS


def _is_seen(f: Stopping) -> bool:
    if not f.is_told and (f.jobmanager is JobManager.ABSENT or f.job not in (*ENDED, Flink.UNSEEN)):
        return False
    if f.jobmanager is JobManager.ABSENT and (f.is_silent or f.never_ran):
        return False
    hears_nothing = f.jobmanager is JobManager.ABSENT or f.is_silent or f.never_ran
    if hears_nothing and f.job is not Flink.UNSEEN:
        return False
    if f.is_silent and (f.never_ran or f.is_stop_late):
        return False
    return f.age is Age.FRESH or f.job is not Flink.UNSEEN


TABLE = Sentences(Stopping, RULES, is_possible)


def is_deleted(rule: Rule[Stopping]) -> bool:
    return rule.move is Move.DELETE_CLUSTER


def ends_a_job(rule: Rule[Stopping]) -> bool:
    return rule.move in ENDS_A_JOB


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Rule[Stopping]) -> None:
    assert TABLE.decides_somewhere(rule)


def test_no_start_is_made_while_a_jobmanager_or_pods_of_the_old_one_are_there() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is JobManager.ABSENT and not f.has_pods,
        by=lambda rule: rule.move is Move.MAKE_CLUSTER,
    )


def test_a_start_is_written_only_with_a_state_that_is_known() -> None:
    assert not TABLE.broken(
        lambda f: f.source is not Source.NONE,
        by=lambda rule: rule.effect in (Effect.START, Effect.SUSPENDED),
    )


def test_a_job_that_ended_is_left_once_its_last_checkpoint_is_told() -> None:
    """Or where Flink never tells it: that wait ends, too."""
    assert not TABLE.broken(
        lambda f: f.is_told or f.is_cancel_late,
        by=lambda rule: rule.effect in (Effect.START, Effect.SUSPENDED),
    )


def test_a_cluster_is_deleted_only_where_the_source_of_the_next_start_is_known() -> None:
    assert not TABLE.broken(lambda f: f.source is not Source.NONE, by=is_deleted)


def test_a_job_is_ended_only_where_the_source_of_the_next_start_is_known() -> None:
    assert not TABLE.broken(lambda f: f.source is not Source.NONE, by=ends_a_job)


def test_a_guess_ends_no_stateful_job_without_the_word_of_a_person() -> None:
    """Nor one that is seen to have ended: of that, no later snapshot can come."""
    assert not TABLE.broken(
        lambda f: (
            f.certainty is not Certainty.GUESS
            or f.skips
            or f.job in ENDED
            or f.never_ran
            or f.mode is UpgradeMode.STATELESS
            or f.intent in (*BY_WORD, Intent.GO_BACK)
        ),
        by=ends_a_job,
    )


def test_no_job_is_ended_with_which_its_state_would_go() -> None:
    """HA metadata keeps it where the cluster alone is deleted; one that has ended took it along."""
    assert not TABLE.broken(
        lambda f: (
            f.outlives_its_job
            or f.job in (*ENDED, Flink.CANCELLING)
            or f.source is Source.LAST_STATE
        ),
        by=is_deleted,
    )
    assert not TABLE.broken(
        lambda f: f.outlives_its_job, by=lambda rule: rule.move is Move.CANCEL_JOB
    )


def test_nothing_is_deleted_or_cancelled_from_silence() -> None:
    assert not TABLE.broken(
        lambda f: not f.is_silent or f.skips or f.intent in BY_WORD, by=ends_a_job
    )


def test_a_running_stateful_job_loses_no_progress_unless_somebody_says_so() -> None:
    """A person lets it go, or the version is one that did not run well."""
    assert not TABLE.broken(
        lambda f: (
            f.job is not Flink.RUNNING
            or f.certainty is Certainty.FIRM
            or f.skips
            or f.mode is UpgradeMode.STATELESS
            or f.intent in (*BY_WORD, Intent.GO_BACK)
        ),
        by=ends_a_job,
    )


def test_a_job_is_stopped_with_a_savepoint_only_where_it_runs_and_a_directory_is_set() -> None:
    assert not TABLE.broken(
        lambda f: f.job is Flink.RUNNING and f.has_directory and not f.skips,
        by=lambda rule: rule.move is Move.STOP_JOB,
    )


def test_a_running_job_in_mode_savepoint_is_ended_by_its_savepoint_alone() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.job is not Flink.RUNNING
            or f.mode is not UpgradeMode.SAVEPOINT
            or f.skips
            or f.intent in (*BY_WORD, Intent.GO_BACK)
        ),
        by=ends_a_job,
    )


def test_only_a_job_that_flink_shows_is_cancelled() -> None:
    assert not TABLE.broken(
        lambda f: f.can_be_cancelled, by=lambda rule: rule.move is Move.CANCEL_JOB
    )


def test_no_second_stop_is_asked_for_while_one_is_under_way() -> None:
    assert not TABLE.broken(
        lambda f: f.stop in (Stop.NONE, Stop.FORGOTTEN),
        by=lambda rule: rule.effect is Effect.STOP_REQUESTED,
    )


def test_a_job_whose_savepoint_is_under_way_is_ended_only_by_the_word_of_a_person() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.stop not in (Stop.UNDER_WAY, Stop.UNSEEN)
            or f.skips
            or f.job in (*ENDED, Flink.CANCELLING)
        ),
        by=ends_a_job,
    )


def test_a_suspended_job_is_at_rest_and_keeps_its_source() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.intent is Intent.SUSPEND
            and f.source is not Source.NONE
            and (f.job in ENDED or (f.jobmanager is JobManager.ABSENT and not f.has_pods))
        ),
        by=lambda rule: rule.effect is Effect.SUSPENDED,
    )


@pytest.mark.row("C-035")
def test_a_suspension_starts_nothing() -> None:
    assert not TABLE.broken(
        lambda f: f.intent is not Intent.SUSPEND,
        by=lambda rule: rule.move is Move.MAKE_CLUSTER,
    )


def test_a_deployment_of_somebody_else_is_never_touched() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is not JobManager.FOREIGN,
        by=lambda rule: rule.verdict is not Verdict.HELD,
    )


def test_nothing_is_settled_before_the_next_start_or_the_rest_is_reached() -> None:
    assert Verdict.SETTLED not in {rule.verdict for rule in RULES}


def test_every_wait_for_an_old_cluster_or_a_cancellation_ends() -> None:
    assert not TABLE.broken(
        lambda f: not (is_in_the_way(f) and f.is_delete_late),
        by=lambda rule: rule.verdict is Verdict.WAIT,
    )
    assert not TABLE.broken(
        lambda f: not f.is_cancel_late,
        by=lambda rule: rule.verdict is Verdict.WAIT and rule.phase is Phase.CANCEL,
    )


def test_every_wait_for_a_savepoint_ends() -> None:
    """One that is taken outlasts it where the job ends by itself."""
    assert not TABLE.broken(
        lambda f: not f.is_savepoint_late or (f.stop is Stop.TAKEN and not f.can_be_cancelled),
        by=lambda rule: rule.name == "its_stop_is_under_way",
    )


def test_what_does_not_come_to_rest_in_time_is_told_to_a_person() -> None:
    assert not TABLE.broken(
        lambda f: not f.is_stop_late,
        by=lambda rule: rule.verdict is Verdict.WAIT and rule.phase is Phase.STOP,
    )


def test_every_wait_names_the_phase_whose_deadline_ends_it() -> None:
    waits = [rule for rule in RULES if rule.verdict is Verdict.WAIT]
    assert [rule.name for rule in waits if rule.phase is None and rule.effect is Effect.NONE] == []
