# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What became of a request that goes by an id: asked of Flink, silence comes back as UNSEEN.

Flink forgets a request after rest.async.store-duration and with its leader; what it took is then
looked for among the job's checkpoints.
"""

from __future__ import annotations

import re
from datetime import datetime

from ..core.trigger import TriggerSeen, TriggerState
from ..flink.checkpoints import Checkpoint, CheckpointStatus
from ..flink.client import FlinkClient
from ..flink.errors import FlinkError, NotFound
from ..flink.operations import (
    CheckpointTaken,
    Disposed,
    InProgress,
    OperationFailed,
    OperationForgotten,
    SavepointAt,
)

_GONE = ("FileNotFoundException", "NoSuchFileException")
_CREATED_AT = re.compile(r"savepoint has been created at: (\S+?),? ")


def savepoint_trigger(
    client: FlinkClient, job_id: str, trigger_id: str, *, since: datetime | None = None
) -> TriggerSeen:
    """Of a savepoint and of a stop. `since`: when it was asked for, to find a forgotten one by."""
    try:
        match client.savepoint_status(job_id, trigger_id):
            case SavepointAt(location=location):
                return TriggerSeen(state=TriggerState.DONE, location=location)
            case OperationFailed() as failed:
                return _failed(failed)
            case InProgress():
                return TriggerSeen(state=TriggerState.IN_PROGRESS)
            case OperationForgotten() as forgotten:
                return _forgotten(client, job_id, since, forgotten, savepoint=True)
    except FlinkError as silent:
        return TriggerSeen(state=TriggerState.UNSEEN, why=str(silent))


def checkpoint_trigger(
    client: FlinkClient, job_id: str, trigger_id: str, *, since: datetime | None = None
) -> TriggerSeen:
    try:
        match client.checkpoint_trigger_status(job_id, trigger_id):
            case CheckpointTaken(checkpoint_id=number):
                return _taken(client, job_id, number)
            case OperationFailed() as failed:
                return _failed(failed)
            case InProgress():
                return TriggerSeen(state=TriggerState.IN_PROGRESS)
            case OperationForgotten() as forgotten:
                return _forgotten(client, job_id, since, forgotten, savepoint=False)
    except FlinkError as silent:
        return TriggerSeen(state=TriggerState.UNSEEN, why=str(silent))


def disposal(client: FlinkClient, trigger_id: str) -> TriggerSeen:
    """A savepoint that is not there any more counts as disposed of."""
    try:
        match client.disposal_status(trigger_id):
            case Disposed():
                return TriggerSeen(state=TriggerState.DONE)
            case OperationFailed() as failed if any(failed.cause.names(kind) for kind in _GONE):
                return TriggerSeen(state=TriggerState.DONE, why=str(failed.cause))
            case OperationFailed() as failed:
                return _failed(failed)
            case InProgress():
                return TriggerSeen(state=TriggerState.IN_PROGRESS)
            case OperationForgotten(because=because):
                return TriggerSeen(state=TriggerState.FORGOTTEN, why=str(because))
    except FlinkError as silent:
        return TriggerSeen(state=TriggerState.UNSEEN, why=str(silent))


def _failed(failed: OperationFailed) -> TriggerSeen:
    """A stop may fail when its savepoint is complete already: its path stands in the reason."""
    why = str(failed.cause)
    made = _CREATED_AT.search(f"{why} ")
    location = made[1] if made else ""
    return TriggerSeen(state=TriggerState.FAILED, location=location, why=why)


def _taken(client: FlinkClient, job_id: str, number: int) -> TriggerSeen:
    """Without a place where the checkpoint is not known any more, or is not known yet."""
    path, is_untold = "", False
    try:
        path = client.checkpoint(job_id, number).external_path
    except NotFound:
        newest = client.checkpoints(job_id).completed
        is_untold = newest is None or newest.checkpoint_id < number
    return TriggerSeen(
        state=TriggerState.DONE, location=path, is_untold=is_untold, checkpoint_id=number
    )


def _forgotten(
    client: FlinkClient,
    job_id: str,
    since: datetime | None,
    forgotten: OperationForgotten,
    *,
    savepoint: bool,
) -> TriggerSeen:
    why = str(forgotten.because)
    try:
        shown = client.checkpoints(job_id) if since else None
    except NotFound:
        shown = None
    latest = (shown.savepoint if savepoint else shown.completed) if shown else None
    if latest is None or since is None or not _is_of(latest, since):
        return TriggerSeen(state=TriggerState.FORGOTTEN, why=why)
    return TriggerSeen(
        state=TriggerState.FORGOTTEN,
        location=latest.external_path,
        checkpoint_id=latest.checkpoint_id,
        why=why,
    )


def _is_of(checkpoint: Checkpoint, since: datetime) -> bool:
    return (
        checkpoint.status is CheckpointStatus.COMPLETED
        and bool(checkpoint.external_path)
        and not checkpoint.discarded
        and checkpoint.triggered is not None
        and checkpoint.triggered >= since
    )
