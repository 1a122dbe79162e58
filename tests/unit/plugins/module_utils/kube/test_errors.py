# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each answer outside 2xx becomes one error with a next step, whatever its body is."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    Absent,
    ApiServerBusy,
    Conflict,
    CredentialsRefused,
    Expired,
    Forbidden,
    KubernetesError,
    NamespaceMissing,
    Rejected,
    Unserved,
    translated,
)

NAMED = "GET /apis/flink.apache.org/v1beta1/namespaces/default/flinkdeployments/app"
KIND = "POST /apis/flink.apache.org/v1beta1/namespaces/default/flinkdeployments"
BODIES = {
    "none": None,
    "empty": b"",
    "text": "404 page not found\n",
    "html": b"<html>Bad gateway</html>",
    "a list": b"[1]",
    "a number": b"7",
    "a Status": b'{"kind": "Status", "message": "it says no"}',
    "details that are none": b'{"kind": "Status", "message": "no", "details": "x"}',
    "no message": b'{"kind": "Status", "message": null}',
    "half an answer": b'{"kind": "Sta',
    "no text": b"\xff\xfe",
}
CLASSES = {
    400: Rejected,
    401: CredentialsRefused,
    403: Forbidden,
    409: Conflict,
    410: Expired,
    415: Rejected,
    422: Rejected,
    429: ApiServerBusy,
    500: ApiServerBusy,
    502: ApiServerBusy,
    503: ApiServerBusy,
    504: ApiServerBusy,
}


def status(message: str = "not found", **details: Any) -> bytes:
    return json.dumps({"kind": "Status", "message": message, "details": details}).encode()


@pytest.mark.parametrize("body", BODIES.values(), ids=BODIES)
@pytest.mark.parametrize(("code", "kind"), CLASSES.items())
def test_the_code_names_the_error_whatever_the_body_is(
    code: int, kind: type[KubernetesError], body: Any
) -> None:
    found = translated(code, body, NAMED)
    assert type(found) is kind
    assert str(code) in str(found)
    assert NAMED in str(found)


def test_the_server_s_own_words_and_a_next_step_are_told() -> None:
    said = 'flinkdeployments "app" is forbidden: exceeded quota: small'
    assert said in str(translated(403, status(said), KIND))
    assert str(translated(403, status(said), KIND)).endswith("use an account that has it.")


@pytest.mark.parametrize(
    ("asked", "body", "kind"),
    [
        (NAMED, "404 page not found\n", Unserved),
        (NAMED, status(), Unserved),
        (NAMED, b"<html>", Unserved),
        (NAMED, b'{"details": []}', Unserved),
        (NAMED, status(name="app", kind="flinkdeployments"), Absent),
        (KIND, status(name="default", kind="namespaces"), NamespaceMissing),
        ("GET /api/v1/namespaces/default", status(name="default", kind="namespaces"), Absent),
        (NAMED + "/status", status(name="app", kind="flinkdeployments"), Absent),
    ],
)
def test_404_is_of_an_object_a_namespace_or_a_whole_kind(
    asked: str, body: Any, kind: type[KubernetesError]
) -> None:
    assert type(translated(404, body, asked)) is kind


def test_a_kind_that_is_not_served_names_the_playbook_that_installs_it() -> None:
    assert "playbooks/install.yml" in str(translated(404, "404 page not found", NAMED))


def test_each_error_has_a_reason_of_its_own() -> None:
    kinds = KubernetesError.__subclasses__()
    assert len({kind.reason for kind in kinds}) == len(kinds)
