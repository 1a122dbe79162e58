# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""The real warm process, once for all tests of a worker."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from flink_operator.warming import Warm

ROOT = Path(__file__).parents[2]


def environment() -> dict[str, str]:
    return {
        **os.environ,  # noqa: TID251
        "PYTHONPATH": f"{ROOT}/shell/src:{ROOT}/.tree",
        "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".tree"),
    }


@pytest.fixture(scope="session", params=["warm", "cold"])
def warm(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Warm]:
    folder = tmp_path_factory.mktemp(request.param)
    found = Warm(folder, environment(), is_cold=request.param == "cold")
    yield found
    found.stop()
