# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: cluster
short_description: Make or remove the cluster of a Flink application, one move at a time
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Makes one move on the Kubernetes objects of a FlinkDeployment, the one that M(flinkops.flink.turn) decided and wrote
    into the resource's status.
  - It waits for nothing; each move returns in about a second. Use M(flinkops.flink.wait) afterwards.
  - A move that was made already changes nothing. An object that does not belong to the resource is never touched.
  - Most people want the roles C(flinkops.flink.deploy) and C(flinkops.flink.remove), which ask for the right move.
options:
  move:
    description:
      - V(make_cluster) makes the JobManager's Deployment, then the objects that belong to it. Where the Deployment is there
        already it is left as it is, so a running job is not restarted. It is refused unless the status announces the start.
      - V(stop_jobmanager) scales the JobManager to zero. B(The job ends without a savepoint); its completed checkpoints and
        its HA data stay.
      - V(delete_cluster) deletes the JobManager's Deployment and with it all objects that belong to it. A job that still runs
        ends without a savepoint. HA data and checkpoints stay.
      - V(kill_pods) ends the pods of a cluster that was deleted without any grace. It is refused unless the status announces
        it, and leaves a cluster alone that is not being deleted.
      - V(patch_objects) brings labels, annotations, the ingress and the log configuration of what runs to the resource's
        spec, then records that spec. No pod is made anew.
      - V(resize_pods) gives pods that were started with more CPU (C(kubernetes.operator.start-boost.cpu-limit)) the CPU of
        the spec, in place. No container restarts.
      - V(delete_ha_data) deletes the ConfigMaps with the HA data of that name. B(Checkpoints can be found from them alone)
        where their paths are not known otherwise.
    type: str
    choices: [make_cluster, stop_jobmanager, delete_cluster, kill_pods, delete_ha_data, patch_objects, resize_pods]
    required: true
  force:
    description:
      - With O(move=delete_cluster), kill the pods at once in place of letting them end. The job gets no chance to close its
        connections and transactions.
    type: bool
    default: false
notes:
  - The moves other than V(make_cluster) trust the caller that the turn allowed them. Called by hand they end the job.
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.connection
  - flinkops.flink.identity
  - flinkops.flink.source
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
    details: For V(make_cluster) the API server is asked for a dry run of every object; the resource need not be stored yet.
  diff_mode:
    support: partial
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    details: For V(make_cluster) and V(patch_objects) the objects are shown, with the values of keys that look like secrets as C(***).
seealso:
  - module: flinkops.flink.turn
  - module: flinkops.flink.wait
"""

EXAMPLES = r"""
- name: Show the objects that a resource would become in this cluster
  flinkops.flink.cluster:
    src: orders.yaml
    move: make_cluster
  check_mode: true
  diff: true

- name: Make the cluster that the turn has announced in the status
  flinkops.flink.cluster:
    name: orders
    namespace: streams
    move: make_cluster

- name: Stop the JobManager, and the job with it
  flinkops.flink.cluster:
    name: orders
    namespace: streams
    move: stop_jobmanager
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
move:
  description: The move that was made.
  returned: success
  type: str
  sample: make_cluster
diff:
  description: Each object before and after.
  returned: in diff mode, with O(move=make_cluster)
  type: list
  elements: dict
reason:
  description: Stable name of the rule or error that made the task fail.
  returned: on failure
  type: str
  sample: nothing_was_written_ahead
problems:
  description: Every broken rule by itself, where the resource breaks some; C(msg) holds them all.
  returned: when the resource is invalid
  type: list
  elements: str
  sample: ["spec.job.parallelism: must be 1 or more (found 0). Give a number."]
"""

from ..module_utils.module import run
from ..module_utils.verbs.cluster import ARGUMENT_SPEC, RULES, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute, **RULES)


if __name__ == "__main__":
    main()
