# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""When something periodic is due: the value of a key, a length of time or a Quartz cron line.

Pure: the last time and now are arguments. Empty and "0" mean never.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from . import quartz
from .duration import duration
from .errors import InvalidResource, Problem
from .quartz import Quartz

_LEAST_FIELDS = 6


def period(text: str, *, path: str) -> timedelta | Quartz | None:
    """Read the value; None means never. InvalidResource where it is neither of the two forms."""
    if _is_off(text):
        return None
    if len(text.split()) >= _LEAST_FIELDS:
        return quartz.parse(text, path=path)
    try:
        length = duration(text, path=path)
    except InvalidResource as wrong:
        raise _bad(path, text) from wrong
    if length < timedelta(0):
        raise _bad(path, text)
    return length or None


def next_due(text: str, last: datetime, *, path: str) -> datetime | None:
    """When it is due after that last time; None means never (again)."""
    found = period(text, path=path)
    if isinstance(found, Quartz):
        return found.next_after(last)
    try:
        return None if found is None else last + found
    except OverflowError:
        return None


def due(text: str, last: datetime, now: datetime, *, path: str) -> bool:
    """Whether it is due. However often it was missed, it is due once."""
    following = next_due(text, last, path=path)
    return following is not None and following <= now


def _is_off(text: str) -> bool:
    return text.strip() in ("", "0")


def _bad(path: str, text: str) -> InvalidResource:
    problem = Problem(
        path=path,
        value=text,
        rule="is neither a length of time nor a cron line",
        next_step="Write for example `6 h`, or `0 0 3 * * ?` for each day at 3:00 UTC.",
    )
    return InvalidResource((problem,))
