# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The facts behind the choice of a state: what is kept while a cluster goes, and where it lies."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.intent import Intent
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import iso
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import (
    BEING_TOLD,
    LAST_STATE_PATH,
    recorded,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore import (
    NAMED_BY_A_PERSON,
    Began,
    Kept,
    Restoring,
    began,
    end_path,
    found_metadata_path,
    has_nothing_since,
    kept,
    last_path,
    metadata_path,
    restoring,
    seen_path,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Checkpoint
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    JobState,
    UpgradeMode,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.status_start import as_text
from ansible_collections.flinkops.flink.plugins.module_utils.core.trigger import (
    TriggerSeen,
    TriggerState,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.wanted import Wanted
from support import looks

PATH = "file:///sp/1"
AS_SAVEPOINT = as_text(
    recorded(looks.stable()).spec, JobState.RUNNING, UpgradeMode.SAVEPOINT, is_first=False
)
IN_TIME = iso(looks.NOW + timedelta(minutes=1))
FOLDER = {
    "high-availability.type": "kubernetes",
    "high-availability.storageDir": "file:///ha",
    "execution.checkpointing.dir": "file:///cp/",
}


def going(kind: str = "savepoint", path: str = PATH, **phase: Any) -> dict[str, Any]:
    """A status whose cluster is being deleted, and what was decided on before."""
    origin = {"kind": kind, "path": path}
    told = {"name": "cluster-delete", "deadline": IN_TIME, "origin": origin, **phase}
    return {**looks.stable(), "phase": told}


@pytest.mark.parametrize(
    ("kind", "path", "found"),
    [
        ("savepoint", PATH, Kept.SNAPSHOT),
        ("empty", "", Kept.EMPTY),
        ("savepoint", "", Kept.NOTHING),
        ("last-state", "KUBERNETES_OPERATOR_LAST_STATE", Kept.NOTHING),
        ("nonsense", PATH, Kept.NOTHING),
    ],
)
def test_what_was_decided_on_is_kept_while_the_cluster_goes(
    kind: str, path: str, found: Kept
) -> None:
    assert kept(looks.case(looks.seen(going(kind, path)))) is found


def test_it_is_not_kept_where_the_cluster_stands_or_another_phase_has_begun() -> None:
    stands = looks.seen(going(), cluster=looks.cluster())
    assert kept(looks.case(stands)) is Kept.NOTHING
    assert kept(looks.case(looks.seen(going(name="start")))) is Kept.NOTHING
    assert kept(looks.case(looks.seen(looks.stable()))) is Kept.NOTHING


def test_it_is_not_kept_past_the_deadline_of_the_deletion() -> None:
    """A cluster that somebody else deletes hours later may have done more since."""
    late = going(deadline=iso(looks.NOW - timedelta(seconds=1)))
    assert kept(looks.case(looks.seen(late))) is Kept.NOTHING


def facts(of: Wanted, intent: Intent = Intent.NONE) -> Restoring:
    return restoring(looks.case(looks.seen(looks.stable(of), of)), intent)


def test_a_path_in_the_spec_is_seen() -> None:
    assert facts(looks.wanted(initialSavepointPath=PATH)).has_initial
    assert not facts(looks.wanted()).has_initial
    nothing = looks.case(looks.seen(looks.stable(), resource=None))
    assert not restoring(nothing, Intent.NONE).has_initial


@pytest.mark.parametrize("intent", Intent)
def test_a_redeployment_is_one_where_that_is_meant(intent: Intent) -> None:
    assert facts(looks.wanted(), intent).is_redeploy is (intent is Intent.REDEPLOY)


def with_folder(**spec: Any) -> Wanted:
    fields = {**looks.definition()["spec"], "flinkConfiguration": FOLDER, **spec}
    return looks.wanted({**looks.definition(), "spec": fields})


def test_metadata_suits_a_start_with_high_availability_of_the_same_version_alone() -> None:
    assert facts(with_folder()).suits_metadata
    assert not facts(looks.wanted()).suits_metadata
    was = looks.stable(with_folder())
    newer = with_folder(flinkVersion="v2_0")
    assert not restoring(looks.case(looks.seen(was, newer)), Intent.UPGRADE).suits_metadata


def with_metadata(number: int, **status: Any) -> Any:
    there = looks.stable(with_folder())
    seen = looks.seen({**there, **status}, with_folder(), ha_checkpoints={looks.JOB: number})
    return looks.case(seen)


def test_a_checkpoint_of_ha_metadata_lies_where_flink_puts_it() -> None:
    assert metadata_path(with_metadata(7)) == f"file:///cp/{looks.JOB}/chk-7"
    assert metadata_path(with_metadata(0)) == ""


def test_a_path_that_flink_told_of_that_number_goes_before_the_rule() -> None:
    """What HA metadata numbers may be a savepoint, which lies elsewhere."""
    entry = {"kind": "savepoint", "path": PATH, "id": 7, "jobId": looks.JOB, "time": IN_TIME}
    assert metadata_path(with_metadata(7, ledger=[entry])) == PATH
    assert metadata_path(with_metadata(8, ledger=[entry])) == f"file:///cp/{looks.JOB}/chk-8"
    other = {**entry, "jobId": "b" * 32}
    assert metadata_path(with_metadata(7, ledger=[other])) == f"file:///cp/{looks.JOB}/chk-7"


def went_back_from(because: str) -> Began:
    """The start that failed came from a snapshot, which that rule chose."""
    status = looks.stable()
    reconciled = {**status["reconciliationStatus"], "lastReconciledSpec": AS_SAVEPOINT}
    job = {**status["jobStatus"], "upgradeSavepointPath": PATH}
    chosen = {**status["startedFrom"], "because": because}
    said = {
        **status,
        "jobStatus": job,
        "reconciliationStatus": reconciled,
        "startedFrom": chosen,
    }
    return restoring(looks.case(looks.seen(said)), Intent.GO_BACK).began


def test_what_a_person_named_for_a_start_that_failed_is_not_gone_back_to() -> None:
    assert went_back_from("its_job_ended_with_a_snapshot") is Began.SNAPSHOT
    for because in NAMED_BY_A_PERSON:
        assert went_back_from(because) is Began.UNKNOWN


def ended(state: str, *, rule: str = "", **fields: Any) -> Any:
    """A record with a path beside that state, and what is seen of the job."""
    status = looks.stable()
    job = {**status["jobStatus"], "state": state, "upgradeSavepointPath": PATH}
    phase = {"name": "cancel", "rule": rule} if rule else {}
    return looks.case(looks.seen({**status, "jobStatus": job, "phase": phase}, **fields))


SEEN = Checkpoint(id=3, path="file:///cp/3", completed=looks.NOW)


@pytest.mark.parametrize(
    ("case", "path"),
    [
        (ended("FINISHED"), PATH),
        (ended("FINISHED", rule=BEING_TOLD), ""),
        (ended("RUNNING"), ""),
        (ended("FINISHED", flink=looks.runs()), ""),
        (ended("RUNNING", flink=looks.runs(state="FAILED", last_checkpoint=SEEN)), SEEN.path),
        (ended("FINISHED", flink=looks.runs(state="FAILED")), ""),
        (ended("RUNNING", flink=looks.runs(last_checkpoint=SEEN)), ""),
    ],
    ids=[
        "recorded as the last",
        "not told yet",
        "did not end",
        "runs",
        "Flink tells it",
        "Flink knows none",
        "runs with a checkpoint",
    ],
)
def test_the_last_snapshot_of_a_job_that_ended_is_flinks_word_before_the_records(
    case: Any, path: str
) -> None:
    assert end_path(case) == path


def test_the_newest_snapshot_is_the_stops_own_before_its_statistics() -> None:
    stop = TriggerSeen(state=TriggerState.DONE, location="file:///sp/stop")
    both = looks.runs(last_checkpoint=SEEN, savepoint_trigger=stop)
    under_way = replace(stop, state=TriggerState.IN_PROGRESS, location="")
    asked = looks.runs(last_checkpoint=SEEN, savepoint_trigger=under_way)
    found = [looks.case(looks.seen(looks.stable(), flink=flink)) for flink in (both, asked)]
    assert [seen_path(case) for case in found] == ["file:///sp/stop", SEEN.path]
    assert seen_path(looks.case(looks.seen(looks.stable(), flink=looks.runs()))) == ""
    assert seen_path(looks.case(looks.seen(looks.stable()))) == ""


def record_of(mode: UpgradeMode | None, path: str) -> Any:
    """A record whose latest start was restored so."""
    status = looks.stable()
    spec = recorded(status).spec
    text = as_text(spec, JobState.RUNNING, mode, is_first=False) if mode else ""
    reconciled = {**status["reconciliationStatus"], "lastReconciledSpec": text}
    job = {**status["jobStatus"], "upgradeSavepointPath": path}
    said = {**status, "jobStatus": job, "reconciliationStatus": reconciled}
    return looks.case(looks.seen(said))


@pytest.mark.parametrize(
    ("mode", "path", "found"),
    [
        (None, PATH, Began.UNKNOWN),
        (UpgradeMode.STATELESS, PATH, Began.EMPTY),
        (UpgradeMode.LAST_STATE, "", Began.LAST_STATE),
        (UpgradeMode.LAST_STATE, PATH, Began.LAST_STATE),
        (UpgradeMode.SAVEPOINT, LAST_STATE_PATH, Began.LAST_STATE),
        (UpgradeMode.SAVEPOINT, PATH, Began.SNAPSHOT),
        (UpgradeMode.SAVEPOINT, "", Began.UNKNOWN),
    ],
)
def test_what_the_latest_start_began_from_is_read_from_its_record(
    mode: UpgradeMode | None, path: str, found: Began
) -> None:
    assert began(record_of(mode, path)) is found


@pytest.mark.parametrize("intent", Intent)
@pytest.mark.parametrize("number", [0, 7])
def test_what_is_only_made_again_keeps_the_state_that_there_is(intent: Intent, number: int) -> None:
    """Its mode says stateless, and high availability keeps a checkpoint all the same."""
    again = number and intent in (Intent.RESTART, Intent.RECOVER)
    assert restoring(with_metadata(number), intent).is_stateless is not bool(again)


def test_a_start_that_goes_back_is_as_stateless_as_the_one_that_failed() -> None:
    stateful, empty = record_of(UpgradeMode.SAVEPOINT, PATH), record_of(UpgradeMode.STATELESS, "")
    assert not restoring(stateful, Intent.GO_BACK).is_stateless
    assert restoring(empty, Intent.GO_BACK).is_stateless


def running(completed: int | None, path: str = "") -> Any:
    last = replace(SEEN, path=path) if path else None
    flink = looks.runs(checkpoints_completed=completed, last_checkpoint=last)
    return looks.case(looks.seen(looks.stable(), flink=flink, cluster=looks.cluster()))


NEVER_RAN = looks.cluster(never_available=True, available=0)


@pytest.mark.parametrize(
    ("case", "is_proven"),
    [
        (running(0), True),
        (running(1), False),
        (running(None), False),
        (running(0, "file:///cp/from-before"), False),
        (looks.case(looks.seen(looks.stable())), False),
        (with_metadata(0), True),
        (with_metadata(7), False),
        (looks.case(looks.seen(looks.deployed(), cluster=NEVER_RAN)), True),
    ],
    ids=[
        "none completed",
        "one completed",
        "not known",
        "began from one",
        "nothing seen",
        "metadata without one",
        "metadata with one",
        "never ran",
    ],
)
def test_that_nothing_came_since_the_start_is_proven_or_not(case: Any, is_proven: bool) -> None:
    assert has_nothing_since(case) is is_proven


def test_metadata_of_an_earlier_job_leads_to_a_path_where_a_folder_is_known() -> None:
    found: dict[str, Any] = {"ha_checkpoints": {"b" * 32: 4, "c" * 32: 9}}
    there = looks.case(looks.seen(looks.stable(with_folder()), with_folder(), **found))
    assert found_metadata_path(there) == f"file:///cp/{'c' * 32}/chk-9"
    nowhere = looks.case(looks.seen(looks.stable(), **found))
    assert found_metadata_path(nowhere) == ""
    empty = looks.seen(looks.stable(with_folder()), with_folder(), ha_checkpoints={"b" * 32: 0})
    assert found_metadata_path(looks.case(empty)) == ""


def test_what_flink_tells_goes_before_what_its_metadata_says() -> None:
    assert last_path(with_metadata(7)).endswith("/chk-7")
    there = looks.stable(with_folder())
    flink = looks.runs(last_checkpoint=SEEN)
    both = looks.seen(there, with_folder(), ha_checkpoints={looks.JOB: 7}, flink=flink)
    assert last_path(looks.case(both)) == SEEN.path
    assert last_path(looks.case(looks.seen(looks.stable(), flink=flink))) == SEEN.path
    assert last_path(looks.case(looks.seen(looks.stable()))) == ""
