# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster_info
short_description: Look at a Flink cluster
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Asks Flink's REST API for its version, slots, TaskManagers, and the number of jobs in each state.
  - It only asks. A running job does not notice it.
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.reads
  - flinkops.flink.connection
  - flinkops.flink.flink_api
seealso:
  - module: flinkops.flink.job_info
"""

EXAMPLES = r"""
- name: Look at the cluster of an application
  flinkops.flink.cluster_info:
    name: orders
    namespace: streams
  register: seen

- name: Look at the cluster behind a URL
  flinkops.flink.cluster_info:
    url: http://localhost:8081
    timeout: 3
"""

RETURN = r"""
flink_version:
  description: Version of Flink.
  returned: success
  type: str
  sample: 1.20.1
flink_revision:
  description: Revision that this Flink was built from.
  returned: success
  type: str
  sample: "12345ab @ 2025-01-30T00:00:00+01:00"
slots:
  description: Task slots of all TaskManagers.
  returned: success
  type: dict
  contains:
    total:
      description: How many there are.
      type: int
      sample: 2
    free:
      description: How many are free.
      type: int
      sample: 0
jobs:
  description: How many jobs Flink knows.
  returned: success
  type: dict
  contains:
    running:
      description: Those that run, or are about to.
      type: int
      sample: 1
    finished:
      description: Those that came to their end.
      type: int
      sample: 0
    canceled:
      description: Those that were canceled.
      type: int
      sample: 0
    failed:
      description: Those that failed.
      type: int
      sample: 0
taskmanagers:
  description: The TaskManagers that are registered.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the TaskManager, in native mode the name of its pod.
      type: str
      sample: orders-taskmanager-1-1
    slots:
      description: How many slots it has.
      type: int
      sample: 2
    free:
      description: How many of them are free.
      type: int
      sample: 0
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: Unreachable
"""

from ..module_utils.module import run
from ..module_utils.verbs.cluster_info import ARGUMENT_SPEC, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute)


if __name__ == "__main__":
    main()
