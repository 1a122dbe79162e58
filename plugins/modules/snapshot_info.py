# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: snapshot_info
short_description: Say what became of a savepoint or checkpoint that was asked for
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - A snapshot is asked for in the spec of a FlinkDeployment, by the nonce C(spec.job.savepointTriggerNonce) or
    C(spec.job.checkpointTriggerNonce); the playbook C(snapshot.yml) does it, or anybody who edits the resource.
  - This module tells whether it is complete, and its path, or waits until that is so. It reads the resource's status and,
    where an operator keeps its snapshots as such, the FlinkStateSnapshots beside it; so it does not matter who serves the
    resource.
options:
  name:
    description: Name of the FlinkDeployment.
    type: str
    required: true
  namespace:
    description: Its namespace.
    type: str
    default: default
  kind:
    description: Which snapshot is meant.
    type: str
    choices: [savepoint, checkpoint]
    default: savepoint
  timeout:
    description:
      - Seconds to wait for it. With V(0) it is asked once, and one that is under way is no failure.
    type: int
    default: 0
  show:
    description:
      - Whether to print what became of it.
      - Only with the local connection and without C(async); elsewhere it is returned and not printed.
    type: bool
    default: false
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.reads
  - flinkops.flink.connection
notes:
  - Rights that it uses are C(get) of the FlinkDeployment, and C(list) of FlinkStateSnapshots where it has it.
seealso:
  - module: flinkops.flink.custom_resource
  - module: flinkops.flink.job_info
"""

EXAMPLES = r"""
- name: Ask for a savepoint
  flinkops.flink.custom_resource:
    name: orders
    namespace: shop
    snapshot: savepoint

- name: Wait until whoever serves the resource has taken it
  flinkops.flink.snapshot_info:
    name: orders
    namespace: shop
    timeout: 300
  register: taken

- name: Name its path
  ansible.builtin.debug:
    var: taken.path
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
kind:
  description: Which snapshot was meant.
  returned: success
  type: str
  sample: savepoint
complete:
  description: Whether it is complete.
  returned: success
  type: bool
  sample: true
path:
  description:
    - Where it lies; empty while it is not complete, and where nobody tells the path.
    - Of a checkpoint it is the last one that was noted; a newer one may have taken its place.
  returned: success
  type: str
  sample: file:///flink-state/savepoints/savepoint-3f7c3d-0dd7be6d5a1c
because:
  description: Name of the rule that says what became of it.
  returned: success
  type: str
  sample: the_snapshot_is_complete
message:
  description: The same in words.
  returned: success
  type: str
  sample: "the savepoint of shop/orders is complete: file:///flink-state/savepoints/savepoint-3f7c3d-0dd7be6d5a1c"
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: the_snapshot_failed
"""

from ..module_utils.module import run
from ..module_utils.verbs.snapshot_info import ARGUMENT_SPEC, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute)


if __name__ == "__main__":
    main()
