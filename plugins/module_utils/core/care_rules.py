# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The care table: the gate of a new version, a lost JobManager, an ended job, live changes.

Nothing here stops a job that runs.
"""

from __future__ import annotations

from .caring import Caring, Ended, Gate
from .case import Flink, JobManager
from .difference_rules import Change
from .in_the_way import FOREIGN, GOING
from .plan import Effect, Move, Phase, Rule, Source, Verdict


def _is_lost(f: Caring) -> bool:
    return f.jobmanager is JobManager.ABSENT


def _is_settled(f: Caring) -> bool:
    return f.job is Flink.RUNNING and (f.is_stable or f.gate is Gate.OPEN)


def _has_started(f: Caring) -> bool:
    """Its first checkpoint, where we can ask for one, is part of the start."""
    waits = f.gate in (Gate.CLOSED, Gate.ASKED) and not f.accepts
    return f.job is Flink.RUNNING and (f.is_stable or not waits)


LOST: tuple[Rule[Caring], ...] = (
    FOREIGN,
    *GOING,
    Rule(
        name="the_finished_job_is_put_away",
        when=lambda f: _is_lost(f) and f.ended is Ended.FINISHED,
        verdict=Verdict.SETTLED,
        message="the job is FINISHED, and its cluster is gone",
    ),
    Rule(
        name="the_ended_job_is_put_away",
        when=lambda f: _is_lost(f) and f.ended is not Ended.NO,
        verdict=Verdict.FAILED,
        message="the job has ended ({job_state}), and its cluster is gone",
        next_step="Correct it and apply the resource again, or use the verb retry.",
    ),
    Rule(
        name="a_lost_jobmanager_is_not_made_again",
        when=lambda f: _is_lost(f) and not f.recovers,
        verdict=Verdict.HELD,
        message="the JobManager's Deployment of {key} is gone, and its recovery is switched off",
        next_step="Set kubernetes.operator.jm-deployment-recovery.enabled, or change the spec.",
    ),
    Rule(
        name="no_state_to_start_from_is_known",
        when=lambda f: _is_lost(f) and f.source is Source.NONE,
        verdict=Verdict.HELD,
        message="{restore_message}",
        next_step="{restore_step}",
    ),
    Rule(
        name="a_lost_jobmanager_is_made_again",
        when=_is_lost,
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        effect=Effect.START,
        phase=Phase.START,
        message="the JobManager's Deployment of {key} is gone: making it again, {origin}",
    ),
)

CHANGES: tuple[Rule[Caring], ...] = (
    Rule(
        name="a_missing_object_is_made_again",
        when=lambda f: not f.is_complete,
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        phase=Phase.START,
        message="an object that belongs to the cluster of {key} is missing: making it again",
    ),
    Rule(
        name="the_stable_version_is_wanted_again",
        when=lambda f: f.wants_stable,
        verdict=Verdict.WAIT,
        effect=Effect.RECORD,
        message="the spec of {key} is again the stable one, which runs: nothing is started",
    ),
    Rule(
        name="its_objects_follow_the_spec",
        when=lambda f: f.change is Change.LIVE,
        verdict=Verdict.GO,
        move=Move.PATCH_OBJECTS,
        message="objects of {key} follow its spec; no process ends: {changes}",
    ),
    Rule(
        name="the_record_follows_the_spec",
        when=lambda f: f.change is Change.IGNORED,
        verdict=Verdict.WAIT,
        effect=Effect.RECORD,
        message="the spec of {key} changed in nothing that concerns what runs",
    ),
)

OUTCOMES: tuple[Rule[Caring], ...] = (
    Rule(
        name="its_pods_give_the_boost_back",
        when=lambda f: _has_started(f) and f.is_boosted,
        verdict=Verdict.GO,
        move=Move.RESIZE_PODS,
        message="job {job_id} is RUNNING: its pods go back to the spec's CPU, without a restart",
    ),
    Rule(
        name="the_new_version_was_rolled_back",
        when=lambda f: _is_settled(f) and f.has_failed_before and f.rolls_back,
        verdict=Verdict.SETTLED,
        message="the stable version of {key} runs: job {job_id}",
    ),
    Rule(
        name="this_version_failed_before",
        when=lambda f: _is_settled(f) and f.has_failed_before,
        verdict=Verdict.FAILED,
        message=(
            "the wanted version of {key} did not run well, the stable one does: job {job_id}"
            "{failed_because}"
        ),
        next_step="Correct the spec and apply it again; the verb retry tries it as it is.",
    ),
    Rule(
        name="the_job_runs",
        when=_is_settled,
        verdict=Verdict.SETTLED,
        effect=Effect.STABLE,
        message="job {job_id} is RUNNING with all {tasks} tasks",
    ),
    Rule(
        name="a_person_accepts_the_version",
        when=lambda f: f.job is Flink.RUNNING and f.accepts and not f.has_failed_before,
        verdict=Verdict.WAIT,
        effect=Effect.STABLE,
        message=(
            "job {job_id} is RUNNING with all {tasks} tasks; a person counts it as good before its "
            "first checkpoint"
        ),
    ),
    Rule(
        name="its_first_checkpoint_is_asked_for",
        when=lambda f: f.job is Flink.RUNNING and f.gate is Gate.CLOSED,
        verdict=Verdict.GO,
        move=Move.TAKE_CHECKPOINT,
        effect=Effect.GATE_REQUESTED,
        phase=Phase.GATE,
        message="job {job_id} is RUNNING; asking it for a first checkpoint",
    ),
    Rule(
        name="its_first_checkpoint_failed",
        when=lambda f: f.job is Flink.RUNNING and f.gate is Gate.FAILED,
        verdict=Verdict.FAILED,
        message="job {job_id} is RUNNING, and its first checkpoint failed: {checkpoint_failure}",
        next_step=(
            "See whether the checkpoint folder can be written, then run this again; the verb "
            "accept counts the version as good as it runs."
        ),
    ),
    Rule(
        name="no_checkpoint_completed_in_time",
        when=lambda f: f.job is Flink.RUNNING and f.gate is Gate.LATE,
        verdict=Verdict.FAILED,
        message="job {job_id} is RUNNING, and no checkpoint completed by {deadline}",
        next_step=(
            "See why (checkpoints in Flink's UI), or raise execution.checkpointing.timeout; the "
            "verb accept counts the version as good as it runs."
        ),
    ),
    Rule(
        name="its_first_checkpoint_is_waited_for",
        when=lambda f: f.job is Flink.RUNNING,
        verdict=Verdict.WAIT,
        phase=Phase.GATE,
        message="job {job_id} is RUNNING; waiting for its first checkpoint",
    ),
    Rule(
        name="a_finished_job_is_put_away",
        when=lambda f: f.job is Flink.FINISHED and f.is_over,
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="job {job_id} is FINISHED, and its time to live has passed",
    ),
    Rule(
        name="the_job_finished",
        when=lambda f: f.job is Flink.FINISHED,
        verdict=Verdict.SETTLED,
        effect=Effect.STABLE,
        message="job {job_id} is FINISHED",
    ),
    Rule(
        name="the_job_failed",
        when=lambda f: f.job is Flink.FAILED,
        verdict=Verdict.FAILED,
        message="job {job_id} FAILED: {root_exception}",
        next_step="Correct the job or its configuration and apply the resource again.",
    ),
    Rule(
        name="the_job_was_canceled",
        when=lambda f: f.job is Flink.CANCELED,
        verdict=Verdict.FAILED,
        message="job {job_id} is CANCELED",
        next_step="Somebody canceled it from outside; the verb retry starts it again.",
    ),
    Rule(
        name="it_is_taken_back_unless_it_runs_in_time",
        when=lambda f: f.has_trouble and f.will_go_back and not f.is_late,
        verdict=Verdict.WAIT,
        phase=Phase.START,
        message="{trouble}; unless it runs by {deadline}, {key} goes back to its stable version",
        next_step="{trouble_step}",
    ),
    Rule(
        name="its_pods_can_not_start",
        when=lambda f: f.has_trouble,
        verdict=Verdict.FAILED,
        phase=Phase.START,
        message="{trouble}",
        next_step="{trouble_step}",
    ),
    Rule(
        name="it_does_not_run_well_any_more",
        when=lambda f: f.is_stable and f.is_silence_late,
        verdict=Verdict.FAILED,
        phase=Phase.SILENCE,
        message="{key} ran well before and does not come back by itself: {progress}",
        next_step="See its pods and its log (diagnose.yml); correct the spec, or use rollback.yml.",
    ),
    Rule(
        name="it_comes_back_by_itself",
        when=lambda f: f.is_stable,
        verdict=Verdict.WAIT,
        phase=Phase.SILENCE,
        message="{progress}",
    ),
    Rule(
        name="its_flink_is_silent",
        when=lambda f: f.is_late and f.will_go_back and f.is_unheard and not f.is_silence_late,
        verdict=Verdict.WAIT,
        phase=Phase.SILENCE,
        message="silence takes no version back; waiting for Flink's answer: {progress}",
        next_step="See its pods and its log (diagnose.yml), or use rollback.yml.",
    ),
    Rule(
        name="the_start_took_too_long",
        when=lambda f: f.is_late,
        verdict=Verdict.FAILED,
        phase=Phase.START,
        message="{key} did not run by {deadline}: {progress}",
        next_step="Run this again to wait on, or correct the resource and apply it again.",
    ),
    Rule(
        name="its_rest_api_is_not_seen_yet",
        when=lambda f: f.job is Flink.UNSEEN,
        verdict=Verdict.WAIT,
        phase=Phase.START,
        message="{progress}",
    ),
    Rule(
        name="its_job_is_not_submitted_yet",
        when=lambda f: f.job is Flink.NO_JOB,
        verdict=Verdict.WAIT,
        phase=Phase.START,
        message="{progress}",
    ),
    Rule(
        name="its_tasks_are_starting",
        when=lambda _: True,
        verdict=Verdict.WAIT,
        phase=Phase.START,
        message="{progress}",
    ),
)

RULES = (*LOST, *CHANGES, *OUTCOMES)
