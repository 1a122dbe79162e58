# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The table of snapshots that are asked for while a job runs and no change is under way.

A decision only: facts in, the rule that fires out. One snapshot at a time; one that is under way
is followed to its end first. Order matters, the first match wins; the table is tested at every
point of its fact space.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from .plan import Effect, Move, Phase, Rule, Verdict


class Job(StrEnum):
    UNSEEN = "unseen"
    NOT_RUNNING = "not_running"
    """Starting or restarting, or not known to a JobManager that has just begun."""
    RUNNING = "running"
    """With all its tasks."""
    ENDED = "ended"


class Awaited(StrEnum):
    """What status says to be under way."""

    NONE = "none"
    SAVEPOINT = "savepoint"
    CHECKPOINT = "checkpoint"


class Outcome(StrEnum):
    """What became of it."""

    UNSEEN = "unseen"
    IN_PROGRESS = "in_progress"
    DONE = "done"
    FAILED = "failed"
    FORGOTTEN = "forgotten"
    FOUND = "found"
    """Flink forgot the request, and shows a snapshot that is younger than it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshotting:
    """The facts. What concerns the awaited one means nothing where none is awaited."""

    job: Job
    awaited: Awaited
    outcome: Outcome
    is_manual: bool
    """A person asked for the awaited one."""
    is_in_grace: bool
    is_overdue: bool
    wants_savepoint: bool
    savepoint_is_due: bool
    wants_checkpoint: bool
    checkpoint_is_due: bool
    can_checkpoint: bool
    """This Flink takes checkpoints on demand (1.17)."""
    has_expired: bool

    @property
    def runs(self) -> bool:
        return self.job is Job.RUNNING

    @property
    def is_open(self) -> bool:
        """Something is under way, and how it ended is not known."""
        return self.awaited is not Awaited.NONE and self.outcome in _OPEN

    @property
    def will_never_end(self) -> bool:
        return self.is_open and self.job is Job.ENDED

    @property
    def is_late(self) -> bool:
        return self.is_open and self.is_overdue

    @property
    def is_wanted(self) -> bool:
        return self.wants_savepoint or self.wants_checkpoint


_OPEN = (Outcome.UNSEEN, Outcome.IN_PROGRESS, Outcome.FORGOTTEN)
_COMPLETE = (Outcome.DONE, Outcome.FOUND)
_MOVES = {
    Awaited.SAVEPOINT: (Move.TAKE_SAVEPOINT, Effect.SAVEPOINT_REQUESTED),
    Awaited.CHECKPOINT: (Move.TAKE_CHECKPOINT, Effect.CHECKPOINT_REQUESTED),
}


def _awaiting(kind: Awaited) -> tuple[Rule[Snapshotting], ...]:
    """How one that is under way is followed; the same for both kinds."""
    move, requested = _MOVES[kind]
    return (
        Rule(
            name=f"the_{kind}_is_complete",
            when=lambda f: f.awaited is kind and f.outcome is Outcome.DONE,
            verdict=Verdict.WAIT,
            effect=Effect.SNAPSHOT_ENDED,
            phase=Phase.SNAPSHOT,
            message=f"{kind} {{trigger_id}} of {{key}} is complete: {{location}}",
        ),
        Rule(
            name=f"a_forgotten_{kind}_was_found",
            when=lambda f: f.awaited is kind and f.outcome is Outcome.FOUND,
            verdict=Verdict.WAIT,
            effect=Effect.SNAPSHOT_ENDED,
            phase=Phase.SNAPSHOT,
            message=f"Flink forgot the request {{trigger_id}}; its {kind} is {{location}}",
        ),
        Rule(
            name=f"a_failed_{kind}_is_tried_again",
            when=lambda f: (
                f.awaited is kind
                and f.outcome is Outcome.FAILED
                and f.is_in_grace
                and not f.is_overdue
                and f.runs
            ),
            verdict=Verdict.GO,
            move=move,
            effect=requested,
            phase=Phase.SNAPSHOT,
            message=f"the {kind} of {{key}} failed and is tried again: {{why}}",
        ),
        *_endings(
            kind,
            "failed",
            lambda f: f.awaited is kind and f.outcome is Outcome.FAILED,
            f"the {kind} of {{key}} failed: {{why}}",
        ),
        *_endings(
            kind,
            "lost_its_job",
            lambda f: f.awaited is kind and f.will_never_end,
            f"the job of {{key}} ended before its {kind} was seen complete",
        ),
        *_endings(
            kind,
            "took_too_long",
            lambda f: f.awaited is kind and f.is_late,
            f"the {kind} of {{key}} was not complete by {{deadline}}",
        ),
        Rule(
            name=f"a_lost_{kind}_request_is_repeated",
            when=lambda f: f.awaited is kind and f.outcome is Outcome.FORGOTTEN and f.runs,
            verdict=Verdict.GO,
            move=move,
            effect=requested,
            phase=Phase.SNAPSHOT,
            message=f"Flink does not know the {kind} {{trigger_id}} of {{key}}: asking again",
        ),
        Rule(
            name=f"the_{kind}_is_under_way",
            when=lambda f: f.awaited is kind,
            verdict=Verdict.WAIT,
            phase=Phase.SNAPSHOT,
            message=f"{kind} {{trigger_id}} of {{key}} is under way, until {{deadline}}",
        ),
    )


def _endings(
    kind: Awaited, how: str, when: Callable[[Snapshotting], bool], message: str
) -> tuple[Rule[Snapshotting], ...]:
    """Who asked hears of it; for others it is noted, and the next period tries again."""
    return (
        Rule(
            name=f"the_{kind}_{how}",
            when=lambda f: f.is_manual and when(f),
            verdict=Verdict.FAILED,
            effect=Effect.SNAPSHOT_ENDED,
            message=message,
            next_step=f"See the JobManager's log; change spec.job.{kind}TriggerNonce to try again.",
        ),
        Rule(
            name=f"an_automatic_{kind}_{how}",
            when=when,
            verdict=Verdict.WAIT,
            effect=Effect.SNAPSHOT_ENDED,
            phase=Phase.SNAPSHOT,
            message=message,
            next_step="The next one is taken when it is due.",
        ),
    )


BEGINNINGS: tuple[Rule[Snapshotting], ...] = (
    Rule(
        name="a_person_asks_for_a_savepoint",
        when=lambda f: f.runs and f.wants_savepoint,
        verdict=Verdict.GO,
        move=Move.TAKE_SAVEPOINT,
        effect=Effect.SAVEPOINT_REQUESTED,
        phase=Phase.SNAPSHOT,
        message="spec.job.savepointTriggerNonce of {key} changed: taking a savepoint",
    ),
    Rule(
        name="a_savepoint_is_due",
        when=lambda f: f.runs and f.savepoint_is_due,
        verdict=Verdict.GO,
        move=Move.TAKE_SAVEPOINT,
        effect=Effect.SAVEPOINT_REQUESTED,
        phase=Phase.SNAPSHOT,
        message="the periodic savepoint of {key} is due: taking it",
    ),
    Rule(
        name="this_flink_takes_no_checkpoint_on_demand",
        when=lambda f: f.runs and f.wants_checkpoint and not f.can_checkpoint,
        verdict=Verdict.HELD,
        message="spec.job.checkpointTriggerNonce of {key} changed, and its Flink is before 1.17",
        next_step="Put the nonce back, or use savepointTriggerNonce, or a later Flink.",
    ),
    Rule(
        name="a_person_asks_for_a_checkpoint",
        when=lambda f: f.runs and f.wants_checkpoint,
        verdict=Verdict.GO,
        move=Move.TAKE_CHECKPOINT,
        effect=Effect.CHECKPOINT_REQUESTED,
        phase=Phase.SNAPSHOT,
        message="spec.job.checkpointTriggerNonce of {key} changed: taking a checkpoint",
    ),
    Rule(
        name="a_checkpoint_is_due",
        when=lambda f: f.runs and f.checkpoint_is_due and f.can_checkpoint,
        verdict=Verdict.GO,
        move=Move.TAKE_CHECKPOINT,
        effect=Effect.CHECKPOINT_REQUESTED,
        phase=Phase.SNAPSHOT,
        message="the periodic checkpoint of {key} is due: taking it",
    ),
    Rule(
        name="a_savepoint_has_outlived_its_time",
        when=lambda f: f.runs and f.has_expired,
        verdict=Verdict.GO,
        move=Move.DISPOSE_SAVEPOINT,
        phase=Phase.SNAPSHOT,
        message="disposing of savepoint {expired}: too old, or more than are kept",
    ),
    Rule(
        name="a_snapshot_waits_for_a_running_job",
        when=lambda f: not f.runs and f.is_wanted,
        verdict=Verdict.SETTLED,
        message="a snapshot of {key} was asked for; it is taken once the job runs",
    ),
    Rule(
        name="no_snapshot_is_due",
        when=lambda _: True,
        verdict=Verdict.SETTLED,
        message="no snapshot of {key} is due",
    ),
)

RULES: tuple[Rule[Snapshotting], ...] = (
    *_awaiting(Awaited.SAVEPOINT),
    *_awaiting(Awaited.CHECKPOINT),
    *BEGINNINGS,
)
