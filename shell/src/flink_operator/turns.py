# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""One turn of one application: look and decide here, tell; the move is for a run of Ansible.

Where the watches show nothing to do, the turn ends there: no request but to Flink. What is to be
written or moved is decided anew from what the API server itself says.
"""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.batch import Entry
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FINALIZER, Seen
from ansible_collections.flinkops.flink.plugins.module_utils.kube import lease
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import FLINK_DEPLOYMENT
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import (
    UNTOUCHABLE,
    Question,
    glance,
    turn,
)

from .cached import CachedApi, LiveApi
from .pace import Course, pause
from .store import Key


@dataclass(frozen=True, slots=True, kw_only=True)
class Step:
    """What came of a turn. `entry`: the move that it wrote ahead. Without both it is over."""

    plan: Plan | None = None
    entry: Entry | None = None
    after: float | None = None
    has_told: bool = False
    generation: int | None = None


@dataclass(slots=True, kw_only=True)
class Turns:
    """`driver`: the identity under which this operator holds what it serves."""

    cached: CachedApi
    live: LiveApi
    driver: str
    calm: float
    defaults: Mapping[str, str] = field(default_factory=dict)
    courses: dict[Key, Course] = field(default_factory=dict)

    def one(self, key: Key) -> Step:
        namespace, name = key
        stored = self.cached.get(FLINK_DEPLOYMENT, name, namespace)
        if stored is None:
            self.courses.pop(key, None)
            return Step()
        generation = stored["metadata"].get("generation")
        goal = "remove" if "deletionTimestamp" in stored["metadata"] else "deploy"
        question = Question(
            name=name,
            namespace=namespace,
            goal=goal,
            driver=self.driver,
            word=Word.KEEP,
            defaults=self.defaults,
        )
        seen, plan, acts = glance(self.cached, question)
        is_ours = goal == "deploy" and plan.because not in UNTOUCHABLE
        takes_on = is_ours and not self._has(seen, stored)
        if not (acts or takes_on):
            return self._rested(key, plan)
        if takes_on:
            self._take_on(name, namespace)
        _seen, plan, told = turn(self.live, question)
        if plan.verdict is not Verdict.GO:
            return replace(self._rested(key, plan), has_told=told, generation=generation)
        entry = Entry(
            name=name,
            namespace=namespace,
            kind=FLINK_DEPLOYMENT.kind,
            goal=goal,
            move=plan.move.value,
            defaults=self.defaults,
        )
        return Step(plan=plan, entry=entry, has_told=told, generation=generation)

    def broken(self, key: Key) -> Course:
        course = self.courses.get(key, Course()).broken()
        self.courses[key] = course
        return course

    def _rested(self, key: Key, plan: Plan) -> Step:
        course = self.courses.get(key, Course()).after(plan.because)
        self.courses[key] = course
        chance = random.random()  # noqa: S311
        after = pause(plan, course, calm=self.calm, chance=chance)
        return Step(plan=plan, after=after)

    def _has(self, seen: Seen, stored: Mapping[str, Any]) -> bool:
        """It was taken on; a playbook that drove it meanwhile leaves its Lease to nobody."""
        is_held = seen.claim is not None and seen.claim.identity == self.driver
        return is_held and FINALIZER in (stored["metadata"].get("finalizers") or ())

    def _take_on(self, name: str, namespace: str) -> None:
        """Claimed first, then with a finalizer: a deletion waits until it was served."""
        stored = self.live.get(FLINK_DEPLOYMENT, name, namespace)
        if stored is None:
            return
        metadata = stored["metadata"]
        finalizers = list(metadata.get("finalizers") or ())
        if "deletionTimestamp" in metadata:
            return
        now = self.live.by_its_clock(datetime.now(UTC))
        scope = lease.Scope(name=name, namespace=namespace, uid=str(metadata["uid"]))
        lease.take(self.live, scope, self.driver, now)
        if FINALIZER in finalizers:
            return
        locked = {"resourceVersion": metadata["resourceVersion"], "uid": metadata["uid"]}
        patch = {"metadata": {**locked, "finalizers": [*finalizers, FINALIZER]}}
        self.live.merge(FLINK_DEPLOYMENT, name, namespace, patch)
