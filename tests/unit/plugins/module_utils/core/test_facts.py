# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From looks to facts: each value of each fact, and what it takes to get it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Problem
from ansible_collections.flinkops.flink.plugins.module_utils.core.facts import (
    READINESS_TIMEOUT,
    Claim,
    Deploying,
    Flink,
    JobManager,
    Proof,
    Record,
    Removing,
    Shape,
    State,
    Word,
    deploying,
    removing,
    start_deadline,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    FINALIZER,
    Checkpoint,
    Holder,
    Pods,
    Seen,
    Unseen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.trouble import Trouble
from ansible_collections.flinkops.flink.plugins.module_utils.kube.look import (
    _cluster,
    _Owned,
    _resource,
)
from support import golden, looks

SOON, LATER = looks.NOW + timedelta(seconds=1), looks.NOW + timedelta(minutes=5, seconds=1)
STATEFUL = looks.wanted(upgradeMode="savepoint")
CHECKPOINT = Checkpoint(id=7, path="file:///cp/chk-7", completed=looks.NOW)


def facts(seen: Seen, conf: Mapping[str, str] | None = None, **asks: Any) -> Deploying:
    return deploying(seen, configuration=conf or {}, asker=looks.asker(**asks))


def leaving(seen: Seen, word: Word = Word.KEEP, **asks: Any) -> Removing:
    return removing(seen, asker=looks.asker(**asks), word=word)


def held(identity: str, **ahead: float) -> Holder:
    return Holder(identity=identity, expires=looks.NOW + timedelta(**ahead))


def test_nothing_there_is_a_fact_like_any_other() -> None:
    found = facts(Seen(resource=None))
    assert (found.is_there, found.claim, found.record) == (False, Claim.FREE, Record.NEVER)
    assert (found.jobmanager, found.flink) == (JobManager.ABSENT, Flink.UNSEEN)


@pytest.mark.parametrize(
    ("holder", "claim"),
    [
        (None, Claim.FREE),
        (held(looks.ME, seconds=30), Claim.OURS),
        (held(looks.ME, seconds=-30), Claim.OURS),
        (held("", seconds=30), Claim.OURS),
        (held(looks.OTHER, seconds=30), Claim.ANOTHER_DRIVER),
        (held(looks.OTHER, seconds=0), Claim.OURS),
        (held(looks.OTHER, seconds=-30), Claim.OURS),
    ],
)
def test_a_lease_says_whose_a_resource_is(holder: Holder | None, claim: Claim) -> None:
    assert facts(looks.seen(claim=holder)).claim is claim
    assert leaving(looks.seen(claim=holder)).claim is claim


def test_a_status_or_the_contracts_finalizer_without_our_lease_is_another_operators() -> None:
    with_status = looks.seen(looks.deployed(), claim=None)
    with_finalizer = looks.seen(resource=looks.resource(finalizers=(FINALIZER,)), claim=None)
    for seen in (with_status, with_finalizer):
        assert facts(seen).claim is Claim.ANOTHER_OPERATOR
        assert facts(replace(seen, claim=looks.HELD_BY_ME)).claim is Claim.OURS


@pytest.mark.row("C-013")
@pytest.mark.parametrize("state", golden.STATES)
def test_what_another_operator_left_is_another_operators(state: str) -> None:
    stored = golden.deployment(state)
    wanted = looks.wanted(stored)
    found = facts(Seen(resource=_resource(stored, wanted)))
    assert found.claim is Claim.ANOTHER_OPERATOR
    assert (found.has_problems, found.is_going, found.is_removing) == (False, False, False)


JOBMANAGERS = {
    "rolling-back": JobManager.ABSENT,
    "suspended-savepoint": JobManager.ABSENT,
}
RECORDS = {
    "rolled-back": Record.OTHER,
    "rolling-back": Record.OTHER,
    "suspended-savepoint": Record.OTHER,
}
CHANGED = ("upgrading-last-state",)


@pytest.mark.row("C-045")
@pytest.mark.parametrize("state", golden.STATES)
def test_a_recorded_state_gives_the_facts_that_it_shows(state: str) -> None:
    stored = golden.deployment(state)
    wanted = looks.wanted(stored)
    deployment = next((it for it in golden.objects(state) if it["kind"] == "Deployment"), None)
    owned = _Owned(deployment=deployment, pods=(), names=wanted.dependents, ha_maps=())
    seen = Seen(resource=_resource(stored, wanted), cluster=_cluster(owned, wanted))
    found = facts(seen)
    assert found.jobmanager is JOBMANAGERS.get(state, JobManager.OURS)
    assert found.record is RECORDS.get(state, Record.DEPLOYED)
    assert found.is_changed is (state in CHANGED)
    assert found.shape is (Shape.SESSION if "session" in state else Shape.NATIVE_APPLICATION)
    never_came_up = state in ("deploying", "failed-bad-class")
    assert (found.proof is Proof.NEVER_RAN) is never_came_up


@pytest.mark.parametrize(
    ("mode", "with_job", "shape"),
    [
        ("native", True, Shape.NATIVE_APPLICATION),
        (None, True, Shape.NATIVE_APPLICATION),
        ("native", False, Shape.SESSION),
        ("standalone", True, Shape.STANDALONE),
        ("standalone", False, Shape.STANDALONE),
    ],
)
def test_the_shape_is_read_from_mode_and_job(
    mode: str | None, with_job: bool, shape: Shape
) -> None:
    cr = looks.definition()
    cr["spec"] |= {} if mode is None else {"mode": mode}
    if not with_job:
        del cr["spec"]["job"]
    assert facts(looks.seen(of=looks.wanted(cr))).shape is shape


def test_how_far_a_record_got() -> None:
    upgraded = looks.deployed()
    text = upgraded["reconciliationStatus"]["lastReconciledSpec"].replace("true}}", "false}}")
    upgrading = {"state": "UPGRADING", "lastReconciledSpec": text}
    assert facts(looks.seen()).record is Record.NEVER
    assert facts(looks.seen(looks.written_ahead())).record is Record.FIRST_START
    assert facts(looks.seen(looks.deployed())).record is Record.DEPLOYED
    assert facts(looks.seen({"reconciliationStatus": upgrading})).record is Record.OTHER


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
    assert facts(looks.seen(looks.written_ahead(), cluster=cluster)).jobmanager is jobmanager


def test_the_generation_says_nothing_once_a_start_is_done() -> None:
    seen = looks.seen(looks.deployed(), cluster=looks.cluster(generation=9))
    assert facts(seen).jobmanager is JobManager.OURS


def test_the_state_and_the_upgrade_mode_of_a_record_are_not_the_users_word() -> None:
    assert not facts(looks.seen(looks.written_ahead(STATEFUL), STATEFUL)).is_changed
    assert not facts(looks.seen(looks.stable(STATEFUL), STATEFUL)).is_changed
    assert facts(looks.seen(looks.stable(), looks.wanted(parallelism=3))).is_changed


def test_what_was_never_recorded_or_can_not_be_read_is_not_called_changed() -> None:
    unreadable = looks.wanted(parallelism="x")
    assert not facts(looks.seen()).is_changed
    assert not facts(looks.seen(looks.stable(), unreadable)).is_changed


@pytest.mark.parametrize(
    ("seen", "proof"),
    [
        (looks.seen(looks.deployed(), cluster=looks.cluster()), Proof.STATELESS),
        (looks.seen(looks.stable(), cluster=looks.cluster()), Proof.NONE),
        (looks.seen(looks.deployed(STATEFUL), STATEFUL, cluster=looks.cluster()), Proof.NONE),
        (
            looks.seen(
                looks.deployed(STATEFUL), STATEFUL, cluster=looks.cluster(never_available=True)
            ),
            Proof.NEVER_RAN,
        ),
        (
            looks.seen(
                looks.deployed(), cluster=looks.cluster(never_available=True),
                has_checkpoint_in_ha=True,
            ),
            Proof.NONE,
        ),
        (
            looks.seen(
                looks.stable(STATEFUL), STATEFUL, cluster=looks.cluster(never_available=True)
            ),
            Proof.NONE,
        ),
    ],
)  # fmt: skip
def test_what_proves_that_a_cluster_holds_nothing(seen: Seen, proof: Proof) -> None:
    assert facts(seen).proof is proof


def test_an_upgraded_cluster_that_never_came_up_still_has_the_state_of_its_job() -> None:
    status = looks.deployed(STATEFUL)
    reconciliation = status["reconciliationStatus"]
    text = reconciliation["lastReconciledSpec"].replace('Deployment":true', 'Deployment":false')
    status["reconciliationStatus"] = {**reconciliation, "lastReconciledSpec": text}
    seen = looks.seen(status, STATEFUL, cluster=looks.cluster(never_available=True))
    assert facts(seen).proof is Proof.NONE
    assert leaving(seen).state is State.UNSEEN


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
        (looks.runs(state="RESTARTING"), Flink.STARTING),
        (looks.runs(state="A_STATE_OF_FLINK_4"), Flink.STARTING),
        (looks.runs(state="FINISHED"), Flink.FINISHED),
        (looks.runs(state="FAILED"), Flink.FAILED),
        (looks.runs(state="CANCELED"), Flink.CANCELED),
    ],
)
def test_a_job_runs_when_all_its_tasks_do(flink: Any, fact: Flink) -> None:
    assert facts(looks.seen(looks.deployed(), cluster=looks.cluster(), flink=flink)).flink is fact


def test_only_firm_trouble_counts() -> None:
    firm = Trouble(reason="ImagePullBackOff", message="no such image")
    passing = Trouble(reason="ErrImagePull", message="no such image")
    assert facts(looks.seen(trouble=firm)).has_trouble
    assert not facts(looks.seen(trouble=passing)).has_trouble
    assert not facts(looks.seen()).has_trouble


@pytest.mark.parametrize(
    ("now", "patience", "late", "overdue"),
    [
        (SOON, None, False, False),
        (SOON, looks.NOW, False, False),
        (LATER, LATER + timedelta(seconds=9), True, False),
        (LATER, looks.NOW, True, True),
        (LATER, None, True, True),
    ],
)
def test_a_start_is_overdue_once_its_deadline_and_the_patience_have_passed(
    now: Any, patience: Any, late: bool, overdue: bool
) -> None:
    found = facts(looks.seen(looks.deployed()), now=now, patience=patience)
    assert (found.is_late, found.is_overdue) == (late, overdue)


def test_without_a_deadline_patience_alone_ends_the_wait_and_only_a_persons() -> None:
    going = looks.seen(cluster=looks.cluster(being_deleted=True))
    assert facts(going, now=LATER, patience=looks.NOW).is_overdue
    assert not facts(going, now=LATER, patience=None).is_overdue
    assert not facts(going, now=looks.NOW, patience=LATER).is_overdue


def test_the_deadline_is_the_contracts_readiness_time_out() -> None:
    record = recorded(looks.written_ahead())
    assert start_deadline(record, {}) == looks.NOW + timedelta(minutes=5)
    assert start_deadline(record, {READINESS_TIMEOUT: "90 s"}) == looks.NOW + timedelta(seconds=90)
    assert start_deadline(recorded({}), {}) is None


def test_a_deadline_that_is_no_length_of_time_counts_as_the_usual_one() -> None:
    record = recorded(looks.written_ahead())
    assert start_deadline(record, {READINESS_TIMEOUT: "soon"}) == looks.NOW + timedelta(minutes=5)


def test_problems_of_the_resource_and_of_the_cluster_count() -> None:
    problem = Problem(path="spec.a", value="1", rule="must be 2", next_step="Write 2.")
    assert facts(looks.seen(resource=looks.resource(problems=(problem,)))).has_problems
    assert facts(looks.seen(beforehand=(problem,))).has_problems
    assert not facts(looks.seen()).has_problems


def test_pods_of_either_role_count() -> None:
    for pods in (Pods(jobmanagers=1), Pods(taskmanagers=1)):
        assert facts(looks.seen(pods=pods)).has_pods
        assert leaving(looks.seen(pods=pods)).has_pods
    assert not facts(looks.seen()).has_pods


def running(**fields: Any) -> Seen:
    flink = looks.runs(**fields)
    return looks.seen(looks.stable(STATEFUL), STATEFUL, cluster=looks.cluster(), flink=flink)


@pytest.mark.parametrize(
    ("seen", "state"),
    [
        (running(last_checkpoint=CHECKPOINT, checkpoints_completed=3), State.CHECKPOINTED),
        (running(checkpoints_completed=0), State.NO_CHECKPOINT),
        (running(checkpoints_completed=3), State.REPLACED),
        (running(checkpoints_completed=None), State.UNSEEN),
        (replace(running(), flink=Unseen(why="silence")), State.UNSEEN),
        (replace(running(), flink=looks.flink()), State.UNSEEN),
        (looks.seen(looks.stable(), cluster=looks.cluster()), State.STATELESS),
        (
            looks.seen(
                looks.deployed(STATEFUL), STATEFUL, cluster=looks.cluster(never_available=True)
            ),
            State.NEVER_RAN,
        ),
        (Seen(resource=None), State.UNSEEN),
    ],
)
def test_what_is_known_of_the_state_of_a_job_that_is_to_go(seen: Seen, state: State) -> None:
    assert leaving(seen).state is state


def test_state_is_dropped_by_word_or_where_the_deployed_job_is_stateless() -> None:
    stateless, stateful = looks.seen(looks.stable()), looks.seen(looks.stable(STATEFUL), STATEFUL)
    assert leaving(stateless).drops_state
    assert leaving(stateful, Word.DROP).drops_state
    assert not leaving(stateful).drops_state
    assert not leaving(stateful, Word.FORCE).drops_state
    assert not leaving(looks.seen()).drops_state


@pytest.mark.parametrize(
    ("resource", "cluster", "jobmanager"),
    [
        (True, None, JobManager.ABSENT),
        (True, looks.cluster(), JobManager.OURS),
        (True, looks.cluster(owner_uid="another"), JobManager.FOREIGN),
        (True, looks.cluster(owner_uid=""), JobManager.FOREIGN),
        (True, looks.cluster(being_deleted=True), JobManager.GOING),
        (False, looks.cluster(), JobManager.GOING),
        (False, looks.cluster(owner_uid=""), JobManager.ABSENT),
        (False, None, JobManager.ABSENT),
    ],
)
def test_whose_a_jobmanager_is_that_is_to_go(
    resource: bool, cluster: Any, jobmanager: JobManager
) -> None:
    given = looks.resource() if resource else None
    assert leaving(Seen(resource=given, cluster=cluster)).jobmanager is jobmanager


def test_a_stopped_jobmanager_and_a_removal_that_was_begun_are_seen() -> None:
    stopped = looks.cluster(replicas=0)
    assert leaving(looks.seen(cluster=stopped)).is_scaled_down
    assert not leaving(looks.seen()).is_scaled_down
    assert leaving(looks.seen({"lifecycleState": "DELETING"})).is_begun
    assert not leaving(looks.seen(looks.stable())).is_begun
