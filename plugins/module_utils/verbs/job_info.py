# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""job_info: one job, or every job, as Flink's REST API tells it. Changes nothing."""

from __future__ import annotations

from datetime import datetime

from ..flink.checkpoints import Checkpoint
from ..flink.client import FlinkClient
from ..flink.errors import Answered, NotFound
from ..flink.jobs import JobSummary
from .flink_access import FLINK, client_of
from .options import Params, Result, Spec

ARGUMENT_SPEC: Spec = {**FLINK, "job_id": {"type": "str"}}


def execute(params: Params, _check_mode: bool) -> Result:
    client = client_of(params)
    wanted = params.get("job_id")
    jobs = [job for job in client.jobs() if wanted in (None, "", job.job_id)]
    if wanted and not jobs:
        raise NotFound(f"Flink does not know job {wanted}", hint="See the ids with job_info")
    return {"changed": False, "jobs": [_job(client, job) for job in jobs]}


def _job(client: FlinkClient, job: JobSummary) -> Result:
    exceptions = client.exceptions(job.job_id)
    return {
        "id": job.job_id,
        "name": job.name,
        "state": job.state_text,
        "runs_whole": job.runs_whole,
        "started": _iso(job.started),
        "ended": _iso(job.ended),
        "tasks": {"total": job.tasks.total, **job.tasks.by_state},
        "root_exception": str(exceptions.root.cause) if exceptions.root else "",
        **_checkpoints(client, job.job_id),
    }


def _checkpoints(client: FlinkClient, job_id: str) -> Result:
    try:
        found = client.checkpoints(job_id)
    except Answered:
        return {"checkpoints": {}, "last_checkpoint": {}}
    counts = found.counts
    return {
        "checkpoints": {
            "completed": counts.completed,
            "failed": counts.failed,
            "in_progress": counts.in_progress,
            "restored": counts.restored,
        },
        "last_checkpoint": _checkpoint(found.last_external),
    }


def _checkpoint(last: Checkpoint | None) -> Result:
    if last is None:
        return {}
    return {
        "id": last.checkpoint_id,
        "path": last.external_path,
        "is_savepoint": last.is_savepoint,
        "completed": _iso(last.acknowledged),
        "state_size": last.state_size,
    }


def _iso(time: datetime | None) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ") if time else ""
