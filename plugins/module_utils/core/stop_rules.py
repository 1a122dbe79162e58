# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The stop table: from a running application to one at rest, and from there to its next start.

It is asked when something is to become of the application: an upgrade, a suspension, a rollback, a
restart. Nothing of the old job runs when the next start is written ahead, and its state is named.
"""

from __future__ import annotations

from .case import Flink, JobManager
from .in_the_way import FOREIGN, GOING
from .intent import Intent
from .plan import Effect, Move, Phase, Rule, Source, Verdict
from .recorded import BEING_TOLD
from .stop_choice_rules import CHOICES, has_source
from .stopping import Certainty, Stop, Stopping


def _is_gone(f: Stopping) -> bool:
    return f.jobmanager is JobManager.ABSENT and not f.has_pods


def _may_end_it(f: Stopping) -> bool:
    """What its cancellation would keep is kept without it, or a person lets the rest go."""
    return f.certainty in (Certainty.FIRM, Certainty.ORIGIN) or (f.skips and has_source(f))


AT_REST: tuple[Rule[Stopping], ...] = (
    FOREIGN,
    *GOING,
    Rule(
        name=BEING_TOLD,
        when=lambda f: not f.is_told and not f.is_cancel_late,
        verdict=Verdict.WAIT,
        phase=Phase.CANCEL,
        message="waiting for Flink to tell the last checkpoint of {key}, whose job has ended",
    ),
    Rule(
        name="the_suspended_job_is_at_rest",
        when=lambda f: (
            f.intent is Intent.SUSPEND and has_source(f) and (_is_gone(f) or f.has_ended)
        ),
        verdict=Verdict.WAIT,
        effect=Effect.SUSPENDED,
        message="{key} is suspended; it will go on {origin}",
    ),
    Rule(
        name="its_next_start_is_made",
        when=lambda f: _is_gone(f) and has_source(f),
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        effect=Effect.START,
        phase=Phase.START,
        message="starting {key} {origin}",
    ),
    Rule(
        name="its_old_cluster_makes_room",
        when=lambda f: f.has_ended and has_source(f),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        effect=Effect.START,
        phase=Phase.CLUSTER_DELETE,
        message="the job of {key} is at rest: its cluster makes room for the next, {origin}",
    ),
    Rule(
        name="no_state_to_start_from_is_known",
        when=lambda f: _is_gone(f) or f.has_ended,
        verdict=Verdict.HELD,
        message="{restore_message}",
        next_step="{restore_step}",
    ),
)

UNDER_WAY: tuple[Rule[Stopping], ...] = (
    Rule(
        name="its_cancellation_took_too_long",
        when=lambda f: f.job is Flink.CANCELLING and f.is_cancel_late and _may_end_it(f),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="the job of {key} was not cancelled in time: its cluster is deleted",
    ),
    Rule(
        name="its_job_stays_in_cancellation",
        when=lambda f: f.job is Flink.CANCELLING and f.is_cancel_late,
        verdict=Verdict.FAILED,
        phase=Phase.CANCEL,
        message="the job of {key} was not cancelled in time, and no state is sure: {progress}",
        next_step=(
            "See what holds its tasks back; or use the verb skip-savepoint to go on from the last "
            "snapshot that is known, restore-from=PATH or restore-empty."
        ),
    ),
    Rule(
        name="its_job_is_being_cancelled",
        when=lambda f: f.job is Flink.CANCELLING,
        verdict=Verdict.WAIT,
        phase=Phase.CANCEL,
        message="waiting for job {job_id} to be cancelled",
    ),
    Rule(
        name="the_user_skips_the_savepoint_of_a_job",
        when=lambda f: (
            f.skips
            and f.stop in (Stop.UNDER_WAY, Stop.UNSEEN, Stop.FAILED)
            and f.can_be_cancelled
            and has_source(f)
            and f.outlives_its_job
        ),
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message="not waiting for the savepoint of {key} any more: its job is cancelled",
    ),
    Rule(
        name="the_user_skips_the_savepoint",
        when=lambda f: (
            f.skips
            and f.stop in (Stop.UNDER_WAY, Stop.UNSEEN, Stop.FAILED)
            and f.source is Source.LAST_STATE
        ),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="not waiting for the savepoint of {key} any more: it goes on {origin}",
    ),
    Rule(
        name="its_savepoint_failed",
        when=lambda f: f.stop is Stop.FAILED,
        verdict=Verdict.FAILED,
        effect=Effect.STOP_GIVEN_UP,
        phase=Phase.SAVEPOINT,
        message="the savepoint of {key} failed, its job goes on: {savepoint_failure}",
        next_step=(
            "See the reason and try again; or go on from the last checkpoint with the verb "
            "skip-savepoint."
        ),
    ),
    Rule(
        name="its_job_outlived_its_savepoint",
        when=lambda f: f.stop is Stop.TAKEN and f.is_savepoint_late and f.can_be_cancelled,
        verdict=Verdict.FAILED,
        effect=Effect.STOP_GIVEN_UP,
        phase=Phase.SAVEPOINT,
        message="the savepoint of {key} is complete, and its job did not stop: it goes on",
        next_step="Try again; or go on from the last checkpoint with the verb skip-savepoint.",
    ),
    Rule(
        name="its_savepoint_took_too_long",
        when=lambda f: f.stop in (Stop.UNDER_WAY, Stop.UNSEEN) and f.is_savepoint_late,
        verdict=Verdict.FAILED,
        effect=Effect.STOP_GIVEN_UP,
        phase=Phase.SAVEPOINT,
        message="the savepoint of {key} was not complete by {deadline}",
        next_step=(
            "Try again, raise execution.checkpointing.timeout, or go on from the last checkpoint "
            "with the verb skip-savepoint."
        ),
    ),
    Rule(
        name="its_stop_is_under_way",
        when=lambda f: f.stop in (Stop.UNDER_WAY, Stop.UNSEEN, Stop.TAKEN),
        verdict=Verdict.WAIT,
        phase=Phase.SAVEPOINT,
        message="waiting for the savepoint with which job {job_id} stops",
    ),
    Rule(
        name="another_savepoint_is_under_way",
        when=lambda f: f.has_pending_snapshot and not f.skips,
        verdict=Verdict.WAIT,
        phase=Phase.SNAPSHOT,
        message="waiting for the savepoint of {key} that was asked for before",
    ),
)

RULES = (*AT_REST, *UNDER_WAY, *CHOICES)
