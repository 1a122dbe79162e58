# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The part of the remove table that brings a job to its end: saved, cancelled, left or let go.

Each rule that ends a job names what is kept of it, or the word that lets it go.
"""

from __future__ import annotations

from .case import Flink
from .leaving import State
from .plan import Effect, Move, Phase, Rule, Verdict
from .recorded import BEING_TOLD
from .removing import Removing, Word
from .spec import DeletionMode
from .stopping import Stop

_NOTHING_TO_NAME = (State.NOTHING, State.UNKNOWN)


def _is_left(f: Removing) -> bool:
    """HA metadata keeps it."""
    return f.mode is DeletionMode.LEAVE and f.state in (State.SEEN, State.METADATA)


SETTLED: tuple[Rule[Removing], ...] = (
    Rule(
        name="its_end_is_written_ahead",
        when=lambda f: f.runs and f.is_let_go,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key}, as was decided ({decided}); what is kept: {kept}",
    ),
    Rule(
        name="a_stateless_job_is_removed",
        when=lambda f: (
            f.runs
            and f.state is State.STATELESS
            and not (f.wants_savepoint and (f.is_saving or f.awaits_flink))
        ),
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key}; its upgradeMode stateless says that it keeps no state",
    ),
    Rule(
        name="a_start_that_never_ran_is_removed",
        when=lambda f: f.runs and f.state is State.NEVER_RAN,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key}; its JobManager never came up, so its job has no state",
    ),
    Rule(
        name="the_user_drops_the_state",
        when=lambda f: f.runs and f.word is Word.DROP,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key}; its state is dropped by the word of the user",
    ),
    Rule(
        name="a_job_that_is_over_is_removed",
        when=lambda f: f.runs and f.state is State.OVER,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key}; its job has come to its own end and left no state",
    ),
    Rule(
        name=BEING_TOLD,
        when=lambda f: f.runs and f.has_snapshot and not f.is_told and not f.is_cancel_late,
        verdict=Verdict.WAIT,
        phase=Phase.CANCEL,
        message="waiting for Flink to tell the last checkpoint of {key}, whose job has ended",
    ),
    Rule(
        name="an_ended_job_leaves_its_snapshot",
        when=lambda f: f.runs and (f.state is State.ENDED or (f.has_snapshot and f.has_ended)),
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key}; nothing of its job runs, and its last snapshot stays: {kept}",
    ),
    Rule(
        name="a_stateful_job_leaves_its_checkpoints",
        when=lambda f: f.runs and _is_left(f),
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        phase=Phase.CLUSTER_DELETE,
        message="stopping {key}; its checkpoints and HA data stay as they are: {kept}",
    ),
)

SAVED: tuple[Rule[Removing], ...] = (
    Rule(
        name="its_job_is_stopped_with_a_savepoint",
        when=lambda f: (
            f.runs
            and f.is_saving
            and f.stop in (Stop.NONE, Stop.FORGOTTEN)
            and f.job is Flink.RUNNING
        ),
        verdict=Verdict.GO,
        move=Move.STOP_JOB,
        effect=Effect.STOP_REQUESTED,
        phase=Phase.SAVEPOINT,
        message="stopping job {job_id} of {key} with a savepoint",
    ),
    Rule(
        name="its_job_must_run_for_a_savepoint",
        when=lambda f: f.runs and f.is_saving and f.stop is Stop.NONE,
        verdict=Verdict.WAIT,
        phase=Phase.STOP,
        message="a savepoint needs a running job: {progress}",
        next_step="The verb skip-savepoint goes on with the last checkpoint.",
    ),
    Rule(
        name="its_stop_is_under_way",
        when=lambda f: f.runs and f.is_saving,
        verdict=Verdict.WAIT,
        phase=Phase.SAVEPOINT,
        message="waiting for the savepoint with which job {job_id} of {key} stops",
        next_step="The verb skip-savepoint goes on with the last checkpoint.",
    ),
    Rule(
        name="its_savepoint_failed_and_nothing_else_is_known",
        when=lambda f: (
            f.runs
            and f.wants_savepoint
            and (f.stop is Stop.FAILED or f.is_savepoint_late)
            and f.state in _NOTHING_TO_NAME
        ),
        verdict=Verdict.FAILED,
        effect=Effect.STOP_GIVEN_UP,
        phase=Phase.SAVEPOINT,
        message=(
            "the savepoint of {key} did not come about, and no checkpoint of it is known either: "
            "{savepoint_failure}"
        ),
        next_step=(
            "See the reason and run this again; or let its state go with remove_state=drop (the "
            "verb drop-state)."
        ),
    ),
)

RULES = (*SETTLED, *SAVED)
