# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A Kubernetes cluster in memory: its API server's store, the controllers, and Flink behind it.

It has the methods of `kube.api.Api`. Each request is a step: time goes on, the controllers do a
little, a fault may strike. It stops a test that starts a second writer.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from enum import Enum, auto
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    Absent,
    ApiServerBusy,
    ApiServerUnreachable,
    Conflict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import Kind, kind_of
from support.world_flink import Flink

Object = dict[str, Any]
Key = tuple[str, str, str]

STEP = timedelta(milliseconds=100)
START = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


class Fault(Enum):
    BUSY = auto()
    """429 or 5xx: nothing was done."""
    NO_WAY = auto()
    """The connection fails before the request is there."""
    LOST_ANSWER = auto()
    """The request is carried out, and its answer never comes."""
    CONFLICT = auto()
    """Somebody else wrote first (for writes; a question is answered)."""
    CRASH = auto()
    """The driver ends before the request."""
    CRASH_AFTER = auto()
    """The driver ends when the request was carried out."""


class Crashed(Exception):
    """kill -9: nothing is caught, nothing is told."""


@dataclass
class World:
    """`faults`: by the number of the request that they strike; `edits`: what happens before one."""

    faults: dict[int, Fault] = field(default_factory=dict)
    edits: dict[int, Callable[[World], None]] = field(default_factory=dict)
    bad_images: frozenset[str] = frozenset()
    flink: Flink = field(default_factory=Flink)
    now: datetime = START
    requests: int = 0
    writes: list[str] = field(default_factory=list)
    written_at: list[int] = field(default_factory=list)
    """The numbers of the requests that were writes."""
    objects: dict[Key, Object] = field(default_factory=dict)
    _counter: int = 0

    def __post_init__(self) -> None:
        self.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}})
        account = {"name": "flink", "namespace": "default"}
        self.put({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})

    def clock(self) -> datetime:
        return self.now

    # the methods of Api

    def get(self, kind: Kind, name: str, namespace: str = "") -> Object | None:
        return self._asked(lambda: copy.deepcopy(self.objects.get((kind.kind, namespace, name))))

    def list(
        self, kind: Kind, namespace: str = "", *, labels: str = "", fields: str = ""
    ) -> list[Object]:
        if fields:
            return self._asked(list[Object])
        return self._asked(lambda: copy.deepcopy(list(self.chosen(kind.kind, namespace, labels))))

    def ask(self, kind: Kind, review: Mapping[str, Any]) -> Object:
        return self._asked(lambda: {**review, "status": {"allowed": True}})

    def rehearse(self, definition: Mapping[str, Any]) -> None:
        if self._asked(lambda: key_of(definition) in self.objects):
            raise Conflict(f"{key_of(definition)} already exists")

    def apply(self, definition: Mapping[str, Any], *, dry_run: bool = False) -> Object:
        def change() -> Object:
            old = self.objects.get(key_of(definition))
            new = merged(old or {}, {k: v for k, v in definition.items() if k != "status"})
            return copy.deepcopy(new if dry_run else self.put(new))

        return self._asked(change) if dry_run else self._wrote("apply", definition, change)

    def create(self, definition: Mapping[str, Any], *, dry_run: bool = False) -> Object:
        def change() -> Object:
            if key_of(definition) in self.objects:
                raise Conflict(f"{key_of(definition)} already exists")
            return copy.deepcopy(self.put(copy.deepcopy(dict(definition))))

        return self._wrote("create", definition, change)

    def replace(self, definition: Mapping[str, Any], subresource: str = "") -> Object:
        def change() -> Object:
            old = self._there(key_of(definition))
            if definition["metadata"]["resourceVersion"] != old["metadata"]["resourceVersion"]:
                raise Conflict(f"{key_of(definition)} was written meanwhile")
            new = {**old, "status": definition.get("status")}
            if subresource != "status":
                new = {**copy.deepcopy(dict(definition)), "status": old.get("status")}
            return copy.deepcopy(self.put(copy.deepcopy(new)))

        return self._wrote(f"replace {subresource}".strip(), definition, change)

    def merge(self, kind: Kind, name: str, namespace: str, patch: Mapping[str, Any]) -> Object:
        def change() -> Object:
            old = self._there((kind.kind, namespace, name))
            if (patch.get("metadata") or {}).get("uid", old["metadata"]["uid"]) != uid_of(old):
                raise Conflict(f"{name} is another one")
            return copy.deepcopy(self.put(merged(old, patch)))

        return self._wrote("merge", {"kind": kind.kind, "metadata": {"name": name}}, change)

    def delete(
        self, kind: Kind, name: str, namespace: str = "", *, options: Mapping[str, Any]
    ) -> bool:
        def change() -> bool:
            found = self.objects.get((kind.kind, namespace, name))
            if found is None:
                return False
            if (options.get("preconditions") or {}).get("uid", uid_of(found)) != uid_of(found):
                raise Conflict(f"{name} is another one")
            is_gentle = kind.kind == "Pod" and options.get("gracePeriodSeconds") != 0
            if is_gentle or options.get("propagationPolicy") == "Foreground":
                found["metadata"].setdefault("deletionTimestamp", stamp(self.now))
            else:
                del self.objects[key_of(found)]
            return True

        return self._wrote("delete", {"kind": kind.kind, "metadata": {"name": name}}, change)

    def answer(self, method: str, path: str, **_params: Any) -> tuple[int, bytes]:
        return self._asked(lambda: self.flink.answer(path))

    # steps, faults

    def _asked(self, question: Callable[[], Any]) -> Any:
        return self._struck(question, is_write=False)

    def _wrote(self, verb: str, what: Mapping[str, Any], change: Callable[[], Any]) -> Any:
        def told() -> Any:
            self.writes.append(f"{verb} {what['kind']}/{what['metadata']['name']}")
            return change()

        return self._struck(told, is_write=True)

    def _struck(self, request: Callable[[], Any], *, is_write: bool) -> Any:
        number, self.requests = self.requests, self.requests + 1
        if is_write:
            self.written_at.append(number)
        self.passes(STEP)
        if number in self.edits:
            self.edits.pop(number)(self)
        fault = self.faults.get(number)
        _strike(BEFORE, fault)
        if fault is Fault.CONFLICT and is_write:
            raise Conflict("somebody else wrote first")
        result = request()
        _strike(AFTER, fault)
        return result

    def passes(self, time: timedelta) -> None:
        """The controllers work in steps; a long time is no more than twenty of them."""
        self.now += time
        for _ in range(min(20, time // STEP)):
            self._collect_garbage()
            for deployment in list(self.chosen("Deployment")):
                self._control(deployment)
            self.flink.goes_on(self._jobmanagers(), self)

    # the store

    def put(self, item: Object) -> Object:
        """Store it as the API server does: nothing new means no new version."""
        old = self.objects.get(key_of(item))
        metadata = {**item["metadata"]}
        if old is None:
            self._counter += 1
            metadata |= {"uid": f"uid-{self._counter}", "creationTimestamp": stamp(self.now)}
            metadata["generation"] = 1
        elif {**item, "metadata": 0} == {**old, "metadata": 0} and metadata == old["metadata"]:
            return old
        elif item.get("spec") != old.get("spec"):
            metadata["generation"] = old["metadata"]["generation"] + 1
        self._counter += 1
        metadata["resourceVersion"] = str(self._counter)
        self.objects[key_of(item)] = {**item, "metadata": metadata}
        return self.objects[key_of(item)]

    def chosen(self, kind: str, namespace: str = "", labels: str = "") -> Iterator[Object]:
        wanted = [part.partition("=") for part in labels.split(",") if part]
        for (found, where, _), item in self.objects.items():
            if found != kind or namespace not in ("", where):
                continue
            has = item["metadata"].get("labels") or {}
            if all(key in has and (not eq or has[key] == value) for key, eq, value in wanted):
                yield item

    def edit(self, name: str, **job: Any) -> None:
        """A person changes fields of spec.job."""
        stored = copy.deepcopy(self.objects["FlinkDeployment", "default", name])
        stored["spec"]["job"] |= job
        self.put(stored)

    def _there(self, key: Key) -> Object:
        if key not in self.objects:
            raise Absent(f"{key} not found")
        return self.objects[key]

    # the controllers

    def _collect_garbage(self) -> None:
        there = {uid_of(item) for item in self.objects.values()}
        for key, item in list(self.objects.items()):
            owners = item["metadata"].get("ownerReferences") or ()
            if not owners or any(owner["uid"] in there for owner in owners):
                continue
            if item["kind"] == "Pod":
                item["metadata"].setdefault("deletionTimestamp", stamp(self.now))
            else:
                del self.objects[key]
        for key, item in list(self.objects.items()):
            if item["kind"] == "Pod" and "deletionTimestamp" in item["metadata"]:
                item["left"] = item.get("left", 4) - 1
                if item["left"] <= 0:
                    del self.objects[key]

    def _control(self, deployment: Object) -> None:
        metadata = deployment["metadata"]
        pods = list(self._pods_of(deployment))
        mine = [pod for pod in pods if pod["metadata"]["labels"]["component"] == "jobmanager"]
        if "deletionTimestamp" in metadata:
            return self._go(deployment, pods)
        if deployment["spec"]["replicas"] == 0:
            for pod in mine:
                pod["metadata"].setdefault("deletionTimestamp", stamp(self.now))
            if not mine:  # TaskManagers end when they have lost their JobManager
                for pod in pods:
                    pod["metadata"].setdefault("deletionTimestamp", stamp(self.now))
        elif not mine:
            self._make_pod(deployment, "jobmanager")
        for pod in mine:
            self._start(deployment, pod)
        ready = sum(pod["status"]["containerStatuses"][0]["ready"] for pod in mine)
        self._report(deployment, ready)
        return None

    def _go(self, deployment: Object, pods: list[Object]) -> None:
        for pod in pods:
            pod["metadata"].setdefault("deletionTimestamp", stamp(self.now))
        if not pods:
            for key, item in list(self.objects.items()):
                owners = item["metadata"].get("ownerReferences") or ()
                if any(owner["uid"] == uid_of(deployment) for owner in owners):
                    del self.objects[key]
            del self.objects[key_of(deployment)]

    def _start(self, deployment: Object, pod: Object) -> None:
        name, namespace = deployment["metadata"]["name"], deployment["metadata"]["namespace"]
        image = deployment["spec"]["template"]["spec"]["containers"][-1]["image"]
        container = pod["status"]["containerStatuses"][0]
        if ("ConfigMap", namespace, f"flink-config-{name}") not in self.objects:
            return
        pod["age"] = pod.get("age", 0) + 1
        if image in self.bad_images:
            reason = "ImagePullBackOff" if pod["age"] > 3 else "ErrImagePull"
            container["state"] = {"waiting": {"reason": reason, "message": "no such image"}}
        elif pod["age"] > 6:
            container |= {"ready": True, "state": {"running": {}}}
            pod["status"]["phase"] = "Running"

    def _report(self, deployment: Object, ready: int) -> None:
        status = deployment.setdefault("status", {})
        conditions = status.get("conditions") or [{"status": None}]
        told = "True" if ready else "False"
        if conditions[0]["status"] != told:
            since = stamp(self.now)
            available = {"type": "Available", "status": told, "lastTransitionTime": since}
            status |= {"conditions": [available], "availableReplicas": ready}

    def make_taskmanager(self, jobmanager: Object) -> None:
        owner = jobmanager["metadata"]["ownerReferences"][0]
        deployment = next(it for it in self.chosen("Deployment") if uid_of(it) == owner["uid"])
        self._make_pod(deployment, "taskmanager")

    def _make_pod(self, deployment: Object, component: str) -> None:
        metadata = deployment["metadata"]
        labels = {**deployment["metadata"]["labels"], "component": component}
        self._counter += 1
        owner = {"kind": "Deployment", "uid": uid_of(deployment), "name": metadata["name"]}
        self.put(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": f"{metadata['name']}-{component}-{self._counter}",
                    "namespace": metadata["namespace"],
                    "labels": labels,
                    "ownerReferences": [owner],
                },
                "status": {
                    "phase": "Pending",
                    "containerStatuses": [{"name": "main", "ready": False, "state": {}}],
                },
            }
        )

    def _pods_of(self, deployment: Object) -> Iterator[Object]:
        for pod in self.chosen("Pod"):
            owners = pod["metadata"].get("ownerReferences") or ()
            if any(owner["uid"] == uid_of(deployment) for owner in owners):
                yield pod

    def _jobmanagers(self) -> list[Object]:
        """Those that are up, the ones that are asked to end among them."""
        return [
            pod
            for pod in self.chosen("Pod", labels="component=jobmanager")
            if pod["status"]["containerStatuses"][0]["ready"]
        ]


BEFORE: dict[Fault, Exception] = {
    Fault.BUSY: ApiServerBusy("429: later"),
    Fault.NO_WAY: ApiServerUnreachable("connection refused"),
    Fault.CRASH: Crashed(),
}
AFTER: dict[Fault, Exception] = {
    Fault.LOST_ANSWER: ApiServerUnreachable("connection reset"),
    Fault.CRASH_AFTER: Crashed(),
}


def _strike(when: Mapping[Fault, Exception], fault: Fault | None) -> None:
    if fault in when:
        raise when[fault]


def key_of(item: Mapping[str, Any]) -> Key:
    kind = kind_of(item)
    metadata = item["metadata"]
    is_global = kind is not None and not kind.namespaced
    return item["kind"], "" if is_global else metadata.get("namespace", ""), metadata["name"]


def uid_of(item: Mapping[str, Any]) -> str:
    return str(item["metadata"]["uid"])


def stamp(time: datetime) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%SZ")


def merged(old: Mapping[str, Any], new: Mapping[str, Any]) -> Object:
    """Maps are merged, anything else is taken from the new one."""
    found = copy.deepcopy(dict(old))
    for key, value in new.items():
        both = isinstance(value, Mapping) and isinstance(found.get(key), Mapping)
        found[key] = merged(found[key], value) if both else copy.deepcopy(value)
    return found
