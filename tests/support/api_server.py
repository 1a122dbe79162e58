# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a Kubernetes API server adds to an object that a client sends: defaults, and one spelling.

Only the kinds and fields that clusters are made of. Objects are changed into new ones; what was
sent stays as it is.
"""

from __future__ import annotations

import copy
from decimal import Decimal
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core import quantity

Object = dict[str, Any]


def stored(sent: Object) -> Object:
    """The object as the server would keep it, without what it assigns."""
    found = copy.deepcopy(sent)
    kind = found["kind"]
    if kind == "Deployment":
        _deployment(found["spec"])
    elif kind == "Service":
        _service(found["spec"])
    kept: Object = _pruned(found)
    return kept


def _pruned(value: Any) -> Any:
    """An empty label map or list is as good as none; an empty volume source isn't."""
    if isinstance(value, dict):
        return {
            key: _pruned(inner)
            for key, inner in value.items()
            if inner is not None
            and not (inner == [] or (inner == {} and key in ("labels", "annotations")))
        }
    return [_pruned(inner) for inner in value] if isinstance(value, list) else value


def _deployment(spec: Object) -> None:
    spec.setdefault("progressDeadlineSeconds", 600)
    spec.setdefault("revisionHistoryLimit", 10)
    rolling = {"maxSurge": "25%", "maxUnavailable": "25%"}
    spec.setdefault("strategy", {"type": "RollingUpdate", "rollingUpdate": rolling})
    pod = spec["template"]["spec"]
    for key, value in {
        "dnsPolicy": "ClusterFirst",
        "restartPolicy": "Always",
        "schedulerName": "default-scheduler",
        "securityContext": {},
        "terminationGracePeriodSeconds": 30,
    }.items():
        pod.setdefault(key, value)
    for volume in pod.get("volumes", []):
        for source in ("configMap", "secret"):
            if source in volume:
                volume[source].setdefault("defaultMode", 420)
    for container in pod.get("initContainers", []) + pod["containers"]:
        _container(container)


def _container(container: Object) -> None:
    container.setdefault("terminationMessagePath", "/dev/termination-log")
    container.setdefault("terminationMessagePolicy", "File")
    latest = ":" not in container["image"] or container["image"].endswith(":latest")
    container.setdefault("imagePullPolicy", "Always" if latest else "IfNotPresent")
    for port in container.get("ports", []):
        port.setdefault("protocol", "TCP")
    for name in ("startupProbe", "livenessProbe", "readinessProbe"):
        if name in container:
            _probe(container[name])
    resources = container.setdefault("resources", {})
    for kind in ("requests", "limits"):
        for name, text in resources.get(kind, {}).items():
            resources[kind][name] = canonical(text)


def _probe(probe: Object) -> None:
    for key, value in {"periodSeconds": 10, "successThreshold": 1, "timeoutSeconds": 1}.items():
        probe.setdefault(key, value)
    probe.setdefault("failureThreshold", 3)
    if "httpGet" in probe:
        probe["httpGet"].setdefault("scheme", "HTTP")


def _service(spec: Object) -> None:
    for key, value in {
        "type": "ClusterIP",
        "clusterIP": "<assigned>",
        "internalTrafficPolicy": "Cluster",
        "ipFamilies": ["IPv4"],
        "ipFamilyPolicy": "SingleStack",
        "sessionAffinity": "None",
    }.items():
        spec.setdefault(key, value)
    headless = spec["clusterIP"] == "None"
    spec.setdefault("clusterIPs", ["None"] if headless else spec["clusterIP"])
    if spec["type"] in ("NodePort", "LoadBalancer"):
        spec.setdefault("externalTrafficPolicy", "Cluster")
    if spec["type"] == "LoadBalancer":
        spec.setdefault("allocateLoadBalancerNodePorts", True)
    for port in spec["ports"]:
        port.setdefault("protocol", "TCP")
        port.setdefault("targetPort", port["port"])


def canonical(text: str | float) -> str:
    """One spelling for each amount: 0.5 and 500m are the same, 1024Mi and 1Gi too."""
    found = str(text)
    amount = quantity.quantity(found, path="")
    mebibytes = amount / quantity.MEBIBYTE
    if found.endswith("i") and mebibytes == mebibytes.to_integral_value():
        return quantity.mebibytes_quantity(int(mebibytes))
    return found if found.endswith("i") else quantity.decimal_quantity(Decimal(amount))
