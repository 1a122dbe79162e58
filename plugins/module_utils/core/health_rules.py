# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The health table: whether a job that nobody wants changed is restarted for its own good.

GO is a restart; HELD tells that it is needed, and why none is made. What brakes a loop: a start is
restarted only once it has proven itself, which takes a checkpoint where any are taken.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .health import CHECKPOINTS, RESTARTS
from .plan import Rule, Verdict


class Finding(StrEnum):
    WELL = "well"
    UNSEEN = "unseen"
    """The job is there, and its counters are not."""
    RESTARTS = RESTARTS
    CHECKPOINTS = CHECKPOINTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Faring:
    is_watched: bool
    """The check is switched on, and the application is recorded as running."""
    is_live: bool
    """Flink tells of the job, and it has neither ended nor is it being cancelled."""
    is_going: bool
    """Its restart is written down, and the job is no longer live for it."""
    finding: Finding
    is_proven: bool
    """This start ran well before."""
    is_sure: bool
    """Where the next start would come from is sure: nothing is lost by it."""


RULES: tuple[Rule[Faring], ...] = (
    Rule(
        name="its_health_is_not_watched",
        when=lambda f: not f.is_watched,
        verdict=Verdict.SETTLED,
        message="the health check is switched off",
    ),
    Rule(
        name="its_restart_goes_on",
        when=lambda f: not f.is_live and f.is_going,
        verdict=Verdict.GO,
        message="it was not healthy ({noted})",
    ),
    Rule(
        name="there_is_no_job_to_watch",
        when=lambda f: not f.is_live,
        verdict=Verdict.SETTLED,
        message="no job of it runs",
    ),
    Rule(
        name="its_counters_are_not_seen",
        when=lambda f: f.finding is Finding.UNSEEN,
        verdict=Verdict.SETTLED,
        message="Flink does not tell how often it restarted",
    ),
    Rule(
        name="the_job_is_healthy",
        when=lambda f: f.finding is Finding.WELL,
        verdict=Verdict.SETTLED,
        message="it is healthy",
    ),
    Rule(
        name="its_first_checkpoint_is_the_gates_affair",
        when=lambda f: not f.is_proven and f.finding is Finding.CHECKPOINTS,
        verdict=Verdict.SETTLED,
        message="its first checkpoint is waited for elsewhere",
    ),
    Rule(
        name="an_unproven_start_is_left_to_its_deadline",
        when=lambda f: not f.is_proven,
        verdict=Verdict.HELD,
        message="it is not healthy ({restarts} restarts), and is not restarted: it never ran well",
    ),
    Rule(
        name="no_state_is_sure_enough_for_a_restart",
        when=lambda f: not f.is_sure,
        verdict=Verdict.HELD,
        message="it is not healthy ({finding}), and is not restarted: no snapshot of it is sure",
    ),
    Rule(
        name=RESTARTS,
        when=lambda f: f.finding is Finding.RESTARTS,
        verdict=Verdict.GO,
        message="{restarts} restarts in {window}, more than {threshold}",
    ),
    Rule(
        name=CHECKPOINTS,
        when=lambda _: True,
        verdict=Verdict.GO,
        message="no checkpoint has completed for {stuck}",
    ),
)
