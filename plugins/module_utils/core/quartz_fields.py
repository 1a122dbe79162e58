# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One field of a Quartz cron line: values, ranges, steps and names, as the set of numbers it means.

Knows each field's bounds and names. Refuses to know the calendar (quartz_days.py).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

_ITEM = re.compile(r"(?P<from>\*|[A-Z0-9]+)?(?:-(?P<to>[A-Z0-9]+))?(?:/(?P<step>\d{1,4}))?")


class BadField(ValueError):
    """What a field holds is not what Quartz takes; the text says which rule it breaks."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Field:
    """`wraps`: a range may go over the end, 22-2 for the hours of a night."""

    name: str
    least: int
    most: int
    names: Mapping[str, int] = field(default_factory=dict)
    wraps: bool = True

    def number(self, text: str) -> int:
        found = self.names.get(text)
        if found is None and not (text.isascii() and text.isdigit()):
            raise BadField(f"{text!r} is no value of it")
        value = int(text) if found is None else found
        if not self.least <= value <= self.most:
            raise BadField(f"{value} is not in {self.least} to {self.most}")
        return value

    def values(self, text: str) -> frozenset[int]:
        """All that the items of a list mean."""
        return frozenset(value for item in text.split(",") for value in self._item(item))

    def _item(self, text: str) -> range | tuple[int, ...]:
        match = _ITEM.fullmatch(text)
        if match is None or not text or (match["from"] is None and match["to"] is not None):
            raise BadField(f"{text!r} is no value, range or step of it")
        if match["step"] and match["from"] in self.names and match["to"] is None:
            raise BadField(f"Quartz leaves out the step after a name: {text!r}")
        start, end = self._ends(match["from"] or "*", match["to"], has_step=bool(match["step"]))
        return self._steps(start, end, int(match["step"] or 1))

    def _ends(self, start: str, end: str | None, *, has_step: bool) -> tuple[int, int]:
        if start == "*":
            if end is not None:
                raise BadField("* is no end of a range")
            return self.least, self.most
        first = self.number(start)
        if end is not None:
            return first, self.number(end)
        return first, self.most if has_step else first

    def _steps(self, start: int, end: int, step: int) -> range | tuple[int, ...]:
        if step > self.most:
            raise BadField(f"a step of {step} is larger than the field")
        if step == 0:  # Quartz takes it, and means the first value alone
            return (start,)
        if start <= end:
            return range(start, end + 1, step)
        if not self.wraps:
            raise BadField(f"the range ends before it starts: {start}-{end}")
        size = self.most - self.least + 1
        over = range(start, end + size + 1, step)
        return tuple((value - self.least) % size + self.least for value in over)


_MONTHS = ("JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC")
_WEEKDAYS = ("SUN", "MON", "TUE", "WED", "THU", "FRI", "SAT")
LAST_YEAR = 2199

SECOND = Field(name="seconds", least=0, most=59)
MINUTE = Field(name="minutes", least=0, most=59)
HOUR = Field(name="hours", least=0, most=23)
DAY = Field(name="day of month", least=1, most=31)
MONTH = Field(
    name="month", least=1, most=12, names={name: i for i, name in enumerate(_MONTHS, start=1)}
)
WEEKDAY = Field(
    name="day of week",
    least=1,
    most=7,
    names={name: i for i, name in enumerate(_WEEKDAYS, start=1)},
)
YEAR = Field(name="year", least=1970, most=LAST_YEAR, wraps=False)
