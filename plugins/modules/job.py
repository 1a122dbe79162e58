# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: job
short_description: Ask Flink for one move on a running job
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Makes one move on the job of a FlinkDeployment through Flink's REST API, the one that M(flinkops.flink.turn) decided and
    wrote into the resource's status, under the id that stands there. Asked twice, it is the same request.
  - It waits for nothing. What became of the request is seen by the next M(flinkops.flink.wait).
  - Most people want the role C(flinkops.flink.deploy), which asks for the right move.
options:
  move:
    description:
      - V(stop_job) asks for a stop with a savepoint. B(The job ends) once the savepoint is complete.
      - V(cancel_job) cancels the job. B(The job ends); its retained checkpoints stay.
      - V(take_savepoint) and V(take_checkpoint) ask for a snapshot, and the job goes on.
      - V(dispose_savepoint) has Flink delete the oldest savepoint that has outlived what the resource says of retention.
    type: str
    choices: [stop_job, cancel_job, take_savepoint, take_checkpoint, dispose_savepoint]
    required: true
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.connection
  - flinkops.flink.identity
  - flinkops.flink.source
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    support: none
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
seealso:
  - module: flinkops.flink.turn
  - module: flinkops.flink.wait
"""

EXAMPLES = r"""
- name: Stop the job with the savepoint that the turn has announced in the status
  flinkops.flink.job:
    name: orders
    namespace: streams
    move: stop_job
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
  description: The move that was asked for.
  returned: success
  type: str
  sample: stop_job
heard:
  description: Whether Flink was heard to take the request. Silence is no failure, the next turn asks what became of it.
  returned: success
  type: bool
  sample: true
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
from ..module_utils.verbs.job import ARGUMENT_SPEC, RULES, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute, **RULES)


if __name__ == "__main__":
    main()
