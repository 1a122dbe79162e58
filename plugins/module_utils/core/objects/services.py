# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The two Services of a JobManager: an inner, headless one, and the one in front of REST."""

from __future__ import annotations

from typing import Any

from .. import memory, options
from .cluster import Cluster

_HEADLESS = "Headless_ClusterIP"
_TYPES = ("ClusterIP", _HEADLESS, "NodePort", "LoadBalancer")


def inner(cluster: Cluster) -> dict[str, Any] | None:
    """JobManagers that elect a leader are found without it; a standalone cluster has it always."""
    if options.is_highly_available(cluster.conf) and not cluster.standalone:
        return None
    ports = [
        {"name": "jobmanager-rpc", "port": options.whole(cluster.conf, options.RPC_PORT)},
        {"name": "blobserver", "port": options.whole(cluster.conf, options.BLOB_PORT)},
    ]
    annotations = options.pairs(cluster.conf, options.INTERNAL_ANNOTATIONS)
    spec = {"clusterIP": "None", "selector": cluster.selector, "ports": ports}
    return _service(cluster, cluster.name, annotations, spec)


def rest(cluster: Cluster) -> dict[str, Any]:
    exposed = options.text(cluster.conf, options.REST_TYPE)
    kind = next((known for known in _TYPES if known.lower() == exposed.lower()), None)
    if kind is None:
        raise memory.refused(
            cluster.conf,
            options.REST_TYPE,
            "is no way to expose a service",
            f"Write one of {', '.join(_TYPES)}.",
        )
    port = {
        "name": "rest",
        "port": options.whole(cluster.conf, options.REST_PORT),
        "targetPort": options.whole(cluster.conf, options.REST_BIND_PORT),
    }
    spec = {"type": kind, "selector": cluster.selector, "ports": [port]}
    if kind == _HEADLESS:
        spec |= {"type": "ClusterIP", "clusterIP": "None"}
    annotations = options.pairs(cluster.conf, options.REST_ANNOTATIONS)
    return _service(cluster, f"{cluster.name}-rest", annotations, spec)


def _service(
    cluster: Cluster, name: str, annotations: dict[str, str], spec: dict[str, Any]
) -> dict[str, Any]:
    return {
        "apiVersion": "v1",
        "kind": "Service",
        "metadata": cluster.metadata(name, labels=cluster.labels, annotations=annotations),
        "spec": spec,
    }
