# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Snapshots in status: asked for, completed, failed; in the contract's form, and from any form."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core import snapshot_status as status
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_status import (
    Failure,
    Kind,
    Request,
    Trigger,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
LATER = NOW + timedelta(seconds=40)
ID, OTHER = "a" * 32, "b" * 32
STATES = Path(__file__).parents[4] / "golden" / "states"
JUNK = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=4) | st.floats(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=4), inner),
    max_leaves=6,
)


def golden() -> dict[str, Any]:
    documents = yaml.safe_load_all((STATES / "stable-savepoint-ha" / "objects.yaml").read_text())
    found: dict[str, Any] = next(d["status"] for d in documents if d["kind"] == "FlinkDeployment")
    return found


def request(kind: Kind = Kind.SAVEPOINT, **more: Any) -> Request:
    wanted = {"trigger_id": ID, "trigger_type": Trigger.MANUAL, "form": "CANONICAL", "nonce": 5}
    return Request(kind=kind, **{**wanted, **more})


def failure(kind: Kind = Kind.SAVEPOINT) -> Failure:
    return Failure(kind=kind.value, because="the_savepoint_failed", message="no disk", time=LATER)


def info(told: dict[str, Any], kind: Kind = Kind.SAVEPOINT) -> dict[str, Any]:
    found: dict[str, Any] = told["jobStatus"][f"{kind}Info"]
    return found


@pytest.mark.row("C-077")
def test_a_request_is_written_ahead_as_the_contract_has_it() -> None:
    told = info(status.began(golden(), request(), NOW))
    assert told == {
        "lastPeriodicSavepointTimestamp": 0,
        "savepointHistory": [],
        "triggerId": ID,
        "triggerTimestamp": 1795262400000,
        "triggerType": "MANUAL",
        "formatType": "CANONICAL",
    }


def test_what_is_under_way_is_read_back() -> None:
    told = status.began(golden(), request(), NOW)
    found = status.pending_savepoint(told)
    assert found is not None
    assert (found.trigger_id, found.since, found.trigger_type, found.form) == (
        (ID, NOW, Trigger.MANUAL, "CANONICAL")
    )
    assert status.pending_checkpoint(told) is None


def test_the_nonce_counts_as_served_and_the_recorded_spec_stays_stable_and_else_the_same() -> None:
    before = golden()
    after = status.began(before, request(), NOW)["reconciliationStatus"]
    assert after["lastReconciledSpec"] == after["lastStableSpec"]
    text = before["reconciliationStatus"]["lastReconciledSpec"]
    assert after["lastReconciledSpec"] == text.replace(
        '"savepointTriggerNonce":null', '"savepointTriggerNonce":5'
    )


def test_a_stable_spec_that_is_another_one_is_left_alone() -> None:
    before = golden()
    before["reconciliationStatus"]["lastStableSpec"] = "{}"
    assert status.began(before, request(), NOW)["reconciliationStatus"]["lastStableSpec"] == "{}"


def test_a_spec_in_the_oldest_form_takes_the_nonce_too() -> None:
    before = {"reconciliationStatus": {"lastReconciledSpec": '{"job":{"jarURI":"x"}}'}}
    after = status.began(before, request(Kind.CHECKPOINT, form="FULL"), NOW)
    assert status.served_nonce(after, Kind.CHECKPOINT) == 5
    assert status.served_nonce(after, Kind.SAVEPOINT) is None


def test_a_periodic_request_serves_no_nonce() -> None:
    told = status.began(golden(), request(trigger_type=Trigger.PERIODIC), NOW)
    assert told["reconciliationStatus"] == golden()["reconciliationStatus"]


def test_asked_again_it_keeps_the_time_of_the_first_request() -> None:
    """Else what fails for ever is tried again for ever."""
    once = status.began(golden(), request(), NOW)
    again = info(status.began(once, request(trigger_id=OTHER), LATER))
    assert (again["triggerId"], again["triggerTimestamp"]) == (OTHER, 1795262400000)


def test_a_request_by_another_word_has_a_time_of_its_own() -> None:
    once = status.began(golden(), request(), NOW)
    stop = status.began(once, request(trigger_type=Trigger.UPGRADE), LATER)
    assert info(stop)["triggerTimestamp"] == 1795262440000


@pytest.mark.row("C-077")
def test_a_completed_savepoint_goes_to_the_last_one_and_into_the_history() -> None:
    told = status.completed(
        status.began(golden(), request(), NOW), Kind.SAVEPOINT, "s3://b/sp", LATER
    )
    entry = {
        "timeStamp": 1795262400000,
        "location": "s3://b/sp",
        "triggerType": "MANUAL",
        "formatType": "CANONICAL",
        "triggerNonce": 5,
    }
    assert info(told)["lastSavepoint"] == entry
    assert info(told)["savepointHistory"] == [entry]
    assert info(told)["lastPeriodicSavepointTimestamp"] == 0
    assert status.pending_savepoint(told) is None
    assert [e["path"] for e in told["ledger"]] == ["s3://b/sp"]


def test_completed_twice_is_completed_once() -> None:
    began = status.began(golden(), request(), NOW)
    once = status.completed(began, Kind.SAVEPOINT, "s3://b/sp", LATER)
    assert status.completed(once, Kind.SAVEPOINT, "s3://b/sp", LATER) == once
    twice = status.completed({**began, "jobStatus": {**once["jobStatus"], "savepointInfo": {
        **info(once), **info(began), "savepointHistory": info(once)["savepointHistory"]}}},
        Kind.SAVEPOINT, "s3://b/sp", LATER)  # fmt: skip
    assert len(info(twice)["savepointHistory"]) == 1


def test_a_completed_checkpoint_has_its_path_in_the_ledger_alone() -> None:
    wanted = request(Kind.CHECKPOINT, form="FULL", trigger_type=Trigger.PERIODIC)
    began = status.began(golden(), wanted, NOW)
    told = status.completed(began, Kind.CHECKPOINT, "s3://b/chk-7", LATER, checkpoint_id=7)
    assert info(told, Kind.CHECKPOINT) == {
        "lastCheckpoint": {
            "timeStamp": 1795262400000,
            "triggerType": "PERIODIC",
            "formatType": "FULL",
        },
        "lastPeriodicCheckpointTimestamp": 1795262400000,
    }
    assert [(e["kind"], e["path"], e["id"]) for e in told["ledger"]] == [
        ("checkpoint", "s3://b/chk-7", 7)
    ]


def test_one_that_failed_leaves_nothing_under_way_and_its_reason() -> None:
    began = status.began(golden(), request(), NOW)
    told = status.failed(began, Kind.SAVEPOINT, failure())
    assert status.pending_savepoint(told) is None
    assert status.failure_of(told) == failure()
    assert status.served_nonce(told, Kind.SAVEPOINT) == 5
    assert info(told)["lastPeriodicSavepointTimestamp"] == 0


def test_a_periodic_one_that_failed_is_due_again_after_its_period() -> None:
    began = status.began(golden(), request(trigger_type=Trigger.PERIODIC), NOW)
    told = status.failed(began, Kind.SAVEPOINT, failure())
    assert status.last_periodic(told, Kind.SAVEPOINT) == NOW


def test_success_takes_the_reason_of_an_earlier_failure_away() -> None:
    failed = status.failed(golden(), Kind.SAVEPOINT, failure())
    began = status.began(failed, request(), LATER)
    assert status.failure_of(began) == failure()
    assert status.failure_of(status.completed(began, Kind.SAVEPOINT, "x", LATER)) is None


def test_what_is_not_known_is_kept() -> None:
    before = golden() | {"later": 1}
    before["jobStatus"]["savepointInfo"]["more"] = 2
    told = status.began(before, request(), NOW)
    told = status.completed(told, Kind.SAVEPOINT, "x", LATER)
    assert (told["later"], info(told)["more"]) == (1, 2)
    assert told["jobStatus"]["jobId"] == golden()["jobStatus"]["jobId"]


def test_the_status_that_is_given_is_not_changed() -> None:
    before = golden()
    kept = json.dumps(before)
    told = status.began(before, request(), NOW)
    status.completed(told, Kind.SAVEPOINT, "x", LATER)
    status.failed(told, Kind.SAVEPOINT, failure())
    assert json.dumps(before) == kept


@pytest.mark.row("C-077")
@given(JUNK, JUNK, JUNK)
def test_nonsense_in_a_status_is_read_as_nothing_recorded(a: Any, b: Any, c: Any) -> None:
    junk = {
        "jobStatus": {"savepointInfo": {"triggerId": a, "savepointHistory": [{"location": b}, c]}},
        "reconciliationStatus": {"lastReconciledSpec": a},
        "snapshotFailure": {"kind": b, "time": c},
    }
    for told in (junk, {"jobStatus": a, "reconciliationStatus": b, "ledger": c}):
        status.history(told)
        status.pending_savepoint(told)
        status.failure_of(told)
        status.last_periodic(told, Kind.SAVEPOINT)
        began = status.began(told, request(), NOW)
        done = status.completed(began, Kind.SAVEPOINT, "s3://b/sp", LATER)
        assert "s3://b/sp" in [entry.location for entry in status.history(done)]
        assert status.pending_savepoint(done) is None
