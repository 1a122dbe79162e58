# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""act: make a cluster's objects, or take them away. Each step can be done twice.

What is deleted is named by its uid too: a successor of the same name is never hit.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from ..core.errors import Held
from ..core.manifests import Manifests
from ..core.seen import FINALIZER
from .api import Api
from .errors import Conflict
from .kinds import CONFIG_MAP, DEPLOYMENT, FLINK_DEPLOYMENT, POD, kind_of

JOB_GRAPHS = ("jobGraph-", "executionPlan-")
"""Keys of jobs that a new JobManager of that name would take up again beside its own."""
SHORTEST_GRACE = 1
"""Seconds. None at all would hide a pod whose containers still run."""
DRY_RUN_UID = "00000000-0000-0000-0000-000000000000"


@dataclass(frozen=True, slots=True, kw_only=True)
class Change:
    """One object before and after; `before` None: made, `after` None: deleted."""

    kind: str
    name: str
    before: Mapping[str, Any] | None
    after: Mapping[str, Any] | None


def make_cluster(api: Api, made: Manifests, *, dry_run: bool) -> list[Change]:
    """Make what is missing, the Deployment first: everything else belongs to it."""
    changes: list[Change] = []
    owner_uid = DRY_RUN_UID
    for position, deployment in enumerate(made.deployments):
        stored, change = _made(api, deployment, dry_run=dry_run)
        changes += change
        if position == 0:
            owner_uid = str(stored["metadata"].get("uid") or DRY_RUN_UID)
    for item in made.owned_by(owner_uid):
        changes += applied(api, item, dry_run=dry_run)
    if made.ingress is not None:
        changes += applied(api, made.ingress, dry_run=dry_run)
    return changes


def _made(
    api: Api, definition: Mapping[str, Any], *, dry_run: bool
) -> tuple[Mapping[str, Any], list[Change]]:
    """A Deployment is created or left alone: a patch of its pod template would restart the job."""
    metadata = definition["metadata"]
    there = api.get(DEPLOYMENT, metadata["name"], metadata["namespace"])
    if there is not None:
        _check_owner(there, definition)
        return there, []
    try:
        stored = api.create(definition, dry_run=dry_run)
    except Conflict as taken:
        raise Held(
            "an_object_of_its_name_is_in_the_way",
            f"Deployment {metadata['name']} appeared while it was being made: {taken}",
        ) from taken
    return stored, [Change(kind="Deployment", name=metadata["name"], before=None, after=definition)]


def _check_owner(there: Mapping[str, Any], definition: Mapping[str, Any]) -> None:
    owners = {owner.get("uid") for owner in there["metadata"].get("ownerReferences") or ()}
    wanted = {owner.get("uid") for owner in definition["metadata"].get("ownerReferences") or ()}
    if not wanted <= owners:
        name = definition["metadata"]["name"]
        raise Held(
            "an_object_of_its_name_is_in_the_way",
            f"Deployment {name} exists and belongs to something else. Delete or rename it.",
        )


def applied(api: Api, definition: Mapping[str, Any], *, dry_run: bool) -> list[Change]:
    """Server-side apply where it makes a difference; the API server's dry run tells."""
    kind, metadata = kind_of(definition), definition["metadata"]
    namespace = str(metadata.get("namespace", ""))
    before = api.get(kind, metadata["name"], namespace) if kind else None
    after = api.apply(definition, dry_run=True) if before or dry_run else None
    if before is not None and after is not None and _same(before, after):
        return []
    if not dry_run:
        api.apply(definition)
    return [
        Change(
            kind=str(definition["kind"]),
            name=str(metadata["name"]),
            before=before,
            after=after or definition,
        )
    ]


SERVER_SET = ("managedFields", "resourceVersion", "generation", "uid", "creationTimestamp")


def plain(item: Mapping[str, Any]) -> dict[str, Any]:
    """An object without what the server sets by itself."""
    metadata = {k: v for k, v in (item.get("metadata") or {}).items() if k not in SERVER_SET}
    return {**{k: v for k, v in item.items() if k != "status"}, "metadata": metadata}


def _same(before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    return plain(before) == plain(after)


def stop_jobmanager(api: Api, deployment: Mapping[str, Any]) -> None:
    """No JobManager pods any more: first the writer ends, then the rest goes."""
    metadata = deployment["metadata"]
    patch = {"metadata": {"uid": metadata["uid"]}, "spec": {"replicas": 0}}
    api.merge(DEPLOYMENT, metadata["name"], metadata["namespace"], patch)


def delete_cluster(
    api: Api, deployment: Mapping[str, Any], *, by_force: bool, as_seen: bool = False
) -> None:
    """Delete the JobManager's Deployment and, by its owner references, all but the HA data.

    `as_seen`: Conflict where anything of it, its status too, has changed since it was read.
    """
    metadata = deployment["metadata"]
    namespace = str(metadata["namespace"])
    policy = "Background" if by_force else "Foreground"
    seen = {"resourceVersion": metadata["resourceVersion"]} if as_seen else {}
    options = {"propagationPolicy": policy, "preconditions": {"uid": metadata["uid"], **seen}}
    api.delete(DEPLOYMENT, str(metadata["name"]), namespace, options=options)
    if by_force:
        kill_pods(api, str(metadata["name"]), namespace)


def pods_of(name: str) -> str:
    """The labels of a native cluster's pods."""
    return f"app={name},component,type=flink-native-kubernetes"


def kill_pods(api: Api, name: str, namespace: str) -> bool:
    """End a cluster's pods at once; whether there were some.

    First with the shortest grace, whose end a kubelet reports; one that was told so before is taken
    out of the API server's books, whether or not its node has ended it.
    """
    pods = api.list(POD, namespace, labels=pods_of(name))
    for pod in pods:
        metadata = pod["metadata"]
        grace = metadata.get("deletionGracePeriodSeconds")
        left = SHORTEST_GRACE if grace is None or grace > SHORTEST_GRACE else 0
        options = {"gracePeriodSeconds": left, "preconditions": {"uid": metadata["uid"]}}
        api.delete(POD, metadata["name"], metadata["namespace"], options=options)
    return bool(pods)


def drop_job_graphs(api: Api, name: str, namespace: str) -> None:
    """Before a start: jobs that a JobManager of this name would take up again beside its own.

    Their checkpoints stay; of the job that goes on, the graph of the new version takes its place.
    """
    found = api.get(CONFIG_MAP, f"{name}-cluster-config-map", namespace)
    keys = [key for key in (found or {}).get("data") or {} if key.startswith(JOB_GRAPHS)]
    if found is None or not keys or api.get(DEPLOYMENT, name, namespace) is not None:
        return
    patch = {
        "metadata": {"uid": found["metadata"]["uid"]},
        "data": dict.fromkeys(keys),
    }
    api.merge(CONFIG_MAP, f"{name}-cluster-config-map", namespace, patch)


def delete_resource(api: Api, stored: Mapping[str, Any]) -> bool:
    metadata = stored["metadata"]
    options = {"propagationPolicy": "Background", "preconditions": {"uid": metadata["uid"]}}
    return api.delete(FLINK_DEPLOYMENT, metadata["name"], metadata["namespace"], options=options)


def release_finalizer(api: Api, stored: Mapping[str, Any]) -> bool:
    """Take ours off, and leave those of others; Conflict where the resource changed meanwhile."""
    metadata = stored["metadata"]
    held = list(metadata.get("finalizers") or ())
    if FINALIZER not in held:
        return False
    known = {"uid": metadata["uid"], "resourceVersion": metadata["resourceVersion"]}
    kept = [one for one in held if one != FINALIZER]
    patch = {"metadata": {**known, "finalizers": kept}}
    api.merge(FLINK_DEPLOYMENT, metadata["name"], metadata["namespace"], patch)
    return True


def delete_ha_data(api: Api, namespace: str, names: Iterable[str]) -> None:
    for name in names:
        api.delete(CONFIG_MAP, name, namespace, options={})
