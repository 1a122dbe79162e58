# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Jobs as Flink shows them: overview, details, result, exceptions; refuses to judge them."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from .causes import Cause, cause_from_trace, read_cause
from .wire import Wire


class JobState(StrEnum):
    INITIALIZING = "INITIALIZING"
    CREATED = "CREATED"
    RUNNING = "RUNNING"
    FAILING = "FAILING"
    FAILED = "FAILED"
    CANCELLING = "CANCELLING"
    CANCELED = "CANCELED"
    FINISHED = "FINISHED"
    RESTARTING = "RESTARTING"
    SUSPENDED = "SUSPENDED"
    RECONCILING = "RECONCILING"
    UNKNOWN = "UNKNOWN"

    @property
    def is_terminal(self) -> bool:
        """For good: neither this leader nor another will run the job on."""
        return self in {JobState.FAILED, JobState.CANCELED, JobState.FINISHED}


def job_state(text: str) -> JobState:
    """Take the state of a newer Flink for UNKNOWN; its text is kept beside it."""
    return JobState(text) if text in set(JobState) else JobState.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskCounts:
    total: int
    by_state: Mapping[str, int]

    def of(self, state: str) -> int:
        return self.by_state.get(state.lower(), 0)

    @property
    def all_run_or_finished(self) -> bool:
        """A job is RUNNING for Flink as soon as it is scheduled: only this says that it works."""
        return 0 < self.total == self.of("running") + self.of("finished")


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSummary:
    job_id: str
    name: str
    state: JobState
    state_text: str
    tasks: TaskCounts
    started: datetime | None
    ended: datetime | None
    modified: datetime | None

    @property
    def runs_whole(self) -> bool:
        return self.state is JobState.RUNNING and self.tasks.all_run_or_finished


@dataclass(frozen=True, slots=True, kw_only=True)
class Vertex:
    vertex_id: str
    name: str
    parallelism: int
    max_parallelism: int
    status: str
    tasks: TaskCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class JobDetails:
    job_id: str
    name: str
    state: JobState
    state_text: str
    job_type: str
    started: datetime | None
    ended: datetime | None
    now: datetime | None
    since: Mapping[str, datetime]
    vertices: tuple[Vertex, ...]
    tasks: TaskCounts


@dataclass(frozen=True, slots=True, kw_only=True)
class JobResult:
    """`done` is False while the job is not terminal: then nothing else is known."""

    done: bool
    state: JobState = JobState.UNKNOWN
    state_text: str = ""
    net_runtime_ms: int = 0
    cause: Cause | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobFailure:
    cause: Cause
    at: datetime | None
    task: str = ""
    endpoint: str = ""
    labels: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class JobExceptions:
    """`root` is the latest failure; `history` has the newest first."""

    root: JobFailure | None
    history: tuple[JobFailure, ...]
    truncated: bool


class CancelOutcome(StrEnum):
    ACCEPTED = "ACCEPTED"
    NOT_FOUND = "NOT_FOUND"
    ALREADY_TERMINAL = "ALREADY_TERMINAL"


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancelled:
    """`state` is known for a job that had already ended otherwise."""

    outcome: CancelOutcome
    state: JobState | None = None


def read_jobs(wire: Wire) -> tuple[JobSummary, ...]:
    return tuple(_summary(job) for job in wire["jobs"].items())


def _summary(wire: Wire) -> JobSummary:
    state = wire.text("state")
    return JobSummary(
        job_id=wire.text("jid"),
        name=wire.text_or("name"),
        state=job_state(state),
        state_text=state,
        tasks=_tasks(wire["tasks"]),
        started=wire.time("start-time"),
        ended=wire.time("end-time"),
        modified=wire.time("last-modification"),
    )


def _tasks(wire: Wire, total: int | None = None) -> TaskCounts:
    counts = {key.lower(): value.as_whole() for key, value in wire.pairs()}
    known = counts.pop("total", None)
    if known is None:
        known = sum(counts.values()) if total is None else total
    return TaskCounts(total=known, by_state=counts)


def read_details(wire: Wire) -> JobDetails:
    state = wire.text("state")
    vertices = tuple(_vertex(vertex) for vertex in wire.items_of("vertices"))
    times = ((key, wire["timestamps"].time(key)) for key, _time in wire["timestamps"].pairs())
    return JobDetails(
        job_id=wire.text("jid"),
        name=wire.text_or("name"),
        state=job_state(state),
        state_text=state,
        job_type=wire.text_or("job-type"),
        started=wire.time("start-time"),
        ended=wire.time("end-time"),
        now=wire.time("now"),
        since={key: time for key, time in times if time is not None},
        vertices=vertices,
        tasks=_added_up(vertices),
    )


def _vertex(wire: Wire) -> Vertex:
    return Vertex(
        vertex_id=wire.text("id"),
        name=wire.text_or("name"),
        parallelism=wire.whole("parallelism"),
        max_parallelism=wire.whole_or("maxParallelism", -1),
        status=wire.text_or("status"),
        tasks=_tasks(wire["tasks"], wire.whole("parallelism")),
    )


def _added_up(vertices: tuple[Vertex, ...]) -> TaskCounts:
    """Flink's own status-counts counts vertices, not tasks."""
    counts: dict[str, int] = {}
    for vertex in vertices:
        for state, number in vertex.tasks.by_state.items():
            counts[state] = counts.get(state, 0) + number
    return TaskCounts(total=sum(vertex.parallelism for vertex in vertices), by_state=counts)


_RESULT_STATES = {"SUCCEEDED": JobState.FINISHED}


def read_result(wire: Wire) -> JobResult:
    if wire["status"].text("id") != "COMPLETED":
        return JobResult(done=False)
    result = wire["job-execution-result"]
    text = result.text("application-status")
    return JobResult(
        done=True,
        state=_RESULT_STATES.get(text) or job_state(text),
        state_text=text,
        net_runtime_ms=result.whole_or("net-runtime"),
        cause=read_cause(result.get("failure-cause")),
    )


def read_exceptions(wire: Wire) -> JobExceptions:
    """Flink below 2.0 also has the root at the top; from 2.0 on there is the history alone."""
    history = wire.get("exceptionHistory")
    entries = () if history is None else tuple(_failure(e) for e in history.items_of("entries"))
    truncated = history is not None and history.flag_or("truncated")
    return JobExceptions(root=_root(wire, entries), history=entries, truncated=truncated)


def _root(wire: Wire, entries: tuple[JobFailure, ...]) -> JobFailure | None:
    trace = wire.text_or("root-exception")
    if not trace:
        return entries[0] if entries else None
    return JobFailure(cause=cause_from_trace(trace), at=wire.time("timestamp"), labels={})


def _failure(wire: Wire) -> JobFailure:
    labels = wire.get("failureLabels")
    return JobFailure(
        cause=cause_from_trace(wire.text_or("stacktrace"), wire.text_or("exceptionName")),
        at=wire.time("timestamp"),
        task=wire.text_or("taskName"),
        endpoint=wire.text_or("endpoint") or wire.text_or("location"),
        labels={} if labels is None else {k: v.as_text() for k, v in labels.pairs()},
    )


def state_in(message: str) -> JobState | None:
    """Find the state that Flink puts in brackets: '... terminal state (FINISHED).' says it."""
    found = re.search(r"terminal state \((\w+)\)", message)
    return job_state(found.group(1)) if found else None
