# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A suspended application: nothing of it runs, and the state that it goes on from is recorded."""

from __future__ import annotations

from dataclasses import dataclass

from .case import ENDED, Case, Flink, JobManager
from .difference_rules import Change
from .in_the_way import FOREIGN, GOING, kills_pods
from .plan import Effect, Move, Phase, Rule, Source, Verdict
from .restore import Restoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Suspended:
    wants_suspended: bool
    jobmanager: JobManager
    has_pods: bool
    job: Flink
    is_delete_late: bool
    kills_pods: bool
    is_silence_late: bool
    is_changed: bool
    source: Source


def suspended(case: Case, restore: Rule[Restoring]) -> Suspended:
    return Suspended(
        wants_suspended=case.wants_suspended,
        jobmanager=case.jobmanager,
        has_pods=case.has_pods,
        job=case.flink,
        is_delete_late=case.is_late_in(Phase.CLUSTER_DELETE),
        kills_pods=kills_pods(case),
        is_silence_late=case.is_late_in(Phase.SILENCE),
        is_changed=case.record_change is not Change.NONE,
        source=restore.source,
    )


RULES: tuple[Rule[Suspended], ...] = (
    FOREIGN,
    *GOING,
    Rule(
        name="a_suspended_job_runs",
        when=lambda f: (
            f.jobmanager is not JobManager.ABSENT
            and f.job not in (*ENDED, Flink.UNSEEN, Flink.NO_JOB)
        ),
        verdict=Verdict.HELD,
        message="{key} is recorded as suspended, and its job {job_id} runs: somebody started it",
        next_step="Cancel that job with a savepoint or delete its Deployment; then run this again.",
    ),
    Rule(
        name="a_suspended_job_keeps_no_pods",
        when=lambda f: f.jobmanager is not JobManager.ABSENT and f.job in ENDED,
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="{key} is suspended and its job has ended: its cluster is deleted",
    ),
    Rule(
        name="a_suspended_cluster_stays_silent",
        when=lambda f: f.jobmanager is not JobManager.ABSENT and f.is_silence_late,
        verdict=Verdict.FAILED,
        phase=Phase.SILENCE,
        message="{key} is suspended, and its cluster did not tell what it does: {why_unseen}",
        next_step="See what its JobManager's pod says; delete its Deployment if it does nothing.",
    ),
    Rule(
        name="a_suspended_cluster_is_silent",
        when=lambda f: f.jobmanager is not JobManager.ABSENT,
        verdict=Verdict.WAIT,
        phase=Phase.SILENCE,
        message="{key} is suspended, and what its cluster does is not seen: {why_unseen}",
    ),
    Rule(
        name="the_suspended_job_follows_its_spec",
        when=lambda f: f.wants_suspended and f.is_changed,
        verdict=Verdict.WAIT,
        effect=Effect.SUSPENDED,
        message="{key} stays suspended; its next start is made from the changed spec",
    ),
    Rule(
        name="the_job_is_suspended",
        when=lambda f: f.wants_suspended,
        verdict=Verdict.SETTLED,
        message="{key} is suspended; it will go on {origin}",
    ),
    Rule(
        name="no_state_to_start_from_is_known",
        when=lambda f: f.source is Source.NONE,
        verdict=Verdict.HELD,
        message="{restore_message}",
        next_step="{restore_step}",
    ),
    Rule(
        name="the_suspended_job_is_resumed",
        when=lambda _: True,
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        effect=Effect.START,
        phase=Phase.START,
        message="{key} goes on {origin}",
    ),
)
