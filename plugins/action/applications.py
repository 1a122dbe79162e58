# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module applications inside Ansible's worker; documented by the module."""

from __future__ import annotations

from ..module_utils.verbs import applications
from ..plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    """applications, which asks no host: it reads the controller's files, always here."""

    spec = applications.ARGUMENT_SPEC
    verb = applications.execute

    def _is_elsewhere(self) -> bool:
        return False
