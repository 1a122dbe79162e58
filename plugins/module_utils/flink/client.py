# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's REST API, one method per verb: typed answers, errors of the one tree.

Knows paths and bodies; refuses to know policy. It asks for the version once and keeps it: make a
new client for each look at a cluster, they cost nothing. What Flink answers of jobs and checkpoints
may be as old as web.refresh-interval (3 s): only `result` and the statuses of triggers are fresh.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import timedelta
from pathlib import Path
from typing import Any

from .checkpoints import Checkpoint, Checkpoints, read_checkpoint, read_checkpoints
from .cluster import (
    ClusterInfo,
    ClusterOverview,
    TaskManager,
    read_info,
    read_metric_names,
    read_metrics,
    read_overview,
    read_settings,
    read_task_managers,
)
from .errors import (
    BadAccess,
    Conflict,
    DuplicateJob,
    NotFound,
    NotServed,
)
from .jars import Jar, JarRun, Submitted, read_jars, read_uploaded, run_body
from .jobs import (
    Cancelled,
    CancelOutcome,
    JobDetails,
    JobExceptions,
    JobResult,
    JobSummary,
    read_details,
    read_exceptions,
    read_jobs,
    read_result,
    state_in,
)
from .operations import (
    CheckpointKind,
    CheckpointTriggerStatus,
    DisposalStatus,
    SavepointStatus,
    SavepointWanted,
    read_checkpoint_trigger,
    read_disposal,
    read_savepoint,
)
from .requirements import Bounds, read_requirements, requirements_body
from .speech import Speaker, read_nothing, read_request_id
from .transport import Request, Transport, Upload
from .versions import Feature, FlinkVersion
from .wire import Wire

_ID = re.compile(r"[0-9a-f]{32}")
TO_SUBMIT = timedelta(minutes=10)
TO_CANCEL = timedelta(minutes=1)


class FlinkClient:
    def __init__(self, transport: Transport, version: FlinkVersion | None = None) -> None:
        self._speaker = Speaker(transport, version)

    # the cluster

    def cluster_info(self) -> ClusterInfo:
        return self._speaker.get("/config", read_info)

    def version(self) -> FlinkVersion:
        """Ask for it once, and keep it."""
        return self._speaker.version()

    def cluster_overview(self) -> ClusterOverview:
        return self._speaker.get("/overview", read_overview)

    def task_managers(self) -> tuple[TaskManager, ...]:
        return self._speaker.get("/taskmanagers", read_task_managers)

    def settings(self) -> Mapping[str, str]:
        return self._speaker.get("/jobmanager/config", read_settings)

    # jobs

    def jobs(self) -> tuple[JobSummary, ...]:
        """List all jobs; one that is missing here may be starting."""
        return self._speaker.get("/jobs/overview", read_jobs)

    def job(self, job_id: str) -> JobDetails:
        return self._speaker.get(f"/jobs/{_id(job_id)}", read_details)

    def result(self, job_id: str) -> JobResult:
        return self._speaker.get(f"/jobs/{_id(job_id)}/execution-result", read_result)

    def exceptions(self, job_id: str) -> JobExceptions:
        return self._speaker.get(f"/jobs/{_id(job_id)}/exceptions", read_exceptions)

    def metrics(self, job_id: str, names: Iterable[str]) -> Mapping[str, str]:
        query = (("get", ",".join(names)),)
        return self._speaker.get(f"/jobs/{_id(job_id)}/metrics", read_metrics, query)

    def metric_names(self, job_id: str) -> frozenset[str]:
        return self._speaker.get(f"/jobs/{_id(job_id)}/metrics", read_metric_names)

    def cancel(self, job_id: str, *, within: timedelta = TO_CANCEL) -> Cancelled:
        """Ask for it; the job's result says when it is done. Asking again does no harm."""
        request = Request(
            method="PATCH",
            path=f"/jobs/{_id(job_id)}",
            query=(("mode", "cancel"),),
            within=within,
        )
        try:
            self._speaker.ask(request, read_nothing)
        except NotServed:
            raise
        except NotFound:
            return Cancelled(outcome=CancelOutcome.NOT_FOUND)
        except Conflict as error:
            return Cancelled(outcome=CancelOutcome.ALREADY_TERMINAL, state=state_in(str(error)))
        return Cancelled(outcome=CancelOutcome.ACCEPTED)

    # checkpoints

    def checkpoints(self, job_id: str) -> Checkpoints:
        return self._speaker.get(f"/jobs/{_id(job_id)}/checkpoints", read_checkpoints)

    def checkpoint(self, job_id: str, checkpoint_id: int) -> Checkpoint:
        path = f"/jobs/{_id(job_id)}/checkpoints/details/{checkpoint_id}"
        return self._speaker.get(path, read_checkpoint)

    def trigger_checkpoint(
        self,
        job_id: str,
        trigger_id: str,
        kind: CheckpointKind = CheckpointKind.CONFIGURED,
    ) -> str:
        self._speaker.must_have(Feature.CHECKPOINT_TRIGGER)
        body = {"triggerId": _id(trigger_id), "checkpointType": kind.value}
        return self._speaker.trigger(f"/jobs/{_id(job_id)}/checkpoints", body)

    def checkpoint_trigger_status(self, job_id: str, trigger_id: str) -> CheckpointTriggerStatus:
        path = f"/jobs/{_id(job_id)}/checkpoints/{_id(trigger_id)}"
        return self._speaker.status(path, read_checkpoint_trigger)

    # savepoints

    def trigger_savepoint(self, job_id: str, wanted: SavepointWanted) -> str:
        body = {**_savepoint_body(wanted, "target-directory"), "cancel-job": False}
        return self._speaker.trigger(f"/jobs/{_id(job_id)}/savepoints", body)

    def stop(self, job_id: str, wanted: SavepointWanted, *, drain: bool = False) -> str:
        """Flink takes this for jobs that it does not have, or that do not run: see the status."""
        body = {**_savepoint_body(wanted, "targetDirectory"), "drain": drain}
        return self._speaker.trigger(f"/jobs/{_id(job_id)}/stop", body)

    def savepoint_status(self, job_id: str, trigger_id: str) -> SavepointStatus:
        """Of a savepoint and of a stop alike."""
        path = f"/jobs/{_id(job_id)}/savepoints/{_id(trigger_id)}"
        return self._speaker.status(path, read_savepoint)

    def dispose_savepoint(self, path: str) -> str:
        """Flink chooses this trigger id; asking twice deletes once, and the second one fails."""
        request = Request(method="POST", path="/savepoint-disposal", body={"savepoint-path": path})
        return self._speaker.ask(request, read_request_id)

    def disposal_status(self, trigger_id: str) -> DisposalStatus:
        path = f"/savepoint-disposal/{_id(trigger_id)}"
        return self._speaker.status(path, read_disposal)

    # scaling in place

    def requirements(self, job_id: str) -> Mapping[str, Bounds]:
        self._speaker.must_have(Feature.RESOURCE_REQUIREMENTS)
        path = f"/jobs/{_id(job_id)}/resource-requirements"
        return self._speaker.get(path, read_requirements)

    def require(self, job_id: str, wanted: Mapping[str, Bounds]) -> None:
        self._speaker.must_have(Feature.RESOURCE_REQUIREMENTS)
        path = f"/jobs/{_id(job_id)}/resource-requirements"
        body = requirements_body(wanted)
        self._speaker.ask(Request(method="PUT", path=path, body=body), read_nothing)

    # jars

    def jars(self) -> tuple[Jar, ...]:
        return self._speaker.get("/jars", read_jars)

    def upload_jar(self, path: Path, name: str = "", *, within: timedelta = TO_SUBMIT) -> str:
        upload = Upload(path=path, name=name or path.name)
        request = Request(method="POST", path="/jars/upload", upload=upload, within=within)
        return self._speaker.ask(request, read_uploaded)

    def run_jar(self, jar_id: str, run: JarRun, *, within: timedelta = TO_SUBMIT) -> Submitted:
        """Start a job under an id of ours: a try whose answer was lost can be made again."""
        _id(run.job_id)
        request = Request(
            method="POST",
            path=f"/jars/{_name(jar_id)}/run",
            body=run_body(run, self.version()),
            repeatable=True,
            within=within,
        )
        try:
            return Submitted(job_id=self._speaker.ask(request, _job_id))
        except DuplicateJob as error:
            if error.again == 0:
                raise
            return Submitted(job_id=run.job_id, was_there=True)

    def delete_jar(self, jar_id: str) -> bool:
        """Delete it, or say False where it was not there."""
        try:
            self._speaker.ask(Request(method="DELETE", path=f"/jars/{_name(jar_id)}"), read_nothing)
        except NotServed:
            raise
        except NotFound:
            return False
        return True


def _id(text: str) -> str:
    """Job and trigger ids go into paths: nothing else may."""
    if not _ID.fullmatch(text):
        raise BadAccess(f"{text[:64]!r} is no id of Flink's: expected 32 hexadecimal digits")
    return text


def _name(jar_id: str) -> str:
    if not jar_id or "/" in jar_id or jar_id in {".", ".."}:
        raise BadAccess(f"{jar_id[:64]!r} is no id of a jar")
    return jar_id


def _savepoint_body(wanted: SavepointWanted, directory_key: str) -> dict[str, Any]:
    body: dict[str, Any] = {"triggerId": _id(wanted.trigger_id), "formatType": wanted.form.value}
    return body | ({directory_key: wanted.directory} if wanted.directory else {})


def _request_id(wire: Wire) -> str:
    return wire.text("request-id")


def _job_id(wire: Wire) -> str:
    return wire.text("jobid")
