# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""look: the custom resource, its objects and Flink, read once into a `Seen`. Writes nothing."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any

from ..core.boost_status import boosted_pods
from ..core.health_keys import is_on
from ..core.recorded import recorded
from ..core.seen import (
    GENERATION_ANNOTATION,
    VERB_ANNOTATION,
    Cluster,
    FlinkSeen,
    Holder,
    Pods,
    Resource,
    Seen,
    Unseen,
)
from ..core.trouble import TOLD_BY_THE_LOG, Trouble, of_a_restart, root_cause, trouble_of
from ..core.wanted import Wanted, stored_understood
from . import lease
from .act import JOB_GRAPHS, SHORTEST_GRACE
from .api import Api
from .errors import KubernetesError
from .flink_look import TLS_KEY, flink_client, look_at_flink
from .kinds import CONFIG_MAP, DEPLOYMENT, EVENT, FLINK_DEPLOYMENT, NAMESPACE, POD, SERVICE

NEVER_AVAILABLE_WITHIN = timedelta(seconds=5)
_SAID = re.compile(
    r"""^\s*["']?(?:\$internal\.pipeline\.|job-result-store\.)?(job-id|storage-path)["']?:"""
    r"""[ \t]*(\S.*?)\s*$""",
    re.MULTILINE,
)
"""Flat in flink-conf.yaml; in config.yaml, of Flink 2, the last part of the key stands nested."""
_CHECKPOINT = re.compile(r"checkpointID-(\d+)")


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """One look, and the stored resource it was taken from (for the write that follows)."""

    seen: Seen
    stored: Mapping[str, Any] | None
    wanted: Wanted | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Subject:
    """What is looked at. `wanted`: the resource as it is to become; None: as it is stored."""

    name: str
    namespace: str
    wanted: Wanted | None = None
    defaults: Mapping[str, str] = field(default_factory=dict)


def look(api: Api, subject: Subject, *, now: datetime) -> Look:
    name, namespace, wanted = subject.name, subject.namespace, subject.wanted
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    now = api.by_its_clock(now)
    if wanted is None and stored is not None:
        wanted = stored_understood(stored, namespace=namespace, defaults=subject.defaults)
    resource = _resource(stored, wanted)
    owned = _owned(api, name, namespace)
    cluster = _cluster(owned, wanted, resource)
    flink = _flink(api, resource, cluster, wanted)
    seen = Seen(
        resource=resource,
        cluster=cluster,
        pods=replace(_pods(owned.pods, now), boosted=_boosted(owned, resource, wanted)),
        trouble=_trouble(api, owned, namespace, flink),
        flink=flink,
        leftover_state=tuple(_name(item) for item in owned.ha_maps if is_ha_data(item)),
        ha_maps=tuple(_name(item) for item in owned.ha_maps),
        has_checkpoint_in_ha=any(_holds(item, "checkpointID-") for item in owned.ha_maps),
        ha_checkpoints=dict(_metadata(item, name) for item in owned.ha_maps if _is_of_a_job(item)),
        is_namespace_going=_is_namespace_going(api, resource),
        claim=_claim(api, resource, now),
    )
    return Look(seen=seen, stored=stored, wanted=wanted)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Owned:
    deployment: Mapping[str, Any] | None
    pods: Sequence[Mapping[str, Any]]
    names: frozenset[tuple[str, str]]
    ha_maps: Sequence[Mapping[str, Any]]
    said: Mapping[str, str]
    """What the cluster's own configuration says of its start."""


def _owned(api: Api, name: str, namespace: str) -> _Owned:
    maps = api.list(CONFIG_MAP, namespace, labels=f"app={name}")
    services = api.list(SERVICE, namespace, labels=f"app={name}")
    return _Owned(
        deployment=api.get(DEPLOYMENT, name, namespace),
        pods=api.list(POD, namespace, labels=f"app={name},component"),
        names=frozenset((item["kind"], item["metadata"]["name"]) for item in (*maps, *services)),
        ha_maps=[item for item in maps if is_ha_map(item)],
        said=next((_said(it) for it in maps if _name(it) == f"flink-config-{name}"), {}),
    )


def _said(item: Mapping[str, Any]) -> Mapping[str, str]:
    texts = (str(text) for text in (item.get("data") or {}).values())
    return {key: value.strip("\"'") for text in texts for key, value in _SAID.findall(text)}


def _is_of_a_job(item: Mapping[str, Any]) -> bool:
    name = _name(item)
    return name.endswith("-config-map") and not name.endswith("-cluster-config-map")


def _metadata(item: Mapping[str, Any], name: str) -> tuple[str, int]:
    """The job's id, and the number of its newest checkpoint: 0 where there is none yet."""
    job_id = _name(item).removeprefix(f"{name}-").removesuffix("-config-map")
    found = (_CHECKPOINT.match(key) for key in item.get("data") or {})
    return job_id, max((int(match[1]) for match in found if match), default=0)


def is_ha_map(item: Mapping[str, Any]) -> bool:
    """Flink's own HA maps of this cluster, the empty ones too; not those being deleted."""
    metadata = item["metadata"]
    labels = metadata.get("labels") or {}
    if metadata.get("deletionTimestamp") or labels.get("component") == "autoscaler":
        return False
    ours = labels.get("type") in ("flink-native-kubernetes", "flink-standalone-kubernetes")
    return ours and _name(item).endswith(("-config-map", "-jobmanager-leader"))


def is_ha_data(item: Mapping[str, Any]) -> bool:
    """Those that mean something to a later start: the contract's, and graphs of unfinished jobs."""
    is_of_the_cluster = _name(item).endswith("-cluster-config-map")
    return is_ha_map(item) and (not is_of_the_cluster or _holds(item, *JOB_GRAPHS))


def _name(item: Mapping[str, Any]) -> str:
    return str(item["metadata"]["name"])


def _holds(item: Mapping[str, Any], *prefixes: str) -> bool:
    return any(key.startswith(prefixes) for key in item.get("data") or {})


def _resource(stored: Mapping[str, Any] | None, wanted: Wanted | None) -> Resource | None:
    if stored is None and wanted is None:
        return None
    metadata = (stored or {}).get("metadata") or {}
    return Resource(
        name=str(metadata.get("name") or (wanted.name if wanted else "")),
        namespace=str(metadata.get("namespace") or (wanted.namespace if wanted else "")),
        uid=str(metadata.get("uid") or ""),
        generation=int(metadata.get("generation") or 1),
        deployment=wanted.deployment if wanted else None,
        problems=wanted.problems if wanted else (),
        status=(stored or {}).get("status") or {},
        finalizers=tuple(metadata.get("finalizers") or ()),
        being_deleted="deletionTimestamp" in metadata,
        created=_time(metadata["creationTimestamp"]) if "creationTimestamp" in metadata else None,
        verb=str((metadata.get("annotations") or {}).get(VERB_ANNOTATION) or ""),
    )


def _cluster(owned: _Owned, wanted: Wanted | None, resource: Resource | None) -> Cluster | None:
    if owned.deployment is None:
        return None
    metadata, status = owned.deployment["metadata"], owned.deployment.get("status") or {}
    owners = metadata.get("ownerReferences") or ()
    uids = [str(owner["uid"]) for owner in owners if owner.get("kind") == "FlinkDeployment"]
    generation = (metadata.get("annotations") or {}).get(GENERATION_ANNOTATION, "")
    return Cluster(
        uid=str(metadata["uid"]),
        owner_uid=uids[0] if uids else "",
        generation=int(generation) if str(generation).isdigit() else None,
        replicas=int(owned.deployment["spec"].get("replicas", 1)),
        available=int(status.get("availableReplicas") or 0),
        being_deleted="deletionTimestamp" in metadata,
        never_available=was_never_available(owned.deployment),
        created=_time(metadata["creationTimestamp"]),
        is_complete=_dependents(wanted, resource) <= owned.names,
        job_id=owned.said.get("job-id", ""),
        store_id=owned.said.get("storage-path", "").rpartition("/")[2],
    )


def _dependents(wanted: Wanted | None, resource: Resource | None) -> frozenset[tuple[str, str]]:
    """What the cluster that is there needs: of a changed spec more, or less, may be wanted."""
    if wanted is None or resource is None:
        return frozenset()
    record = recorded(resource.status)
    is_as_recorded = record.observed_generation == resource.generation and not record.is_another
    return wanted.dependents if is_as_recorded else wanted.dependents_of(record.deployed)


def _claim(api: Api, resource: Resource | None, now: datetime) -> Holder | None:
    if resource is None:
        return None
    scope = lease.Scope(name=resource.name, namespace=resource.namespace, uid=resource.uid)
    return lease.holder(api, scope, now)


def _is_namespace_going(api: Api, resource: Resource | None) -> bool:
    """Asked only of a resource that is being deleted; what can't be read is not known to go."""
    if resource is None or not resource.being_deleted:
        return False
    try:
        found = api.get(NAMESPACE, resource.namespace)
    except KubernetesError:
        return False
    phase = ((found or {}).get("status") or {}).get("phase")
    return phase == "Terminating" or "deletionTimestamp" in ((found or {}).get("metadata") or {})


def was_never_available(deployment: Mapping[str, Any]) -> bool:
    """The contract's test: Available is False, and has been so since the Deployment was made."""
    made = _time(deployment["metadata"]["creationTimestamp"])
    for condition in (deployment.get("status") or {}).get("conditions") or ():
        if condition.get("type") == "Available":
            since = _time(condition.get("lastTransitionTime")) - made
            return condition.get("status") == "False" and since <= NEVER_AVAILABLE_WITHIN
    return False


def _time(text: Any) -> datetime:
    return datetime.fromisoformat(str(text))


KILLED_WITHIN = timedelta(seconds=10)
"""A kubelet that is there has killed a pod by then that was told to end at once."""


def _is_to_be_killed(pod: Mapping[str, Any], now: datetime) -> bool:
    metadata = pod["metadata"]
    grace = metadata.get("deletionGracePeriodSeconds")
    if grace is None or grace > SHORTEST_GRACE:
        return True
    return grace > 0 and now - _time(metadata["deletionTimestamp"]) > KILLED_WITHIN


def _pods(pods: Sequence[Mapping[str, Any]], now: datetime) -> Pods:
    component = [str((pod["metadata"].get("labels") or {}).get("component")) for pod in pods]
    waiting = [text for pod in pods if (text := _waits_for(pod))]
    return Pods(
        jobmanagers=component.count("jobmanager"),
        taskmanagers=component.count("taskmanager"),
        unkilled=sum(_is_to_be_killed(pod, now) for pod in pods),
        names=tuple(str(pod["metadata"]["name"]) for pod in pods),
        progress=waiting[-1] if waiting else "",
    )


def _boosted(owned: _Owned, resource: Resource | None, wanted: Wanted | None) -> tuple[str, ...]:
    return boosted_pods(owned.pods, wanted, resource.status) if resource and wanted else ()


def _waits_for(pod: Mapping[str, Any]) -> str:
    status, name = pod.get("status") or {}, pod["metadata"]["name"]
    for condition in status.get("conditions") or ():
        if condition.get("type") == "PodScheduled" and condition.get("status") == "False":
            return f"pod {name} is not scheduled: {condition.get('message', '')}"
    for container in status.get("containerStatuses") or ():
        waiting = (container.get("state") or {}).get("waiting")
        if waiting:
            return f"pod {name} is {waiting.get('reason', 'waiting')}"
        if not container.get("ready"):
            return f"pod {name} is starting"
    return "" if status.get("phase") == "Running" else f"pod {name} is {status.get('phase')}"


def _trouble(api: Api, owned: _Owned, namespace: str, flink: FlinkSeen | Unseen) -> Trouble | None:
    found = trouble_of(owned.deployment or {}, owned.pods, _mount_events(api, owned))
    if found is None and getattr(flink, "job", None) is None:
        found = of_a_restart(owned.pods)
    if found is None or found.reason not in TOLD_BY_THE_LOG:
        return found
    path = f"{POD.path(found.pod, namespace, 'log')}?container={found.container}"
    try:
        said = root_cause(api.text(f"{path}&previous=true&tailLines=200&limitBytes=100000"))
    except KubernetesError:
        return found  # a log that can't be read is no reason to know less
    return replace(found, message=said) if said else found


def _mount_events(api: Api, owned: _Owned) -> Sequence[Mapping[str, Any]]:
    """Asked only while a JobManager's pod can't begin: mounts fail in events, not in its status."""
    for pod in owned.pods:
        status = pod.get("status") or {}
        if status.get("phase") == "Pending" and status.get("startTime"):
            metadata = pod["metadata"]
            return api.list(
                EVENT,
                metadata["namespace"],
                fields=f"involvedObject.uid={metadata['uid']},reason=FailedMount",
            )
    return ()


def _flink(
    api: Api, resource: Resource | None, cluster: Cluster | None, wanted: Wanted | None
) -> FlinkSeen | Unseen:
    if resource is None or cluster is None:
        return Unseen(why="there is no JobManager")
    if cluster.available == 0:
        return Unseen(why="no JobManager is ready")
    configuration = wanted.configuration if wanted else {}
    is_tls = configuration.get(TLS_KEY, "").lower() == "true"
    client = flink_client(api, name=resource.name, namespace=resource.namespace, is_tls=is_tls)
    return look_at_flink(client, recorded(resource.status), counts=is_on(configuration))
