"""A store is what the real API server tells, from the first list on and over every break."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Access, connect
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Expired
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import CONFIG_MAP
from ansible_collections.flinkops.flink.plugins.module_utils.kube.watch import (
    Happened,
    Selection,
    listed,
    watched,
)
from flink_operator.informer import Informer
from flink_operator.store import Key, Store
from support.cluster import Cluster, until

OURS = {"labels": {"app": "orders"}}


def config_map(name: str, **data: str) -> dict[str, Any]:
    return {"metadata": {"name": name, **OURS}, "data": data}


@pytest.fixture
def of(namespace: str) -> Selection:
    return Selection(CONFIG_MAP, namespace, "app")


class Heard:
    def __init__(self, kubeconfig: Path, of: Selection) -> None:
        self.store = Store()
        self.keys: list[Key] = []
        api = connect(Access(kubeconfig=str(kubeconfig)))
        self.informer = Informer(api, of, self.store, self.keys.extend)


@pytest.fixture
def heard(kubeconfig: Path, of: Selection) -> Iterator[Heard]:
    found = Heard(kubeconfig, of)
    yield found
    found.informer.stop()


def data(heard: Heard, of: Selection, name: str) -> Any:
    return (heard.store.get(of.namespace, name) or {}).get("data")


def test_what_is_there_comes_and_goes_is_told(
    heard: Heard, cluster: Cluster, of: Selection
) -> None:
    cluster.create("configmaps", of.namespace, config_map("before", a="1"))
    cluster.create("configmaps", of.namespace, {"metadata": {"name": "other"}})
    heard.informer.start()
    until(lambda: heard.store.is_filled, "the first list", within=20)
    assert heard.store.keys() == [(of.namespace, "before")]
    cluster.create("configmaps", of.namespace, config_map("later", a="1"))
    until(lambda: data(heard, of, "later") == {"a": "1"}, "what was made later", within=20)
    cluster.patch("configmaps", "later", of.namespace, {"data": {"a": "2"}})
    until(lambda: data(heard, of, "later") == {"a": "2"}, "what changed", within=20)
    cluster.delete("configmaps", "later", of.namespace)
    until(lambda: data(heard, of, "later") is None, "what is gone", within=20)
    assert heard.store.app_of((of.namespace, "later")) == (of.namespace, "orders")
    assert heard.keys.count((of.namespace, "later")) >= 3


def test_a_watch_ends_in_its_time_and_goes_on_where_it_was(
    kubeconfig: Path, cluster: Cluster, of: Selection
) -> None:
    api = connect(Access(kubeconfig=str(kubeconfig)))
    _items, since = listed(api, of)
    cluster.create("configmaps", of.namespace, config_map("made", a="1"))
    second = timedelta(seconds=1)
    for _ in range(2):
        found = list(watched(api, of, since=since, within=second))
        told = [item["metadata"]["name"] for what, item in found if what is Happened.ADDED]
        assert told == ["made"]


def test_a_place_that_lies_too_far_back_is_told_as_expired(kubeconfig: Path, of: Selection) -> None:
    api = connect(Access(kubeconfig=str(kubeconfig)))
    with pytest.raises(Expired):
        list(watched(api, of, since="1", within=timedelta(seconds=2)))
