# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module snapshot_finder inside Ansible's worker; documented by the module."""

from __future__ import annotations

from typing import Any

from ansible.utils.display import Display

from ..module_utils.verbs import snapshot_finder
from ..plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    """snapshot_finder, with its table on the screen where `show` asks for it."""

    spec = snapshot_finder.ARGUMENT_SPEC
    rules = snapshot_finder.RULES

    def execute(self, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
        found = snapshot_finder.execute(params, check_mode)
        if params["show"]:
            Display().display("\n" + "\n".join(found["table"]) + "\n")
        return found
