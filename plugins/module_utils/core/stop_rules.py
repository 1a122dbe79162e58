# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The stop table: from a running application to one at rest, and from there to its next start.

It is asked when something is to become of the application: an upgrade, a suspension, a rollback, a
restart. Nothing of the old job runs when the next start is written ahead, and its state is named.
"""

from __future__ import annotations

from .case import Flink, JobManager
from .intent import Intent
from .plan import Effect, Move, Phase, Rule, Source, Verdict
from .spec import UpgradeMode
from .stopping import Age, Certainty, Stop, Stopping


def _is_gone(f: Stopping) -> bool:
    return f.jobmanager is JobManager.ABSENT and not f.has_pods


def _runs(f: Stopping) -> bool:
    return f.job is Flink.RUNNING


def _wants_savepoint(f: Stopping) -> bool:
    return f.mode is UpgradeMode.SAVEPOINT and not f.skips


def _is_stateless(f: Stopping) -> bool:
    return f.mode is UpgradeMode.STATELESS


def _has_source(f: Stopping) -> bool:
    return f.source is not Source.NONE


def _may_be_cut_off(f: Stopping) -> bool:
    """Its state is in HA metadata, or is where it began: deleting its cluster loses nothing."""
    return f.source is Source.LAST_STATE or (
        f.certainty is Certainty.ORIGIN and not f.can_be_cancelled
    )


def _may_end_it(f: Stopping) -> bool:
    """What its cancellation would keep is kept without it, or a person lets the rest go."""
    return f.certainty in (Certainty.FIRM, Certainty.ORIGIN) or (f.skips and _has_source(f))


AT_REST: tuple[Rule[Stopping], ...] = (
    Rule(
        name="an_object_of_its_name_is_in_the_way",
        when=lambda f: f.jobmanager is JobManager.FOREIGN,
        verdict=Verdict.HELD,
        message="a Deployment {name} that does not belong to this resource exists in {namespace}",
        next_step="Delete or rename that Deployment, or give the resource another name.",
    ),
    Rule(
        name="the_old_cluster_outlives_the_deadline",
        when=lambda f: f.is_in_the_way and f.is_delete_late,
        verdict=Verdict.FAILED,
        phase=Phase.CLUSTER_DELETE,
        message="the old cluster of {key} was not gone in time: {left}",
        next_step="See what holds its pods back (kubectl describe), then run this again.",
    ),
    Rule(
        name="the_old_cluster_is_going",
        when=lambda f: f.is_in_the_way,
        verdict=Verdict.WAIT,
        phase=Phase.CLUSTER_DELETE,
        message="waiting for the old cluster of {key} to be gone: {left}",
    ),
    Rule(
        name="the_suspended_job_is_at_rest",
        when=lambda f: (
            f.intent is Intent.SUSPEND and _has_source(f) and (_is_gone(f) or f.has_ended)
        ),
        verdict=Verdict.WAIT,
        effect=Effect.SUSPENDED,
        message="{key} is suspended; it will go on {origin}",
    ),
    Rule(
        name="its_next_start_is_made",
        when=lambda f: _is_gone(f) and _has_source(f),
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        effect=Effect.START,
        phase=Phase.START,
        message="starting {key} {origin}",
    ),
    Rule(
        name="its_old_cluster_makes_room",
        when=lambda f: f.has_ended and _has_source(f),
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
        name="the_user_skips_the_savepoint",
        when=lambda f: (
            f.skips
            and f.stop in (Stop.UNDER_WAY, Stop.UNSEEN, Stop.FAILED)
            and f.source is Source.LAST_STATE
        ),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        effect=Effect.STOP_GIVEN_UP,
        phase=Phase.CLUSTER_DELETE,
        message="not waiting for the savepoint of {key} any more: it goes on {origin}",
    ),
    Rule(
        name="the_user_skips_the_savepoint_of_a_job",
        when=lambda f: (
            f.skips
            and f.stop in (Stop.UNDER_WAY, Stop.UNSEEN, Stop.FAILED)
            and f.can_be_cancelled
            and _has_source(f)
        ),
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.STOP_GIVEN_UP,
        phase=Phase.CANCEL,
        message="not waiting for the savepoint of {key} any more: its job is cancelled",
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
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        phase=Phase.CANCEL,
        message="the savepoint of {key} is complete and its job did not stop: it is cancelled",
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

CHOICES: tuple[Rule[Stopping], ...] = (
    Rule(
        name="a_redeployment_drops_what_runs",
        when=lambda f: f.intent is Intent.REDEPLOY and _has_source(f),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="the cluster of {key} makes room: its next start comes {origin}",
    ),
    Rule(
        name="its_flink_is_silent",
        when=lambda f: f.is_silent and not f.skips,
        verdict=Verdict.WAIT,
        phase=Phase.SILENCE,
        message="waiting for Flink's answer: {why_unseen}",
        next_step="The verbs skip-savepoint, restore-from=PATH, restore-empty don't wait for it.",
    ),
    Rule(
        name="a_start_that_failed_is_taken_back",
        when=lambda f: f.intent is Intent.GO_BACK and _has_source(f),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        effect=Effect.START,
        phase=Phase.ROLLBACK,
        message="{key} goes back to its last stable version {origin}: {why}",
    ),
    Rule(
        name="a_start_that_never_ran_is_replaced",
        when=lambda f: f.never_ran and _has_source(f) and f.intent is not Intent.RESTART,
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        effect=Effect.START,
        phase=Phase.CLUSTER_DELETE,
        message="no JobManager of {key} ever came up: its cluster makes room, {origin}",
    ),
    Rule(
        name="a_stateless_job_makes_room",
        when=lambda f: _is_stateless(f) and _has_source(f),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="the cluster of {key} makes room: upgradeMode stateless keeps no state",
    ),
    Rule(
        name="a_savepoint_needs_a_directory",
        when=lambda f: _wants_savepoint(f) and _runs(f) and not f.has_directory,
        verdict=Verdict.HELD,
        message="{key} is to be stopped with a savepoint, and no directory for it is set",
        next_step="Set state.savepoints.dir in spec.flinkConfiguration, or use last-state.",
    ),
    Rule(
        name="its_job_is_stopped_with_a_savepoint",
        when=lambda f: _wants_savepoint(f) and _runs(f),
        verdict=Verdict.GO,
        move=Move.STOP_JOB,
        effect=Effect.STOP_REQUESTED,
        phase=Phase.SAVEPOINT,
        message="stopping job {job_id} with a savepoint",
    ),
    Rule(
        name="its_job_must_run_for_a_savepoint",
        when=lambda f: _wants_savepoint(f) and f.same_version and not f.falls_back,
        verdict=Verdict.WAIT,
        message="a savepoint needs a running job: {progress}",
        next_step="Use the verb skip-savepoint to go on from the last checkpoint.",
    ),
    Rule(
        name="another_version_reads_a_savepoint",
        when=lambda f: not f.same_version and _runs(f) and f.has_directory and not f.skips,
        verdict=Verdict.GO,
        move=Move.STOP_JOB,
        effect=Effect.STOP_REQUESTED,
        phase=Phase.SAVEPOINT,
        message="stopping job {job_id} with a savepoint: the Flink version changes",
    ),
    Rule(
        name="another_version_reads_its_last_checkpoint",
        when=lambda f: not f.same_version and f.can_be_cancelled and f.keeps_progress,
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        phase=Phase.CANCEL,
        message="cancelling job {job_id}: another Flink version goes on from its last checkpoint",
    ),
    Rule(
        name="its_last_checkpoint_is_too_old",
        when=lambda f: _runs(f) and f.age is Age.OLD and f.has_directory and not f.skips,
        verdict=Verdict.GO,
        move=Move.STOP_JOB,
        effect=Effect.STOP_REQUESTED,
        phase=Phase.SAVEPOINT,
        message="stopping job {job_id} with a savepoint: its last checkpoint is too old",
    ),
    Rule(
        name="a_fresh_checkpoint_is_under_way",
        when=lambda f: _runs(f) and f.age is Age.PENDING and not f.skips,
        verdict=Verdict.WAIT,
        message="waiting for the checkpoint of job {job_id} that is under way",
    ),
    Rule(
        name="its_job_is_cancelled",
        when=lambda f: (
            f.can_be_cancelled
            and f.keeps_progress
            and (f.prefers_cancel or f.source is Source.SAVEPOINT)
        ),
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        phase=Phase.CANCEL,
        message="cancelling job {job_id}: it goes on {origin}",
    ),
    Rule(
        name="no_checkpoint_has_completed_a_savepoint_is_taken",
        when=lambda f: _runs(f) and not f.keeps_progress and f.has_directory and not f.skips,
        verdict=Verdict.GO,
        move=Move.STOP_JOB,
        effect=Effect.STOP_REQUESTED,
        phase=Phase.SAVEPOINT,
        message="stopping job {job_id} with a savepoint: no checkpoint has completed yet",
    ),
    Rule(
        name="no_checkpoint_has_completed_yet",
        when=lambda f: _runs(f) and not f.keeps_progress and not f.skips,
        verdict=Verdict.HELD,
        message="{key} is stateful, and no checkpoint of job {job_id} has completed yet",
        next_step=(
            "Wait for one, set state.savepoints.dir so that a savepoint can be taken, or let its "
            "progress go with the verb skip-savepoint."
        ),
    ),
    Rule(
        name="its_last_state_is_kept",
        when=lambda f: _may_be_cut_off(f) or (f.skips and _has_source(f)),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="the cluster of {key} makes room: it goes on {origin}",
    ),
    Rule(
        name="a_failing_job_is_cancelled",
        when=lambda f: f.can_be_cancelled and f.certainty is Certainty.ORIGIN,
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        phase=Phase.CANCEL,
        message="cancelling job {job_id}, which does not run: it goes on {origin}",
    ),
    Rule(
        name="its_state_is_not_known",
        when=lambda f: f.is_unseen_late,
        verdict=Verdict.HELD,
        message="{key} is stateful and what became of its job is not seen: {why_unseen}",
        next_step=(
            "Make Flink answer; or use the verb skip-savepoint to go on from the last snapshot "
            "that is known, restore-from=PATH or restore-empty."
        ),
    ),
    Rule(
        name="its_job_is_not_seen",
        when=lambda _: True,
        verdict=Verdict.WAIT,
        message="waiting to see job {job_id} of {key}: {progress}",
    ),
)

RULES = (*AT_REST, *UNDER_WAY, *CHOICES)
