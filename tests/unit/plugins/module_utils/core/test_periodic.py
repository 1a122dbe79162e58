# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When something periodic is due, by a length of time or by a cron line."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.periodic import (
    due,
    next_due,
    period,
)

LAST = datetime(2026, 11, 21, 2, 30, tzinfo=UTC)
THREE = datetime(2026, 11, 21, 3, 0, tzinfo=UTC)


@pytest.mark.parametrize("text", ["", "  ", "0", "0 s", "PT0S"])
def test_nothing_and_nought_are_never_due(text: str) -> None:
    assert next_due(text, LAST, path="p") is None
    assert not due(text, LAST, LAST + timedelta(days=9999), path="p")


@pytest.mark.row("C-073", "C-074")
@pytest.mark.parametrize(
    ("text", "when"),
    [("30 min", THREE), ("PT30M", THREE), ("0 0 3 * * ?", THREE), ("0 0/30 * ? * 7", THREE)],
)
def test_it_is_due_at_that_time_and_from_then_on(text: str, when: datetime) -> None:
    assert next_due(text, LAST, path="p") == when
    assert not due(text, LAST, when - timedelta(seconds=1), path="p")
    assert due(text, LAST, when, path="p")
    assert due(text, LAST, when + timedelta(days=300), path="p")


def test_a_length_beyond_the_end_of_time_is_never_due() -> None:
    assert next_due("999999999 d", LAST, path="p") is None


@pytest.mark.parametrize("text", ["-PT1H", "often", "0 3 * * *", "0 0 3 * * *", "* * * * * * * *"])
def test_anything_else_is_told_with_both_forms(text: str) -> None:
    with pytest.raises(InvalidResource) as wrong:
        period(text, path="spec.x")
    assert wrong.value.problems[0].path == "spec.x"
    assert "0 0 3 * * ?" in wrong.value.problems[0].next_step


@given(
    st.sampled_from(["1 h", "0 0 3 * * ?", "0 0/7 * ? * MON-FRI"]),
    st.timedeltas(timedelta(0), timedelta(days=99)),
)
def test_what_was_missed_is_due_once(text: str, away: timedelta) -> None:
    now = LAST + away
    assert not (due(text, LAST, now, path="p") and due(text, now, now, path="p"))
