# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""Which application's turn it is: no key twice at a time, the longest due one first."""

from __future__ import annotations

import heapq
import time
from collections.abc import Callable
from itertools import count
from threading import Condition

from .store import Key


class Workqueue:
    """Keys with the time at which each is due. Time is monotonic, in seconds."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._due: dict[Key, float] = {}
        self._heap: list[tuple[float, int, Key]] = []
        self._again: dict[Key, float] = {}
        self._busy: set[Key] = set()
        self._number = count()
        self._changed = Condition()
        self._is_closed = False

    def __len__(self) -> int:
        """How many are due by now, and wait for somebody."""
        with self._changed:
            now = self._clock()
            return sum(due <= now for due in self._due.values())

    def add(self, key: Key, after: float = 0.0) -> None:
        """Due in so many seconds, or sooner where it is already. A busy one is due once more."""
        with self._changed:
            self._add(key, self._clock() + after)

    def take(self, within: float | None = None) -> Key | None:
        """Wait for the next; it is busy until `done`. None: none came, or the queue is closed."""
        with self._changed:
            end = None if within is None else self._clock() + within
            while not self._is_closed:
                now = self._clock()
                due, key = self._first()
                if key is not None and due <= now:
                    heapq.heappop(self._heap)
                    del self._due[key]
                    self._busy.add(key)
                    return key
                ends = [at for at in (due if key else None, end) if at is not None]
                if end is not None and now >= end:
                    return None
                self._changed.wait(min(ends) - now if ends else None)
            return None

    def done(self, key: Key, after: float | None = None) -> None:
        """Its turn is over; due again in so many seconds, at once where it was added meanwhile."""
        with self._changed:
            self._busy.discard(key)
            again = self._again.pop(key, None)
            due = None if after is None else self._clock() + after
            for at in (again, due):
                if at is not None:
                    self._add(key, at)

    def close(self) -> None:
        """Everybody who waits is sent home."""
        with self._changed:
            self._is_closed = True
            self._changed.notify_all()

    def _add(self, key: Key, due: float) -> None:
        if key in self._busy:
            self._again[key] = min(due, self._again.get(key, due))
            return
        if self._due.get(key, due + 1) <= due:
            return
        self._due[key] = due
        heapq.heappush(self._heap, (due, next(self._number), key))
        self._changed.notify()

    def _first(self) -> tuple[float, Key | None]:
        """The one that is due first; what was brought forward stands in the heap twice."""
        while self._heap:
            due, _number, key = self._heap[0]
            if self._due.get(key) == due:
                return due, key
            heapq.heappop(self._heap)
        return 0.0, None
