# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Cron lines mean what Quartz takes them for; its answers stand in tests/golden/quartz.json.

Two versions were asked, as each has faults of its own: 2.4.0 takes one W of a list for all of its
days and refuses other lists; 2.5.2 leaves out the later times of a day that a W means.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core import quartz
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource

GOLDEN = Path(__file__).parents[4] / "golden" / "quartz.json"
ROWS: list[dict[str, Any]] = json.loads(GOLDEN.read_text())
STRICTER = {
    "0 0 0 30 2 ? *": "Quartz takes a line that never comes",
    "0 0 0 31 4 ?": "Quartz takes a line that never comes",
    "0 0 0 1 JANX ?": "Quartz reads three letters and leaves the rest",
    "0 0 0 ? * MONDAY": "Quartz reads three letters and leaves the rest",
    "0 0 0 1.5 * ?": "Quartz reads the digits and leaves the rest",
    "0 0 0 1,, * ?": "Quartz leaves out what is empty",
    "0 0 0 1 FEB/3 ?": "Quartz leaves out the step",
    "0 0 0 ? * TUE/2": "Quartz leaves out the step",
}
FARTHER = "0 0 0 ? 2 6#5"
NOW = datetime(2026, 11, 21, 12, 28, 31, 999, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(1971, 1, 1), datetime(2190, 1, 1), timezones=st.just(UTC))  # noqa: DTZ001


def told(row: dict[str, Any]) -> str:
    """In the words of the golden file: the next five times."""
    try:
        line = quartz.parse(row["cron"], path="p")
    except InvalidResource:
        return "refused"
    words: list[str] = []
    at: datetime | None = datetime.fromtimestamp(row["after"], tz=UTC)
    while at is not None and len(words) < 5:
        at = line.next_after(at)
        words.append("never" if at is None else str(int(at.timestamp())))
    return " ".join(words)


@pytest.mark.row("C-074")
@pytest.mark.parametrize("row", ROWS, ids=lambda row: str(row["cron"]))
def test_a_line_means_what_quartz_takes_it_for(row: dict[str, Any]) -> None:
    if row["cron"] in STRICTER:
        assert told(row) == "refused"
    elif row["cron"] == FARTHER:
        # Quartz looks no hundred years ahead.
        assert told(row).split()[:4] == row["2.5.2"].split()[:4]
    else:
        assert told(row) in (row["2.4.0"], row["2.5.2"])


def test_there_are_some_hundred_lines_and_half_of_them_are_legal() -> None:
    assert len(ROWS) > 200
    assert sum(row["2.5.2"] != "refused" for row in ROWS) > 100


@pytest.mark.parametrize(
    ("line", "field"),
    [
        ("60 * * * * ?", "seconds"),
        ("0 /90 * * * ?", "minutes"),
        ("0 0 24 * * ?", "hours"),
        ("0 0 0 32 * ?", "day of month"),
        ("0 0 0 L-31 * ?", "day of month"),
        ("0 0 0 1 13 ?", "month"),
        ("0 0 0 ? * 8", "day of week"),
        ("0 0 0 ? * 6#6", "day of week"),
        ("0 0 0 ? * 2,3#1", "day of week"),
        ("0 0 0 1 1 ? 1969", "year"),
        ("0 0 0 1 1 ? 2040-2030", "year"),
    ],
)
def test_the_wrong_field_is_named(line: str, field: str) -> None:
    with pytest.raises(InvalidResource) as wrong:
        quartz.parse(line, path="spec.x")
    problem = wrong.value.problems[0]
    assert (problem.path, problem.value) == ("spec.x", line)
    assert f"the field {field} " in problem.rule
    assert "0 0 3 * * ?" in problem.next_step


@pytest.mark.parametrize(
    ("line", "rule"),
    [
        ("0 3 * * *", "six or seven fields, this has 5"),
        ("", "this has 0"),
        ("0 0 0 * * *", "one of day of month and day of week is ?"),
        ("0 0 0 ? * ?", "one of day of month and day of week is ?"),
        ("0 0 0 30 2 ?", "no such day comes"),
    ],
)
def test_a_line_of_another_form_is_told(line: str, rule: str) -> None:
    with pytest.raises(InvalidResource, match=rule.replace("?", r"\?")):
        quartz.parse(line, path="p")


def test_a_year_that_is_over_never_comes_again() -> None:
    assert quartz.parse("0 0 0 1 1 ? 2000", path="p").next_after(NOW) is None


def test_the_end_of_time_is_no_overflow() -> None:
    last = datetime.max.replace(tzinfo=UTC)
    assert quartz.parse("* * * * * ?", path="p").next_after(last) is None


@given(st.sampled_from([r["cron"] for r in ROWS if told(r) != "refused"]), MOMENTS)
def test_the_next_time_is_later_and_nothing_lies_between(line: str, moment: datetime) -> None:
    parsed = quartz.parse(line, path="p")
    found = parsed.next_after(moment)
    if found is not None:
        assert found > moment
        assert parsed.next_after(found - timedelta(seconds=1)) == found
        between = moment + (found - moment) / 2
        if between < found:
            assert parsed.next_after(between) == found


@given(st.text(alphabet="0123456789*?/-,LW# MON", max_size=40))
def test_whatever_is_written_is_read_or_refused(line: str) -> None:
    try:
        parsed = quartz.parse(line, path="p")
    except InvalidResource:
        return
    parsed.next_after(NOW)


def test_an_answer_takes_less_than_a_millisecond_as_a_rule() -> None:
    """Loosely, for a busy machine: the middle one of all lines, and the slowest of them."""
    taken = []
    for row in ROWS:
        if told(row) == "refused":
            continue
        line = quartz.parse(row["cron"], path="p")
        begin = time.perf_counter()
        line.next_after(NOW)
        taken.append(time.perf_counter() - begin)
    assert sorted(taken)[len(taken) // 2] < 0.001
    assert max(taken) < 0.2
