# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The controllers of a cluster, in memory and in steps: garbage, Deployments, pods."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import timedelta

from support.world_conf import configured
from support.world_flink import Flink
from support.world_store import Object, Store, copied, key_of, stamp, uid_of

STEP = timedelta(milliseconds=100)
NO_QUOTA = {
    "type": "ReplicaFailure",
    "status": "True",
    "reason": "FailedCreate",
    "message": "pods are forbidden: exceeded quota: small",
}


@dataclass
class Controllers(Store):
    bad_images: frozenset[str] = frozenset()
    is_node_lost: bool = False
    """Pods that are asked to end never do."""
    is_still: bool = False
    """No controller does anything."""
    has_no_quota: bool = False
    """New pods are refused."""
    flink: Flink = field(default_factory=Flink)

    def passes(self, time: timedelta) -> None:
        """The controllers work in steps; a long time is no more than twenty of them."""
        self.now += time
        for _ in range(0 if self.is_still else min(20, time // STEP)):
            self._end_namespaces()
            self._collect_garbage()
            for deployment in list(self.chosen("Deployment")):
                self._control(deployment)
            self.flink.goes_on(self._jobmanagers(), self)

    def _end_namespaces(self) -> None:
        """Everything in it is asked to go, in no order that anybody could rely on."""
        for namespace in list(self.chosen("Namespace")):
            if "deletionTimestamp" not in namespace["metadata"]:
                continue
            name = namespace["metadata"]["name"]
            for item in [it for it in self.objects.values() if key_of(it)[1] == name]:
                self.asked_to_go(item, at_once=item["kind"] != "Pod")
            if not any(where == name for _, where, _ in self.objects):
                self.objects.pop(key_of(namespace), None)

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
        for key in [key for key in self.objects if key[0] == "Pod"]:
            item = self.objects[key]
            if "deletionTimestamp" in item["metadata"] and not self.is_node_lost:
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
        elif not mine and not self.has_no_quota:
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
        namespace = deployment["metadata"]["namespace"]
        image = deployment["spec"]["template"]["spec"]["containers"][-1]["image"]
        container = pod["status"]["containerStatuses"][0]
        if ("ConfigMap", namespace, _config_of(deployment)) not in self.objects:
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
        is_refused = self.has_no_quota and not list(self._pods_of(deployment))
        status["conditions"] = [status["conditions"][0], *([NO_QUOTA] if is_refused else [])]

    def make_taskmanager(self, jobmanager: Object) -> None:
        if self.has_no_quota:
            return
        owner = jobmanager["metadata"]["ownerReferences"][0]
        for deployment in list(self.chosen("Deployment")):
            if uid_of(deployment) == owner["uid"]:
                self._make_pod(deployment, "taskmanager")
        for pod in self.chosen("Pod", labels="component=taskmanager"):
            pod["status"]["phase"] = "Running"

    def _make_pod(self, deployment: Object, component: str) -> None:
        metadata = deployment["metadata"]
        labels = {**deployment["metadata"]["labels"], "component": component}
        self.counter += 1
        owner = {"kind": "Deployment", "uid": uid_of(deployment), "name": metadata["name"]}
        self.put(
            {
                "apiVersion": "v1",
                "kind": "Pod",
                "metadata": {
                    "name": f"{metadata['name']}-{component}-{self.counter}",
                    "namespace": metadata["namespace"],
                    "labels": labels,
                    "ownerReferences": [owner],
                },
                "spec": self._pod_spec(deployment, component),
                "status": {
                    "phase": "Pending",
                    "containerStatuses": [{"name": "main", "ready": False, "state": {}}],
                },
            }
        )

    def _pod_spec(self, deployment: Object, component: str) -> Object:
        """Flink makes the TaskManagers from its configuration."""
        spec: Object = copied(deployment["spec"]["template"]["spec"])
        key = ("ConfigMap", deployment["metadata"]["namespace"], _config_of(deployment))
        if component == "taskmanager" and key in self.objects:
            spec["containers"][-1]["resources"] = configured(self.objects[key], "").taskmanager_cpu
        return spec

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


def _config_of(deployment: Object) -> str:
    return f"flink-config-{deployment['metadata']['name']}"
