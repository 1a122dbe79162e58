# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: job_info
short_description: Look at the jobs of a Flink cluster
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Asks Flink's REST API for one job, or for all that the cluster knows, with their tasks, checkpoints and root exception.
  - It only asks. A running job does not notice it.
options:
  job_id:
    description:
      - Id of the job; all jobs of the cluster if absent. The task fails where Flink does not know it.
    type: str
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.reads
  - flinkops.flink.connection
  - flinkops.flink.flink_api
seealso:
  - module: flinkops.flink.cluster_info
  - module: flinkops.flink.deployment_info
"""

EXAMPLES = r"""
- name: Look at the jobs of an application
  flinkops.flink.job_info:
    name: orders
    namespace: streams
  register: seen

- name: Look at the jobs behind a URL
  flinkops.flink.job_info:
    url: https://flink.example.com/orders
    ca_path: /etc/ssl/example.pem
    token: "{{ flink_token }}"
"""

RETURN = r"""
jobs:
  description: The jobs that Flink knows, ended ones included as long as Flink keeps them.
  returned: success
  type: list
  elements: dict
  contains:
    id:
      description: Id of the job.
      type: str
      sample: 3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11
    name:
      description: Name of the job.
      type: str
      sample: orders-per-minute
    state:
      description: State of the job in Flink's words.
      type: str
      sample: RUNNING
    runs_whole:
      description: Whether the job is RUNNING with every task of it running or finished.
      type: bool
      sample: true
    started:
      description: When it was started, in UTC; empty where that is not known.
      type: str
      sample: "2026-11-21T09:00:00Z"
    ended:
      description: When it ended, in UTC; empty while it goes on.
      type: str
      sample: ""
    tasks:
      description: How many tasks there are in all (C(total)) and in each state.
      type: dict
      sample: {total: 3, running: 3}
    root_exception:
      description: The exception behind the last failure; empty where there was none.
      type: str
      sample: ""
    checkpoints:
      description: Counts of checkpoints; empty where the job has no checkpointing.
      type: dict
      contains:
        completed:
          description: How many have completed.
          type: int
          sample: 12
        failed:
          description: How many have failed.
          type: int
          sample: 0
        in_progress:
          description: How many are under way.
          type: int
          sample: 0
        restored:
          description: How often the job was restored from one.
          type: int
          sample: 0
    last_checkpoint:
      description: The last completed checkpoint or savepoint with a path to restore from; empty where there is none.
      type: dict
      contains:
        id:
          description: Number of the checkpoint.
          type: int
          sample: 12
        path:
          description: Where it lies.
          type: str
          sample: file:///flink-state/checkpoints/3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11/chk-12
        is_savepoint:
          description: Whether it is a savepoint.
          type: bool
          sample: false
        completed:
          description: When it was completed, in UTC.
          type: str
          sample: "2026-11-21T09:10:00Z"
        state_size:
          description: Bytes of state in it.
          type: int
          sample: 4096
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: Unreachable
"""

from ..module_utils.module import run
from ..module_utils.verbs.job_info import ARGUMENT_SPEC, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute)


if __name__ == "__main__":
    main()
