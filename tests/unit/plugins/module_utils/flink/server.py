"""A server on loopback that answers as badly as it is told to; its threads end with the test."""

from __future__ import annotations

import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field

Behave = Callable[["Exchange"], None]


@dataclass
class Exchange:
    """One request that came; `over` is set when the test ends."""

    connection: socket.socket
    request: bytes
    over: threading.Event

    @property
    def body(self) -> bytes:
        return self.request.partition(b"\r\n\r\n")[2]

    def send(self, data: bytes) -> None:
        self.connection.sendall(data)

    def drip(self, data: bytes, every: float = 0.02) -> None:
        for byte in data:
            if self.over.wait(every):
                return
            self.send(bytes([byte]))


@dataclass
class Server:
    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0
    scheme: str = "http"

    @property
    def url(self) -> str:
        return f"{self.scheme}://127.0.0.1:{self.port}"


def answer(status: int = 200, body: bytes = b"{}", **headers: str) -> Behave:
    named = {"Content-Type": "application/json", "Content-Length": str(len(body)), **headers}
    lines = "".join(f"{key.replace('_', '-')}: {value}\r\n" for key, value in named.items())
    whole = f"HTTP/1.1 {status} Word\r\n{lines}\r\n".encode() + body
    return lambda exchange: exchange.send(whole)


def in_turn(*behaviours: Behave) -> Behave:
    """The first for the first request, and so on; the last one for all that follow."""
    left = list(behaviours)

    def behave(exchange: Exchange) -> None:
        (left.pop(0) if len(left) > 1 else left[0])(exchange)

    return behave


@contextmanager
def serving(behave: Behave, tls: ssl.SSLContext | None = None) -> Iterator[Server]:
    over = threading.Event()
    with socket.create_server(("127.0.0.1", 0)) as listener:
        server = Server(listener.getsockname()[1], scheme="https" if tls else "http")
        thread = threading.Thread(target=_accept, args=(listener, server, behave, over, tls))
        thread.start()
        try:
            yield server
        finally:
            over.set()
            with suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            thread.join(timeout=5)
    assert not thread.is_alive()


def _accept(
    listener: socket.socket,
    server: Server,
    behave: Behave,
    over: threading.Event,
    tls: ssl.SSLContext | None,
) -> None:
    threads = []
    with suppress(OSError):
        while not over.is_set():
            connection, _ = listener.accept()
            server.connections += 1
            ends = (connection, server, behave, over, tls)
            threads.append(threading.Thread(target=_converse, args=ends))
            threads[-1].start()
    for thread in threads:
        thread.join(timeout=5)


def _converse(
    connection: socket.socket,
    server: Server,
    behave: Behave,
    over: threading.Event,
    tls: ssl.SSLContext | None,
) -> None:
    with suppress(OSError), connection:
        connection.settimeout(5)
        speaks = tls.wrap_socket(connection, server_side=True) if tls else connection
        with speaks:
            while not over.is_set() and (request := _request(speaks, over)):
                server.requests.append(request)
                behave(Exchange(speaks, request, over))


def _request(connection: socket.socket, over: threading.Event) -> bytes:
    data = b""
    while not over.is_set():
        head, ended, body = data.partition(b"\r\n\r\n")
        if data[:1] == b"\x16" or (ended and len(body) >= _length(head)):
            return data
        connection.settimeout(0.01)
        try:
            block = connection.recv(65536)
        except TimeoutError:
            continue
        finally:
            connection.settimeout(5)
        if not block:
            return b""
        data += block
    return b""


def _length(head: bytes) -> int:
    for line in head.lower().split(b"\r\n"):
        if line.startswith(b"content-length:"):
            return int(line.partition(b":")[2])
    return 0
