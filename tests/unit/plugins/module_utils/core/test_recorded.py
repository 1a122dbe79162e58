# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A status is read whoever wrote it; what is garbled counts as not recorded and raises nothing."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import (
    Reconciliation,
    recorded,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import JobState
from support import golden, looks

SCALAR = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.text(max_size=8))
JSON = st.recursive(
    SCALAR,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner),
    max_leaves=5,
)
INNER = ("state", "lastReconciledSpec", "lastStableSpec", "reconciliationTimestamp")
GARBLED = st.fixed_dictionaries(
    {},
    optional={
        "reconciliationStatus": st.fixed_dictionaries({}, optional=dict.fromkeys(INNER, JSON))
        | JSON,
        "jobStatus": st.fixed_dictionaries({}, optional={"jobId": JSON}) | JSON,
        "observedGeneration": JSON,
        "lifecycleState": JSON,
    },
)


def test_nothing_recorded_means_never() -> None:
    found = recorded({})
    assert (found.state, found.spec, found.job_id) == (Reconciliation.NEVER, None, "")
    assert (found.observed_generation, found.since, found.is_first) == (0, None, False)


def test_a_start_that_was_written_ahead_is_read_back() -> None:
    found = recorded(looks.written_ahead())
    assert found.state is Reconciliation.UPGRADING
    assert (found.is_first, found.is_stable, found.job_id) == (True, False, looks.JOB)
    assert (found.observed_generation, found.since) == (1, looks.NOW)
    assert found.spec is not None
    assert found.spec.job is not None
    assert found.spec.job.state is JobState.SUSPENDED


@pytest.mark.row("C-011")
def test_stable_is_what_equals_the_last_stable_spec_to_the_letter() -> None:
    assert not recorded(looks.deployed()).is_stable
    assert recorded(looks.stable()).is_stable


@pytest.mark.parametrize("lifecycle", ["DELETING", "DELETED"])
def test_a_removal_that_was_begun_is_read(lifecycle: str) -> None:
    assert recorded({"lifecycleState": lifecycle}).is_removing
    assert not recorded({"lifecycleState": "STABLE"}).is_removing


def test_the_time_of_a_start_is_read_in_utc() -> None:
    status = {"reconciliationStatus": {"reconciliationTimestamp": 1795237644914}}
    assert recorded(status).since == datetime(2026, 11, 21, 5, 7, 24, 914000, tzinfo=UTC)


@pytest.mark.parametrize(
    "text", ["{", "[]", "null", "3", "x", '{"resource_metadata": {}, "spec": {"job": 1}}']
)
def test_a_record_that_can_not_be_read_is_neither_none_nor_one(text: str) -> None:
    status = {"reconciliationStatus": {"state": "DEPLOYED", "lastReconciledSpec": text}}
    found = recorded(status)
    assert (found.state, found.spec) == (Reconciliation.UNREADABLE, None)
    assert not found.is_first


@pytest.mark.parametrize("state", ["", None, "PAUSED", "never", 1])
def test_a_state_that_is_not_the_contracts_is_unreadable(state: Any) -> None:
    status = looks.deployed()
    status["reconciliationStatus"] = {**status["reconciliationStatus"], "state": state}
    assert recorded(status).state is Reconciliation.UNREADABLE


@pytest.mark.parametrize("state", ["NEVER", "UNREADABLE"])
def test_our_own_two_states_are_not_the_contracts(state: str) -> None:
    status = looks.deployed()
    status["reconciliationStatus"] = {**status["reconciliationStatus"], "state": state}
    assert recorded(status).state is Reconciliation.UNREADABLE


@pytest.mark.row("C-012")
def test_the_old_bare_form_of_a_record_is_read_and_is_no_first_start() -> None:
    spec = json.loads(looks.deployed()["reconciliationStatus"]["lastReconciledSpec"])["spec"]
    text = json.dumps({**spec, "apiVersion": "v1beta1"})
    found = recorded({"reconciliationStatus": {"state": "DEPLOYED", "lastReconciledSpec": text}})
    assert (found.state, found.is_first) == (Reconciliation.DEPLOYED, False)
    assert found.spec == recorded(looks.deployed()).spec


@given(GARBLED)
def test_no_status_makes_reading_fail(status: dict[str, Any]) -> None:
    recorded(status)


@pytest.mark.row("C-011", "C-013")
@pytest.mark.parametrize("state", golden.STATES)
def test_what_another_operator_recorded_is_read(state: str) -> None:
    stored = golden.deployment(state)
    found = recorded(stored["status"])
    assert found.state.value == stored["status"]["reconciliationStatus"]["state"]
    assert found.spec is not None
    assert found.observed_generation == stored["status"]["observedGeneration"]
