# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The laws that Flink in memory holds every start against, and what was lost by breaking them.

Two writers, and a start that nobody announced, stop a test at once. State that was lost is told
by sentences: `lost()` is empty where all went well.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass, field
from typing import Any

from support.world_job import Job
from support.world_storage import Snapshot, Storage

Object = dict[str, Any]
Owner = tuple[str, str]
"""Namespace and name of a resource."""
EMPTY_BECAUSE = re.compile(r"first|stateless|user|verb|empty_start|began_empty", re.IGNORECASE)
"""Words of what may allow an empty start; whether it is true is another question."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """`origin`: empty, savepoint, checkpoint, ha, or broken where it could not be restored."""

    owner: Owner
    uid: str
    job_id: str
    generation: int
    origin: str
    path: str
    counter: int
    by_flink: bool
    """Flink's own restart: the same Deployment has started before."""
    mode: str
    because: str
    is_rollback: bool
    observed: int
    """The generation that the status named at its time."""


@dataclass
class Laws:
    storage: Storage
    starts: list[Start] = field(default_factory=list)
    permitted: set[Owner] = field(default_factory=set)
    """Resources whose next start a person has spoken for, by a verb or a redeploy nonce."""
    roots: dict[Owner, int] = field(default_factory=dict)
    """The start from which a resource's state has grown ever since."""
    unknowable: dict[Owner, int] = field(default_factory=dict)
    """Starts before this one have lost their only witness: a fault took the JobManager."""
    told: list[str] = field(default_factory=list)

    def forgive(self, owner: Owner) -> None:
        """From here on only what the status names can be known."""
        self.unknowable[owner] = len(self.starts)

    def lost(self) -> list[str]:
        return list(self.told)

    def of(self, owner: Owner, uid: str) -> list[Start]:
        return [start for start in self.starts if start.owner == owner and start.uid == uid]

    def floor(self, owner: Owner, status: Object, origin: str = "") -> int:
        """The counter below which no start may go: that of the last snapshot that is knowable."""
        text = json.dumps(status)
        known = [
            taken.counter
            for taken in self._grown(owner)
            if self._is_known(taken, owner, text)
            and not (origin == "ha" and taken.is_savepoint and not taken.is_end)
        ]
        root = [self.starts[self.roots[owner]].counter] if owner in self.roots else [0]
        return [*root, *known][-1]

    def _grown(self, owner: Owner) -> list[Snapshot]:
        """All snapshots since the state began to grow, in their order."""
        root = self.roots.get(owner, len(self.starts))
        mine = {at for at, start in enumerate(self.starts) if start.owner == owner and at >= root}
        return [taken for taken in self.storage.taken if taken.start in mine]

    def _is_known(self, taken: Snapshot, owner: Owner, text: str) -> bool:
        """Flink itself does not go back to a savepoint, so only who was told of it can."""
        is_named = _names(text, taken.path)
        is_seen = taken.start >= self.unknowable.get(owner, 0)
        return is_named or (is_seen and (taken.is_end or not taken.is_savepoint))

    def judge(self, start: Start, status: Object) -> None:
        """Call it for each start, before it is anything to others."""
        before = self.of(start.owner, start.uid)
        floor = self.floor(start.owner, status, start.origin)
        if _is_left_behind(start, before):
            floor = min(floor, before[-1].counter)
        is_free = not before or start.by_flink or start.owner in self.permitted
        is_free = is_free or start.mode == "stateless"
        if not is_free and start.origin != "broken":
            self._judge_state(start, floor)
        self.starts.append(start)
        if is_free or _is_left_behind(start, before):
            self._grows_from(start)

    def _judge_state(self, start: Start, floor: int) -> None:
        if start.origin == "empty" and not EMPTY_BECAUSE.search(start.because):
            self.told.append(f"{_name(start)} starts empty because of {start.because!r}")
        if start.origin == "empty" and self._grown(start.owner) and not start.is_rollback:
            self.told.append(f"{_name(start)} starts empty, and snapshots of it were taken")
        if start.counter < floor:
            self.told.append(
                f"{_name(start)} starts at {start.counter} ({start.origin} {start.path}), "
                f"and {floor} had been kept"
            )

    def _grows_from(self, start: Start) -> None:
        """A start that is lawfully lower than another one before it."""
        if start.origin == "broken" and start.owner in self.roots:
            return
        self.roots[start.owner] = len(self.starts) - 1
        self.unknowable.pop(start.owner, None)
        if not start.by_flink:
            self.permitted.discard(start.owner)

    def judge_removal(self, owner: Owner, uid: str, status: Object, in_ha: set[str]) -> None:
        """The resource is gone: its state must lie somewhere that a person was told."""
        mine = self.of(owner, uid)
        floor = self.floor(owner, status)
        if not mine or mine[-1].mode == "stateless" or floor == 0 or owner in self.permitted:
            return
        text = json.dumps(status)
        found = [
            taken.counter
            for taken in self.storage.kept.values()
            if _names(text, taken.path) or taken.path in in_ha
        ]
        if max(found, default=0) < floor and not self.storage.is_gone:
            self.told.append(
                f"{owner[1]} was deleted, and of its {floor} only {max(found, default=0)} is kept"
            )

    def assert_one_writer(self, jobs: list[Job]) -> None:
        owners = [(job.namespace, job.app) for job in jobs if job.is_writer]
        if len(owners) > len(set(owners)):
            raise AssertionError(f"two writers at once: {[(job.id, job.state) for job in jobs]}")


def _is_left_behind(start: Start, before: list[Start]) -> bool:
    """A rollback takes the state that the failed start came from, not what that one did since."""
    if not start.is_rollback or not before or before[-1].origin == "broken":
        return False
    is_first = not any(it.is_rollback and it.observed == start.observed for it in before)
    return is_first and before[-1].observed == start.observed


def _names(text: str, path: str) -> bool:
    """Whole: chk-1 is not named by chk-12."""
    return re.search(rf"{re.escape(path)}(?![\w-])", text) is not None


def _name(start: Start) -> str:
    return f"job {start.job_id} of {start.owner[1]}"
