# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module deployment_info inside Ansible's worker; documented by the module."""

from __future__ import annotations

from typing import Any

from ansible.utils.display import Display

from ..module_utils.verbs import deployment_info
from ..plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    """deployment_info, with its table or report on the screen where `show` asks for it."""

    spec = deployment_info.ARGUMENT_SPEC

    def execute(self, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
        found = deployment_info.execute(params, check_mode)
        if params["show"]:
            Display().display("\n" + "\n".join(found.get("report") or found["table"]) + "\n")
        return found
