# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The Ingress in front of a cluster's REST, made from a template of its address."""

from __future__ import annotations

import re
from typing import Any

from .. import options
from ..spec import Ingress
from .cluster import Cluster

_NAME = re.compile(r"\{\{name\}\}", re.IGNORECASE)
_NAMESPACE = re.compile(r"\{\{namespace\}\}", re.IGNORECASE)
_SCHEME = re.compile(r"https?://", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:[^@/?#]*@)?(\[[^\]]*\]|[^:/?#]*)(?::\d*)?([^?#]*)")


def ingress(cluster: Cluster, wanted: Ingress) -> dict[str, Any]:
    host, path = _address(wanted.template or "", cluster)
    rule: dict[str, Any] = {"host": host} if host else {}
    rule["http"] = {"paths": [_path(cluster, path)]}
    spec: dict[str, Any] = {"rules": [rule]}
    if wanted.class_name is not None:
        spec["ingressClassName"] = wanted.class_name
    if wanted.tls:
        spec["tls"] = [dict(entry) for entry in wanted.tls]
    return {
        "apiVersion": "networking.k8s.io/v1",
        "kind": "Ingress",
        "metadata": cluster.metadata(
            cluster.name,
            labels={**(wanted.labels or {}), "component": "ingress"},
            annotations=dict(wanted.annotations or {}),
            ownerReferences=cluster.owned_by_resource(controller=True),
        ),
        "spec": spec,
    }


def _path(cluster: Cluster, path: str) -> dict[str, Any]:
    port = {"number": options.whole(cluster.conf, options.REST_PORT)}
    backend = {"service": {"name": f"{cluster.name}-rest", "port": port}}
    whole = {"pathType": "ImplementationSpecific", "backend": backend}
    return {"path": path, **whole} if path else whole


def _address(template: str, cluster: Cluster) -> tuple[str, str]:
    """Host and path of the filled template; a scheme may stand before them, and is dropped."""
    filled = _NAME.sub(lambda _: cluster.name, _SCHEME.sub("", template, count=1))
    filled = _NAMESPACE.sub(lambda _: cluster.namespace, filled)
    match = _ADDRESS.match(filled)
    return (match[1].strip(), match[2].strip()) if match else ("", "")
