# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each step can be done twice, touches what it names by uid, and leaves what is not its own."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Held
from ansible_collections.flinkops.flink.plugins.module_utils.core.manifests import Manifests
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import Start
from ansible_collections.flinkops.flink.plugins.module_utils.kube import act
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Conflict
from support import looks
from support.world import World

START = Start(job_id=looks.JOB, generation=1, owner_uid="uid-of-app")
DEPLOYMENT = ("Deployment", "default", "app")


def manifests(**start: Any) -> Manifests:
    given = {"job_id": looks.JOB, "generation": 1, "owner_uid": "uid-of-app", **start}
    return looks.wanted().rendered(Start(**given))


@pytest.fixture
def world() -> World:
    """Without controllers: what is made stays as it was made."""
    return World(is_still=True)


def api(world: World) -> Api:
    return cast("Api", world)


def make(world: World, made: Manifests | None = None) -> list[act.Change]:
    return act.make_cluster(api(world), made or manifests(), dry_run=False)


def test_everything_else_belongs_to_the_deployment_that_is_made_first(world: World) -> None:
    changes = make(world)
    assert [change.kind for change in changes] == ["Deployment", "Service", "Service", "ConfigMap"]
    uid = world.objects[DEPLOYMENT]["metadata"]["uid"]
    for key, item in world.objects.items():
        if key[0] in ("Service", "ConfigMap"):
            assert [owner["uid"] for owner in item["metadata"]["ownerReferences"]] == [uid]


def test_made_again_nothing_is_written(world: World) -> None:
    make(world)
    writes = len(world.writes)
    assert make(world) == []
    assert len(world.writes) == writes


def test_only_what_is_missing_is_made(world: World) -> None:
    make(world)
    del world.objects["Service", "default", "app-rest"]
    assert [change.name for change in make(world)] == ["app-rest"]


def test_a_deployment_that_is_there_is_never_patched(world: World) -> None:
    """A patch of its pod template would restart the job."""
    make(world)
    before = dict(world.objects[DEPLOYMENT])
    changed = {change.kind for change in make(world, manifests(job_id="b" * 32))}
    assert changed == {"ConfigMap"}
    assert world.objects[DEPLOYMENT] == before


def test_the_deployment_of_somebody_else_stops_the_move(world: World) -> None:
    make(world)
    world.objects[DEPLOYMENT]["metadata"]["ownerReferences"] = [{"uid": "another"}]
    writes = len(world.writes)
    with pytest.raises(Held, match="belongs to something else"):
        make(world)
    assert len(world.writes) == writes


def test_a_dry_run_tells_the_same_and_makes_nothing(world: World) -> None:
    there = dict(world.objects)
    dry = act.make_cluster(api(world), manifests(), dry_run=True)
    assert world.objects == there
    assert [change.name for change in dry] == [change.name for change in make(world)]


def test_a_jobmanager_is_stopped_by_uid(world: World) -> None:
    make(world)
    deployment = world.objects[DEPLOYMENT]
    successor = {**deployment, "metadata": {**deployment["metadata"], "uid": "younger"}}
    world.objects[DEPLOYMENT] = successor
    with pytest.raises(Conflict):
        act.stop_jobmanager(api(world), deployment)
    assert world.objects[DEPLOYMENT]["spec"]["replicas"] == 1
    act.stop_jobmanager(api(world), successor)
    assert world.objects[DEPLOYMENT]["spec"]["replicas"] == 0


@pytest.mark.parametrize("by_force", [False, True])
def test_a_successor_of_the_same_name_is_never_deleted(world: World, by_force: bool) -> None:
    make(world)
    older = {**world.objects[DEPLOYMENT]}
    older["metadata"] = {**older["metadata"], "uid": "older"}
    with pytest.raises(Conflict):
        act.delete_cluster(api(world), older, by_force=by_force)
    assert "deletionTimestamp" not in world.objects[DEPLOYMENT]["metadata"]


@pytest.mark.row("C-097")
def test_what_goes_gently_stays_until_its_pods_are_gone(world: World) -> None:
    make(world)
    act.delete_cluster(api(world), world.objects[DEPLOYMENT], by_force=False)
    assert "deletionTimestamp" in world.objects[DEPLOYMENT]["metadata"]


def flink_pod(world: World, name: str, **labels: str) -> None:
    usual = {"app": "app", "component": "taskmanager", "type": "flink-native-kubernetes"}
    metadata = {"name": name, "namespace": "default", "labels": {**usual, **labels}}
    world.put({"apiVersion": "v1", "kind": "Pod", "metadata": metadata})


def grace(item: Any) -> int | None:
    found: int | None = item["metadata"].get("deletionGracePeriodSeconds")
    return found


def test_force_ends_the_pods_of_that_cluster_and_no_others(world: World) -> None:
    make(world)
    flink_pod(world, "app-taskmanager-1-1")
    flink_pod(world, "other", app="other")
    flink_pod(world, "sidekick", type="mine")
    act.delete_cluster(api(world), world.objects[DEPLOYMENT], by_force=True)
    told = [it for (kind, _, _), it in world.objects.items() if kind == "Pod" and grace(it) == 1]
    assert [it["metadata"]["name"] for it in told] == ["app-taskmanager-1-1"]
    act.kill_pods(api(world), "app", "default")
    assert {key[2] for key in world.objects if key[0] == "Pod"} == {"other", "sidekick"}
    assert DEPLOYMENT not in world.objects


def test_what_the_server_sets_is_no_difference() -> None:
    item = {"metadata": {"name": "x", "uid": "1", "resourceVersion": "2"}, "status": {"a": 1}}
    assert act.plain(item) == {"metadata": {"name": "x"}}
