# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: objects
short_description: Make or remove the plain Kubernetes objects that Flink applications need
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Applies custom resource definitions, namespaces, service accounts, roles and the like by server-side apply, in the
    order in which they are given; an object that is as it should be is not written.
  - Only kinds that this collection itself installs are taken.
  - No running job is restarted by it. What a job may do changes with the rights of its service account.
options:
  src:
    description:
      - Files, or folders whose C(*.yaml) files are taken in the order of their names. A file may hold several documents.
    type: list
    elements: path
    default: []
  definitions:
    description:
      - Objects as dictionaries. They come after those of O(src).
    type: list
    elements: dict
    default: []
  state:
    description:
      - V(present) makes the objects, and puts right what differs.
      - V(absent) deletes them in the reverse order. B(With a definition of a custom resource go all resources of that kind,
        with their clusters and jobs; with a namespace goes all that is in it.) Without their role, running JobManagers can't
        start TaskManagers any more.
    type: str
    choices: [present, absent]
    default: present
  wait:
    description:
      - With O(state=absent), whether to return only when the objects are gone.
    type: bool
    default: false
  timeout:
    description:
      - How many seconds to wait for that at the most. Objects that are still there then go on being deleted.
    type: int
    default: 120
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.writes
  - flinkops.flink.connection
"""

EXAMPLES = r"""
- name: Make a namespace and a service account in it
  flinkops.flink.objects:
    definitions:
      - apiVersion: v1
        kind: Namespace
        metadata:
          name: streams
      - apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: flink
          namespace: streams

- name: Take the service account away again
  flinkops.flink.objects:
    state: absent
    wait: true
    definitions:
      - apiVersion: v1
        kind: ServiceAccount
        metadata:
          name: flink
          namespace: streams
"""

RETURN = r"""
objects:
  description: The objects that were changed, or would be in check mode, as kind/name.
  returned: success
  type: list
  elements: str
  sample: [Namespace/streams, ServiceAccount/flink]
diff:
  description: Each of these objects before and after.
  returned: in diff mode
  type: list
  elements: dict
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: kubernetes_forbids_it
problems:
  description: Every broken rule by itself, where the resource breaks some; C(msg) holds them all.
  returned: when the resource is invalid
  type: list
  elements: str
  sample: ["spec.job.parallelism: must be 1 or more (found 0). Give a number."]
"""

from ..module_utils.module import run
from ..module_utils.verbs.objects import ARGUMENT_SPEC, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute)


if __name__ == "__main__":
    main()
