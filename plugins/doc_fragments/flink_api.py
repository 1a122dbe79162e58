# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How Flink's REST API is reached: by its own URL, or by name through Kubernetes."""

from __future__ import annotations


class ModuleDocFragment:
    """Options of the modules that read from a JobManager. All of them only ask; a running job does not notice."""

    DOCUMENTATION = r"""
options:
  name:
    description:
      - Name of a FlinkDeployment. Its REST API is reached through the proxy of the Kubernetes API server, so that
        neither an ingress nor a port-forward is needed.
      - Either this or O(url) is required. O(url) wins.
    type: str
  namespace:
    description:
      - Namespace of that FlinkDeployment; V(default) if absent.
    type: str
  url:
    description:
      - URL of a JobManager's REST API, for a Flink that is reached without Kubernetes.
      - Credentials do not belong in it; use O(username) and O(password), or O(token).
    type: str
  ca_path:
    description:
      - File with the certificates that O(url)'s own is checked against; without it those of the host.
    type: path
  client_cert:
    description:
      - File with the certificate to show to O(url), where it asks for one.
    type: path
  client_key:
    description:
      - File with the key of O(client_cert).
    type: path
  verify_host:
    description:
      - Whether the certificate of O(url) must be for the host that the URL names.
      - With V(false) it must still lead to one of the trusted certificates.
    type: bool
    default: true
  username:
    description:
      - User for a proxy in front of O(url) that asks for one.
    type: str
  password:
    description:
      - Password of O(username).
    type: str
  token:
    description:
      - Bearer token for a proxy in front of O(url). It wins over O(username).
    type: str
  timeout:
    description:
      - How many seconds to wait for a connection to O(url), and for each answer.
    type: int
    default: 10
requirements:
  - requests >= 2.31
"""
