# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""act, on a job: take a snapshot, stop it with one, cancel it, dispose of a savepoint.

Each can be done twice. Silence is no failure: what was asked for stands in status under its id,
and the next look says what became of it. What Flink refuses is an error with its reason.
"""

from __future__ import annotations

import time
from collections.abc import Callable
from datetime import timedelta

from ..core.errors import FlinkOpsError
from ..core.trigger import TriggerSeen, TriggerState
from ..flink.client import FlinkClient
from ..flink.errors import FlinkError, NotSeen
from ..flink.operations import CheckpointKind, SavepointFormat, SavepointWanted
from .trigger_look import disposal

PATIENCE = timedelta(seconds=2)
_EVERY = 0.1


class FlinkRefusal(FlinkOpsError):
    """Flink was asked and said no; `reason` names what was asked for."""

    def __init__(self, asked_for: str, error: FlinkError) -> None:
        self.reason = f"flink_refused_the_{asked_for}"
        super().__init__(str(error))


def take_savepoint(
    client: FlinkClient, job_id: str, trigger_id: str, directory: str, form: str
) -> bool:
    """Ask for it; whether Flink was heard to take it."""
    wanted = savepoint_wanted(trigger_id, directory, form)
    return _asked("savepoint", lambda: client.trigger_savepoint(job_id, wanted))


def take_checkpoint(client: FlinkClient, job_id: str, trigger_id: str, form: str) -> bool:
    """Ask for it (Flink 1.17 or later); `form` is FULL, INCREMENTAL or CONFIGURED."""
    known = set(CheckpointKind)
    kind = CheckpointKind(form) if form in known else CheckpointKind.CONFIGURED
    return _asked("checkpoint", lambda: client.trigger_checkpoint(job_id, trigger_id, kind))


def stop_with_savepoint(
    client: FlinkClient, job_id: str, wanted: SavepointWanted, *, drain: bool = False
) -> bool:
    """Ask for it: the job ends once its savepoint is complete. `wanted`: see savepoint_wanted."""
    return _asked("stop", lambda: client.stop(job_id, wanted, drain=drain))


def savepoint_wanted(trigger_id: str, directory: str, form: str) -> SavepointWanted:
    """Of a form that status may hold: anything but NATIVE is canonical."""
    kind = SavepointFormat.NATIVE if form == "NATIVE" else SavepointFormat.CANONICAL
    return SavepointWanted(trigger_id=trigger_id, directory=directory, form=kind)


def cancel(client: FlinkClient, job_id: str) -> bool:
    """Ask for it. A job that is gone, or has ended, is not running: that counts as done."""
    return _asked("cancel", lambda: client.cancel(job_id))


def dispose(client: FlinkClient, path: str, *, patience: timedelta = PATIENCE) -> TriggerSeen:
    """Have Flink delete a savepoint; DONE only where Flink said so, or it was gone before.

    Flink chooses the id of this request, so it is followed here, for as long as such a deletion
    takes; what is still in progress then is simply asked for again.
    """
    trigger: list[str] = []
    if not _asked("disposal", lambda: trigger.append(client.dispose_savepoint(path))):
        return TriggerSeen(state=TriggerState.UNSEEN, why="no answer to the request")
    end = time.monotonic() + patience.total_seconds()
    while True:
        seen = disposal(client, trigger[0])
        if seen.state is not TriggerState.IN_PROGRESS or time.monotonic() >= end:
            return seen
        time.sleep(_EVERY)


def _asked(what: str, ask: Callable[[], object]) -> bool:
    try:
        ask()
    except NotSeen:
        return False
    except FlinkError as error:
        raise FlinkRefusal(what, error) from error
    return True
