# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""job: one move made on a job through Flink's REST API, as the turn has written it ahead."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.errors import Held
from ..core.plan import Move
from ..core.recorded import Pending, Recorded, recorded
from ..core.snapshot_retention import disposal_failed, dropped, expired
from ..core.stopping import directory_in
from ..core.trigger import TriggerState
from ..core.wanted import Wanted, understood
from ..flink.client import FlinkClient
from ..kube import act_snapshot
from ..kube.api import Api
from ..kube.flink_look import TLS_KEY, flink_client
from ..kube.kinds import FLINK_DEPLOYMENT
from ..kube.tell import tell
from .options import (
    CONNECTION,
    IDENTITY,
    NAMED,
    SOURCE,
    Params,
    Result,
    Rules,
    Spec,
    api_of,
    identity_of,
    texts,
    utc_now,
    wanted_of,
)

MOVES = (
    Move.STOP_JOB,
    Move.CANCEL_JOB,
    Move.TAKE_SAVEPOINT,
    Move.TAKE_CHECKPOINT,
    Move.DISPOSE_SAVEPOINT,
)
ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    **IDENTITY,
    **SOURCE,
    "move": {"type": "str", "choices": [move.value for move in MOVES], "required": True},
}
RULES: Rules = NAMED
DRAIN = "kubernetes.operator.job.drain-on-savepoint-deletion"


def execute(params: Params, check_mode: bool) -> Result:
    return moved(api_of(params), params, check_mode=check_mode)


def moved(api: Api, params: Params, *, check_mode: bool) -> Result:
    """Ask Flink for what the status announces. Silence is no failure: the next look tells."""
    name, namespace = identity_of(params, wanted_of(params))
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    move = Move(params["move"])
    named: Result = {"name": name, "namespace": namespace, "move": move.value}
    if check_mode:
        return {**named, "changed": True, "heard": False}
    if stored is None:
        raise _nothing_announced(move)
    wanted = understood(stored, namespace=namespace, defaults=texts(params.get("defaults")))
    record = recorded(stored.get("status") or {})
    is_tls = wanted.configuration.get(TLS_KEY, "").lower() == "true"
    client = flink_client(api, name=name, namespace=namespace, is_tls=is_tls)
    if move is Move.DISPOSE_SAVEPOINT:
        return {**named, "changed": True, "heard": _disposed(api, client, stored, wanted)}
    return {**named, "changed": True, "heard": _asked(client, move, record, stored, wanted)}


def _disposed(api: Api, client: FlinkClient, stored: Mapping[str, Any], wanted: Wanted) -> bool:
    """The oldest savepoint that has outlived its time; it leaves the status once Flink said so."""
    status, now = stored.get("status") or {}, utc_now()
    job = wanted.deployment.spec.job if wanted.deployment else None
    keep = {job.initial_savepoint_path} if job and job.initial_savepoint_path else set()
    entry = next(iter(expired(status, wanted.configuration, now, keep=keep)), None)
    if entry is None:
        return False
    outcome = act_snapshot.dispose(client, entry.location)
    if outcome.state is TriggerState.DONE:
        tell(api, stored, dropped(status, entry.location))
    elif outcome.state is TriggerState.FAILED:
        tell(api, stored, disposal_failed(status, entry.location, outcome.why, now))
    return outcome.state is not TriggerState.UNSEEN


def _asked(
    client: FlinkClient, move: Move, record: Recorded, stored: Mapping[str, Any], wanted: Wanted
) -> bool:
    if move is Move.CANCEL_JOB:
        if record.phase.name not in ("cancel", "deletion"):
            raise _nothing_announced(move)
        return act_snapshot.cancel(client, record.job_id)
    if move is Move.TAKE_CHECKPOINT:
        pending = _announced(move, record.gate)
        return act_snapshot.take_checkpoint(client, record.job_id, pending.trigger_id, "CONFIGURED")
    pending = _announced(move, record.stop)
    info = ((stored.get("status") or {}).get("jobStatus") or {}).get("savepointInfo") or {}
    form, folder = str(info.get("formatType") or ""), directory_in(wanted.configuration)
    if move is Move.TAKE_SAVEPOINT:
        trigger = pending.trigger_id
        return act_snapshot.take_savepoint(client, record.job_id, trigger, folder, form)
    asked = act_snapshot.savepoint_wanted(pending.trigger_id, folder, form)
    drains = record.is_removing and wanted.configuration.get(DRAIN, "").lower() == "true"
    return act_snapshot.stop_with_savepoint(client, record.job_id, asked, drain=drains)


def _announced(move: Move, pending: Pending | None) -> Pending:
    if pending is None:
        raise _nothing_announced(move)
    return pending


def _nothing_announced(move: Move) -> Held:
    return Held(
        "nothing_was_written_ahead",
        f"The status of this resource announces no {move.value}, so Flink is not asked for it. "
        "Run deploy.yml, whose turn writes the status first.",
    )
