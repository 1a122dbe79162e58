# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is patched while a job runs, what is left alone, and that it comes to an end."""

from __future__ import annotations

import copy
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core.live import (
    RESERVED,
    Face,
    Patch,
    face,
    live_objects,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    Ingress,
    Mode,
    Resource,
    TaskManager,
)
from support import golden
from support.deployments import deployment, made

UID = "uid-of-app"
WORKER = TaskManager(resource=Resource(memory="2g", cpu=1.0))
JM, TM = "Pod/app-1", "Pod/app-taskmanager-1-1"
NATIVE = {"app": "app", "type": "flink-native-kubernetes"}
GENERATION = "flinkdeployment.flink.apache.org/generation"


def look(conf: Any = None, **changes: Any) -> Face:
    return face(deployment(conf=conf, **changes), base={}, owner_uid=UID)


def pod(name: str, component: str, **marks: dict[str, str]) -> dict[str, Any]:
    labels = {**NATIVE, "component": component, **marks.pop("labels", {})}
    metadata = {"name": name, "namespace": "ns", "uid": name, "labels": labels, **marks}
    return {"apiVersion": "v1", "kind": "Pod", "metadata": metadata}


def cluster(conf: Any = None, **changes: Any) -> list[dict[str, Any]]:
    """The objects of a cluster that was started with that spec, and a pod of each role."""
    objects = made(deployment(conf=conf, **changes), owner_uid=UID).all()
    first = objects[0]["spec"]["template"]["metadata"]
    marks = {"labels": dict(first["labels"]), "annotations": dict(first["annotations"])}
    workers = look(conf, **changes).pods["taskmanager"]
    return copy.deepcopy(
        [
            *objects,
            pod("app-1", "jobmanager", **marks),
            pod("app-taskmanager-1-1", "taskmanager", **{k: dict(v) for k, v in workers.items()}),
        ]
    )


def named(patches: tuple[Patch, ...]) -> dict[str, Mapping[str, Any]]:
    return {f"{patch.kind}/{patch.name}": patch.merge for patch in patches}


def with_marks(**marks: dict[str, str]) -> dict[str, Any]:
    return {"metadata": marks, "spec": {"nodeSelector": {"a": "b"}}}


def test_what_is_as_it_should_be_is_not_patched() -> None:
    marked = {"pod_template": with_marks(labels={"team": "a"}), "ingress": Ingress(template="x.y")}
    assert live_objects(look(**marked), look(**marked), cluster(**marked)) == ()
    assert live_objects(look(**marked), None, cluster(**marked)) == ()


def test_a_label_of_the_template_goes_onto_the_pods_that_run() -> None:
    old = {"pod_template": with_marks(labels={"team": "a", "gone": "x"})}
    new = {"pod_template": with_marks(labels={"team": "b"}, annotations={"note": "n"})}
    patches = live_objects(look(**new), look(**old), cluster(**old))
    changes = {"labels": {"gone": None, "team": "b"}, "annotations": {"note": "n"}}
    template = named(patches).pop("ConfigMap/pod-template-app")
    assert named(patches) == {
        JM: {"metadata": changes},
        TM: {"metadata": changes},
        "ConfigMap/pod-template-app": template,
    }
    assert yaml.safe_load(template["data"]["taskmanager-pod-template.yaml"]) == new["pod_template"]


def test_a_role_has_labels_of_its_own() -> None:
    old = look()
    new = look(task_manager=replace(WORKER, pod_template=with_marks(labels={"a": "b"})))
    assert list(named(live_objects(new, old, cluster()))) == [TM]


@pytest.mark.parametrize(
    ("role", "names"), [("jobmanager", ["Deployment/app", JM]), ("taskmanager", [TM])]
)
@pytest.mark.parametrize("what", ["labels", "annotations"])
def test_marks_out_of_the_configuration(role: str, names: list[str], what: str) -> None:
    key = f"kubernetes.{role}.{what}"
    old, new = {key: "gone:1,kept:2"}, {key: "kept:3"}
    patches = named(live_objects(look(new), look(old), cluster(old)))
    wanted = {"metadata": {what: {"gone": None, "kept": "3"}}}
    assert patches == dict.fromkeys(names, wanted)


@pytest.mark.parametrize(
    ("key", "name"),
    [
        ("kubernetes.rest-service.annotations", "app-rest"),
        ("kubernetes.internal-service.annotations", "app"),
    ],
)
def test_annotations_of_services(key: str, name: str) -> None:
    patches = live_objects(look({key: "a:b"}), look(), cluster())
    assert named(patches) == {f"Service/{name}": {"metadata": {"annotations": {"a": "b"}}}}


def test_a_deployments_template_is_never_patched_nor_what_selects_or_counts() -> None:
    labels = dict.fromkeys(RESERVED, "mine") | {"team": "a"}
    template = {"pod_template": with_marks(labels=labels, annotations={GENERATION: "7", "n": "m"})}
    conf = {"kubernetes.jobmanager.labels": "app:mine,b:c"}
    stored = cluster()
    for item in stored:
        item["metadata"].setdefault("annotations", {})[GENERATION] = "5"
    for patch in live_objects(look(conf, **template), look(), stored):
        metadata = patch.merge.get("metadata", {})
        assert set(patch.merge) <= {"metadata", "data"}
        assert RESERVED.isdisjoint({name for marks in metadata.values() for name in marks})


def test_a_pod_made_again_gets_what_was_said_since() -> None:
    """Its Deployment's template says still what the start said."""
    started = {"pod_template": with_marks(labels={"team": "a", "gone": "x"})}
    now = look(pod_template=with_marks(labels={"team": "b"}))
    stored = [it for it in cluster(**started) if it["kind"] != "ConfigMap"]
    pods = named(live_objects(now, now, stored))
    assert pods[JM] == {"metadata": {"labels": {"gone": None, "team": "b"}}}
    assert pods[TM] == {"metadata": {"labels": {"team": "b"}}}


def test_what_others_put_onto_objects_stays() -> None:
    stored = cluster()
    for item in stored:
        item["metadata"].setdefault("annotations", {})["theirs"] = "yes"
        item["metadata"]["labels"]["pod-template-hash"] = "1"
    assert live_objects(look(), look({"kubernetes.jobmanager.labels": "a:b"}), stored) == ()


def test_a_pod_that_ends_and_a_pod_of_nobody_are_left_alone() -> None:
    ends = pod("app-0", "jobmanager")
    ends["metadata"]["deletionTimestamp"] = "now"
    new = look(pod_template=with_marks(labels={"team": "a"}))
    assert live_objects(new, None, [ends, pod("hook", "other")]) == ()


# The log files, the template's file

LOG4J, LOGBACK = "log4j-console.properties", "logback-console.xml"


def test_only_log_files_change_in_the_configuration() -> None:
    new = {"log_configuration": {LOG4J: "rootLogger.level = DEBUG"}}
    conf = {"state.backend.type": "rocksdb"}
    patches = named(live_objects(look(conf, **new), look(), cluster()))
    assert patches == {"ConfigMap/flink-config-app": {"data": {LOG4J: "rootLogger.level = DEBUG"}}}


def test_no_log_file_comes_or_goes_as_pods_mount_them_by_name() -> None:
    one = {"log_configuration": {LOG4J: "a"}}
    two = {"log_configuration": {LOGBACK: "b"}}
    assert live_objects(look(**two), look(**one), cluster(**one)) == ()


def test_log_files_that_nobody_changed_stay_as_somebody_stored_them() -> None:
    stored = cluster()
    config = next(it for it in stored if it["metadata"]["name"] == "flink-config-app")
    config["data"][LOG4J] = "another operator's default"
    assert live_objects(look(), look(), stored) == ()
    assert live_objects(look(), None, stored) == ()


def test_the_stored_template_keeps_all_but_its_marks() -> None:
    old = {"pod_template": with_marks(labels={"a": "b"})}
    new = {"pod_template": {"spec": {"nodeSelector": {"changed": "too"}}}}
    patches = named(live_objects(look(**new), look(**old), cluster(**old)))
    text = patches["ConfigMap/pod-template-app"]["data"]["taskmanager-pod-template.yaml"]
    assert yaml.safe_load(text) == {"spec": {"nodeSelector": {"a": "b"}}}


def test_a_template_that_went_takes_its_marks_along() -> None:
    old = {"pod_template": {"metadata": {"labels": {"a": "b"}}}}
    patches = named(live_objects(look(), look(**old), cluster(**old)))
    assert patches[TM] == {"metadata": {"labels": {"a": None}}}
    assert patches["ConfigMap/pod-template-app"]["data"] == {
        "taskmanager-pod-template.yaml": "---\n{}\n"
    }


# The Ingress

FRONT = Ingress(template="{{name}}.example.org", annotations={"a": "1", "b": "2"}, class_name="c")


def only(patches: tuple[Patch, ...]) -> Patch:
    (patch,) = patches
    assert (patch.kind, patch.name) == ("Ingress", "app")
    return patch


@pytest.mark.row("C-101")
def test_an_ingress_is_made_where_there_is_none() -> None:
    patch = only(live_objects(look(ingress=FRONT), look(), cluster()))
    assert patch.before is None
    assert patch.merge == {}
    assert patch.apply == look(ingress=FRONT).ingress


@pytest.mark.row("C-101")
def test_an_ingress_is_changed_and_what_it_does_not_say_any_more_is_taken_away() -> None:
    changed = replace(FRONT, annotations={"a": "3"}, class_name=None)
    patch = only(live_objects(look(ingress=changed), look(ingress=FRONT), cluster(ingress=FRONT)))
    assert patch.merge == {
        "metadata": {"annotations": {"b": None}},
        "spec": {"ingressClassName": None},
    }
    assert patch.apply == look(ingress=changed).ingress


def test_an_annotation_is_taken_from_an_ingress_once() -> None:
    less = replace(FRONT, annotations={"a": "1"})
    stored = cluster(ingress=FRONT)
    patch = only(live_objects(look(ingress=less), look(ingress=FRONT), stored))
    assert patch.merge == {"metadata": {"annotations": {"b": None}}}
    assert live_objects(look(ingress=less), look(ingress=FRONT), cluster(ingress=less)) == ()


@pytest.mark.row("C-101")
def test_an_ingress_that_nobody_wants_any_more_is_deleted() -> None:
    assert only(live_objects(look(), look(ingress=FRONT), cluster(ingress=FRONT))).deletes


def test_an_ingress_of_somebody_else_is_never_deleted() -> None:
    stored = cluster(ingress=FRONT)
    stored[-3]["metadata"]["ownerReferences"] = [{"uid": "another"}]
    assert stored[-3]["kind"] == "Ingress"
    assert live_objects(look(), look(ingress=FRONT), stored) == ()


@pytest.mark.parametrize("wanted", [None, replace(FRONT, class_name="other")])
def test_an_ingress_that_is_not_managed_is_left_alone(wanted: Ingress | None) -> None:
    off = look({"kubernetes.operator.ingress.manage": "false"}, ingress=wanted)
    assert live_objects(off, look(ingress=FRONT), cluster(ingress=FRONT)) == ()


def test_what_a_server_adds_to_an_ingress_is_no_difference() -> None:
    stored = cluster(ingress=FRONT)
    stored[-3]["metadata"]["annotations"]["theirs"] = "yes"
    stored[-3]["status"] = {"loadBalancer": {}}
    assert live_objects(look(ingress=FRONT), look(ingress=FRONT), stored) == ()


# Standalone, and what another operator made


def test_standalone_taskmanagers_have_a_deployment() -> None:
    usual = {
        "mode": Mode.STANDALONE,
        "task_manager": replace(WORKER, replicas=1),
    }
    new = look({"kubernetes.taskmanager.labels": "a:b"}, **usual)
    patches = named(live_objects(new, look(**usual), cluster(**usual)))
    labels = {"metadata": {"labels": {"a": "b"}}}
    assert patches == {"Deployment/app-taskmanager": labels, TM: labels}


@pytest.mark.row("C-013")
@pytest.mark.parametrize("state", golden.STATES)
def test_what_another_operator_left_needs_no_patch(state: str) -> None:
    found = face(parse(golden.deployment(state)), base={}, owner_uid="uid")
    name = found.name
    mine = [
        it
        for it in golden.objects(state)
        if it["kind"] in ("Deployment", "Service", "ConfigMap", "Ingress", "Pod")
        and str(it["metadata"]["name"]).endswith(name) | (it["kind"] in ("Pod", "Service"))
    ]
    assert live_objects(found, found, mine) == ()
