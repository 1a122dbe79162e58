# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Cron lines in Quartz's form: seconds first, six or seven fields, 1 is Sunday, in UTC.

Knows what a line means and when it comes next. Refuses to know the clock.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta

from .errors import InvalidResource, Problem
from .quartz_days import Days, days_of_month, days_of_week, month
from .quartz_fields import DAY, HOUR, LAST_YEAR, MINUTE, MONTH, SECOND, WEEKDAY, YEAR, BadField

_FIELDS = (SECOND, MINUTE, HOUR, DAY, MONTH, WEEKDAY, YEAR)
_NONE = "?"
_NEXT_STEP = (
    "Write seconds, minutes, hours, day of month, month, day of week and, if wanted, year: "
    "`0 0 3 * * ?` is each day at 3:00 UTC."
)
_EARLIEST = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Quartz:
    """A cron line. Each tuple is sorted."""

    seconds: tuple[int, ...]
    minutes: tuple[int, ...]
    hours: tuple[int, ...]
    days: Days
    months: tuple[int, ...]
    years: tuple[int, ...]

    def next_after(self, moment: datetime) -> datetime | None:
        """The first time after the moment; None where there is none any more."""
        start = moment.astimezone(UTC).replace(microsecond=0)
        try:
            start += timedelta(seconds=1)
        except OverflowError:
            return None
        for day in self._dates(start.date()):
            at = self._time(start.time() if day == start.date() else time.min)
            if at is not None:
                return datetime.combine(day, at, tzinfo=UTC)
        return None

    def _dates(self, first: date) -> Iterator[date]:
        """Each day of it from the first on, in order; they end with the last year."""
        for year in self.years[bisect_left(self.years, first.year) :]:
            for number in self.months:
                if (year, number) < (first.year, first.month):
                    continue
                for day in sorted(self.days.of(month(year, number))):
                    if (year, number, day) >= (first.year, first.month, first.day):
                        yield date(year, number, day)

    def _time(self, at: time) -> time | None:
        """The first time of a day that is not before."""
        for hour in self.hours[bisect_left(self.hours, at.hour) :]:
            same_hour = hour == at.hour
            for minute in self.minutes[bisect_left(self.minutes, at.minute if same_hour else 0) :]:
                least = at.second if same_hour and minute == at.minute else 0
                position = bisect_left(self.seconds, least)
                if position < len(self.seconds):
                    return time(hour, minute, self.seconds[position])
        return None


def parse(expression: str, *, path: str) -> Quartz:
    """Read a cron line, or raise InvalidResource with the field that is wrong."""
    parts = expression.upper().split()
    if len(parts) not in (len(_FIELDS) - 1, len(_FIELDS)):
        raise _bad(path, expression, f"a cron line has six or seven fields, this has {len(parts)}")
    given = dict(zip((field.name for field in _FIELDS), (*parts, "*"), strict=False))
    line = _line(given, path, expression)
    if line.next_after(_EARLIEST) is None:
        raise _bad(path, expression, f"no such day comes between 1970 and {LAST_YEAR}")
    return line


def _line(given: dict[str, str], path: str, expression: str) -> Quartz:
    numbers: dict[str, tuple[int, ...]] = {}
    for field in (SECOND, MINUTE, HOUR, MONTH, YEAR):
        text = given[field.name]
        try:
            numbers[field.name] = tuple(sorted(field.values(text)))
        except BadField as wrong:
            raise _bad_field(path, expression, field.name, wrong) from wrong
    return Quartz(
        seconds=numbers[SECOND.name],
        minutes=numbers[MINUTE.name],
        hours=numbers[HOUR.name],
        days=_days(given, path, expression),
        months=numbers[MONTH.name],
        years=numbers[YEAR.name],
    )


def _days(given: dict[str, str], path: str, expression: str) -> Days:
    by_month, by_week = given[DAY.name], given[WEEKDAY.name]
    if (by_month == _NONE) == (by_week == _NONE):
        rule = "one of day of month and day of week is ?, the other is not"
        raise _bad(path, expression, rule)
    name = WEEKDAY.name if by_month == _NONE else DAY.name
    try:
        return days_of_week(by_week) if by_month == _NONE else days_of_month(by_month)
    except BadField as wrong:
        raise _bad_field(path, expression, name, wrong) from wrong


def _bad_field(path: str, expression: str, name: str, wrong: BadField) -> InvalidResource:
    return _bad(path, expression, f"the field {name} of a cron line is wrong: {wrong}")


def _bad(path: str, value: str, rule: str) -> InvalidResource:
    return InvalidResource((Problem(path=path, value=value, rule=rule, next_step=_NEXT_STEP),))
