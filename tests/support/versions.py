# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The Flink versions that tests on a real cluster run on: the core on one, the matrix on each."""

from __future__ import annotations

from dataclasses import dataclass

import pytest

from .custom_resource import IMAGE, NEWEST_IMAGE, NEWEST_VERSION


@dataclass(frozen=True, slots=True, kw_only=True)
class Flink:
    """A version that the tests run on."""

    image: str
    version: str

    def __str__(self) -> str:
        return self.image.rpartition(":")[2]


CORE = Flink(image=IMAGE, version="v1_20")
NEWEST = Flink(image=NEWEST_IMAGE, version=NEWEST_VERSION)
ON_EACH = (CORE, pytest.param(NEWEST, marks=pytest.mark.matrix))
