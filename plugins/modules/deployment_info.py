# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: deployment_info
short_description: List Flink applications and their states
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Lists FlinkDeployments with what their status says, as data and as a table that a person reads.
  - It only reads, and as a rule only what was written into the resources. A running job does not notice it.
options:
  name:
    description:
      - Name of the one FlinkDeployment to list; all of them if absent.
    type: str
  namespace:
    description:
      - Namespace to list; all namespaces if absent.
    type: str
  label_selector:
    description:
      - List only resources with these labels, in the form of C(kubectl -l).
    type: str
    default: ""
  report:
    description:
      - Whether to return a page on each application too, with the objects that it is made of and the commands to try next.
      - Flink is asked for its last checkpoint; the job does not notice that.
    type: bool
    default: false
  show:
    description:
      - Whether to print the table, or with O(report=true) the pages, on the screen as they are.
      - Only with the local connection and without C(async); elsewhere they are returned and not printed.
    type: bool
    default: false
  kubectl:
    description:
      - With O(report=true), how the pages call C(kubectl) in the commands that they show.
    type: str
    default: kubectl
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.reads
  - flinkops.flink.connection
seealso:
  - module: flinkops.flink.job_info
  - plugin: flinkops.flink.fleet
    plugin_type: inventory
"""

EXAMPLES = r"""
- name: Show all applications of a namespace
  flinkops.flink.deployment_info:
    namespace: streams
    show: true

- name: Fail where an application is not ready
  flinkops.flink.deployment_info:
    namespace: streams
  register: seen
  failed_when: seen.deployments | rejectattr('ready') | length > 0

- name: Look at one application closely
  flinkops.flink.deployment_info:
    name: orders
    namespace: streams
    report: true

- name: Look at the applications of a team
  flinkops.flink.deployment_info:
    label_selector: team=orders
"""

RETURN = r"""
deployments:
  description: The FlinkDeployments, one entry each.
  returned: success
  type: list
  elements: dict
  contains:
    namespace:
      description: Namespace of the resource.
      type: str
      sample: streams
    name:
      description: Name of the resource.
      type: str
      sample: orders
    lifecycle_state:
      description: Its lifecycle state; V(CREATED) where no turn has looked at it.
      type: str
      sample: STABLE
    job_state:
      description: State of its job as it was seen last; V(-) where there is none.
      type: str
      sample: RUNNING
    flink_version:
      description: Version of Flink that runs, else the one that the resource asks for.
      type: str
      sample: 1.20.1
    since:
      description: Since when it is ready, or is not, in UTC.
      type: str
      sample: "2026-11-21T09:00:00Z"
    remark:
      description: Name of the rule behind that.
      type: str
      sample: the_job_runs
    job_id:
      description: Id of its job; empty where there is none.
      type: str
      sample: 3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11
    message:
      description: The reason in words.
      type: str
      sample: job 3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11 is RUNNING with all 3 tasks
    ready:
      description: Whether it is ready.
      type: bool
      sample: true
report:
  description: A page on each application, as lines of text.
  returned: when O(report=true)
  type: list
  elements: str
table:
  description: The same as lines of text, headings first.
  returned: success
  type: list
  elements: str
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: custom_resource_definition_not_installed
"""

from ..module_utils.module import run
from ..module_utils.verbs.deployment_info import ARGUMENT_SPEC, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute)


if __name__ == "__main__":
    main()
