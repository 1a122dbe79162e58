# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""cluster_info: a JobManager and its TaskManagers as Flink's REST API tells them."""

from __future__ import annotations

from .flink_access import FLINK, client_of
from .options import Params, Result, Spec

ARGUMENT_SPEC: Spec = dict(FLINK)


def execute(params: Params, _check_mode: bool) -> Result:
    client = client_of(params)
    info, overview = client.cluster_info(), client.cluster_overview()
    managers = client.task_managers()
    return {
        "changed": False,
        "flink_version": info.version_text,
        "flink_revision": info.revision,
        "slots": {"total": overview.slots_total, "free": overview.slots_free},
        "jobs": {
            "running": overview.running,
            "finished": overview.finished,
            "canceled": overview.cancelled,
            "failed": overview.failed,
        },
        "taskmanagers": [
            {"id": manager.task_manager_id, "slots": manager.slots, "free": manager.free_slots}
            for manager in managers
        ],
    }
