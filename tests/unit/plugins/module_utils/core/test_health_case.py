# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A job's health as a whole look shows it: what is remembered, and what it leads to."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Case
from ansible_collections.flinkops.flink.plugins.module_utils.core.health import (
    KEY,
    RESTARTS,
    Memory,
    written,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.health_case import (
    explained,
    health_of,
    remembering,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.health_keys import CHECK
from ansible_collections.flinkops.flink.plugins.module_utils.core.intent import Intent
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Checkpoint,
    Counters,
    Unseen,
)
from support import looks
from support.looks import NOW

ON = {f"{CHECK}.enabled": "true", f"{CHECK}.restarts.threshold": "3"}
SOON = timedelta(seconds=30)
STOPS = looks.plan(Verdict.GO, Move.DELETE_CLUSTER, because="its_last_state_is_kept", message="off")
HERE = looks.cluster()
PERIODIC = {
    "execution.checkpointing.interval": "1 min",
    f"{CHECK}.checkpoint-progress.enabled": "false",
}
OFTEN = Counters(restarts=4, checkpoints=None)


def memory(**fields: Any) -> str:
    usual = {"at": NOW, "restarts": 0, "counted_at": NOW, "checkpoints": 0, "progress_at": NOW}
    return written(Memory(**{**usual, **fields}))


def a_case(  # noqa: PLR0913 - a case has many sides
    counters: Counters | None = OFTEN,
    *,
    noted: str = "",
    settings: dict[str, str] | None = None,
    reconciliation: dict[str, Any] | None = None,
    cluster: Any = HERE,
    is_seen: bool = True,
    mode: str = "stateless",
    **job: Any,
) -> Case:
    cr = looks.definition(upgradeMode=mode)
    cr["spec"]["flinkConfiguration"] |= ON if settings is None else settings
    of = looks.wanted(cr)
    status = looks.stable(of)
    begun = int((NOW - timedelta(minutes=1)).timestamp() * 1000)
    status["reconciliationStatus"] |= {"reconciliationTimestamp": begun, **(reconciliation or {})}
    status["clusterInfo"] = {KEY: noted or memory()}
    flink = looks.runs(counters=counters, **job) if is_seen else Unseen(why="silence")
    seen = looks.seen(status, of, cluster=cluster, flink=flink)
    return looks.case(seen, now=NOW + SOON)


def noted(case: Case) -> dict[str, Any]:
    resource = case.seen.resource
    assert resource is not None
    found: dict[str, Any] = json.loads(remembering(resource.status["clusterInfo"], case)[KEY])
    return found


@pytest.mark.row("C-055")
@pytest.mark.parametrize("state", ["RUNNING", "RESTARTING", "FAILING", "CREATED"])
def test_a_job_that_restarts_too_often_is_restarted_in_any_state_but_an_end(state: str) -> None:
    health = health_of(a_case(state=state))
    assert (health.rule.name, health.restarts) == (RESTARTS, True)
    assert health.told == "4 restarts in 120 s, more than 3"


@pytest.mark.parametrize("state", ["FINISHED", "FAILED", "CANCELED", "CANCELLING"])
def test_a_job_that_ends_is_nobodys_patient(state: str) -> None:
    assert not health_of(a_case(state=state)).restarts


def test_nothing_is_watched_unless_it_is_switched_on() -> None:
    case = a_case(settings={})
    assert health_of(case).rule.name == "its_health_is_not_watched"
    assert remembering({KEY: "old", "flink-version": "1.20.5"}, case) == {"flink-version": "1.20.5"}


def test_counters_that_are_not_told_say_nothing() -> None:
    case = a_case(None)
    assert health_of(case).rule.name == "its_counters_are_not_seen"
    assert noted(case)["timeStamp"] == int(NOW.timestamp() * 1000)


def test_what_an_earlier_start_left_behind_is_forgotten() -> None:
    """Its counts are another JobManager's."""
    old = memory(at=NOW - timedelta(hours=1), counted_at=NOW - timedelta(hours=1), finding=RESTARTS)
    case = a_case(noted=old)
    assert not health_of(case).restarts
    assert noted(case)["numRestarts"] == 4
    assert noted(case)["healthResult"]["healthy"]
    assert not health_of(a_case(noted=old, state="CANCELED")).restarts


def test_the_finding_is_written_with_the_restart_it_leads_to() -> None:
    assert noted(a_case())["healthResult"] == {"healthy": False, "error": RESTARTS}


def test_a_finding_that_does_not_hold_any_more_is_taken_back() -> None:
    found = noted(a_case(Counters(restarts=2, checkpoints=None), noted=memory(finding=RESTARTS)))
    assert found["healthResult"] == {"healthy": True, "error": None}


def test_a_restart_that_was_begun_goes_on_once_its_job_is_cancelled() -> None:
    going = a_case(noted=memory(finding=RESTARTS), state="CANCELED")
    assert health_of(going).rule.name == "its_restart_goes_on"
    by_others = a_case(state="CANCELED")
    assert not health_of(by_others).restarts


def test_the_plan_that_ends_the_job_says_why() -> None:
    plan = explained(STOPS, a_case(), Intent.RESTART)
    assert plan.because == RESTARTS
    assert plan.message == "4 restarts in 120 s, more than 3; off"


@pytest.mark.parametrize("intent", [Intent.UPGRADE, Intent.SUSPEND, Intent.NONE])
def test_a_plan_for_another_reason_keeps_its_own(intent: Intent) -> None:
    assert explained(STOPS, a_case(), intent) == STOPS


@pytest.mark.parametrize(("intent", "is_told"), [(Intent.NONE, True), (Intent.UPGRADE, False)])
def test_a_job_that_is_not_restarted_although_it_is_unhealthy_is_told(
    intent: Intent, is_told: bool
) -> None:
    plan = explained(looks.RUNS, a_case(reconciliation={"lastStableSpec": ""}), intent)
    assert plan.verdict is Verdict.SETTLED
    assert plan.message.endswith("and is not restarted: it never ran well") is is_told


@pytest.mark.parametrize(
    ("settings", "completed", "restarts"),
    [({}, 0, True), (PERIODIC, 0, False), (PERIODIC, None, False), (PERIODIC, 1, True)],
)
def test_a_start_that_went_back_proves_itself_by_a_checkpoint(
    settings: dict[str, str], completed: int | None, restarts: bool
) -> None:
    case = a_case(
        settings=ON | settings,
        reconciliation={"state": "ROLLED_BACK"},
        checkpoints_completed=completed,
    )
    assert health_of(case).restarts is restarts


def test_a_stateful_job_of_which_no_snapshot_is_sure_is_left_alone() -> None:
    case = a_case(mode="last-state", settings=ON | {"state.checkpoints.dir": "file:///cp"})
    assert health_of(case).rule.name == "no_state_is_sure_enough_for_a_restart"
    seen = Checkpoint(id=1, path="file:///cp/chk-1", completed=NOW)
    known = a_case(
        mode="last-state",
        settings=ON | {"state.checkpoints.dir": "file:///cp"},
        last_checkpoint=seen,
    )
    assert health_of(known).restarts


def test_a_restart_that_was_begun_goes_on_while_its_cluster_goes_and_is_gone() -> None:
    begun = memory(finding=RESTARTS)
    for cluster in (None, looks.cluster(being_deleted=True)):
        assert health_of(a_case(noted=begun, cluster=cluster, is_seen=False)).restarts
    silent = a_case(noted=begun, is_seen=False)
    assert not health_of(silent).restarts
    assert not health_of(a_case(noted=begun, state="FAILED")).restarts
