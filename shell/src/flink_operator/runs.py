# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""Moves, made by runs of Ansible: what waits at the same time goes into one run, host by host.

A host's outcome is known as soon as the run tells of it; the others' are not waited for.
"""

from __future__ import annotations

import json
import logging
import shutil
import uuid
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from queue import Empty, SimpleQueue
from threading import Thread
from time import monotonic
from typing import Any

import ansible_runner

from ansible_collections.flinkops.flink.plugins.module_utils.core.batch import Entry

from .metrics import Metrics
from .warming import Warm

LOG = logging.getLogger(__name__)
MOVED = ("flinkops.flink.cluster", "flinkops.flink.job", "flinkops.flink.custom_resource")
FAILED = ("runner_on_failed", "runner_on_unreachable")
LINGER = 0.005
LARGEST = 50
POLL = "0.5"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outcome:
    """Of one host's move. `why` is empty where it was made."""

    entry: Entry
    why: str = ""


Done = Callable[[Outcome], None]


@dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """How moves are made. `ends_early`: nothing that matters follows the move in the playbook."""

    folder: Path
    warm: Warm
    playbook: str = "flinkops.flink.move"
    ends_early: bool = True
    timeout: int = 120
    forks: int = 10


class Runs:
    """`cap` runs at a time. `done` is called once for each entry, by a thread of a run."""

    def __init__(self, way: Way, done: Done, metrics: Metrics, *, cap: int = 2) -> None:
        self._way, self._done, self._metrics = way, done, metrics
        self._entries: SimpleQueue[Entry | None] = SimpleQueue()
        self._threads = [
            Thread(target=self._loop, name=f"run-{number}", daemon=True) for number in range(cap)
        ]

    def start(self) -> None:
        for thread in self._threads:
            thread.start()

    def submit(self, entry: Entry) -> None:
        self._entries.put(entry)

    def close(self) -> None:
        """No further run begins."""
        for _thread in self._threads:
            self._entries.put(None)

    def join(self, within: float) -> None:
        """Wait for the runs that are under way, at most so many seconds for each."""
        for thread in self._threads:
            thread.join(within)

    def _loop(self) -> None:
        while (first := self._entries.get()) is not None:
            batch = self._batch(first)
            run = _Run(self._way, batch, self._done)
            self._metrics.run_hosts.inc(len(batch))
            try:
                self._metrics.runs.labels(run.play()).inc()
            except Exception as broken:  # whatever it was: the thread serves the next batch
                LOG.exception("a run of %s hosts broke", len(batch))
                run.give_up(f"the run broke: {broken}")

    def _batch(self, first: Entry) -> list[Entry]:
        """What is there, and what comes within a moment."""
        batch, by = [first], monotonic() + LINGER
        while len(batch) < LARGEST:
            try:
                entry = self._entries.get(timeout=max(0.0, by - monotonic()))
            except Empty:
                return batch
            if entry is None:
                self._entries.put(None)
                return batch
            batch.append(entry)
        return batch


class _Run:
    """One run of the playbook over a batch."""

    def __init__(self, way: Way, batch: Sequence[Entry], done: Done) -> None:
        self._way, self._done = way, done
        self._left = {entry.host: entry for entry in batch}
        self._stats: Mapping[str, Any] = {}
        self._events = 0

    def play(self) -> str:
        """How it ended, in ansible-runner's word."""
        folder = self._way.folder / uuid.uuid4().hex[:12]
        (folder / "env").mkdir(parents=True, mode=0o700)
        try:
            runner = ansible_runner.run(
                private_data_dir=str(folder),
                playbook=self._way.playbook,
                inventory=str(self._inventory(folder)),
                envvars=self._way.warm.environment(),
                event_handler=self._heard,
                forks=self._way.forks,
                timeout=self._way.timeout,
                settings={"pexpect_timeout": float(POLL), "suppress_output_file": True},
                quiet=True,
            )
            self._end(str(runner.status), int(runner.rc or 0))
            return str(runner.status)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def give_up(self, why: str) -> None:
        for host in list(self._left):
            self._tell(host, why)

    def _inventory(self, folder: Path) -> Path:
        place = folder / "moves.batch.json"
        place.write_text(json.dumps({"hosts": [entry.written for entry in self._left.values()]}))
        return place

    def _heard(self, event: Mapping[str, Any]) -> bool:
        """No event is kept."""
        data = event.get("event_data") or {}
        host, name = str(data.get("host") or ""), str(event.get("event"))
        if host:
            self._events += 1
        if name == "playbook_on_stats":
            self._stats = data
        if name in FAILED and not data.get("ignore_errors"):
            result = data.get("res") or {}
            self._tell(host, str(result.get("msg") or "its move failed"))
        elif name == "runner_on_ok" and self._way.ends_early and data.get("task_action") in MOVED:
            self._tell(host, "")
        return False

    def _end(self, status: str, code: int) -> None:
        """Hosts that failed were told of; of the others the run's own statistics say the end."""
        if status == "timeout" and not self._events:
            self._way.warm.is_silent()
        ends = (self._stats.get(end) or () for end in ("failures", "dark"))
        through = set(self._stats.get("processed") or ()).difference(*ends)
        why = f"the run ended as {status} ({code}) before its move was made"
        for host in list(self._left):
            self._tell(host, "" if host in through else why)

    def _tell(self, host: str, why: str) -> None:
        entry = self._left.pop(host, None)
        if entry is not None:
            self._done(Outcome(entry=entry, why=why))
