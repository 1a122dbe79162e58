# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A person who waits for the first checkpoint too is told of it, and is not kept for ever."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Seen, Unseen
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.wait import _with_checkpoint
from support import looks

RUNS = looks.plan(Verdict.SETTLED, because="the_job_runs", message="it runs")
FINISHED = looks.plan(Verdict.SETTLED, because="the_job_finished", message="it is done")
NONE, SOME = (looks.seen(flink=looks.runs(checkpoints_completed=count)) for count in (0, 1))
UNKNOWN = looks.seen(flink=looks.runs(checkpoints_completed=None))


@pytest.mark.parametrize(
    ("seen", "plan", "is_over", "verdict"),
    [
        (SOME, RUNS, False, Verdict.SETTLED),
        (SOME, RUNS, True, Verdict.SETTLED),
        (NONE, RUNS, False, Verdict.WAIT),
        (NONE, RUNS, True, Verdict.FAILED),
        (UNKNOWN, RUNS, False, Verdict.WAIT),
        (NONE, FINISHED, True, Verdict.SETTLED),
        (NONE, looks.plan(), True, Verdict.WAIT),
        (looks.seen(flink=Unseen(why="silence")), RUNS, True, Verdict.SETTLED),
    ],
)
def test_a_job_that_runs_is_there_with_its_first_checkpoint(
    seen: Seen, plan: Plan, is_over: bool, verdict: Verdict
) -> None:
    assert _with_checkpoint(seen, plan, is_over=is_over).verdict is verdict


def test_what_to_do_about_it_is_told() -> None:
    plan = _with_checkpoint(NONE, RUNS, is_over=True)
    assert plan.because == "no_checkpoint_has_completed_yet"
    assert "execution.checkpointing.interval" in plan.next_step
