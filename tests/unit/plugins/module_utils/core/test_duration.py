# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lengths of time in Flink's words and in ISO-8601."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.duration import duration
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource

LENGTHS = {
    "1 min": timedelta(minutes=1),
    "10 s": timedelta(seconds=10),
    "3min": timedelta(minutes=3),
    "500": timedelta(milliseconds=500),
    "0 s": timedelta(0),
    "2 Hours": timedelta(hours=2),
    "1 d": timedelta(days=1),
    "7 µs": timedelta(microseconds=7),
    "2500 ns": timedelta(microseconds=2),
    "PT10S": timedelta(seconds=10),
    "P1DT2H3M4.5S": timedelta(days=1, hours=2, minutes=3, seconds=4.5),
    "-PT1M": timedelta(minutes=-1),
}


@pytest.mark.parametrize(("text", "length"), LENGTHS.items())
def test_a_length_of_time_is_read(text: str, length: timedelta) -> None:
    assert duration(text, path="p") == length


@pytest.mark.parametrize(
    "text",
    [
        "",
        "min",
        "1 fortnight",
        "1.5 s",
        "PT",
        "P",
        "-1 s",
        "9" * 30,
        "9" * 30 + " d",
        "P999999999999D",
    ],
)
def test_anything_else_is_told(text: str) -> None:
    with pytest.raises(InvalidResource, match="is not a length of time"):
        duration(text, path="p")


@given(st.integers(min_value=0, max_value=10**9), st.sampled_from(["ms", "s", "min", "h"]))
def test_number_and_unit_may_stand_apart_or_together(number: int, unit: str) -> None:
    assert duration(f"{number} {unit}", path="p") == duration(f"{number}{unit}", path="p")
