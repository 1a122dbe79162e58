"""A job's interruption in an upgrade: the last record before it, the first one after.

Plain steps against Kubernetes and Flink, no playbook: what an upgrade costs before any of our own
time. `python benchmarks/interruption.py [way ...]`; the ways stand in WAYS, modes in MODES.
"""

from __future__ import annotations

import dataclasses
import os
import shutil
import statistics
import sys
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / ".tree"), str(ROOT / "tests")]

from ansible_collections.flinkops.flink.plugins.module_utils.core import boost
from ansible_collections.flinkops.flink.plugins.module_utils.core.manifests import Manifests, render
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import Start
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import FlinkError
from ansible_collections.flinkops.flink.plugins.module_utils.flink.operations import (
    InProgress,
    SavepointAt,
    SavepointWanted,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube import resize
from ansible_collections.flinkops.flink.plugins.module_utils.kube.act import make_cluster
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Access, Api, connect
from ansible_collections.flinkops.flink.plugins.module_utils.kube.flink_look import flink_client
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    FLINK_DEPLOYMENT,
    POD,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.leadership import (
    give_back_leadership,
)
from support.steerable import Start as Counted
from support.steerable import SteerableJob

NAMESPACE = os.environ.get("BENCH_NAMESPACE", "flinkops-bench")
STATE = Path(os.environ.get("BENCH_STATE", "/var/lib/flinkops/local-cluster/flink-state"))
JAR = ROOT / "tests/jobs/steerable/target/steerable.jar"
RUNS = int(os.environ.get("BENCH_RUNS", "3"))
MODES = ("stateless", "savepoint", "last-state")
LAST_STATE = "KUBERNETES_OPERATOR_LAST_STATE"
DEADLINE = timedelta(minutes=3)
POLL = 0.1


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How an upgrade is done; the same requests and limits once the job runs in all of them."""

    boost: str = ""
    conf: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    first: Mapping[str, str] = field(default_factory=dict)
    """Configuration of the first start alone; the upgrade that ends it is not measured."""
    kills: bool = False
    """No grace for the old pods: of a job that has ended, there is nothing left to close."""
    frees_lease: bool = False
    """The leadership of a JobManager that is gone for good is given back in its name."""


_EARLY = {"slotmanager.number-of-slots.min": "1"}
_SHARED = "/flink-state/class-data"
_QUICK = "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC"


def _class_data(flag: str) -> dict[str, str]:
    roles = ("jobmanager", "taskmanager")
    return {f"env.java.opts.{role}": f"-XX:{flag}={_SHARED}/{role}.jsa" for role in roles}


_DUMPED = _class_data("ArchiveClassesAtExit")
_USED = _class_data("SharedArchiveFile")
_COMPILED = {"JAVA_TOOL_OPTIONS": _QUICK}
WAYS = {
    "plain": Way(),
    "boosted": Way(boost="2"),
    "boosted, lock given back": Way(boost="2", frees_lease=True),
    "boosted, lock, early TaskManagers": Way(boost="2", frees_lease=True, conf=_EARLY),
    "boosted, lock, early, no grace": Way(boost="2", frees_lease=True, conf=_EARLY, kills=True),
    "boosted, lock, early, no grace, class data": Way(
        boost="2", frees_lease=True, conf=_EARLY | _USED, first=_DUMPED, kills=True
    ),
    "all, first compiler only": Way(
        boost="2",
        frees_lease=True,
        conf=_EARLY | _USED,
        first=_DUMPED,
        kills=True,
        variables=_COMPILED,
    ),
    "plain, lock given back": Way(frees_lease=True),
    "plain, early TaskManagers": Way(conf=_EARLY),
    "plain, class data": Way(conf=_USED, first=_DUMPED),
    "plain, first compiler only": Way(variables=_COMPILED),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """Seconds since the last record of the old job."""

    stopped: float
    deleted: float
    jobmanager_runs: float
    taskmanager_runs: float
    first_record: float
    pods_cpu: float
    """CPU that the pods took, in seconds."""
    others: float
    """The share of the machine that anything else took: above 0.2 the figures say little."""

    def told(self) -> str:
        return " ".join(f"{key} {value:.1f}" for key, value in dataclasses.asdict(self).items())


@dataclass(frozen=True, slots=True, kw_only=True)
class Used:
    """CPU seconds since the machine's start."""

    all: float
    busy: float
    pods: float

    @classmethod
    def now(cls) -> Used:
        ticks = [int(text) for text in Path("/proc/stat").read_text().split("\n")[0].split()[1:9]]
        second = os.sysconf("SC_CLK_TCK")
        usage = Path("/sys/fs/cgroup/cpuacct").glob("flinkops-*/kubepods/cpuacct.usage")
        pods = sum(int(file.read_text()) for file in usage) / 1e9
        idle = ticks[3] + ticks[4]
        return cls(all=sum(ticks) / second, busy=(sum(ticks) - idle) / second, pods=pods)

    def others_since(self, before: Used) -> float:
        others = (self.busy - before.busy) - (self.pods - before.pods)
        return others / max(self.all - before.all, 1)


class Bench:
    def __init__(self, api: Api, way: Way, mode: str) -> None:
        self.api, self.way, self.mode = api, way, mode
        self.name = f"bench-{uuid.uuid4().hex[:6]}"
        self.job = SteerableJob.in_folder(STATE / self.name)
        shutil.copy(JAR, STATE / JAR.name)
        (STATE / "class-data").mkdir(exist_ok=True)
        (STATE / "class-data").chmod(0o777)
        self.generation = 0
        self.job_id = ""
        self.owner = str(self.api.create(self.resource())["metadata"]["uid"])

    def resource(self) -> dict[str, Any]:
        shared = {
            "containers": [
                {
                    "name": "flink-main-container",
                    "volumeMounts": [{"name": "flink-state", "mountPath": "/flink-state"}],
                    "env": [{"name": k, "value": v} for k, v in self.way.variables.items()],
                }
            ],
            "volumes": [
                {"name": "flink-state", "hostPath": {"path": str(STATE), "type": "Directory"}}
            ],
        }
        here = f"/flink-state/{self.name}"
        conf = {
            "execution.checkpointing.interval": "2 s",
            "execution.checkpointing.dir": f"file://{here}/checkpoints",
            "execution.checkpointing.savepoint-dir": f"file://{here}/savepoints",
            "kubernetes.jobmanager.cpu.limit-factor": "2.5",
            "kubernetes.taskmanager.cpu.limit-factor": "2.5",
            **(self.way.conf if self.generation else self.way.first or self.way.conf),
        }
        if self.mode == "last-state":
            conf["high-availability.type"] = "kubernetes"
            conf["high-availability.storageDir"] = f"file://{here}/ha"
        if self.way.boost:
            conf[boost.CPU_LIMIT.key] = self.way.boost
        role = {"resource": {"cpu": 0.2, "memory": "1024m"}}
        return {
            "apiVersion": "flink.apache.org/v1beta1",
            "kind": "FlinkDeployment",
            "metadata": {"name": self.name, "namespace": NAMESPACE},
            "spec": {
                "image": os.environ.get("BENCH_IMAGE", "local/flink:1.20"),
                "imagePullPolicy": "IfNotPresent",
                "flinkVersion": os.environ.get("BENCH_VERSION", "v1_20"),
                "serviceAccount": "flink",
                "flinkConfiguration": conf,
                "podTemplate": {"spec": shared},
                "jobManager": role,
                "taskManager": role,
                "job": {
                    "jarURI": f"local:///flink-state/{JAR.name}",
                    "args": ["--out", f"{here}/out", "--control", f"{here}/control"],
                    "parallelism": 1,
                    "upgradeMode": self.mode,
                },
            },
        }

    def made(self, savepoint: str | None) -> Manifests:
        if self.mode != "last-state" or not self.job_id:
            self.job_id = uuid.uuid4().hex
        start = Start(
            job_id=self.job_id,
            generation=self.generation + 1,
            owner_uid=self.owner,
            savepoint=savepoint,
            job_result_store=str(uuid.uuid4()) if self.mode == "last-state" else None,
        )
        wanted = boost.boosted(parse(self.resource(), namespace=NAMESPACE), base={})
        return render(wanted, base={}, start=start)

    def make(self, savepoint: str | None = None) -> None:
        make_cluster(self.api, self.made(savepoint), dry_run=False)
        self.generation += 1

    def pods(self, component: str = "") -> list[dict[str, Any]]:
        role = f",component={component}" if component else ""
        return self.api.list(POD, NAMESPACE, labels=f"app={self.name}{role}")

    def first_start(self) -> None:
        self.make()
        self.runs_on(after=0)

    def runs_on(self, *, after: int) -> Counted:
        """A checkpoint of the new start, then the pods are as the plain way has them."""
        began = self.job.board.wait_for_start(after=after, within=DEADLINE)
        self.job.board.wait_for_progress(within=DEADLINE)
        self.job.board.wait_for_progress(within=DEADLINE)
        if self.way.boost:
            for found in resize.resize(self.api, self.resizes()):
                if found.reason:
                    raise SystemExit(f"{found}")
        until(self.is_plain, "the pods have their plain limits")
        return began

    def resizes(self) -> tuple[boost.Resize, ...]:
        raises = boost.raised(parse(self.resource(), namespace=NAMESPACE), base={})
        return boost.to_resize(self.pods(), raises)

    def is_plain(self) -> bool:
        """By what the node says that it gives."""
        limits = {
            status.get("resources", {}).get("limits", {}).get("cpu")
            for pod in self.pods()
            for status in pod["status"].get("containerStatuses", ())
        }
        return limits == {"500m"}

    def upgrade(self) -> Upgrade:
        starts = len(self.job.board.starts())
        before = Used.now()
        savepoint = self.stopped()
        stopped = time.time()
        # The class data are written while a JVM ends, which no grace would cut short.
        self.deleted(by_force=self.way.kills and not (self.way.first and self.generation == 1))
        if self.way.frees_lease:
            give_back_leadership(self.api, name=self.name, namespace=NAMESPACE)
        deleted = time.time()
        self.make(savepoint)
        seen = {role: self.when_running(role) for role in ("jobmanager", "taskmanager")}
        began = self.job.board.wait_for_start(after=starts, within=DEADLINE)
        used = Used.now()
        last = (self.job.board.starts()[-2].last_record_ms or 0) / 1000
        first = (began.first_record_ms or 0) / 1000
        if self.mode != "stateless" and not began.restored:
            raise SystemExit("it did not start from its state")
        self.runs_on(after=starts)
        return Upgrade(
            stopped=stopped - last,
            deleted=deleted - last,
            jobmanager_runs=seen["jobmanager"] - last,
            taskmanager_runs=seen["taskmanager"] - last,
            first_record=first - last,
            pods_cpu=used.pods - before.pods,
            others=used.others_since(before),
        )

    def stopped(self) -> str | None:
        """The savepoint of a job that has ended; the name for no savepoint in last-state mode."""
        client = flink_client(self.api, name=self.name, namespace=NAMESPACE)
        if self.mode == "stateless":
            client.cancel(self.job_id)
            until(lambda: client.result(self.job_id).done, "the job has ended")
            return None
        if self.mode == "last-state":
            return LAST_STATE
        wanted = SavepointWanted(trigger_id=uuid.uuid4().hex)
        client.stop(self.job_id, wanted)
        until(
            lambda: (
                not isinstance(client.savepoint_status(self.job_id, wanted.trigger_id), InProgress)
            ),
            "the savepoint is done",
        )
        found = client.savepoint_status(self.job_id, wanted.trigger_id)
        if not isinstance(found, SavepointAt):
            raise SystemExit(f"no savepoint: {found}")
        return found.location

    def deleted(self, *, by_force: bool) -> None:
        """Until no pod of the old cluster is left."""
        options = {"propagationPolicy": "Foreground"}
        self.api.delete(DEPLOYMENT, self.name, NAMESPACE, options=options)
        if by_force:
            for pod in self.pods():
                grace = {"gracePeriodSeconds": 0}
                self.api.delete(POD, pod["metadata"]["name"], NAMESPACE, options=grace)
        gone = lambda: not self.pods() and not self.api.get(DEPLOYMENT, self.name, NAMESPACE)  # noqa: E731
        until(gone, "the old cluster is gone")

    def when_running(self, component: str) -> float:
        until(
            lambda: any(
                status["state"].get("running")
                for pod in self.pods(component)
                for status in pod["status"].get("containerStatuses", ())
            ),
            f"a pod of the {component} runs",
        )
        return time.time()

    def remove(self) -> None:
        self.api.delete(DEPLOYMENT, self.name, NAMESPACE, options={})
        self.api.delete(FLINK_DEPLOYMENT, self.name, NAMESPACE, options={})
        until(lambda: not self.pods(), "its pods are gone")
        for found in self.api.list(CONFIG_MAP, NAMESPACE, labels=f"app={self.name}"):
            self.api.delete(CONFIG_MAP, found["metadata"]["name"], NAMESPACE, options={})
        shutil.rmtree(STATE / self.name, ignore_errors=True)


def until(holds: Callable[[], bool], what: str) -> None:
    deadline = time.monotonic() + DEADLINE.total_seconds()
    while True:
        try:
            if holds():
                return
        except FlinkError:
            pass
        if time.monotonic() > deadline:
            raise SystemExit(f"in vain: {what}")
        time.sleep(POLL)


def measured(api: Api, way: str, mode: str) -> list[Upgrade]:
    bench = Bench(api, WAYS[way], mode)
    found = []
    try:
        bench.first_start()
        if bench.way.first:
            bench.upgrade()
        for _run in range(RUNS):
            found.append(bench.upgrade())
            print(f"  {time.strftime('%H:%M:%S')} {way} | {mode} | {found[-1].told()}", flush=True)
    finally:
        bench.remove()
    return found


def rows(ways: tuple[str, ...], modes: tuple[str, ...]) -> list[tuple[str, str]]:
    api = connect(Access())
    result = []
    for way in ways:
        for mode in modes:
            times = sorted(one.first_record for one in measured(api, way, mode))
            middle = statistics.median(times)
            spread = f"{times[0]:.1f} to {times[-1]:.1f}, n={len(times)}"
            result.append((f"{mode}, {way}", f"median {middle:.1f} s ({spread})"))
    return result


if __name__ == "__main__":
    asked = tuple(sys.argv[1:]) or tuple(WAYS)
    modes = tuple(os.environ.get("BENCH_MODES", ",".join(MODES)).split(","))
    for row in rows(asked, modes):
        print(" | ".join(row))
