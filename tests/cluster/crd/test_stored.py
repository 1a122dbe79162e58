"""A resource that was stored before a rule came: what breaks the rule stays, and can be served.

The definitions are installed twice under one more group: first without their rules, so that bad
resources can be stored, then as they are.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from cluster.crd.server import (
    CRDS,
    GROUP,
    NAMESPACE,
    RUN,
    Answer,
    Api,
    definitions,
    install,
    listing,
    moved,
    until,
)
from cluster.crd.test_refused import BAD, BAD_NAMES, KIND_OF, app

LATER_GROUP = f"crd-tests-later-{RUN}.flinkops.example.com"
RULES = ("x-kubernetes-validations", "enum", "maxLength", "maxProperties")
FINALIZER = f"flinkdeployments.{GROUP}/finalizer"


def without_rules(schema: Any) -> Any:
    if isinstance(schema, dict):
        return {name: without_rules(inner) for name, inner in schema.items() if name not in RULES}
    return [without_rules(inner) for inner in schema] if isinstance(schema, list) else schema


class Case:
    """A stored resource that breaks a rule which came later."""

    def __init__(self, number: int, rule: str, plural: str, spec: Any, name: str = "") -> None:
        self.rule, self.plural = rule, plural
        self.name = name or f"stored-{number}"
        self.spec = spec
        self.path = f"{listing(plural, LATER_GROUP)}/{self.name}"

    @property
    def body(self) -> dict[str, Any]:
        metadata = {"name": self.name, "finalizers": [FINALIZER]}
        body = {
            "apiVersion": f"{LATER_GROUP}/v1beta1",
            "kind": KIND_OF[self.plural],
            "metadata": metadata,
        }
        return body if self.spec is None else {**body, "spec": self.spec}


CASES = [
    *(Case(number, row[0], row[1], row[2]) for number, row in enumerate(BAD)),
    *(Case(0, "name", "flinkdeployments", app(), name) for name in BAD_NAMES),
    Case(900, "enum", "flinkdeployments", app(mode="Native", flinkVersion="v0_9")),
]


def bad_is_refused(api: Api, plural: str) -> bool:
    body = Case(
        999, "", plural, {"job": {"parallelism": 0}, "savepoint": {}, "checkpoint": {}}
    ).body
    if plural == "flinkbluegreendeployments":
        body["spec"] = {"template": {"spec": {}}}
    return api("POST", f"{listing(plural, LATER_GROUP)}?dryRun=All", body).status == 422


@pytest.fixture(scope="module")
def later(api: Api, namespace: str) -> Iterator[Api]:
    assert namespace == NAMESPACE
    rules = [moved(definition, LATER_GROUP) for definition in definitions()]
    names = [definition["metadata"]["name"] for definition in rules]
    for definition in rules:
        install(api, without_rules(definition))
    plurals = [definition["spec"]["names"]["plural"] for definition in rules]
    until(lambda: all(api("GET", listing(p, LATER_GROUP)).is_ok for p in plurals), "served")
    for case in CASES:
        made = api("POST", listing(case.plural, LATER_GROUP), case.body)
        assert made.is_ok, made.told
    for definition in rules:
        install(api, definition)
    until(lambda: all(bad_is_refused(api, plural) for plural in plurals), "the rules hold")
    yield api
    for definition in rules:
        install(api, without_rules(definition))
    until(lambda: not any(bad_is_refused(api, plural) for plural in plurals), "no rules hold")
    for case in CASES:
        api.patch(case.path, {"metadata": {"finalizers": None}})
    for name in names:
        api("DELETE", f"{CRDS}/{name}")


def ids(case: Case) -> str:
    return f"{case.name}-{case.rule}"


def taken(answer: Answer) -> None:
    assert answer.is_ok, answer.told


@pytest.mark.row("C-013", "C-024")
@pytest.mark.parametrize("case", CASES, ids=ids)
def test_its_status_can_be_written(later: Api, case: Case) -> None:
    taken(later.patch(f"{case.path}/status", {"status": {"error": "it breaks a rule"}}))
    whole = later("GET", case.path).body
    assert whole["status"]["error"] == "it breaks a rule"
    whole["status"]["error"] = "still"
    taken(later("PUT", f"{case.path}/status", whole))


@pytest.mark.parametrize("case", CASES, ids=ids)
def test_its_labels_and_annotations_can_be_changed(later: Api, case: Case) -> None:
    taken(later.patch(case.path, {"metadata": {"labels": {"a": "b"}, "annotations": {"c": "d"}}}))


def test_what_does_not_touch_the_broken_part_can_be_changed(later: Api) -> None:
    old = next(case for case in CASES if case.rule == "this_flink_version_is_no_longer_served")
    taken(later.patch(old.path, {"spec": {"image": "other"}}))


def test_what_touches_the_broken_part_must_mend_it(later: Api) -> None:
    case = next(case for case in CASES if case.rule == "a_service_account_is_needed")
    refused = later.patch(case.path, {"spec": {"image": "other"}})
    assert "a service account is needed" in refused.told
    taken(later.patch(case.path, {"spec": {"image": "other", "serviceAccount": "flink"}}))


@pytest.mark.row("C-013")
@pytest.mark.parametrize("case", CASES, ids=ids)
def test_its_finalizer_can_be_removed_so_that_it_goes(later: Api, case: Case) -> None:
    taken(later("DELETE", case.path))
    assert later("GET", case.path).body["metadata"]["deletionTimestamp"]
    taken(later.patch(case.path, {"metadata": {"finalizers": None}}))
    until(lambda: later("GET", case.path).status == 404, "the resource is gone")
