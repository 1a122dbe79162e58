# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A gate before the real API server: lets requests through, holds them, or answers in its place.

With it a run stops between two named requests, where `kill -9` is then tried.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import requests
import yaml
from kubernetes import config

PASSED_ON = ("Content-Type", "Accept")
PATIENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the gate answers by itself."""

    status: int
    body: bytes
    content_type: str = "text/plain; charset=utf-8"


UNKNOWN_PATH = Reply(status=404, body=b"404 page not found\n")
"""An API server's answer for a group that it does not serve."""


@dataclass(slots=True)
class Stop:
    """A request that is held, before it reaches the server or before its answer leaves."""

    method: str
    path: str
    after: bool = False
    reached: threading.Event = field(default_factory=threading.Event)
    open: threading.Event = field(default_factory=threading.Event)

    def meets(self, method: str, path: str) -> bool:
        """A dry run stores nothing, so nothing stops at it."""
        named = method == self.method and self.path in path and "dryRun" not in path
        return named and not self.open.is_set()

    def hold(self) -> None:
        self.reached.set()
        self.open.wait(PATIENCE)

    def wait(self) -> None:
        """Until a request stands before the gate."""
        assert self.reached.wait(PATIENCE), f"no {self.method} of {self.path} within {PATIENCE} s"


@dataclass(slots=True)
class Gate:
    address: str
    stops: list[Stop] = field(default_factory=list)
    replies: list[tuple[Callable[[str, str], bool], Reply]] = field(default_factory=list)
    seen: list[str] = field(default_factory=list)

    def stop(self, method: str, path: str, *, after: bool = False) -> Stop:
        made = Stop(method, path, after)
        self.stops.append(made)
        return made

    def answer(self, path: str, reply: Reply, *, method: str = "") -> None:
        """From now on the gate answers requests whose path has this in it."""
        self.replies.append((lambda m, p: path in p and method in ("", m), reply))

    def writes(self) -> list[str]:
        """What would have changed something; reviews and dry runs do not."""
        return [
            line
            for line in self.seen
            if not line.startswith("GET ") and "dryRun" not in line and "reviews" not in line
        ]

    def count(self, path: str) -> int:
        return sum(path in line for line in self.seen)

    def fall_silent(self) -> None:
        """From now on nothing is passed on: what an overloaded or restarting server answers."""
        busy = status_object(503, "the server is currently unable to handle the request")
        self.replies.insert(0, (lambda _method, _path: True, busy))

    def speak(self) -> None:
        self.replies.pop(0)

    def open_all(self) -> None:
        for stop in self.stops:
            stop.open.set()

    def kubeconfig(self, folder: Path) -> Path:
        """A kubeconfig in `folder` that leads through the gate."""
        path = folder / "gate.kubeconfig"
        path.write_text(yaml.safe_dump(kubeconfig_for(self.address)))
        return path


def kubeconfig_for(server: str, user: dict[str, Any] | None = None, **cluster: Any) -> Any:
    return {
        "apiVersion": "v1",
        "kind": "Config",
        "clusters": [{"name": "c", "cluster": {"server": server, **cluster}}],
        "users": [{"name": "u", "user": user or {}}],
        "contexts": [{"name": "x", "context": {"cluster": "c", "user": "u"}}],
        "current-context": "x",
    }


@contextmanager
def gate_before(kubeconfig: Path) -> Iterator[Gate]:
    known = config.new_client_from_config(str(kubeconfig)).configuration
    gate = Gate("")
    server = _Server(known, gate)
    gate.address = f"http://127.0.0.1:{server.server_address[1]}"
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield gate
    finally:
        gate.open_all()
        server.shutdown()
        server.server_close()
        thread.join()


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, known: Any, gate: Gate) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.known, self.gate = known, gate


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: _Server

    def _handle(self) -> None:
        gate = self.server.gate
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        gate.seen.append(f"{self.command} {self.path}")
        stop = next((stop for stop in gate.stops if stop.meets(self.command, self.path)), None)
        if stop and not stop.after:
            stop.hold()
        answer = self._own() or _forwarded(self.server.known, self, body)
        if stop and stop.after:
            stop.hold()
        self._send(answer)

    def _own(self) -> Reply | None:
        replies = self.server.gate.replies
        return next((reply for meets, reply in replies if meets(self.command, self.path)), None)

    def _send(self, reply: Reply) -> None:
        try:
            self.send_response(reply.status)
            self.send_header("Content-Type", reply.content_type)
            self.send_header("Content-Length", str(len(reply.body)))
            self.end_headers()
            self.wfile.write(reply.body)
        except OSError:
            self.close_connection = True  # who asked was killed

    def log_message(self, *_: Any) -> None:
        """Say nothing: the test tells what it saw."""

    do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = _handle  # noqa: N815


def _forwarded(known: Any, asked: BaseHTTPRequestHandler, body: bytes) -> Reply:
    headers = {name: asked.headers[name] for name in PASSED_ON if name in asked.headers}
    with requests.Session() as session:
        session.trust_env = False
        answer = session.request(
            asked.command,
            known.host + asked.path,
            data=body or None,
            headers=headers,
            cert=(known.cert_file, known.key_file) if known.cert_file else None,
            verify=known.ssl_ca_cert or True,
            timeout=40,
        )
    kind = answer.headers.get("Content-Type", "")
    return Reply(status=answer.status_code, body=answer.content, content_type=kind)


def status_object(status: int, message: str) -> Reply:
    """A refusal in the form that API servers give it."""
    said = {"kind": "Status", "apiVersion": "v1", "message": message, "code": status}
    return Reply(status=status, body=json.dumps(said).encode(), content_type="application/json")
