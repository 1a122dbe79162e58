# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From a look to a plan in words: which rule fires for what a person may meet, and what is said."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.decide import (
    decide_deploy,
    decide_remove,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Problem
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Checkpoint,
    Holder,
    Pods,
    Seen,
    Unseen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.trouble import Trouble
from ansible_collections.flinkops.flink.plugins.module_utils.core.words import progress
from support import looks

STATEFUL = looks.wanted(upgradeMode="savepoint")
CHECKPOINT = Checkpoint(id=7, path="file:///cp/chk-7", completed=looks.NOW)
THERE = Holder(identity=looks.OTHER, expires=looks.NOW + timedelta(seconds=42))
NO_IMAGE = Trouble(
    reason="ImagePullBackOff", message="no such image", pod="app-1", container="main"
)


def deploy(seen: Seen, **asks: Any) -> Plan:
    wanted = looks.case(seen).wanted
    return decide_deploy(seen, key="default/app", wanted=wanted, asker=looks.asker(**asks))


def remove(seen: Seen, word: Word = Word.KEEP, **asks: Any) -> Plan:
    return decide_remove(looks.case(seen, **asks), key="default/app", word=word)


DEPLOYED = looks.seen(looks.deployed(), cluster=looks.cluster(), pods=looks.READY)
STABLE = looks.seen(looks.stable(), cluster=looks.cluster(), pods=looks.READY)
CHANGED = looks.wanted(parallelism=3)


@pytest.mark.parametrize(
    ("seen", "rule"),
    [
        (Seen(resource=None), "the_resource_is_not_there"),
        (looks.seen(), "a_new_resource_is_deployed"),
        (looks.seen(of=looks.wanted(state="suspended")), "a_suspended_resource_is_not_deployed"),
        (looks.seen(cluster=looks.cluster(owner_uid="x")), "an_object_of_its_name_is_in_the_way"),
        (looks.seen(leftover_state=("app-config-map",)), "state_of_its_name_was_found"),
        (looks.seen(pods=looks.READY), "the_old_cluster_is_going"),
        (looks.seen(looks.written_ahead()), "an_interrupted_deployment_goes_on"),
        (looks.seen(looks.written_ahead(), CHANGED), "an_interrupted_deployment_starts_over"),
        (replace(DEPLOYED, flink=looks.runs(tasks_running=1)), "its_tasks_are_starting"),
        (replace(DEPLOYED, flink=looks.flink()), "its_job_is_not_submitted_yet"),
        (DEPLOYED, "its_rest_api_is_not_seen_yet"),
        (replace(DEPLOYED, trouble=NO_IMAGE), "its_pods_can_not_start"),
        (replace(STABLE, flink=looks.runs()), "the_job_runs"),
        (replace(STABLE, flink=looks.runs(state="FINISHED")), "the_job_finished"),
        (replace(STABLE, flink=looks.runs(state="CANCELED")), "the_job_was_canceled"),
        (
            looks.seen(looks.stable(), CHANGED, cluster=looks.cluster()),
            "its_flink_is_silent",
        ),
        (looks.seen(looks.stable()), "a_lost_jobmanager_is_made_again"),
        (
            looks.seen(
                looks.deployed(), CHANGED, cluster=looks.cluster(available=0, never_available=True),
                trouble=NO_IMAGE,
            ),
            "a_start_that_never_ran_is_replaced",
        ),
        (looks.seen({"lifecycleState": "DELETING"}), "its_removal_was_begun"),
    ],
)  # fmt: skip
def test_what_is_seen_names_the_rule(seen: Seen, rule: str) -> None:
    assert deploy(seen).because == rule


def test_the_one_who_holds_the_lease_and_for_how_long_is_named() -> None:
    plan = deploy(looks.seen(claim=THERE))
    assert plan.because == "another_driver_holds_the_lease"
    assert looks.OTHER in plan.message
    assert "12:00:42 UTC" in plan.message


def test_every_problem_is_told_those_of_the_cluster_too() -> None:
    def problem(path: str) -> Problem:
        return Problem(path=path, value="1", rule="must be 2", next_step="Write 2.")

    resource = looks.resource(problems=(problem("spec.a"), problem("spec.b")))
    seen = looks.seen(resource=resource, beforehand=(problem("spec.c"),))
    assert deploy(seen).message.count("must be 2 (found 1). Write 2.") == 3


def test_a_failed_job_tells_its_cause() -> None:
    failed = looks.runs(state="FAILED", root_exception="NullPointerException: at 3")
    plan = deploy(replace(STABLE, flink=failed))
    assert (plan.verdict, plan.because) == (Verdict.FAILED, "the_job_failed")
    assert "NullPointerException: at 3" in plan.message


def test_trouble_tells_where_and_what_to_do() -> None:
    plan = deploy(replace(DEPLOYED, trouble=NO_IMAGE))
    assert plan.message == "app-1 [main] ImagePullBackOff: no such image"
    assert plan.next_step == NO_IMAGE.next_step


def test_braces_in_what_is_told_are_no_fields() -> None:
    failed = looks.runs(state="FAILED", root_exception="{key} {0} {")
    assert deploy(replace(STABLE, flink=failed)).message.endswith("{key} {0} {")


def test_only_a_wait_is_looked_at_again_by_itself() -> None:
    assert deploy(DEPLOYED).wake > timedelta(0)
    assert deploy(replace(STABLE, flink=looks.runs())).wake == timedelta(0)


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (looks.seen(), "pod is not there yet"),
        (looks.seen(pods=Pods(jobmanagers=1, progress="pod app-1 is Pending")), "app-1 is Pending"),
        (
            looks.seen(pods=looks.READY, flink=Unseen(why="connection refused")),
            "connection refused",
        ),
        (looks.seen(flink=looks.flink()), "not submitted yet"),
        (looks.seen(flink=looks.runs(tasks_running=1)), "1 of 2 tasks run"),
        (looks.seen(trouble=NO_IMAGE), "no such image"),
    ],
)
def test_progress_is_told_in_words(seen: Seen, words: str) -> None:
    assert words in progress(seen)


def stateful(**fields: Any) -> Seen:
    found = looks.seen(looks.stable(STATEFUL), STATEFUL, cluster=looks.cluster(), pods=looks.READY)
    return replace(found, **fields)


STOPPED = looks.cluster(replicas=0)
REMOVING = {
    **looks.stable(STATEFUL),
    "lifecycleState": "DELETING",
    "phase": {"name": "cluster-delete"},
}


@pytest.mark.parametrize(
    ("seen", "word", "rule"),
    [
        (Seen(resource=None), Word.KEEP, "nothing_of_that_name_is_left"),
        (looks.seen(), Word.KEEP, "a_resource_without_a_cluster_is_deleted"),
        (
            Seen(resource=None, leftover_state=("app-config-map",)),
            Word.DROP,
            "its_state_of_the_name_is_dropped",
        ),
        (Seen(resource=None, pods=looks.READY), Word.KEEP, "its_pods_are_going"),
        (
            looks.seen(resource=looks.resource(being_deleted=True)),
            Word.KEEP,
            "its_resource_is_going",
        ),
        (
            replace(STABLE, resource=looks.resource(status=looks.stable(), being_deleted=True)),
            Word.KEEP,
            "a_stateless_job_is_removed",
        ),
        (STABLE, Word.KEEP, "a_stateless_job_is_removed"),
        (stateful(), Word.KEEP, "the_last_checkpoint_is_not_seen"),
        (stateful(), Word.DROP, "the_user_drops_the_state"),
        (stateful(), Word.FORCE, "the_user_forces_the_removal"),
        (
            stateful(flink=looks.runs(checkpoints_completed=0)),
            Word.KEEP,
            "a_stateful_job_has_no_checkpoint",
        ),
        (
            stateful(flink=looks.runs(last_checkpoint=CHECKPOINT, checkpoints_completed=7)),
            Word.KEEP,
            "its_job_is_cancelled",
        ),
        (stateful(cluster=STOPPED), Word.KEEP, "the_last_checkpoint_is_not_seen"),
        (
            stateful(resource=looks.resource(STATEFUL, status=REMOVING), cluster=STOPPED),
            Word.KEEP,
            "its_jobmanager_is_stopping",
        ),
        (
            stateful(
                resource=looks.resource(STATEFUL, status=REMOVING), cluster=STOPPED, pods=Pods()
            ),
            Word.KEEP,
            "a_stopped_cluster_is_deleted",
        ),
        (stateful(cluster=looks.cluster(being_deleted=True)), Word.KEEP, "its_objects_are_going"),
        (
            stateful(cluster=looks.cluster(owner_uid="x")),
            Word.FORCE,
            "an_object_of_its_name_is_not_ours",
        ),
    ],
)  # fmt: skip
def test_what_is_seen_names_the_rule_of_a_removal(seen: Seen, word: Word, rule: str) -> None:
    assert remove(seen, word).because == rule


def test_the_last_checkpoint_is_named_before_its_job_ends() -> None:
    runs = looks.runs(last_checkpoint=CHECKPOINT, checkpoints_completed=7)
    assert "file:///cp/chk-7" in remove(stateful(flink=runs)).message


def test_what_is_left_is_named_when_the_time_is_over() -> None:
    pods = Pods(taskmanagers=1, names=("app-taskmanager-1-1",))
    late = looks.NOW + timedelta(hours=1)
    plan = remove(looks.seen(pods=pods), now=late, patience=looks.NOW)
    assert (plan.verdict, plan.because) == (Verdict.HELD, "its_objects_outlive_the_deadline")
    assert "app-taskmanager-1-1" in plan.message
