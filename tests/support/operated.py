# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An operator as a process of this machine, and the counting job that it serves.

What a person does is an edit of the resource; what becomes of it is the operator's business.
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from .carried import NAME, SOON, Carried
from .cluster import Object, until
from .playbook import ROOT

READY = "serving as"
LONG = 300


@dataclass(slots=True, kw_only=True)
class Operator:
    """One replica, in a namespace of its own."""

    namespace: str
    kubeconfig: Path
    log: Path
    process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """It serves when this returns."""
        before = self.said.count(READY)
        place = ("--namespace", self.namespace, "--lease-namespace", self.namespace)
        where = (*place, "--port", "0")
        with self.log.open("ab") as out:
            process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-m", "flink_operator.main", *where],
                env={
                    **os.environ,  # noqa: TID251
                    "KUBECONFIG": str(self.kubeconfig),
                    "PYTHONPATH": f"{ROOT}/shell/src:{ROOT}/.tree",
                    "ANSIBLE_COLLECTIONS_PATH": str(ROOT / ".tree"),
                },
                stdout=out,
                stderr=out,
                stdin=subprocess.DEVNULL,
            )
        self.process = process

        def is_ready() -> bool:
            assert process.poll() is None, self.said
            return self.said.count(READY) > before

        until(is_ready, "the operator serves", within=60)

    def kill(self) -> None:
        """As the kernel does it; what it has started is left to itself."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(timeout=10)

    def stop(self) -> int:
        assert self.process is not None
        self.process.send_signal(signal.SIGTERM)
        return self.process.wait(timeout=30)

    @property
    def said(self) -> str:
        return self.log.read_text() if self.log.exists() else ""


@dataclass(slots=True, kw_only=True)
class Operated:
    """The counting job, as somebody with kubectl sees it."""

    app: Carried
    operator: Operator
    wanted: dict[str, Any] = field(default_factory=dict)

    def apply(self, **changes: Any) -> None:
        """Make or change the resource; `changes` as those of Carried.edit."""
        app = self.app
        if not self.wanted:
            self.wanted = app.definition
        else:
            self.wanted = app.edit(**changes)
        if app.resource:
            body = {"spec": _with_gaps(app.resource["spec"], self.wanted["spec"])}
            app.cluster.patch("flinkdeployments", NAME, app.namespace, body)
        else:
            app.cluster.create("flinkdeployments", app.namespace, self.wanted)

    def until(self, lifecycle: str, *, within: float = LONG) -> Object:
        """Its status, once it says so of what is wanted now."""

        def found() -> Object | None:
            resource = self.app.resource
            status = dict(resource.get("status") or {})
            is_seen = status.get("observedGeneration") == resource["metadata"]["generation"]
            is_there = status.get("lifecycleState") == lifecycle and not status.get("phase")
            return status if is_seen and is_there else None

        try:
            return until(found, f"{lifecycle}", within=within)
        except AssertionError as late:
            raise AssertionError(
                f"{late}\n{self.app.status}\n{self.operator.said[-4000:]}"
            ) from late

    def until_phase(self, phase: str) -> None:
        until(lambda: self.app.phase == phase, f"its phase is {phase}", within=LONG)

    def counts_on(self) -> None:
        self.until("STABLE")
        until(
            lambda: (self.app.status.get("jobStatus") or {}).get("state") == "RUNNING",
            "runs",
            within=60,
        )
        self.app.counts_on()

    def begins(self) -> None:
        app = self.app
        app.lives += 1
        app._hold_job()
        app.definition = app._definition()
        self.apply()
        self.until("STABLE")
        app.job.board.wait_for_value(1, within=SOON)


def _with_gaps(was: Mapping[str, Any], is_: Mapping[str, Any]) -> dict[str, Any]:
    """A merge patch that makes one the other: what is no longer there is null."""
    patch: dict[str, Any] = {key: None for key in was if key not in is_}
    for key, value in is_.items():
        old = was.get(key)
        if isinstance(value, Mapping) and isinstance(old, Mapping):
            patch[key] = _with_gaps(old, value)
        else:
            patch[key] = value
    return patch
