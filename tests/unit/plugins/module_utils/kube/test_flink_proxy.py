# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Behind the API server's proxy two may answer: Flink, and the API server in its place."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import (
    BadAccess,
    NotSeen,
    Unauthorised,
    Unavailable,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import Request, Upload
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    ApiServerUnreachable,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.flink_proxy import ServiceProxy

ROOT = "/api/v1/namespaces/default/services/app-rest:rest/proxy"
NO_ENDPOINT = {"kind": "Status", "message": "no endpoints available", "code": 503}
NO_JOB = {"errors": ['Job not found: "kind":"Status"']}


@dataclass
class Said:
    """An Api that gives one answer."""

    status: int = 200
    body: bytes = b"{}"
    silent: bool = False
    asked: list[tuple[str, str]] = field(default_factory=list)
    given: dict[str, Any] = field(default_factory=dict)

    def answer(self, method: str, path: str, **params: Any) -> tuple[int, bytes]:
        self.asked.append((method, path))
        self.given = params
        if self.silent:
            raise ApiServerUnreachable("timed out")
        return self.status, self.body


def proxy(said: Said, **more: Any) -> ServiceProxy:
    return ServiceProxy(cast("Api", said), name="app", namespace="default", **more)


def get(path: str = "/config", **fields: Any) -> Request:
    return Request(method="GET", path=path, **fields)


def test_a_question_goes_to_the_rest_service_by_name() -> None:
    said = Said()
    proxy(said).send(get(query=(("mode", "cancel"),)))
    assert said.asked == [("get", f"{ROOT}/config?mode=cancel")]
    proxy(said, is_tls=True).send(get())
    assert said.asked[1] == ("get", f"{ROOT.replace('app-rest', 'https:app-rest')}/config")


def test_time_and_body_are_passed_on() -> None:
    said = Said()
    proxy(said).send(get(within=timedelta(seconds=3), body={"a": 1}))
    assert said.given == {"body": {"a": 1}, "_request_timeout": (5, 3.0)}


@pytest.mark.parametrize("status", [200, 404, 409, 500, 503])
def test_flinks_own_answers_are_flinks(status: int) -> None:
    body = json.dumps(NO_JOB).encode()
    answer = proxy(Said(status, body)).send(get())
    assert (answer.status, answer.body) == (status, body)


@pytest.mark.parametrize("indent", [None, 2])
@pytest.mark.parametrize(
    ("status", "kind"),
    [(401, Unauthorised), (403, Unauthorised), (404, Unavailable), (503, Unavailable)],
)
def test_the_api_servers_answers_are_none(
    status: int, kind: type[Exception], indent: int | None
) -> None:
    body = json.dumps(NO_ENDPOINT, indent=indent).encode()
    with pytest.raises(kind, match="no endpoints available"):
        proxy(Said(status, body)).send(get())


def test_what_flink_says_in_peace_is_never_taken_for_a_refusal() -> None:
    body = json.dumps({"kind": "Status"}).encode()
    assert proxy(Said(200, body)).send(get()).body == body


@pytest.mark.parametrize("body", [b"", b"<html>", b"[1]", b'{"kind":"Status"', b'"kind":"Status"'])
def test_rubbish_is_passed_on_for_flinks_client_to_judge(body: bytes) -> None:
    assert proxy(Said(502, body)).send(get()).body == body


@pytest.mark.parametrize(("method", "unsure"), [("GET", False), ("POST", True), ("PATCH", True)])
def test_after_silence_what_was_asked_for_may_have_been_done(method: str, unsure: bool) -> None:
    with pytest.raises(NotSeen) as silence:
        proxy(Said(silent=True)).send(Request(method=method, path="/jobs"))
    assert silence.value.may_have_been_done is unsure


def test_a_jar_does_not_go_this_way() -> None:
    said = Said()
    upload = Upload(path=Path("x.jar"), name="x.jar")
    with pytest.raises(BadAccess, match="jar"):
        proxy(said).send(Request(method="POST", path="/jars/upload", upload=upload))
    assert said.asked == []
