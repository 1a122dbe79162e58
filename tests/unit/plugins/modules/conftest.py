"""Every test that takes `way` runs on both of them."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from .small_api import Store, serving
from .ways import WAYS, Way


@pytest.fixture(params=list(WAYS.values()), ids=list(WAYS))
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[tuple[str, Store]]:
    with serving(tmp_path) as (kubeconfig, store):
        yield kubeconfig, store
