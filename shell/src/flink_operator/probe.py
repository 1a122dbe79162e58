# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""/metrics, /healthz and /readyz over plain HTTP."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

from prometheus_client import CONTENT_TYPE_LATEST

SECONDS = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class Answers:
    """`ails` and `lacks` say what is not well, or what is not there yet; empty: nothing."""

    metrics: Callable[[], bytes]
    ails: Callable[[], str]
    lacks: Callable[[], str]


def serve(port: int, answers: Answers) -> ThreadingHTTPServer:
    """In a thread of its own; port 0 takes a free one. `shutdown` ends it."""

    class Handler(BaseHTTPRequestHandler):
        timeout = SECONDS

        def do_GET(self) -> None:
            status, kind, body = _answer(self.path.partition("?")[0], answers)
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_said: object) -> None:
            """Probes come every few seconds: nothing is logged of them."""

    server = ThreadingHTTPServer(("", port), Handler)
    server.daemon_threads = True
    Thread(target=server.serve_forever, name="probe", daemon=True).start()
    return server


def _answer(path: str, answers: Answers) -> tuple[HTTPStatus, str, bytes]:
    plain = "text/plain; charset=utf-8"
    if path == "/metrics":
        return HTTPStatus.OK, CONTENT_TYPE_LATEST, answers.metrics()
    said = {"/healthz": answers.ails, "/readyz": answers.lacks}.get(path)
    if said is None:
        return HTTPStatus.NOT_FOUND, plain, b"there is /metrics, /healthz and /readyz\n"
    trouble = said()
    if trouble:
        return HTTPStatus.SERVICE_UNAVAILABLE, plain, f"{trouble}\n".encode()
    return HTTPStatus.OK, plain, b"ok\n"
