# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module objects inside Ansible's worker; documented by the module."""

from __future__ import annotations

from typing import Any

from ..module_utils.verbs import objects
from ..plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    """objects, whose files are read on the controller wherever it runs."""

    spec = objects.ARGUMENT_SPEC
    verb = objects.execute

    def _elsewhere(self, given: dict[str, Any], task_vars: dict[str, Any] | None) -> dict[str, Any]:
        files = [item for src in given.pop("src", []) for item in objects.files(src)]
        given["definitions"] = [*files, *(given.get("definitions") or [])]
        return super()._elsewhere(given, task_vars)
