# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A status is written when it differs, and then only."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import Conflict
from ansible_collections.flinkops.flink.plugins.module_utils.kube.tell import tell
from support import looks
from support.world import World

KEY = ("FlinkDeployment", "default", "app")


@pytest.fixture
def world() -> World:
    found = World(is_still=True)
    found.put({**looks.definition(), "status": {"a": 1}})
    return found


def told(world: World, status: dict[str, Any], stored: dict[str, Any] | None = None) -> bool:
    return tell(cast("Api", world), stored or world.objects[KEY], status)


def test_what_differs_is_written_whole_and_the_spec_is_left_alone(world: World) -> None:
    spec = world.objects[KEY]["spec"]
    assert told(world, {"b": 2})
    assert world.objects[KEY]["status"] == {"b": 2}
    assert world.objects[KEY]["spec"] == spec


@pytest.mark.parametrize("status", [{"a": 1}, {}])
def test_what_is_equal_or_nothing_is_not_written(world: World, status: dict[str, Any]) -> None:
    assert not told(world, status)
    assert world.writes == []


def test_what_was_read_before_somebody_else_wrote_is_a_conflict(world: World) -> None:
    stored = dict(world.objects[KEY])
    world.edit("app", parallelism=7)
    with pytest.raises(Conflict):
        told(world, {"b": 2}, stored)
    assert world.objects[KEY]["status"] == {"a": 1}
