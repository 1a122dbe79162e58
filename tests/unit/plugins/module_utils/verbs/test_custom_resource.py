"""A person's word in the spec of a stored resource, and what comes of it."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Held
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.custom_resource import asked_for
from support.driver import NAMED, Driver, status
from support.lifecycle_world import RESOURCE
from support.scenarios import CHAPTERS


def ask(of: Driver, **words: str) -> bool:
    result = asked_for(of.api, {**NAMED, **words}, None, check_mode=False)
    return bool(result["changed"])


def job(of: Driver) -> dict[str, Any]:
    return dict(of.world.objects[RESOURCE]["spec"]["job"])


def savepoints(of: Driver) -> list[int]:
    info = status(of)["jobStatus"]["savepointInfo"]
    return [entry["triggerNonce"] for entry in info["savepointHistory"]]


@pytest.mark.row("M-000-11")
def test_each_request_that_was_served_is_followed_by_a_new_one() -> None:
    found = CHAPTERS[0].begins()
    for nonce in (1, 2):
        assert ask(found, snapshot="savepoint")
        assert not ask(found, snapshot="savepoint"), "asked for already"
        found.deploy()
        assert (job(found)["savepointTriggerNonce"], savepoints(found)[-1]) == (nonce, nonce)
    assert savepoints(found) == [1, 2]


def test_nothing_else_of_the_resource_is_changed() -> None:
    found = CHAPTERS[0].begins()
    before = job(found)
    ask(found, job_state="suspended")
    assert job(found) == {**before, "state": "suspended"}
    ask(found, job_state="running")
    assert job(found) == {**before, "state": "running"}


def test_what_is_not_there_is_not_asked() -> None:
    found = CHAPTERS[0].begins()
    with pytest.raises(Held, match="no FlinkDeployment default/other"):
        asked_for(found.api, {"name": "other", "snapshot": "savepoint"}, None, check_mode=False)
