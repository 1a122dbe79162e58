# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The requests that go to the API server, and what becomes of its answers."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import urllib3
from kubernetes.client import ApiClient, Configuration

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Access, Api, connect
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    ApiServerUnreachable,
    Conflict,
    Forbidden,
    KubernetesError,
    NoCredentials,
    Rejected,
    Unserved,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import (
    FLINK_DEPLOYMENT,
    POD,
)

CR = {
    "apiVersion": "flink.apache.org/v1beta1",
    "kind": "FlinkDeployment",
    "metadata": {"name": "app", "namespace": "default"},
}
AT = "/apis/flink.apache.org/v1beta1/namespaces/default/flinkdeployments"
NOT_THERE = {"kind": "Status", "message": "no", "details": {"name": "app", "kind": "x"}}


@dataclass
class Wire:
    """In the place of a connection pool: one answer to everything."""

    status: int = 200
    body: Any = field(default_factory=dict)
    breaks: Exception | None = None
    headers: dict[str, str] = field(default_factory=dict)
    asked: list[dict[str, Any]] = field(default_factory=list)

    def request(self, method: str, url: str, **given: Any) -> urllib3.HTTPResponse:
        parts = urlsplit(url)
        query = {k: v[0] for k, v in parse_qs(parts.query).items()} | dict(
            given.get("fields") or ()
        )
        self.asked.append({**given, "method": method, "path": parts.path, "query": query})
        if self.breaks is not None:
            raise self.breaks
        body = self.body if isinstance(self.body, bytes) else json.dumps(self.body).encode()
        return urllib3.HTTPResponse(
            body=body, status=self.status, headers=self.headers, preload_content=True
        )

    @property
    def last(self) -> dict[str, Any]:
        return self.asked[-1]


def api(wire: Wire) -> Api:
    configuration = Configuration()
    configuration.host = "https://cluster.example:6443"
    client = ApiClient(configuration)
    client.rest_client.pool_manager = wire
    return Api(client)


def sent(wire: Wire) -> Any:
    body = wire.last["body"]
    return json.loads(body) if isinstance(body, str | bytes) else body


def test_what_is_there_is_read_and_what_is_not_is_none() -> None:
    assert api(Wire(body=CR)).get(FLINK_DEPLOYMENT, "app", "default") == CR
    assert api(Wire(404, NOT_THERE)).get(FLINK_DEPLOYMENT, "app", "default") is None
    with pytest.raises(Unserved):
        api(Wire(404, b"404 page not found")).get(FLINK_DEPLOYMENT, "app", "default")


def test_a_list_gives_each_item_its_kind_and_asks_by_label_and_field() -> None:
    wire = Wire(body={"items": [{"metadata": {"name": "p"}}]})
    found = api(wire).list(POD, "default", labels="app=x,component", fields="a=b")
    assert found == [{"apiVersion": "v1", "kind": "Pod", "metadata": {"name": "p"}}]
    assert (wire.last["method"], wire.last["path"]) == ("GET", "/api/v1/namespaces/default/pods")
    assert wire.last["query"] == {"labelSelector": "app=x,component", "fieldSelector": "a=b"}
    assert api(Wire(body={"items": None})).list(POD) == []


def test_an_apply_is_server_side_ours_and_takes_what_others_had() -> None:
    wire = Wire(body=CR)
    api(wire).apply(CR)
    assert (wire.last["method"], wire.last["path"]) == ("PATCH", f"{AT}/app")
    assert wire.last["headers"]["Content-Type"] == "application/apply-patch+yaml"
    assert wire.last["query"] == {"fieldManager": "flinkops", "force": "true"}
    assert sent(wire) == CR


@pytest.mark.parametrize(
    "call", [lambda it: it.apply(CR, dry_run=True), lambda it: it.create(CR, dry_run=True),
             lambda it: it.rehearse(CR)]
)  # fmt: skip
def test_a_dry_run_says_so(call: Callable[[Api], Any]) -> None:
    wire = Wire(body=CR)
    call(api(wire))
    assert wire.last["query"]["dryRun"] == "All"


def test_a_status_is_replaced_at_its_own_place() -> None:
    wire = Wire(body=CR)
    api(wire).replace({**CR, "status": {"a": 1}}, "status")
    assert (wire.last["method"], wire.last["path"]) == ("PUT", f"{AT}/app/status")
    assert sent(wire)["status"] == {"a": 1}
    with pytest.raises(Conflict):
        api(Wire(409)).replace(CR)


def test_a_delete_takes_its_options_along_and_tells_whether_there_was_anything() -> None:
    options = {"propagationPolicy": "Foreground", "preconditions": {"uid": "1"}}
    wire = Wire()
    assert api(wire).delete(FLINK_DEPLOYMENT, "app", "default", options=options)
    assert (wire.last["method"], sent(wire)) == ("DELETE", options)
    assert not api(Wire(404, NOT_THERE)).delete(POD, "app", "default", options={})


def test_a_merge_is_a_merge() -> None:
    wire = Wire(body=CR)
    api(wire).merge(FLINK_DEPLOYMENT, "app", "default", {"spec": {"replicas": 0}})
    assert wire.last["headers"]["Content-Type"] == "application/merge-patch+json"


def test_a_merge_into_a_pods_subresource_merges_lists_by_name() -> None:
    wire = Wire(body={})
    api(wire).merge(POD, "p", "default", {}, subresource="resize", lists_by_name=True)
    assert wire.last["path"] == "/api/v1/namespaces/default/pods/p/resize"
    assert wire.last["headers"]["Content-Type"] == "application/strategic-merge-patch+json"


def test_every_request_has_a_time_out_and_is_sent_once() -> None:
    wire = Wire(body=CR)
    api(wire).get(POD, "p", "default")
    assert wire.last["timeout"].connect_timeout == 5
    assert wire.last["timeout"].read_timeout == 30
    broken = Wire(breaks=urllib3.exceptions.ProtocolError("reset by peer"))
    with pytest.raises(ApiServerUnreachable):
        api(broken).create(CR)
    assert len(broken.asked) == 1


@pytest.mark.parametrize(
    "cause",
    [
        urllib3.exceptions.MaxRetryError(None, "/", ConnectionRefusedError(111, "refused")),  # type: ignore[arg-type]
        urllib3.exceptions.ReadTimeoutError(None, "/", "timed out"),  # type: ignore[arg-type]
        urllib3.exceptions.SSLError("certificate has expired"),
        ConnectionResetError(104, "reset"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_silence_of_the_api_server_is_one_error_that_names_it(cause: Exception) -> None:
    with pytest.raises(ApiServerUnreachable, match=r"cluster\.example:6443"):
        api(Wire(breaks=cause)).get(POD, "p", "default")


@pytest.mark.parametrize("body", [b"<html>", b"", b"[]", b"null", b"7", b'"x"', b"\xff"])
def test_an_answer_that_is_no_object_is_told_and_raises_nothing_else(body: bytes) -> None:
    with pytest.raises(KubernetesError, match="is this a Kubernetes API"):
        api(Wire(body=body)).get(POD, "p", "default")


def test_a_refusal_keeps_the_servers_words() -> None:
    with pytest.raises(Forbidden, match="exceeded quota"):
        api(Wire(403, {"kind": "Status", "message": "exceeded quota: small"})).create(CR)


def test_a_kind_that_is_not_ours_to_write_is_never_sent() -> None:
    wire = Wire()
    with pytest.raises(Rejected, match="v2 Thing"):
        api(wire).apply({"apiVersion": "v2", "kind": "Thing", "metadata": {"name": "x"}})
    assert wire.asked == []


def test_a_raw_answer_comes_with_its_status_whatever_it_is() -> None:
    assert api(Wire(body=b"plain")).answer("get", "/x") == (200, b"plain")
    assert api(Wire(503, b"no")).answer("get", "/x") == (503, b"no")
    with pytest.raises(ApiServerUnreachable):
        api(Wire(breaks=OSError("gone"))).answer("get", "/x")


def test_a_text_is_read_whatever_bytes_it_has() -> None:
    assert api(Wire(body=b"a\xffb")).text("/x") == "a\ufffdb"


@pytest.mark.parametrize("content", [None, "", "[]", "a: b", "clusters: 7", "{", "\t- x: ["])
def test_a_kubeconfig_that_can_not_be_used_is_named(content: str | None, tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    if content is not None:
        file.write_text(content)
    with pytest.raises(NoCredentials, match="kubeconfig"):
        connect(Access(kubeconfig=str(file)))


def test_no_request_is_sent_twice_by_the_library(tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    named = {"name": "x"}
    cluster = {**named, "cluster": {"server": "https://cluster.example:6443"}}
    context = {**named, "context": {"cluster": "x", "user": "x"}}
    config = {"clusters": [cluster], "users": [{**named, "user": {}}], "contexts": [context]}
    file.write_text(json.dumps({"current-context": "x", **config}))
    pool = connect(Access(kubeconfig=str(file)))._client.rest_client.pool_manager
    assert pool.connection_pool_kw["retries"].total is False


def test_a_context_that_is_not_in_the_kubeconfig_is_named(tmp_path: Path) -> None:
    file = tmp_path / "kubeconfig"
    file.write_text("apiVersion: v1\nkind: Config\nclusters: []\nusers: []\ncontexts: []\n")
    with pytest.raises(NoCredentials, match="elsewhere"):
        connect(Access(kubeconfig=str(file), context="elsewhere"))


def by_a_clock_that_is(ahead: timedelta) -> timedelta:
    """How far a moment is moved after an answer of a server whose clock is that far ahead."""
    now = datetime.now(tz=UTC)
    wire = Wire(headers={"Date": format_datetime(now + ahead, usegmt=True)})
    asked = api(wire)
    asked.get(FLINK_DEPLOYMENT, "app", "default")
    return asked.by_its_clock(now) - now


@pytest.mark.parametrize("ahead", [timedelta(hours=1), timedelta(hours=-1)], ids=str)
def test_a_clock_that_is_off_gives_way_to_the_servers(ahead: timedelta) -> None:
    assert abs(by_a_clock_that_is(ahead) - ahead) < timedelta(seconds=5)


def test_a_clock_that_goes_well_is_kept_to_the_millisecond() -> None:
    assert by_a_clock_that_is(timedelta(seconds=2)) == timedelta(0)


@pytest.mark.parametrize("headers", [{}, {"Date": "yesterday"}], ids=str)
def test_without_the_servers_word_the_own_clock_counts(headers: dict[str, str]) -> None:
    asked, now = api(Wire(headers=headers)), datetime.now(tz=UTC)
    asked.get(FLINK_DEPLOYMENT, "app", "default")
    assert asked.by_its_clock(now) == now
