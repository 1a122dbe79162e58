# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What outlives every cluster: checkpoints and savepoints in memory, and what was ever taken."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Snapshot:
    """`counter` is the state itself; `start` numbers the start of the job that took it."""

    path: str
    job_id: str
    number: int
    counter: int
    is_savepoint: bool
    is_end: bool = False
    """The job ended with it: a stop-with-savepoint that came to its end."""
    start: int
    at: datetime


@dataclass
class Storage:
    kept: dict[str, Snapshot] = field(default_factory=dict)
    taken: list[Snapshot] = field(default_factory=list)
    """All of them, in their order, those that are gone too."""
    is_gone: bool = False
    """Nothing can be read or written any more."""

    def take(self, snapshot: Snapshot) -> None:
        self.kept[snapshot.path] = snapshot
        self.taken.append(snapshot)

    def is_the_end(self, taken: Snapshot) -> None:
        self.taken = [replace(it, is_end=True) if it is taken else it for it in self.taken]

    def find(self, path: str) -> Snapshot | None:
        return None if self.is_gone else self.kept.get(path)

    def discard(self, path: str) -> bool:
        return self.kept.pop(path, None) is not None

    def goes(self) -> None:
        self.kept.clear()
        self.is_gone = True
