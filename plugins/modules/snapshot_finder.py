# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_finder
short_description: Find the complete snapshots in the folders of an application
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Lists the folders of checkpoints and savepoints that a FlinkDeployment names, and returns what is complete there, the
    newest first. It is what remains when neither Flink nor its HA metadata nor the resource's status knows a snapshot.
  - As the folders are volumes of the application's pods, a pod lists them. It is made with the image, the service account,
    the volumes and the mounts of the JobManager, it ends by itself within a minute, and it is deleted. Nothing else is
    written, a running job does not notice it.
  - Only folders of a file system (C(file:/)) can be listed so. Others, such as C(s3://), are named in the result and left to
    the tool of that storage.
options:
  timeout:
    description: Seconds to wait for that pod.
    type: int
    default: 120
  show:
    description:
      - Whether to print what was found as a table.
      - Only with the local connection and without C(async); elsewhere it is returned and not printed.
    type: bool
    default: false
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.reads
  - flinkops.flink.connection
  - flinkops.flink.identity
  - flinkops.flink.source
notes:
  - Rights that it uses are C(get) of the FlinkDeployment, C(create), C(get) and C(delete) of pods and C(get) of C(pods/log).
  - In check mode no pod is made, and nothing is found.
  - A folder may be shared by several applications. Only snapshots of jobs that the resource's status tells of count as its
    own; of the others a person has to know whose they are.
seealso:
  - module: flinkops.flink.turn
  - module: flinkops.flink.job_info
"""

EXAMPLES = r"""
- name: Show what lies in the folders of an application
  flinkops.flink.snapshot_finder:
    name: orders
    namespace: shop
    show: true

- name: Find the snapshots of an application whose resource is gone
  flinkops.flink.snapshot_finder:
    src: orders.yaml
    namespace: shop
  register: seen
"""

RETURN = r"""
name:
  description: Name of the FlinkDeployment.
  returned: success
  type: str
  sample: orders
namespace:
  description: Its namespace.
  returned: success
  type: str
  sample: shop
newest:
  description: Path of the newest snapshot of the resource's own jobs; empty where there is none.
  returned: success
  type: str
  sample: file:///flink-state/checkpoints/6f2a3b1c0d9e8f7a6b5c4d3e2f1a0b9c/chk-42
snapshots:
  description: Every complete snapshot, the newest first.
  returned: success
  type: list
  elements: dict
  contains:
    path:
      description: Its path, as a start takes it.
      type: str
      sample: file:///flink-state/checkpoints/6f2a3b1c0d9e8f7a6b5c4d3e2f1a0b9c/chk-42
    kind:
      description: Whether it is a C(checkpoint) or a C(savepoint).
      type: str
      sample: checkpoint
    time:
      description: When it was completed.
      type: str
      sample: "2026-11-21T12:00:00Z"
    job_id:
      description: The job that took it; empty of a savepoint.
      type: str
      sample: 6f2a3b1c0d9e8f7a6b5c4d3e2f1a0b9c
    number:
      description: Flink's number of a checkpoint; 0 of a savepoint.
      type: int
      sample: 42
    own:
      description: Whether the resource's status tells of that job.
      type: bool
      sample: true
not_listed:
  description: Folders of the resource that no pod can list.
  returned: success
  type: list
  elements: str
  sample: []
not_there:
  description: Folders that the pod did not see. They were never written to, or lie on a volume that it does not mount.
  returned: success
  type: list
  elements: str
  sample: []
table:
  description: The same as lines that a person reads.
  returned: success
  type: list
  elements: str
  sample: ["TIME                   KIND         WHOSE   PATH"]
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: no_folder_can_be_listed
"""

from ..module_utils.module import run
from ..module_utils.verbs.snapshot_finder import ARGUMENT_SPEC, RULES, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute, **RULES)


if __name__ == "__main__":
    main()
