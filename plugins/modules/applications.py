# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: applications
short_description: List the custom resources that files hold, and check them
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Reads files and says which Flink applications are in them, by name, namespace and place, so that a playbook can make a
    host of each.
  - Every resource is checked by all rules that need no cluster, and all that is wrong with any is told at once.
  - It asks no cluster, so no running job can notice it.
options:
  src:
    description:
      - Files with one or more resources each.
    type: list
    elements: path
    default: []
  namespace:
    description:
      - Namespace of the resources that name none.
    type: str
    default: default
  defaults:
    description:
      - Flink configuration that applies where a resource itself says nothing; it is checked together with the resource.
    type: dict
    default: {}
  check:
    description:
      - Whether the task fails where a resource breaks a rule. With V(false) the resources are listed all the same.
    type: bool
    default: true
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.reads
seealso:
  - module: flinkops.flink.custom_resource
"""

EXAMPLES = r"""
- name: List the applications in two files
  flinkops.flink.applications:
    src:
      - orders.yaml
      - payments.yaml
    namespace: streams
  register: found

- name: Make a host of each
  ansible.builtin.add_host:
    name: "{{ item.host }}"
    groups: applications
  loop: "{{ found.applications }}"
  changed_when: false
"""

RETURN = r"""
applications:
  description: The resources in the order of the files and of their documents.
  returned: success
  type: list
  elements: dict
  contains:
    name:
      description: Name of the resource.
      type: str
      sample: orders
    namespace:
      description: Namespace of the resource.
      type: str
      sample: streams
    host:
      description: Name of the host that stands for it, as P(flinkops.flink.fleet#inventory) names it.
      type: str
      sample: orders.streams
    kind:
      description: Kind of the resource.
      type: str
      sample: FlinkDeployment
    warnings:
      description: What is strange in it, but no error, such as fields that nobody knows.
      type: list
      elements: str
    src:
      description: The file that it is in.
      type: str
      sample: orders.yaml
    document:
      description: Which document of that file it is, counted from 0.
      type: int
      sample: 0
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: invalid_resource
problems:
  description: Every broken rule by itself, where the resource breaks some; C(msg) holds them all.
  returned: when the resource is invalid
  type: list
  elements: str
  sample: ["spec.job.parallelism: must be 1 or more (found 0). Give a number."]
"""

from ..module_utils.module import run
from ..module_utils.verbs.applications import ARGUMENT_SPEC, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute)


if __name__ == "__main__":
    main()
