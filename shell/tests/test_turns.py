# Copyright 2026 flinkops.flink contributors
# SPDX-License-Identifier: Apache-2.0
"""An operator's turn: what it takes on it holds, and what is settled it leaves alone."""

from __future__ import annotations

from datetime import timedelta
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FINALIZER
from ansible_collections.flinkops.flink.plugins.module_utils.kube.lease import operator_identity
from flink_operator.turns import Turns
from support.driver import Driver, driver, stateful
from support.world import Crashed, Fault
from support.world_store import stamp

KEY = ("default", "app")
RESOURCE, LEASE = ("FlinkDeployment", *KEY), ("Lease", "default", "flinkops-app")
ME = operator_identity("flink-operator", "ops")


def operator(found: Driver) -> Turns:
    """The stores are as late as they can't be here: both ways lead to the same world."""
    until = stamp(found.world.now + timedelta(days=1))
    metadata = {"name": "flink-operator", "namespace": "ops", "uid": "uid-of-leaders"}
    spec = {"leaseDurationSeconds": 15, "renewTime": until}
    found.world.objects["Lease", "ops", "flink-operator"] = {
        "kind": "Lease",
        "metadata": metadata,
        "spec": spec,
    }
    return Turns(cached=cast("Any", found.world), live=cast("Any", found.world), driver=ME, calm=60)


def driven() -> Driver:
    """A playbook made it run, and is gone."""
    found = driver(stateful())
    assert found.deploy().because == "the_job_runs"
    found.world.passes(timedelta(seconds=61))
    return found


def is_taken_on(found: Driver) -> bool:
    held = found.world.objects[LEASE]["spec"]["holderIdentity"] == ME
    return held and FINALIZER in (found.world.objects[RESOURCE]["metadata"].get("finalizers") or ())


def test_what_a_playbook_left_running_is_taken_on_though_nothing_is_to_be_done() -> None:
    found = driven()
    turns = operator(found)
    assert turns.one(KEY).entry is None
    assert is_taken_on(found)
    writes = len(found.world.writes)
    assert turns.one(KEY).entry is None
    told = [write for write in found.world.writes[writes:] if "status" not in write]
    assert told == [], "again changes nothing; its newest checkpoint may be noted"


@pytest.mark.parametrize(
    "fault", [Fault.CRASH, Fault.CRASH_AFTER, Fault.LOST_ANSWER, Fault.CONFLICT]
)
def test_it_is_taken_on_wherever_the_operator_is_killed(fault: Fault) -> None:
    whole = driven()
    begin, writes = whole.world.requests, len(whole.world.written_at)
    operator(whole).one(KEY)
    places = [at - begin for at in whole.world.written_at[writes:]]
    assert len(places) >= 2
    for at in places:
        found = driven()
        found.world.faults = {found.world.requests + at: fault}
        try:
            operator(found).one(KEY)
        except (Crashed, FlinkOpsError):
            found.world.faults = {}
        operator(found).one(KEY)
        assert is_taken_on(found), at


def test_it_takes_back_what_a_playbook_drove_while_it_was_away() -> None:
    found = driven()
    operator(found).one(KEY)
    found.world.objects[LEASE]["spec"] = {"holderIdentity": ""}
    operator(found).one(KEY)
    assert is_taken_on(found)


def test_what_is_being_deleted_gets_no_finalizer() -> None:
    found = driven()
    metadata = found.world.objects[RESOURCE]["metadata"]
    metadata["finalizers"] = ["example.org/held"]
    metadata["deletionTimestamp"] = stamp(found.world.now)
    step = operator(found).one(KEY)
    assert step.plan is not None
    assert FINALIZER not in found.world.objects[RESOURCE]["metadata"]["finalizers"]


def test_what_is_another_operators_is_left_alone() -> None:
    cr = stateful()
    cr["metadata"]["finalizers"] = [FINALIZER]
    found = driver(cr)
    turns, writes = operator(found), len(found.world.writes)
    step = turns.one(KEY)
    assert step.plan is not None
    assert step.plan.because == "another_operator_serves_this_resource"
    assert len(found.world.writes) == writes


def test_a_new_resource_is_held_and_has_its_finalizer_before_anything_is_made() -> None:
    found = driver(stateful())
    step = operator(found).one(KEY)
    assert step.entry is not None
    assert step.entry.move == Move.MAKE_CLUSTER
    assert is_taken_on(found)
    assert not any("Deployment/app" in write for write in found.world.writes if "create" in write)
    found.move(Move.MAKE_CLUSTER, Word.KEEP)
