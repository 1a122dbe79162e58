# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Short lives that once ended wrongly; each names what must not happen again."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore import RETENTION
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import VERB_ANNOTATION
from support.driver import Driver, driver, status
from support.lifecycle_faults import (
    BEFALLS,
    BLOWS,
    struck,
    until_it_rests,
    written,
)
from support.lifecycle_world import (
    RESOURCE,
    annotate,
    deletes_deployment,
    edit_spec,
    job_fails,
    kills_jobmanager,
    switched,
)
from support.resources import stateful
from support.scenarios import BAD, CHAPTERS, NO_HA, Chapter, reached, scaled, suspended
from support.world import Crashed, Fault

OPERATOR = "kubernetes.operator."


def test_a_start_that_was_announced_has_its_whole_time_whenever_it_is_made() -> None:
    chapter = CHAPTERS[0]
    found = chapter.begins()
    chapter.happens(found.world)
    ahead = [at for at, what in written(chapter) if what == "create Deployment/app"][-1]
    struck(found, {ahead: Fault.CRASH})
    with pytest.raises(Crashed):
        found.deploy()
    found.world.passes(timedelta(minutes=10))
    reached(found, until_it_rests(found, found.deploy), chapter)


def test_a_clock_that_jumps_does_not_take_a_new_version_back() -> None:
    chapter = CHAPTERS[0]
    found = chapter.begins()
    chapter.happens(found.world)
    found.world.edits = {found.world.requests + 59: BEFALLS["a clock an hour fast"]}
    reached(found, until_it_rests(found, found.deploy), chapter)


def test_a_version_that_failed_and_lost_its_jobmanager_is_taken_back() -> None:
    chapter = next(it for it in CHAPTERS if it.name == "a rollback by last-state")
    found = chapter.begins()
    found.world.flink.refresh = timedelta(seconds=3)
    chapter.happens(found.world)
    found.world.edits = {found.world.requests + 65: kills_jobmanager}
    reached(found, until_it_rests(found, found.deploy), chapter)


def test_a_job_that_went_on_after_its_stop_failed_keeps_what_it_did_since() -> None:
    chapter = CHAPTERS[0]
    found = chapter.begins()
    found.world.flink.fails_when_stopping = True
    chapter.happens(found.world)
    until_it_rests(found, found.deploy)
    assert found.world.flink.lost() == []


def test_a_start_that_came_up_since_the_look_is_not_cut_off() -> None:
    chapter = CHAPTERS[1]
    found = chapter.begins()
    chapter.happens(found.world)
    found.world.edits = {
        found.world.requests + 60: lambda world: edit_spec(world, job={"parallelism": 5})
    }
    until_it_rests(found, found.deploy)
    assert found.world.flink.lost() == []


def test_silence_alone_takes_no_running_version_back() -> None:
    chapter = CHAPTERS[2]
    found = chapter.begins()
    chapter.happens(found.world)
    found.world.edits = {found.world.requests + 30: BLOWS["it is silent"]}
    until_it_rests(found, found.deploy)
    found.world.flink.is_silent = False
    reached(found, until_it_rests(found, found.deploy), chapter)


@pytest.mark.parametrize("label", [None, "new"])
def test_after_a_rollback_the_stable_spec_is_recorded_again_and_nothing_is_started(
    label: str | None,
) -> None:
    chapter = next(it for it in CHAPTERS if it.name == "a rollback")
    found = chapter.begins()
    good = found.world.objects[RESOURCE]["spec"]["image"]
    chapter.happens(found.world)
    until_it_rests(found, found.deploy)
    starts = len(found.world.flink.starts)
    edit_spec(found.world, image=good)
    if label:
        edit_spec(found.world, ingress={"template": f"{label}.example.com"})
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    assert len(found.world.flink.starts) == starts
    assert status(found)["lifecycleState"] == "STABLE"
    found.deploy()
    assert not found.changed


@pytest.mark.parametrize("mode", ["savepoint", "last-state", "stateless"])
def test_no_job_is_stopped_for_a_spec_that_the_cluster_refuses(mode: str) -> None:
    chapter = Chapter(name="", happens=scaled, mode=mode, parallelism=3)
    found = chapter.begins()
    account = found.world.objects.pop(("ServiceAccount", "default", "flink"))
    chapter.happens(found.world)
    job, plan = found.world.flink.job_of(), found.deploy()
    assert (plan.verdict, plan.because) == (Verdict.HELD, "the_resource_breaks_rules")
    assert "flink" in plan.message
    assert found.world.flink.job_of() is job
    found.world.put(account)
    reached(found, until_it_rests(found, found.deploy), chapter)


def test_a_suspension_needs_nothing_of_the_cluster() -> None:
    chapter = Chapter(name="", happens=suspended, parallelism=None, lifecycle="SUSPENDED")
    found = chapter.begins()
    del found.world.objects["ServiceAccount", "default", "flink"]
    chapter.happens(found.world)
    reached(found, until_it_rests(found, found.deploy), chapter)


@pytest.mark.parametrize("broken", [{"parallelism": 0}, {"parallelism": "many"}], ids=str)
def test_a_stateful_job_does_not_begin_empty_because_its_resource_breaks_rules(
    broken: dict[str, object],
) -> None:
    """Its first start was empty, and so the record's upgradeMode is stateless."""
    found = Chapter(name="", happens=scaled, has_ha=False).begins()
    edit_spec(found.world, job=broken)
    deletes_deployment(found.world)
    stored = found.world.objects[RESOURCE]
    found.world.put({**stored, "status": {**stored["status"], "ledger": []}})
    starts = len(found.world.flink.starts)
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.HELD, "no_state_to_start_from_is_known")
    assert len(found.world.flink.starts) == starts


def test_a_start_that_does_not_come_up_is_made_again_from_the_state_that_a_person_names() -> None:
    cr = stateful()
    cr["spec"]["image"] = BAD
    found = driver(cr)
    found.world.flink.fails_on = frozenset({BAD})
    assert until_it_rests(found, found.deploy).verdict is Verdict.FAILED
    path = "file:///sp/savepoint-1"
    annotate(found.world, f"restore-from={path}")
    until_it_rests(found, found.deploy)
    last = status(found)["startedFrom"]
    assert (last["because"], last["path"]) == ("the_user_names_the_snapshot", path)
    starts = len(found.world.flink.starts)
    until_it_rests(found, found.deploy)
    assert len(found.world.flink.starts) == starts, "once was enough"


@pytest.mark.parametrize("has_ha", [True, False])
def test_a_job_that_failed_is_started_from_the_state_that_a_person_names(has_ha: bool) -> None:
    found = Chapter(name="", happens=job_fails, has_ha=has_ha).begins()
    job_fails(found.world)
    assert until_it_rests(found, found.deploy).because == "the_job_failed"
    path = status(found)["ledger"][0]["path"]
    annotate(found.world, f"restore-from={path}")
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    last = status(found)["startedFrom"]
    assert (last["because"], last["path"]) == ("the_user_names_the_snapshot", path)


def never_came_up() -> Driver:
    """A stateful first version, without HA, whose image is bad; then a good one is wanted."""
    cr = stateful()
    good = cr["spec"]["image"]
    for key in NO_HA:
        del cr["spec"]["flinkConfiguration"][key]
    cr["spec"]["image"] = BAD
    found = driver(cr)
    found.world.bad_images = frozenset({BAD})
    assert until_it_rests(found, found.deploy).verdict is Verdict.FAILED
    edit_spec(found.world, image=good)
    return found


def test_a_version_that_never_came_up_is_replaced_wherever_the_driver_is_killed() -> None:
    """What was known of its state goes with its cluster: it is written down beforehand."""
    whole = never_came_up()
    begin = whole.world.requests
    assert until_it_rests(whole, whole.deploy).because == "the_job_runs"
    writes = [at - begin for at in whole.world.written_at if at >= begin]
    assert len(writes) > 4
    for at in writes:
        found = never_came_up()
        struck(found, {at: Fault.CRASH_AFTER})
        plan = until_it_rests(found, found.deploy)
        assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs"), at
        assert [start.origin for start in found.world.flink.starts] == ["empty"], at


def with_checkpoints_that_go(*, has_directory: bool) -> Driver:
    """A last-state job without HA whose checkpoints Flink deletes when it is cancelled."""
    cr = stateful()
    conf = cr["spec"]["flinkConfiguration"]
    gone = NO_HA if has_directory else (*NO_HA, "state.savepoints.dir")
    for key in gone:
        del conf[key]
    conf[RETENTION.key] = "DELETE_ON_CANCELLATION"
    cr["spec"]["job"]["upgradeMode"] = "last-state"
    found = driver(cr)
    assert until_it_rests(found, found.deploy).because == "the_job_runs"
    found.world.passes(timedelta(minutes=2))
    return found


def test_a_job_whose_checkpoints_go_with_it_is_left_by_a_savepoint() -> None:
    found = with_checkpoints_that_go(has_directory=True)
    scaled(found.world)
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    assert status(found)["startedFrom"]["path"].startswith("file:///sp/")
    assert found.world.flink.lost() == []


@pytest.mark.parametrize("verb", ["", "skip-savepoint"])
def test_a_job_whose_checkpoints_go_with_it_is_not_cancelled(verb: str) -> None:
    found = with_checkpoints_that_go(has_directory=False)
    scaled(found.world)
    if verb:
        annotate(found.world, verb)
    job, plan = found.world.flink.job_of(), until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.HELD, "its_checkpoints_go_with_its_job")
    assert found.world.flink.job_of() is job
    assert found.world.flink.lost() == []


BLANKED = ("lastReconciledSpec", "state", "lastStableSpec", "jobId", "upgradeSavepointPath")


@pytest.mark.parametrize("value", ["", None, "nonsense", {"no": "text"}], ids=repr)
@pytest.mark.parametrize("field", BLANKED)
@pytest.mark.parametrize("begins", ["running", "suspended"])
def test_a_status_that_was_edited_to_nonsense_starts_nothing_empty(
    begins: str, field: str, value: object
) -> None:
    found = Chapter(name="", happens=suspended, has_ha=False).begins()
    if begins == "suspended":
        suspended(found.world)
        until_it_rests(found, found.deploy)
    garble(found, field, value)
    edit_spec(found.world, job={"state": "running", "parallelism": 2})
    until_it_rests(found, found.deploy)
    assert found.world.flink.lost() == []
    assert [start.origin for start in found.world.flink.starts].count("empty") == 1


def garble(found: Driver, field: str, value: object) -> None:
    stored = found.world.objects[RESOURCE]
    whole = dict(stored["status"])
    for part in ("reconciliationStatus", "jobStatus"):
        if field in whole[part]:
            whole[part] = {**whole[part], field: value}
    found.world.put({**stored, "status": whole})


def test_a_lost_job_is_not_started_from_what_may_not_be_its_newest_snapshot() -> None:
    cr = stateful()
    for key in NO_HA:
        del cr["spec"]["flinkConfiguration"][key]
    cr["spec"]["flinkConfiguration"]["state.checkpoints.num-retained"] = "20"
    found = driver(cr)
    until_it_rests(found, found.deploy)
    found.world.passes(timedelta(minutes=2))
    found.deploy()
    deletes_deployment(found.world)
    plan = until_it_rests(found, found.deploy)
    held = (Verdict.HELD, "no_state_to_start_from_is_known")
    assert (plan.verdict, plan.because) == held
    path = status(found)["ledger"][0]["path"]
    assert path in plan.message
    assert "recover_from=latest" in plan.next_step
    annotate(found.world, "restore-latest")
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    assert status(found)["startedFrom"]["path"] == path
    annotations = found.world.objects[RESOURCE]["metadata"].get("annotations") or {}
    assert VERB_ANNOTATION not in annotations


def test_another_flink_that_does_not_run_well_is_taken_back_from_the_old_ones_savepoint() -> None:
    found = Chapter(name="", happens=scaled).begins()
    before = found.world.objects[RESOURCE]["spec"]["flinkVersion"]
    edit_spec(found.world, image=BAD, flinkVersion="v2_0")
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.FAILED, "this_version_failed_before")
    now = status(found)
    assert (now["lifecycleState"], now["jobStatus"]["state"]) == ("ROLLED_BACK", "RUNNING")
    assert before != "v2_0"
    assert found.world.flink.lost() == []
    until_it_rests(found, found.deploy)
    assert not found.changed


@pytest.mark.parametrize("has_ha", [True, False])
@pytest.mark.parametrize("begun_at", range(5))
def test_a_cancelled_job_goes_on_from_its_very_last_checkpoint(begun_at: int, has_ha: bool) -> None:
    """Flink's answers are up to three seconds old: one completed since the last that was told."""
    cr = stateful()
    conf = cr["spec"]["flinkConfiguration"]
    for key in () if has_ha else NO_HA:
        del conf[key]
    conf["state.checkpoints.num-retained"] = "20"
    conf["kubernetes.operator.job.upgrade.last-state.job-cancel.enabled"] = "true"
    cr["spec"]["job"]["upgradeMode"] = "last-state"
    found = driver(cr)
    found.world.flink.refresh = timedelta(seconds=3)
    until_it_rests(found, found.deploy)
    found.world.passes(timedelta(seconds=60 + begun_at))
    scaled(found.world)
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    assert found.world.flink.lost() == []


@pytest.mark.parametrize("has_ha", [True, False])
@pytest.mark.parametrize("retention", ["RETAIN_ON_CANCELLATION", "DELETE_ON_CANCELLATION"])
def test_a_savepoint_that_completes_when_it_is_skipped_is_not_lost(
    has_ha: bool, retention: str
) -> None:
    """With it the job ends for good, and its checkpoints and its HA metadata go."""
    for at in range(0, 60, 2):
        found = while_it_saves(has_ha=has_ha, retention=retention)
        releases = switched(savepoints_hang=False)
        found.world.edits = {found.world.requests + at: releases}
        annotate(found.world, "skip-savepoint")
        plan = until_it_rests(found, found.deploy)
        releases(found.world)
        if plan.verdict is Verdict.FAILED:
            plan = until_it_rests(found, found.deploy)
        assert found.world.flink.lost() == [], at
        if plan.verdict is Verdict.HELD:
            assert plan.because in MAY_HAVE_STOPPED, at
            assert "recover" in plan.next_step
            assert not found.world.flink.job_of(), at
            continue
        assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs"), at


MAY_HAVE_STOPPED = ("only_an_older_snapshot_may_be_known", "no_state_to_start_from_is_known")
"""Flink went before it told of its savepoint: a person names it."""


def while_it_saves(*, has_ha: bool, retention: str) -> Driver:
    cr = stateful()
    conf = cr["spec"]["flinkConfiguration"]
    for key in () if has_ha else NO_HA:
        del conf[key]
    conf[RETENTION.key] = retention
    found = driver(cr)
    until_it_rests(found, found.deploy)
    found.world.passes(timedelta(seconds=70))
    until_it_rests(found, found.deploy)
    found.world.flink.savepoints_hang = True
    scaled(found.world)
    found.turns, turns = 6, found.turns
    with suppress(AssertionError):  # the run is killed while it waits
        found.deploy()
    found.turns = turns
    assert status(found)["phase"]["name"] == "savepoint"
    return found


def test_a_version_that_becomes_stable_has_its_savepoints_put_in_order_in_the_same_run() -> None:
    """Its own savepoint was one more than are kept; the run after it changes nothing."""
    found = CHAPTERS[0].begins()
    edit_spec(found.world, flinkConfiguration={f"{OPERATOR}savepoint.history.max.count": "2"})
    found.deploy()
    for args in (["1"], ["2"], ["3"], ["4"]):
        found.world.passes(timedelta(seconds=61))
        edit_spec(found.world, job={"args": args})
        assert found.deploy().because == "the_job_runs"
        found.deploy()
        assert not found.changed, args
    history = status(found)["jobStatus"]["savepointInfo"]["savepointHistory"]
    assert len(history) == 2
    assert found.world.flink.lost() == []


def test_a_snapshot_that_is_asked_for_with_a_change_is_taken_in_the_same_run() -> None:
    found = CHAPTERS[0].begins()
    edit_spec(found.world, job={"args": ["new"], "savepointTriggerNonce": 7})
    assert found.deploy().because == "the_job_runs"
    found.deploy()
    assert not found.changed


def test_a_failed_snapshot_is_told_until_one_completes() -> None:
    found = CHAPTERS[0].begins()
    BLOWS["savepoints fail"](found.world)
    edit_spec(found.world, job={"savepointTriggerNonce": 8})
    found.deploy()
    assert "the savepoint of default/app failed" in status(found)["snapshotFailure"]["message"]
    switched(savepoints_fail=False)(found.world)
    found.deploy()
    edit_spec(found.world, job={"savepointTriggerNonce": 9})
    found.deploy()
    told = status(found)
    assert told["jobStatus"]["savepointInfo"]["lastSavepoint"]["triggerNonce"] == 9
    assert "snapshotFailure" not in told


def test_a_first_pod_template_with_a_label_alone_restarts_nothing_and_is_settled() -> None:
    """It needs one object more than what runs has: that is made with the next start."""
    found = CHAPTERS[0].begins()
    starts = len(found.world.flink.starts)
    template = {"metadata": {"labels": {"team": "shop"}}}
    edit_spec(found.world, podTemplate=template)
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    assert len(found.world.flink.starts) == starts
    found.deploy()
    assert not found.changed


def test_after_a_rollback_it_is_told_why() -> None:
    found = CHAPTERS[0].begins()
    edit_spec(found.world, image=BAD)
    plan = until_it_rests(found, found.deploy)
    assert plan.because == "this_version_failed_before"
    assert "It was taken back: job F" in plan.message
    assert status(found)["failedBecause"] in plan.message
    edit_spec(found.world, image="example/flink:3")
    assert until_it_rests(found, found.deploy).because == "the_job_runs"


def test_a_change_that_only_a_start_reads_is_another_try_after_a_rollback() -> None:
    found = CHAPTERS[0].begins()
    edit_spec(found.world, image=BAD)
    assert until_it_rests(found, found.deploy).because == "this_version_failed_before"
    found.world.flink.fails_on = frozenset()
    assert until_it_rests(found, found.deploy).because == "this_version_failed_before"
    edit_spec(found.world, job={"allowNonRestoredState": True})
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    assert status(found)["lifecycleState"] == "STABLE"
