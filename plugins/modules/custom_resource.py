# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: custom_resource
short_description: Store a FlinkDeployment, or take it away
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Checks a FlinkDeployment by all rules that need no cluster, then stores it by server-side apply.
  - Storing it starts nothing by itself. An operator that serves the resource acts on it; where none does,
    M(flinkops.flink.turn) and M(flinkops.flink.cluster) do, or the role C(flinkops.flink.deploy), which has them all.
options:
  state:
    description:
      - V(present) stores the resource. If a job of it runs, that job goes on until a turn or an operator acts on the change.
      - V(absent) deletes the resource. B(Kubernetes then deletes its cluster, and the job ends without a savepoint); so this
        is refused while it has one, unless a turn has decided its removal. Use the role C(flinkops.flink.remove).
      - V(released) takes this collection's finalizer (the contract's own) off a resource that is being deleted, once a turn
        has decided that nothing else of its removal is left to do.
    type: str
    choices: [present, absent, released]
    default: present
  job_state:
    description:
      - Change nothing but C(spec.job.state) of the stored resource. V(suspended) asks for a job at rest with its state kept,
        V(running) for its going on from there. A turn or an operator then acts on it.
    type: str
    choices: [running, suspended]
  snapshot:
    description:
      - Change nothing but C(spec.job.savepointTriggerNonce), or C(spec.job.checkpointTriggerNonce), of the stored resource,
        which asks for a snapshot now. A turn or an operator then takes it; M(flinkops.flink.snapshot_info) says where it lies.
      - A nonce that nobody has served yet stays as it is, so that asking twice is asking once.
    type: str
    choices: [savepoint, checkpoint]
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.writes
  - flinkops.flink.connection
  - flinkops.flink.identity
  - flinkops.flink.source
seealso:
  - module: flinkops.flink.turn
  - module: flinkops.flink.manifests
"""

EXAMPLES = r"""
- name: Store a resource from a file
  flinkops.flink.custom_resource:
    src: orders.yaml
    namespace: streams

- name: Store a resource made from variables
  flinkops.flink.custom_resource:
    application:
      name: orders
      namespace: streams
      image: flink:1.20
      flink_version: v1_20
      service_account: flink
      jar: local:///opt/flink/examples/streaming/TopSpeedWindowing.jar
      parallelism: 1
      upgrade_mode: stateless
      jobmanager_cpu: 0.5
      jobmanager_memory: 1024m
      taskmanager_cpu: 0.5
      taskmanager_memory: 1536m

- name: Take away a resource that has no cluster
  flinkops.flink.custom_resource:
    name: orders
    namespace: streams
    state: absent
"""

RETURN = r"""
name:
  description: Name of the FlinkDeployment.
  returned: success
  type: str
  sample: orders
namespace:
  description: Namespace of the FlinkDeployment.
  returned: success
  type: str
  sample: streams
diff:
  description: The resource before and after.
  returned: in diff mode, with O(state=present)
  type: list
  elements: dict
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
from ..module_utils.verbs.custom_resource import ARGUMENT_SPEC, RULES, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute, **RULES)


if __name__ == "__main__":
    main()
