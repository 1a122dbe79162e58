"""A Kubernetes API server of a hundred lines on loopback: objects by path, dry runs, no rules."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import yaml

Object = dict[str, Any]
QUESTIONS = ("GET",)


@dataclass
class Store:
    """What the server keeps, and each request that was no question and no dry run."""

    objects: dict[str, Object] = field(default_factory=dict)
    writes: list[str] = field(default_factory=list)

    def answer(self, method: str, path: str, dry_run: bool, body: Object) -> tuple[int, Object]:
        if method not in QUESTIONS and not dry_run:
            self.writes.append(f"{method} {path}")
        if method == "GET":
            return self._found(path)
        if method == "DELETE":
            return self._deleted(path)
        if method == "POST":
            path = f"{path}/{body['metadata']['name']}"
        return 200, self._stored(path, body, dry_run)

    def _found(self, path: str) -> tuple[int, Object]:
        if path in self.objects:
            return 200, self.objects[path]
        inside = [item for at, item in self.objects.items() if at.rpartition("/")[0] == path]
        collection = path.rpartition("/")[2].endswith("s") and not _is_object(path)
        return (200, {"kind": "List", "items": inside}) if collection else absent(path)

    def _deleted(self, path: str) -> tuple[int, Object]:
        return (200, {"kind": "Status"}) if self.objects.pop(path, None) else absent(path)

    def _stored(self, path: str, body: Object, dry_run: bool) -> Object:
        given = {"uid": f"uid of {body['metadata']['name']}", "resourceVersion": "1"}
        there = self.objects.get(path, {})
        item = {**there, **body, "metadata": {**body["metadata"], **given}}
        if not dry_run:
            self.objects[path] = item
        return item


def _is_object(path: str) -> bool:
    """Objects stand two steps behind a namespace or one behind a plural."""
    parts = path.strip("/").split("/")
    group = parts[2:] if parts[0] == "api" else parts[3:]
    return len(group) % 2 == 0


def absent(path: str) -> tuple[int, Object]:
    name = path.rpartition("/")[2]
    details = {"name": name, "kind": path.split("/")[-2]}
    return 404, {"kind": "Status", "code": 404, "message": f"{name} not found", "details": details}


def _handler(store: Store) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = 65536  # an answer is one packet: two would wait for each other

        def answer(self) -> None:
            length = int(self.headers.get("Content-Length") or 0)
            body = json.loads(self.rfile.read(length) or b"{}")
            asked = urlsplit(self.path)
            dry_run = "dryRun" in parse_qs(asked.query)
            status, said = store.answer(self.command, asked.path, dry_run, body)
            data = json.dumps(said).encode()
            self.send_response(status)
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        do_GET = do_POST = do_PUT = do_PATCH = do_DELETE = answer  # noqa: N815

        def log_message(self, format: str, *args: Any) -> None:  # noqa: A002
            """Tests say what they have to say by themselves."""

    return Handler


@contextmanager
def serving(folder: Path) -> Iterator[tuple[str, Store]]:
    """The path of a kubeconfig, and what the server behind it keeps."""
    store = Store()
    with ThreadingHTTPServer(("127.0.0.1", 0), _handler(store)) as server:
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever, args=(0.01,))
        thread.start()
        try:
            yield _kubeconfig(folder, server.server_port), store
        finally:
            server.shutdown()
            thread.join(timeout=5)


def _kubeconfig(folder: Path, port: int) -> str:
    file = folder / "kubeconfig"
    named = {"name": "small"}
    content = {
        "apiVersion": "v1",
        "kind": "Config",
        "current-context": "small",
        "clusters": [{**named, "cluster": {"server": f"http://127.0.0.1:{port}"}}],
        "users": [{**named, "user": {}}],
        "contexts": [{**named, "context": {"cluster": "small", "user": "small"}}],
    }
    file.write_text(yaml.safe_dump(content))
    return str(file)
