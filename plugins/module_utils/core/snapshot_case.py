# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What the snapshot table asks of a case: the application that runs well."""

from __future__ import annotations

from .case import Case
from .snapshot_rules import RULES, Job
from .snapshot_status import Kind, Trigger, cleared, pending_checkpoint
from .snapshots import Look, written
from .status_start import Status


def snapshot_look(case: Case, key: str) -> Look | None:
    """None where nothing runs that a snapshot could be taken of."""
    resource, job = case.seen.resource, case.job
    if resource is None or case.spec is None or job is None:
        return None
    return Look(
        key=key,
        status=_without_the_gate(resource.status),
        spec=case.spec,
        configuration=case.deployed_configuration,
        job=Job.RUNNING,
        now=case.asker.now,
        created=resource.created,
        savepoint=job.savepoint_trigger,
        checkpoint=job.checkpoint_trigger,
    )


def _without_the_gate(status: Status) -> Status:
    """The first checkpoint of a start is the gate's, not one that anybody asked for."""
    pending = pending_checkpoint(status)
    is_gate = pending is not None and pending.trigger_type is Trigger.UPGRADE
    return cleared(status, Kind.CHECKPOINT) if is_gate else status


def snapshot_written(status: Status, case: Case, because: str, fresh_id: str) -> Status:
    """The status that goes with the snapshot table's rule of that name."""
    resource = case.seen.resource
    look = snapshot_look(case, f"{resource.namespace}/{resource.name}" if resource else "")
    rule = next((rule for rule in RULES if rule.name == because), None)
    if look is None or rule is None:
        return status
    changed = written(look, rule, fresh_id)
    kept = {k: v for k, v in status.items() if k in changed or k not in look.status}
    return {**kept, **{k: v for k, v in changed.items() if v != look.status.get(k)}}
