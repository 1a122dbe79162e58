# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Where a custom resource is taken from: a file, a dictionary, or a few variables."""

from __future__ import annotations


class ModuleDocFragment:
    """Three ways to give one resource; give one of them, or none where it is stored in the cluster already."""

    DOCUMENTATION = r"""
options:
  src:
    description:
      - Path of a YAML or JSON file that holds the resource.
      - A relative path is looked for where the command was typed, then beside the playbook. The file is always
        read on the controller.
      - Its text is data; what looks like a template in it stays as it is.
      - Use one of O(src), O(definition) and O(application).
    type: path
  document:
    description:
      - Which document of O(src) to take, counted from 0, where the file holds several.
    type: int
    default: 0
  definition:
    description:
      - The whole resource as a dictionary, in the form that C(kubectl apply) takes.
      - Use one of O(src), O(definition) and O(application).
    type: dict
  application:
    description:
      - Plain variables, from which an application cluster's FlinkDeployment is made. Absent ones are left to the
        defaults of Flink and of the resource.
      - C(name) and C(namespace) name the resource; C(image), C(image_pull_policy), C(flink_version),
        C(service_account) say what its pods run.
      - C(jar), C(entry_class), C(args), C(parallelism), C(upgrade_mode), C(initial_savepoint) describe the job.
      - C(jobmanager_cpu), C(jobmanager_memory), C(taskmanager_cpu), C(taskmanager_memory), C(slots) give it room.
      - C(checkpoint_interval) and C(configuration) become Flink's configuration; C(state_folder) is a folder of the
        node for checkpoints, savepoints and HA data, which is fit for a cluster of a single node only.
      - Use one of O(src), O(definition) and O(application).
    type: dict
  defaults:
    description:
      - Flink configuration that applies where the resource itself says nothing, as an operator's default
        configuration does.
      - It is part of what a job is started with. For a job that runs, other defaults change nothing until its next start.
    type: dict
    default: {}
"""
