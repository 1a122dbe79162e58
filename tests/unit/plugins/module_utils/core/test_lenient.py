# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What stands in a status is read as what it is asked for, or as nothing."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core import lenient

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


def test_what_is_of_the_form_is_itself() -> None:
    assert lenient.mapping({"a": 1}) == {"a": 1}
    assert lenient.entries([1]) == [1]
    assert lenient.text("a") == "a"
    assert lenient.whole(0) == 0


@pytest.mark.parametrize("value", [None, True, 1.5, b"x"], ids=str)
def test_what_is_not_is_nothing(value: object) -> None:
    assert lenient.mapping(value) == {}
    assert lenient.entries(value) == ()
    assert lenient.text(value) == ""
    assert lenient.whole(value) is None
    assert lenient.moment(value) is None


@pytest.mark.parametrize(
    "text", ["2026-11-21T12:00:00Z", "2026-11-21T12:00:00", "2026-11-21T13:00:00+01:00"]
)
def test_a_time_without_a_zone_is_in_utc(text: str) -> None:
    assert lenient.moment(text) == NOON


@pytest.mark.parametrize("value", [None, 0, "", "x", 10**30, float("nan"), [1]], ids=str)
def test_no_milliseconds_are_no_time(value: object) -> None:
    assert lenient.since_1970(value) is None


@given(st.datetimes(datetime(1971, 1, 1), datetime(2999, 1, 1), timezones=st.just(UTC)))  # noqa: DTZ001
def test_a_time_is_read_back_as_it_was_written(time: datetime) -> None:
    whole = time.replace(microsecond=0)
    assert lenient.since_1970(lenient.milliseconds(whole)) == whole
    assert lenient.moment(lenient.iso(whole)) == whole
