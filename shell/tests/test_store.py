# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""A store is what the watch has told, and our own writes until it tells of them."""

from __future__ import annotations

from typing import Any

import pytest

from flink_operator.store import Store


def item(name: str, version: int, namespace: str = "ns", **labels: str) -> dict[str, Any]:
    metadata = {"name": name, "namespace": namespace, "resourceVersion": str(version)}
    return {"kind": "Pod", "metadata": {**metadata, "labels": labels, "managedFields": ["long"]}}


@pytest.fixture
def store() -> Store:
    found = Store()
    found.fill([item("a", 5, app="x"), item("b", 6, app="x", component="jobmanager")], "7")
    return found


def names(found: list[dict[str, Any]]) -> list[str]:
    return [one["metadata"]["name"] for one in found]


def version(store: Store, name: str) -> str | None:
    found = store.get("ns", name)
    return found["metadata"]["resourceVersion"] if found else None


def test_what_was_listed_is_there_without_its_managed_fields(store: Store) -> None:
    found = store.get("ns", "a")
    assert found is not None
    assert "managedFields" not in found["metadata"]
    assert store.get("ns", "c") is None
    assert store.get("other", "a") is None


@pytest.mark.parametrize(
    ("namespace", "labels", "expected"),
    [
        ("ns", "app=x", ["a", "b"]),
        ("ns", "app=x,component", ["b"]),
        ("ns", "component=jobmanager", ["b"]),
        ("ns", "app=y", []),
        ("other", "app=x", []),
        ("", "app=x", ["a", "b"]),
        ("ns", "", ["a", "b"]),
    ],
)
def test_objects_are_chosen_by_place_and_labels(
    store: Store, namespace: str, labels: str, expected: list[str]
) -> None:
    assert names(store.all(namespace, labels)) == expected


def test_an_object_that_loses_its_label_is_not_found_by_it(store: Store) -> None:
    assert store.told(item("a", 8))
    assert names(store.all("ns", "app=x")) == ["b"]


def test_news_of_the_watch_that_are_older_than_what_is_known_are_none(store: Store) -> None:
    store.written(item("a", 10))
    assert not store.told(item("a", 9))
    assert version(store, "a") == "10"
    assert store.told(item("a", 10))


def test_an_answer_to_a_write_that_comes_late_brings_nothing_back(store: Store) -> None:
    store.gone(item("a", 11))
    store.written(item("a", 10))
    assert store.get("ns", "a") is None


def test_a_deletion_that_the_watch_tells_ends_what_was_written(store: Store) -> None:
    store.written(item("c", 12))
    assert version(store, "c") == "12"
    store.gone(item("c", 13))
    assert store.get("ns", "c") is None


def test_what_a_bookmark_has_passed_is_no_news(store: Store) -> None:
    store.passed("20")
    store.written(item("a", 15))
    assert version(store, "a") == "5"


def test_a_new_list_tells_what_is_new_changed_and_gone(store: Store) -> None:
    assert store.fill([item("a", 5), item("b", 9), item("c", 8)], "10") == {
        ("ns", "b"),
        ("ns", "c"),
    }
    assert store.fill([item("a", 5)], "11") == {("ns", "b"), ("ns", "c")}
    assert len(store) == 1


def test_whose_an_object_was_is_known_after_it_is_gone(store: Store) -> None:
    store.gone(item("a", 8, app="x"))
    assert store.app_of(("ns", "a")) == ("ns", "x")
    store.fill([], "9")
    assert store.app_of(("ns", "b")) == ("ns", "x")
    assert store.app_of(("ns", "never")) is None
