"""The definitions under a group of their own: nobody else's are touched, nothing is left."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from cluster.crd.server import CRDS, NAMESPACE, Api, definitions, install, listing, moved, until


@pytest.fixture(scope="session")
def api(kubeconfig: Path) -> Api:
    return Api(kubeconfig)


@pytest.fixture(scope="session")
def namespace(api: Api) -> Iterator[str]:
    path = f"/api/v1/namespaces/{NAMESPACE}"
    made = {"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": NAMESPACE}}
    answer = api("POST", "/api/v1/namespaces", made)
    assert answer.is_ok, answer.told
    yield NAMESPACE
    api("DELETE", path)


@pytest.fixture(scope="session")
def server(api: Api, namespace: str) -> Iterator[Api]:
    """The API server with all four kinds installed."""
    ours = [moved(definition) for definition in definitions()]
    for definition in ours:
        install(api, definition)
    plurals = [definition["spec"]["names"]["plural"] for definition in ours]
    until(lambda: all(api("GET", listing(p)).is_ok for p in plurals), "the kinds are served")
    yield api
    for definition in ours:
        api("DELETE", f"{CRDS}/{definition['metadata']['name']}")
