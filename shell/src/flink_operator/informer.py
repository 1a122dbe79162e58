# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""One list-and-watch in a thread of its own: keeps a store as the API server tells it.

It never gives up. A watch that is closed goes on from where it was; one whose place lies too far
back (410), or that is broken, lists anew, after a pause that grows.
"""

from __future__ import annotations

import logging
import random
from collections.abc import Callable, Iterable
from datetime import timedelta
from threading import Event, Thread

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Expired
from ansible_collections.flinkops.flink.plugins.module_utils.kube.watch import (
    Happened,
    Selection,
    listed,
    watched,
)

from .store import Key, Store

LOG = logging.getLogger(__name__)
WITHIN = timedelta(seconds=240)
FIRST_PAUSE, LONGEST_PAUSE = 0.2, 15.0
Changed = Callable[[Iterable[Key]], None]


class Informer(Thread):
    """`changed` is called with the keys of what is new, changed or gone."""

    def __init__(self, api: Api, of: Selection, store: Store, changed: Changed) -> None:
        super().__init__(name=f"watch-{of.kind.plural}-{of.namespace or 'all'}", daemon=True)
        self._api, self._of, self._store, self._changed = api, of, store, changed
        self._ends = Event()
        self._since = ""
        self._pause = FIRST_PAUSE

    def run(self) -> None:
        while not self._ends.is_set():
            try:
                self._once()
            except Expired:
                self._since = ""
            except (FlinkOpsError, ValueError) as broken:  # ValueError: half a line of JSON
                LOG.warning("watch of %s: %s", self._of.path, broken)
                self._since = ""
                self._ends.wait(self._pause * random.uniform(0.5, 1))  # noqa: S311
                self._pause = min(self._pause * 2, LONGEST_PAUSE)

    def stop(self) -> None:
        """It ends with its current watch; nobody has to wait for that."""
        self._ends.set()

    def _once(self) -> None:
        if not self._since:
            items, self._since = listed(self._api, self._of)
            self._changed(self._store.fill(items, self._since))
        self._pause = FIRST_PAUSE
        for happened, item in watched(self._api, self._of, since=self._since, within=WITHIN):
            self._heard(happened, item)
            if self._ends.is_set():
                return

    def _heard(self, happened: Happened, item: dict[str, object]) -> None:
        metadata = item.get("metadata")
        found = metadata if isinstance(metadata, dict) else {}
        self._since = str(found.get("resourceVersion") or self._since)
        if happened is Happened.BOOKMARK:
            self._store.passed(self._since)
            return
        if happened is Happened.DELETED:
            self._store.gone(item)
        elif not self._store.told(item):
            return
        self._changed([(str(found.get("namespace") or ""), str(found.get("name")))])
