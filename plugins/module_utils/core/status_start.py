# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a start, a suspension and a followed spec write into the status, ahead of any move.

Law: no start without a named state. The contract's fields are enough to go on from; ours say why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any

from .case import Case, Situation
from .difference import spec_hash
from .dump import reconciled_json
from .lenient import iso, milliseconds
from .plan import Origin, Plan, Source, Which
from .recorded import LAST_STATE_PATH, Reconciliation, Recorded
from .restore import last_path
from .spec import JobState, Spec, UpgradeMode
from .verb import VerbKind
from .words import words_of

MODES = {
    Source.EMPTY: UpgradeMode.STATELESS,
    Source.SAVEPOINT: UpgradeMode.SAVEPOINT,
    Source.LAST_STATE: UpgradeMode.LAST_STATE,
}
BY_THE_SPEC = ("a_first_deployment_has_its_snapshot", "a_first_deployment_starts_empty")
"""First starts whose state the spec names: for the contract they may begin again from the spec."""
LONGEST_REASON = 1000
UNDER_WAY = ("triggerId", "triggerTimestamp", "triggerType", "formatType")
Status = Mapping[str, Any]


def started(
    status: Status, case: Case, plan: Plan, *, now: datetime, fresh_job_id: str
) -> dict[str, Any]:
    """The next start: its spec, its ids, the state that it comes from and who allowed that."""
    origin, resource = plan.origin, case.seen.resource
    if origin is None or resource is None:
        return dict(status)
    keeps_id = origin.source is Source.LAST_STATE and bool(case.record.job_id)
    job_id = case.record.job_id if keeps_id else fresh_job_id
    is_new_spec = plan.which is Which.WANTED
    stands = case.seen.cluster is not None
    generation = resource.generation if is_new_spec else case.record.observed_generation
    return {
        **{key: value for key, value in status.items() if key != "phase"},
        "observedGeneration": generation,
        **({} if stands else {"jobManagerDeploymentStatus": "MISSING"}),
        "jobStatus": _fresh_job(status, job_id, origin, stands=stands),
        "clusterInfo": status.get("clusterInfo") or {},
        "reconciliationStatus": {
            **(status.get("reconciliationStatus") or {}),
            **_specs(case, plan, origin),
            "reconciliationTimestamp": milliseconds(now),
        },
        "startedFrom": _told_origin(origin, job_id, generation, now),
        **_memory(case, plan),
    }


def _fresh_job(status: Status, job_id: str, origin: Origin, *, stands: bool) -> dict[str, Any]:
    """`stands`: the old cluster is still there; the contract goes by its state until it is gone."""
    old = dict(status.get("jobStatus") or {})
    old.pop("upgradeSavepointPath", None)
    job = {
        **old,
        "checkpointInfo": without_request(
            old.get("checkpointInfo") or {"lastPeriodicCheckpointTimestamp": 0}
        ),
        "savepointInfo": without_request(
            old.get("savepointInfo")
            or {"lastPeriodicSavepointTimestamp": 0, "savepointHistory": []}
        ),
        "jobId": job_id,
        "state": str(old.get("state") or "RECONCILING") if stands else "RECONCILING",
    }
    return {**job, "upgradeSavepointPath": origin.path} if origin.path else job


def without_request(info: Status) -> dict[str, Any]:
    """A request of a job that ended is nobody's any more."""
    return {key: value for key, value in info.items() if key not in UNDER_WAY}


def _specs(case: Case, plan: Plan, origin: Origin) -> dict[str, Any]:
    record = case.record
    if plan.is_rollback:
        stable = record.previous_text if plan.which is Which.PREVIOUS else record.stable_text
        left = as_text(record.spec, JobState.RUNNING, MODES[origin.source], is_first=False)
        # The contract keeps the version that is left, and how the start that takes it back is done.
        return {
            "lastReconciledSpec": left,
            "lastStableSpec": stable,
            "state": Reconciliation.ROLLING_BACK.value,
        }
    spec = record.spec if plan.which is Which.RECORDED else case.spec
    is_first = origin.because in BY_THE_SPEC and (
        case.situation is Situation.NEW
        or (case.situation is Situation.STARTING and record.is_first)
    )
    spec = with_served_nonces(spec, record.spec)
    text = as_text(spec, JobState.SUSPENDED, MODES[origin.source], is_first=is_first)
    return {"lastReconciledSpec": text, "state": Reconciliation.UPGRADING.value}


def with_served_nonces(spec: Spec | None, served: Spec | None) -> Spec | None:
    """A snapshot that was asked for meanwhile is still to be taken: its nonce is not served."""
    if spec is None or served is None or spec.job is None or served.job is None:
        return spec
    job = replace(
        spec.job,
        savepoint_trigger_nonce=served.job.savepoint_trigger_nonce,
        checkpoint_trigger_nonce=served.job.checkpoint_trigger_nonce,
    )
    return replace(spec, job=job)


def as_text(spec: Spec | None, state: JobState, mode: UpgradeMode, *, is_first: bool) -> str | None:
    if spec is None:
        return None
    if spec.job is not None:
        spec = replace(spec, job=replace(spec.job, state=state, upgrade_mode=mode))
    return reconciled_json(spec, first_deployment=is_first)


def _told_origin(origin: Origin, job_id: str, generation: int, now: datetime) -> dict[str, Any]:
    told = {
        "jobId": job_id,
        "because": origin.because,
        "kind": origin.source.value,
        "generation": generation,
        "time": iso(now),
    }
    path = origin.path if origin.path != LAST_STATE_PATH else ""
    return {**told, **({"path": path} if path else {})}


def _memory(case: Case, plan: Plan) -> dict[str, Any]:
    """What was stable before, and what failed: additional fields, which may be lost."""
    record = case.record
    if plan.is_rollback:
        failed = spec_hash(record.spec) if record.spec else ""
        because = words_of(case, "")["why"][:LONGEST_REASON]
        return {"failedSpecHash": failed, "failedBecause": because, "previousStableSpec": ""}
    if plan.which is not Which.WANTED:
        return {}
    memory: dict[str, Any] = {}
    if record.is_stable and case.change.restarts:
        memory["previousStableSpec"] = record.stable_text
    if case.asks(VerbKind.RETRY):
        memory |= {"failedSpecHash": "", "failedBecause": ""}
    return memory


def cancelling(status: Status, case: Case, plan: Plan) -> dict[str, Any]:
    """Ahead of a cancellation: whoever goes on then takes the job's last snapshot."""
    origin, record = plan.origin, case.record
    if origin is None or record.spec is None:
        return dict(status)
    is_empty = origin.source is Source.EMPTY
    mode = UpgradeMode.STATELESS if is_empty else UpgradeMode.SAVEPOINT
    text = as_text(record.spec, JobState.RUNNING, mode, is_first=False)
    reconciliation = {**(status.get("reconciliationStatus") or {}), "lastReconciledSpec": text}
    if record.is_stable:
        reconciliation["lastStableSpec"] = text
    job = dict(status.get("jobStatus") or {})
    path = origin.path if origin.source is Source.SAVEPOINT else last_path(case)
    job |= {"upgradeSavepointPath": path} if path and not is_empty else {}
    job["savepointInfo"] = without_request(job.get("savepointInfo") or {})
    return {**status, "jobStatus": job, "reconciliationStatus": reconciliation}


def suspended(status: Status, case: Case, plan: Plan, *, now: datetime) -> dict[str, Any]:
    """At rest, as it was asked for. A suspended spec counts as stable at once."""
    resource, record, origin = case.seen.resource, case.record, plan.origin
    if resource is None or case.spec is None:
        return dict(status)
    mode = MODES[origin.source] if origin else record.restore_mode
    spec = with_served_nonces(case.spec, record.spec)
    text = as_text(spec, JobState.SUSPENDED, mode, is_first=False)
    job = dict(status.get("jobStatus") or {})
    state = job.get("state") if record.has_ended else "FINISHED"
    job = {
        **job,
        "savepointInfo": without_request(job.get("savepointInfo") or {}),
        "checkpointInfo": without_request(job.get("checkpointInfo") or {}),
        "state": state or "FINISHED",
    }
    if origin is not None:
        job.pop("upgradeSavepointPath", None)
        job |= {"upgradeSavepointPath": origin.path} if origin.path else {}
    return {
        **status,
        "observedGeneration": resource.generation,
        "jobStatus": job,
        "reconciliationStatus": {
            **(status.get("reconciliationStatus") or {}),
            "lastReconciledSpec": text,
            "lastStableSpec": text,
            "reconciliationTimestamp": milliseconds(now),
            "state": Reconciliation.DEPLOYED.value,
        },
        "taskManager": {"labelSelector": "", "replicas": 0},
        "failedSpecHash": "",
        "failedBecause": "",
        **({"previousStableSpec": record.stable_text} if record.is_stable else {}),
    }


def followed(
    status: Status, spec: Spec | None, record: Recorded, generation: int
) -> dict[str, Any]:
    """The record follows a spec that asks for no start."""
    if record.spec is None or record.spec.job is None:
        return dict(status)
    spec = with_served_nonces(spec, record.spec)
    state = record.spec.job.state
    text = as_text(spec, state, record.restore_mode, is_first=record.is_first)
    reconciliation = {**(status.get("reconciliationStatus") or {}), "lastReconciledSpec": text}
    if record.is_stable:
        reconciliation["lastStableSpec"] = text
    return {
        **status,
        "observedGeneration": generation,
        "reconciliationStatus": reconciliation,
    }


def returned(status: Status, record: Recorded) -> dict[str, Any]:
    """After a rollback the stable spec is wanted again: it is the recorded one from here on."""
    text = as_text(record.stable, JobState.RUNNING, record.restore_mode, is_first=False)
    reconciliation = {
        **(status.get("reconciliationStatus") or {}),
        "lastReconciledSpec": text,
        "lastStableSpec": text,
        "state": Reconciliation.DEPLOYED.value,
    }
    return {**status, "reconciliationStatus": reconciliation}
