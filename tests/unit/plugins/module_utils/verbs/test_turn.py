# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Whole turns against a cluster in memory, which stops a test with a second writer."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Held
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FINALIZER
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import (
    Question,
    fail_unless_possible,
    glance,
    question_of,
    turn,
)
from support import looks
from support.driver import Driver, assert_settled, driver, left, stateful, status, takes_the_lease
from support.world import World

NO_IMAGE = "example/no-such-image:1"


@pytest.mark.row("C-024", "C-034")
def test_a_resource_becomes_a_running_job_in_the_order_of_the_laws() -> None:
    found = driver()
    assert found.deploy().because == "the_job_runs"
    assert found.world.writes[:3] == [
        "create Lease/flinkops-app",
        "replace status FlinkDeployment/app",
        "create Deployment/app",
    ]
    assert_settled(found)


def test_it_takes_four_writes_of_status_at_most() -> None:
    found = driver()
    found.deploy()
    told = [write for write in found.world.writes if "status" in write]
    assert len(told) <= 4


def test_the_checkpoint_of_the_gate_holds_up_no_turn_after_it() -> None:
    found = driver(stateful())
    question = found.question("deploy", Word.KEEP)
    said: list[tuple[Verdict, str]] = []
    while not said or said[-1][0] in (Verdict.GO, Verdict.WAIT):
        _, plan, _ = turn(found.api, question)
        said.append((plan.verdict, plan.because))
        if plan.verdict is Verdict.GO:
            found.move(plan.move, Word.KEEP)
        found.world.passes(timedelta(seconds=1))
    assert (Verdict.GO, "its_first_checkpoint_is_asked_for") in said
    assert [why for why in said if why[1] == "the_job_runs"] == [(Verdict.SETTLED, "the_job_runs")]


OPERATOR = "operator@default/flink-operator"


def as_operator(found: Driver) -> Question:
    """Its leader renews its Lease for ever."""
    spec = {"leaseDurationSeconds": 15, "renewTime": "2999-01-01T00:00:00.000000Z"}
    metadata = {"name": "flink-operator", "namespace": "default", "uid": "uid-of-leaders"}
    found.world.objects["Lease", "default", "flink-operator"] = {
        "kind": "Lease",
        "metadata": metadata,
        "spec": spec,
    }
    return replace(found.question("deploy", Word.KEEP), driver=OPERATOR, patience=None)


@pytest.mark.parametrize("cr", [stateful, looks.definition])
def test_a_glance_writes_nothing_and_knows_whether_a_turn_would(
    cr: Callable[[], dict[str, Any]],
) -> None:
    found = driver(cr())
    question, quiet = as_operator(found), 0
    for _ in range(120):
        before = len(found.world.writes)
        _, glanced, acts = glance(found.api, question)
        assert len(found.world.writes) == before
        _, plan, _told = turn(found.api, question)
        is_written = len(found.world.writes) > before
        assert acts is (is_written or plan.verdict is Verdict.GO), plan.because
        assert acts or (glanced.verdict, glanced.because) == (plan.verdict, plan.because)
        quiet += not acts
        if plan.verdict is Verdict.GO:
            found.move(plan.move, Word.KEEP)
        if plan.verdict is Verdict.SETTLED and not acts:
            break
        found.world.passes(timedelta(seconds=1))
    assert plan.because == "the_job_runs"
    assert quiet


def test_a_glance_at_what_is_another_operators_is_quiet() -> None:
    cr = looks.definition()
    cr["metadata"]["finalizers"] = [FINALIZER]
    found = driver(cr)
    _, plan, acts = glance(found.api, as_operator(found))
    assert plan.because == "another_operator_serves_this_resource"
    assert not acts


def test_a_removal_leaves_nothing() -> None:
    found = driver()
    found.deploy()
    assert found.remove().because == "nothing_of_that_name_is_left"
    assert left(found) == set()
    assert found.remove().verdict is Verdict.SETTLED
    assert not found.changed


def test_what_was_removed_can_be_deployed_at_once() -> None:
    """The garbage collector may still have the old Lease: it is no claim on the new resource."""
    found = driver()
    found.deploy()
    stale = found.world.objects["Lease", "default", "flinkops-app"]
    found.remove()
    found.world.objects["Lease", "default", "flinkops-app"] = stale
    found.world.put(looks.definition())
    assert found.until_done(found.deploy).because == "the_job_runs"
    assert_settled(found)


def left_as_it_is() -> dict[str, Any]:
    cr = stateful()
    cr["spec"]["job"]["deletionMode"] = "leave"
    return cr


def test_a_removed_stateful_job_leaves_its_state_and_nothing_else() -> None:
    found = driver(left_as_it_is())
    found.deploy()
    found.world.passes(timedelta(seconds=2))
    plan = found.until_done(found.remove)
    assert plan.because == "nothing_of_that_name_is_left"
    assert {kind for kind, _, _ in left(found)} == {"ConfigMap"}
    assert len(left(found)) == 2


def test_state_that_was_kept_holds_back_a_new_start_until_it_is_dropped() -> None:
    found = driver(left_as_it_is())
    found.deploy()
    found.world.passes(timedelta(seconds=2))
    found.until_done(found.remove)
    found.world.put(stateful())
    assert found.deploy().because == "state_of_its_name_was_found"
    found.until_done(lambda: found.remove(Word.DROP))
    assert left(found) == set()
    found.world.put(stateful())
    assert found.deploy().because == "the_job_runs"


@pytest.mark.parametrize("word", [Word.DROP, Word.FORCE])
def test_a_job_that_does_not_answer_goes_by_word_alone(word: Word) -> None:
    cr = stateful()
    for key in ("high-availability.type", "high-availability.storageDir"):
        del cr["spec"]["flinkConfiguration"][key]
    found = driver(cr)
    found.deploy()
    status(found).pop("ledger", None)
    found.world.flink.is_silent = True
    assert found.remove().because == "the_last_checkpoint_is_not_seen"
    assert len(found.world.flink.jobs) == 1
    found.until_done(lambda: found.remove(word))
    assert not found.world.flink.jobs
    assert left(found) == set()


@pytest.mark.parametrize("with_resource", [True, False])
def test_pods_that_never_end_are_named_and_go_by_force(with_resource: bool) -> None:
    found = driver()
    found.deploy()
    found.world.is_node_lost = True
    found.patience = timedelta(seconds=20)
    if not with_resource:
        del found.world.objects["FlinkDeployment", "default", "app"]
    plan = found.remove()
    assert plan.because == "its_objects_outlive_the_deadline"
    assert "app-jobmanager" in plan.message
    assert found.until_done(lambda: found.remove(Word.FORCE)).verdict is Verdict.SETTLED
    assert left(found) == set()


def test_a_cluster_that_somebody_scaled_down_keeps_its_state() -> None:
    found = driver(stateful())
    found.deploy()
    found.world.passes(timedelta(seconds=2))
    found.world.objects["Deployment", "default", "app"]["spec"]["replicas"] = 0
    assert found.remove().verdict is Verdict.SETTLED
    assert {kind for kind, _, _ in left(found)} == {"ConfigMap"}
    assert found.world.flink.lost() == []


def test_an_image_that_is_not_there_leaves_the_reason_and_a_corrected_one_runs() -> None:
    cr = looks.definition()
    cr["spec"]["image"] = NO_IMAGE
    found = driver(cr, bad_images=frozenset({NO_IMAGE}))
    assert found.deploy().because == "its_pods_can_not_start"
    assert json.loads(status(found)["error"])["type"] == "its_pods_can_not_start"
    first = status(found)["jobStatus"]["jobId"]
    found.store(looks.definition())
    assert found.deploy().because == "the_job_runs"
    assert status(found)["jobStatus"]["jobId"] != first
    assert "error" not in status(found)
    assert_settled(found)


def test_an_image_that_is_not_there_can_be_removed() -> None:
    cr = looks.definition()
    cr["spec"]["image"] = NO_IMAGE
    found = driver(cr, bad_images=frozenset({NO_IMAGE}))
    found.deploy()
    assert found.remove().verdict is Verdict.SETTLED
    assert left(found) == set()


def test_a_job_that_fails_tells_why_and_can_be_removed() -> None:
    found = driver()
    found.world.flink.fails = True
    plan = found.deploy()
    assert (plan.verdict, plan.because) == (Verdict.FAILED, "the_job_failed")
    assert "boom" in status(found)["error"]
    assert status(found)["lifecycleState"] == "FAILED"
    assert found.remove().verdict is Verdict.SETTLED


def test_a_changed_spec_is_made_under_a_new_job_id_and_the_old_job_is_gone() -> None:
    found = driver()
    found.deploy()
    first = status(found)["jobStatus"]["jobId"]
    found.world.edit("app", parallelism=3)
    assert found.deploy().because == "the_job_runs"
    assert status(found)["jobStatus"]["jobId"] != first
    assert_settled(found)


def test_a_resource_that_is_deleted_meanwhile_is_told() -> None:
    found = driver()
    key = ("FlinkDeployment", "default", "app")
    found.world.edits = {24: lambda world: world.objects.pop(key)}
    assert found.deploy().because == "the_resource_is_not_there"
    assert ("Deployment", "default", "app") not in found.world.objects


def test_of_two_drivers_the_second_waits_for_the_first() -> None:
    found = driver()
    found.world.edits = {30: takes_the_lease}
    found.deploy()
    found.runs = 7
    found.world.edit("app", parallelism=3)
    plan = found.deploy()
    assert plan.because == "another_driver_holds_the_lease"
    assert "test/other" in plan.message


def test_a_driver_that_waits_for_long_keeps_its_lease() -> None:
    found = driver()
    found.world.flink.slow = 10_000
    question = found.question("deploy", Word.KEEP)
    for _ in range(90):
        plan = turn(found.api, question)[1]
        if plan.verdict is Verdict.GO:
            found.move(plan.move, Word.KEEP)
        found.world.passes(timedelta(seconds=1))
    assert plan.verdict is Verdict.WAIT
    found.runs += 1
    assert found.deploy().because == "another_driver_holds_the_lease"


def test_before_it_is_stored_a_resource_is_looked_at_and_nothing_is_told() -> None:
    found = Driver(World())
    question = replace(found.question("deploy", Word.KEEP), wanted=looks.wanted())
    _, plan, told = turn(found.api, question)
    assert (plan.because, told) == ("a_new_resource_is_deployed", False)
    assert found.world.writes == []


@pytest.mark.parametrize("goal", ["deploy", "remove"])
def test_a_turn_that_does_not_tell_writes_nothing(goal: str) -> None:
    found = driver()
    _, plan, told = turn(found.api, replace(found.question(goal, Word.KEEP), tells=False))
    assert (plan.verdict, told) == (Verdict.GO, False)
    assert found.world.writes == []


@pytest.mark.row("C-013")
@pytest.mark.parametrize("fields", [{}, {"deletionTimestamp": "2026-11-21T12:00:00Z"}])
@pytest.mark.parametrize("goal", ["deploy", "remove"])
def test_what_another_operator_serves_is_never_written_to(
    goal: str, fields: dict[str, str]
) -> None:
    found = driver()
    stored = found.world.objects["FlinkDeployment", "default", "app"]
    stored["metadata"] |= {"finalizers": [FINALIZER], **fields}
    _, plan, told = turn(found.api, found.question(goal, Word.FORCE))
    assert (plan.because, told) == ("another_operator_serves_this_resource", False)
    assert found.world.writes == []


@pytest.mark.parametrize(
    ("params", "check_mode", "word", "tells"),
    [
        ({}, False, Word.KEEP, True),
        ({"state": "force"}, False, Word.FORCE, True),
        ({"tell": False}, False, Word.KEEP, False),
        ({"tell": True}, True, Word.KEEP, False),
    ],
)
def test_a_question_is_read_from_the_options(
    params: dict[str, Any], check_mode: bool, word: Word, tells: bool
) -> None:
    found = question_of({"name": "app", **params}, check_mode=check_mode)
    assert (found.key, found.goal, found.word, found.tells) == (
        "default/app",
        "deploy",
        word,
        tells,
    )


@pytest.mark.parametrize("verdict", Verdict)
def test_refusals_and_failures_end_a_task_with_the_rules_words(verdict: Verdict) -> None:
    plan = looks.plan(verdict, because="a_rule", message="it is so", next_step="Do this.")
    if verdict in (Verdict.HELD, Verdict.FAILED):
        with pytest.raises(Held, match=r"a_rule: it is so\. Do this") as refused:
            fail_unless_possible(plan)
        assert refused.value.reason == "a_rule"
    else:
        fail_unless_possible(plan)
