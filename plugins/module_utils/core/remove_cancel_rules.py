# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The part of the remove table for jobs that are cancelled, cut off, or not seen at all.

Each rule that ends a job names what is kept of it; where nothing is known a person is asked.
"""

from __future__ import annotations

from .case import Flink
from .leaving import State
from .plan import Effect, Move, Phase, Rule, Verdict
from .removing import CANCELLED_AGAIN, Removing
from .stopping import Stop


def _has_something(f: Removing) -> bool:
    """Worth waiting for: without a word on it there is nobody to let it go."""
    return f.has_snapshot or f.state is State.STATELESS


CANCELLED: tuple[Rule[Removing], ...] = (
    Rule(
        name=CANCELLED_AGAIN,
        when=lambda f: f.runs and f.is_cancel_late and f.can_be_cancelled and not f.is_asked_again,
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message="job {job_id} of {key} did not hear of its cancellation: it is cancelled; {kept}",
    ),
    Rule(
        name="its_cancellation_took_too_long",
        when=lambda f: f.runs and f.is_cancel_late and f.has_snapshot and not f.awaits_flink,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="the job of {key} was not cancelled in time: it is cut off; what is kept: {kept}",
    ),
    Rule(
        name="its_job_is_being_cancelled",
        when=lambda f: (
            f.runs
            and not f.is_cancel_late
            and (f.job is Flink.CANCELLING or (f.is_cancelling and f.is_silent))
        ),
        verdict=Verdict.WAIT,
        phase=Phase.CANCEL,
        message="waiting for job {job_id} of {key} to be cancelled",
    ),
    Rule(
        name="its_savepoint_failed_so_it_is_cancelled",
        when=lambda f: (
            f.runs and f.wants_savepoint and f.stop is Stop.FAILED and f.can_be_cancelled
        ),
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message=(
            "the savepoint of {key} failed ({savepoint_failure}): its job is cancelled, and its "
            "last checkpoint stays: {kept}"
        ),
    ),
    Rule(
        name="its_savepoint_took_too_long_so_it_is_cancelled",
        when=lambda f: f.runs and f.wants_savepoint and f.is_savepoint_late and f.can_be_cancelled,
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message=(
            "the savepoint of {key} did not come about in time: its job is cancelled, and its last "
            "checkpoint stays: {kept}"
        ),
    ),
    Rule(
        name="the_user_skips_the_savepoint",
        when=lambda f: f.runs and f.skips and f.can_be_cancelled,
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message="no savepoint of {key} is waited for: its job is cancelled; what is kept: {kept}",
    ),
    Rule(
        name="its_cancellation_is_written_ahead",
        when=lambda f: f.runs and f.is_cancelling and f.can_be_cancelled,
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message="cancelling job {job_id} of {key}, as was decided ({decided}); kept is: {kept}",
    ),
    Rule(
        name="its_job_does_not_run_for_a_savepoint",
        when=lambda f: f.runs and f.wants_savepoint and f.can_be_cancelled,
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message=(
            "job {job_id} of {key} does not run, so no savepoint of it can be taken: it is "
            "cancelled, and its last checkpoint stays: {kept}"
        ),
    ),
    Rule(
        name="its_job_is_cancelled",
        when=lambda f: f.runs and f.can_be_cancelled,
        verdict=Verdict.GO,
        move=Move.CANCEL_JOB,
        effect=Effect.CANCEL_REQUESTED,
        phase=Phase.CANCEL,
        message="cancelling job {job_id} of {key}; its last checkpoint stays: {kept}",
    ),
    Rule(
        name="a_cancellation_would_drop_its_checkpoints",
        when=lambda f: f.runs and not f.is_silent and f.has_snapshot and not f.keeps_checkpoints,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message=(
            "stopping {key} without a cancellation, which would delete its checkpoints; what is "
            "kept: {kept}"
        ),
    ),
)

UNSEEN: tuple[Rule[Removing], ...] = (
    Rule(
        name="its_last_checkpoint_is_being_replaced",
        when=lambda f: f.runs and f.state is State.REPLACED and not f.is_stop_late,
        verdict=Verdict.WAIT,
        phase=Phase.STOP,
        message="waiting for Flink to tell the newest checkpoint of {key}",
    ),
    Rule(
        name="a_stateful_job_has_no_checkpoint",
        when=lambda f: f.runs and f.state is State.NOTHING,
        verdict=Verdict.HELD,
        message="{key} is stateful and no checkpoint of it has completed",
        next_step=(
            "Wait for one, let a savepoint be taken (spec.job.deletionMode, state.savepoints.dir), "
            "or let its state go with remove_state=drop (the verb drop-state)."
        ),
    ),
    Rule(
        name="its_flink_is_silent",
        when=lambda f: f.runs and _has_something(f) and f.awaits_flink,
        verdict=Verdict.WAIT,
        phase=Phase.STOP,
        message="waiting for Flink's answer: {why_unseen}; known by now: {kept}",
        next_step="remove_state=force (or the verb skip-savepoint, force-removal) waits no longer.",
    ),
    Rule(
        name="the_user_does_not_wait_for_flink",
        when=lambda f: f.runs and f.has_snapshot and f.skips,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key} by the word of the user, its Flink is silent; kept is: {kept}",
    ),
    Rule(
        name="its_flink_stays_silent",
        when=lambda f: f.runs and f.has_snapshot,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key}, whose Flink does not answer ({why_unseen}); kept is: {kept}",
    ),
    Rule(
        name="the_last_checkpoint_is_not_seen",
        when=lambda f: f.runs,
        verdict=Verdict.HELD,
        message="{key} is stateful and its last checkpoint can't be seen: {why_unseen}; {kept}",
        next_step=(
            "Make Flink answer, or run remove.yml with remove_state=drop or force (the verbs "
            "drop-state, force-removal)."
        ),
    ),
)

RULES = (*CANCELLED, *UNSEEN)
