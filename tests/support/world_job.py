# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One job in memory: a counter that grows while its tasks run, its states, what it takes."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta

from support.world_conf import Configured
from support.world_storage import Snapshot, Storage

TERMINAL = frozenset({"FINISHED", "CANCELED", "FAILED"})
BOOM = "java.lang.RuntimeException: boom"
LAST_STATE = "KUBERNETES_OPERATOR_LAST_STATE"


@dataclass
class Switches:
    """How fast Flink is, in steps, and its faults; each can be turned at any time."""

    slow: int = 10
    """A job runs with all its tasks this long after its JobManager came up."""
    checkpoint_every: int = 5
    checkpoint_takes: int = 4
    savepoint_takes: int = 4
    cancel_takes: int = 3
    store_duration: timedelta = timedelta(minutes=5)
    refresh: timedelta = timedelta(0)
    """So old may an answer about jobs and checkpoints be (web.refresh-interval)."""
    bounded_after: int | None = None
    """The job FINISHES when its counter is there."""
    is_silent: bool = False
    fails: bool = False
    restarts: bool = False
    """For ever: it runs for a moment in between, too short for a checkpoint."""
    fails_on: frozenset[str] = frozenset()
    restarts_on: frozenset[str] = frozenset()
    """Images whose jobs FAIL, or restart for ever."""
    checkpoints_fail: bool = False
    well_from: int | None = None
    """`restarts` and `checkpoints_fail` befall no start from this one on."""
    savepoints_fail: bool = False
    savepoints_hang: bool = False
    fails_when_stopping: bool = False
    """The savepoint of a stop is taken, and then the job restarts instead of stopping."""
    cancel_hangs: bool = False

    def fails_with(self, image: str) -> bool:
        return self.fails or image in self.fails_on

    def restarts_with(self, image: str) -> bool:
        return self.restarts or image in self.restarts_on


@dataclass
class Job:
    """`is_there` False: Flink knows that it ended before, and does not run it again."""

    id: str
    app: str
    namespace: str
    conf: Configured
    start: int
    parallelism: int
    switches: Switches
    storage: Storage
    now: datetime
    counter: int = 0
    restored: Snapshot | None = None
    broken: str = ""
    """Why its state can't be restored."""
    is_there: bool = True
    age: int = 0
    ran: int = 0
    """Steps since its tasks began to run, the last time they did."""
    restarts: int = 0
    state: str = "RUNNING"
    failure: str = ""
    left: int = 0
    completed: list[Snapshot] = field(default_factory=list)
    checkpoints: list[Snapshot] = field(default_factory=list)
    """Those that this job took itself and no savepoints; the newest is the last."""
    savepoints: list[Snapshot] = field(default_factory=list)
    failed_checkpoints: int = 0
    has_lost_ha: bool = False
    """The ConfigMap of its checkpoints is gone: none can complete any more."""
    runs_at: int = 0
    began: datetime | None = None
    ended: datetime | None = None

    def __post_init__(self) -> None:
        self.runs_at = self.switches.slow
        self.began = self.now

    @property
    def is_over(self) -> bool:
        return self.state in TERMINAL

    @property
    def is_writer(self) -> bool:
        return self.is_there and not self.broken and not self.is_over

    @property
    def is_listed(self) -> bool:
        return self.is_there and self.age >= self.switches.slow // 2

    @property
    def runs_whole(self) -> bool:
        return self.is_listed and self.state == "RUNNING" and self.age >= self.runs_at

    def step(self, now: datetime) -> None:
        self.now = now
        self.age += 1
        if not self.is_there or self.is_over or not self.is_listed:
            return
        if self.broken:
            self.end("FAILED", self.broken)
        elif self.state == "CANCELLING":
            self._cancels()
        elif self.state == "FAILING":
            self.left -= 1
            if self.left <= 0:
                self.end("FAILED", self.failure)
        elif self.age >= self.runs_at:
            self._works()

    def _cancels(self) -> None:
        if not self.switches.cancel_hangs:
            self.left -= 1
        if self.left <= 0:
            self.end("CANCELED")

    def _works(self) -> None:
        self.state = "RUNNING"
        if self.switches.fails_with(self.conf.image):
            self.fail(BOOM)
            return
        self.counter += 1
        self.ran += 1
        if self._is_struck(self.switches.restarts_with(self.conf.image)) and self.ran > 2:
            self.restart(BOOM)
            return
        is_due = self.conf.takes_checkpoints and self.ran % self.switches.checkpoint_every == 0
        if is_due:
            self.take_checkpoint()
        bound = self.switches.bounded_after
        if bound is not None and self.counter >= bound:
            self.end("FINISHED")

    def _is_struck(self, fault: bool) -> bool:
        well_from = self.switches.well_from
        return fault and (well_from is None or self.start < well_from)

    def fail(self, cause: str) -> None:
        """The restart strategy gives up."""
        self.state, self.failure, self.left = "FAILING", cause, 3

    def restart(self, cause: str) -> None:
        """Within Flink: back to the newest checkpoint; savepoints are no help here."""
        last = self.checkpoints[-1] if self.checkpoints else self.restored
        self.counter = last.counter if last else 0
        self.state, self.failure = "RESTARTING", cause
        self.restarts, self.ran, self.runs_at = self.restarts + 1, 0, self.age + 5

    def cancel(self) -> None:
        if self.state != "CANCELLING":
            self.state, self.left = "CANCELLING", self.switches.cancel_takes

    def end(self, state: str, failure: str = "") -> None:
        self.state, self.failure, self.ended = state, failure, self.now
        if not self.conf.keeps_checkpoints(state):
            for taken in self._store():
                self.storage.discard(taken.path)

    def take_checkpoint(self) -> Snapshot | None:
        number = self._number()
        path = f"{self.conf.checkpoints_dir}/{self.id}/chk-{number}"
        taken = self._take(path, is_savepoint=False)
        for old in self._store(self.conf.retained * 2 + 1)[: -self.conf.retained]:
            self.storage.discard(old.path)
        return taken

    def take_savepoint(self, directory: str) -> Snapshot | None:
        name = f"savepoint-{self.id[:6]}-{self._number():012x}{self.start:04x}"
        return self._take(f"{directory}/{name}", is_savepoint=True)

    def _number(self) -> int:
        last = self.completed[-1] if self.completed else self.restored
        return (last.number if last else 0) + 1

    def _take(self, path: str, *, is_savepoint: bool) -> Snapshot | None:
        can_not = self._is_struck(self.switches.checkpoints_fail) or self.has_lost_ha
        if self.storage.is_gone or (can_not and not is_savepoint):
            self.failed_checkpoints += 1
            return None
        taken = Snapshot(
            path=path,
            job_id=self.id,
            number=self._number(),
            counter=self.counter,
            is_savepoint=is_savepoint,
            start=self.start,
            at=self.now,
        )
        self.completed.append(taken)
        (self.savepoints if is_savepoint else self.checkpoints).append(taken)
        self.storage.take(taken)
        return taken

    def forgets(self) -> None:
        """As if it had taken none."""
        for taken in (self.completed, self.checkpoints, self.savepoints):
            taken.clear()

    def takes_over(self, found: Snapshot) -> None:
        self.restored, self.counter = found, found.counter

    def _store(self, newest: int = 0) -> list[Snapshot]:
        """Its own checkpoints, the one among them that an earlier JobManager took."""
        found = self.restored
        is_own = found is not None and found.job_id == self.id and not found.is_savepoint
        own = self.checkpoints[-newest:]
        is_whole = len(own) == len(self.checkpoints)
        return ([found] if found and is_own and is_whole else []) + own

    def in_ha(self) -> list[Snapshot]:
        """What the HA data names; that it was restored from, until there is a newer one."""
        own = self._store(self.conf.retained)[-self.conf.retained :]
        return own or ([self.restored] if self.restored else [])
