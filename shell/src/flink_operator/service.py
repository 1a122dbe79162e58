# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""The parts put together: watches fill the stores and the queue, workers take turns, runs move."""

from __future__ import annotations

import logging
import random
import time
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from threading import Thread
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.batch import Entry
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Access, client_of
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import (
    CONFIG_MAP,
    DEPLOYMENT,
    FLINK_DEPLOYMENT,
    LEASE,
    POD,
    SERVICE,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.watch import Selection

from .cached import CachedApi, Caches, LiveApi
from .informer import Changed, Informer
from .lead import Leadership
from .logs import fields
from .metrics import Applications, Metrics
from .pace import pause_after_error
from .runs import Outcome, Runs, Way
from .store import Key, Store
from .turns import Step, Turns
from .workqueue import Workqueue

LOG = logging.getLogger(__name__)
OF_FLINK = "app,type in (flink-native-kubernetes,flink-standalone-kubernetes)"
OWNED = (DEPLOYMENT, POD, CONFIG_MAP, SERVICE)
CLAIMS = "app.kubernetes.io/managed-by=flinkops"
FILLED_WITHIN = 120.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """What is served, and how. No namespace: all of them."""

    access: Access
    driver: str
    namespaces: tuple[str, ...] = ()
    labels: str = ""
    workers: int = 8
    runs: int = 2
    calm: float = 60.0


class Service:
    """Started by `start` once its replica leads; never twice."""

    def __init__(self, terms: Terms, way: Way, leadership: Leadership) -> None:
        self._terms, self._leadership = terms, leadership
        self._is_stopping = False
        self.queue = Workqueue()
        self.metrics = Metrics()
        self._decided_at: dict[Key, float] = {}
        self._stores = {of: Store() for of in self._selections()}
        caches = Caches(self._stores)
        client = client_of(terms.access, connections=terms.workers + 4)
        self._turns = Turns(
            cached=CachedApi(client, caches),
            live=LiveApi(client, caches),
            driver=terms.driver,
            calm=terms.calm,
        )
        watches = client_of(terms.access, connections=len(self._stores))
        self._informers = [
            Informer(LiveApi(watches, caches), of, store, self._hearing(of))
            for of, store in self._stores.items()
        ]
        self._runs = Runs(way, self._moved, self.metrics, cap=terms.runs)
        self.metrics.watch(Applications(self.queue, self._resources))
        self._workers = [
            Thread(target=self._work, name=f"worker-{number}", daemon=True)
            for number in range(terms.workers)
        ]

    def start(self) -> None:
        """Workers begin once every watch has told what there is."""
        for informer in self._informers:
            informer.start()
        by = time.monotonic() + FILLED_WITHIN
        while not all(store.is_filled for store in self._stores.values()):
            if time.monotonic() > by:
                raise TimeoutError("the watches were not filled in time: is the API server there?")
            time.sleep(0.02)
        self._runs.start()
        for worker in self._workers:
            worker.start()

    def stop(self) -> None:
        """No further turn and no further run begins; what is under way is written ahead."""
        self._is_stopping = True
        self.queue.close()
        self._runs.close()
        for informer in self._informers:
            informer.stop()

    @property
    def lacks(self) -> str:
        """What is not there yet; empty once all that is served is known."""
        missing = [of.path for of, store in self._stores.items() if not store.is_filled]
        return f"not read yet: {', '.join(missing)}" if missing else ""

    @property
    def ails(self) -> str:
        """What only a new process mends."""
        dead = [worker.name for worker in self._workers if worker.ident and not worker.is_alive()]
        return f"ended: {', '.join(dead)}" if dead and not self._is_stopping else ""

    def _resources(self) -> Iterator[dict[str, Any]]:
        for of, store in self._stores.items():
            if of.kind is FLINK_DEPLOYMENT:
                yield from store.all("")

    def _selections(self) -> list[Selection]:
        found = []
        for namespace in self._terms.namespaces or ("",):
            found.append(Selection(FLINK_DEPLOYMENT, namespace, self._terms.labels))
            found += [Selection(kind, namespace, OF_FLINK) for kind in OWNED]
            found.append(Selection(LEASE, namespace, CLAIMS))
        return found

    def _hearing(self, of: Selection) -> Changed:
        store = self._stores[of]
        if of.kind is FLINK_DEPLOYMENT:
            return self._changed
        if of.kind is LEASE:
            return _ignored

        def heard(keys: Iterable[Key]) -> None:
            self._changed(owner for key in keys if (owner := store.app_of(key)))

        return heard

    def _changed(self, keys: Iterable[Key]) -> None:
        for key in keys:
            self.queue.add(key)

    def _work(self) -> None:
        while (key := self.queue.take()) is not None:
            if not self._leadership.is_leading:
                self.queue.done(key, after=1.0)
                continue
            self._one(key)

    def _one(self, key: Key) -> None:
        began = time.monotonic()
        try:
            step = self._turns.one(key)
        except FlinkOpsError as broken:
            self._broke(key, broken)
        except (
            Exception
        ) as broken:  # a defect of ours: this one application waits, the others go on
            LOG.exception("a turn broke", extra=_named(key))
            self._broke(key, broken)
        else:
            took = time.monotonic() - began
            self.metrics.turn_seconds.observe(took)
            self._stepped(key, step, took)

    def _broke(self, key: Key, broken: Exception) -> None:
        self.metrics.broken.inc()
        course = self._turns.broken(key)
        after = pause_after_error(course, chance=random.random())  # noqa: S311
        LOG.warning("%s", broken, extra=_named(key, again_in=round(after, 1)))
        self.queue.done(key, after=after)

    def _stepped(self, key: Key, step: Step, took: float) -> None:
        plan = step.plan
        self.metrics.turns.labels(plan.verdict.value if plan else "gone").inc()
        if plan and (step.has_told or step.entry):
            move = step.entry.move if step.entry else None
            rule = {"generation": step.generation, "move": move, "rule": plan.because}
            outcome = {"outcome": plan.verdict.value, "seconds": round(took, 4)}
            LOG.info("%s", plan.message, extra=_named(key, **rule, **outcome))
        if step.entry is None:
            self.queue.done(key, after=step.after)
            return
        self._decided_at[key] = time.monotonic()
        self._runs.submit(step.entry)

    def _moved(self, outcome: Outcome) -> None:
        key, move = _key_of(outcome.entry), outcome.entry.move
        took = time.monotonic() - self._decided_at.pop(key, time.monotonic())
        self.metrics.move_seconds.labels(move).observe(took)
        self.metrics.moves.labels(move, "failed" if outcome.why else "made").inc()
        said = _named(key, move=move, outcome="failed" if outcome.why else "made")
        LOG.info("the move was made in %.2f s", took, extra=said)
        if outcome.why:
            self._broke(key, FlinkOpsError(f"{move}: {outcome.why}"))
        else:
            self.queue.done(key, after=0.0)


def _named(key: Key, **told: Any) -> Mapping[str, Mapping[str, Any]]:
    namespace, name = key
    return fields(kind=FLINK_DEPLOYMENT.kind, namespace=namespace, name=name, **told)


def _ignored(_keys: Iterable[Key]) -> None:
    """Who holds what is read when it is asked for; it makes no turn due."""


def _key_of(entry: Entry) -> Key:
    return entry.namespace, entry.name
