# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The remove table at every point of its fact space; an invariant is a sentence over all points."""

from __future__ import annotations

from pathlib import Path

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import (
    ENDED,
    Flink,
    JobManager,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.claims import Claim
from ansible_collections.flinkops.flink.plugins.module_utils.core.leaving import NAMED, State
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Phase,
    Rule,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.remove_rules import RULES
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import (
    CANCELLED_AGAIN,
    Removing,
    Word,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import DeletionMode
from ansible_collections.flinkops.flink.plugins.module_utils.core.stopping import Stop
from support.sentences import Sentences

ROLE = Path(__file__).parents[5] / "roles" / "remove" / "tasks"
NO_STATE = (State.STATELESS, State.NEVER_RAN, State.OVER)
LIVE = (Flink.STARTING, Flink.RUNNING, Flink.RESTARTING, Flink.CANCELLING)
UNENDED = (State.NEVER_RAN, State.SEEN, State.METADATA, State.NOTHING)
SILENT = (Flink.UNSEEN, Flink.NO_JOB)
STRANGERS = (Claim.ANOTHER_OPERATOR, Claim.ANOTHER_DRIVER)
DELETIONS = (Move.DELETE_CLUSTER, Move.DELETE_HA_DATA, Move.DELETE_RESOURCE)
Removes = Rule[Removing]


def is_possible(f: Removing) -> bool:
    """No look at a cluster gives the other points."""
    return objects_are_possible(f) and state_is_possible(f) and times_are_possible(f)


def objects_are_possible(f: Removing) -> bool:
    is_bare = not (f.is_going or f.is_let_go or f.has_finalizer)
    is_absent = f.jobmanager is JobManager.ABSENT
    return (
        f.jobmanager is not JobManager.OLDER
        and (f.is_there or (is_bare and f.jobmanager is not JobManager.OURS))
        and not (is_absent and (f.is_scaled_down or f.job is not Flink.UNSEEN))
        and (f.is_going or not f.is_namespace_going)
        and (f.has_pods or not (f.has_jobmanager_pods or f.has_pods_to_kill))
    )


def state_is_possible(f: Removing) -> bool:
    may_drop = f.word is Word.DROP or f.state in (State.STATELESS, State.ENDED, State.OVER)
    if f.drops_state and not may_drop:
        return False
    if not f.is_told and f.job not in (*ENDED, Flink.UNSEEN):
        return False
    return not (
        (f.job in LIVE and f.state in (State.NEVER_RAN, State.OVER, State.ENDED, State.LEDGER))
        or (f.job in SILENT and f.state is State.REPLACED)
        or (f.job in ENDED and f.state in UNENDED)
    )


def times_are_possible(f: Removing) -> bool:
    phases = (f.is_cancelling, f.is_stop_late, f.is_let_go)
    return (
        sum(phases) <= 1
        and (f.is_cancelling or not f.is_cancel_late)
        and not (f.is_savepoint_late and f.stop is Stop.NONE)
    )


TABLE = Sentences(Removing, RULES, is_possible)


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere_that_can_be(rule: Removes) -> None:
    assert TABLE.decides_somewhere(rule)


def test_a_rule_moves_when_it_says_go_and_only_then() -> None:
    assert all((rule.verdict is Verdict.GO) is (rule.move is not Move.NOTHING) for rule in RULES)


def test_each_name_stands_for_one_rule() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


def test_the_role_knows_each_move_and_no_other() -> None:
    moves = {rule.move for rule in RULES} - {Move.NOTHING}
    assert {path.stem for path in (ROLE / "moves").glob("*.yml")} == {str(move) for move in moves}


def test_nothing_is_ever_made() -> None:
    assert all(rule.move is not Move.MAKE_CLUSTER for rule in RULES)


def test_what_another_operator_or_driver_has_is_left_alone_and_said_so() -> None:
    untouchable = ("another_operator_serves_this_resource", "another_driver_holds_the_lease")
    assert not TABLE.broken(
        lambda f: f.claim not in STRANGERS, by=lambda rule: rule.name not in untouchable
    )


def test_a_deployment_of_somebody_else_is_never_touched() -> None:
    assert not TABLE.broken(
        lambda f: f.jobmanager is not JobManager.FOREIGN,
        by=lambda rule: rule.move not in (Move.NOTHING, Move.RELEASE_FINALIZER),
    )


@pytest.mark.row("C-097")
def test_a_cluster_that_is_not_forced_away_is_stopped_first() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.word is Word.FORCE or (f.is_let_go and f.is_scaled_down and not f.has_jobmanager_pods)
        ),
        by=lambda rule: rule.move is Move.DELETE_CLUSTER,
    )


def test_a_job_ends_when_its_state_is_named_or_there_is_none_or_a_person_lets_it_go() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.state in (*NAMED, *NO_STATE)
            or f.is_let_go
            or f.word in (Word.DROP, Word.FORCE)
            or (f.state is State.REPLACED and f.keeps_checkpoints)
        ),
        by=lambda rule: rule.move in (Move.STOP_JOBMANAGER, Move.CANCEL_JOB, Move.DELETE_CLUSTER),
    )


def test_what_ends_a_job_with_a_snapshot_names_it() -> None:
    assert not TABLE.broken(
        lambda f: f.state not in NAMED or f.word is not Word.KEEP or f.is_let_go or f.is_stopped,
        by=lambda rule: (
            rule.move in (*DELETIONS, Move.STOP_JOBMANAGER, Move.CANCEL_JOB)
            and "{kept}" not in rule.message
        ),
    )


def test_a_savepoint_is_taken_where_it_is_wanted_and_the_job_runs() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.job is not Flink.RUNNING
            or f.stop is not Stop.NONE
            or not f.wants_savepoint
            or not f.runs
            or f.is_let_go
            or f.is_cancelling
            or f.is_namespace_going
            or f.claim in STRANGERS
        ),
        by=lambda rule: rule.move is not Move.STOP_JOB,
    )


def test_no_savepoint_is_taken_that_nobody_wants() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.mode is DeletionMode.SAVEPOINT
            and f.word is Word.KEEP
            and not f.skips
            and f.job is Flink.RUNNING
        ),
        by=lambda rule: rule.move is Move.STOP_JOB,
    )


def test_a_job_is_cancelled_only_where_its_checkpoints_outlive_that() -> None:
    assert not TABLE.broken(
        lambda f: f.keeps_checkpoints and (f.state in NAMED or f.state is State.REPLACED),
        by=lambda rule: rule.move is Move.CANCEL_JOB,
    )


def test_what_is_left_as_it_is_is_neither_cancelled_nor_saved() -> None:
    """Its HA metadata would go with a job that has ended for good."""
    assert not TABLE.broken(
        lambda f: f.mode is not DeletionMode.LEAVE or f.state is State.REPLACED,
        by=lambda rule: rule.move is Move.STOP_JOB,
    )
    assert not TABLE.broken(
        lambda f: f.mode is not DeletionMode.LEAVE or f.state not in (State.SEEN, State.METADATA),
        by=lambda rule: rule.move is Move.CANCEL_JOB,
    )


def test_silence_of_flink_ends_no_job_before_its_time_without_a_word_of_the_user() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.job not in SILENT
            or f.word is not Word.KEEP
            or f.skips
            or f.is_let_go
            or f.is_stop_late
            or f.is_savepoint_late
            or f.is_cancel_late
            or f.state in (State.STATELESS, State.NEVER_RAN, State.OVER, State.ENDED)
            or (f.mode is DeletionMode.LEAVE and f.state in (State.SEEN, State.METADATA))
            or (f.is_scaled_down and not f.has_jobmanager_pods)
        ),
        by=lambda rule: rule.move in (Move.STOP_JOBMANAGER, Move.DELETE_CLUSTER),
    )


def test_a_stateful_job_without_any_snapshot_is_held_or_told_and_never_let_go() -> None:
    """But with its namespace."""
    lets_go = (*DELETIONS, Move.STOP_JOBMANAGER, Move.CANCEL_JOB, Move.RELEASE_FINALIZER)
    assert not TABLE.broken(
        lambda f: (
            f.state is not State.UNKNOWN
            or f.word is not Word.KEEP
            or f.is_let_go
            or f.is_namespace_going
            or f.jobmanager is JobManager.GOING
        ),
        by=lambda rule: rule.move in lets_go,
    )


def test_a_word_of_the_user_is_the_way_out_of_each_refusal_about_state() -> None:
    about_state = (
        "a_stateful_job_has_no_checkpoint",
        "the_last_checkpoint_is_not_seen",
        "no_snapshot_of_it_is_known",
        "its_savepoint_failed_and_nothing_else_is_known",
    )
    assert not TABLE.broken(lambda f: f.word is Word.KEEP, by=lambda rule: rule.name in about_state)


def test_ha_data_goes_only_where_it_may_be_dropped_and_nothing_can_write_it() -> None:
    assert not TABLE.broken(
        lambda f: f.drops_state and f.jobmanager is JobManager.ABSENT and not f.has_pods,
        by=lambda rule: rule.move is Move.DELETE_HA_DATA,
    )


def test_force_ends_each_wait_for_pods_that_can_still_be_told_to_end() -> None:
    """Once all were told to, a wait is all that is left: no move is made for ever."""
    assert not TABLE.broken(
        lambda f: (
            f.word is not Word.FORCE
            or f.claim in STRANGERS
            or f.jobmanager is JobManager.FOREIGN
            or f.is_namespace_going
            or not (f.has_pods and f.has_pods_to_kill)
        ),
        by=lambda rule: rule.move is not Move.DELETE_CLUSTER,
    )


def test_the_resource_goes_last() -> None:
    """With it goes what says whose its objects are, and how to read them."""
    assert not TABLE.broken(
        lambda f: (
            f.is_there
            and f.jobmanager is JobManager.ABSENT
            and not f.has_pods
            and not (f.has_leftovers and f.drops_state)
        ),
        by=lambda rule: rule.move is Move.DELETE_RESOURCE,
    )


def test_a_finalizer_is_released_last_or_with_the_namespace() -> None:
    assert not TABLE.broken(
        lambda f: (
            f.has_finalizer
            and f.is_going
            and (
                f.is_namespace_going
                or (
                    f.jobmanager is JobManager.ABSENT
                    and not f.has_pods
                    and not (f.has_leftovers and f.drops_state)
                )
            )
        ),
        by=lambda rule: rule.move is Move.RELEASE_FINALIZER,
    )


def test_a_namespace_that_goes_is_held_up_by_nothing_of_ours() -> None:
    assert not TABLE.broken(
        lambda f: (
            not f.is_namespace_going
            or not f.has_finalizer
            or not f.is_there
            or f.claim in STRANGERS
        ),
        by=lambda rule: rule.move is not Move.RELEASE_FINALIZER,
    )


LATE = {
    Phase.SAVEPOINT: lambda f: f.is_savepoint_late,
    Phase.CANCEL: lambda f: f.is_cancel_late,
    Phase.STOP: lambda f: f.is_stop_late,
    Phase.CLUSTER_DELETE: lambda f: f.is_overdue,
    Phase.DELETION: lambda f: f.is_overdue,
}


@pytest.mark.parametrize("phase", LATE)
def test_no_wait_outlives_its_deadline(phase: Phase) -> None:
    """One of Flink's last word after a cancellation is short by itself."""
    told = "its_last_checkpoint_is_being_told"
    assert not TABLE.broken(
        lambda f: not LATE[phase](f),
        by=lambda rule: rule.verdict is Verdict.WAIT and rule.phase is phase and rule.name != told,
    )


def test_every_wait_has_a_phase() -> None:
    assert all(rule.phase in LATE for rule in RULES if rule.verdict is Verdict.WAIT)


def test_a_cancellation_is_asked_for_again_once() -> None:
    assert not TABLE.broken(
        lambda f: not f.is_asked_again, by=lambda rule: rule.name == CANCELLED_AGAIN
    )
    assert not TABLE.broken(
        lambda f: not (f.is_cancel_late and f.is_asked_again and f.state in NAMED),
        by=lambda rule: rule.move is Move.CANCEL_JOB,
    )


def test_each_request_to_flink_is_written_ahead() -> None:
    effects = {Move.STOP_JOB: Effect.STOP_REQUESTED, Move.CANCEL_JOB: Effect.CANCEL_REQUESTED}
    phases = {Move.STOP_JOB: Phase.SAVEPOINT, Move.CANCEL_JOB: Phase.CANCEL}
    asking = [rule for rule in RULES if rule.move in effects]
    assert all(rule.effect is effects[rule.move] for rule in asking)
    assert all(rule.phase is phases[rule.move] for rule in asking)


def test_what_is_gone_is_never_a_failure() -> None:
    assert not TABLE.broken(
        lambda f: f.claim in STRANGERS or not f.is_gone,
        by=lambda rule: (
            rule.verdict is not Verdict.SETTLED and rule.move is not Move.DELETE_HA_DATA
        ),
    )


def test_settled_means_that_nothing_is_left() -> None:
    assert not TABLE.broken(lambda f: f.is_gone, by=lambda rule: rule.verdict is Verdict.SETTLED)
