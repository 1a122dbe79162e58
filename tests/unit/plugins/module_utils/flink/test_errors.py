from __future__ import annotations

import inspect
import re

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink import errors
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import Asked, FlinkError

TREE = [
    kind for _, kind in inspect.getmembers(errors, inspect.isclass) if issubclass(kind, FlinkError)
]
POST = Asked(method="POST", url="http://flink:8081/x")
GET = Asked(method="GET", url="http://flink:8081/x")
NOT_SENT = {"Unreachable", "NotLeaderYet", "Redirected"}


@pytest.mark.parametrize("kind", TREE)
def test_each_reason_is_the_name_of_its_class(kind: type[FlinkError]) -> None:
    assert kind.reason == kind.__name__


def test_the_tree_that_is_drawn_is_the_tree() -> None:
    drawn = {}
    path: list[str] = []
    for line in (errors.__doc__ or "").splitlines():
        found = re.match(r"^([│├└─ ]*)([A-Z]\w+)(  |$)", line)
        if found:
            path = [*path[: len(found.group(1)) // 4], found.group(2)]
            drawn[path[-1]] = path[-2] if len(path) > 1 else "Exception"
    assert drawn == {kind.__name__: kind.__bases__[0].__name__ for kind in TREE}


@pytest.mark.parametrize("kind", [kind for kind in TREE if issubclass(kind, errors.NotSeen)])
def test_a_write_without_an_answer_may_have_been_done_unless_it_was_not_sent(
    kind: type[FlinkError],
) -> None:
    assert kind("x", asked=POST).may_have_been_done == (kind.__name__ not in NOT_SENT)
    assert not kind("x", asked=GET).may_have_been_done


def test_a_refused_write_was_not_done_and_a_failed_one_may_have_been() -> None:
    assert not errors.Refused("x", asked=POST).may_have_been_done
    assert errors.Failed("x", asked=POST).may_have_been_done


def test_a_message_says_what_was_asked_what_came_and_what_to_do() -> None:
    said = str(errors.TimedOut("no whole answer in time", asked=GET))
    assert said == (
        "GET http://flink:8081/x: no whole answer in time. "
        "The JobManager may be busy or hang: see its pod's log and CPU"
    )


def test_a_message_says_when_a_write_may_have_been_done() -> None:
    assert "Flink may have done it all the same" in str(errors.BrokenOff("x", asked=POST))
    assert "Flink may have done it" not in str(errors.Refused("x", asked=POST))


def test_a_long_answer_is_cut() -> None:
    assert len(errors.Refused("x" * 100_000).came) == errors.LONGEST_DETAIL
