# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's part of a diagnosis: slots, one job, its exceptions and checkpoints, or why not."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from itertools import takewhile

from ..core.diagnosis_scene import CheckpointsView, FlinkView, JobView, whole
from ..flink.checkpoints import CheckpointStatus
from ..flink.client import FlinkClient
from ..flink.errors import Answered, FlinkError, Unauthorised
from ..flink.jobs import JobExceptions, JobSummary

RESTARTS = ("numRestarts", "fullRestarts")
MOST_FAILURES = 5


def look_at_job(connect: Callable[[], FlinkClient], *, job_id: str, is_up: bool) -> FlinkView | str:
    """Silence comes back as its reason; nothing is raised for it."""
    if not is_up:
        return "no JobManager is ready"
    try:
        return _view(connect(), job_id)
    except Unauthorised as refused:
        return f"we may not ask it (get services/proxy): {refused.came}"
    except FlinkError as silent:
        return str(silent)


def _view(client: FlinkClient, job_id: str) -> FlinkView:
    info, overview, jobs = client.cluster_info(), client.cluster_overview(), client.jobs()
    summary = next((job for job in jobs if job.job_id == job_id), None)
    if summary is None and not job_id and len(jobs) == 1:
        summary = jobs[0]  # nothing is recorded: the only one is the one
    return FlinkView(
        version=info.version_text,
        taskmanagers=overview.task_managers,
        slots=overview.slots_total,
        slots_free=overview.slots_free,
        job=_job(client, summary) if summary else None,
        other_jobs=tuple(f"{job.job_id} ({job.state_text})" for job in jobs if job is not summary),
    )


def _job(client: FlinkClient, summary: JobSummary) -> JobView:
    exceptions = _exceptions(client, summary)
    tasks = summary.tasks
    return JobView(
        id=summary.job_id,
        state=summary.state_text,
        tasks=tasks.total,
        tasks_running=tasks.of("running") + tasks.of("finished"),
        started=summary.started,
        needed=_needed(client, summary),
        restarts=_restarts(client, summary.job_id),
        failures=_failures(exceptions) or _result(client, summary),
        failed_at=exceptions.root.at if exceptions and exceptions.root else None,
        checkpoints=_checkpoints(client, summary.job_id),
    )


def _exceptions(client: FlinkClient, summary: JobSummary) -> JobExceptions | None:
    try:
        return client.exceptions(summary.job_id)
    except Answered:
        return None


def _failures(exceptions: JobExceptions | None) -> tuple[str, ...]:
    if exceptions is None:
        return ()
    root = (exceptions.root,) if exceptions.root else ()
    every = [str(failure.cause) for failure in (*root, *exceptions.history)]
    return tuple(dict.fromkeys(every))[:MOST_FAILURES]


def _result(client: FlinkClient, summary: JobSummary) -> tuple[str, ...]:
    """Flink from 2.0 on tells of a job that failed before it began in its result alone."""
    with suppress(Answered):
        cause = client.result(summary.job_id).cause if summary.state_text == "FAILED" else None
        return (str(cause),) if cause else ()
    return ()


def _needed(client: FlinkClient, summary: JobSummary) -> int:
    """With slots shared, as they are by default, the widest vertex says how many."""
    with suppress(Answered):
        vertices = client.job(summary.job_id).vertices
        return max((vertex.parallelism for vertex in vertices), default=0)
    return 0


def _restarts(client: FlinkClient, job_id: str) -> int:
    with suppress(Answered):
        found = client.metrics(job_id, RESTARTS)
        return max((whole(text) for text in found.values()), default=0)
    return 0


def _checkpoints(client: FlinkClient, job_id: str) -> CheckpointsView | None:
    try:
        found = client.checkpoints(job_id)
    except Answered:
        return None  # a job without checkpointing has no statistics
    ended = [item for item in found.history if item.status is not CheckpointStatus.IN_PROGRESS]
    in_a_row = takewhile(lambda item: item.status is CheckpointStatus.FAILED, ended)
    return CheckpointsView(
        completed=found.counts.completed,
        failed=found.counts.failed,
        in_progress=found.counts.in_progress,
        failed_in_a_row=len(list(in_a_row)),
        failure=found.failed.failure if found.failed else "",
    )
