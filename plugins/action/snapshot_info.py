# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module snapshot_info inside Ansible's worker; documented by the module."""

from __future__ import annotations

from typing import Any

from ansible.utils.display import Display

from ..module_utils.verbs import snapshot_info
from ..plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    """snapshot_info, with its progress and, where `show` asks for it, the path on the screen."""

    spec = snapshot_info.ARGUMENT_SPEC

    def execute(self, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
        found = snapshot_info.execute(params, check_mode, say=_progress)
        if params["show"]:
            Display().display(f"\n{found['message']}\n")
        return found


def _progress(text: str) -> None:
    Display().display(f"  ... {text}")
