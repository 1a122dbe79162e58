# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A running pod's CPU changed in place, and what is asked before a start relies on that.

Knows the subresource and what its refusals mean. Refuses to know which pods, and when: core/boost.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from http import HTTPStatus
from typing import Any

from ..core import quantity
from ..core.boost import Resize
from ..core.boost_rules import Surroundings
from .api import Api
from .errors import (
    Absent,
    ApiServerBusy,
    ApiServerUnreachable,
    Conflict,
    Forbidden,
    KubernetesError,
    NamespaceMissing,
    Rejected,
    Unserved,
)
from .kinds import POD, RESOURCE_QUOTA, Kind

SUBRESOURCE = "resize"
LIMIT_RANGE = Kind("v1", "LimitRange", "limitranges")
NODE = Kind("v1", "Node", "nodes", namespaced=False)
ACCESS_REVIEW = Kind(
    "authorization.k8s.io/v1",
    "SelfSubjectAccessReview",
    "selfsubjectaccessreviews",
    namespaced=False,
)
ENDED = ("Succeeded", "Failed")
OF_OTHER_PODS = {"BestEffort", "Terminating"}
"""Scopes of quotas that never count a Flink pod."""
REFUSALS: tuple[tuple[type[KubernetesError], str], ...] = (
    (Conflict, "the_pod_was_replaced_meanwhile"),
    (Absent, "the_pod_is_gone"),
    (NamespaceMissing, "the_pod_is_gone"),
    (Unserved, "the_cluster_can_not_resize"),
    (Forbidden, "we_may_not_resize_pods"),
    (Rejected, "the_resize_was_rejected"),
    (ApiServerBusy, "the_api_server_was_busy"),
    (ApiServerUnreachable, "the_api_server_was_not_reached"),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """`reason` is empty where it was done; else a rule's name, and what was answered."""

    resize: Resize
    reason: str = ""
    answered: str = ""


def resize(api: Api, resizes: Iterable[Resize]) -> tuple[Outcome, ...]:
    """One after the other; a refusal of one keeps none of the others back."""
    return tuple(_resized(api, one) for one in resizes)


def surroundings(api: Api, namespace: str, *, with_nodes: bool = False) -> Surroundings:
    """What the cluster allows a boosted start; what we may not read is left unseen.

    `with_nodes`: where requests are raised too; every pod of the cluster is read for it.
    """
    around = Surroundings(can_resize=_can_resize(api), may_resize=_may_resize(api, namespace))
    try:
        ranges = api.list(LIMIT_RANGE, namespace)
        quotas = api.list(RESOURCE_QUOTA, namespace)
    except Forbidden:
        return around
    limits = [limit for found in ranges for limit in found["spec"].get("limits") or ()]
    ours = [limit for limit in limits if limit.get("type") in ("Container", "Pod")]
    return replace(
        around,
        limits_are_seen=True,
        most_cpu=_least(limit.get("max") for limit in ours),
        widest_ratio=_least(limit.get("maxLimitRequestRatio") for limit in ours),
        room=_room(quotas),
        free_on_nodes=_free(api) if with_nodes else None,
    )


def _can_resize(api: Api) -> bool:
    status, body = api.answer("get", "/api/v1")
    return status == HTTPStatus.OK and b'"pods/resize"' in body


def _may_resize(api: Api, namespace: str) -> bool:
    asked = {
        "namespace": namespace,
        "verb": "patch",
        "resource": POD.plural,
        "subresource": SUBRESOURCE,
    }
    review = {
        "apiVersion": ACCESS_REVIEW.api_version,
        "kind": ACCESS_REVIEW.kind,
        "spec": {"resourceAttributes": asked},
    }
    return bool(api.ask(ACCESS_REVIEW, review).get("status", {}).get("allowed"))


def _least(given: Iterable[Mapping[str, Any] | None]) -> Decimal | None:
    return min((_amount(found["cpu"]) for found in given if found and "cpu" in found), default=None)


def _room(quotas: Iterable[Mapping[str, Any]]) -> dict[str, Decimal]:
    room: dict[str, Decimal] = {}
    for quota in quotas:
        if OF_OTHER_PODS & set(quota["spec"].get("scopes") or ()):
            continue
        used = quota.get("status", {}).get("used") or {}
        for key, hard in (quota["spec"].get("hard") or {}).items():
            name = "requests.cpu" if key == "cpu" else key
            left = _amount(hard) - _amount(used.get(key, "0"))
            if name in ("limits.cpu", "requests.cpu"):
                room[name] = min(left, room.get(name, left))
    return room


def _free(api: Api) -> tuple[Decimal, ...] | None:
    try:
        nodes, pods = api.list(NODE), api.list(POD)
    except Forbidden:
        return None
    free = {
        node["metadata"]["name"]: _amount(node["status"]["allocatable"]["cpu"])
        for node in nodes
        if not node["spec"].get("unschedulable") and not node["spec"].get("taints")
    }
    for pod in pods:
        node = pod["spec"].get("nodeName")
        if node in free and pod.get("status", {}).get("phase") not in ENDED:
            free[node] -= _requested(pod)
    return tuple(free.values())


def _requested(pod: Mapping[str, Any]) -> Decimal:
    asked = (
        found.get("resources", {}).get("requests") or {} for found in pod["spec"]["containers"]
    )
    return sum((_amount(found.get("cpu", "0")) for found in asked), Decimal(0))


def _amount(text: Any) -> Decimal:
    return quantity.quantity(str(text), path="")


def _resized(api: Api, one: Resize) -> Outcome:
    try:
        api.merge(
            POD,
            one.pod,
            one.namespace,
            _patch(one),
            subresource=SUBRESOURCE,
            lists_by_name=True,
        )
    except KubernetesError as refused:
        return Outcome(resize=one, reason=_reason(refused), answered=str(refused))
    return Outcome(resize=one)


def _reason(refused: KubernetesError) -> str:
    known = (name for kind, name in REFUSALS if isinstance(refused, kind))
    return next(known, refused.reason)


def _patch(one: Resize) -> Mapping[str, Any]:
    """The uid makes it a Conflict where another pod has the name by now."""
    resources = {"requests": {"cpu": one.cpu_request}, "limits": {"cpu": one.cpu_limit}}
    container = {"name": one.container, "resources": resources}
    return {"metadata": {"uid": one.uid}, "spec": {"containers": [container]}}
