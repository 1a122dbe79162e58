"""As little of Flink's REST interface as the test job's own proof needs, on a session cluster."""

from __future__ import annotations

import json
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

T = TypeVar("T")
DEADLINE = 60.0


class Refused(RuntimeError):
    """Flink's answer was an error."""


def until(look: Callable[[], T | None], what: str) -> T:
    deadline = time.monotonic() + DEADLINE
    while not (found := look()):
        if time.monotonic() > deadline:
            raise AssertionError(f"not within {DEADLINE} s: {what}")
        time.sleep(0.1)
    return found


@dataclass(frozen=True, slots=True)
class Session:
    url: str
    jar: str = ""

    @classmethod
    def with_jar(cls, url: str, jar: Path) -> Session:
        border = uuid.uuid4().hex
        part = f'form-data; name="jarfile"; filename="{jar.name}"'
        body = f"--{border}\r\nContent-Disposition: {part}\r\n".encode()
        body += b"Content-Type: application/java-archive\r\n\r\n"
        body += jar.read_bytes() + f"\r\n--{border}--\r\n".encode()
        kind = f"multipart/form-data; boundary={border}"
        answer = cls(url).ask("POST", "/jars/upload", body, kind)
        return cls(url, answer["filename"].rsplit("/", 1)[1])

    def ask(
        self, method: str, path: str, body: bytes | None = None, kind: str = "application/json"
    ) -> Any:
        request = urllib.request.Request(  # noqa: S310  # loopback
            self.url + path, data=body, method=method, headers={"Content-Type": kind}
        )
        try:
            with urllib.request.urlopen(request, timeout=60) as answer:  # noqa: S310
                return json.loads(answer.read() or b"{}")
        except urllib.error.HTTPError as refused:
            raise Refused(refused.read().decode()) from refused

    def send(self, path: str, **body: Any) -> Any:
        return self.ask("POST", path, json.dumps(body).encode())

    def run(self, *arguments: str, restore: str | None = None) -> str:
        more = {"savepointPath": restore} if restore else {}
        answer = self.send(f"/jars/{self.jar}/run", programArgsList=list(arguments), **more)
        return str(answer["jobid"])

    def state(self, job: str) -> str:
        """Ask for it alone: an answer about the whole job may be three seconds old."""
        return str(self.ask("GET", f"/jobs/{job}/status")["status"])

    def wait_for(self, job: str, state: str) -> None:
        until(lambda: self.state(job) == state, f"{job} is {state}")

    def cancel(self, job: str) -> None:
        self.ask("PATCH", f"/jobs/{job}?mode=cancel")
        self.wait_for(job, "CANCELED")

    def last_checkpoint(self, job: str) -> str:
        latest = self.ask("GET", f"/jobs/{job}/checkpoints")["latest"]["completed"]
        return str(latest["external_path"])

    def trigger(self, job: str, verb: str, **body: Any) -> str:
        return str(self.send(f"/jobs/{job}/{verb}", **body)["request-id"])

    def savepoint(self, job: str, request: str) -> dict[str, Any]:
        """In progress: empty."""
        answer = self.ask("GET", f"/jobs/{job}/savepoints/{request}")
        return dict(answer["operation"]) if answer["status"]["id"] == "COMPLETED" else {}

    def wait_for_savepoint(self, job: str, request: str) -> str:
        done = until(lambda: self.savepoint(job, request), f"savepoint of {job}")
        if "location" not in done:
            raise Refused(json.dumps(done))
        return str(done["location"])
