# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flink in memory: jobs of the JobManagers that are up, and the REST API that tells of them."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any, Protocol

Object = dict[str, Any]
JOB_ID = re.compile(r"^\$internal\.pipeline\.job-id: (\S+)$", re.MULTILINE)
HA = re.compile(r"^high-availability\.type: kubernetes$", re.MULTILINE)


class Cluster(Protocol):
    objects: dict[tuple[str, str, str], Object]

    def put(self, item: Object) -> Object: ...

    def make_taskmanager(self, jobmanager: Object) -> None: ...


@dataclass
class Flink:
    """A job runs with all its tasks `slow` steps after its JobManager came up."""

    slow: int = 10
    is_silent: bool = False
    fails: bool = False
    started: list[str] = field(default_factory=list)
    jobs: dict[str, Object] = field(default_factory=dict)
    """By the uid of the JobManager's pod."""

    def goes_on(self, jobmanagers: list[Object], cluster: Cluster) -> None:
        alive = {pod["metadata"]["uid"] for pod in jobmanagers}
        self.jobs = {uid: job for uid, job in self.jobs.items() if uid in alive}
        for pod in jobmanagers:
            uid = pod["metadata"]["uid"]
            if uid not in self.jobs:
                self._starts(pod, cluster)
            self.jobs[uid]["age"] += 1
            self._checkpoints(pod, self.jobs[uid], cluster)
        if len(self.jobs) > 1:
            raise AssertionError(f"two writers at once: {list(self.jobs.values())}")

    def _starts(self, pod: Object, cluster: Cluster) -> None:
        app = pod["metadata"]["labels"]["app"]
        config = cluster.objects["ConfigMap", pod["metadata"]["namespace"], f"flink-config-{app}"]
        text = config["data"]["flink-conf.yaml"]
        found = JOB_ID.search(text)
        assert found is not None
        stored = cluster.objects["FlinkDeployment", "default", app]
        announced = stored["status"]["jobStatus"]["jobId"]
        assert announced == found[1], f"{found[1]} starts, and {announced} was written ahead"
        known = _graphs(cluster, app) - {found[1]}
        assert not known, f"the job graph of {known} is recovered beside {found[1]}"
        job = {"id": found[1], "age": 0, "is_ha": HA.search(text) is not None, "app": app}
        self.started.append(found[1])
        self.jobs[pod["metadata"]["uid"]] = job
        cluster.make_taskmanager(pod)
        if job["is_ha"]:
            keep(cluster, app, "cluster-config-map", {f"jobGraph-{job['id']}": "x"})
            keep(cluster, app, f"{job['id']}-config-map", {})

    def _checkpoints(self, pod: Object, job: Object, cluster: Cluster) -> None:
        if job["is_ha"] and self._completed(job):
            data = {f"checkpointID-{self._completed(job):019d}": "x"}
            keep(cluster, job["app"], f"{job['id']}-config-map", data)

    def _completed(self, job: Object) -> int:
        return 0 if self.fails else max(0, int(job["age"]) - self.slow) // 5

    def answer(self, path: str) -> tuple[int, bytes]:
        """What the API server's proxy brings back."""
        if self.is_silent or not self.jobs:
            return 503, json.dumps({"kind": "Status", "message": "no endpoints"}).encode()
        job = next(iter(self.jobs.values()))
        rest = path.partition("/proxy")[2]
        for pattern, told in (
            (r"/config", self._config),
            (r"/jobs/overview", self._overview),
            (r"/jobs/\w+/checkpoints", self._statistics),
            (r"/jobs/\w+/exceptions", self._exceptions),
        ):
            if re.fullmatch(pattern, rest):
                return 200, json.dumps(told(job)).encode()
        return 404, b'{"errors": ["Not found."]}'

    def _config(self, _job: Object) -> Object:
        return {
            "flink-version": "1.20.5",
            "flink-revision": "0980485 @ 2026",
            "refresh-interval": 1,
        }

    def _overview(self, job: Object) -> Object:
        if job["age"] < self.slow // 2:
            return {"jobs": []}
        runs = 2 if job["age"] >= self.slow else 0
        state = "FAILED" if self.fails and runs else "RUNNING"
        tasks = {"total": 2, "running": runs, "created": 2 - runs}
        told = {"jid": job["id"], "name": "counter", "state": state, "tasks": tasks}
        return {"jobs": [{**told, "start-time": 1795255254588, "end-time": -1, "duration": 1}]}

    def _statistics(self, job: Object) -> Object:
        completed = self._completed(job)
        counts = {"restored": 0, "total": completed, "in_progress": 0, "failed": 0}
        path = f"file:///cp/{job['id']}/chk-{completed}"
        last = {"id": completed, "status": "COMPLETED", "external_path": path}
        latest = {"completed": last if completed else None, "savepoint": None, "restored": None}
        return {"counts": {**counts, "completed": completed}, "latest": latest, "history": []}

    def _exceptions(self, _job: Object) -> Object:
        cause = "java.lang.RuntimeException: boom" if self.fails else None
        return {"root-exception": cause, "timestamp": None, "all-exceptions": []}


def _graphs(cluster: Cluster, app: str) -> set[str]:
    found = cluster.objects.get(("ConfigMap", "default", f"{app}-cluster-config-map"), {})
    return {key.removeprefix("jobGraph-") for key in found.get("data") or {} if "jobGraph-" in key}


def keep(cluster: Cluster, app: str, name: str, data: Object) -> None:
    labels = {"app": app, "type": "flink-native-kubernetes"}
    labels["configmap-type"] = "high-availability"
    metadata = {"name": f"{app}-{name}", "namespace": "default", "labels": labels}
    old = cluster.objects.get(("ConfigMap", "default", f"{app}-{name}"))
    kept = {**(old["metadata"] if old else {}), **metadata}
    cluster.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": kept, "data": data})
