# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The facts behind the choice of a state: what is kept while a cluster goes, and where it lies."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.intent import Intent
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import iso
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore import (
    NAMED_BY_A_PERSON,
    Began,
    Kept,
    Restoring,
    kept,
    metadata_path,
    restoring,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    JobState,
    UpgradeMode,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.status_start import as_text
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
