"""The table from statuses to errors: each rule decides somewhere, every status has an answer."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.flink import errors
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import (
    Answered,
    Asked,
    FlinkError,
    NotSeen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.transport import Answer
from ansible_collections.flinkops.flink.plugins.module_utils.flink.verdict import RULES, verdict

ASKED = Asked(method="POST", url="http://flink:8081/jobs/x/stop")


def flinks(*texts: str) -> bytes:
    return json.dumps({"errors": list(texts)}).encode()


def server_side(kind: str) -> bytes:
    return flinks("Internal server error.", f"<Exception on server side:\n{kind}: x\n\tat a.B\n")


POINTS: list[tuple[str, int, bytes, type[FlinkError]]] = [
    ("redirect", 302, b"", errors.Redirected),
    ("election", 503, flinks("... due to an ongoing leader election."), errors.NotLeaderYet),
    ("login wanted", 401, b"<html>", errors.Unauthorised),
    ("forbidden", 403, flinks("no"), errors.Unauthorised),
    ("bad gateway", 502, b"<html>", errors.Unavailable),
    ("Flink shuts down", 503, flinks("The server is shutting down"), errors.Unavailable),
    ("gateway time-out", 504, b"", errors.Unavailable),
    ("a page for an error", 500, b"<html>", errors.Rubbish),
    ("a page for 404", 404, b"<html>", errors.Rubbish),
    (
        "a job twice",
        400,
        flinks("a.B: x\n\tat c\nCaused by: o.a.DuplicateJobSubmissionException: twice"),
        errors.DuplicateJob,
    ),
    (
        "an application twice",
        400,
        flinks("a.B: x\nCaused by: o.a.DuplicateApplicationSubmissionException: twice"),
        errors.DuplicateJob,
    ),
    ("no endpoint", 404, flinks("Unable to load requested file /x."), errors.NotServed),
    ("no job", 404, flinks("o.a.NotFoundException: Job x not found"), errors.NotFound),
    ("no job, as a 500", 500, server_side("o.a.FlinkJobNotFoundException"), errors.NotFound),
    ("no jar, as a 400", 400, flinks("o.a.R: File a_b.jar does not exist in /x."), errors.NotFound),
    (
        "no jar, as a 500",
        500,
        server_side("o.a.R: Jar file a.jar does not exist"),
        errors.NotFound,
    ),
    ("a conflict", 409, flinks("already terminal"), errors.Conflict),
    ("a bad request", 400, flinks("cannot parse"), errors.Refused),
    ("too large", 413, flinks("too large"), errors.Refused),
    ("an error of Flink's", 500, server_side("java.lang.NullPointerException"), errors.Failed),
    ("no status at all", 0, flinks("x"), errors.Rubbish),
]


@pytest.mark.parametrize(
    ("status", "body", "error"), [point[1:] for point in POINTS], ids=[p[0] for p in POINTS]
)
def test_each_answer_is_the_error_it_is(status: int, body: bytes, error: type[FlinkError]) -> None:
    found = verdict(Answer(status=status, body=body), ASKED)
    assert type(found) is error
    assert found.status == status
    assert str(found).startswith(f"{ASKED}: answered {status}")


def test_each_rule_decides_somewhere() -> None:
    said = {type(verdict(Answer(status=s, body=b), ASKED)) for _, s, b, _ in POINTS}
    assert said == {rule.error for rule in RULES}


@given(status=st.integers(100, 999), body=st.binary(max_size=200))
def test_every_answer_has_a_verdict_that_can_be_shown(status: int, body: bytes) -> None:
    found = verdict(Answer(status=status, body=body), ASKED)
    assert (found is None) == (200 <= status < 300)
    if found is not None:
        assert isinstance(found, (NotSeen, Answered))
        assert len(str(found)) < 4096


def test_a_long_stack_trace_is_a_short_message() -> None:
    trace = "a.B: told\n" + "\tat c.d.E.f(E.java:1)\n" * 2000 + "Caused by: g.H: began it\n"
    found = verdict(Answer(status=500, body=flinks("Internal server error.", trace)), ASKED)
    assert found is not None
    assert found.came == "answered 500: a.B: told <- g.H: began it"


def test_where_a_redirect_leads_is_shown_without_its_secrets() -> None:
    to = "https://user:pw@sso.example/login?token=abc#x"
    found = verdict(Answer(status=302, body=b"", location=to), ASKED)
    assert found is not None
    assert "https://sso.example" in str(found)
    assert not any(secret in str(found) for secret in ("pw", "abc", "user:"))
