# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Clusters in memory that are made and taken away by hand: no turn decides anything."""

from __future__ import annotations

import copy
from datetime import timedelta
from typing import Any, cast

from ansible_collections.flinkops.flink.plugins.module_utils.flink.client import FlinkClient
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.flink_look import flink_client
from support.lifecycle_world import RESOURCE
from support.resources import definition
from support.world import World
from support.world_flink import GENERATION
from support.world_job import Job

FIRST, SECOND = "1" * 32, "2" * 32
TRIGGER = "f" * 32
CHECKPOINTS = {
    "execution.checkpointing.interval": "5 s",
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
    "state.savepoints.dir": "file:///sp",
}
HA = {**CHECKPOINTS, "high-availability.type": "kubernetes"}


def world(mode: str = "savepoint", **fields: Any) -> World:
    found = World(**fields)
    found.put(definition(upgradeMode=mode))
    return found


def announce(world: World, job_id: str, because: str = "first deployment", **status: Any) -> None:
    """The status that is written ahead of a start."""
    stored = copy.deepcopy(world.objects[RESOURCE])
    new = {"jobStatus": {"jobId": job_id}, "startedFrom": {"because": because}, **status}
    new["observedGeneration"] = stored["metadata"]["generation"]
    world.put({**stored, "status": {**(stored.get("status") or {}), **new}})


def make(world: World, job_id: str, conf: dict[str, str] | None = None, image: str = "i") -> None:
    """The JobManager's Deployment and its ConfigMap."""
    given = {"parallelism.default": "2", **(CHECKPOINTS if conf is None else conf)}
    settings = {**given, "$internal.pipeline.job-id": job_id}
    stored = world.objects[RESOURCE]["metadata"]
    owner = {"kind": "FlinkDeployment", "uid": stored["uid"], "name": "app"}
    labels = {"app": "app", "type": "flink-native-kubernetes"}
    metadata = {
        "name": "app",
        "namespace": "default",
        "labels": labels,
        "annotations": {GENERATION: str(stored["generation"])},
        "ownerReferences": [owner],
    }
    pod = {"spec": {"containers": [{"name": "flink-main-container", "image": image}]}}
    spec = {"replicas": 1, "template": pod}
    kind = {"apiVersion": "apps/v1", "kind": "Deployment"}
    uid = world.put({**kind, "metadata": metadata, "spec": spec})["metadata"]["uid"]
    world.objects.pop(("ConfigMap", "default", "flink-config-app"), None)
    text = "".join(f"{key}: {value}\n" for key, value in settings.items())
    owned = {"ownerReferences": [{"kind": "Deployment", "uid": uid, "name": "app"}]}
    named = {"name": "flink-config-app", "namespace": "default", "labels": labels, **owned}
    data = {"flink-conf.yaml": text}
    world.put({"apiVersion": "v1", "kind": "ConfigMap", "metadata": named, "data": data})


def unmake(world: World) -> None:
    del world.objects["Deployment", "default", "app"]
    steps(world, 12)
    assert world.flink.job_of() is None


def started(world: World, job_id: str = FIRST, conf: dict[str, str] | None = None) -> Job:
    """Announce it, make it, and wait until it has run for some time."""
    announce(world, job_id)
    make(world, job_id, conf)
    steps(world, 40)
    return job_of(world)


def job_of(world: World) -> Job:
    found = world.flink.job_of()
    assert found is not None
    return found


def steps(world: World, count: int) -> None:
    for _ in range(count):
        world.passes(timedelta(milliseconds=100))


def client(world: World) -> FlinkClient:
    """The real one: what it can't read has the wrong shape."""
    return flink_client(cast("Api", world), name="app", namespace="default")
