# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What went wrong with Kubernetes, translated once.

KubernetesError
├── NoCredentials         no usable kubeconfig and not inside a cluster
├── ApiServerUnreachable  connect failed or timed out: nothing is known of the cluster
├── CredentialsRefused    401: expired or unknown credentials
├── Forbidden             403: RBAC, a quota or an admission policy says no
├── Unserved              404 for a whole kind: its CustomResourceDefinition is not installed
├── NamespaceMissing      404 for the namespace an object was to be made in
├── Conflict              409: somebody else wrote meanwhile, or the name is taken
├── Rejected              400, 422: the object breaks the schema or a rule of it
└── ApiServerBusy         429, 5xx: try again
"""

from __future__ import annotations

import json
from http import HTTPStatus
from typing import Any

from ..core.errors import FlinkOpsError


class KubernetesError(FlinkOpsError):
    reason = "kubernetes_error"


class NoCredentials(KubernetesError):
    reason = "no_kubernetes_credentials"


class ApiServerUnreachable(KubernetesError):
    reason = "api_server_unreachable"


class CredentialsRefused(KubernetesError):
    reason = "kubernetes_credentials_refused"


class Forbidden(KubernetesError):
    reason = "kubernetes_forbids_it"


class Unserved(KubernetesError):
    reason = "custom_resource_definition_not_installed"


class NamespaceMissing(KubernetesError):
    reason = "namespace_not_found"


class Conflict(KubernetesError):
    reason = "kubernetes_conflict"


class Rejected(KubernetesError):
    reason = "kubernetes_rejected_it"


class ApiServerBusy(KubernetesError):
    reason = "api_server_busy"


class Expired(KubernetesError):
    """410: what is asked for lies too far back; list anew."""

    reason = "resource_version_expired"


class Absent(KubernetesError):
    """404 for one object; callers of `get` and `delete` see None and False instead."""

    reason = "object_not_found"


NEXT_STEP = {
    401: (
        CredentialsRefused,
        "Log in again or renew the kubeconfig's token or certificate, then run this again.",
    ),
    403: (Forbidden, "Ask for the right that is named, or use an account that has it."),
    409: (Conflict, "Run this again: it looks anew before it writes."),
    400: (Rejected, "Correct the named field and run this again."),
    422: (Rejected, "Correct the named field and run this again."),
    410: (Expired, "List anew and go on from there."),
    429: (ApiServerBusy, "The API server asks for patience: run this again."),
}


def translated(status: int, body: bytes | str | None, asked: str) -> KubernetesError:
    """The error for an answer outside 2xx. `asked` says what was asked for: verb and path."""
    answer = _status_object(body)
    said = str(answer.get("message") or f"HTTP {status}")
    if status == HTTPStatus.NOT_FOUND:
        return _not_found(answer, said, asked)
    kind, next_step = NEXT_STEP.get(
        status,
        (
            ApiServerBusy if status >= HTTPStatus.INTERNAL_SERVER_ERROR else Rejected,
            "Run this again.",
        ),
    )
    return kind(f"Kubernetes answered {status} to {asked}: {said.rstrip('.')}. {next_step}")


def _not_found(answer: dict[str, Any], said: str, asked: str) -> KubernetesError:
    found = answer.get("details")
    details = found if isinstance(found, dict) else {}
    name = details.get("name")
    if details.get("kind") == "namespaces" and not asked.endswith(f"/namespaces/{name}"):
        return NamespaceMissing(
            f"Kubernetes answered 404 to {asked}: {said}. "
            "Create the namespace, or name one that exists."
        )
    if name:
        return Absent(f"Kubernetes answered 404 to {asked}: {said}.")
    return Unserved(
        f"Kubernetes does not serve {asked}. "
        "Install the custom resource definitions first: ansible-playbook playbooks/install.yml"
    )


def _status_object(body: bytes | str | None) -> dict[str, Any]:
    try:
        answer = json.loads(body or "{}")
    except ValueError:
        return {}
    return answer if isinstance(answer, dict) else {}
