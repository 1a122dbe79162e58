# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Which days of a month a Quartz cron line means: by number, from the end, by weekday.

Knows L, L-3, LW, 15W, 6L and 6#3. Refuses to know the hours.
"""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from .quartz_fields import DAY, WEEKDAY, BadField

_FROM_END = re.compile(r"L(?:-(\d{1,2}))?(W)?")
_NEAREST = re.compile(r"(\d{1,2})W")
_LAST = re.compile(r"([A-Z]{3}|\d)L")
_NTH = re.compile(r"([A-Z]{3}|\d)#(\d)")
_DAYS = 7
_SATURDAY = 7
_MOST_BACK = 30
_MOST_NTH = 5


@dataclass(frozen=True, slots=True)
class Month:
    """`first` is the weekday of its first day (1 is Sunday), `length` its number of days."""

    first: int
    length: int

    def weekday(self, day: int) -> int:
        return (self.first + day - 2) % _DAYS + 1


def month(year: int, number: int) -> Month:
    monday_is_0, length = monthrange(year, number)
    return Month((monday_is_0 + 1) % _DAYS + 1, length)


class Days(Protocol):
    def of(self, month: Month) -> Iterable[int]: ...


@dataclass(frozen=True, slots=True)
class Numbered:
    days: frozenset[int]

    def of(self, month: Month) -> Iterable[int]:
        return (day for day in self.days if day <= month.length)


@dataclass(frozen=True, slots=True)
class FromEnd:
    """L, L-3, LW."""

    back: int
    is_workday: bool

    def of(self, month: Month) -> Iterable[int]:
        day = month.length - self.back
        if day < 1:
            return ()
        return (_workday(month, day) if self.is_workday else day,)


@dataclass(frozen=True, slots=True)
class Nearest:
    """15W: the workday nearest to it, never in another month."""

    day: int

    def of(self, month: Month) -> Iterable[int]:
        return (_workday(month, self.day),) if self.day <= month.length else ()


def _workday(month: Month, day: int) -> int:
    match month.weekday(day):
        case 7:  # Saturday
            return day - 1 if day > 1 else day + 2
        case 1:  # Sunday
            return day + 1 if day < month.length else day - 2
        case _:
            return day


@dataclass(frozen=True, slots=True)
class Weekdays:
    weekdays: frozenset[int]

    def of(self, month: Month) -> Iterable[int]:
        days = range(1, month.length + 1)
        return (day for day in days if month.weekday(day) in self.weekdays)


@dataclass(frozen=True, slots=True)
class Nth:
    """6#3 is the third Friday; 6L, the last one, is written as none of these."""

    weekday: int
    nth: int | None

    def of(self, month: Month) -> Iterable[int]:
        start = (self.weekday - month.first) % _DAYS + 1
        found = range(start, month.length + 1, _DAYS)
        if self.nth is None:
            return found[-1:]
        return found[self.nth - 1 : self.nth]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """A list of day items: a day that one of them means."""

    items: tuple[Days, ...]

    def of(self, month: Month) -> Iterable[int]:
        return {day for item in self.items for day in item.of(month)}


def days_of_month(text: str) -> Days:
    items = tuple(_day_item(item) for item in text.split(","))
    return items[0] if len(items) == 1 else AnyOf(items)


def _day_item(text: str) -> Days:
    if match := _FROM_END.fullmatch(text):
        back = int(match[1] or 0)
        if back > _MOST_BACK:
            raise BadField(f"L-{back} is further back than {_MOST_BACK} days")
        return FromEnd(back, bool(match[2]))
    if match := _NEAREST.fullmatch(text):
        return Nearest(DAY.number(match[1]))
    return Numbered(DAY.values(text))


def days_of_week(text: str) -> Days:
    """Give the days by name or number, 1 is Sunday; one alone may be the last or the nth."""
    if text == "L":
        return Weekdays(frozenset({_SATURDAY}))
    if match := _LAST.fullmatch(text):
        return Nth(WEEKDAY.number(match[1]), None)
    if match := _NTH.fullmatch(text):
        if not 1 <= int(match[2]) <= _MOST_NTH:
            raise BadField(f"#{match[2]} is not in 1 to {_MOST_NTH}")
        return Nth(WEEKDAY.number(match[1]), int(match[2]))
    if "#" in text or re.search(r"(\d|[A-Z]{3})L(,|$)", text):
        raise BadField("L and # can't stand in a list")
    return Weekdays(WEEKDAY.values(text))
