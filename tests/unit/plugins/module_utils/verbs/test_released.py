# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A finalizer is taken off a resource that goes, once a turn has decided so, and no other one."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import (
    FlinkOpsError,
    Held,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FINALIZER
from ansible_collections.flinkops.flink.plugins.module_utils.kube import act
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Conflict
from ansible_collections.flinkops.flink.plugins.module_utils.verbs import custom_resource
from support import looks
from support.driver import NAMED
from support.lifecycle_world import RESOURCE
from support.world import World

GOES: dict[str, Any] = {"deletionTimestamp": "2026-11-21T12:00:00Z"}
THEIRS = "theirs/finalizer"


def stored(finalizers: list[str], status: dict[str, Any] | None = None, **meta: Any) -> World:
    world = World(is_still=True)
    cr = looks.definition()
    cr["metadata"] |= {"finalizers": finalizers, **meta}
    decided = {**looks.stable(), "lifecycleState": "DELETING"}
    world.put({**cr, "status": decided if status is None else status})
    return world


def released(world: World, *, check_mode: bool = False) -> dict[str, Any]:
    return custom_resource.released(cast("Api", world), dict(NAMED), check_mode=check_mode)


def test_the_last_finalizer_lets_the_resource_go() -> None:
    world = stored([FINALIZER], **GOES)
    assert released(world)["changed"]
    assert RESOURCE not in world.objects
    assert not released(world)["changed"]


def test_the_finalizer_of_somebody_else_stays() -> None:
    world = stored([THEIRS, FINALIZER], **GOES)
    assert released(world)["changed"]
    assert world.objects[RESOURCE]["metadata"]["finalizers"] == [THEIRS]
    assert not released(world)["changed"]


def test_check_mode_tells_it_and_writes_nothing() -> None:
    world = stored([FINALIZER], **GOES)
    assert released(world, check_mode=True)["changed"]
    assert world.writes == []


def test_a_resource_that_stays_keeps_its_finalizer() -> None:
    world = stored([FINALIZER])
    with pytest.raises(Held) as refused:
        released(world)
    assert refused.value.reason == "the_resource_is_not_being_deleted"
    assert world.writes == []


def test_without_a_turn_s_decision_nothing_is_released() -> None:
    world = stored([FINALIZER], looks.stable(), **GOES)
    with pytest.raises(FlinkOpsError, match="the_removal_was_not_decided"):
        released(world)
    assert world.writes == []


def test_what_was_written_meanwhile_is_looked_at_again() -> None:
    world = stored([FINALIZER], **GOES)
    before = dict(world.objects[RESOURCE])
    world.put({**before, "metadata": {**before["metadata"], "labels": {"new": "one"}}})
    with pytest.raises(Conflict):
        act.release_finalizer(cast("Api", world), before)
    assert RESOURCE in world.objects
