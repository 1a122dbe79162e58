"""job_info and cluster_info over a URL, against recorded answers of real Flink."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from ..module_utils.flink.server import Behave, Exchange, answer, serving
from .catalogue import ROOT, returned
from .ways import Way

TAPES = ROOT / "tests" / "tapes"
VERSIONS = sorted(folder.name for folder in TAPES.glob("flink-*"))
HIDDEN = "hunter2-is-secret"


def recorded(version: str) -> dict[str, bytes]:
    """Answer by path; where several were recorded, that of the job that runs."""
    files = sorted((TAPES / version).glob("*.json"), key=_last_the_running)
    tapes = [json.loads(file.read_text()) for file in files]
    good = [tape for tape in tapes if tape["answer"]["status"] == 200]
    return {tape["request"]["path"]: json.dumps(tape["answer"]["body"]).encode() for tape in good}


def _last_the_running(file: Path) -> tuple[bool, str]:
    return file.stem in {"jobs-running", "checkpoints", "exceptions-none"}, file.stem


def on_tape(answers: dict[str, bytes]) -> Behave:
    def behave(exchange: Exchange) -> None:
        path = exchange.request.split(b" ", 2)[1].decode().partition("?")[0]
        found = answers.get(path)
        say = answer(404, b'{"errors":["not on tape"]}') if found is None else answer(200, found)
        say(exchange)

    return behave


@pytest.fixture(params=VERSIONS)
def flink(request: pytest.FixtureRequest) -> Iterator[str]:
    with serving(on_tape(recorded(request.param))) as server:
        yield server.url


def told(name: str) -> dict[str, Any]:
    return {key: value for key, value in returned(name).items() if key != "reason"}


def test_the_jobs_of_a_cluster_are_told_as_documented(way: Way, flink: str) -> None:
    result = way("job_info", {"url": flink})
    assert set(result) - {"changed", "failed"} == set(told("job_info"))
    documented = told("job_info")["jobs"]["contains"]
    assert result["jobs"]
    for job in result["jobs"]:
        assert set(job) == set(documented)
        for part in ("checkpoints", "last_checkpoint"):
            assert set(job[part]) in (set(), set(documented[part]["contains"]))


def test_one_job_is_chosen_by_its_id(way: Way, flink: str) -> None:
    first, *_ = way("job_info", {"url": flink})["jobs"]
    assert way("job_info", {"url": flink, "job_id": first["id"]})["jobs"] == [first]


def test_a_job_that_flink_does_not_know_fails(way: Way, flink: str) -> None:
    result = way("job_info", {"url": flink, "job_id": "f" * 32})
    assert result["failed"] is True
    assert f"Flink does not know job {'f' * 32}" in result["msg"]


def test_a_cluster_is_told_as_documented(way: Way, flink: str) -> None:
    result = way("cluster_info", {"url": flink})
    documented = told("cluster_info")
    assert set(result) - {"changed", "failed"} == set(documented)
    assert set(result["slots"]) == set(documented["slots"]["contains"])
    assert set(result["jobs"]) == set(documented["jobs"]["contains"])
    for manager in result["taskmanagers"]:
        assert set(manager) == set(documented["taskmanagers"]["contains"])


def test_neither_a_url_nor_a_name_is_told(way: Way) -> None:
    result = way("cluster_info", {})
    assert result["failed"] is True
    assert "url" in result["msg"]


@pytest.mark.parametrize("name", ["job_info", "cluster_info"])
def test_credentials_are_sent_and_never_shown(way: Way, name: str) -> None:
    with serving(answer(401, b"who are you?")) as server:
        result = way(name, {"url": server.url, "token": HIDDEN})
        (request, *_) = server.requests
    assert f"Authorization: Bearer {HIDDEN}".encode() in request
    assert result["failed"] is True
    assert HIDDEN not in str(result)


def test_credentials_in_a_url_are_not_shown(way: Way) -> None:
    with serving(answer(401, b"no")) as server:
        url = server.url.replace("://", f"://somebody:{HIDDEN}@")
        result = way("cluster_info", {"url": url})
    assert result["failed"] is True
    assert HIDDEN not in str(result)


def test_a_cluster_that_does_not_answer_is_named(way: Way) -> None:
    with serving(answer()) as server:
        gone = server.url
    result = way("cluster_info", {"url": gone, "timeout": 2})
    assert result["reason"] == "Unreachable"
    assert gone in result["msg"]
