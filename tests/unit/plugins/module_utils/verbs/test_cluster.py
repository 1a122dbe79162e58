# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A move asks the status for its decision: one that nobody announced is not made."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import (
    FlinkOpsError,
    Held,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.leadership import LOCK
from ansible_collections.flinkops.flink.plugins.module_utils.verbs import cluster, custom_resource
from support import looks
from support.driver import NAMED, Driver
from support.world import World
from support.world_flink import keep

RESOURCE = ("FlinkDeployment", "default", "app")
DEPLOYMENT = ("Deployment", "default", "app")


def move(world: World, of: Move, **params: Any) -> dict[str, Any]:
    check_mode = bool(params.pop("check_mode", False))
    given = {**NAMED, "move": of.value, **params}
    return cluster.moved(cast("Api", world), given, check_mode=check_mode)


def stored(status: dict[str, Any] | None = None) -> World:
    """The resource alone; no controller does anything."""
    world = World(is_still=True)
    world.put({**looks.definition(), **({"status": status} if status else {})})
    return world


def running() -> World:
    found = Driver(World())
    found.world.put(looks.definition())
    found.deploy()
    found.world.is_still = True
    return found.world


def announced(world: World, **status: Any) -> World:
    world.objects[RESOURCE]["status"] |= status
    return world


def held(world: World, of: Move, **params: Any) -> str:
    before = (len(world.writes), set(world.objects))
    with pytest.raises(Held) as refused:
        move(world, of, **params)
    assert (len(world.writes), set(world.objects)) == before
    return refused.value.reason


@pytest.mark.row("C-024")
@pytest.mark.parametrize(
    "world", [World, stored, lambda: stored(looks.deployed()), lambda: stored(looks.stable())]
)
def test_no_cluster_is_made_that_was_not_announced(world: Callable[[], World]) -> None:
    assert held(world(), Move.MAKE_CLUSTER) == "nothing_was_written_ahead"


def test_what_was_announced_is_made_with_its_id_and_generation() -> None:
    world = stored(looks.written_ahead())
    assert move(world, Move.MAKE_CLUSTER)["changed"]
    made = world.objects[DEPLOYMENT]["metadata"]
    assert made["annotations"]["flinkdeployment.flink.apache.org/generation"] == "1"
    assert made["ownerReferences"][0]["uid"] == world.objects[RESOURCE]["metadata"]["uid"]
    text = world.objects["ConfigMap", "default", "flink-config-app"]["data"]["flink-conf.yaml"]
    assert f"$internal.pipeline.job-id: {looks.JOB}\n" in text
    assert not move(world, Move.MAKE_CLUSTER)["changed"]


@pytest.mark.row("C-034")
def test_a_start_from_a_savepoint_is_made_from_that_savepoint() -> None:
    world = World(is_still=True)
    cr = looks.definition(initialSavepointPath="file:///sp/1")
    world.put({**cr, "status": looks.written_ahead(looks.wanted(cr))})
    move(world, Move.MAKE_CLUSTER)
    text = world.objects["ConfigMap", "default", "flink-config-app"]["data"]["flink-conf.yaml"]
    assert "execution.savepoint.path: file:///sp/1\n" in text


def parallelism(text: str) -> str:
    return next(line for line in text.splitlines() if line.startswith("parallelism.default"))


def test_what_is_stored_is_made_whatever_file_is_at_hand() -> None:
    world = stored(looks.written_ahead())
    move(world, Move.MAKE_CLUSTER, definition=looks.definition(parallelism=9))
    text = world.objects["ConfigMap", "default", "flink-config-app"]["data"]["flink-conf.yaml"]
    assert parallelism(text) == "parallelism.default: 2"


@pytest.mark.parametrize(("given", "made"), [({}, 2), ({"definition": {}}, 9)])
def test_check_mode_shows_the_file_at_hand_or_what_is_stored(
    given: dict[str, Any], made: int
) -> None:
    params = {name: looks.definition(parallelism=9) for name in given}
    found = move(stored(), Move.MAKE_CLUSTER, check_mode=True, **params)
    shown = "".join(part["after"] for part in found["diff"])
    assert f"parallelism.default: {made}\n" in shown


def test_of_a_spec_that_changed_after_the_announcement_the_announced_one_is_made() -> None:
    world = stored(looks.written_ahead())
    world.edit("app", parallelism=3)
    move(world, Move.MAKE_CLUSTER)
    text = world.objects["ConfigMap", "default", "flink-config-app"]["data"]["flink-conf.yaml"]
    assert parallelism(text) == "parallelism.default: 2"


def test_a_missing_object_of_what_runs_is_made_again_and_its_graphs_stay() -> None:
    world = running()
    keep(world, "app", "cluster-config-map", {"jobGraph-1": "x"})
    name = "app-rest"
    del world.objects["Service", "default", name]
    move(world, Move.MAKE_CLUSTER)
    assert ("Service", "default", name) in world.objects
    kept = [item.get("data", {}) for key, item in world.objects.items() if key[0] == "ConfigMap"]
    assert any("jobGraph-1" in data for data in kept)


@pytest.mark.parametrize("of", [Move.STOP_JOBMANAGER, Move.DELETE_CLUSTER])
def test_a_running_cluster_is_not_touched_without_an_announcement(of: Move) -> None:
    assert held(running(), of) == "nothing_was_written_ahead"
    assert held(running(), of, force=True) == "nothing_was_written_ahead"


@pytest.mark.parametrize("of", [Move.STOP_JOBMANAGER, Move.DELETE_CLUSTER])
def test_an_announced_removal_may_stop_and_delete(of: Move) -> None:
    world = announced(running(), lifecycleState="DELETING")
    assert move(world, of)["changed"]


def test_of_a_start_that_is_replaced_the_old_cluster_is_deleted_and_not_the_new_one() -> None:
    """A driver that slept may come late with its move: another has made the new one meanwhile."""
    old = announced(running(), **{**looks.written_ahead(), "observedGeneration": 2})
    assert held(old, Move.STOP_JOBMANAGER) == "nothing_was_written_ahead"
    assert move(old, Move.DELETE_CLUSTER)["changed"]
    new = announced(running(), **looks.written_ahead())
    assert held(new, Move.DELETE_CLUSTER) == "nothing_was_written_ahead"


@pytest.mark.parametrize("of", [Move.STOP_JOBMANAGER, Move.DELETE_CLUSTER])
def test_the_deployment_of_somebody_else_is_left_alone(of: Move) -> None:
    world = announced(running(), lifecycleState="DELETING")
    world.objects[DEPLOYMENT]["metadata"]["ownerReferences"][0]["uid"] = "another"
    assert held(world, of) == "an_object_of_its_name_is_not_ours"


@pytest.mark.parametrize("force", [False, True])
def test_without_its_resource_a_cluster_is_left_alone(force: bool) -> None:
    world = running()
    del world.objects[RESOURCE]
    assert held(world, Move.DELETE_CLUSTER, force=force) == "an_object_of_its_name_is_not_ours"


@pytest.mark.parametrize("of", [Move.STOP_JOBMANAGER, Move.DELETE_CLUSTER, Move.DELETE_HA_DATA])
def test_what_is_gone_already_is_no_change(of: Move) -> None:
    assert not move(stored({"lifecycleState": "DELETING"}), of)["changed"]


def with_pods(status: dict[str, Any] | None, *, resource: bool = True) -> World:
    """Pods whose Deployment is gone; perhaps their resource too."""
    world = announced(running(), **(status or {}))
    del world.objects[DEPLOYMENT]
    if not resource:
        del world.objects[RESOURCE]
    return world


def pods(world: World) -> int:
    return sum(kind == "Pod" for kind, _, _ in world.objects)


@pytest.mark.parametrize("resource", [False, True])
def test_pods_that_lost_their_deployment_end_by_force_alone(resource: bool) -> None:
    world = with_pods({"lifecycleState": "DELETING"}, resource=resource)
    assert not move(world, Move.DELETE_CLUSTER)["changed"]
    assert not move(world, Move.STOP_JOBMANAGER, force=True)["changed"]
    move(world, Move.DELETE_CLUSTER, force=True, check_mode=True)
    assert pods(world) == 2
    assert move(world, Move.DELETE_CLUSTER, force=True)["changed"]
    assert graces(world) == [1, 1]
    assert move(world, Move.DELETE_CLUSTER, force=True)["changed"]
    assert pods(world) == 0


@pytest.mark.parametrize("force", [False, True])
def test_pods_of_a_deployment_that_goes_after_its_resource_end_by_force_alone(force: bool) -> None:
    world = running()
    del world.objects[RESOURCE]
    world.objects[DEPLOYMENT]["metadata"]["deletionTimestamp"] = "now"
    assert move(world, Move.DELETE_CLUSTER, force=force)["changed"] is force
    assert pods(world) == 2
    move(world, Move.DELETE_CLUSTER, force=force)
    assert pods(world) == (0 if force else 2)


def with_ha_data(status: dict[str, Any] | None) -> World:
    world = stored(status)
    keep(world, "app", "cluster-config-map", {"jobGraph-1": "x"})
    keep(world, "app", "1-config-map", {"checkpointID-1": "x"})
    keep(world, "other", "1-config-map", {"checkpointID-1": "x"})
    return world


def maps(world: World) -> set[str]:
    return {name for kind, _, name in world.objects if kind == "ConfigMap"}


def test_ha_data_of_that_name_goes_whole_and_no_other() -> None:
    world = with_ha_data({"lifecycleState": "DELETING"})
    assert move(world, Move.DELETE_HA_DATA)["changed"]
    assert maps(world) == {"other-1-config-map"}


def locked() -> World:
    """A start is announced; the lock of the JobManager before it is held by nobody that is left."""
    world = with_ha_data(looks.written_ahead())
    labels = {"app": "app", "type": "flink-native-kubernetes"}
    metadata = world.objects["ConfigMap", "default", "app-cluster-config-map"]["metadata"]
    metadata |= {"labels": labels, "annotations": {LOCK: json.dumps({"holderIdentity": "old"})}}
    return world


def holder(world: World) -> str:
    metadata = world.objects["ConfigMap", "default", "app-cluster-config-map"]["metadata"]
    return str(json.loads(metadata["annotations"][LOCK])["holderIdentity"])


def test_the_lock_of_a_jobmanager_that_is_gone_is_given_back_before_the_next_is_made() -> None:
    world = locked()
    move(world, Move.MAKE_CLUSTER, check_mode=True)
    assert holder(world) == "old"
    move(world, Move.MAKE_CLUSTER)
    assert holder(world) == ""
    freed = world.writes.index("merge ConfigMap/app-cluster-config-map")
    assert freed < world.writes.index("create Deployment/app")
    kept = world.objects["ConfigMap", "default", "app-1-config-map"]
    assert kept["data"] == {"checkpointID-1": "x"}


@pytest.mark.parametrize("left", ["Pod", "Deployment"])
def test_a_lock_that_somebody_may_hold_stays(left: str) -> None:
    world = locked()
    old = running()
    key = next(key for key in old.objects if key[0] == left)
    world.objects[key] = old.objects[key]
    owner = world.objects[RESOURCE]["metadata"]["uid"]
    world.objects[key]["metadata"]["ownerReferences"][0]["uid"] = owner
    move(world, Move.MAKE_CLUSTER)
    assert holder(world) == "old"


@pytest.mark.parametrize("status", [None, looks.deployed()])
def test_ha_data_of_a_resource_that_is_not_removed_stays(status: dict[str, Any] | None) -> None:
    assert held(with_ha_data(status), Move.DELETE_HA_DATA) == "nothing_was_written_ahead"


def test_ha_data_stays_while_a_deployment_may_use_it() -> None:
    world = with_ha_data({"lifecycleState": "DELETING"})
    world.objects[DEPLOYMENT] = running().objects[DEPLOYMENT]
    assert held(world, Move.DELETE_HA_DATA) == "a_cluster_of_its_name_may_use_it"


@pytest.mark.parametrize("of", [Move.STOP_JOBMANAGER, Move.DELETE_CLUSTER, Move.DELETE_HA_DATA])
def test_check_mode_tells_and_writes_nothing(of: Move) -> None:
    world = announced(running(), lifecycleState="DELETING")
    if of is Move.DELETE_HA_DATA:
        world = with_ha_data({"lifecycleState": "DELETING"})
    writes = len(world.writes)
    assert move(world, of, check_mode=True)["changed"]
    assert len(world.writes) == writes


def test_check_mode_shows_a_start_that_is_still_to_be_announced() -> None:
    """Of a lost Deployment, and of a suspended job: a turn would write it ahead first."""
    world = stored(looks.stable())
    writes = len(world.writes)
    found = move(world, Move.MAKE_CLUSTER, check_mode=True)
    assert (found["changed"], len(world.writes)) == (True, writes)
    assert held(world, Move.MAKE_CLUSTER) == "nothing_was_written_ahead"


def test_check_mode_shows_what_would_be_made_without_secrets() -> None:
    world = World(is_still=True)
    cr = looks.definition()
    cr["spec"]["flinkConfiguration"]["s3.secret-key"] = "hunter2"
    found = move(world, Move.MAKE_CLUSTER, definition=cr, check_mode=True)
    assert (found["changed"], world.writes) == (True, [])
    shown = "".join(part["after"] for part in found["diff"])
    assert "s3.secret-key" in shown
    assert "hunter2" not in shown


@pytest.mark.parametrize("status", [looks.written_ahead(), looks.deployed(), looks.stable()])
def test_a_resource_with_a_cluster_is_deleted_only_once_that_was_decided(
    status: dict[str, Any],
) -> None:
    world = stored(status)
    with pytest.raises(FlinkOpsError, match="the_removal_was_not_decided"):
        custom_resource.removed(cast("Api", world), NAMED, check_mode=False)
    announced(world, lifecycleState="DELETING")
    assert custom_resource.removed(cast("Api", world), NAMED, check_mode=False)["changed"]
    assert RESOURCE not in world.objects
    assert not custom_resource.removed(cast("Api", world), NAMED, check_mode=False)["changed"]


def never_ran(*, came_up: bool) -> World:
    """Its deletion is announced because no JobManager of it ever came up."""
    rule = {"name": "cluster-delete", "rule": "a_start_that_never_ran_is_replaced"}
    world = announced(running(), phase=rule)
    at = world.objects[DEPLOYMENT]["metadata"]["creationTimestamp"]
    status = {"type": "Available", "status": str(came_up), "lastTransitionTime": at}
    world.objects[DEPLOYMENT]["status"] = {"conditions": [status]}
    return world


@pytest.mark.parametrize("came_up", [False, True])
def test_a_start_that_never_ran_is_deleted_only_while_that_is_so(came_up: bool) -> None:
    world = never_ran(came_up=came_up)
    assert move(world, Move.DELETE_CLUSTER)["changed"] is not came_up
    gone = DEPLOYMENT not in world.objects
    assert (gone or "deletionTimestamp" in world.objects[DEPLOYMENT]["metadata"]) is not came_up


TO_BE_KILLED = {"phase": {"name": "cluster-delete", "rule": "the_user_kills_the_old_pods"}}


def test_no_pods_are_killed_without_an_announcement() -> None:
    assert held(running(), Move.KILL_PODS) == "nothing_was_written_ahead"


def test_pods_of_a_cluster_that_lives_are_not_killed() -> None:
    world = announced(running(), **TO_BE_KILLED)
    there = pods(world)
    assert there
    assert not move(world, Move.KILL_PODS)["changed"]
    assert pods(world) == there


@pytest.mark.parametrize("is_gone", [False, True])
def test_pods_of_a_deleted_cluster_are_killed_once_that_is_announced(is_gone: bool) -> None:
    world = announced(running(), **TO_BE_KILLED)
    deployment = world.objects[DEPLOYMENT]
    if is_gone:
        del world.objects[DEPLOYMENT]
    else:
        deployment["metadata"]["deletionTimestamp"] = "2026-05-05T12:00:00Z"
    writes = len(world.writes)
    assert move(world, Move.KILL_PODS, check_mode=True)["changed"]
    assert len(world.writes) == writes
    assert move(world, Move.KILL_PODS)["changed"]
    assert graces(world) == [1, 1], "a kubelet that is there ends them, and says so"
    assert move(world, Move.KILL_PODS)["changed"]
    assert pods(world) == 0
    assert not move(world, Move.KILL_PODS)["changed"]


def graces(world: World) -> list[int]:
    found = [item for (kind, _, _), item in world.objects.items() if kind == "Pod"]
    return [pod["metadata"]["deletionGracePeriodSeconds"] for pod in found]
