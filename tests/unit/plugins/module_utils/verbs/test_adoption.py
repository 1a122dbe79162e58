# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Resources that another operator of the contract left, in each state: refused, or adopted by word.

Flink does not answer in any of them: nothing may be ended, nor begun without a state.
"""

from __future__ import annotations

import copy
from datetime import UTC, datetime
from typing import cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Plan, Source
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import (
    NOTHING,
    Verb,
    VerbKind,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import Question, turn
from support import golden
from support.world import World
from support.world_store import key_of

ADOPT = Verb(kind=VerbKind.ADOPT)
APPLICATIONS = [state for state in golden.STATES if not state.startswith("session")]
ENDS = (
    Move.DELETE_CLUSTER,
    Move.STOP_JOBMANAGER,
    Move.DELETE_HA_DATA,
    Move.STOP_JOB,
    Move.CANCEL_JOB,
)


def left_behind(state: str) -> World:
    world = World(now=datetime(2026, 11, 21, 12, 0, tzinfo=UTC), is_still=True)
    for found in copy.deepcopy(golden.objects(state)):
        world.objects[key_of(found)] = found
    return world


def asked(world: World, state: str, verb: Verb = NOTHING, driver: str = "test/1") -> Plan:
    metadata = golden.deployment(state)["metadata"]
    question = Question(
        name=metadata["name"],
        namespace=metadata["namespace"],
        goal="deploy",
        driver=driver,
        verb=verb,
        clock=world.clock,
    )
    return turn(cast("Api", world), question)[1]


@pytest.mark.row("C-013")
@pytest.mark.parametrize("state", APPLICATIONS)
def test_it_is_left_alone_until_it_is_adopted_by_word(state: str) -> None:
    world = left_behind(state)
    assert asked(world, state).because == "another_operator_serves_this_resource"
    assert world.writes == []
    plan = asked(world, state, ADOPT)
    assert plan.because != "another_operator_serves_this_resource"
    assert any("Lease" in write for write in world.writes)
    assert asked(world, state).because != "another_operator_serves_this_resource"


@pytest.mark.parametrize("state", APPLICATIONS)
def test_taking_it_over_ends_nothing_without_a_state_and_begins_nothing_empty(state: str) -> None:
    """What never came up, or was being upgraded, goes on from its HA metadata."""
    world = left_behind(state)
    plan = asked(world, state, ADOPT)
    keeps_state = golden.deployment(state)["spec"]["job"].get("upgradeMode") != "stateless"
    source = plan.origin.source if plan.origin else Source.NONE
    assert plan.move not in ENDS or source is Source.LAST_STATE, plan
    assert source is not Source.EMPTY or not keeps_state, plan
