# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""How a job fares, from two looks at its counters: what was remembered, and what is counted now.

The memory is the contract's own, under its key in clusterInfo: its operator reads ours and we its.
Refuses to know what is done about an unhealthy job. Time that nobody watched counts little: a clock
that jumps, or a driver that was away, makes no job unhealthy by itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from .health_keys import Limits
from .lenient import EPOCH, mapping, milliseconds, since_1970, text, whole
from .seen import Counters

KEY = "ClusterHealthInfo"
RESTARTS = "the_job_restarts_too_often"
CHECKPOINTS = "the_job_makes_no_checkpoints"
FINDINGS = (RESTARTS, CHECKPOINTS)
PARTS = 4
"""Time that was not watched counts for a quarter of the window at most; so often is one written."""
HIGHEST = 2**31 - 1
"""The contract counts in 32 bits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """`at`: when it was noted. `restarts` were counted at `counted_at`."""

    at: datetime
    restarts: int
    counted_at: datetime
    checkpoints: int
    progress_at: datetime
    """When the number of completed checkpoints was seen to have grown."""
    finding: str = ""
    """Why the job is being restarted; empty as long as it isn't."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Watched:
    """What a look found; `next` is what is to be remembered of it, if that is worth a write."""

    restarts: int = 0
    """In the window; scaled where they were counted over a longer time."""
    stuck: timedelta = timedelta(0)
    """So long no checkpoint has completed, as far as it was watched."""
    finding: str = ""
    next: Memory | None = None
    is_worth: bool = False


def remembered(info: Any) -> Memory | None:
    """None where nothing is remembered, or it is garbled."""
    told = mapping(_parsed(text(mapping(info).get(KEY))))
    at = since_1970(_count(told.get("timeStamp")))
    restarts = _count(told.get("numRestarts"))
    if at is None or restarts is None:
        return None
    error = text(mapping(told.get("healthResult")).get("error"))
    return Memory(
        at=at,
        restarts=restarts,
        counted_at=_moment(told, "numRestartsEvaluationTimeStamp", at),
        checkpoints=_count(told.get("numCompletedCheckpoints")) or 0,
        progress_at=_moment(told, "numCompletedCheckpointsIncreasedTimeStamp", at),
        finding=error if error in FINDINGS else "",
    )


def _parsed(said: str) -> Any:
    if not said:
        return None
    try:
        return json.loads(said)
    except (ValueError, RecursionError):
        return None


def _count(value: Any) -> int | None:
    found = whole(value)
    return found if found is not None and found >= 0 else None


def _moment(told: Mapping[str, Any], name: str, at: datetime) -> datetime:
    """Never after the memory itself."""
    return min(since_1970(_count(told.get(name))) or at, at)


def written(memory: Memory) -> str:
    """In the form of the contract, which knows no other fields."""
    said = {
        "timeStamp": milliseconds(memory.at),
        "numRestarts": min(memory.restarts, HIGHEST),
        "numRestartsEvaluationTimeStamp": milliseconds(memory.counted_at),
        "numCompletedCheckpoints": min(memory.checkpoints, HIGHEST),
        "numCompletedCheckpointsIncreasedTimeStamp": milliseconds(memory.progress_at),
        "healthResult": {"healthy": not memory.finding, "error": memory.finding or None},
    }
    return json.dumps(said, separators=(",", ":"))


def watched(known: Memory | None, seen: Counters, limits: Limits, now: datetime) -> Watched:
    """A counter that is not seen tells nothing: what was remembered of it stays."""
    if known is None:
        first = Memory(
            at=now,
            restarts=seen.restarts or 0,
            counted_at=now,
            checkpoints=seen.checkpoints or 0,
            progress_at=now,
        )
        return Watched(next=first, is_worth=True)
    restarts = _restarts(known, seen, limits, now)
    stuck = _stuck(known, seen, limits, now)
    finding = _finding(restarts, stuck, seen, limits)
    after = _progressed(_counted(known, seen, limits, now, finding), seen, stuck, now)
    return Watched(
        restarts=restarts,
        stuck=stuck,
        finding=finding,
        next=after,
        is_worth=_is_worth(known, after, seen, limits),
    )


def _finding(restarts: int, stuck: timedelta, seen: Counters, limits: Limits) -> str:
    if restarts > limits.restarts:
        return RESTARTS
    if limits.progress is None or seen.checkpoints is None:
        return ""
    return CHECKPOINTS if stuck > limits.progress else ""


def _restarts(known: Memory, seen: Counters, limits: Limits, now: datetime) -> int:
    """Fewer than before: the JobManager counts from its own beginning."""
    span = now - known.counted_at
    if seen.restarts is None or seen.restarts < known.restarts or span < timedelta(0):
        return 0
    since = seen.restarts - known.restarts
    return since if span <= limits.window else int(since * (limits.window / span))


def _stuck(known: Memory, seen: Counters, limits: Limits, now: datetime) -> timedelta:
    before = known.at - known.progress_at
    if limits.progress is None or seen.checkpoints is None:
        return before
    if seen.checkpoints != known.checkpoints:
        return timedelta(0)
    if not seen.checkpoints and not limits.is_periodic:
        return timedelta(0)  # nothing says that it takes any
    return before + min(max(now - known.at, timedelta(0)), limits.progress / PARTS)


def _counted(known: Memory, seen: Counters, limits: Limits, now: datetime, finding: str) -> Memory:
    """The count begins anew once its window has passed; a finding stands as long as it's true."""
    if seen.restarts is None:
        return replace(known, at=now, counted_at=min(known.counted_at, now))
    is_over = now - known.counted_at > limits.window and finding != RESTARTS
    if is_over or seen.restarts < known.restarts or now < known.counted_at:
        return replace(known, at=now, restarts=seen.restarts, counted_at=now)
    return replace(known, at=now)


def _progressed(after: Memory, seen: Counters, stuck: timedelta, now: datetime) -> Memory:
    checkpoints = after.checkpoints if seen.checkpoints is None else seen.checkpoints
    return replace(after, checkpoints=checkpoints, progress_at=now - min(stuck, now - EPOCH))


def _is_worth(known: Memory, after: Memory, seen: Counters, limits: Limits) -> bool:
    """A quiet job is noted once in a part of the window, and not at all where none is watched."""
    if after.at < known.at or after.restarts != known.restarts:
        return True
    if limits.progress is None or seen.checkpoints is None:
        return False
    is_late = after.at - known.at >= limits.progress / PARTS
    return is_late or after.checkpoints < known.checkpoints
