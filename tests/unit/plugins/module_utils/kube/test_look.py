# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A look reads objects into facts, and Flink's silence into a value of its own."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    GENERATION_ANNOTATION,
    FlinkSeen,
    Seen,
    Unseen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Forbidden
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import NAMESPACE, Kind
from ansible_collections.flinkops.flink.plugins.module_utils.kube.look import (
    Subject,
    is_ha_data,
    is_ha_map,
    look,
)
from support import golden, looks
from support.driver import Driver
from support.lifecycle_world import namespace_goes
from support.world import World
from support.world_store import stamp

APP = Subject(name="app", namespace="default")


def seen(world: World, subject: Subject = APP) -> Seen:
    return look(cast("Api", world), subject, now=world.now).seen


def running() -> World:
    found = Driver(World())
    found.world.put(looks.definition())
    found.deploy()
    return found.world


def ha_map(name: str, data: tuple[str, ...] = (), **labels: str) -> dict[str, Any]:
    usual = {"app": "app", "type": "flink-native-kubernetes"}
    return {
        "apiVersion": "v1",
        "kind": "ConfigMap",
        "metadata": {"name": name, "namespace": "default", "labels": {**usual, **labels}},
        "data": dict.fromkeys(data, "x"),
    }


def test_nothing_there_is_seen_as_nothing() -> None:
    found = seen(World())
    assert (found.resource, found.cluster, found.claim) == (None, None, None)
    assert isinstance(found.flink, Unseen)


def test_a_running_application_is_seen_whole() -> None:
    found = seen(running())
    assert found.cluster is not None
    assert (found.cluster.is_complete, found.cluster.replicas, found.cluster.generation) == (
        True,
        1,
        1,
    )
    assert (found.pods.jobmanagers, found.pods.taskmanagers) == (1, 1)
    assert isinstance(found.flink, FlinkSeen)
    assert found.flink.job is not None
    assert found.flink.job.tasks_running == found.flink.job.tasks == 2
    assert found.claim is not None


def test_a_look_writes_nothing() -> None:
    world = running()
    writes = len(world.writes)
    seen(world)
    assert len(world.writes) == writes


def test_silence_is_a_value_with_its_reason() -> None:
    world = running()
    world.flink.is_silent = True
    found = seen(world).flink
    assert isinstance(found, Unseen)
    assert "no endpoints" in found.why


@pytest.mark.parametrize("kind", ["Service", "ConfigMap"])
def test_a_cluster_that_lacks_an_object_is_not_complete(kind: str) -> None:
    world = running()
    gone = next(key for key in world.objects if key[0] == kind)
    del world.objects[gone]
    found = seen(world).cluster
    assert found is not None
    assert not found.is_complete


def test_whose_a_deployment_is_and_what_it_was_made_for() -> None:
    world = running()
    world.is_still = True
    deployment = world.objects["Deployment", "default", "app"]
    deployment["metadata"]["ownerReferences"] = [{"kind": "ReplicaSet", "uid": "x"}]
    deployment["metadata"]["annotations"][GENERATION_ANNOTATION] = "seven"
    found = seen(world).cluster
    assert found is not None
    assert (found.owner_uid, found.generation) == ("", None)


@pytest.mark.parametrize(
    ("conditions", "never"),
    [
        ([], False),
        ([("Progressing", "False", 0)], False),
        ([("Available", "False", 0)], True),
        ([("Available", "False", 5)], True),
        ([("Available", "False", 6)], False),
        ([("Available", "True", 0)], False),
    ],
)
def test_never_available_means_false_from_the_beginning(
    conditions: list[tuple[str, str, int]], never: bool
) -> None:
    world = running()
    world.is_still = True
    deployment = world.objects["Deployment", "default", "app"]
    deployment["metadata"]["creationTimestamp"] = "2026-11-21T12:00:00Z"
    deployment["status"] = {
        "conditions": [
            {"type": kind, "status": told, "lastTransitionTime": f"2026-11-21T12:00:0{after}Z"}
            for kind, told, after in conditions
        ]
    }
    found = seen(world).cluster
    assert found is not None
    assert found.never_available is never


NEVER = (
    "deploying",
    "failed-bad-class",
    "upgraded-image-cannot-be-pulled",
    "stable-after-last-state",
)


@pytest.mark.row("C-045")
@pytest.mark.parametrize("state", [name for name in golden.STATES if "snapshot" not in name])
def test_a_jobmanager_that_never_came_up_is_told_from_one_that_did(state: str) -> None:
    world = World(is_still=True)
    for item in golden.objects(state):
        if item["kind"] in ("FlinkDeployment", "Deployment", "Pod"):
            metadata = item["metadata"]
            world.objects[item["kind"], metadata["namespace"], metadata["name"]] = item
    name = golden.deployment(state)["metadata"]["name"]
    found = seen(world, Subject(name=name, namespace="adopt")).cluster
    assert (found is not None and found.never_available) is (state in NEVER)


@pytest.mark.row("C-050")
@pytest.mark.parametrize(
    ("item", "is_map", "is_data"),
    [
        (ha_map("app-cluster-config-map"), True, False),
        (ha_map("app-cluster-config-map", ("org.apache.flink.k8s.leader.x",)), True, False),
        (ha_map("app-cluster-config-map", ("jobGraph-1",)), True, True),
        (ha_map("app-cluster-config-map", ("executionPlan-1",)), True, True),
        (ha_map("app-1-config-map"), True, True),
        (ha_map("app-1-config-map", ("checkpointID-1",)), True, True),
        (ha_map("app-1-jobmanager-leader"), True, True),
        (ha_map("app-1-config-map", type="flink-standalone-kubernetes"), True, True),
        (ha_map("flink-config-app"), False, False),
        (ha_map("pod-template-app"), False, False),
        (ha_map("autoscaler-app-config-map", component="autoscaler"), False, False),
        (ha_map("mine-config-map", type="mine"), False, False),
    ],
)
def test_flinks_own_data_is_told_from_other_maps(
    item: dict[str, Any], is_map: bool, is_data: bool
) -> None:
    assert (is_ha_map(item), is_ha_data(item)) == (is_map, is_data)
    item["metadata"]["deletionTimestamp"] = "now"
    assert (is_ha_map(item), is_ha_data(item)) == (False, False)


@pytest.mark.row("C-050")
@pytest.mark.parametrize(
    ("state", "data", "maps", "checkpoint"),
    [
        ("stable-savepoint-ha", 2, 2, True),
        ("suspended-savepoint", 1, 2, True),
        ("stable-stateless", 0, 0, False),
    ],
)
def test_recorded_ha_data_is_found(state: str, data: int, maps: int, checkpoint: bool) -> None:
    world = World(is_still=True)
    for item in golden.objects(state):
        metadata = item["metadata"]
        world.objects[item["kind"], metadata["namespace"], metadata["name"]] = item
    found = seen(
        world, Subject(name=golden.deployment(state)["metadata"]["name"], namespace="adopt")
    )
    assert (len(found.leftover_state), len(found.ha_maps)) == (data, maps)
    assert found.has_checkpoint_in_ha is checkpoint


def pod(**status: Any) -> World:
    world = World(is_still=True)
    labels = {"app": "app", "component": "jobmanager"}
    metadata = {"name": "app-1", "namespace": "default", "labels": labels}
    world.put({"apiVersion": "v1", "kind": "Pod", "metadata": metadata, "status": status})
    return world


NOT_READY = {"name": "main", "ready": False}


@pytest.mark.parametrize(
    ("status", "words"),
    [
        (
            {"conditions": [{"type": "PodScheduled", "status": "False", "message": "no node"}]},
            "app-1 is not scheduled: no node",
        ),
        (
            {"containerStatuses": [{**NOT_READY, "state": {"waiting": {"reason": "Creating"}}}]},
            "app-1 is Creating",
        ),
        (
            {"containerStatuses": [{**NOT_READY, "state": {"waiting": {"message": "x"}}}]},
            "app-1 is waiting",
        ),
        ({"containerStatuses": [{**NOT_READY, "state": {"running": {}}}]}, "app-1 is starting"),
        ({"containerStatuses": [{"name": "main", "ready": True}], "phase": "Running"}, ""),
        ({"phase": "Pending"}, "app-1 is Pending"),
    ],
)
def test_what_a_pod_waits_for_is_told_in_words(status: dict[str, Any], words: str) -> None:
    assert words in seen(pod(**status)).pods.progress


def test_pods_that_were_killed_are_counted_apart() -> None:
    world = pod(phase="Running")
    assert seen(world).pods.unkilled == 1
    metadata = world.objects["Pod", "default", "app-1"]["metadata"]
    metadata["deletionGracePeriodSeconds"] = 30
    assert seen(world).pods.unkilled == 1
    metadata |= {"deletionGracePeriodSeconds": 1, "deletionTimestamp": stamp(world.now)}
    assert seen(world).pods.unkilled == 0, "its kubelet has its time"
    metadata["deletionTimestamp"] = stamp(world.now - timedelta(seconds=11))
    assert seen(world).pods.unkilled == 1, "no kubelet is there"
    metadata["deletionGracePeriodSeconds"] = 0
    found = seen(world).pods
    assert (found.jobmanagers, found.unkilled) == (1, 0)


class Unreadable(World):
    """It refuses to tell of namespaces."""

    def get(self, kind: Kind, name: str, namespace: str = "") -> Any:
        if kind is NAMESPACE:
            raise Forbidden("namespaces is forbidden")
        return super().get(kind, name, namespace)


def going(world: World, *, namespace_too: bool, resource_too: bool = True) -> World:
    cr = looks.definition()
    cr["metadata"]["finalizers"] = ["any"]
    world.put(cr)
    world.is_still = True
    if resource_too:
        world.asked_to_go(world.objects["FlinkDeployment", "default", "app"])
    if namespace_too:
        namespace_goes(world)
    return world


@pytest.mark.parametrize("is_going", [True, False])
def test_that_a_namespace_goes_is_seen(is_going: bool) -> None:
    assert seen(going(World(), namespace_too=is_going)).is_namespace_going is is_going


def test_what_can_not_be_read_is_not_known_to_go() -> None:
    assert not seen(going(Unreadable(), namespace_too=True)).is_namespace_going


def test_of_a_resource_that_stays_the_namespace_is_not_asked() -> None:
    assert not seen(going(Unreadable(), namespace_too=True, resource_too=False)).is_namespace_going
    asked = World()
    world = going(asked, namespace_too=True, resource_too=False)
    before = world.requests
    seen(world)
    plain = world.requests - before
    world.asked_to_go(world.objects["FlinkDeployment", "default", "app"])
    before = world.requests
    seen(world)
    assert world.requests - before == plain + 1


def test_its_finalizers_are_seen() -> None:
    found = seen(going(World(), namespace_too=False)).resource
    assert found is not None
    assert (found.finalizers, found.being_deleted) == (("any",), True)


@pytest.mark.parametrize(
    ("file", "text"),
    [
        (
            "flink-conf.yaml",
            "$internal.pipeline.job-id: 0a\njob-result-store.storage-path: s3://b/77-1\n",
        ),
        (
            "config.yaml",
            "$internal:\n  pipeline:\n    job-id: 0a\njob-result-store:\n  storage-path: s3://b/77-1\n",
        ),
        ("config.yaml", "'$internal.pipeline.job-id': \"0a\"\njob-result-store:\n  x: y\n"),
    ],
    ids=["flat", "nested", "quoted"],
)
def test_a_cluster_bears_the_mark_of_its_start_in_both_forms_of_the_configuration(
    file: str, text: str
) -> None:
    world = running()
    config = world.objects["ConfigMap", "default", "flink-config-app"]
    config["data"] = {file: text}
    found = seen(world).cluster
    assert found is not None
    assert (found.job_id, found.store_id) == ("0a", "77-1" if "77-1" in text else "")
