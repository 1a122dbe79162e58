# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The fleet: custom resources as hosts. Sets identifiers only; user text is never a template."""

from __future__ import annotations

DOCUMENTATION = r"""
name: fleet
short_description: Flink applications on Kubernetes as inventory hosts
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Lists FlinkDeployments and FlinkSessionJobs of a cluster as hosts, so that C(--limit), C(serial)
    and C(--check) work for a fleet of Flink applications as they do for machines.
  - A FlinkDeployment is the host C(name.namespace), a FlinkSessionJob C(name.namespace.job).
  - Hosts are grouped by namespace (C(namespace_x)), kind (C(kind_flinkdeployment)), lifecycle state
    (C(state_stable)), Flink version (C(version_v1_20)), label (C(label_team_a)) and by who serves
    them (C(operator_flinkops), C(operator_other), C(operator_none)).
  - Only identifiers become host variables; nothing that a user wrote into a resource does.
options:
  plugin:
    description: Marks the file as this plugin's.
    type: str
    required: true
    choices: [flinkops.flink.fleet]
  kubeconfig:
    description: Path of a kubeconfig; without it E(KUBECONFIG), its default, or the pod's account.
    type: path
  context:
    description: Context of the kubeconfig.
    type: str
  namespaces:
    description: Namespaces to list; all of them where empty.
    type: list
    elements: str
    default: []
  label_selector:
    description: List only resources with these labels, in the form of C(kubectl -l).
    type: str
    default: ""
"""

EXAMPLES = r"""
# fleet.flink.yml
plugin: flinkops.flink.fleet
namespaces: [orders, payments]
label_selector: team=streams
"""

import sys
from collections.abc import Iterator, Mapping
from typing import Any

from ansible.errors import AnsibleParserError
from ansible.plugins.inventory import BaseInventoryPlugin

from ..module_utils.core.errors import FlinkOpsError
from ..module_utils.core.fleet import Member, member_of
from ..module_utils.kube.api import Access, Api, connect
from ..module_utils.kube.kinds import FLINK_DEPLOYMENT, FLINK_SESSION_JOB, LEASE
from ..module_utils.kube.lease import lease_name

ALWAYS = ("kind_flinkdeployment", "kind_flinksessionjob")
"""An empty fleet has them too, one that could not be read has not: playbooks ask for that."""


class InventoryModule(BaseInventoryPlugin):
    """Resources in, hosts and groups out."""

    NAME = "flinkops.flink.fleet"

    def verify_file(self, path: str) -> bool:
        named = path.endswith((".flink.yml", ".flink.yaml"))
        return named and bool(super().verify_file(path))  # type: ignore[no-untyped-call]

    def parse(self, inventory: Any, loader: Any, path: str, cache: bool = True) -> None:  # noqa: FBT002
        super().parse(inventory, loader, path, cache)
        self._read_config_data(path)  # type: ignore[no-untyped-call]
        options: dict[str, Any] = self.get_options()  # type: ignore[no-untyped-call]
        access = Access(kubeconfig=options["kubeconfig"], context=options["context"])
        try:
            for member in _members(connect(access), options):
                _add(inventory, member)
        except FlinkOpsError as error:
            # Without its cause, whose traceback and headers Ansible would print as well.
            raise AnsibleParserError(f"{path}: {error}") from None
        for group in ALWAYS:
            inventory.add_group(group)


def _members(api: Api, options: dict[str, Any]) -> Iterator[Member]:
    for namespace in options["namespaces"] or [""]:
        leases = {
            (str(item["metadata"]["namespace"]), str(item["metadata"]["name"]))
            for item in api.list(LEASE, namespace, labels="app.kubernetes.io/managed-by=flinkops")
        }
        for kind in (FLINK_DEPLOYMENT, FLINK_SESSION_JOB):
            for item in api.list(kind, namespace, labels=options["label_selector"]):
                yield member_of(item, is_ours=_claim(item) in leases)


def _add(inventory: Any, member: Member) -> None:
    inventory.add_host(member.host)
    # What a module runs with where the worker is the wrong place: this very Python.
    inventory.set_variable(member.host, "ansible_python_interpreter", sys.executable)
    for name, value in member.variables.items():
        inventory.set_variable(member.host, name, value)
    for group in member.groups:
        inventory.add_group(group)
        inventory.add_child(group, member.host)


def _claim(item: Mapping[str, Any]) -> tuple[str, str]:
    metadata = item["metadata"]
    return str(metadata["namespace"]), lease_name(str(metadata["name"]))
