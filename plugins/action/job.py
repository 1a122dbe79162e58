# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The module job inside Ansible's worker; documented by the module."""

from __future__ import annotations

from ..module_utils.verbs import job
from ..plugin_utils.in_worker import InWorker


class ActionModule(InWorker):
    spec = job.ARGUMENT_SPEC
    rules = job.RULES
    verb = job.execute
