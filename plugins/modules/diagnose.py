# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

from __future__ import annotations

DOCUMENTATION = r"""
module: diagnose
short_description: Say why a Flink application does not run
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
description:
  - Looks at a FlinkDeployment, at the objects and pods of its cluster, their events and last lines of log, and at Flink's
    REST API, and says on one screen why its job does not run and what to do about it; or that all is well.
  - Each finding has the name of a rule, what is the case, where that was seen, and the next step; the most telling comes
    first.
  - It only reads. It works where Flink is dead, where the resource is absent, and where some rights are missing; what it
    could not see is told.
options:
  name:
    description:
      - Name of the FlinkDeployment.
    type: str
    required: true
  namespace:
    description:
      - Its namespace.
    type: str
    default: default
  show:
    description:
      - Whether to print the page on the screen as it is.
      - Only with the local connection and without C(async); elsewhere it is returned and not printed.
    type: bool
    default: false
extends_documentation_fragment:
  - flinkops.flink.attributes
  - flinkops.flink.attributes.reads
  - flinkops.flink.connection
notes:
  - Rights that it uses where it has them are C(get) of the FlinkDeployment, its Deployment, service account, namespace and
    Lease, C(list) of pods, ConfigMaps and events, C(get) of C(pods/log) and C(services/proxy), C(create) of
    C(subjectaccessreviews).
seealso:
  - module: flinkops.flink.deployment_info
  - module: flinkops.flink.job_info
"""

EXAMPLES = r"""
- name: Show why an application does not run
  flinkops.flink.diagnose:
    name: orders
    namespace: shop
    show: true

- name: Fail with the reason where it is not well
  flinkops.flink.diagnose:
    name: orders
    namespace: shop
  register: found
  failed_when: not found.well
"""

RETURN = r"""
because:
  description: Name of the most telling rule.
  returned: success
  type: str
  sample: its_image_can_not_be_pulled
runs:
  description: Whether all tasks of its job run just now.
  returned: success
  type: bool
  sample: false
well:
  description: Whether it is as it should be; it runs, or rightly does not.
  returned: success
  type: bool
  sample: false
findings:
  description: What was found, the most telling first.
  returned: success
  type: list
  elements: dict
  contains:
    rule:
      description: Name of the rule.
      type: str
      sample: its_image_can_not_be_pulled
    weight:
      description:
        - V(stops) where it keeps the job from running, V(warns) where the job may run all the same, V(passes) where
          it takes its time, V(explains) where it is right so.
      type: str
      sample: stops
    what:
      description: What is the case, in a sentence. Secrets are masked.
      type: str
      sample: "the node can't pull the image shop/orders:2: not found"
    evidence:
      description: The object or answer in which it was seen.
      type: str
      sample: Pod/orders-5d9c7d9f6b-x2x7k, container flink-main-container, ImagePullBackOff
    next_step:
      description: What to do.
      type: str
      sample: Correct spec.image or its pull secret, and apply the resource again.
unseen:
  description: What could not be seen, and why.
  returned: success
  type: list
  elements: str
  sample: [events (not allowed)]
page:
  description: The same for a person, at most 30 lines of at most 120 columns.
  returned: success
  type: list
  elements: str
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
reason:
  description: Stable name of the error that made the task fail.
  returned: on failure
  type: str
  sample: custom_resource_definition_not_installed
"""

from ..module_utils.module import run
from ..module_utils.verbs.diagnose import ARGUMENT_SPEC, execute


def main() -> None:
    run(ARGUMENT_SPEC, execute)


if __name__ == "__main__":
    main()
