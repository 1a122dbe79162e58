# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a forecast means to the people who use the job: how long it is away, and in which mode.

What becomes of the state of a job that is removed, forecast_removal_rules.py says.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .case import ENDED, Case, Flink, JobManager
from .forecast import Forecast
from .plan import Move, Rule, Source, Verdict

SNAPSHOTS = frozenset({Move.TAKE_SAVEPOINT, Move.TAKE_CHECKPOINT, Move.DISPOSE_SAVEPOINT})


class Rest(StrEnum):
    """How a job that runs is brought to rest."""

    NONE = "none"
    SAVEPOINT = "savepoint"
    CANCEL = "cancel"
    CUT_OFF = "cut_off"
    NAMESPACE = "namespace"
    """It is not: it goes with its namespace."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """The facts of a forecast that count for its users."""

    rest: Rest
    starts: bool
    source: Source
    patches: bool
    snapshots: bool
    is_refused: bool
    is_open: bool
    awaits_start: bool
    """A start is under way already."""
    removes: bool
    """Nothing of it is left in the end."""

    @property
    def only_ends(self) -> bool:
        return self.rest is not Rest.NONE and not self.starts

    @property
    def ends_and_starts(self) -> bool:
        return self.rest is not Rest.NONE and self.starts


def outlook(case: Case, of: Forecast) -> Outlook:
    return Outlook(
        rest=_rest(case, of),
        starts=Move.MAKE_CLUSTER in of.moves,
        source=of.origin.source if of.origin else Source.NONE,
        patches=Move.PATCH_OBJECTS in of.moves,
        snapshots=bool(SNAPSHOTS & of.moves),
        is_refused=not of.steps and of.end.verdict in (Verdict.HELD, Verdict.FAILED),
        is_open=of.is_open,
        awaits_start=_awaits_start(case) and not of.is_removal,
        removes=of.is_removal and bool(of.steps),
    )


def _awaits_start(case: Case) -> bool:
    is_there = case.jobmanager is JobManager.OURS
    return is_there and case.flink not in (Flink.RUNNING, Flink.CANCELLING, *ENDED)


def _rest(case: Case, of: Forecast) -> Rest:
    """A job that nobody sees may run all the same."""
    is_gone = case.jobmanager is JobManager.ABSENT and not case.has_pods
    if is_gone or case.never_ran or case.flink in (*ENDED, Flink.NO_JOB):
        return Rest.NONE
    if of.is_removal and case.seen.is_namespace_going:
        return Rest.NAMESPACE
    stops = {
        Move.STOP_JOB: Rest.SAVEPOINT,
        Move.CANCEL_JOB: Rest.CANCEL,
        Move.DELETE_CLUSTER: Rest.CUT_OFF,
    }
    return next((stops[step.move] for step in of.steps if step.move in stops), Rest.NONE)


RULES: tuple[Rule[Outlook], ...] = (
    Rule(
        name="nothing_is_done",
        when=lambda f: f.is_refused,
        verdict=Verdict.HELD,
        message="none: nothing is done",
    ),
    Rule(
        name="it_ends_with_its_namespace",
        when=lambda f: f.rest is Rest.NAMESPACE,
        verdict=Verdict.GO,
        message="for good: it ends with its namespace, which is being deleted",
    ),
    Rule(
        name="it_ends_for_good_with_its_savepoint",
        when=lambda f: f.removes and f.rest is Rest.SAVEPOINT,
        verdict=Verdict.GO,
        message=(
            "for good, from the end of its savepoint on; nothing is processed twice by what starts "
            "from that"
        ),
    ),
    Rule(
        name="it_ends_for_good_and_leaves_no_state",
        when=lambda f: f.removes and f.rest is not Rest.NONE and f.source is Source.EMPTY,
        verdict=Verdict.GO,
        message="for good, from the end of its JobManager on; it leaves no state",
    ),
    Rule(
        name="it_ends_for_good_by_its_cancellation",
        when=lambda f: f.removes and f.rest is Rest.CANCEL,
        verdict=Verdict.GO,
        message=(
            "for good, from its cancellation on; what came after its snapshot is processed again "
            "by what starts from that"
        ),
    ),
    Rule(
        name="it_ends_for_good",
        when=lambda f: f.removes and f.rest is not Rest.NONE,
        verdict=Verdict.GO,
        message=(
            "for good, from the end of its JobManager on; what came after its snapshot is "
            "processed again by what starts from that"
        ),
    ),
    Rule(
        name="nothing_of_it_runs_any_more",
        when=lambda f: f.removes,
        verdict=Verdict.GO,
        message="none beside that of now: nothing of it runs",
    ),
    Rule(
        name="it_is_away_while_its_cluster_is_made_from_its_savepoint",
        when=lambda f: f.ends_and_starts and f.rest is Rest.SAVEPOINT,
        verdict=Verdict.GO,
        message=(
            "from the end of its savepoint until the pods of the new cluster run (cluster-delete, "
            "start); nothing is processed twice"
        ),
    ),
    Rule(
        name="it_is_away_and_its_state_is_let_go",
        when=lambda f: f.ends_and_starts and f.source is Source.EMPTY,
        verdict=Verdict.GO,
        message=(
            "from the end of the old cluster until the pods of the new one run (cluster-delete, "
            "start); it begins without state"
        ),
    ),
    Rule(
        name="it_is_away_after_its_cancellation",
        when=lambda f: f.ends_and_starts and f.rest is Rest.CANCEL,
        verdict=Verdict.GO,
        message=(
            "from its cancellation until the pods of the new cluster run (cancel, cluster-delete, "
            "start); what came after its snapshot is processed again"
        ),
    ),
    Rule(
        name="it_is_away_after_its_cluster_is_deleted",
        when=lambda f: f.ends_and_starts,
        verdict=Verdict.GO,
        message=(
            "from the end of the old cluster until the pods of the new one run (cluster-delete, "
            "start); what came after its snapshot is processed again"
        ),
    ),
    Rule(
        name="it_rests_with_its_savepoint",
        when=lambda f: f.only_ends and f.rest is Rest.SAVEPOINT,
        verdict=Verdict.GO,
        message="from the end of its savepoint until it is resumed; nothing is processed twice",
    ),
    Rule(
        name="it_rests_with_its_last_checkpoint",
        when=lambda f: f.only_ends,
        verdict=Verdict.GO,
        message=(
            "from its end until it is resumed; what came after its snapshot is processed again"
        ),
    ),
    Rule(
        name="it_does_not_run_now",
        when=lambda f: f.starts,
        verdict=Verdict.GO,
        message="none beside that of now: nothing of it runs; until its pods run (start)",
    ),
    Rule(
        name="its_objects_change_while_it_runs",
        when=lambda f: f.patches,
        verdict=Verdict.GO,
        message="none: objects are patched, no process ends",
    ),
    Rule(
        name="its_start_is_under_way",
        when=lambda f: f.awaits_start,
        verdict=Verdict.WAIT,
        message="none beside that of now: until its pods run (start)",
    ),
    Rule(
        name="a_snapshot_is_taken_while_it_runs",
        when=lambda f: f.snapshots,
        verdict=Verdict.GO,
        message="none: the job goes on while its snapshot is taken",
    ),
    Rule(
        name="it_depends_on_an_answer",
        when=lambda f: f.is_open,
        verdict=Verdict.WAIT,
        message="not known: it depends on an answer that is waited for",
    ),
    Rule(
        name="nothing_changes",
        when=lambda _: True,
        verdict=Verdict.SETTLED,
        message="none: nothing changes",
    ),
)
"""The expected interruption; the first that matches."""


class Mode(StrEnum):
    """The contract's words for where a start, or a suspension, gets its state from."""

    NONE = "none"
    SAVEPOINT = "savepoint"
    LAST_STATE = "last-state"
    STATELESS = "stateless"


def mode_of(facts: Outlook) -> Mode:
    """A job that is cancelled, or cut off, goes on from its last checkpoint: last-state."""
    if facts.source is Source.NONE:
        return Mode.NONE
    if facts.source is Source.EMPTY:
        return Mode.STATELESS
    by_checkpoint = facts.rest in (Rest.CANCEL, Rest.CUT_OFF)
    is_last_state = facts.source is Source.LAST_STATE or by_checkpoint
    return Mode.LAST_STATE if is_last_state else Mode.SAVEPOINT
