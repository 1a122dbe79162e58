# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Of two drivers one has the Lease; a dead one, or one that is late, has lost it."""

from __future__ import annotations

import os
import socket
import subprocess
import sys
from datetime import timedelta
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Holder
from ansible_collections.flinkops.flink.plugins.module_utils.kube import lease
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Conflict
from ansible_collections.flinkops.flink.plugins.module_utils.kube.lease import Scope
from support.looks import ME, NOW, OTHER
from support.world import Fault, World
from support.world_store import stamp

KEY = ("Lease", "default", "flinkops-app")
SCOPE = Scope(name="app", namespace="default", uid="uid-of-app")
SECOND = timedelta(seconds=1)


@pytest.fixture
def world() -> World:
    found = World()
    owner = {"apiVersion": "flink.apache.org/v1beta1", "kind": "FlinkDeployment"}
    found.objects["FlinkDeployment", "default", "app"] = {
        **owner,
        "metadata": {"name": "app", "namespace": "default", "uid": SCOPE.uid},
    }
    return found


def take(world: World, identity: str, after: timedelta = timedelta(0), of: Scope = SCOPE) -> None:
    lease.take(cast("Api", world), of, identity, NOW + after)


def holder(world: World, after: timedelta = timedelta(0), of: Scope = SCOPE) -> Holder | None:
    return lease.holder(cast("Api", world), of, NOW + after)


def release(world: World, identity: str) -> None:
    lease.release(cast("Api", world), "app", "default", identity, NOW)


def spec(world: World) -> dict[str, Any]:
    found: dict[str, Any] = world.objects[KEY]["spec"]
    return found


def test_a_lease_is_taken_for_a_minute_and_belongs_to_its_resource(world: World) -> None:
    assert holder(world) is None
    take(world, ME)
    assert holder(world) == Holder(identity=ME, expires=NOW + lease.DURATION)
    assert world.objects[KEY]["metadata"]["ownerReferences"][0]["uid"] == SCOPE.uid


def test_what_is_held_by_another_is_a_conflict_that_names_it(world: World) -> None:
    take(world, OTHER)
    with pytest.raises(Conflict, match=OTHER):
        take(world, ME, lease.DURATION - SECOND)
    assert spec(world)["holderIdentity"] == OTHER


def test_what_was_not_renewed_may_be_taken(world: World) -> None:
    take(world, OTHER)
    take(world, ME, lease.DURATION)
    assert spec(world)["holderIdentity"] == ME


def test_our_own_is_renewed_when_it_is_due_and_not_before(world: World) -> None:
    take(world, ME)
    writes = len(world.writes)
    take(world, ME, lease.RENEW_AFTER - SECOND)
    assert len(world.writes) == writes
    take(world, ME, lease.RENEW_AFTER)
    assert len(world.writes) == writes + 1
    found = holder(world)
    assert found is not None
    assert found.expires == NOW + lease.RENEW_AFTER + lease.DURATION


def test_what_was_released_may_be_taken_and_is_still_a_claim(world: World) -> None:
    take(world, ME)
    release(world, ME)
    assert holder(world) == Holder(identity="", expires=holder_of_nobody(world))
    take(world, OTHER)
    assert spec(world)["holderIdentity"] == OTHER


OPERATOR = lease.operator_identity("flink-operator", "ops")
LEADERS = ("Lease", "ops", "flink-operator")


def operator_renewed(world: World, at: Any) -> None:
    """By its leader."""
    spec = {"holderIdentity": "pod-1", "leaseDurationSeconds": 15, "renewTime": stamp(at)}
    metadata = {"name": "flink-operator", "namespace": "ops", "uid": "uid-of-leaders"}
    world.objects[LEADERS] = {"kind": "Lease", "metadata": metadata, "spec": spec}


def test_an_operator_holds_what_it_serves_as_long_as_its_leader_renews_its_own(
    world: World,
) -> None:
    operator_renewed(world, NOW)
    take(world, OPERATOR)
    operator_renewed(world, NOW + timedelta(days=1))
    assert holder(world) == Holder(identity=OPERATOR, expires=NOW + timedelta(days=1, seconds=15))
    with pytest.raises(Conflict, match=OPERATOR):
        take(world, ME, timedelta(days=1, seconds=14))
    take(world, ME, timedelta(days=1, seconds=15))
    assert spec(world)["holderIdentity"] == ME


def test_it_writes_nothing_to_go_on_holding_it(world: World) -> None:
    operator_renewed(world, NOW)
    take(world, OPERATOR)
    writes = len(world.writes)
    take(world, OPERATOR, timedelta(days=1))
    assert len(world.writes) == writes


def test_what_an_operator_that_is_gone_has_held_may_be_taken(world: World) -> None:
    take(world, OPERATOR)
    take(world, ME)
    assert spec(world)["holderIdentity"] == ME


def test_an_operator_whose_own_can_not_be_read_counts_as_alive(world: World) -> None:
    take(world, OPERATOR)
    world.faults = {world.requests + 1: Fault.NO_WAY}
    with pytest.raises(Conflict, match=OPERATOR):
        take(world, ME)


def holder_of_nobody(world: World) -> Any:
    found = holder(world)
    assert found is not None
    assert found.expires < NOW
    return found.expires


def test_only_our_own_is_released(world: World) -> None:
    release(world, ME)
    take(world, OTHER)
    release(world, ME)
    assert spec(world)["holderIdentity"] == OTHER


@pytest.mark.parametrize("fault", [Fault.CONFLICT])
def test_a_release_that_comes_too_late_is_no_failure(world: World, fault: Fault) -> None:
    take(world, ME)
    world.faults = {world.requests + 1: fault}
    release(world, ME)


def test_a_release_of_what_went_with_its_resource_is_no_failure(world: World) -> None:
    take(world, ME)
    world.edits = {world.requests + 1: lambda found: found.objects.pop(KEY)}
    release(world, ME)
    assert KEY not in world.objects


def test_of_two_that_take_it_at_once_one_gets_a_conflict(world: World) -> None:
    take(world, OTHER)
    world.edits = {world.requests + 1: lambda found: take(found, "third/3", lease.DURATION)}
    with pytest.raises(Conflict):
        take(world, ME, lease.DURATION)
    assert spec(world)["holderIdentity"] == "third/3"


def test_the_lease_of_an_earlier_resource_of_that_name_is_no_claim_on_this_one(
    world: World,
) -> None:
    take(world, OTHER)
    uid = world.objects[KEY]["metadata"]["uid"]
    later = Scope(name="app", namespace="default", uid="another-uid")
    world.objects["FlinkDeployment", "default", "app"]["metadata"]["uid"] = later.uid
    world.objects[KEY]["metadata"]["ownerReferences"].append({"uid": "uid-1"})
    assert holder(world, of=later) is None
    take(world, ME, of=later)
    assert holder(world, of=later) == Holder(identity=ME, expires=NOW + lease.DURATION)
    assert world.objects[KEY]["metadata"]["uid"] != uid


def test_a_lease_that_somebody_emptied_holds_nobody_back(world: World) -> None:
    take(world, OTHER)
    world.objects[KEY]["spec"] = {}
    take(world, ME)
    assert spec(world)["holderIdentity"] == ME


def dead_process() -> int:
    """The id of a process that has ended and was waited for."""
    with subprocess.Popen([sys.executable, "-S", "-c", ""]) as process:
        pass
    return process.pid


@pytest.mark.parametrize(
    ("identity", "is_lost"),
    [
        (lease.driver_identity(dead_process()), True),
        (lease.driver_identity(os.getpid()), False),
        (lease.driver_identity(1), False),
        (f"playbook@elsewhere/{dead_process()}", False),
        (f"controller@{socket.gethostname()}/{dead_process()}", False),
        (f"playbook@{socket.gethostname()}/", False),
        (f"playbook@{socket.gethostname()}/x", False),
        (f"playbook@{socket.gethostname()}/{10**30}", False),
        (f"playbook@{socket.gethostname()}/\u00b2", False),
    ],
    ids=["dead", "this", "init", "elsewhere", "operator", "none", "word", "huge", "no digit"],
)
def test_only_a_playbook_of_this_host_whose_process_is_gone_has_lost_it(
    world: World, identity: str, is_lost: bool
) -> None:
    take(world, identity)
    found = holder(world)
    assert found is not None
    assert (found.expires == NOW) is is_lost
