# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each rule of the diagnosis has a case, and the most telling rule comes first."""

from __future__ import annotations

from datetime import timedelta

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis import diagnose
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_finding import Weight
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_rules import (
    ECHOES,
    OTHERWISE,
    SIGNS,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_scene import (
    CheckpointsView,
    Scene,
)
from support.diagnosis_of_jobs import JOBS
from support.diagnosis_of_pods import PODS
from support.diagnosis_scenes import (
    HA,
    NO_ACCOUNT,
    NO_META,
    NO_SAVEPOINT,
    NO_SLOTS,
    QUOTA,
    died,
    fails,
    refused,
    says_in_its_log,
)
from support.scenes import (
    NOW,
    SPEC,
    down,
    event,
    flink,
    job,
    log,
    resource,
    scene,
    sick,
    status,
    waiting,
)

CASES = (*PODS, *JOBS)


@pytest.mark.row("M-003-40")
@pytest.mark.parametrize(
    ("rule", "seen", "words"),
    CASES,
    ids=[f"{number} {case[0]}" for number, case in enumerate(CASES)],
)
def test_a_rule_finds_its_case_and_says_what_is_so(rule: str, seen: Scene, words: str) -> None:
    found = {finding.rule: finding for finding in diagnose(seen).findings}
    assert rule in found
    assert words in found[rule].what
    assert found[rule].evidence
    assert found[rule].next_step.endswith(".")
    assert "{" not in found[rule].next_step


@pytest.mark.parametrize(("rule", "seen"), [(rule, seen) for rule, seen, _words in CASES])
def test_the_most_telling_comes_first(rule: str, seen: Scene) -> None:
    """A warning does not say why a job does not run yet: that it is under way does."""
    found = diagnose(seen)
    weight = next(finding.weight for finding in found.findings if finding.rule == rule)
    is_beside = weight is Weight.WARNS and not seen.is_steady
    assert found.because == ("it_is_under_way" if is_beside else rule)


def test_every_rule_has_a_case() -> None:
    assert {sign.name for sign in (*SIGNS, *ECHOES, *OTHERWISE)} == {
        rule for rule, _scene, _words in CASES
    }


def test_the_names_of_rules_are_sentences_and_none_is_there_twice() -> None:
    names = [sign.name for sign in (*SIGNS, *ECHOES, *OTHERWISE)]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalpha() and name.islower() for name in names)


def test_a_running_job_is_well_whatever_was_said_before() -> None:
    past = scene(logs=(log(QUOTA),), flink=flink(job(failures=(NO_SLOTS,))))
    assert [finding.rule for finding in diagnose(past).findings] == ["all_is_well"]
    assert diagnose(past).is_well


@pytest.mark.parametrize("seen", [seen for _rule, seen, _words in CASES])
def test_a_job_that_runs_steadily_is_stopped_by_nothing(seen: Scene) -> None:
    found = diagnose(seen)
    if seen.is_steady:
        assert found.runs
        assert Weight.STOPS not in {finding.weight for finding in found.findings}
    else:
        assert "all_is_well" not in {finding.rule for finding in found.findings}


@pytest.mark.parametrize(
    ("cause", "effect", "seen"),
    [
        ("its_service_account_is_missing", "it_has_no_slots", refused(NO_ACCOUNT)),
        ("a_quota_refuses_its_pods", "it_has_no_slots", says_in_its_log(QUOTA)),
        ("its_savepoint_is_not_there", "its_container_crashes", died(NO_SAVEPOINT)),
        ("its_savepoint_is_not_there", "the_job_failed", fails(NO_META)),
        ("it_has_no_slots", "the_job_failed", fails(NO_SLOTS)),
        ("the_job_restarts_for_ever", "it_was_rolled_back", fails("B: root", "RESTARTING")),
    ],
)
def test_a_cause_stands_before_what_it_led_to(cause: str, effect: str, seen: Scene) -> None:
    order = [sign.name for sign in SIGNS]
    assert order.index(cause) < order.index(effect)
    assert diagnose(seen).because == cause


def test_what_the_status_repeats_is_told_only_where_no_cause_was_seen() -> None:
    stalled = {"type": "Stalled", "status": "True", "reason": "a_rule", "message": "its words"}
    told = resource(status=status(conditions=[stalled], error='{"message":"its words"}'))
    refusal = refused(QUOTA)
    assert diagnose(down(resource=told)).because == "the_last_turn_was_held"
    both = down(resource=told, deployment=refusal.deployment)
    assert [item.rule for item in diagnose(both).findings] == ["a_quota_refuses_its_pods"]


def test_what_flink_does_without_is_no_sign() -> None:
    chatter = (
        "2026-11-21 11:59:00,000 INFO  org.apache.flink.core.fs.FileSystem [] - Could not find a "
        "file system implementation for scheme 's3'"
    )
    assert diagnose(says_in_its_log(chatter)).because == "it_is_under_way"
    warned = chatter.replace("INFO ", "WARN ")
    assert diagnose(says_in_its_log(warned)).because == "a_file_system_is_not_installed"


def test_secrets_are_masked_in_every_part() -> None:
    told = died("Caused by: X: login with password=hunter2 refused")
    found = diagnose(told)
    assert "password=***" in found.findings[0].what
    assert "hunter2" not in str(found)


def test_what_could_not_be_seen_is_told_and_is_no_absence() -> None:
    blind = down(resource=None, deployment=None, unseen=("FlinkDeployment (not allowed)",))
    found = diagnose(blind)
    assert "there_is_no_such_resource" not in {finding.rule for finding in found.findings}
    assert found.unseen == ("FlinkDeployment (not allowed)",)


@pytest.mark.parametrize("state", ["SUSPENDED", "STABLE"])
def test_a_suspended_job_that_still_has_a_jobmanager_is_not_at_rest_yet(state: str) -> None:
    spec = {**SPEC, "job": {"state": "suspended"}}
    seen = scene(resource=resource(spec=spec, status=status(lifecycleState=state)))
    assert diagnose(seen).because != "the_user_suspended_it"


def test_a_young_start_without_slots_is_under_way() -> None:
    young = job(state="CREATED", tasks_running=0, needed=9, started=NOW - timedelta(seconds=30))
    assert diagnose(scene(flink=flink(young))).because == "it_is_under_way"


def test_the_cause_is_told_and_not_what_failed_in_its_wake() -> None:
    wake = "a.b.TaskNotRunningException: Task is not running, but in state FAILED"
    both = job(state="RESTARTING", failures=(wake, "A: x <- B: the cause"))
    assert diagnose(sick(both)).findings[0].what.endswith("over and over: B: the cause")
    alone = job(state="RESTARTING", failures=(wake,))
    assert diagnose(sick(alone)).findings[0].what.endswith(wake)


def test_checkpoints_that_fail_while_the_tasks_start_are_no_sign() -> None:
    counts = CheckpointsView(failed=3, failure="Not all required tasks are currently running")
    young = scene(flink=flink(job(checkpoints=counts, started=NOW - timedelta(seconds=20))))
    assert diagnose(young).because == "all_is_well"


def test_a_job_that_never_had_a_checkpoint_has_lost_none() -> None:
    seen = down(deployment=None, configuration=HA, has_checkpoint_in_ha=False)
    assert diagnose(seen).because == "its_ha_metadata_is_gone"
    with_data = down(
        deployment=None,
        configuration=HA,
        has_checkpoint_in_ha=False,
        leftovers=("orders-cluster-config-map",),
    )
    assert diagnose(with_data).because == "its_jobmanager_is_lost"


def test_an_odd_status_raises_nothing() -> None:
    odd = {
        "error": "{", "jobStatus": "x", "reconciliationStatus": [], "conditions": ["x"],
        "phase": {"deadline": "soon"}, "observedGeneration": "x", "ledger": None,
    }  # fmt: skip
    assert diagnose(down(resource=resource(status=odd))).findings


@pytest.mark.parametrize("reason", ["ErrImagePull", "CrashLoopBackOff", "PodInitializing"])
def test_a_mount_that_came_late_is_no_sign_once_a_container_does_more(reason: str) -> None:
    """The Deployment is made a moment before its ConfigMap; the event of it stays for an hour."""
    late = event("FailedMount", 'configmap "flink-config-orders" not found')
    rules = [it.rule for it in diagnose(down(pods=(waiting(reason),), events=(late,))).findings]
    assert ("a_volume_can_not_be_mounted" in rules) is (reason == "PodInitializing")
