# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The kinds this collection reads and writes, and where the API server keeps them.

A table instead of discovery: no request is spent on it, and a kind that is not in it can't be
touched by mistake.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote


@dataclass(frozen=True, slots=True)
class Kind:
    api_version: str
    kind: str
    plural: str
    namespaced: bool = True

    def path(self, name: str = "", namespace: str = "", subresource: str = "") -> str:
        root = "api" if "/" not in self.api_version else "apis"
        parts = [root, self.api_version]
        if self.namespaced and namespace:
            parts += ["namespaces", quote(namespace, safe="")]
        parts.append(self.plural)
        parts += [quote(part, safe="") for part in (name, subresource) if part]
        return "/" + "/".join(parts)


FLINK_DEPLOYMENT = Kind("flink.apache.org/v1beta1", "FlinkDeployment", "flinkdeployments")
FLINK_SESSION_JOB = Kind("flink.apache.org/v1beta1", "FlinkSessionJob", "flinksessionjobs")
FLINK_STATE_SNAPSHOT = Kind("flink.apache.org/v1beta1", "FlinkStateSnapshot", "flinkstatesnapshots")
DEPLOYMENT = Kind("apps/v1", "Deployment", "deployments")
REPLICA_SET = Kind("apps/v1", "ReplicaSet", "replicasets")
POD = Kind("v1", "Pod", "pods")
SERVICE = Kind("v1", "Service", "services")
CONFIG_MAP = Kind("v1", "ConfigMap", "configmaps")
SERVICE_ACCOUNT = Kind("v1", "ServiceAccount", "serviceaccounts")
EVENT = Kind("v1", "Event", "events")
NAMESPACE = Kind("v1", "Namespace", "namespaces", namespaced=False)
RESOURCE_QUOTA = Kind("v1", "ResourceQuota", "resourcequotas")
INGRESS = Kind("networking.k8s.io/v1", "Ingress", "ingresses")
LEASE = Kind("coordination.k8s.io/v1", "Lease", "leases")
CRD = Kind(
    "apiextensions.k8s.io/v1",
    "CustomResourceDefinition",
    "customresourcedefinitions",
    namespaced=False,
)

KINDS = (
    FLINK_DEPLOYMENT,
    FLINK_SESSION_JOB,
    FLINK_STATE_SNAPSHOT,
    Kind("flink.apache.org/v1beta1", "FlinkBlueGreenDeployment", "flinkbluegreendeployments"),
    DEPLOYMENT,
    REPLICA_SET,
    POD,
    SERVICE,
    CONFIG_MAP,
    SERVICE_ACCOUNT,
    EVENT,
    NAMESPACE,
    RESOURCE_QUOTA,
    INGRESS,
    LEASE,
    CRD,
    Kind("v1", "Secret", "secrets"),
    Kind("v1", "PersistentVolumeClaim", "persistentvolumeclaims"),
    Kind("v1", "PersistentVolume", "persistentvolumes", namespaced=False),
    Kind("storage.k8s.io/v1", "StorageClass", "storageclasses", namespaced=False),
    Kind("rbac.authorization.k8s.io/v1", "Role", "roles"),
    Kind("rbac.authorization.k8s.io/v1", "RoleBinding", "rolebindings"),
    Kind("rbac.authorization.k8s.io/v1", "ClusterRole", "clusterroles", namespaced=False),
    Kind(
        "rbac.authorization.k8s.io/v1",
        "ClusterRoleBinding",
        "clusterrolebindings",
        namespaced=False,
    ),
    Kind(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicy",
        "validatingadmissionpolicies",
        namespaced=False,
    ),
    Kind(
        "admissionregistration.k8s.io/v1",
        "ValidatingAdmissionPolicyBinding",
        "validatingadmissionpolicybindings",
        namespaced=False,
    ),
)
BY_NAME = {(kind.api_version, kind.kind): kind for kind in KINDS}


def kind_of(definition: Mapping[str, Any]) -> Kind | None:
    """The row of the table for an object, or None where we don't know its kind."""
    return BY_NAME.get((str(definition.get("apiVersion")), str(definition.get("kind"))))
