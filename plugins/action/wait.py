# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module wait inside Ansible's worker; documented by the module."""

from __future__ import annotations

from typing import Any

from ansible.utils.display import Display

from ..module_utils.verbs import wait
from ..plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    """wait, with its progress on the screen."""

    spec = wait.ARGUMENT_SPEC
    rules = wait.RULES

    def execute(self, params: dict[str, Any], check_mode: bool) -> dict[str, Any]:
        return wait.execute(params, check_mode, say=_display)


def _display(text: str) -> None:
    Display().display(f"  ... {text}")
