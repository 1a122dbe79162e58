# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: turn
short_description: Look at a Flink application and decide the next move
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - One turn of the reconciliation. It reads the custom resource, the Kubernetes objects, the pods and Flink's REST API,
    decides by named rules what is to be done next, and writes that into the resource's status before it is done.
  - It does not make the move. That is what M(flinkops.flink.cluster) and M(flinkops.flink.custom_resource) do; the roles
    C(flinkops.flink.deploy) and C(flinkops.flink.remove) put them together.
  - A running job does not notice a turn.
options:
  goal:
    description:
      - What the turn leads to, V(deploy) to the application running, V(remove) to nothing of it left.
      - Once a turn with V(remove) was told, the resource is in the state C(DELETING) and is not deployed again before
        its removal is done.
    type: str
    choices: [deploy, remove]
    default: deploy
  tell:
    description:
      - Whether to write the plan into the resource's status, and to hold the resource's Lease while doing so.
      - With V(false) it only looks. A move that was not told is not made by M(flinkops.flink.cluster).
    type: bool
    default: true
  state:
    description:
      - With O(goal=remove), what may become of the job's state. With O(goal=deploy) it has no meaning.
      - V(keep) stops a stateful job only when a completed checkpoint of it was seen, which stays in storage.
      - V(drop) stops it even without one, and deletes the HA data of its name.
      - V(force) deletes the cluster without stopping the JobManager first and without waiting for its pods. The job's
        last records since its last checkpoint are processed again by whatever is started from that checkpoint.
    type: str
    choices: [keep, drop, force]
    default: keep
  fail:
    description:
      - Whether the task fails where the plan is a refusal or a failure. With V(false) such a plan is returned.
    type: bool
    default: true
  driver:
    description:
      - Who drives the turn, the name that stands in the resource's Lease. Another driver with a living Lease is not
        disturbed, the turn is held.
      - Empty, it is this host and this run of a playbook. Set it only where several runs are to count as one.
    type: str
    default: ""
  verb:
    description:
      - What a person asks for beside the resource's spec; the annotation C(flinkops.flink/verb) says the same. It has
        no meaning with O(goal=remove).
      - V(rollback) goes back to the version that ran well before, or stays at it where a change is under way.
      - V(retry) tries a version again that failed before, and starts a job again that failed.
      - V(skip-savepoint) does not wait for a savepoint, the job goes on from its last checkpoint.
      - V(restore-from=PATH) starts from the snapshot with that path, V(restore-empty) without state, and
        V(restore-latest) from the HA metadata that a first deployment found.
    type: str
    default: ""
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.turns
  - flinkops.flink.connection
  - flinkops.flink.identity
  - flinkops.flink.source
seealso:
  - module: flinkops.flink.wait
  - module: flinkops.flink.cluster
  - module: flinkops.flink.custom_resource
"""

EXAMPLES = r"""
- name: Show what would be done to deploy an application, without a write
  flinkops.flink.turn:
    src: orders.yaml
    tell: false
    fail: false
  register: plan

- name: Decide the next move and write it into the status
  flinkops.flink.turn:
    name: orders
    namespace: streams
  register: plan

- name: Make the move
  flinkops.flink.cluster:
    name: orders
    namespace: streams
    move: "{{ plan.move }}"
  when: plan.verdict == "go"

- name: See whether the application could be removed with its state kept
  flinkops.flink.turn:
    name: orders
    namespace: streams
    goal: remove
    tell: false
    fail: false
  register: plan
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
verdict:
  description:
    - What the turn came to.
    - V(go), make RV(move) now; V(wait), something is under way; V(settled), what was asked for is so;
      V(held), a rule refuses and nothing was changed; V(failed), it was tried and did not come about.
  returned: success
  type: str
  sample: go
move:
  description: The move to make where RV(verdict) is V(go), for M(flinkops.flink.cluster) or M(flinkops.flink.custom_resource).
  returned: success
  type: str
  sample: make_cluster
because:
  description: Name of the rule that fired. It is also the reason in the resource's condition.
  returned: success
  type: str
  sample: a_new_resource_is_deployed
message:
  description: The same in words.
  returned: success
  type: str
  sample: making a native application cluster for streams/orders
next_step:
  description: What a person can do about it; empty where nothing is to be done.
  returned: success
  type: str
  sample: ""
phase:
  description: What is under way (start, gate, savepoint, cancel, cluster-delete, rollback, deletion); empty if nothing.
  returned: success
  type: str
  sample: start
origin:
  description: For a start, the state that it comes from, by kind, path and the name of the rule that chose it.
  returned: success
  type: dict
  sample: {"kind": "empty", "path": "", "because": "a_first_deployment_starts_empty"}
lifecycle_state:
  description: The lifecycle state as it was in the status when the turn looked.
  returned: success
  type: str
  sample: DEPLOYED
flink_version:
  description: Version that Flink's REST API tells; empty while it is not seen.
  returned: success
  type: str
  sample: 1.20.1
job_id:
  description: Id of the job as Flink tells it; empty while there is none.
  returned: success
  type: str
  sample: 3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11
job_name:
  description: Name of the job as Flink tells it.
  returned: success
  type: str
  sample: orders-per-minute
job_state:
  description: State of the job as Flink tells it.
  returned: success
  type: str
  sample: RUNNING
checkpoints:
  description: How many checkpoints of the job have completed; null while that is not known.
  returned: success
  type: int
  sample: 12
last_checkpoint:
  description: Path of the last completed checkpoint or savepoint that was seen; empty where none was.
  returned: success
  type: str
  sample: file:///flink-state/checkpoints/3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11/chk-12
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: another_driver_holds_the_lease
problems:
  description: Every broken rule by itself, where the resource breaks some; C(msg) holds them all.
  returned: when the resource is invalid
  type: list
  elements: str
  sample: ["spec.job.parallelism: must be 1 or more (found 0). Give a number."]
"""

from ..module_utils.module import run
from ..module_utils.verbs.turn import ARGUMENT_SPEC, RULES, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute, **RULES)


if __name__ == "__main__":
    main()
