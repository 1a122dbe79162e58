# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A job's counters are asked for where somebody watches them; their silence is theirs alone."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Counters,
    FlinkSeen,
    JobSeen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.client import FlinkClient
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import Asked, TimedOut
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import Answer, Request
from ansible_collections.flinkops.flink.plugins.module_utils.kube.flink_look import look_at_flink

JOB = "a" * 32
ASKED = "numRestarts,fullRestarts,numberOfCompletedCheckpoints"
STATUS = {"jobStatus": {"jobId": JOB}}
SILENT = TimedOut("no answer in 5 s")
LISTED = {
    "jid": JOB,
    "name": "counter",
    "state": "RUNNING",
    "start-time": 1,
    "end-time": -1,
    "last-modification": 1,
    "tasks": {"running": 2, "total": 2},
}


@dataclass
class Flink:
    """`metrics`: a number is a status, an exception is raised."""

    metrics: Any
    seen: list[str] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        self.seen.append(request.path)
        found = self._found(request)
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return Answer(status=found, body=b'{"errors": ["gone"]}')
        return Answer(status=200, body=json.dumps(found).encode())

    def _found(self, request: Request) -> Any:
        if request.path.endswith("/metrics"):
            assert dict(request.query)["get"] == ASKED
            return self.metrics
        known: dict[str, Any] = {
            "/config": {"flink-version": "1.20.5", "flink-revision": "1 @ 2"},
            "/jobs/overview": {"jobs": [LISTED]},
        }
        return known.get(request.path, 404)

    def asked(self, request: Request) -> Asked:
        return Asked(method=request.method, url=request.path)


def job(flink: Flink, *, counts: bool = True) -> JobSeen:
    seen = look_at_flink(FlinkClient(flink), recorded(STATUS), counts=counts)
    assert isinstance(seen, FlinkSeen)
    assert seen.job is not None
    return seen.job


def told(**values: Any) -> list[dict[str, Any]]:
    return [{"id": name, "value": value} for name, value in values.items()]


def test_nobody_watches_and_nothing_is_asked() -> None:
    flink = Flink([])
    assert job(flink, counts=False).counters is None
    assert not [path for path in flink.seen if path.endswith("/metrics")]


@pytest.mark.row("C-055")
@pytest.mark.parametrize(
    ("said", "counters"),
    [
        (told(numRestarts="3", numberOfCompletedCheckpoints="7"), (3, 7)),
        (told(fullRestarts="3", numberOfCompletedCheckpoints="7"), (3, 7)),
        (told(fullRestarts="9", numRestarts="3"), (3, None)),
        (told(numRestarts="NaN", numberOfCompletedCheckpoints="-1"), (None, None)),
        ([], (None, None)),
    ],
    ids=str,
)
def test_the_counters_are_those_that_flink_tells(
    said: Any, counters: tuple[int | None, int | None]
) -> None:
    expected = Counters(restarts=counters[0], checkpoints=counters[1])
    assert job(Flink(said)).counters == expected


@pytest.mark.parametrize(
    "silence",
    [404, 500, {"no": "list"}, [{"value": "1"}], SILENT],
    ids=str,
)
def test_their_silence_makes_nothing_else_unseen(silence: Any) -> None:
    found = job(Flink(silence))
    assert (found.id, found.state, found.counters) == (JOB, "RUNNING", None)
