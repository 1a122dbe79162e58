# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What was seen of a deployed application, written into its status in the contract's form."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .case import ENDED, Case, Flink, Situation
from .difference_rules import Change
from .health_case import remembering
from .leaving import is_told
from .lenient import milliseconds
from .recorded import ENDED as ENDED_STATES
from .recorded import Reconciliation
from .restore import has_nothing_since, seen_path
from .seen import FlinkSeen, JobSeen
from .spec import JobState
from .status_start import Status, as_text, without_request
from .stopping import Stop, stop_of

WELL = (Flink.RUNNING, Flink.FINISHED)


def observed(
    status: Status, case: Case, *, size: Mapping[str, str], taskmanagers: int
) -> dict[str, Any]:
    """Nothing of an application that was never deployed, or is suspended."""
    resource = case.seen.resource
    if resource is None or case.situation in (
        Situation.NEW,
        Situation.UNREADABLE,
        Situation.SUSPENDED,
    ):
        return _without_cluster(status, case)
    reconciliation = dict(status.get("reconciliationStatus") or {})
    generation = case.record.observed_generation
    if case.situation is Situation.RUNNING:
        reconciliation |= _made(case)
        if not case.change.restarts and case.record_change is Change.NONE:
            generation = max(generation, resource.generation)
    all_run = case.flink in WELL
    return {
        **status,
        "observedGeneration": generation,
        "jobStatus": _job_status(status, case),
        "jobManagerDeploymentStatus": _jobmanager_status(case),
        "reconciliationStatus": reconciliation,
        "clusterInfo": remembering(
            _cluster_info(status, case, size) if all_run else status.get("clusterInfo") or {}, case
        ),
        "taskManager": {
            "labelSelector": f"component=taskmanager,app={resource.name}",
            "replicas": taskmanagers,
        },
    }


def _without_cluster(status: Status, case: Case) -> dict[str, Any]:
    if case.situation is not Situation.SUSPENDED:
        return dict(status)
    return {**status, "jobManagerDeploymentStatus": _jobmanager_status(case)}


def _made(case: Case) -> dict[str, Any]:
    """Everything of the start is made: the record says deployed and running."""
    record = case.record
    if record.state is Reconciliation.ROLLING_BACK:
        return {"state": Reconciliation.ROLLED_BACK.value}
    if record.state is not Reconciliation.UPGRADING:
        return {}
    text = as_text(record.spec, JobState.RUNNING, record.restore_mode, is_first=record.is_first)
    return {"lastReconciledSpec": text, "state": Reconciliation.DEPLOYED.value}


def _job_status(status: Status, case: Case) -> dict[str, Any]:
    old = dict(status.get("jobStatus") or {})
    job = case.job
    if job is None or case.situation is not Situation.RUNNING:
        stands = case.seen.cluster is not None or case.situation is Situation.RUNNING
        keeps = old.get("state") in ENDED_STATES and stands
        return old if keeps else {**old, "state": "RECONCILING"}
    state = _effective_state(job, case.flink)
    new = {**old, "jobName": job.name, "jobId": job.id, "state": state}
    if job.started:
        new["startTime"] = str(milliseconds(job.started))
    if old.get("state") != state:
        new["updateTime"] = str(milliseconds(case.asker.now))
    return _ended(new, case) if case.flink in ENDED else new


def _ended(job: Status, case: Case) -> dict[str, Any]:
    """Before its cluster goes: the snapshot that an ended job leaves is named."""
    path = seen_path(case)
    new = dict(job)
    if path:
        new["upgradeSavepointPath"] = path
    elif case.flink is Flink.CANCELED and not has_nothing_since(case):
        new.pop("upgradeSavepointPath", None)
    info = dict(new.get("savepointInfo") or {})
    if stop_of(case) in (Stop.UNSEEN, Stop.UNDER_WAY) and not is_told(case):
        return new
    if stop_of(case) is not Stop.TAKEN or not path:
        return {**new, "savepointInfo": without_request(info)} if info else new
    last = {
        "timeStamp": milliseconds(case.asker.now),
        "location": path,
        "triggerType": "UPGRADE",
        "formatType": str(info.get("formatType") or "UNKNOWN"),
    }
    history = [*(info.get("savepointHistory") or ()), last]
    kept = {**without_request(info), "lastSavepoint": last, "savepointHistory": history}
    return {**new, "savepointInfo": kept}


def _effective_state(job: JobSeen, flink: Flink) -> str:
    """The contract: RUNNING while some tasks don't run yet counts as CREATED."""
    return "CREATED" if job.state == "RUNNING" and flink not in WELL else job.state


def _jobmanager_status(case: Case) -> str:
    seen = case.seen
    if seen.cluster is None:
        return "MISSING"
    if isinstance(seen.flink, FlinkSeen):
        return "READY"
    if seen.trouble is not None:
        return "ERROR"
    return "DEPLOYED_NOT_READY" if seen.cluster.available > 0 else "DEPLOYING"


def _cluster_info(status: Status, case: Case, size: Mapping[str, str]) -> dict[str, Any]:
    old, flink = dict(status.get("clusterInfo") or {}), case.seen.flink
    if not isinstance(flink, FlinkSeen):
        return old
    told_by_flink = {"flink-version": flink.version, "flink-revision": flink.revision}
    return {**old, **told_by_flink, **size}
