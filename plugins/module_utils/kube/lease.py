# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The Lease of a resource: who drives it now, and that it is ours at all.

One Lease a resource, owned by it, so that it goes when the resource goes. The API server's
resourceVersion is the lock: of two that take it at once, one gets a Conflict.
"""

from __future__ import annotations

import os
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from ..core.seen import Holder
from ..core.served import OPERATOR
from ..core.spec import API_VERSION
from .api import Api
from .errors import Absent, Conflict, KubernetesError
from .kinds import LEASE

DURATION = timedelta(seconds=60)
RENEW_AFTER = timedelta(seconds=20)


@dataclass(frozen=True, slots=True, kw_only=True)
class Scope:
    """The resource that a Lease is about."""

    name: str
    namespace: str
    uid: str


def lease_name(name: str) -> str:
    return f"flinkops-{name}"


def driver_identity(pid: int) -> str:
    """Names this run of a playbook by host and process: a dead one is told from a live one."""
    return f"playbook@{socket.gethostname()}/{pid}"


def operator_identity(name: str, namespace: str) -> str:
    """Names the Lease by which an operator's replicas choose their leader: it is renewed, by time.

    So one renewal is enough for all the resources that an operator serves.
    """
    return f"{OPERATOR}{namespace}/{name}"


def holder(api: Api, scope: Scope, now: datetime) -> Holder | None:
    """Who holds the Lease; None where there is none of this resource."""
    lease = api.get(LEASE, lease_name(scope.name), scope.namespace)
    return _holder(api, lease, now) if lease is not None and _is_about(lease, scope) else None


def take(api: Api, scope: Scope, identity: str, now: datetime) -> None:
    """Hold the Lease from now on; renews what is ours. Conflict where another driver holds it."""
    lease = api.get(LEASE, lease_name(scope.name), scope.namespace)
    if lease is not None and not _is_about(lease, scope):
        options = {"preconditions": {"uid": lease["metadata"]["uid"]}}
        api.delete(LEASE, lease_name(scope.name), scope.namespace, options=options)
        lease = None
    if lease is None:
        api.create(_lease(scope, identity, now))
        return
    held = _holder(api, lease, now)
    if held.identity not in ("", identity) and held.expires > now:
        raise Conflict(f"{held.identity} holds the Lease of {scope.namespace}/{scope.name}.")
    is_renewed = identity.startswith(OPERATOR) or held.expires - now > DURATION - RENEW_AFTER
    if held.identity == identity and is_renewed:
        return
    api.replace({**lease, "spec": _spec(identity, now)})


def release(api: Api, name: str, namespace: str, identity: str, now: datetime) -> None:
    """Let go at the end of a run; the Lease itself stays, as the claim."""
    lease = api.get(LEASE, lease_name(name), namespace)
    if lease is not None and _holder(api, lease, now).identity == identity:
        with suppress(Conflict, Absent):  # then it is another's already, or went with its resource
            api.replace({**lease, "spec": {"holderIdentity": ""}})


def _is_about(lease: Mapping[str, Any], scope: Scope) -> bool:
    """The Lease of an earlier resource of that name is the garbage collector's to take."""
    owners = lease["metadata"].get("ownerReferences") or ()
    return any(owner.get("uid") == scope.uid for owner in owners)


def _lease(scope: Scope, identity: str, now: datetime) -> dict[str, Any]:
    owner = {
        "apiVersion": API_VERSION,
        "kind": "FlinkDeployment",
        "name": scope.name,
        "uid": scope.uid,
    }
    return {
        "apiVersion": LEASE.api_version,
        "kind": LEASE.kind,
        "metadata": {
            "name": lease_name(scope.name),
            "namespace": scope.namespace,
            "labels": {"app.kubernetes.io/managed-by": "flinkops"},
            "ownerReferences": [owner],
        },
        "spec": _spec(identity, now),
    }


def _spec(identity: str, now: datetime) -> dict[str, Any]:
    return {
        "holderIdentity": identity,
        "leaseDurationSeconds": int(DURATION.total_seconds()),
        "renewTime": now.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ"),
    }


def _holder(api: Api, lease: Mapping[str, Any], now: datetime) -> Holder:
    spec = lease.get("spec") or {}
    identity = str(spec.get("holderIdentity") or "")
    if identity.startswith(OPERATOR):
        return Holder(identity=identity, expires=_expiry_of_operator(api, identity, now))
    return Holder(identity=identity, expires=now if _is_dead(identity) else _expiry(spec))


def _expiry_of_operator(api: Api, identity: str, now: datetime) -> datetime:
    """Who may not read an operator's own Lease takes it to be alive; without one, it is gone."""
    namespace, _sep, name = identity.removeprefix(OPERATOR).partition("/")
    try:
        found = api.get(LEASE, name, namespace)
    except KubernetesError:
        return now + DURATION
    return _expiry(found.get("spec") or {}) if found is not None else now


def _expiry(spec: Mapping[str, Any]) -> datetime:
    return _renewed(spec) + timedelta(seconds=int(spec.get("leaseDurationSeconds") or 0))


def _renewed(spec: Mapping[str, Any]) -> datetime:
    text = str(spec.get("renewTime") or "1970-01-01T00:00:00.000000Z")
    return datetime.fromisoformat(text)


def _is_dead(identity: str) -> bool:
    """A playbook of this very host whose process is gone: nobody to wait for."""
    place, _sep, pid = identity.partition("/")
    if place != f"playbook@{socket.gethostname()}" or not pid.isdecimal():
        return False
    try:
        os.kill(int(pid), 0)
    except ProcessLookupError:
        return True
    except (PermissionError, OverflowError):
        return False
    return False
