# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How the Kubernetes API server is reached."""

from __future__ import annotations


class ModuleDocFragment:
    """Options that every module which talks to Kubernetes takes."""

    DOCUMENTATION = r"""
options:
  kubeconfig:
    description:
      - Path of a kubeconfig on the host that the task runs on.
      - Without it the file that E(KUBECONFIG) names, else C(~/.kube/config); inside a pod without either, the
        pod's own service account.
    type: path
  context:
    description:
      - Context of the kubeconfig to use; without it the file's current one.
    type: str
requirements:
  - kubernetes >= 31.0
"""
