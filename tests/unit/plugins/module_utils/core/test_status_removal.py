# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a removal writes ahead of its moves."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Situation
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Origin,
    Source,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.status_removal import leaving
from support import looks

PATH = "file:///cp/chk-7"
NAMED = Origin(source=Source.SAVEPOINT, because="seen", path=PATH)


def left(
    verdict: Verdict, move: Move = Move.NOTHING, before: Any = None, **fields: Any
) -> dict[str, Any]:
    situation = fields.pop("situation", Situation.RUNNING)
    plan = looks.plan(verdict, move, **{"origin": NAMED, **fields})
    return leaving(before or looks.stable(), plan, situation, looks.NOW)


@pytest.mark.parametrize("verdict", Verdict)
def test_from_its_first_step_on_a_removal_is_seen_as_one(verdict: Verdict) -> None:
    is_begun = verdict in (Verdict.GO, Verdict.WAIT)
    assert (left(verdict)["lifecycleState"] == "DELETING") is is_begun


@pytest.mark.parametrize("move", [move for move in Move if move is not Move.STOP_JOB])
def test_the_snapshot_is_named_ahead_of_each_move_that_ends_something(move: Move) -> None:
    found = left(Verdict.GO, move)
    assert found["jobStatus"]["upgradeSavepointPath"] == PATH
    assert [entry["path"] for entry in found["ledger"]] == [PATH]
    assert found["ledger"][0]["kind"] == "checkpoint"


@pytest.mark.parametrize(
    ("verdict", "move"),
    [(Verdict.GO, Move.STOP_JOB), (Verdict.WAIT, Move.NOTHING), (Verdict.HELD, Move.NOTHING)],
)
def test_nothing_is_named_before_it_is_final_enough(verdict: Verdict, move: Move) -> None:
    found = left(verdict, move)
    assert found["jobStatus"] == looks.stable()["jobStatus"]
    assert "ledger" not in found


def test_where_no_snapshot_is_known_what_is_named_stays() -> None:
    before = looks.stable()
    before["jobStatus"]["upgradeSavepointPath"] = "file:///sp/before"
    unknown = Origin(source=Source.NONE, because="unknown")
    found = left(Verdict.GO, Move.STOP_JOBMANAGER, before, origin=unknown)
    assert found["jobStatus"]["upgradeSavepointPath"] == "file:///sp/before"


def test_a_savepoint_is_noted_as_one_and_what_is_noted_stays_as_it_is() -> None:
    path = "file:///sp/savepoint-1"
    origin = Origin(source=Source.SAVEPOINT, because="ended", path=path)
    found = left(Verdict.GO, Move.STOP_JOBMANAGER, origin=origin)
    assert found["ledger"][0]["kind"] == "savepoint"
    again = left(Verdict.GO, Move.DELETE_CLUSTER, found, origin=origin)
    assert again["ledger"] == found["ledger"]
