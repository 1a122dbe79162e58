# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What becomes of a job's state by its removal, as the forecast of that says it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .case import ENDED, Case
from .forecast import Forecast
from .forecast_look import SAVEPOINT_TO_COME
from .leaving import DROPPED, State
from .plan import Move, Rule, Verdict
from .spec import DeletionMode
from .stopping import directory_in

FLINKS_OWN = "Flink's own directory"


class Saving(StrEnum):
    """Of the savepoint that the job ends with."""

    NONE = "none"
    TO_COME = "to_come"
    UNDER_WAY = "under_way"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fate:
    is_refused: bool
    is_gone: bool
    is_dropped: bool
    """By the user's word."""
    is_left: bool
    """As the mode says."""
    saving: Saving
    state: State
    may_run: bool
    """Until it ends, newer snapshots complete."""


def fate(case: Case, of: Forecast) -> Fate:
    cluster, because = case.seen.cluster, of.origin.because if of.origin else ""
    return Fate(
        is_refused=not of.steps and of.end.verdict in (Verdict.HELD, Verdict.FAILED),
        is_gone=not of.steps and of.end.verdict is Verdict.SETTLED,
        is_dropped=of.origin == DROPPED,
        is_left=of.deletion is not None and of.deletion.mode is DeletionMode.LEAVE,
        saving=_saving(of),
        state=State(because) if because in tuple(State) else State.UNKNOWN,
        may_run=cluster is not None and cluster.replicas > 0 and case.flink not in ENDED,
    )


def _saving(of: Forecast) -> Saving:
    if of.origin is None or of.origin.path != SAVEPOINT_TO_COME:
        return Saving.NONE
    return Saving.TO_COME if Move.STOP_JOB in of.moves else Saving.UNDER_WAY


def directory(case: Case) -> str:
    """Where its savepoint is written to."""
    configurations = (case.configuration, case.deployed_configuration)
    return next(filter(None, map(directory_in, configurations)), FLINKS_OWN)


RULES: tuple[Rule[Fate], ...] = (
    Rule(
        name="its_state_is_not_touched",
        when=lambda f: f.is_refused,
        verdict=Verdict.HELD,
        message="it stays: nothing is done",
    ),
    Rule(
        name="nothing_of_it_is_left",
        when=lambda f: f.is_gone,
        verdict=Verdict.SETTLED,
        message="nothing of it is left that could be kept",
    ),
    Rule(
        name="the_user_lets_its_state_go",
        when=lambda f: f.is_dropped,
        verdict=Verdict.GO,
        message="none is named, by the word of the user; HA data of its name is deleted",
    ),
    Rule(
        name="a_savepoint_is_taken",
        when=lambda f: f.saving is Saving.TO_COME,
        verdict=Verdict.GO,
        message="a savepoint is taken into {directory}; it stays in storage and is named",
    ),
    Rule(
        name="its_savepoint_is_under_way",
        when=lambda f: f.saving is Saving.UNDER_WAY,
        verdict=Verdict.GO,
        message="its savepoint into {directory} is waited for; it stays in storage and is named",
    ),
    Rule(
        name="a_stateless_job_keeps_none",
        when=lambda f: f.state is State.STATELESS,
        verdict=Verdict.GO,
        message="none, its upgradeMode is stateless",
    ),
    Rule(
        name="it_has_none",
        when=lambda f: f.state in (State.NEVER_RAN, State.OVER, State.NOTHING),
        verdict=Verdict.GO,
        message="there is none",
    ),
    Rule(
        name="none_of_it_is_known",
        when=lambda f: f.state in (State.UNKNOWN, State.REPLACED),
        verdict=Verdict.GO,
        message="none of it is known by now",
    ),
    Rule(
        name="its_checkpoints_and_ha_data_stay",
        when=lambda f: f.is_left,
        verdict=Verdict.GO,
        message="checkpoints and HA data stay as they are, for restore-latest; the newest by now:",
    ),
    Rule(
        name="its_last_checkpoint_stays",
        when=lambda f: f.may_run,
        verdict=Verdict.GO,
        message="its last checkpoint stays in storage and is named; the newest by now:",
    ),
    Rule(
        name="the_newest_that_was_seen_stays",
        when=lambda f: f.state in (State.SEEN, State.LEDGER),
        verdict=Verdict.GO,
        message="it stays in storage and is named; a newer one may have taken its place:",
    ),
    Rule(
        name="its_last_snapshot_stays",
        when=lambda _: True,
        verdict=Verdict.GO,
        message="its last snapshot stays in storage and is named:",
    ),
)
"""What is kept of a state; the first that matches."""
