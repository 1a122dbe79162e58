"""Every test that takes `way` runs on both of them."""

from __future__ import annotations

import pytest

from .ways import WAYS, Way


@pytest.fixture(params=WAYS.values(), ids=WAYS.keys())
def way(request: pytest.FixtureRequest) -> Way:
    chosen: Way = request.param
    return chosen
