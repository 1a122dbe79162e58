# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a driver writes into a batch is what its hosts say; all else is refused by its field."""

from __future__ import annotations

import json
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.batch import (
    Entry,
    InvalidBatch,
    member_of,
)

ENTRY = Entry(
    name="orders",
    namespace="shop",
    kind="FlinkDeployment",
    goal="deploy",
    move="make_cluster",
    defaults={"a.b": "{{ 6 * 7 }}"},
)


def test_an_entry_becomes_the_host_of_its_name() -> None:
    found = member_of(json.loads(json.dumps(ENTRY.written)))
    assert found.host == ENTRY.host == "orders.shop"
    assert found.variables == {
        "flink_name": "orders",
        "flink_namespace": "shop",
        "flink_kind": "FlinkDeployment",
        "flink_goal": "deploy",
        "flink_move": "make_cluster",
        "flink_state": "keep",
        "flink_defaults": {"a.b": "{{ 6 * 7 }}"},
        "ansible_connection": "local",
    }


def test_what_becomes_of_state_is_handed_on_and_kept_where_nothing_is_said() -> None:
    assert member_of({**ENTRY.written, "state": "drop"}).variables["flink_state"] == "drop"
    assert member_of({**ENTRY.written, "state": None}).variables["flink_state"] == "keep"


@pytest.mark.parametrize("field", ["name", "namespace", "kind", "goal", "move"])
@pytest.mark.parametrize("value", [None, "", 3, ["x"]])
def test_a_field_that_is_none_is_named(field: str, value: Any) -> None:
    with pytest.raises(InvalidBatch, match=f"text in {field}"):
        member_of({**ENTRY.written, field: value})


@pytest.mark.parametrize("entry", [None, "orders", ["orders"]])
def test_an_entry_is_an_object(entry: Any) -> None:
    with pytest.raises(InvalidBatch, match="is an object"):
        member_of(entry)


def test_a_goal_that_no_role_has_is_refused() -> None:
    with pytest.raises(InvalidBatch, match="goal is one of deploy, remove, not upgrade"):
        member_of({**ENTRY.written, "goal": "upgrade"})
