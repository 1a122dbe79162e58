# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The cluster in memory keeps the promises of an API server and its controllers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    ApiServerUnreachable,
    Conflict,
    Forbidden,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import FLINK_DEPLOYMENT
from support import by_hand
from support.by_hand import FIRST, HA, steps
from support.lifecycle_world import (
    RESOURCE,
    annotate,
    clock_jumps,
    delete,
    edit_spec,
    namespace_goes,
    pods,
)
from support.world import Crashed, Fault, World

PROXY = "/api/v1/namespaces/default/services/app-rest:rest/proxy"
FINALIZER = "flinkdeployments.flink.apache.org/finalizer"


def finalized() -> World:
    world = by_hand.world()
    stored = world.objects[RESOURCE]
    world.put({**stored, "metadata": {**stored["metadata"], "finalizers": [FINALIZER]}})
    return world


def take_off(world: World) -> Any:
    patch = {"metadata": {"finalizers": None}}
    return cast("Api", world).merge(FLINK_DEPLOYMENT, "app", "default", patch)


def test_an_edit_of_the_spec_is_a_new_generation_and_a_verb_is_not() -> None:
    world = by_hand.world()
    edit_spec(world, job={"parallelism": 4}, image="other")
    annotate(world, "retry")
    stored = world.objects[RESOURCE]
    assert stored["metadata"]["generation"] == 2
    assert (stored["spec"]["job"]["parallelism"], stored["spec"]["image"]) == (4, "other")
    assert stored["metadata"]["annotations"] == {"flinkops.flink/verb": "retry"}
    edit_spec(world, image=None)
    assert "image" not in world.objects[RESOURCE]["spec"]


def test_what_has_a_finalizer_goes_when_it_is_taken_off() -> None:
    world = finalized()
    delete(world)
    assert world.objects[RESOURCE]["metadata"]["deletionTimestamp"]
    assert world.objects[RESOURCE]["metadata"]["generation"] == 2
    take_off(world)
    assert RESOURCE not in world.objects
    world = by_hand.world()
    delete(world)
    assert RESOURCE not in world.objects


def test_a_namespace_goes_and_nothing_new_can_be_made_in_it() -> None:
    world = finalized()
    by_hand.started(world, conf=HA)
    namespace_goes(world)
    steps(world, 12)
    assert not pods(world, "jobmanager")
    assert {kind for kind, where, _ in world.objects if where} == {"FlinkDeployment"}
    with pytest.raises(Forbidden):
        world.create({"apiVersion": "v1", "kind": "ConfigMap", "metadata": NAMED})
    take_off(world)
    steps(world, 1)
    assert not any(where == "default" for _, where, _ in world.objects)
    assert ("Namespace", "", "default") not in world.objects


NAMED = {"name": "new", "namespace": "default"}


def test_no_quota_means_no_pods_and_says_so() -> None:
    world = by_hand.world(has_no_quota=True)
    by_hand.announce(world, FIRST)
    by_hand.make(world, FIRST, HA)
    steps(world, 5)
    conditions = world.objects["Deployment", "default", "app"]["status"]["conditions"]
    assert [it["type"] for it in conditions] == ["Available", "ReplicaFailure"]
    assert not pods(world, "jobmanager")
    world.has_no_quota = False
    steps(world, 30)
    conditions = world.objects["Deployment", "default", "app"]["status"]["conditions"]
    assert [it["status"] for it in conditions] == ["True"]


def test_a_bad_image_never_becomes_ready() -> None:
    world = by_hand.world(bad_images=frozenset({"bad"}))
    by_hand.announce(world, FIRST)
    by_hand.make(world, FIRST, HA, image="bad")
    steps(world, 20)
    (pod,) = pods(world, "jobmanager")
    waiting = pod["status"]["containerStatuses"][0]["state"]["waiting"]
    assert waiting["reason"] == "ImagePullBackOff"


def test_a_pod_of_a_lost_node_never_ends() -> None:
    world = by_hand.world()
    by_hand.started(world, conf=HA)
    world.is_node_lost = True
    del world.objects["Deployment", "default", "app"]
    steps(world, 100)
    assert pods(world, "jobmanager")
    world.is_node_lost = False
    steps(world, 6)
    assert not pods(world, "jobmanager")


def test_the_drivers_clock_may_jump_and_the_clusters_does_not() -> None:
    world = by_hand.world()
    before = world.now
    clock_jumps(timedelta(hours=-2))(world)
    assert world.clock() == before - timedelta(hours=2)
    assert world.now == before


@pytest.mark.parametrize(
    ("fault", "is_done"),
    [(Fault.CRASH, False), (Fault.CRASH_AFTER, True), (Fault.LOST_ANSWER, True)],
)
def test_a_request_to_flink_is_struck_before_or_after_it_is_done(
    fault: Fault, is_done: bool
) -> None:
    world = by_hand.world()
    by_hand.started(world, conf=HA)
    world.faults = {0: fault}
    with pytest.raises((Crashed, ApiServerUnreachable)):
        world.answer("patch", f"{PROXY}/jobs/{FIRST}?mode=cancel")
    assert (by_hand.job_of(world).state == "CANCELLING") is is_done
    assert (world.written_at, len(world.writes)) == ([0], int(is_done))


def test_a_busy_api_server_answers_in_flinks_place() -> None:
    world = by_hand.world()
    by_hand.started(world, conf=HA)
    world.faults = {0: Fault.BUSY}
    status, body = world.answer("get", f"{PROXY}/config")
    assert (status, b'"Status"' in body) == (503, True)


def test_a_write_of_an_old_version_is_a_conflict() -> None:
    world = by_hand.world()
    old = world.objects[RESOURCE]
    edit_spec(world, image="new")
    with pytest.raises(Conflict):
        world.replace({**old, "status": {}}, "status")
