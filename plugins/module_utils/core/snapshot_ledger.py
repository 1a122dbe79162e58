# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The ledger in status: the latest completed snapshots of the job, newest first.

It is what a start is taken from where everything else is gone; it may be lost without harm.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from .lenient import EPOCH, entries, iso, mapping, moment, text, whole
from .seen import Checkpoint

MOST = 5
EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """`id` is Flink's number of it, where it is known."""

    kind: str
    path: str
    time: datetime
    job_id: str
    id: int | None = None


def in_ledger(status: Mapping[str, Any]) -> tuple[Snapshot, ...]:
    found = (_snapshot(entry) for entry in entries(status.get("ledger")))
    return tuple(snapshot for snapshot in found if snapshot)


def newest_in_ledger(status: Mapping[str, Any]) -> Snapshot | None:
    return next(iter(in_ledger(status)), None)


def ledger(
    status: Mapping[str, Any], seen_checkpoints: Iterable[Checkpoint], now: datetime
) -> dict[str, Any]:
    """Take in what Flink shows as completed. Whether that is worth a write, the next one says."""
    job_id = text(mapping(status.get("jobStatus")).get("jobId"))
    seen = tuple(
        Snapshot(
            kind="savepoint" if checkpoint.is_savepoint else "checkpoint",
            path=checkpoint.path,
            time=min(checkpoint.completed, now),
            job_id=job_id,
            id=checkpoint.id,
        )
        for checkpoint in seen_checkpoints
        if checkpoint.path
    )
    return _merged(status, seen)


def is_worth_a_write(before: Mapping[str, Any], after: Mapping[str, Any], now: datetime) -> bool:
    """Whether the ledger alone is reason enough: its newest is new, and a minute has gone by."""
    old, new = newest_in_ledger(before), newest_in_ledger(after)
    if new is None or (old and old.path == new.path):
        return False
    return old is None or not EPOCH <= now - EVERY < old.time


def noted(
    status: Mapping[str, Any], *, kind: str, path: str, time: datetime, checkpoint_id: int | None
) -> dict[str, Any]:
    """Take in a snapshot that was asked for, where its path is known."""
    if not path:
        return dict(status)
    job_id = text(mapping(status.get("jobStatus")).get("jobId"))
    one = Snapshot(kind=kind, path=path, time=time, job_id=job_id, id=checkpoint_id)
    return _merged(status, (one,))


def struck(status: Mapping[str, Any], path: str) -> dict[str, Any]:
    """Without that path: it is no more."""
    kept = [snapshot for snapshot in in_ledger(status) if snapshot.path != path]
    return _with(status, kept)


def _merged(status: Mapping[str, Any], found: Iterable[Snapshot]) -> dict[str, Any]:
    """What Flink says of a path wins over what is noted of it, but for a number it doesn't say."""
    by_path = {snapshot.path: snapshot for snapshot in in_ledger(status)}
    for snapshot in found:
        known = by_path.get(snapshot.path)
        if known is None or known.id is None:
            by_path[snapshot.path] = snapshot
    newest = sorted(by_path.values(), key=lambda s: (s.time, s.id or 0), reverse=True)
    return _with(status, newest[:MOST])


def _with(status: Mapping[str, Any], snapshots: Iterable[Snapshot]) -> dict[str, Any]:
    kept = [_entry(snapshot) for snapshot in snapshots]
    if not kept and "ledger" not in status:
        return dict(status)
    return {**status, "ledger": kept}


def _entry(snapshot: Snapshot) -> dict[str, Any]:
    time = iso(snapshot.time)
    entry = {"kind": snapshot.kind, "path": snapshot.path, "time": time, "jobId": snapshot.job_id}
    return entry if snapshot.id is None else {**entry, "id": snapshot.id}


def _snapshot(entry: Any) -> Snapshot | None:
    told = mapping(entry)
    path = text(told.get("path"))
    if not path:
        return None
    return Snapshot(
        kind=text(told.get("kind")),
        path=path,
        time=moment(told.get("time")) or EPOCH,
        job_id=text(told.get("jobId")),
        id=whole(told.get("id")),
    )
