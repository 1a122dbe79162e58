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
      - V(keep) ends the job as C(spec.job.deletionMode) says, and only when a snapshot of a stateful one is known, which
        stays in storage and is named.
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
  forecast:
    description:
      - Whether to tell the whole plan, not only its first move. It has a meaning where nothing is told (O(tell=false), check
        mode).
      - The same rules decide turn after turn over a cluster that does as it is told. With C(--diff) the plan is shown, and
        the objects that it changes.
      - A word of a person that nothing would come of is refused; an attempt that has failed before is part of the plan
        and does not make the task fail.
    type: bool
    default: false
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.turns
  - flinkops.flink.connection
  - flinkops.flink.identity
  - flinkops.flink.source
  - flinkops.flink.words
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

- name: Show the whole plan of an upgrade (with --diff)
  flinkops.flink.turn:
    src: orders.yaml
    tell: false
    forecast: true

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

- name: See whether the application could be removed with its state kept, and how (with --diff)
  flinkops.flink.turn:
    name: orders
    namespace: streams
    goal: remove
    tell: false
    forecast: true
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
forecast:
  description:
    - The whole plan, where O(forecast=true) asked for it; else empty.
  returned: success
  type: dict
  contains:
    application:
      description: Namespace and name.
      type: str
      sample: streams/orders
    goal:
      description: What it leads to, V(deploy) or V(remove).
      type: str
      sample: deploy
    because:
      description: Name of the rule that begins it.
      type: str
      sample: its_job_is_stopped_with_a_savepoint
    message:
      description: The same in words.
      type: str
      sample: stopping job 3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11 with a savepoint
    mode:
      description:
        - Where the next start gets its state from, V(savepoint), V(last-state), V(stateless), or V(none) without one.
        - Of a removal, how its job is to end, V(savepoint), V(cancel), V(leave), or V(none) where that has no say.
      type: str
      sample: savepoint
    deletion:
      description: Of a removal, the rule that chose the mode, and why; else empty.
      type: dict
      sample: {"because": "a_stateful_job_takes_a_savepoint",
               "message": "stateful without a word, and a directory for savepoints is set"}
    origin:
      description:
        - The state that the next start comes from, by kind, path, the rule that chose it and its words.
        - Of a removal, the state that is kept.
      type: dict
      sample: {"kind": "savepoint", "path": "the savepoint that is still to be taken",
               "because": "its_job_ended_with_a_snapshot",
               "message": "from the last snapshot of the job, which has ended"}
    interruption:
      description: How long the job is away, in words, and the rule that says so.
      type: dict
      sample: {"because": "nothing_changes", "message": "none: nothing changes"}
    steps:
      description: Each move in its order, with its phase and the rule that makes it.
      type: list
      elements: dict
      sample: [{"phase": "savepoint", "move": "stop_job", "because": "its_job_is_stopped_with_a_savepoint"}]
    end:
      description: The verdict and the rule that it leads to when all goes well.
      type: dict
      sample: {"verdict": "settled", "because": "the_job_runs"}
    changes:
      description: Each field of the spec that changes, secrets masked.
      type: list
      elements: str
      sample: ["spec.job.parallelism: 1 -> 2"]
    objects:
      description: Which objects are made, made anew, deleted or patched; of a removal, which are left too.
      type: list
      elements: str
      sample: ["made anew: Deployment/orders, ConfigMap/flink-config-orders"]
diff:
  description: The plan as text, and the objects before and after.
  returned: in diff mode, with O(forecast=true)
  type: list
  elements: dict
verb:
  description: The verb for the next turn of the same run; empty once one that is said once is served.
  returned: success
  type: str
  sample: restore-empty
state:
  description: What was said about the state, by O(state) or by an annotation, for the moves of a removal.
  returned: success
  type: str
  sample: keep
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
