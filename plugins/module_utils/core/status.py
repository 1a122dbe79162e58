# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The status of a FlinkDeployment, written in the contract's form: ahead of a move, after a look.

Pure: an old status and facts in, a new status out; what this file does not know it keeps. Equal
in and out means that nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from . import conditions
from .dump import reconciled_json
from .facts import JobManager, flink_of, jobmanager_of, start_deadline
from .plan import Move, Plan, Verdict
from .recorded import Reconciliation, Recorded, recorded
from .seen import FlinkSeen, JobSeen, Resource, Seen
from .spec import JobState, Spec, UpgradeMode


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a status needs beside the look: plan, configuration, time, a fresh job id."""

    plan: Plan
    configuration: Mapping[str, str]
    now: datetime
    fresh_job_id: str
    size: Mapping[str, str]
    """clusterInfo's total-cpu and total-memory, where they are known."""
    taskmanagers: int
    goal_is_removal: bool = False

    @property
    def is_start(self) -> bool:
        """The move makes a cluster, or takes a failed one away to make it again."""
        begins = self.plan.move in (Move.MAKE_CLUSTER, Move.DELETE_CLUSTER)
        return begins and not self.goal_is_removal


def next_status(seen: Seen, told: Told) -> dict[str, Any]:
    """The status after this turn's decision. For resources that exist and are ours to write."""
    resource = seen.resource
    if resource is None:
        return {}
    status = dict(resource.status)
    if told.is_start:
        status = _started(status, resource, told)
    status = _observed(status, seen, told)
    if told.goal_is_removal and told.plan.verdict is Verdict.GO:
        status["lifecycleState"] = "DELETING"
    return _explained(status, resource, told)


def _started(status: Mapping[str, Any], resource: Resource, told: Told) -> dict[str, Any]:
    """Write ahead: the job id, the spec and the state it starts from, before anything is made."""
    record = recorded(status)
    spec = resource.deployment.spec if resource.deployment else None
    if spec is None or spec.job is None:
        return dict(status)
    goes_on = record.state is Reconciliation.UPGRADING and told.plan.because.endswith("_goes_on")
    job_id = record.job_id if goes_on and record.job_id else told.fresh_job_id
    path = spec.job.initial_savepoint_path
    return {
        **status,
        "observedGeneration": record.observed_generation if goes_on else resource.generation,
        "jobManagerDeploymentStatus": "MISSING",
        "jobStatus": _fresh_job(status, job_id, path),
        "clusterInfo": status.get("clusterInfo") or {},
        "reconciliationStatus": {
            **(status.get("reconciliationStatus") or {}),
            "lastReconciledSpec": _recorded_spec(spec, JobState.SUSPENDED),
            "reconciliationTimestamp": int(told.now.timestamp() * 1000),
            "state": Reconciliation.UPGRADING.value,
        },
        "startedFrom": _origin(job_id, path, told.now),
    }


def _fresh_job(status: Mapping[str, Any], job_id: str, path: str | None) -> dict[str, Any]:
    job = {
        "checkpointInfo": {"lastPeriodicCheckpointTimestamp": 0},
        "savepointInfo": {"lastPeriodicSavepointTimestamp": 0, "savepointHistory": []},
        **(status.get("jobStatus") or {}),
        "jobId": job_id,
        "state": "RECONCILING",
    }
    return {**job, "upgradeSavepointPath": path} if path else job


def _origin(job_id: str, path: str | None, now: datetime) -> dict[str, Any]:
    """Law: no start without a named state."""
    because = "spec.job.initialSavepointPath" if path else "first deployment"
    origin = {"jobId": job_id, "because": because, "kind": "savepoint" if path else "empty"}
    return {**origin, "time": _iso(now), **({"path": path} if path else {})}


def _recorded_spec(spec: Spec, state: JobState) -> str:
    """A first start is recorded as stateless, or as savepoint where one is given."""
    if spec.job is None:
        return reconciled_json(spec, first_deployment=True)
    given = spec.job.initial_savepoint_path
    mode = UpgradeMode.SAVEPOINT if given else UpgradeMode.STATELESS
    job = replace(spec.job, state=state, upgrade_mode=mode)
    return reconciled_json(replace(spec, job=job), first_deployment=True)


def _observed(status: Mapping[str, Any], seen: Seen, told: Told) -> dict[str, Any]:
    resource = seen.resource
    record = recorded(status)
    if resource is None or record.state is Reconciliation.NEVER or told.is_start:
        return dict(status)
    if told.plan.verdict is Verdict.HELD:
        return dict(status)
    ours = jobmanager_of(seen.cluster, resource, record) is JobManager.OURS
    reconciliation = dict(status.get("reconciliationStatus") or {})
    if ours and seen.cluster and seen.cluster.is_complete and record.spec:
        reconciliation = _deployed(reconciliation, record.spec)
    job = _job_status(status, seen, told.now)
    if job.get("state") in ("RUNNING", "FINISHED") and _all_run(seen):
        reconciliation["lastStableSpec"] = reconciliation.get("lastReconciledSpec")
    was_deployed = reconciliation.get("state") == Reconciliation.DEPLOYED.value
    return {
        **status,
        "observedGeneration": resource.generation if was_deployed else record.observed_generation,
        "jobStatus": job,
        "jobManagerDeploymentStatus": _jobmanager_status(seen),
        "reconciliationStatus": reconciliation,
        "clusterInfo": _cluster_info(status, seen.flink, told)
        if _all_run(seen)
        else (status.get("clusterInfo") or {}),
        "taskManager": {
            "labelSelector": f"component=taskmanager,app={resource.name}",
            "replicas": told.taskmanagers,
        },
    }


def _deployed(reconciliation: Mapping[str, Any], spec: Spec) -> dict[str, Any]:
    """Everything of the start is made: the record says deployed and running."""
    if reconciliation.get("state") != Reconciliation.UPGRADING.value or spec.job is None:
        return dict(reconciliation)
    job = replace(spec.job, state=JobState.RUNNING)
    text = reconciled_json(replace(spec, job=job), first_deployment=True)
    return {
        **reconciliation,
        "lastReconciledSpec": text,
        "state": Reconciliation.DEPLOYED.value,
    }


def _all_run(seen: Seen) -> bool:
    return flink_of(seen.flink).value in ("running", "finished")


def _job_status(status: Mapping[str, Any], seen: Seen, now: datetime) -> dict[str, Any]:
    old = dict(status.get("jobStatus") or {})
    job = seen.flink.job if isinstance(seen.flink, FlinkSeen) else None
    if job is None:
        has_ended = old.get("state") in ("FINISHED", "FAILED", "CANCELED")
        return old if has_ended else {**old, "state": "RECONCILING"}
    state = _effective_state(job, all_run=_all_run(seen))
    new = {**old, "jobName": job.name, "jobId": job.id, "state": state}
    if job.started:
        new["startTime"] = str(int(job.started.timestamp() * 1000))
    if old.get("state") != state:
        new["updateTime"] = str(int(now.timestamp() * 1000))
    return new


def _effective_state(job: JobSeen, *, all_run: bool) -> str:
    """The contract: RUNNING while some tasks don't run yet counts as CREATED."""
    return "CREATED" if job.state == "RUNNING" and not all_run else job.state


def _jobmanager_status(seen: Seen) -> str:
    if seen.cluster is None:
        return "MISSING"
    if isinstance(seen.flink, FlinkSeen):
        return "READY"
    if seen.trouble is not None:
        return "ERROR"
    return "DEPLOYED_NOT_READY" if seen.cluster.available > 0 else "DEPLOYING"


def _cluster_info(status: Mapping[str, Any], flink: object, told: Told) -> dict[str, Any]:
    old = dict(status.get("clusterInfo") or {})
    if not isinstance(flink, FlinkSeen):
        return old
    told_by_flink = {"flink-version": flink.version, "flink-revision": flink.revision}
    return {**old, **told_by_flink, **told.size}


def _explained(status: Mapping[str, Any], resource: Resource, told: Told) -> dict[str, Any]:
    """Lifecycle, error, phase and conditions: why it is as it is, by the rule's name."""
    plan = told.plan
    job_state = str((status.get("jobStatus") or {}).get("state") or "RECONCILING")
    new = {key: value for key, value in status.items() if key not in ("error", "phase")}
    if plan.verdict in (Verdict.HELD, Verdict.FAILED):
        new["error"] = _error(plan)
    if plan.verdict in (Verdict.GO, Verdict.WAIT):
        new["phase"] = _phase(new, told)
    new["lifecycleState"] = lifecycle(new)
    new["conditions"] = conditions.after(
        plan,
        status.get("conditions") or (),
        job_state=job_state,
        generation=resource.generation,
        now=told.now,
    )
    return new


def _error(plan: Plan) -> str:
    said = {"type": plan.because, "message": conditions.told(plan), "throwableList": []}
    return json.dumps(said, separators=(",", ":"))


def _phase(status: Mapping[str, Any], told: Told) -> dict[str, Any]:
    removing = told.goal_is_removal
    deadline = None if removing else start_deadline(recorded(status), told.configuration)
    phase = {"name": "removing" if removing else "starting", "rule": told.plan.because}
    return {**phase, **({"deadline": _iso(deadline)} if deadline else {})}


def lifecycle(status: Mapping[str, Any]) -> str:
    """The contract's lifecycle state: the first match wins (section 1.3)."""
    record = recorded(status)
    if record.is_removing:
        return str(status["lifecycleState"])
    if record.state is Reconciliation.NEVER:
        return "FAILED" if status.get("error") else "CREATED"
    if record.state is Reconciliation.UNREADABLE:
        return str(status.get("lifecycleState") or "CREATED")
    if record.state in (Reconciliation.UPGRADING, Reconciliation.ROLLING_BACK):
        return record.state.value
    return _deployed_lifecycle(status, record)


def _deployed_lifecycle(status: Mapping[str, Any], record: Recorded) -> str:
    if record.spec and record.spec.job and record.spec.job.state is JobState.SUSPENDED:
        return "SUSPENDED"
    if (status.get("jobStatus") or {}).get("state") == "FAILED":
        return "FAILED"
    if record.state is Reconciliation.ROLLED_BACK:
        return "ROLLED_BACK"
    return "STABLE" if record.is_stable else "DEPLOYED"


def _iso(time: datetime) -> str:
    return time.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
