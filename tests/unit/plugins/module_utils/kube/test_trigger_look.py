# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What became of a request, told by a recorded Flink or by one that answers anything."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.trigger import (
    TriggerSeen,
    TriggerState,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.client import FlinkClient
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import Asked, TimedOut
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import Answer, Request
from ansible_collections.flinkops.flink.plugins.module_utils.flink.versions import FlinkVersion
from ansible_collections.flinkops.flink.plugins.module_utils.kube.trigger_look import (
    checkpoint_trigger,
    disposal,
    savepoint_trigger,
)

TAPES = Path(__file__).parents[4] / "tapes"
VERSIONS = sorted(folder.name for folder in TAPES.glob("flink-*"))
JOB, ID = "a" * 32, "b" * 32
QUESTIONS: dict[str, Callable[[FlinkClient], TriggerSeen]] = {
    "savepoint": lambda client: savepoint_trigger(client, JOB, ID),
    "checkpoint": lambda client: checkpoint_trigger(client, JOB, ID),
    "disposal": lambda client: disposal(client, ID),
}


@dataclass
class Flink:
    """Answers by the path's end; a number is a status, an exception is raised."""

    answers: dict[str, Any]
    seen: list[str] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        self.seen.append(request.path)
        ends = [end for end in self.answers if request.path.endswith(end)]
        found = self.answers[max(ends, key=len)]
        if isinstance(found, Exception):
            raise found
        if isinstance(found, int):
            return Answer(status=found, body=b'{"errors": ["gone"]}')
        return Answer(status=200, body=json.dumps(found).encode())

    def asked(self, request: Request) -> Asked:
        return Asked(method=request.method, url=request.path)

    @property
    def client(self) -> FlinkClient:
        return FlinkClient(self, FlinkVersion(1, 20))


def taped(version: str, case: str) -> Any:
    return json.loads((TAPES / version / f"{case}.json").read_text())["answer"]


def flink(version: str, case: str, **more: Any) -> FlinkClient:
    answer = taped(version, case)
    return Flink({ID: answer["body"], **more}).client


def failing(trace: str) -> FlinkClient:
    cause = {"class": "x", "stack-trace": trace}
    body = {"status": {"id": "COMPLETED"}, "operation": {"failure-cause": cause}}
    return Flink({ID: body}).client


@pytest.mark.parametrize("version", VERSIONS)
def test_a_savepoint_that_is_done_has_its_place(version: str) -> None:
    seen = savepoint_trigger(flink(version, "savepoint-status"), JOB, ID)
    assert seen.state is TriggerState.DONE
    assert seen.location == taped(version, "savepoint-status")["body"]["operation"]["location"]


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", ["savepoint-status-failed", "stop-status-not-running"])
def test_one_that_failed_has_its_reason(version: str, case: str) -> None:
    seen = savepoint_trigger(flink(version, case), JOB, ID)
    assert (seen.state, seen.location) == (TriggerState.FAILED, "")
    assert "Exception" in seen.why


@pytest.mark.parametrize("version", VERSIONS)
def test_a_checkpoint_that_is_done_has_its_number_and_its_place(version: str) -> None:
    details = taped(version, "checkpoint-details")["body"]
    number = taped(version, "checkpoint-trigger-status")["body"]["operation"]["checkpointId"]
    more = {f"/details/{number}": details}
    seen = checkpoint_trigger(flink(version, "checkpoint-trigger-status", **more), JOB, ID)
    assert (seen.state, seen.checkpoint_id) == (TriggerState.DONE, number)
    assert seen.location == details["external_path"]


def test_a_checkpoint_that_was_replaced_already_has_no_place() -> None:
    body = {"status": {"id": "COMPLETED"}, "operation": {"checkpointId": 4}}
    shown = {"/details/4": 404, "/checkpoints": statistics(5)}
    seen = checkpoint_trigger(Flink({ID: body, **shown}).client, JOB, ID)
    assert (seen.state, seen.checkpoint_id, seen.location) == (TriggerState.DONE, 4, "")
    assert not seen.is_untold


@pytest.mark.parametrize("newest", [None, 3])
def test_a_checkpoint_that_is_younger_than_the_statistics_is_told_of_later(
    newest: int | None,
) -> None:
    body = {"status": {"id": "COMPLETED"}, "operation": {"checkpointId": 4}}
    shown = {"/details/4": 404, "/checkpoints": statistics(newest)}
    seen = checkpoint_trigger(Flink({ID: body, **shown}).client, JOB, ID)
    assert (seen.state, seen.is_untold) == (TriggerState.DONE, True)


def statistics(newest: int | None) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(json.dumps(taped(VERSIONS[0], "checkpoints")["body"]))
    completed = found["latest"]["completed"]
    found["latest"]["completed"] = completed and newest and {**completed, "id": newest}
    return found


@pytest.mark.parametrize("version", VERSIONS)
def test_a_checkpoint_that_failed_has_its_reason(version: str) -> None:
    seen = checkpoint_trigger(flink(version, "checkpoint-trigger-status-failed"), JOB, ID)
    assert seen.state is TriggerState.FAILED
    assert seen.why


def test_a_stop_that_failed_late_names_the_savepoint_that_it_made() -> None:
    trace = (
        "org.x.StopWithSavepointStoppingException: A savepoint has been created at: s3://b/sp-1, "
        f"but the corresponding job {JOB} failed during stopping. The savepoint is consistent."
    )
    seen = savepoint_trigger(failing(trace), JOB, ID)
    assert (seen.state, seen.location) == (TriggerState.FAILED, "s3://b/sp-1")


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_silence_is_no_answer(ask: Callable[[FlinkClient], TriggerSeen]) -> None:
    seen = ask(Flink({ID: TimedOut("no answer in 5 s")}).client)
    assert seen.state is TriggerState.UNSEEN
    assert "no answer in 5 s" in seen.why


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
@pytest.mark.parametrize("answer", [{"rubbish": 1}, 500, 503, 401], ids=str)
def test_what_is_no_word_of_flink_on_it_is_no_answer(
    ask: Callable[[FlinkClient], TriggerSeen], answer: object
) -> None:
    assert ask(Flink({ID: answer}).client).state is TriggerState.UNSEEN


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_what_is_under_way_is_in_progress(ask: Callable[[FlinkClient], TriggerSeen]) -> None:
    body = {"status": {"id": "IN_PROGRESS"}, "operation": None}
    assert ask(Flink({ID: body}).client).state is TriggerState.IN_PROGRESS


@pytest.mark.parametrize("ask", QUESTIONS.values(), ids=QUESTIONS)
def test_what_flink_does_not_know_is_forgotten(ask: Callable[[FlinkClient], TriggerSeen]) -> None:
    seen = ask(Flink({ID: 404}).client)
    assert (seen.state, seen.location) == (TriggerState.FORGOTTEN, "")


@pytest.mark.parametrize("version", VERSIONS)
def test_a_forgotten_savepoint_is_found_if_it_is_younger_than_its_request(version: str) -> None:
    shown = taped(version, "checkpoints-with-savepoint")["body"]
    latest = shown["latest"]["savepoint"]
    taken = datetime.fromtimestamp(0, UTC) + timedelta(milliseconds=latest["trigger_timestamp"])
    client = Flink({ID: 404, "/checkpoints": shown}).client
    seen = savepoint_trigger(client, JOB, ID, since=taken)
    assert (seen.state, seen.location) == (TriggerState.FORGOTTEN, latest["external_path"])
    later = savepoint_trigger(client, JOB, ID, since=taken + timedelta(milliseconds=1))
    assert (later.state, later.location) == (TriggerState.FORGOTTEN, "")


def test_a_job_without_statistics_has_forgotten_it() -> None:
    client = Flink({ID: 404, "/checkpoints": 404}).client
    seen = savepoint_trigger(client, JOB, ID, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert (seen.state, seen.location) == (TriggerState.FORGOTTEN, "")


def test_silence_on_the_statistics_is_no_answer_either() -> None:
    """Else a savepoint that is there would be taken once more."""
    client = Flink({ID: 404, "/checkpoints": TimedOut("no answer")}).client
    seen = checkpoint_trigger(client, JOB, ID, since=datetime(2026, 1, 1, tzinfo=UTC))
    assert seen.state is TriggerState.UNSEEN


@pytest.mark.parametrize("version", VERSIONS)
@pytest.mark.parametrize("case", ["dispose-status", "dispose-status-failed"])
def test_what_is_deleted_or_was_not_there_is_disposed_of(version: str, case: str) -> None:
    assert disposal(flink(version, case), ID).state is TriggerState.DONE


def test_what_could_not_be_deleted_is_not_disposed_of() -> None:
    seen = disposal(failing("java.io.IOException: Permission denied"), ID)
    assert (seen.state, seen.why) == (TriggerState.FAILED, "java.io.IOException: Permission denied")
