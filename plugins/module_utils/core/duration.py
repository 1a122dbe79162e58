# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Lengths of time as Flink reads them: `1 min`, `10 s`, `3min`, bare milliseconds, ISO-8601.

Knows the units' names. Refuses to know the clock.
"""

from __future__ import annotations

import re
from datetime import timedelta

from .errors import InvalidResource, Problem

_MICROSECONDS = {
    **dict.fromkeys(("d", "day", "days"), 86_400_000_000),
    **dict.fromkeys(("h", "hour", "hours"), 3_600_000_000),
    **dict.fromkeys(("m", "min", "minute", "minutes"), 60_000_000),
    **dict.fromkeys(("s", "sec", "secs", "second", "seconds"), 1_000_000),
    **dict.fromkeys(("", "ms", "milli", "millis", "millisecond", "milliseconds"), 1_000),
    **dict.fromkeys(("µs", "micro", "micros", "microsecond", "microseconds"), 1),
}
_NANOSECONDS = frozenset({"ns", "nano", "nanos", "nanosecond", "nanoseconds"})
_FLINK = re.compile(r"(\d+)\s*([^\d\s]*)", re.ASCII)
_ISO = re.compile(
    r"([+-]?)P(?:([+-]?\d+)D)?(?:T(?=\d|[+-])(?:([+-]?\d+)H)?(?:([+-]?\d+)M)?"
    r"(?:([+-]?\d+(?:[.,]\d{0,9})?)S)?)?",
    re.ASCII | re.IGNORECASE,
)


def duration(text: str, *, path: str) -> timedelta:
    """Parsed to microseconds; the rest of a nanosecond value is cut."""
    found = _plain(text.strip())
    if found is None:
        found = _iso(text.strip())
    if found is None:
        raise InvalidResource(
            (
                Problem(
                    path=path,
                    value=text,
                    rule="is not a length of time",
                    next_step="Write a number and a unit: 10 s, 5 min, 1 h.",
                ),
            )
        )
    return found


def _plain(text: str) -> timedelta | None:
    match = _FLINK.fullmatch(text)
    if match is None:
        return None
    unit = match[2].lower()
    try:
        if unit in _NANOSECONDS:
            return timedelta(microseconds=int(match[1]) // 1000)
        scale = _MICROSECONDS.get(unit)
        return None if scale is None else timedelta(microseconds=int(match[1]) * scale)
    except OverflowError:
        return None


def _iso(text: str) -> timedelta | None:
    match = _ISO.fullmatch(text)
    if match is None or not any(match.groups()[1:]):
        return None
    days, hours, minutes = (int(part or 0) for part in match.groups()[1:4])
    seconds = float((match[5] or "0").replace(",", "."))
    try:
        length = timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
    except OverflowError:
        return None
    return -length if match[1] == "-" else length
