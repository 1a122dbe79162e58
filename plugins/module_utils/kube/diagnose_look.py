# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a diagnosis needs to see, read once into a `Scene`. Writes nothing.

Each thing is read by itself: what we may not see, or what does not answer, is told as not seen and
keeps nothing else from being seen.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial
from typing import Any, TypeVar

from ..core.diagnosis_scene import Object, Said, Scene, mapping, pod_name, whole
from ..core.wanted import Wanted, understood
from . import lease
from .api import Api
from .diagnose_flink import look_at_job
from .errors import (
    ApiServerUnreachable,
    CredentialsRefused,
    KubernetesError,
    NamespaceMissing,
    NoCredentials,
    Unserved,
)
from .flink_look import TLS_KEY, flink_client
from .kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    EVENT,
    FLINK_DEPLOYMENT,
    NAMESPACE,
    POD,
    SERVICE_ACCOUNT,
)
from .look import is_ha_data, is_ha_map
from .preflight import ACCESS_REVIEW, NEEDED, NEEDED_FOR_HA

T = TypeVar("T")
MOST_LOGS = 6
MOST_PODS_WITH_EVENTS = 6
LOG = "tailLines=1000&limitBytes=500000"
NONE: tuple[Any, ...] = ()
NOTHING_WORKS = (ApiServerUnreachable, CredentialsRefused, NoCredentials, Unserved)
"""What is no gap in the picture: there is no picture at all."""


@dataclass(slots=True, kw_only=True)
class Eyes:
    """Reads, and remembers what could not be read."""

    api: Api
    name: str
    namespace: str
    unseen: list[str] = field(default_factory=list)

    def see(self, what: str, read: Callable[[], T], otherwise: T) -> T:
        try:
            return read()
        except NOTHING_WORKS:
            raise
        except NamespaceMissing:
            return otherwise  # told by a rule
        except KubernetesError as refused:
            self.unseen.append(f"{what} ({_short(refused)})")
            return otherwise

    def missed(self, what: str) -> bool:
        return any(entry.startswith(what) for entry in self.unseen)


def _short(refused: KubernetesError) -> str:
    said = str(refused)
    return "not allowed" if " answered 403 " in said else said[:150]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Cluster:
    resource: Object | None
    wanted: Wanted | None
    deployment: Object | None
    pods: tuple[Object, ...]
    maps: tuple[Object, ...] | None


def look_closely(api: Api, *, name: str, namespace: str, now: datetime) -> Scene:
    """The scene of one application; raises only where nothing at all can be seen."""
    eyes = Eyes(api=api, name=name, namespace=namespace)
    cluster = _cluster(eyes)
    flink = look_at_job(
        lambda: flink_client(api, name=name, namespace=namespace, is_tls=_is_tls(cluster)),
        job_id=_job_id(cluster),
        is_up=_is_up(cluster) or eyes.missed("Deployment"),
    )
    maps = cluster.maps or ()
    scene = Scene(
        name=name,
        namespace=namespace,
        now=now,
        resource=cluster.resource,
        problems=cluster.wanted.problems if cluster.wanted else (),
        configuration=cluster.wanted.configuration if cluster.wanted else {},
        deployment=cluster.deployment,
        pods=cluster.pods,
        flink=flink,
        leftovers=tuple(str(item["metadata"]["name"]) for item in maps if is_ha_data(item)),
        has_checkpoint_in_ha=None if cluster.maps is None else _names_a_checkpoint(maps),
        **_surroundings(eyes, cluster, now),
    )
    told = {} if scene.is_steady else _told(eyes, cluster)
    return replace(scene, unseen=tuple(eyes.unseen), **told)


def _cluster(eyes: Eyes) -> _Cluster:
    api, name, namespace = eyes.api, eyes.name, eyes.namespace
    stored = eyes.see("FlinkDeployment", lambda: api.get(FLINK_DEPLOYMENT, name, namespace), None)
    pods = eyes.see(
        "pods", lambda: tuple(api.list(POD, namespace, labels=f"app={name},component")), NONE
    )
    return _Cluster(
        resource=stored,
        wanted=understood(stored, namespace=namespace) if stored else None,
        deployment=eyes.see("Deployment", lambda: api.get(DEPLOYMENT, name, namespace), None),
        pods=pods,
        maps=eyes.see("ConfigMaps with HA data", lambda: _maps(eyes), None),
    )


def _maps(eyes: Eyes) -> tuple[Object, ...] | None:
    found = eyes.api.list(CONFIG_MAP, eyes.namespace, labels=f"app={eyes.name}")
    return tuple(item for item in found if is_ha_map(item))


def _names_a_checkpoint(maps: Iterable[Object]) -> bool:
    return any(key.startswith("checkpointID-") for item in maps for key in item.get("data") or {})


def _is_tls(cluster: _Cluster) -> bool:
    configuration = cluster.wanted.configuration if cluster.wanted else {}
    return configuration.get(TLS_KEY, "").lower() == "true"


def _job_id(cluster: _Cluster) -> str:
    status = mapping((cluster.resource or {}).get("status"))
    return str(mapping(status.get("jobStatus")).get("jobId") or "")


def _is_up(cluster: _Cluster) -> bool:
    status = mapping((cluster.deployment or {}).get("status"))
    return whole(status.get("availableReplicas")) > 0


def _surroundings(eyes: Eyes, cluster: _Cluster, now: datetime) -> dict[str, Any]:
    """Whose it is, and what it stands on: namespace, service account, rights, Lease."""
    account = _account(cluster)
    kept = eyes.see(
        "service account",
        lambda: eyes.api.get(SERVICE_ACCOUNT, account, eyes.namespace) is not None,
        True,  # noqa: FBT003
    )
    return {
        "account": account,
        "has_account": kept,
        "missing_rights": eyes.see("the account's rights", lambda: _rights(eyes, cluster), NONE),
        **_namespace(eyes),
        **_claim(eyes, cluster, now),
    }


def _namespace(eyes: Eyes) -> dict[str, Any]:
    unknown: dict[str, Any] | None = {}
    found = eyes.see("namespace", lambda: eyes.api.get(NAMESPACE, eyes.namespace), unknown)
    phase = mapping((found or {}).get("status")).get("phase")
    return {"has_namespace": found is not None, "is_namespace_going": phase == "Terminating"}


def _account(cluster: _Cluster) -> str:
    deployed = mapping(mapping((cluster.deployment or {}).get("spec")).get("template"))
    used = mapping(deployed.get("spec")).get("serviceAccountName")
    wanted = mapping((cluster.resource or {}).get("spec")).get("serviceAccount")
    return str(wanted or used or "default")


def _claim(eyes: Eyes, cluster: _Cluster, now: datetime) -> dict[str, Any]:
    if cluster.resource is None:
        return {}
    uid = str(cluster.resource["metadata"].get("uid") or "")
    scope = lease.Scope(name=eyes.name, namespace=eyes.namespace, uid=uid)
    held = eyes.see("Lease", lambda: lease.holder(eyes.api, scope, now), None)
    drives = held is not None and held.expires > now
    return {"is_ours": held is not None, "holder": held.identity if held and drives else ""}


def _rights(eyes: Eyes, cluster: _Cluster) -> tuple[str, ...]:
    """The rights that Flink needs and its account lacks; asked of the API server's own review."""
    if cluster.resource is None:
        return ()
    account = _account(cluster)
    configuration = cluster.wanted.configuration if cluster.wanted else {}
    mode = configuration.get("high-availability.type", "").lower()
    needed = (*NEEDED, *(NEEDED_FOR_HA if mode == "kubernetes" else ()))
    return tuple(
        f"{verb} {resource}"
        for group, resource, verb in needed
        if not _may(eyes, account, {"group": group, "resource": resource, "verb": verb})
    )


def _may(eyes: Eyes, account: str, right: dict[str, str]) -> bool:
    namespace = eyes.namespace
    review = {
        "apiVersion": ACCESS_REVIEW.api_version,
        "kind": ACCESS_REVIEW.kind,
        "spec": {
            "user": f"system:serviceaccount:{namespace}:{account}",
            "groups": ["system:serviceaccounts", f"system:serviceaccounts:{namespace}"],
            "resourceAttributes": {"namespace": namespace, **right},
        },
    }
    answer = eyes.api.ask(ACCESS_REVIEW, review)
    return bool(mapping(answer.get("status")).get("allowed"))


def _told(eyes: Eyes, cluster: _Cluster) -> dict[str, Any]:
    """Events of pods that don't work, and the last lines that containers wrote."""
    ailing = [pod for pod in cluster.pods if not _is_ready(pod)]
    events = [
        event
        for pod in ailing[:MOST_PODS_WITH_EVENTS]
        for event in eyes.see("events", partial(_events, eyes, pod), NONE)
    ]
    return {"events": tuple(events), "logs": tuple(_logs(eyes, cluster.pods))}


def _is_ready(pod: Object) -> bool:
    entries = mapping(pod.get("status")).get("conditions") or ()
    return any(item.get("type") == "Ready" and item.get("status") == "True" for item in entries)


def _events(eyes: Eyes, pod: Object) -> tuple[Any, ...]:
    uid = mapping(pod.get("metadata")).get("uid")
    return tuple(eyes.api.list(EVENT, eyes.namespace, fields=f"involvedObject.uid={uid}"))


def _logs(eyes: Eyes, pods: Iterable[Object]) -> Iterable[Said]:
    wanted = [entry for pod in pods for entry in _worth_reading(pod)]
    for pod, container, is_previous in wanted[:MOST_LOGS]:
        name = pod_name(pod)
        path = f"{POD.path(name, eyes.namespace, 'log')}?container={container}&{LOG}"
        before = "&previous=true" if is_previous else ""
        text = eyes.see(f"log of Pod/{name}", partial(eyes.api.text, path + before), "")
        if text:
            yield Said(where=f"log of Pod/{name}", text=text, container=container)


def _worth_reading(pod: Object) -> Iterable[tuple[Object, str, bool]]:
    """Of what ended badly what it said before it ended; of a JobManager what it says now, too."""
    status = mapping(pod.get("status"))
    is_jobmanager = mapping(pod["metadata"].get("labels")).get("component") == "jobmanager"
    for item in (*(status.get("initContainerStatuses") or ()), *_containers(status)):
        name, state = str(item.get("name")), mapping(item.get("state"))
        ended_before = mapping(mapping(item.get("lastState")).get("terminated"))
        if whole(mapping(state.get("terminated")).get("exitCode")):
            yield pod, name, False
        elif whole(ended_before.get("exitCode")):
            yield pod, name, True
        if is_jobmanager and "running" in state:
            yield pod, name, False


def _containers(status: Object) -> Iterable[Object]:
    return (mapping(item) for item in status.get("containerStatuses") or ())
