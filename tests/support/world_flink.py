# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flink in memory: JobManagers that are up, their jobs, and the HA data that they leave behind."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from support.world_conf import Configured, configured
from support.world_job import LAST_STATE, Job, Switches
from support.world_laws import Laws, Owner, Start
from support.world_operations import Operations
from support.world_rest import Cache, answered
from support.world_storage import Storage

Object = dict[str, Any]
GRAPHS = ("jobGraph-", "executionPlan-")
CHECKPOINT = "checkpointID-"
GENERATION = "flinkdeployment.flink.apache.org/generation"
GONE = (
    "java.util.concurrent.CompletionException: java.io.FileNotFoundException: Cannot find "
    "checkpoint or savepoint file/directory '{}' on file system 'file'."
)


class Cluster(Protocol):
    now: datetime
    objects: dict[tuple[str, str, str], Object]
    specs: dict[tuple[str, int], Object]

    def put(self, item: Object) -> Object: ...

    def make_taskmanager(self, jobmanager: Object) -> None: ...


@dataclass(frozen=True, slots=True, kw_only=True)
class Begin:
    """What stands in the cluster when a JobManager comes up. `by_flink`: not for the first time."""

    deployment: Object
    stored: Object
    by_flink: bool


@dataclass
class Flink(Switches):
    """All Flinks of the cluster, and the storage and the laws that outlive them."""

    started: list[str] = field(default_factory=list)
    """The ids of the jobs, in the order of their starts."""
    jobs: dict[str, Job] = field(default_factory=dict)
    """By the uid of the JobManager's pod."""
    operations: dict[str, Operations] = field(default_factory=dict)
    storage: Storage = field(default_factory=Storage)
    laws: Laws = field(init=False)
    handles: dict[tuple[str, int], str] = field(default_factory=dict)
    """What the HA data of a job points to, by the checkpoint's number."""
    results: set[tuple[str, str]] = field(default_factory=set)
    """The job result store: jobs that ended, by its path."""
    deployments: set[str] = field(default_factory=set)
    """Those that have started a job."""
    resources: dict[Owner, Object] = field(default_factory=dict)
    """As they were last seen."""
    cache: Cache = field(default_factory=Cache)

    def __post_init__(self) -> None:
        self.laws = Laws(self.storage)

    def lost(self) -> list[str]:
        return self.laws.lost()

    @property
    def starts(self) -> list[Start]:
        return self.laws.starts

    def job_of(self, app: str = "app", namespace: str = "default") -> Job | None:
        """The one that its JobManager shows."""
        found = (job for job in self.jobs.values() if (job.namespace, job.app) == (namespace, app))
        return next(found, None)

    def goes_on(self, jobmanagers: list[Object], cluster: Cluster) -> None:
        self._watch(cluster)
        alive = {pod["metadata"]["uid"] for pod in jobmanagers}
        self.jobs = {uid: job for uid, job in self.jobs.items() if uid in alive}
        self.operations = {uid: self.operations[uid] for uid in self.jobs}
        for pod in jobmanagers:
            uid = pod["metadata"]["uid"]
            if uid not in self.jobs:
                self.operations[uid] = Operations()
                self.jobs[uid] = self._starts(pod, cluster)
            job = self.jobs[uid]
            was_over = job.is_over
            key = ("ConfigMap", job.namespace, f"{job.app}-{job.id}-config-map")
            job.has_lost_ha = job.conf.is_ha and job.age > 0 and key not in cluster.objects
            job.step(cluster.now)
            self.operations[uid].step(job, cluster.now)
            if job.conf.is_ha and job.is_there:
                self._keep_ha(job, cluster, is_over_now=not was_over and job.is_over)
        self.laws.assert_one_writer(list(self.jobs.values()))

    # starts

    def _starts(self, pod: Object, cluster: Cluster) -> Job:
        app, namespace = pod["metadata"]["labels"]["app"], pod["metadata"]["namespace"]
        begin = self._begins(cluster, (namespace, app))
        image = begin.deployment["spec"]["template"]["spec"]["containers"][-1]["image"]
        conf = configured(cluster.objects["ConfigMap", namespace, f"flink-config-{app}"], image)
        if not begin.by_flink:
            _check_announced(conf, begin.stored)
        _check_graphs(cluster, (namespace, app), conf)
        job = Job(
            id=conf.job_id,
            app=app,
            namespace=namespace,
            conf=conf,
            start=len(self.starts),
            parallelism=_recovered_graph(cluster, (namespace, app), conf) or conf.parallelism,
            switches=self,
            storage=self.storage,
            now=cluster.now,
        )
        cluster.make_taskmanager(pod)
        if conf.is_ha and (conf.result_store, conf.job_id) in self.results:
            job.is_there = False
        else:
            start = _start(job, begin, self._restore(job, cluster), cluster)
            self.started.append(job.id)
            self.laws.judge(start, begin.stored.get("status") or {})
        return job

    def _begins(self, cluster: Cluster, owner: Owner) -> Begin:
        deployment = cluster.objects["Deployment", *owner]
        uid = deployment["metadata"]["uid"]
        by_flink = uid in self.deployments
        self.deployments.add(uid)
        stored = cluster.objects.get(("FlinkDeployment", *owner), {"metadata": {"uid": ""}})
        return Begin(deployment=deployment, stored=stored, by_flink=by_flink)

    def _restore(self, job: Job, cluster: Cluster) -> tuple[str, str]:
        """Flink's order: a checkpoint in HA data of this very job id, then the path, then empty."""
        in_ha = self._newest_in_ha(job, cluster) if job.conf.is_ha else ""
        path = in_ha or job.conf.savepoint
        if not path:
            return "empty", ""
        found = self.storage.find(path)
        if found is None:
            job.broken = GONE.format(path)
            return "broken", path
        job.takes_over(found)
        return ("ha" if in_ha else "savepoint" if found.is_savepoint else "checkpoint"), path

    def _newest_in_ha(self, job: Job, cluster: Cluster) -> str:
        key = ("ConfigMap", job.namespace, f"{job.app}-{job.id}-config-map")
        data = cluster.objects.get(key, {}).get("data") or {}
        numbers = [int(name.removeprefix(CHECKPOINT)) for name in data if CHECKPOINT in name]
        return self.handles.get((job.id, max(numbers)), LAST_STATE) if numbers else ""

    # HA data

    def _keep_ha(self, job: Job, cluster: Cluster, *, is_over_now: bool) -> None:
        if is_over_now:
            self.results.add((job.conf.result_store, job.id))
            cluster.objects.pop(
                ("ConfigMap", job.namespace, f"{job.app}-{job.id}-config-map"), None
            )
            keep(cluster, job.app, "cluster-config-map", {}, job.namespace)
        elif not job.is_over and not job.broken:
            if job.age == 1:
                graph = {f"{job.conf.graph_prefix}{job.id}": str(job.parallelism)}
                keep(cluster, job.app, "cluster-config-map", graph, job.namespace)
            self._keep_checkpoints(job, cluster)

    def _keep_checkpoints(self, job: Job, cluster: Cluster) -> None:
        """The map is made when the job starts; a job that lost it completes no checkpoint."""
        if job.has_lost_ha:
            return
        self.handles |= {(job.id, taken.number): taken.path for taken in job.in_ha()}
        data = {f"{CHECKPOINT}{taken.number:019d}": "x" for taken in job.in_ha()}
        keep(cluster, job.app, f"{job.id}-config-map", data, job.namespace)

    # what goes on around it

    def _watch(self, cluster: Cluster) -> None:
        """A resource that is gone must have left its state somewhere."""
        there = {
            (namespace, name): item
            for (kind, namespace, name), item in cluster.objects.items()
            if kind == "FlinkDeployment"
        }
        for owner, item in self.resources.items():
            uid = item["metadata"]["uid"]
            if owner not in there or there[owner]["metadata"]["uid"] != uid:
                in_ha = self._paths_in_ha(owner, cluster)
                self.laws.judge_removal(owner, uid, item.get("status") or {}, in_ha)
        self.resources = there

    def _paths_in_ha(self, owner: Owner, cluster: Cluster) -> set[str]:
        jobs = {start.job_id for start in self.starts if start.owner == owner}
        kept = [
            cluster.objects.get(("ConfigMap", owner[0], f"{owner[1]}-{job}-config-map"), {})
            for job in jobs
        ]
        named = {key for item in kept for key in item.get("data") or {}}
        return {
            path
            for (job, number), path in self.handles.items()
            if job in jobs and f"{CHECKPOINT}{number:019d}" in named
        }

    def answer(
        self, method: str, path: str, body: Object | None, now: datetime
    ) -> tuple[int, bytes]:
        """What the API server's proxy brings back: a status and bytes."""
        return answered(self, method, path, body, now)


def _start(job: Job, begin: Begin, origin: tuple[str, str], cluster: Cluster) -> Start:
    status = begin.stored.get("status") or {}
    uid = begin.stored["metadata"]["uid"]
    generation = int((begin.deployment["metadata"].get("annotations") or {}).get(GENERATION, 0))
    spec = cluster.specs.get((uid, generation)) or begin.stored.get("spec") or {}
    state = (status.get("reconciliationStatus") or {}).get("state", "")
    return Start(
        owner=(job.namespace, job.app),
        uid=uid,
        job_id=job.id,
        generation=generation,
        origin=origin[0],
        path=origin[1],
        counter=job.counter,
        by_flink=begin.by_flink,
        mode=str((spec.get("job") or {}).get("upgradeMode", "stateless")).lower(),
        because=str((status.get("startedFrom") or {}).get("because", "")),
        is_rollback=state in ("ROLLING_BACK", "ROLLED_BACK"),
        observed=int(status.get("observedGeneration") or 0),
    )


def _check_announced(conf: Configured, stored: Object) -> None:
    status = stored.get("status") or {}
    announced = (status.get("jobStatus") or {}).get("jobId")
    assert announced == conf.job_id, f"{conf.job_id} starts, and {announced} was written ahead"


def _check_graphs(cluster: Cluster, owner: Owner, conf: Configured) -> None:
    known = {name for name, _ in _graphs(cluster, owner)} - {conf.job_id}
    assert not known or not conf.is_ha, (
        f"the job graph of {known} is recovered beside {conf.job_id}"
    )


def _recovered_graph(cluster: Cluster, owner: Owner, conf: Configured) -> int | None:
    """A job graph in the HA data is what runs, whatever the configuration says by now."""
    found = dict(_graphs(cluster, owner)).get(conf.job_id, "")
    return int(found) if conf.is_ha and found.isdigit() else None


def _graphs(cluster: Cluster, owner: Owner) -> list[tuple[str, str]]:
    key = ("ConfigMap", owner[0], f"{owner[1]}-cluster-config-map")
    data = cluster.objects.get(key, {}).get("data") or {}
    return [
        (name.partition("-")[2], value) for name, value in data.items() if name.startswith(GRAPHS)
    ]


def keep(cluster: Cluster, app: str, name: str, data: Object, namespace: str = "default") -> None:
    """Write one of Flink's HA ConfigMaps."""
    labels = {"app": app, "type": "flink-native-kubernetes"}
    labels["configmap-type"] = "high-availability"
    metadata = {"name": f"{app}-{name}", "namespace": namespace, "labels": labels}
    old = cluster.objects.get(("ConfigMap", namespace, f"{app}-{name}"))
    kept = {**(old["metadata"] if old else {}), **metadata}
    cluster.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": kept, "data": data})
