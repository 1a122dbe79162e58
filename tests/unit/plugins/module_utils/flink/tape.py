"""Flink on tape: a transport that knows one recorded exchange, and insists on its request."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.flink.client import FlinkClient
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import Asked
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import Answer, Request
from ansible_collections.flinkops.flink.plugins.module_utils.flink.versions import (
    FlinkVersion,
    parse_version,
)

TAPES = Path(__file__).parents[4] / "tapes"
VERSIONS = sorted(folder.name.removeprefix("flink-") for folder in TAPES.glob("flink-*"))
A, B, C, D, NONE = (f"{letter * 3:0>32}" for letter in "abcdf")
JAR = "00000000-0000-0000-0000-000000000000_TopSpeedWindowing.jar"


def trigger(number: int) -> str:
    return f"{number:032x}"


def recorded(version: str, case: str) -> dict[str, Any]:
    tape: dict[str, Any] = json.loads((TAPES / f"flink-{version}" / f"{case}.json").read_text())
    return tape


@dataclass
class Tape:
    """Answers as recorded; `seen` is what was asked."""

    tape: dict[str, Any]
    again: int = 0
    seen: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        self.seen.append(request)
        wanted = self.tape["request"]
        assert told(request) == {key: wanted[key] for key in told(request)}
        answer = self.tape["answer"]
        body = json.dumps(answer["body"]).encode()
        return Answer(status=answer["status"], body=body, again=self.again)

    def asked(self, request: Request) -> Asked:
        return Asked(method=request.method, url=f"http://flink:8081{request.path}")


def told(request: Request) -> dict[str, Any]:
    return {
        "method": request.method,
        "path": request.path,
        "query": [list(pair) for pair in request.query],
        "body": None if request.body is None else dict(request.body),
        "upload": request.upload.name if request.upload else None,
    }


def flink_on_tape(version: str, case: str, *, again: int = 0) -> FlinkClient:
    """A client for that one exchange; the version is known, so that nothing else is asked."""
    tape = recorded(version, case)
    known = parse_version(tape["flink"])
    assert known is not None
    return FlinkClient(Tape(tape, again), known)


@dataclass
class Said:
    """A transport that gives one answer to everything."""

    status: int = 200
    body: Any = None
    raw: bytes | None = None
    location: str = ""
    seen: list[Request] = field(default_factory=list)

    def send(self, request: Request) -> Answer:
        self.seen.append(request)
        body = json.dumps(self.body).encode() if self.raw is None else self.raw
        return Answer(status=self.status, body=body, location=self.location)

    def asked(self, request: Request) -> Asked:
        return Asked(method=request.method, url=f"http://flink:8081{request.path}")

    def client(self, version: FlinkVersion | None = None) -> FlinkClient:
        return FlinkClient(self, version or FlinkVersion(1, 20))
