# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A decision's two halves: the named rule that fired, and the plan that follows from it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Generic, TypeVar

Facts = TypeVar("Facts")
Facts_contra = TypeVar("Facts_contra", contravariant=True)


class Move(StrEnum):
    """What the collection's roles can do to a cluster; each is one task file of a role."""

    NOTHING = "nothing"
    MAKE_CLUSTER = "make_cluster"
    STOP_JOBMANAGER = "stop_jobmanager"
    DELETE_CLUSTER = "delete_cluster"
    KILL_PODS = "kill_pods"
    """Of a cluster that was deleted, by the word of a person."""
    DELETE_RESOURCE = "delete_resource"
    DELETE_HA_DATA = "delete_ha_data"
    STOP_JOB = "stop_job"
    """Stop-with-savepoint."""
    CANCEL_JOB = "cancel_job"
    TAKE_SAVEPOINT = "take_savepoint"
    TAKE_CHECKPOINT = "take_checkpoint"
    DISPOSE_SAVEPOINT = "dispose_savepoint"
    PATCH_OBJECTS = "patch_objects"
    """Of a running cluster, none of which makes a pod anew."""
    RESIZE_PODS = "resize_pods"
    RELEASE_FINALIZER = "release_finalizer"
    """Of a resource that is being deleted, and of which nothing is left to do."""


class Verdict(StrEnum):
    GO = "go"
    """Make the move, then look again."""
    WAIT = "wait"
    """Something is under way; look again."""
    SETTLED = "settled"
    """What was asked for is so."""
    HELD = "held"
    """The rule refuses; nothing is written but the reason."""
    FAILED = "failed"
    """It was tried and did not come about; the resource and its objects stay as they are."""


class Effect(StrEnum):
    """What a rule has written into the status, ahead of its move."""

    NONE = "none"
    START = "start"
    """The next start: its spec, its ids and the state that it comes from."""
    SUSPENDED = "suspended"
    """The job is at rest, as it was asked for, and this is the state it goes on from."""
    RECORD = "record"
    """The wanted spec becomes the recorded one; nothing of it makes a difference to Flink."""
    STABLE = "stable"
    STOP_REQUESTED = "stop_requested"
    STOP_GIVEN_UP = "stop_given_up"
    CANCEL_REQUESTED = "cancel_requested"
    """The record says that the next start comes from the job's last snapshot."""
    GATE_REQUESTED = "gate_requested"
    SAVEPOINT_REQUESTED = "savepoint_requested"
    CHECKPOINT_REQUESTED = "checkpoint_requested"
    SNAPSHOT_ENDED = "snapshot_ended"


class Phase(StrEnum):
    """What is under way; each has a deadline of its own."""

    START = "start"
    GATE = "gate"
    STOP = "stop"
    """The job is to come to rest, and it is not known yet by which way it can."""
    SAVEPOINT = "savepoint"
    CANCEL = "cancel"
    CLUSTER_DELETE = "cluster-delete"
    ROLLBACK = "rollback"
    DELETION = "deletion"
    SNAPSHOT = "snapshot"
    SILENCE = "silence"
    """Flink does not answer although its JobManager is up."""


class Source(StrEnum):
    """The state that a start comes from."""

    NONE = "none"
    EMPTY = "empty"
    SAVEPOINT = "savepoint"
    """A snapshot's path: a savepoint or a retained checkpoint."""
    LAST_STATE = "last-state"
    """The newest checkpoint in Flink's HA metadata; the job keeps its id."""


class Which(StrEnum):
    """The spec that a start is made from."""

    WANTED = "wanted"
    RECORDED = "recorded"
    STABLE = "stable"
    PREVIOUS = "previous"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule(Generic[Facts_contra]):
    """`name` is the reason the user reads; `message` may use {fields} of the told facts."""

    name: str
    when: Callable[[Facts_contra], bool]
    verdict: Verdict
    move: Move = Move.NOTHING
    effect: Effect = Effect.NONE
    phase: Phase | None = None
    source: Source = Source.NONE
    message: str
    next_step: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """What a start comes from, and what allows it: a law asks for both."""

    source: Source
    because: str
    """The name of the rule that chose it."""
    path: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    verdict: Verdict
    move: Move
    because: str
    message: str
    next_step: str = ""
    wake: timedelta = timedelta(seconds=0)
    effect: Effect = Effect.NONE
    phase: Phase | None = None
    origin: Origin | None = None
    """For a start, and for a suspension: what it (or the next one) comes from."""
    which: Which = Which.WANTED
    is_rollback: bool = False
    """The start goes back to an earlier spec; the record keeps the one that is left."""


def first(rules: Sequence[Rule[Facts]], facts: Facts) -> Rule[Facts]:
    """The first rule that matches. Each table ends in a rule that always does."""
    return next(rule for rule in rules if rule.when(facts))


def first_of(rules: Sequence[Rule[Facts]], facts: Facts) -> Rule[Facts] | None:
    """The first rule that matches, of a table that may let everything pass."""
    return next((rule for rule in rules if rule.when(facts)), None)
