# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Which savepoints of the history may go: too old or too many, and needed by nothing.

Only those that were taken without a person's word, never the newest of them, and never one that a
start came from or may go back to. Refuses to know how a savepoint is disposed of.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .duration import duration
from .errors import InvalidResource
from .lenient import entries, mapping
from .recorded_job import initial_paths
from .retention_rules import Keeping, rule_for
from .snapshot_ledger import newest_in_ledger, struck
from .snapshot_status import (
    Entry,
    Failure,
    Kind,
    Trigger,
    failure_noted,
    failure_of,
    history,
    info,
    with_history,
)

PREFIX = "kubernetes.operator."
CLEANUP = f"{PREFIX}savepoint.cleanup.enabled"
MAX_AGE = f"{PREFIX}savepoint.history.max.age"
MAX_COUNT = f"{PREFIX}savepoint.history.max.count"
DEFAULT_AGE = timedelta(hours=24)
DEFAULT_COUNT = 10
REST_AFTER_FAILURE = timedelta(hours=1)
DISPOSAL = "disposal"
_COUNT = re.compile(r"\d{1,9}", re.ASCII)
_AUTOMATIC = (Trigger.PERIODIC, Trigger.UPGRADE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    age: timedelta
    count: int


def limits(configuration: Mapping[str, str]) -> Limits:
    """What the user wants, at most what the platform allows."""
    ages = [_age(configuration, MAX_AGE) or DEFAULT_AGE]
    counts = [_count(configuration, MAX_COUNT, DEFAULT_COUNT)]
    if (age := _age(configuration, f"{MAX_AGE}.threshold")) is not None:
        ages.append(age)
    if configuration.get(f"{MAX_COUNT}.threshold", "").strip():
        counts.append(_count(configuration, f"{MAX_COUNT}.threshold", DEFAULT_COUNT))
    return Limits(age=min(ages), count=max(1, min(counts)))


def expired(
    status: Mapping[str, Any],
    configuration: Mapping[str, str],
    now: datetime,
    *,
    keep: Collection[str] = (),
) -> tuple[Entry, ...]:
    """Savepoints to dispose of, the oldest first. `keep`: paths that the wanted spec names."""
    facts = keeping(status, configuration, now, keep=keep)
    return tuple(entry for entry, found in facts if rule_for(found).goes)


def keeping(
    status: Mapping[str, Any],
    configuration: Mapping[str, str],
    now: datetime,
    *,
    keep: Collection[str] = (),
) -> list[tuple[Entry, Keeping]]:
    """Each savepoint of the history with its facts, the oldest first."""
    bounds = limits(configuration)
    automatic = [e.location for e in history(status) if e.trigger_type in _AUTOMATIC]
    beyond, newest = set(automatic[: -bounds.count]), set(automatic[-1:])
    needed = needed_paths(status) | set(keep)
    cleans_up = configuration.get(CLEANUP, "true").strip().lower() != "false"
    rests = _rests(status, now)
    return [
        (
            entry,
            Keeping(
                cleans_up=cleans_up,
                rests=rests,
                is_automatic=entry.trigger_type in _AUTOMATIC,
                is_newest=entry.location in newest,
                is_needed=entry.location in needed,
                is_beyond=entry.location in beyond,
                is_old=now - entry.time > bounds.age,
            ),
        )
        for entry in history(status)
    ]


def needed_paths(status: Mapping[str, Any]) -> set[str]:
    """All that a start came from, goes on from, or could be taken from."""
    job = mapping(status.get("jobStatus"))
    newest = newest_in_ledger(status)
    last = mapping(info(status, Kind.SAVEPOINT).get("lastSavepoint"))
    manual = (e.location for e in history(status) if e.trigger_type not in _AUTOMATIC)
    found = {
        job.get("upgradeSavepointPath"),
        mapping(status.get("startedFrom")).get("path"),
        last.get("location"),
        newest.path if newest else None,
        *initial_paths(status),
        *manual,
    }
    return {path for path in found if isinstance(path, str) and path}


def dropped(status: Mapping[str, Any], location: str) -> dict[str, Any]:
    """Without a savepoint that Flink said to be gone."""
    found = entries(info(status, Kind.SAVEPOINT).get("savepointHistory"))
    kept = [e for e in found if mapping(e).get("location") != location]
    return struck(with_history(status, kept), location)


def disposal_failed(
    status: Mapping[str, Any], location: str, why: str, now: datetime
) -> dict[str, Any]:
    """The entry stays; for an hour no other disposal is tried."""
    failure = Failure(
        kind=DISPOSAL,
        because="a_savepoint_could_not_be_disposed_of",
        message=why,
        path=location,
        time=now,
    )
    return failure_noted(status, failure)


def _rests(status: Mapping[str, Any], now: datetime) -> bool:
    failure = failure_of(status)
    if failure is None or failure.kind != DISPOSAL or failure.time is None:
        return False
    return abs(now - failure.time) < REST_AFTER_FAILURE


def _age(configuration: Mapping[str, str], key: str) -> timedelta | None:
    text = configuration.get(key, "").strip()
    try:
        return duration(text, path=key) if text else None
    except InvalidResource:  # refused beforehand; a turn doesn't end in it
        return None


def _count(configuration: Mapping[str, str], key: str, default: int) -> int:
    text = configuration.get(key, "").strip()
    return int(text) if _COUNT.fullmatch(text) else default
