# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module turn inside Ansible's worker; documented by the module."""

from __future__ import annotations

from typing import Any

from ansible.utils.display import Display

from ..module_utils.verbs import turn
from ..module_utils.verbs.diff import lines_of
from ..plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    """turn, with its forecast on the screen: Ansible shows the diff of what is changed alone."""

    spec = turn.ARGUMENT_SPEC
    rules = turn.RULES

    def execute(self, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
        found = turn.execute(params, check_mode)
        if self._task.diff and found["diff"]:
            Display().display("\n" + "\n".join(lines_of(found["diff"])) + "\n")
        return found
