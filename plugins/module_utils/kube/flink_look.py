# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's part of a look: what its REST API says of one job, or why it said nothing."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime

from ..core.recorded import Pending, Recorded
from ..core.seen import Checkpoint, Counters, FlinkSeen, JobSeen, Unseen
from ..core.trigger import TriggerSeen, TriggerState
from ..flink.checkpoints import Checkpoints
from ..flink.client import FlinkClient
from ..flink.errors import Answered, BadAccess, FlinkError
from ..flink.jobs import JobSummary
from .api import Api
from .flink_proxy import ServiceProxy
from .trigger_look import checkpoint_trigger, savepoint_trigger

TLS_KEY = "security.ssl.rest.enabled"
RESTARTS = "numRestarts"
RESTARTS_BEFORE = "fullRestarts"
"""Its name in older Flinks."""
CHECKPOINTS = "numberOfCompletedCheckpoints"


def flink_client(api: Api, *, name: str, namespace: str, is_tls: bool = False) -> FlinkClient:
    """Flink's REST API of one cluster, through the API server."""
    return FlinkClient(ServiceProxy(api, name=name, namespace=namespace, is_tls=is_tls))


def look_at_flink(
    client: FlinkClient, record: Recorded, *, counts: bool = False
) -> FlinkSeen | Unseen:
    """Silence comes back as Unseen with its reason; nothing is raised for it.

    `counts`: ask for the counters that the health check watches, too.
    """
    try:
        info = client.cluster_info()
        summary = next((job for job in client.jobs() if job.job_id == record.job_id), None)
        job = _job(client, summary, record) if summary else None
    except FlinkError as silent:
        return Unseen(why=str(silent))
    if counts and job is not None:
        job = replace(job, counters=_counters(client, job.id))
    return FlinkSeen(version=info.version_text, revision=info.revision, job=job)


def _job(client: FlinkClient, summary: JobSummary, record: Recorded) -> JobSeen:
    checkpoints = _checkpoints(client, summary.job_id)
    return JobSeen(
        id=summary.job_id,
        name=summary.name,
        state=summary.state_text,
        started=summary.started,
        tasks=summary.tasks.total,
        tasks_running=summary.tasks.of("running") + summary.tasks.of("finished"),
        root_exception=_root_exception(client, summary),
        last_checkpoint=_last(checkpoints),
        checkpoints_completed=checkpoints.counts.completed if checkpoints else None,
        checkpoints_pending=checkpoints.counts.in_progress if checkpoints else 0,
        savepoint_trigger=_trigger(client, summary.job_id, record.stop, savepoint_trigger),
        checkpoint_trigger=_trigger(client, summary.job_id, record.gate, checkpoint_trigger),
    )


def _counters(client: FlinkClient, job_id: str) -> Counters | None:
    """Silence about them alone makes nothing else unseen."""
    try:
        told = client.metrics(job_id, (RESTARTS, RESTARTS_BEFORE, CHECKPOINTS))
    except FlinkError:
        return None
    return Counters(
        restarts=_count(told.get(RESTARTS, told.get(RESTARTS_BEFORE))),
        checkpoints=_count(told.get(CHECKPOINTS)),
    )


def _count(text: str | None) -> int | None:
    """A gauge that Flink can't read is told as a word."""
    return int(text) if text is not None and text.isdecimal() else None


def _trigger(
    client: FlinkClient,
    job_id: str,
    pending: Pending | None,
    ask: Callable[..., TriggerSeen],
) -> TriggerSeen | None:
    """Asked only while the status says that something is under way."""
    if pending is None:
        return None
    try:
        return ask(client, job_id, pending.trigger_id, since=pending.since)
    except BadAccess as stray:  # an id that somebody wrote into the status by hand
        return TriggerSeen(state=TriggerState.FAILED, why=str(stray))


def _checkpoints(client: FlinkClient, job_id: str) -> Checkpoints | None:
    try:
        return client.checkpoints(job_id)
    except Answered:
        return None  # a job without checkpointing has no statistics; silence still raises


def _last(checkpoints: Checkpoints | None) -> Checkpoint | None:
    last = checkpoints.last_external if checkpoints else None
    if last is None:
        return _restored(checkpoints)
    return Checkpoint(
        id=last.checkpoint_id,
        path=last.external_path,
        completed=last.acknowledged or datetime.fromtimestamp(0, tz=UTC),
        is_savepoint=last.is_savepoint,
    )


def _restored(checkpoints: Checkpoints | None) -> Checkpoint | None:
    """What it came from is its last snapshot as long as none of its own has completed."""
    restored = checkpoints.restored if checkpoints else None
    if restored is None or not restored.external_path:
        return None
    return Checkpoint(
        id=restored.checkpoint_id,
        path=restored.external_path,
        completed=restored.at or datetime.fromtimestamp(0, tz=UTC),
        is_savepoint=restored.is_savepoint,
    )


def _root_exception(client: FlinkClient, summary: JobSummary) -> str | None:
    if summary.state_text not in ("FAILED", "FAILING", "RESTARTING"):
        return None
    root = client.exceptions(summary.job_id).root
    return str(root.cause) if root else None
