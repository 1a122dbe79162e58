# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A batch of moves as hosts: identifiers and the defaults; nothing in it is ever a template."""

from __future__ import annotations

DOCUMENTATION = r"""
name: batch
short_description: The applications of one run of the operator, each with the move to make
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Reads a file in JSON that the operator writes for a run; its name ends in C(.batch.json).
  - Each entry becomes the host C(name.namespace) with the variables that the role
    R(flinkops.flink.move,ansible_collections.flinkops.flink.move_role) asks for.
  - Values are handed on as they are, so that what looks like a template in them is none.
options: {}
"""

EXAMPLES = r"""
# orders.batch.json
# {"hosts": [{"name": "orders", "namespace": "shop", "kind": "FlinkDeployment",
#             "goal": "deploy", "move": "make_cluster", "state": "keep", "defaults": {}}]}
"""

import json
import sys
from pathlib import Path
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

from ..module_utils.core.batch import InvalidBatch, member_of


class InventoryModule(BaseInventoryPlugin):
    """Entries in, hosts out."""

    NAME = "flinkops.flink.batch"

    def verify_file(self, path: str) -> bool:
        return path.endswith(".batch.json") and bool(super().verify_file(path))  # type: ignore[no-untyped-call]

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:  # noqa: FBT002
        super().parse(inventory, loader, path, cache)
        try:
            entries = json.loads(Path(path).read_text(encoding="utf-8"))["hosts"]
            members = [member_of(entry) for entry in entries]
        except (OSError, ValueError, KeyError, TypeError, InvalidBatch) as broken:
            raise AnsibleParserError(f"{path} is no batch of moves: {broken!r}") from None
        for member in members:
            inventory.add_host(member.host)
            inventory.set_variable(member.host, "ansible_python_interpreter", sys.executable)
            for name, value in member.variables.items():
                inventory.set_variable(member.host, name, value)
