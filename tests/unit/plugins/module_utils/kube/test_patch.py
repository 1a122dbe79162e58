# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A running cluster's objects are changed in place: by uid, once, and only those that differ."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Held
from ansible_collections.flinkops.flink.plugins.module_utils.core.live import Face, face
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import Ingress
from ansible_collections.flinkops.flink.plugins.module_utils.kube import act
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Conflict
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import Kind
from ansible_collections.flinkops.flink.plugins.module_utils.kube.patch import patch_live
from support.deployments import deployment, made
from support.world import World
from support.world_store import Object

UID = "uid-of-app"
DEPLOYMENT = ("Deployment", "ns", "app")
CONFIGURATION = ("ConfigMap", "ns", "flink-config-app")
INGRESS = ("Ingress", "ns", "app")
WORKER = ("Pod", "ns", "app-taskmanager-1-1")
LOG4J = "log4j-console.properties"


def look(**spec: Any) -> Face:
    return face(deployment(**spec), base={}, owner_uid=UID)


def template(*, labels: dict[str, str]) -> dict[str, Any]:
    return {"pod_template": {"metadata": {"labels": labels}}}


@pytest.fixture
def world() -> World:
    """A cluster with a TaskManager; no controller does anything."""
    world = World(is_still=True)
    world.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "ns"}})
    act.make_cluster(cast("Api", world), made(deployment(), owner_uid=UID), dry_run=False)
    labels = {"app": "app", "component": "taskmanager", "type": "flink-native-kubernetes"}
    metadata = {"name": WORKER[2], "namespace": "ns", "labels": labels}
    world.put({"apiVersion": "v1", "kind": "Pod", "metadata": metadata})
    return world


def patch(world: World, new: Face, old: Face | None = None, **more: bool) -> list[str]:
    changes = patch_live(cast("Api", world), new, old=old, dry_run=more.get("dry_run", False))
    return [f"{change.kind}/{change.name}" for change in changes]


OLD = look()
FRONT = Ingress(template="{{name}}.example.org", annotations={"a": "1"})
NEWS = {
    "a label": look(**template(labels={"team": "a"})),
    "a log level": look(log_configuration={LOG4J: "rootLogger.level = DEBUG"}),
    "an ingress": look(ingress=FRONT),
    "an annotation": look(conf={"kubernetes.jobmanager.annotations": "a:b"}),
    "a service": look(conf={"kubernetes.rest-service.annotations": "a:b"}),
}
TOUCHED = {
    "a label": ["Pod/app-taskmanager-1-1"],
    "a log level": ["ConfigMap/flink-config-app"],
    "an ingress": ["Ingress/app"],
    "an annotation": ["Deployment/app"],
    "a service": ["Service/app-rest"],
}


@pytest.mark.row("C-015")
@pytest.mark.parametrize("what", NEWS)
def test_what_is_changed_live_is_patched_once_and_can_be_taken_back(
    world: World, what: str
) -> None:
    started = copy.deepcopy(world.objects[DEPLOYMENT]["spec"])
    assert patch(world, NEWS[what], OLD) == TOUCHED[what]
    assert patch(world, NEWS[what], OLD) == []
    assert patch(world, NEWS[what], NEWS[what]) == []
    assert patch(world, OLD, NEWS[what]) == TOUCHED[what]
    assert patch(world, OLD, NEWS[what]) == []
    assert world.objects[DEPLOYMENT]["spec"] == started


@pytest.mark.parametrize("what", NEWS)
def test_a_dry_run_tells_the_same_and_writes_nothing(world: World, what: str) -> None:
    before, writes = copy.deepcopy(world.objects), len(world.writes)
    dry = patch_live(cast("Api", world), NEWS[what], old=OLD, dry_run=True)
    assert (world.objects, len(world.writes)) == (before, writes)
    done = patch_live(cast("Api", world), NEWS[what], old=OLD, dry_run=False)
    assert [act.plain(change.after or {}) for change in dry] == [
        act.plain(change.after or {}) for change in done
    ]
    stored = world.objects[dry[0].kind, "ns", dry[0].name]
    assert act.plain(stored) == act.plain(dry[0].after or {})


def test_the_pod_has_the_label_and_its_own_ones(world: World) -> None:
    patch(world, NEWS["a label"], OLD)
    labels = world.objects[WORKER]["metadata"]["labels"]
    assert labels == {
        "app": "app",
        "component": "taskmanager",
        "type": "flink-native-kubernetes",
        "team": "a",
    }


def test_flinks_configuration_stays_as_its_processes_read_it(world: World) -> None:
    before = copy.deepcopy(world.objects[CONFIGURATION]["data"])
    both = look(log_configuration={LOG4J: "x"}, conf={"kubernetes.taskmanager.labels": "a:b"})
    assert patch(world, both, OLD) == ["ConfigMap/flink-config-app", "Pod/app-taskmanager-1-1"]
    assert world.objects[CONFIGURATION]["data"] == {**before, LOG4J: "x"}


def test_an_annotation_of_the_ingress_goes_and_comes(world: World) -> None:
    patch(world, NEWS["an ingress"], OLD)
    other = look(ingress=replace(FRONT, annotations={"b": "2"}))
    assert patch(world, other, NEWS["an ingress"]) == ["Ingress/app"]
    assert world.objects[INGRESS]["metadata"]["annotations"] == {"b": "2"}


def test_an_ingress_of_somebody_else_is_not_overwritten(world: World) -> None:
    patch(world, NEWS["an ingress"], OLD)
    world.objects[INGRESS]["metadata"]["ownerReferences"] = [{"uid": "another"}]
    before = copy.deepcopy(world.objects[INGRESS])
    with pytest.raises(Held, match="belongs to something else"):
        patch(world, look(ingress=Ingress(template="other.example.org")), OLD)
    assert patch(world, OLD, NEWS["an ingress"]) == []
    assert world.objects[INGRESS] == before


class Meanwhile(World):
    """Whatever is listed is gone, or another one, when it is written to."""

    def __init__(self, *, is_replaced: bool) -> None:
        super().__init__(is_still=True)
        self.is_replaced = is_replaced

    def merge(
        self, kind: Kind, name: str, namespace: str, patch: Mapping[str, Any], **how: Any
    ) -> Object:
        key = (kind.kind, namespace, name)
        if self.is_replaced:
            stored = self.objects[key]
            self.objects[key] = {**stored, "metadata": {**stored["metadata"], "uid": "younger"}}
        else:
            del self.objects[key]
        return super().merge(kind, name, namespace, patch, **how)


@pytest.mark.parametrize("is_replaced", [False, True])
def test_a_pod_that_went_meanwhile_is_no_trouble(world: World, is_replaced: bool) -> None:
    busy = Meanwhile(is_replaced=is_replaced)
    busy.objects = world.objects
    assert patch(busy, NEWS["a label"], OLD) == []


def test_a_successor_of_the_deployment_is_not_patched(world: World) -> None:
    busy = Meanwhile(is_replaced=True)
    busy.objects = world.objects
    with pytest.raises(Conflict):
        patch(busy, NEWS["an annotation"], OLD)
    assert "annotations" in world.objects[DEPLOYMENT]["metadata"]
    assert "a" not in world.objects[DEPLOYMENT]["metadata"]["annotations"]
