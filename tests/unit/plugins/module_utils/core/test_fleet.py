# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A resource as a host: its name, its variables and the groups it can be chosen by."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.fleet import (
    group_name,
    member_of,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FINALIZER
from support import golden, looks


def item(**fields: Any) -> dict[str, Any]:
    return {**looks.definition("orders"), **fields}


def groups(found: dict[str, Any], *, is_ours: bool = False) -> tuple[str, ...]:
    return member_of(found, is_ours=is_ours).groups


def test_a_host_is_named_by_name_and_namespace() -> None:
    found = member_of(item(), is_ours=True)
    assert found.host == "orders.default"
    assert found.variables == {
        "flink_name": "orders",
        "flink_namespace": "default",
        "flink_kind": "FlinkDeployment",
        "ansible_connection": "local",
    }


def test_a_session_job_never_has_the_name_of_a_deployment() -> None:
    assert member_of(item(kind="FlinkSessionJob"), is_ours=False).host == "orders.default.job"


def test_a_new_resource_is_in_the_groups_of_what_it_says() -> None:
    assert groups(item()) == (
        "kind_flinkdeployment",
        "namespace_default",
        "operator_none",
        "state_created",
        "version_v1_20",
    )


def test_labels_are_groups() -> None:
    labelled = item()
    labelled["metadata"] |= {"labels": {"team.example/name": "ad-hoc", "empty": ""}}
    assert {"label_team_example_name_ad_hoc", "label_empty_"} <= set(groups(labelled))


@pytest.mark.parametrize("state", golden.STATES)
def test_recorded_resources_are_another_operators_in_their_state(state: str) -> None:
    stored = golden.deployment(state)
    found = groups(stored)
    assert "operator_other" in found
    assert f"state_{stored['status']['lifecycleState'].lower()}" in found
    assert "operator_flinkops" in groups(stored, is_ours=True)


def test_a_finalizer_alone_is_another_operators() -> None:
    claimed = item()
    claimed["metadata"] |= {"finalizers": [FINALIZER]}
    assert "operator_other" in groups(claimed)


@given(st.text())
def test_a_groups_name_is_one_that_ansible_takes(text: str) -> None:
    assert all(letter == "_" or letter.isalnum() for letter in group_name(text))
