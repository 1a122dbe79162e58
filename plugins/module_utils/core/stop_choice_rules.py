# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The stop table's last part: by which way a job that lives is brought to rest."""

from __future__ import annotations

from .case import Flink
from .intent import Intent
from .plan import Effect, Move, Phase, Rule, Source, Verdict
from .spec import UpgradeMode
from .stopping import NEVER_RAN, Age, Certainty, Stopping


def _runs(f: Stopping) -> bool:
    return f.job is Flink.RUNNING


def _wants_savepoint(f: Stopping) -> bool:
    return f.mode is UpgradeMode.SAVEPOINT and not f.skips


def _is_stateless(f: Stopping) -> bool:
    """An unhealthy job that keeps no state makes room, too: it goes on from nothing."""
    is_restarted = f.intent is Intent.RESTART and f.certainty is Certainty.FIRM
    return f.mode is UpgradeMode.STATELESS or (is_restarted and f.source is Source.EMPTY)


def has_source(f: Stopping) -> bool:
    return f.source is not Source.NONE


def _may_be_cut_off(f: Stopping) -> bool:
    """Its state is in HA metadata, or is where it began: deleting its cluster loses nothing."""
    return f.source is Source.LAST_STATE or (
        f.certainty is Certainty.ORIGIN and not f.can_be_cancelled
    )


def _goes_with_its_job(f: Stopping) -> bool:
    """However the job is ended, but by a savepoint: Flink deletes what it was to go on from."""
    return f.source is Source.SAVEPOINT and not f.outlives_its_job


def _waits_for_its_word(f: Stopping) -> bool:
    return f.is_silent and not f.skips and f.intent is not Intent.REDEPLOY


def _is_too_old(f: Stopping) -> bool:
    return f.age is Age.OLD or (f.age is Age.PENDING and f.is_stop_late)


CHOICES: tuple[Rule[Stopping], ...] = (
    Rule(
        name="its_checkpoints_go_with_its_job_a_savepoint_is_taken",
        when=lambda f: (
            _goes_with_its_job(f)
            and _runs(f)
            and f.has_directory
            and not f.skips
            and f.intent is not Intent.REDEPLOY
        ),
        verdict=Verdict.GO,
        move=Move.STOP_JOB,
        effect=Effect.STOP_REQUESTED,
        phase=Phase.SAVEPOINT,
        message="stopping job {job_id} with a savepoint: its checkpoints would go with it",
    ),
    Rule(
        name="its_checkpoints_go_with_its_job",
        when=lambda f: _goes_with_its_job(f) and not _waits_for_its_word(f),
        verdict=Verdict.HELD,
        message=(
            "{key} is to go on {origin}, and Flink deletes that when its job ends: its "
            "externalized-checkpoint-retention is not RETAIN_ON_CANCELLATION"
        ),
        next_step=(
            "Let a savepoint be taken: set state.savepoints.dir, and have the job run; or name "
            "another state with the verb restore-from=PATH or restore-empty."
        ),
    ),
    Rule(
        name="a_redeployment_drops_what_runs",
        when=lambda f: f.intent is Intent.REDEPLOY and has_source(f),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="the cluster of {key} makes room: its next start comes {origin}",
    ),
    Rule(
        name="its_flink_is_silent",
        when=lambda f: f.is_silent and not f.skips,
        verdict=Verdict.WAIT,
        phase=Phase.STOP,
        message="waiting for Flink's answer: {why_unseen}",
        next_step="The verbs skip-savepoint, restore-from=PATH, restore-empty don't wait for it.",
    ),
    Rule(
        name="a_start_that_failed_is_taken_back",
        when=lambda f: f.intent is Intent.GO_BACK and has_source(f),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        effect=Effect.START,
        phase=Phase.ROLLBACK,
        message="{key} goes back to its last stable version {origin}: {why}",
    ),
    Rule(
        name=NEVER_RAN,
        when=lambda f: f.never_ran and has_source(f) and f.intent is not Intent.RESTART,
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="no JobManager of {key} ever came up: its cluster makes room, {origin}",
    ),
    Rule(
        name="a_stateless_job_makes_room",
        when=lambda f: _is_stateless(f) and has_source(f),
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
        name="its_job_did_not_run_for_a_savepoint",
        when=lambda f: (
            _wants_savepoint(f) and f.same_version and not f.falls_back and f.is_stop_late
        ),
        verdict=Verdict.HELD,
        phase=Phase.STOP,
        message="a savepoint needs a running job, and it did not run in time: {progress}",
        next_step="Use the verb skip-savepoint to go on from the last checkpoint.",
    ),
    Rule(
        name="its_job_must_run_for_a_savepoint",
        when=lambda f: _wants_savepoint(f) and f.same_version and not f.falls_back,
        verdict=Verdict.WAIT,
        phase=Phase.STOP,
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
        when=lambda f: (
            not f.same_version and f.can_be_cancelled and f.keeps_progress and f.outlives_its_job
        ),
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message="cancelling job {job_id}: another Flink version goes on from its last checkpoint",
    ),
    Rule(
        name="its_last_checkpoint_is_too_old",
        when=lambda f: _runs(f) and _is_too_old(f) and f.has_directory and not f.skips,
        verdict=Verdict.GO,
        move=Move.STOP_JOB,
        effect=Effect.STOP_REQUESTED,
        phase=Phase.SAVEPOINT,
        message="stopping job {job_id} with a savepoint: its last checkpoint is too old",
    ),
    Rule(
        name="a_fresh_checkpoint_is_under_way",
        when=lambda f: _runs(f) and f.age is Age.PENDING and not f.is_stop_late and not f.skips,
        verdict=Verdict.WAIT,
        phase=Phase.STOP,
        message="waiting for the checkpoint of job {job_id} that is under way",
    ),
    Rule(
        name="its_job_is_cancelled",
        when=lambda f: (
            f.can_be_cancelled
            and f.keeps_progress
            and f.outlives_its_job
            and (f.prefers_cancel or f.source is Source.SAVEPOINT)
        ),
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
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
        when=lambda f: _may_be_cut_off(f) or (f.skips and has_source(f)),
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
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message="cancelling job {job_id}, which does not run: it goes on {origin}",
    ),
    Rule(
        name="its_state_is_not_known",
        when=lambda f: f.is_stop_late,
        verdict=Verdict.HELD,
        phase=Phase.STOP,
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
        phase=Phase.STOP,
        message="waiting to see job {job_id} of {key}: {progress}",
    ),
)
