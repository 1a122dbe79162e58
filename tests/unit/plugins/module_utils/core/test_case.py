# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The facts that every table shares, each with what it takes to get it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import (
    Flink,
    JobManager,
    begun,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Pods, Unseen
from support import looks

STATEFUL = looks.wanted(upgradeMode="savepoint")


@pytest.mark.parametrize(
    ("cluster", "jobmanager"),
    [
        (None, JobManager.ABSENT),
        (looks.cluster(), JobManager.OURS),
        (looks.cluster(owner_uid="another"), JobManager.FOREIGN),
        (looks.cluster(owner_uid=""), JobManager.FOREIGN),
        (looks.cluster(being_deleted=True), JobManager.GOING),
        (looks.cluster(being_deleted=True, owner_uid="another"), JobManager.FOREIGN),
        (looks.cluster(generation=9), JobManager.OLDER),
        (looks.cluster(generation=None), JobManager.OLDER),
    ],
)
def test_whose_a_jobmanager_is_while_a_start_is_under_way(
    cluster: Any, jobmanager: JobManager
) -> None:
    assert looks.case(looks.seen(looks.written_ahead(), cluster=cluster)).jobmanager is jobmanager


def test_the_generation_says_nothing_once_a_start_is_done() -> None:
    seen = looks.seen(looks.deployed(), cluster=looks.cluster(generation=9))
    assert looks.case(seen).jobmanager is JobManager.OURS


@pytest.mark.row("C-030")
@pytest.mark.parametrize(
    ("flink", "fact"),
    [
        (Unseen(why="silence"), Flink.UNSEEN),
        (looks.flink(), Flink.NO_JOB),
        (looks.runs(), Flink.RUNNING),
        (looks.runs(tasks_running=1), Flink.STARTING),
        (looks.runs(tasks=0, tasks_running=0), Flink.STARTING),
        (looks.runs(state="CREATED"), Flink.STARTING),
        (looks.runs(state="RESTARTING"), Flink.RESTARTING),
        (looks.runs(state="CANCELLING"), Flink.CANCELLING),
        (looks.runs(state="A_STATE_OF_FLINK_4"), Flink.STARTING),
        (looks.runs(state="FINISHED"), Flink.FINISHED),
        (looks.runs(state="FAILED"), Flink.FAILED),
        (looks.runs(state="CANCELED"), Flink.CANCELED),
    ],
)
def test_a_job_runs_when_all_its_tasks_do(flink: Any, fact: Flink) -> None:
    assert (
        looks.case(looks.seen(looks.deployed(), cluster=looks.cluster(), flink=flink)).flink is fact
    )


def test_the_state_and_the_upgrade_mode_of_a_record_are_not_the_users_word() -> None:
    assert not looks.case(looks.seen(looks.written_ahead(STATEFUL), STATEFUL)).change.restarts
    assert not looks.case(looks.seen(looks.stable(STATEFUL), STATEFUL)).change.restarts
    assert looks.case(looks.seen(looks.stable(), looks.wanted(parallelism=3))).change.restarts


def test_what_was_never_recorded_or_can_not_be_read_is_not_called_changed() -> None:
    unreadable = looks.wanted(parallelism="x")
    assert not looks.case(looks.seen()).change.restarts
    assert not looks.case(looks.seen(looks.stable(), unreadable)).change.restarts


def test_pods_of_either_role_count() -> None:
    for pods in (Pods(jobmanagers=1), Pods(taskmanagers=1)):
        assert looks.case(looks.seen(pods=pods)).has_pods
    assert not looks.case(looks.seen()).has_pods


def begun_at(made: datetime | None) -> datetime | None:
    record = recorded(looks.written_ahead())
    return begun(record, looks.cluster(created=made) if made else None).since


def test_a_start_counts_from_when_its_deployment_was_made_if_that_was_later() -> None:
    assert begun_at(None) == looks.NOW
    assert begun_at(looks.NOW - timedelta(minutes=9)) == looks.NOW
    assert begun_at(looks.NOW + timedelta(minutes=9)) == looks.NOW + timedelta(minutes=9)


def test_a_job_that_ended_stays_ended_though_a_new_jobmanager_does_not_show_it() -> None:
    status = looks.stable()
    failed = {**status, "jobStatus": {**status["jobStatus"], "state": "FAILED"}}
    for said, found in ((status, Flink.NO_JOB), (failed, Flink.FAILED)):
        seen = looks.seen(said, cluster=looks.cluster(), flink=looks.flink())
        assert looks.case(seen).flink is found
