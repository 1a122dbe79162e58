# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""Of several replicas one leads: who holds the operator's Lease, and renews it in time.

Time is monotonic, so that a clock that jumps makes no second leader: another's Lease has run out
when it was seen unchanged for its duration, whatever its time stamp says. A leader that could not
renew stops acting before another may begin.
"""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from threading import Event
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Conflict
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import LEASE

LOG = logging.getLogger(__name__)
DURATION = 15
RENEW_WITHIN = 10.0
PERIOD = 2.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Post:
    """What is competed for, and by whom."""

    name: str
    namespace: str
    identity: str


class Leadership:
    """`clock` is monotonic, in seconds."""

    def __init__(self, api: Api, post: Post, clock: Callable[[], float] = time.monotonic) -> None:
        self._api, self._post, self._clock = api, post, clock
        self._observed: Mapping[str, Any] = {}
        self._observed_at = 0.0
        self._renewed_at: float | None = None
        self._ends = Event()

    @property
    def identity(self) -> str:
        return self._post.identity

    @property
    def is_leading(self) -> bool:
        """True as long as no other replica can have become the leader."""
        renewed = self._renewed_at
        return renewed is not None and self._clock() - renewed < RENEW_WITHIN

    @property
    def is_lost(self) -> bool:
        return not self.is_leading

    def wait(self) -> None:
        """Until this replica leads, or `stop`."""
        while not self._ends.is_set() and not self.attempt():
            self._ends.wait(PERIOD)

    def keep(self) -> None:
        """Renew until that was not possible for too long, or `stop`."""
        while not self._ends.is_set() and self.is_leading:
            self._ends.wait(PERIOD)
            self.attempt()

    def stop(self) -> None:
        """Let go, so that the next one need not wait."""
        self._ends.set()
        if self.is_leading:
            self._renewed_at = None
            try:
                lease = self._api.get(LEASE, self._post.name, self._post.namespace)
                if lease and lease["spec"].get("holderIdentity") == self._post.identity:
                    self._api.replace({**lease, "spec": {**lease["spec"], "holderIdentity": ""}})
            except FlinkOpsError as broken:
                LOG.info("the Lease was not let go: %s", broken)

    def attempt(self) -> bool:
        """Take or renew; False where another has it, or the API server is silent."""
        began = self._clock()
        try:
            lease = self._api.get(LEASE, self._post.name, self._post.namespace)
            if lease is None:
                self._api.create(self._definition({}))
            elif not self._may_take(lease["spec"]):
                return False
            else:
                self._api.replace({**lease, "spec": self._spec(lease["spec"])})
        except Conflict:
            return False
        except FlinkOpsError as broken:
            LOG.warning("the Lease %s could not be renewed: %s", self._post.name, broken)
            return False
        self._renewed_at = began
        return True

    def _may_take(self, spec: Mapping[str, Any]) -> bool:
        if spec != self._observed:
            self._observed, self._observed_at = dict(spec), self._clock()
        if spec.get("holderIdentity") in ("", None, self._post.identity):
            return True
        duration = int(spec.get("leaseDurationSeconds") or DURATION)
        return self._clock() - self._observed_at > duration

    def _definition(self, before: Mapping[str, Any]) -> dict[str, Any]:
        return {
            "apiVersion": LEASE.api_version,
            "kind": LEASE.kind,
            "metadata": {"name": self._post.name, "namespace": self._post.namespace},
            "spec": self._spec(before),
        }

    def _spec(self, before: Mapping[str, Any]) -> dict[str, Any]:
        now = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")
        is_mine = before.get("holderIdentity") == self._post.identity
        changes = int(before.get("leaseTransitions") or 0)
        return {
            **before,
            "holderIdentity": self._post.identity,
            "leaseDurationSeconds": DURATION,
            "renewTime": now,
            "acquireTime": before.get("acquireTime", now) if is_mine else now,
            "leaseTransitions": changes if is_mine else changes + 1,
        }
