# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Two specs compared: each field has its class, and what means the same is no difference."""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.difference import (
    Difference,
    class_of,
    difference,
    spec_hash,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.difference_rules import (
    Change,
    Sides,
    rule_for,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.dump import (
    load_reconciled,
    reconciled_json,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import build_spec, parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import Spec
from support import golden

FULL: dict[str, Any] = {
    "image": "example/flink:1",
    "imagePullPolicy": "Always",
    "serviceAccount": "flink",
    "flinkVersion": "v1_20",
    "ingress": {
        "template": "{{name}}.example.org",
        "className": "nginx",
        "annotations": {"a": "1"},
        "labels": {"b": "2"},
        "tls": [{"hosts": ["x"]}],
    },
    "podTemplate": {
        "metadata": {"labels": {"team": "a"}, "annotations": {"note": "n"}},
        "spec": {
            "containers": [
                {"name": "flink-main-container", "env": [{"name": "PASSWORD", "value": "s3cret"}]}
            ]
        },
    },
    "jobManager": {
        "resource": {"cpu": 1, "memory": "1g", "ephemeralStorage": "1Gi"},
        "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "1"}, "claims": [{"name": "c"}]},
        "replicas": 2,
        "podTemplate": {"metadata": {"labels": {"role": "jm"}}},
    },
    "taskManager": {
        "resource": {"cpu": 1, "memory": "1g", "ephemeralStorage": "1Gi"},
        "resources": {"limits": {"cpu": "1"}, "requests": {"cpu": "1"}, "claims": [{"name": "c"}]},
        "podTemplate": {"metadata": {"labels": {"role": "tm"}}},
    },
    "logConfiguration": {"log4j-console.properties": "rootLogger.level = INFO"},
    "mode": "native",
    "restartNonce": 1,
    "flinkConfiguration": {"taskmanager.numberOfTaskSlots": "2", "state.backend.type": "rocksdb"},
    "job": {
        "jarURI": "local:///app.jar",
        "parallelism": 2,
        "entryClass": "example.Main",
        "args": ["--password", "s3cret"],
        "state": "running",
        "savepointTriggerNonce": 1,
        "checkpointTriggerNonce": 1,
        "initialSavepointPath": "s3://sp/1",
        "upgradeMode": "savepoint",
        "allowNonRestoredState": False,
        "savepointRedeployNonce": 1,
        "autoscalerResetNonce": 1,
    },
}
SPEC = build_spec(FULL)
STANDALONE = build_spec({**FULL, "mode": "standalone"})


def but(path: str, value: Any, base: dict[str, Any] = FULL) -> Spec:
    """The full spec with another value at that place."""

    def changed(tree: dict[str, Any], steps: list[str]) -> dict[str, Any]:
        inner = value if len(steps) == 1 else changed(tree.get(steps[0]) or {}, steps[1:])
        return {**tree, steps[0]: inner}

    return build_spec(changed(base, path.split("/")))


CONF = "flinkConfiguration/"
STANDALONE_CR = {**FULL, "mode": "standalone"}

CLASSES: list[tuple[str, Any, Change]] = [
    ("image", "example/flink:2", Change.UPGRADE),
    ("imagePullPolicy", "Never", Change.UPGRADE),
    ("serviceAccount", "other", Change.UPGRADE),
    ("flinkVersion", "v2_0", Change.UPGRADE),
    ("mode", "standalone", Change.UPGRADE),
    ("mode", None, Change.NONE),
    ("restartNonce", 2, Change.UPGRADE),
    ("restartNonce", None, Change.IGNORED),
    ("ingress", None, Change.LIVE),
    ("ingress/template", "other.example.org", Change.LIVE),
    ("ingress/className", "traefik", Change.LIVE),
    ("ingress/annotations", {"a": "2"}, Change.LIVE),
    ("ingress/labels", {}, Change.LIVE),
    ("ingress/tls", [], Change.LIVE),
    ("logConfiguration", None, Change.LIVE),
    ("logConfiguration/log4j-console.properties", "rootLogger.level = DEBUG", Change.LIVE),
    ("podTemplate/metadata/labels", {"team": "b"}, Change.LIVE),
    ("podTemplate/metadata/annotations", None, Change.LIVE),
    ("podTemplate/metadata", None, Change.LIVE),
    ("podTemplate/metadata/name", "x", Change.UPGRADE),
    ("podTemplate/spec/nodeSelector", {"a": "b"}, Change.UPGRADE),
    ("podTemplate", None, Change.UPGRADE),
    ("jobManager/podTemplate/metadata/labels/role", "other", Change.LIVE),
    ("jobManager/podTemplate", None, Change.LIVE),
    ("jobManager/podTemplate/spec", {"hostNetwork": True}, Change.UPGRADE),
    ("jobManager/podTemplate/spec", {}, Change.NONE),
    ("jobManager/resource/cpu", 2, Change.UPGRADE),
    ("jobManager/resources/limits", {"cpu": "2"}, Change.UPGRADE),
    ("jobManager/replicas", 3, Change.UPGRADE),
    ("taskManager/podTemplate/metadata/annotations", {"x": "y"}, Change.LIVE),
    ("taskManager/resource", None, Change.UPGRADE),
    ("taskManager/resources/limits/cpu", 1, Change.NONE),
    ("taskManager/replicas", 4, Change.UPGRADE),
    (f"{CONF}state.backend.type", "hashmap", Change.UPGRADE),
    (f"{CONF}kubernetes.operator.savepoint.history.max.age", "1 d", Change.IGNORED),
    (f"{CONF}kubernetes.operator.ingress.manage", "false", Change.LIVE),
    (f"{CONF}job.autoscaler.enabled", "true", Change.IGNORED),
    (f"{CONF}parallelism.default", "7", Change.IGNORED),
    (f"{CONF}pipeline.jobvertex-parallelism-overrides", "a:2", Change.SCALE),
    (f"{CONF}kubernetes.jobmanager.labels", "a:b", Change.LIVE),
    (f"{CONF}kubernetes.jobmanager.annotations", "a:b", Change.LIVE),
    (f"{CONF}kubernetes.taskmanager.labels", "a:b", Change.LIVE),
    (f"{CONF}kubernetes.taskmanager.annotations", "a:b", Change.LIVE),
    (f"{CONF}kubernetes.rest-service.annotations", "a:b", Change.LIVE),
    (f"{CONF}kubernetes.internal-service.annotations", "a:b", Change.LIVE),
    (f"{CONF}kubernetes.rest-service.exposed.type", "NodePort", Change.UPGRADE),
    ("job/jarURI", "local:///other.jar", Change.UPGRADE),
    ("job/parallelism", 3, Change.UPGRADE),
    ("job/entryClass", None, Change.UPGRADE),
    ("job/args", ["--password", "other"], Change.UPGRADE),
    ("job/args", [], Change.UPGRADE),
    ("job/state", "suspended", Change.NONE),
    ("job/upgradeMode", "last-state", Change.NONE),
    ("job/savepointTriggerNonce", 2, Change.IGNORED),
    ("job/checkpointTriggerNonce", 2, Change.IGNORED),
    ("job/initialSavepointPath", "s3://sp/2", Change.IGNORED),
    ("job/allowNonRestoredState", True, Change.IGNORED),
    ("job/autoscalerResetNonce", 2, Change.IGNORED),
    ("job/savepointRedeployNonce", 2, Change.REDEPLOY),
    ("job/savepointRedeployNonce", None, Change.IGNORED),
    ("job", None, Change.UPGRADE),
]


def named(case: Any) -> str:
    return str(case)[:60]


@pytest.mark.row("C-015", "C-016", "C-017")
@pytest.mark.parametrize(("path", "value", "change"), CLASSES, ids=named)
def test_each_field_has_its_class(path: str, value: Any, change: Change) -> None:
    assert class_of(SPEC, but(path, value)) is change
    assert difference(SPEC, but(path, value)).change is change


@pytest.mark.parametrize(
    ("path", "value", "change"),
    [
        ("job/parallelism", 3, Change.SCALE),
        ("taskManager/replicas", 4, Change.SCALE),
        (f"{CONF}pipeline.jobvertex-parallelism-overrides", "a:2", Change.UPGRADE),
    ],
)
def test_a_standalone_cluster_scales_by_its_taskmanagers(
    path: str, value: Any, change: Change
) -> None:
    assert class_of(STANDALONE, but(path, value, STANDALONE_CR)) is change


@pytest.mark.parametrize(
    "role", ["podTemplate", "jobManager/podTemplate", "taskManager/podTemplate"]
)
def test_the_first_label_of_all_restarts_nothing(role: str) -> None:
    bare = {"image": "i", "job": {"parallelism": 1}}
    assert (
        class_of(build_spec(bare), but(f"{role}/metadata/labels", {"a": "b"}, bare)) is Change.LIVE
    )


def test_one_jobmanager_is_the_default_unless_the_configuration_says_more() -> None:
    bare: dict[str, Any] = {"image": "i"}
    assert class_of(build_spec(bare), but("jobManager/replicas", 1, bare)) is Change.IGNORED
    assert class_of(build_spec(bare), but("jobManager/replicas", 2, bare)) is Change.UPGRADE
    more = {**bare, "flinkConfiguration": {"kubernetes.jobmanager.replicas": "2"}}
    assert class_of(build_spec(more), but("jobManager/replicas", 1, more)) is Change.UPGRADE


def test_where_taskmanagers_are_counted_the_jobs_parallelism_says_nothing() -> None:
    counted = {**FULL, "taskManager": {"replicas": 2}}
    assert class_of(build_spec(counted), but("job/parallelism", 9, counted)) is Change.IGNORED


def test_the_highest_class_of_all_fields_counts() -> None:
    both = replace(but("podTemplate/metadata/labels", {}), image="other")
    assert difference(SPEC, both).change is Change.UPGRADE
    assert {it.change for it in difference(SPEC, both).fields} == {Change.LIVE, Change.UPGRADE}


def test_the_classes_are_ordered() -> None:
    assert [str(it) for it in sorted(Change, key=lambda it: it.rank)] == list(Change)
    assert [it for it in Change if it.restarts] == [Change.SCALE, Change.UPGRADE, Change.REDEPLOY]


def test_a_trigger_nonce_is_told_apart() -> None:
    assert difference(SPEC, but("job/savepointTriggerNonce", 2)).nonces
    assert difference(SPEC, but("job/checkpointTriggerNonce", None)).nonces
    assert not difference(SPEC, but("job/autoscalerResetNonce", 2)).nonces


# Every field of the dataclasses has a rule by its name.

AS_GIVEN = "flink_configuration_as_given"
FILLED = but("taskManager/replicas", 2, STANDALONE_CR)


NEVER_RECORDED = ("job", "deletion_mode")
"""It is read from the resource as it stands: another operator's reader would not know it."""


def places(value: Any, path: tuple[str, ...] = ()) -> Iterator[tuple[str, ...]]:
    """The way to every field of every dataclass in it."""
    for found in dataclasses.fields(value):
        inner = getattr(value, found.name)
        if dataclasses.is_dataclass(inner):
            yield from places(inner, (*path, found.name))
        elif found.name != AS_GIVEN:
            yield (*path, found.name)


def reset(value: Any, path: tuple[str, ...]) -> Any:
    head, *rest = path
    if rest:
        return replace(value, **{head: reset(getattr(value, head), tuple(rest))})
    return replace(value, **{head: other(getattr(value, head))})


def other(value: Any) -> Any:
    """Another value of that kind."""
    match value:
        case None:
            return 7
        case bool():
            return not value
        case int() | float():
            return value + 1
        case dict():
            return {**value, "another": "one"}
        case tuple():
            return (*value, value[0])
        case _:
            kind = type(value)
            is_text = kind is str
            return f"{value}x" if is_text else next(it for it in kind if it is not value)


@pytest.mark.parametrize("place", list(places(FILLED)), ids=".".join)
def test_no_field_of_a_spec_is_forgotten(place: tuple[str, ...]) -> None:
    changed = difference(FILLED, reset(FILLED, place))
    if place in [("job", "state"), ("job", "upgrade_mode"), NEVER_RECORDED]:
        assert changed == Difference(fields=())
        return
    (field,) = changed.fields
    assert field.rule != "a_field_that_no_rule_names"
    assert field.path.startswith("spec.")


def test_what_is_not_known_restarts() -> None:
    sides = Sides(path="spec.unheardOf", before=1, after=2, old=SPEC, new=SPEC)
    assert rule_for(sides).name == "a_field_that_no_rule_names"
    assert rule_for(sides).change is Change.UPGRADE


def test_the_spec_that_shows_it_fills_every_field() -> None:
    def at(place: tuple[str, ...]) -> Any:
        value: Any = FILLED
        for name in place:
            value = getattr(value, name)
        return value

    empty = [place for place in places(FILLED) if at(place) in (None, (), {})]
    assert empty == [NEVER_RECORDED]


# What means the same.


@pytest.mark.row("C-013")
@pytest.mark.parametrize("case", golden.CASES)
def test_a_resource_differs_in_nothing_from_what_another_operator_recorded(case: str) -> None:
    text = golden.status(case)["reconciliationStatus"]["lastReconciledSpec"]
    recorded, spec = load_reconciled(text)[0], parse(golden.resource(case)).spec
    assert difference(recorded, spec) == Difference(fields=())
    assert class_of(recorded, spec) is Change.NONE
    assert spec_hash(recorded) == spec_hash(spec)


CHANGED_STATES = {"upgrading-last-state": "spec.restartNonce:  -> 1"}


@pytest.mark.row("C-013")
@pytest.mark.parametrize("state", golden.STATES)
def test_a_state_of_another_operator_differs_only_where_the_user_changed_it(state: str) -> None:
    cr = golden.deployment(state)
    recorded, _ = load_reconciled(cr["status"]["reconciliationStatus"]["lastReconciledSpec"])
    assert difference(recorded, parse(cr).spec).text == CHANGED_STATES.get(state, "")


def test_a_quantity_that_became_text_is_the_same() -> None:
    def asking(cpu: Any) -> Spec:
        main = {"name": "flink-main-container", "resources": {"limits": {"cpu": cpu}}}
        return but("podTemplate/spec/containers", [main])

    assert class_of(asking(2), asking("2")) is Change.NONE
    assert spec_hash(asking(2)) == spec_hash(asking("2"))
    assert class_of(asking(2), asking("3")) is Change.UPGRADE


@pytest.mark.parametrize("nothing", [None, {}, {"spec": {}}, {"metadata": {"labels": {}}}])
def test_a_template_that_says_nothing_is_none(nothing: Any) -> None:
    bare: dict[str, Any] = {"image": "i"}
    assert class_of(build_spec(bare), but("podTemplate", nothing, bare)) is Change.NONE


def test_an_empty_list_says_nothing() -> None:
    assert class_of(SPEC, but("podTemplate/spec/tolerations", [])) is Change.NONE
    assert spec_hash(SPEC) == spec_hash(but("podTemplate/spec/tolerations", []))


@pytest.mark.parametrize("volume", [{"name": "v", "emptyDir": {}}, {"name": "w"}])
def test_an_empty_map_says_something_elsewhere(volume: Any) -> None:
    one = but("podTemplate/spec/volumes", [{"name": "v"}])
    assert class_of(one, but("podTemplate/spec/volumes", [volume])) is Change.UPGRADE


def test_configuration_is_compared_flat() -> None:
    nested = {"taskmanager": {"numberOfTaskSlots": 2}, "state.backend": {"type": "rocksdb"}}
    assert class_of(SPEC, but("flinkConfiguration", nested)) is Change.NONE


# What people read.


def test_a_field_is_told_with_both_values() -> None:
    assert difference(SPEC, but("image", "b")).text == "spec.image: example/flink:1 -> b"
    assert (
        difference(SPEC, but("job/entryClass", None)).text
        == "spec.job.entryClass: example.Main -> "
    )


def test_of_a_long_text_the_lines_that_differ_are_told() -> None:
    def logging(level: str) -> Spec:
        lines = ["monitorInterval = 30", f"rootLogger.level = {level}", "x" * 100, ""]
        return but("logConfiguration", {"log4j-console.properties": "\n".join(lines)})

    (field,) = difference(logging("INFO"), logging("DEBUG")).fields
    assert (field.before, field.after) == ("rootLogger.level = INFO", "rootLogger.level = DEBUG")


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("job/args", ["--password", "0ther"]),
        ("job/args", ["--password", "0ther", "more"]),
        ("podTemplate/spec/containers", [{"env": [{"name": "PASSWORD", "value": "0ther"}]}]),
        (f"{CONF}s3.secret-key", "0ther"),
        ("job", None),
    ],
)
def test_no_secret_is_told(path: str, value: Any) -> None:
    both = but(path, value)
    for told in (difference(SPEC, both), difference(both, SPEC)):
        assert told.fields
        assert "s3cret" not in str(told)
        assert "0ther" not in str(told)


def test_long_values_are_cut() -> None:
    assert all(len(it.before) <= 80 for it in difference(SPEC, but("podTemplate", None)).fields)


# The name of a spec.


@pytest.mark.parametrize(("path", "value", "change"), CLASSES, ids=named)
def test_a_spec_has_another_name_where_a_start_would_be_another(
    path: str, value: Any, change: Change
) -> None:
    is_asked_back = value is None and path.endswith("Nonce") and change is Change.IGNORED
    is_read_by_a_start = path == "job/allowNonRestoredState"
    is_other = change.restarts or is_read_by_a_start
    if not is_asked_back or path.endswith("TriggerNonce"):
        assert (spec_hash(SPEC) != spec_hash(but(path, value))) is is_other


def test_a_name_is_short_and_stays() -> None:
    assert spec_hash(build_spec({})) == "44136fa355b3678a"
    assert spec_hash(SPEC) == spec_hash(build_spec(FULL))


# Properties.

VALUES = {path: [value for where, value, _ in CLASSES if where == path] for path, _, _ in CLASSES}


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    paths = draw(st.lists(st.sampled_from(sorted(VALUES)), max_size=4, unique=True))
    tree = FULL
    for path in sorted(paths, key=lambda it: it.count("/")):
        tree = _set(tree, path.split("/"), draw(st.sampled_from(VALUES[path])))
    return build_spec(tree)


def _set(tree: dict[str, Any], steps: list[str], value: Any) -> dict[str, Any]:
    inner = value if len(steps) == 1 else _set(tree.get(steps[0]) or {}, steps[1:], value)
    return {**tree, steps[0]: inner}


@given(specs())
def test_a_spec_does_not_differ_from_itself_or_from_its_record(spec: Spec) -> None:
    read_back, _ = load_reconciled(reconciled_json(spec, first_deployment=False))
    assert difference(spec, spec) == Difference(fields=())
    assert difference(spec, read_back) == Difference(fields=())
    assert class_of(read_back, spec) is Change.NONE
    assert spec_hash(read_back) == spec_hash(spec)


@given(specs(), specs())
def test_a_difference_is_its_highest_class_both_ways(one: Spec, two: Spec) -> None:
    found = difference(one, two)
    assert found.change is class_of(one, two)
    assert found.restarts is found.change.restarts
    assert {it.path for it in found.fields} == {it.path for it in difference(two, one).fields}
    if spec_hash(one) == spec_hash(two):
        assert not found.restarts
