# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The status of a FlinkDeployment, written in the contract's form: ahead of a move, after a look.

Pure: an old status and facts in, a new status out; what this file does not know it keeps. Equal
in and out means that nothing is written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from . import conditions, snapshot_ledger
from .case import Case, Situation, begun
from .deadlines import phase_deadline
from .difference import spec_hash
from .lenient import iso, milliseconds
from .plan import Effect, Move, Phase, Plan, Source, Verdict
from .recorded import PhaseRecorded, Reconciliation, Recorded, recorded
from .removing import CANCELLED_AGAIN
from .restore import metadata_path
from .seen import VERB_ANNOTATION
from .snapshot_case import snapshot_written
from .spec import JobState
from .status_observed import observed
from .status_removal import leaving
from .status_start import Status, cancelling, followed, returned, started, suspended
from .verb import VerbKind, misread

VERB_PATH = f"metadata.annotations.{VERB_ANNOTATION}"
MEMORY = ("failedSpecHash", "failedBecause", "previousStableSpec")
"""Fields of ours that are left out where they say nothing; empty ones of others stay."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """What a status needs beside the case: the plan, fresh ids, and how large the cluster is."""

    plan: Plan
    fresh_job_id: str
    fresh_trigger_id: str = ""
    size: Mapping[str, str]
    """clusterInfo's total-cpu and total-memory, where they are known."""
    taskmanagers: int
    goal_is_removal: bool = False


def next_status(case: Case, told: Told) -> dict[str, Any]:
    """The status after this turn's decision. For resources that exist and are ours to write."""
    resource = case.seen.resource
    if resource is None:
        return {}
    before = dict(resource.status)
    status: Status = before
    plan = told.plan
    if plan.verdict is not Verdict.HELD:
        status = observed(status, case, size=told.size, taskmanagers=told.taskmanagers)
    status = _with_effect(status, case, told)
    if told.goal_is_removal:
        status = leaving(status, plan, case.situation, case.asker.now)
    status = _explained(status, case, told)
    return _quiet(before, status, case)


def _with_effect(status: Status, case: Case, told: Told) -> dict[str, Any]:
    change = EFFECTS.get(told.plan.effect)
    return change(status, case, told) if change else dict(status)


def _start(status: Status, case: Case, told: Told) -> dict[str, Any]:
    new = started(status, case, told.plan, now=case.asker.now, fresh_job_id=told.fresh_job_id)
    origin = told.plan.origin
    if origin is None or origin.source is not Source.LAST_STATE:
        return new
    # A job that fails for good takes its HA metadata with it: what it began from stays known.
    path, now = metadata_path(case), case.asker.now
    return snapshot_ledger.noted(new, kind="checkpoint", path=path, time=now, checkpoint_id=None)


def _suspended(status: Status, case: Case, told: Told) -> dict[str, Any]:
    return suspended(status, case, told.plan, now=case.asker.now)


def _followed(status: Status, case: Case, _told: Told) -> dict[str, Any]:
    if case.wants_stable:
        return returned(status, case.record)
    resource = case.seen.resource
    generation = resource.generation if resource else 0
    return followed(status, case.spec, recorded(status), generation)


def _snapshot(status: Status, case: Case, told: Told) -> dict[str, Any]:
    return dict(snapshot_written(status, case, told.plan.because, told.fresh_trigger_id))


def _stable(status: Status, case: Case, _told: Told) -> dict[str, Any]:
    """It runs well: from here on this is the version to go back to."""
    reconciliation = dict(status.get("reconciliationStatus") or {})
    job = dict(status.get("jobStatus") or {})
    if case.record.gate is not None and job.get("checkpointInfo"):
        job["checkpointInfo"] = _without_request(job["checkpointInfo"])
    if reconciliation.get("state") == Reconciliation.DEPLOYED.value:
        reconciliation["lastStableSpec"] = reconciliation.get("lastReconciledSpec")
    return {**status, "jobStatus": job, "reconciliationStatus": reconciliation}


def _stop_requested(status: Status, case: Case, told: Told) -> dict[str, Any]:
    return _requested(status, case, told, "savepointInfo")


def _gate_requested(status: Status, case: Case, told: Told) -> dict[str, Any]:
    return _requested(status, case, told, "checkpointInfo")


def _requested(status: Status, case: Case, told: Told, where: str) -> dict[str, Any]:
    """Under an id of ours; one that Flink has forgotten is asked for again by the same id."""
    job = dict(status.get("jobStatus") or {})
    info = dict(job.get(where) or {})
    is_again = info.get("triggerId") and info.get("triggerType") == "UPGRADE"
    if not is_again:
        info |= {
            "triggerId": told.fresh_trigger_id,
            "triggerTimestamp": milliseconds(case.asker.now),
            "triggerType": "UPGRADE",
            "formatType": savepoint_form(case) if where == "savepointInfo" else "UNKNOWN",
        }
    return {**status, "jobStatus": {**job, where: info}}


def savepoint_form(case: Case) -> str:
    given = case.configuration.get("kubernetes.operator.savepoint.format.type", "")
    return "NATIVE" if given.strip().upper() == "NATIVE" else "CANONICAL"


def _given_up(status: Status, _case: Case, _told: Told) -> dict[str, Any]:
    job = dict(status.get("jobStatus") or {})
    job["savepointInfo"] = _without_request(job.get("savepointInfo") or {})
    return {**status, "jobStatus": job}


def _cancel_requested(status: Status, case: Case, told: Told) -> dict[str, Any]:
    return cancelling(status, case, told.plan)


def _without_request(info: Status) -> dict[str, Any]:
    gone = ("triggerId", "triggerTimestamp", "triggerType", "formatType")
    return {key: value for key, value in info.items() if key not in gone}


EFFECTS: Mapping[Effect, Callable[[Status, Case, Told], dict[str, Any]]] = {
    Effect.START: _start,
    Effect.SUSPENDED: _suspended,
    Effect.RECORD: _followed,
    Effect.STABLE: _stable,
    Effect.STOP_REQUESTED: _stop_requested,
    Effect.STOP_GIVEN_UP: _given_up,
    Effect.CANCEL_REQUESTED: _cancel_requested,
    Effect.GATE_REQUESTED: _gate_requested,
    Effect.SAVEPOINT_REQUESTED: _snapshot,
    Effect.CHECKPOINT_REQUESTED: _snapshot,
    Effect.SNAPSHOT_ENDED: _snapshot,
}


def _explained(status: Status, case: Case, told: Told) -> dict[str, Any]:
    """Lifecycle, error, phase and conditions: why it is as it is, by the rule's name."""
    plan, resource = told.plan, case.seen.resource
    job_state = str((status.get("jobStatus") or {}).get("state") or "RECONCILING")
    new = {key: value for key, value in status.items() if key not in ("error", "phase", "rule")}
    if plan.verdict in (Verdict.HELD, Verdict.FAILED):
        new["error"] = _error(plan)
        new["rule"] = plan.because
    is_held_in_it = plan.verdict is Verdict.HELD and plan.phase is not None
    if is_held_in_it or plan.verdict in (Verdict.GO, Verdict.WAIT):
        new["phase"] = _phase(new, case, told)
    if case.asks(VerbKind.ROLLBACK) and case.change.restarts and case.spec:
        new["failedSpecHash"] = spec_hash(case.spec)
        new["failedBecause"] = "a person asked for a rollback"
    new = {key: value for key, value in new.items() if value != "" or key not in MEMORY}
    new["lifecycleState"] = lifecycle(new)
    new["conditions"] = conditions.after(
        plan,
        status.get("conditions") or (),
        job_state=job_state,
        generation=resource.generation if resource else 0,
        now=case.asker.now,
    )
    return _with_verb(new, case)


def _with_verb(status: Status, case: Case) -> dict[str, Any]:
    resource = case.seen.resource
    if resource is None:
        return dict(status)
    told = conditions.with_verb(
        status["conditions"],
        misread(resource.verb, at=VERB_PATH),
        generation=resource.generation,
        now=case.asker.now,
    )
    return {**status, "conditions": told}


def _error(plan: Plan) -> str:
    said = {"type": plan.because, "message": conditions.told(plan), "throwableList": []}
    return json.dumps(said, separators=(",", ":"))


def _phase(status: Status, case: Case, told: Told) -> dict[str, Any]:
    plan, now = told.plan, case.asker.now
    record = begun(recorded(status), case.seen.cluster)
    phase = plan.phase or (Phase.DELETION if told.goal_is_removal else Phase.START)
    before = PhaseRecorded() if plan.because == CANCELLED_AGAIN else case.record.phase
    record = replace(record, phase=before)
    since = before.since if before.name == phase.value and before.since else now
    deadline = phase_deadline(phase, record, case.deployed_configuration, now)
    found: dict[str, Any] = {"name": phase.value, "rule": plan.because, "since": iso(since)}
    found |= {"deadline": iso(deadline)} if deadline else {}
    origin = _kept_origin(plan, before if before.name == phase.value else None)
    return {**found, **({"origin": origin} if origin else {})}


def _kept_origin(plan: Plan, before: PhaseRecorded | None) -> dict[str, str]:
    """What was decided while the cluster could still be asked; it goes with the cluster."""
    if plan.origin is not None and plan.move is Move.DELETE_CLUSTER:
        return {"kind": plan.origin.source.value, "path": plan.origin.path}
    return {"kind": before.origin, "path": before.path} if before and before.origin else {}


def _quiet(before: Status, status: Status, case: Case) -> dict[str, Any]:
    """The ledger rides on other writes; alone it is written at most once a minute."""
    job = case.job
    if job is None or job.last_checkpoint is None or case.situation is not Situation.RUNNING:
        return dict(status)
    noted = snapshot_ledger.ledger(status, (job.last_checkpoint,), case.asker.now)
    is_worth = snapshot_ledger.is_worth_a_write(before, noted, case.asker.now)
    return noted if is_worth or dict(status) != dict(before) else dict(status)


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
