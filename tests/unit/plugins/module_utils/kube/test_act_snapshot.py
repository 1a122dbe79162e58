# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is asked of Flink for a snapshot, a stop or a disposal; said twice it does no harm."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.core.trigger import TriggerState
from ansible_collections.flinkops.flink.plugins.module_utils.flink.client import FlinkClient
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import Asked, TimedOut
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import Answer, Request
from ansible_collections.flinkops.flink.plugins.module_utils.flink.versions import FlinkVersion
from ansible_collections.flinkops.flink.plugins.module_utils.kube.act_snapshot import (
    cancel,
    dispose,
    savepoint_wanted,
    stop_with_savepoint,
    take_checkpoint,
    take_savepoint,
)

JOB, ID = "a" * 32, "b" * 32
WANTED = savepoint_wanted(ID, "s3://b/sp", "NATIVE")
ACTS: dict[str, Callable[[FlinkClient], Any]] = {
    "savepoint": lambda c: take_savepoint(c, JOB, ID, "s3://b/sp", "CANONICAL"),
    "checkpoint": lambda c: take_checkpoint(c, JOB, ID, "FULL"),
    "stop": lambda c: stop_with_savepoint(c, JOB, WANTED),
    "cancel": lambda c: cancel(c, JOB),
    "disposal": lambda c: dispose(c, "s3://b/sp/1"),
}


@dataclass
class Flink:
    """The same answer to each request of a kind; `seen` is what was asked."""

    post: Any = field(default_factory=lambda: {"request-id": ID})
    get: Any = field(default_factory=lambda: [{"status": {"id": "COMPLETED"}, "operation": {}}])
    version: FlinkVersion = field(default_factory=lambda: FlinkVersion(1, 20))
    seen: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        self.seen.append(request)
        found = self.get.pop(0) if request.method == "GET" else self.post
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return Answer(status=found, body=b'{"errors": ["said no"]}')
        return Answer(status=202, body=json.dumps(found).encode())

    def asked(self, request: Request) -> Asked:
        return Asked(method=request.method, url=request.path)

    @property
    def client(self) -> FlinkClient:
        return FlinkClient(self, self.version)


@pytest.mark.parametrize(
    ("act", "path", "body"),
    [
        (
            "savepoint",
            f"/jobs/{JOB}/savepoints",
            {
                "triggerId": ID,
                "formatType": "CANONICAL",
                "target-directory": "s3://b/sp",
                "cancel-job": False,
            },
        ),
        ("checkpoint", f"/jobs/{JOB}/checkpoints", {"triggerId": ID, "checkpointType": "FULL"}),
        (
            "stop",
            f"/jobs/{JOB}/stop",
            {
                "triggerId": ID,
                "formatType": "NATIVE",
                "targetDirectory": "s3://b/sp",
                "drain": False,
            },
        ),
        ("disposal", "/savepoint-disposal", {"savepoint-path": "s3://b/sp/1"}),
    ],
)
def test_flink_is_asked_under_our_id(act: str, path: str, body: dict[str, Any]) -> None:
    flink = Flink()
    assert ACTS[act](flink.client)
    assert (flink.seen[0].path, flink.seen[0].body) == (path, body)


def test_a_cancel_goes_to_the_job() -> None:
    flink = Flink(post={})
    assert cancel(flink.client, JOB)
    assert (flink.seen[0].method, flink.seen[0].path) == ("PATCH", f"/jobs/{JOB}")


@pytest.mark.parametrize("status", [404, 409])
def test_a_job_that_is_gone_or_has_ended_is_cancelled(status: int) -> None:
    assert cancel(Flink(post=status).client, JOB)


@pytest.mark.parametrize("act", ACTS.values(), ids=ACTS)
def test_silence_is_no_failure_for_the_next_look_tells(act: Callable[[FlinkClient], Any]) -> None:
    told = act(Flink(post=TimedOut("no answer")).client)
    assert told is False or told.state is TriggerState.UNSEEN


@pytest.mark.parametrize("name", ACTS)
def test_a_refusal_is_an_error_with_its_reason(name: str) -> None:
    with pytest.raises(FlinkOpsError, match="said no") as refused:
        ACTS[name](Flink(post=400).client)
    assert refused.value.reason == f"flink_refused_the_{name}"


def test_a_flink_that_takes_no_checkpoint_on_demand_is_not_asked() -> None:
    flink = Flink(version=FlinkVersion(1, 16))
    with pytest.raises(FlinkOpsError, match=r"needs 1\.17"):
        take_checkpoint(flink.client, JOB, ID, "FULL")
    assert flink.seen == []


@pytest.mark.parametrize(("form", "sent"), [("INCREMENTAL", "INCREMENTAL"), ("?", "CONFIGURED")])
def test_a_form_that_is_not_known_is_left_to_flink(form: str, sent: str) -> None:
    flink = Flink()
    take_checkpoint(flink.client, JOB, ID, form)
    assert (flink.seen[0].body or {})["checkpointType"] == sent


UNDER_WAY = {"status": {"id": "IN_PROGRESS"}, "operation": None}


def test_a_disposal_is_followed_to_its_end() -> None:
    done = {"status": {"id": "COMPLETED"}, "operation": {}}
    flink = Flink(get=[UNDER_WAY, done])
    assert dispose(flink.client, "s3://b/sp/1").state is TriggerState.DONE
    assert [request.method for request in flink.seen] == ["POST", "GET", "GET"]


def test_a_disposal_that_takes_longer_is_left_to_the_next_turn() -> None:
    flink = Flink(get=[UNDER_WAY])
    seen = dispose(flink.client, "s3://b/sp/1", patience=timedelta(0))
    assert seen.state is TriggerState.IN_PROGRESS
