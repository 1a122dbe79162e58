# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: manifests
short_description: Render the objects that a FlinkDeployment becomes, without a cluster
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Gives the Kubernetes objects of a FlinkDeployment's first deployment as YAML text. Ids that only a real start has, such as
    the resource's uid and the job's id, stand as placeholders.
  - It asks no cluster, so no running job can notice it.
  - The text holds the resource's whole Flink configuration; where that holds secrets, so does the text.
options:
  dest:
    description:
      - File to write the text to, on the host that the task runs on. It is only written where it would differ.
    type: path
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.identity
  - flinkops.flink.source
attributes:
  check_mode:
    support: full
    description: Can run in C(check_mode) and return changed status prediction without modifying target.
  diff_mode:
    support: full
    description: Will return details on what has changed (or possibly needs changing in C(check_mode)), when in diff mode.
    details: Values of keys that look like secrets are shown as C(***).
seealso:
  - module: flinkops.flink.cluster
"""

EXAMPLES = r"""
- name: Render a resource
  flinkops.flink.manifests:
    src: orders.yaml
  register: rendered

- name: Keep the objects in a file for review
  flinkops.flink.manifests:
    src: orders.yaml
    namespace: streams
    dest: orders.objects.yaml

- name: Render a resource with a platform's defaults
  flinkops.flink.manifests:
    src: orders.yaml
    defaults:
      restart-strategy.type: exponential-delay
"""

RETURN = r"""
text:
  description: The objects as YAML documents.
  returned: success
  type: str
diff:
  description: The file before and after.
  returned: in diff mode, with O(dest)
  type: dict
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
from ..module_utils.verbs.manifests import ARGUMENT_SPEC, RULES, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute, **RULES)


if __name__ == "__main__":
    main()
