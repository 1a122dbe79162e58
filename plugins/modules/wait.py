# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: wait
short_description: Take turns until there is something to do or nothing to wait for
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Looks at a Flink application again and again, writes what it sees into the resource's status, and returns when a move is
    to be made, when what was asked for is so, or when it can't come about.
  - Its progress is shown on the screen, each new step once.
  - It starts and stops nothing. A running job does not notice it.
  - In check mode it looks once and does not wait.
options:
  goal:
    description:
      - What is waited for, V(deploy) for the application to run, V(remove) for nothing of it to be left.
    type: str
    choices: [deploy, remove]
    default: deploy
  state:
    description:
      - With O(goal=remove), what may become of the job's state; the same as in M(flinkops.flink.turn).
    type: str
    choices: [keep, drop, force]
    default: keep
  fail:
    description:
      - Whether the task fails where the end is a refusal or a failure. With V(false) it is returned.
    type: bool
    default: true
  driver:
    description:
      - Who drives the turns, the name that stands in the resource's Lease. Empty, it is this host and this run.
    type: str
    default: ""
  timeout:
    description:
      - How many seconds to wait at the most. The job is left as it is when they are over; run the task again to wait on.
      - A start has a deadline of its own as well (C(kubernetes.operator.deployment.readiness.timeout)); the later of the two
        decides.
    type: int
    default: 300
  checkpoint:
    description:
      - Whether to wait for the job's first completed checkpoint too, from which it can be restored.
      - Nothing is triggered; a job without a checkpoint interval has none, and the task fails after O(timeout).
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
  - module: flinkops.flink.turn
"""

EXAMPLES = r"""
- name: Wait until the job runs and has completed a checkpoint
  flinkops.flink.wait:
    name: orders
    namespace: streams
    checkpoint: true
    timeout: 180
  register: outcome

- name: Wait until nothing of the application is left
  flinkops.flink.wait:
    name: orders
    namespace: streams
    goal: remove
    timeout: 120
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
  sample: settled
move:
  description: The move to make where RV(verdict) is V(go), for M(flinkops.flink.cluster) or M(flinkops.flink.custom_resource).
  returned: success
  type: str
  sample: nothing
because:
  description: Name of the rule that fired. It is also the reason in the resource's condition.
  returned: success
  type: str
  sample: the_job_runs
message:
  description: The same in words.
  returned: success
  type: str
  sample: job 3f7c3d1fd2b24a4f9b1a0b5b5a9b6b11 is RUNNING with all 3 tasks
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
  sample: the_start_took_too_long
problems:
  description: Every broken rule by itself, where the resource breaks some; C(msg) holds them all.
  returned: when the resource is invalid
  type: list
  elements: str
  sample: ["spec.job.parallelism: must be 1 or more (found 0). Give a number."]
"""

from ..module_utils.module import run
from ..module_utils.verbs.wait import ARGUMENT_SPEC, RULES, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute, **RULES)


if __name__ == "__main__":
    main()
