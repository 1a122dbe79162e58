"""The transport against real sockets that behave badly; each patience is short, so all is quick."""

from __future__ import annotations

import os
import socket
import threading
import time
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.access import (
    Access,
    Patience,
    Retry,
    basic,
    bearer,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.client import FlinkClient
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import (
    BadAccess,
    BrokenOff,
    FlinkError,
    NotLeaderYet,
    NotSeen,
    Redirected,
    Rubbish,
    TimedOut,
    TooLarge,
    Unavailable,
    Unreachable,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.over_requests import (
    RequestsTransport,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import Request, Upload

from .server import Behave, Exchange, answer, in_turn, serving

SHORT = timedelta(milliseconds=300)
HASTE = Patience(connect=SHORT, read=SHORT, total=SHORT, largest_answer=4096)
CONFIG = b'{"flink-version": "1.20.5", "features": {"web-submit": true}}'
GET = Request(method="GET", path="/config")
POST = Request(method="POST", path="/jobs", body={"a": 1})


def transport(url: str, **access: Any) -> RequestsTransport:
    settings = {"patience": HASTE, "retry": Retry(pauses=()), **access}
    return RequestsTransport(Access(url=url, **settings))


def silent(exchange: Exchange) -> None:
    exchange.over.wait()


def drips_its_body(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nContent-Length: 100000\r\n\r\n")
    exchange.drip(b" " * 100000)


def drips_its_headers(exchange: Exchange) -> None:
    exchange.drip(b"HTTP/1.1 200 OK\r\nX-Long: " + b"a" * 100000)


def chunks_for_ever(exchange: Exchange) -> None:
    exchange.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
    while not exchange.over.is_set():
        exchange.send(b"400\r\n" + b" " * 0x400 + b"\r\n")


def hangs_up(exchange: Exchange) -> None:
    exchange.connection.close()


def hangs_up_midway(exchange: Exchange) -> None:
    exchange.send(b'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"jobs"')
    exchange.connection.close()


def speaks_no_http(exchange: Exchange) -> None:
    exchange.send(b"SSH-2.0-OpenSSH_9.2\r\n")
    exchange.connection.close()


LOGIN = b"<html><head><title>Log in</title></head></html>"
BAD: list[tuple[str, Behave, type[FlinkError]]] = [
    ("never answers", silent, TimedOut),
    ("drips its body", drips_its_body, TimedOut),
    ("drips its headers", drips_its_headers, TimedOut),
    ("sends without end", chunks_for_ever, TooLarge),
    ("hangs up", hangs_up, BrokenOff),
    ("hangs up midway", hangs_up_midway, BrokenOff),
    ("speaks no HTTP", speaks_no_http, BrokenOff),
    ("answers with a web page", answer(200, LOGIN, Content_Type="text/html"), Rubbish),
    ("answers half a JSON", answer(200, b'{"flink-version": "1.2'), Rubbish),
    ("answers a list", answer(200, b"[]"), Rubbish),
    ("answers nothing", answer(200, b""), Rubbish),
    ("answers a number for a text", answer(200, b'{"flink-version": 2}'), Rubbish),
    ("answers no version", answer(200, b'{"flink-version": "<unknown>"}'), Rubbish),
    ("answers 200 kB", answer(200, b" " * 200_000), TooLarge),
    ("answers 500 with a page", answer(500, LOGIN), Rubbish),
    ("answers 502", answer(502, LOGIN), Unavailable),
    ("is electing a leader", answer(503, b'{"errors":["ongoing leader election."]}'), NotLeaderYet),
    ("sends elsewhere", answer(302, b"", Location="https://sso.example/login?t=x"), Redirected),
]


@pytest.mark.parametrize(("behave", "error"), [row[1:] for row in BAD], ids=[row[0] for row in BAD])
def test_a_bad_server_is_not_seen_and_costs_little_time(
    behave: Behave, error: type[FlinkError]
) -> None:
    with serving(behave) as server:
        began = time.monotonic()
        with pytest.raises(error) as caught:
            FlinkClient(transport(server.url)).cluster_info()
        took = time.monotonic() - began
    assert type(caught.value) is error
    assert isinstance(caught.value, NotSeen)
    assert f"GET {server.url}/config" in str(caught.value)
    assert took < 1.5


def test_a_good_server_is_seen() -> None:
    with serving(answer(200, CONFIG)) as server:
        info = FlinkClient(transport(server.url)).cluster_info()
    assert info.version_text == "1.20.5"


def test_where_nothing_listens_it_is_unreachable_and_nothing_was_done() -> None:
    with socket.create_server(("127.0.0.1", 0)) as gone:
        port = gone.getsockname()[1]
    with pytest.raises(Unreachable) as caught:
        transport(f"http://127.0.0.1:{port}").send(POST)
    assert not caught.value.may_have_been_done
    assert caught.value.__cause__ is not None


def test_a_write_that_timed_out_may_have_been_done_and_a_read_not() -> None:
    with serving(silent) as server:
        with pytest.raises(TimedOut) as wrote:
            transport(server.url).send(POST)
        with pytest.raises(TimedOut) as asked:
            transport(server.url).send(GET)
    assert wrote.value.may_have_been_done
    assert not asked.value.may_have_been_done


ONCE_MORE = Retry(pauses=(timedelta(milliseconds=1),))


@pytest.mark.parametrize("first", [answer(503, b""), hangs_up], ids=["503", "hangs up"])
@pytest.mark.parametrize(
    ("request_", "times"),
    [
        (GET, 2),
        (Request(method="POST", path="/x", body={}, repeatable=True), 2),
        (POST, 1),
        (Request(method="PATCH", path="/x"), 1),
        (Request(method="PUT", path="/x", body={}), 1),
        (Request(method="DELETE", path="/x"), 1),
    ],
    ids=["GET", "POST under our id", "POST", "PATCH", "PUT", "DELETE"],
)
def test_only_what_may_be_sent_twice_is(first: Behave, request_: Request, times: int) -> None:
    with serving(in_turn(first, answer())) as server:
        sender = transport(server.url, retry=ONCE_MORE)
        try:
            last = sender.send(request_)
        except BrokenOff:
            assert times == 1
        else:
            assert (last.status, last.again) == ((200, 1) if times == 2 else (503, 0))
    assert len(server.requests) == times


def test_a_server_that_stays_busy_is_asked_as_often_as_the_policy_says() -> None:
    pauses = tuple(timedelta(milliseconds=1) for _ in range(3))
    slept: list[float] = []
    with serving(answer(503, b"")) as server:
        access = Access(url=server.url, patience=HASTE, retry=Retry(pauses=pauses))
        last = RequestsTransport(access, sleep=slept.append).send(GET)
    assert (last.status, last.again, len(server.requests), len(slept)) == (503, 3, 4, 3)


def test_a_time_out_is_not_tried_again() -> None:
    with serving(silent) as server, pytest.raises(TimedOut):
        transport(server.url, retry=ONCE_MORE).send(GET)
    assert len(server.requests) == 1


def test_all_tries_together_keep_the_deadline() -> None:
    many = tuple(timedelta(milliseconds=100) for _ in range(50))
    began = time.monotonic()
    with serving(answer(503, b"")) as server, pytest.raises(NotSeen):
        transport(server.url, retry=Retry(pauses=many)).send(GET)
    assert time.monotonic() - began < 1.5


def test_a_redirect_is_not_followed() -> None:
    with (
        serving(answer(200, CONFIG)) as other,
        serving(answer(307, b"", Location=f"{other.url}/config")) as server,
        pytest.raises(Redirected, match=other.url),
    ):
        FlinkClient(transport(server.url)).cluster_info()
    assert other.requests == []


@pytest.fixture
def proxied(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:1")
    monkeypatch.delenv("no_proxy", raising=False)


@pytest.mark.usefixtures("proxied")
def test_a_proxy_of_the_environment_is_ignored() -> None:
    with serving(answer()) as server:
        assert transport(server.url).send(GET).status == 200


@pytest.mark.parametrize(
    ("secret", "header"),
    [
        (basic("ann", "pa:ss"), b"Authorization: Basic YW5uOnBhOnNz"),
        (bearer("s3cr3t"), b"Authorization: Bearer s3cr3t"),
    ],
    ids=["basic", "bearer"],
)
def test_credentials_are_sent_and_never_shown(secret: Any, header: bytes) -> None:
    with serving(answer(401, b"")) as server:
        sender = transport(server.url, authorisation=secret)
        with pytest.raises(FlinkError) as caught:
            FlinkClient(sender).cluster_info()
    assert header in server.requests[0]
    shown = f"{caught.value!s} {caught.value!r} {secret!r} {secret} {sender.asked(GET)}"
    assert secret.value not in shown
    assert "s3cr3t" not in shown
    assert "YW5u" not in shown


def test_cookies_are_not_kept() -> None:
    with serving(answer(200, b"{}", Set_Cookie="session=1; Path=/")) as server:
        sender = transport(server.url)
        sender.send(GET)
        sender.send(GET)
    assert not any(b"cookie:" in request.lower() for request in server.requests)


def test_one_connection_serves_many_requests() -> None:
    with serving(answer()) as server:
        sender = transport(server.url)
        for _ in range(5):
            sender.send(GET)
    assert (server.connections, len(server.requests)) == (1, 5)


def test_a_connection_that_the_server_closed_meanwhile_is_not_used_for_a_write() -> None:
    closed = threading.Semaphore(0)

    def closes_after(exchange: Exchange) -> None:
        answer()(exchange)
        exchange.connection.shutdown(socket.SHUT_RDWR)
        closed.release()

    with serving(closes_after) as server:
        sender = transport(server.url)
        for _ in range(3):
            assert sender.send(POST).status == 200
            assert closed.acquire(timeout=5)
    assert server.connections == 3


def test_a_fork_opens_its_own_connection() -> None:
    pids = iter([1, 1, 2, 2])
    with serving(answer()) as server:
        sender = RequestsTransport(Access(url=server.url, patience=HASTE), pid=lambda: next(pids))
        for _ in range(4):
            sender.send(GET)
    assert (server.connections, len(server.requests)) == (2, 4)


@pytest.mark.filterwarnings("ignore:.*multi-threaded:DeprecationWarning")
def test_a_real_fork_gets_its_own_answer() -> None:
    with serving(lambda exchange: answer(200, exchange.body)(exchange)) as server:
        sender = transport(server.url)
        sender.send(Request(method="POST", path="/x", body={"who": "parent"}))
        child = _in_a_child(lambda: sender.send(Request(method="POST", path="/x", body={"who": 2})))
        again = sender.send(Request(method="POST", path="/x", body={"who": "parent"}))
    assert child == b'{"who": 2}'
    assert again.body == b'{"who": "parent"}'
    assert server.connections == 2


def _in_a_child(send: Callable[[], Any]) -> bytes:
    reads, writes = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            os.write(writes, send().body)
        finally:
            os._exit(0)
    os.close(writes)
    os.waitpid(pid, 0)
    with os.fdopen(reads, "rb") as told:
        return told.read()


def test_a_jar_is_sent_whole_as_a_form(tmp_path: Path) -> None:
    jar = tmp_path / "job.jar"
    jar.write_bytes(bytes(range(256)) * 1000)
    upload = Request(
        method="POST",
        path="/jars/upload",
        upload=Upload(path=jar, name='a"b\r\n.jar'),
        within=timedelta(seconds=5),
    )
    with serving(answer()) as server:
        transport(server.url).send(upload)
    head, _, form = server.requests[0].partition(b"\r\n\r\n")
    assert b"Content-Length: " + str(len(form)).encode() in head
    assert b"Transfer-Encoding" not in head
    assert b'name="jarfile"; filename="a_b__.jar"' in form
    assert b"Content-Type: application/java-archive" in form
    assert jar.read_bytes() in form


def slow(exchange: Exchange) -> None:
    exchange.over.wait(0.5)
    answer()(exchange)


def test_a_request_that_says_how_long_it_may_take_is_waited_for() -> None:
    with serving(slow) as server:
        sender = transport(server.url)
        patient = Request(method="POST", path="/run", within=timedelta(seconds=5))
        assert sender.send(patient).status == 200
        with pytest.raises(TimedOut):
            sender.send(POST)


def test_a_jar_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    gone = Upload(path=tmp_path / "none.jar", name="none.jar")
    with serving(answer()) as server, pytest.raises(BadAccess, match=r"none\.jar"):
        transport(server.url).send(Request(method="POST", path="/jars/upload", upload=gone))


def test_a_path_cannot_leave_its_place() -> None:
    with serving(answer()) as server:
        transport(server.url).send(Request(method="GET", path="/jars/a b?c#d%2e/run"))
    assert server.requests[0].startswith(b"GET /jars/a%20b%3Fc%23d%252e/run HTTP/1.1")


def test_a_base_path_of_an_ingress_is_kept() -> None:
    with serving(answer()) as server:
        transport(server.url + "/flink/job/").send(GET)
    assert server.requests[0].startswith(b"GET /flink/job/config HTTP/1.1")
