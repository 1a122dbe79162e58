# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What persons do to resources of a cluster in memory, and what befalls it; each fits `edits`."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from support.world import World
from support.world_flink import CHECKPOINT
from support.world_laws import Owner
from support.world_store import Object, copied, key_of, merged, stamp, without_nulls

RESOURCE = ("FlinkDeployment", "default", "app")
OWNER: Owner = ("default", "app")
VERB = "flinkops.flink/verb"


# persons


def edit_spec(world: World, **changes: Any) -> None:
    """Merge into the spec; `job={...}` reaches into it, None takes a field out."""
    stored = copied(world.objects[RESOURCE])
    stored["spec"] = without_nulls(merged(stored["spec"], changes))
    nonce = (changes.get("job") or {}).get("savepointRedeployNonce")
    if nonce is not None:
        world.flink.laws.permitted.add(OWNER)
    world.put(stored)


def annotate(world: World, verb: str) -> None:
    """A person speaks a verb, and with it takes the blame for the next start."""
    stored = copied(world.objects[RESOURCE])
    stored["metadata"].setdefault("annotations", {})[VERB] = verb
    if verb.partition("=")[0] in ("restore-from", "restore-empty", "restore-latest"):
        world.flink.laws.permitted.add(OWNER)
    world.put(stored)


def delete(world: World) -> None:
    """Kubectl delete: at once, or when its last finalizer is taken off."""
    stored = world.objects.get(RESOURCE)
    if stored is not None:
        world.asked_to_go(stored)


def namespace_goes(world: World) -> None:
    namespace = world.objects["Namespace", "", "default"]
    gone = {**namespace["metadata"], "deletionTimestamp": stamp(world.now)}
    world.put({**namespace, "metadata": gone, "status": {"phase": "Terminating"}})


def clock_jumps(by: timedelta) -> Callable[[World], None]:
    """The driver's clock, not the cluster's."""

    def jump(world: World) -> None:
        world.skew += by

    return jump


# faults


def pods(world: World, component: str) -> list[Object]:
    return list(world.chosen("Pod", "default", f"app=app,component={component}"))


def kills_jobmanager(world: World) -> None:
    """Its Deployment makes it again: Flink's own restart."""
    _forgive_without_ha(world)
    for pod in pods(world, "jobmanager"):
        del world.objects[key_of(pod)]


def deletes_deployment(world: World) -> None:
    _forgive_without_ha(world)
    world.objects.pop(("Deployment", "default", "app"), None)


def kills_taskmanager(world: World) -> None:
    for pod in pods(world, "taskmanager"):
        del world.objects[key_of(pod)]
    job = world.flink.job_of()
    if job is not None and job.runs_whole:
        job.restart("org.apache.flink.runtime.taskexecutor.TaskManagerLost: it is gone")
        for pod in pods(world, "jobmanager"):
            world.make_taskmanager(pod)


def loses_ha_maps(world: World) -> None:
    """Somebody deletes every ConfigMap of Flink's; REST may still know the last checkpoint."""
    for item in list(world.chosen("ConfigMap", "default", "configmap-type=high-availability")):
        del world.objects[key_of(item)]
    if world.flink.job_of() is None:
        world.flink.laws.forgive(OWNER)


def loses_storage(world: World) -> None:
    world.flink.storage.goes()


def job_fails(world: World) -> None:
    job = world.flink.job_of()
    if job is not None and job.is_writer:
        job.fail("java.lang.RuntimeException: boom")


def switched(**switches: Any) -> Callable[[World], None]:
    """Turn some of Flink's switches."""

    def turn(world: World) -> None:
        for name, value in switches.items():
            setattr(world.flink, name, value)

    return turn


def _forgive_without_ha(world: World) -> None:
    """What only REST knew goes with its JobManager."""
    job = world.flink.job_of()
    if job is not None and not (job.conf.is_ha and has_checkpoint_in_ha(world)):
        world.flink.laws.forgive(OWNER)


def has_checkpoint_in_ha(world: World) -> bool:
    maps = world.chosen("ConfigMap", "default", "configmap-type=high-availability")
    return any(CHECKPOINT in key for item in maps for key in item.get("data") or {})
