"""A person's word on the resource: served and taken off; or no verb, and then never lost unsaid."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import UNKNOWN, verb_of
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import (
    Question,
    described,
    turn,
)
from support.driver import Driver, status
from support.lifecycle_faults import until_it_rests
from support.lifecycle_world import RESOURCE, VERB, annotate, edit_spec, pods
from support.scenarios import BAD as BAD_IMAGE
from support.scenarios import CHAPTERS, Chapter, scaled
from support.world import Fault

BAD = ("rollbck", "restore-from=", "abort", "retry, please")


def begun() -> Driver:
    return CHAPTERS[0].begins()


def word(of: Driver) -> str:
    annotations = of.world.objects[RESOURCE]["metadata"].get("annotations") or {}
    return str(annotations.get(VERB) or "")


def told(of: Driver) -> dict[str, Any]:
    every = {item["type"]: item for item in status(of)["conditions"]}
    return dict(every.get("VerbRefused") or {})


@pytest.mark.parametrize("verb", BAD)
def test_a_word_that_is_no_verb_stays_and_is_told(verb: str) -> None:
    found = begun()
    annotate(found.world, verb)
    assert found.deploy().verdict is Verdict.SETTLED
    assert word(found) == verb
    condition = told(found)
    assert (condition["status"], condition["reason"]) == ("True", UNKNOWN)
    assert VERB in condition["message"]
    assert verb in condition["message"]


def test_it_holds_nothing_up() -> None:
    found = begun()
    annotate(found.world, "rollbck")
    scaled(found.world)
    assert found.deploy().because == "the_job_runs"
    job = found.world.flink.job_of()
    assert job is not None
    assert job.parallelism == 3
    assert word(found) == "rollbck"
    assert told(found)


def test_it_is_told_once() -> None:
    found = begun()
    annotate(found.world, "rollbck")
    found.deploy()
    found.world.passes(timedelta(seconds=61))
    found.deploy()
    writes = len(found.world.writes)
    found.deploy()
    assert found.world.writes[writes:] == []


def test_another_wrong_word_is_told_anew() -> None:
    found = begun()
    annotate(found.world, "rollbck")
    found.deploy()
    annotate(found.world, "rolback")
    found.deploy()
    assert "rolback" in told(found)["message"]


def test_corrected_it_is_served_and_the_condition_goes() -> None:
    found = begun()
    annotate(found.world, "rollbck")
    found.deploy()
    annotate(found.world, "retry")
    found.deploy()
    assert (word(found), told(found)) == ("", {})


def test_the_driver_is_warned() -> None:
    found = begun()
    annotate(found.world, "rollbck")
    question = found.question("deploy", Word.KEEP)
    seen, plan, _changed = turn(found.api, question)
    assert any("rollbck" in line for line in described(question, seen, plan)["warnings"])


def spoken(of: Driver, verb: str) -> Question:
    return replace(of.question("deploy", Word.KEEP), verb=verb_of(verb, at=""))


def test_a_playbooks_word_takes_no_other_word_off() -> None:
    found = begun()
    annotate(found.world, "rollback")
    edit_spec(found.world, job={"parallelism": 2})
    turn(found.api, spoken(found, "retry"))
    assert word(found) == "rollback"


def test_a_rollback_that_a_playbook_asks_for_on_each_turn_ends() -> None:
    found = Chapter(name="", happens=scaled, before=(scaled,)).begins()
    question = spoken(found, "rollback")
    for _ in range(60):
        _seen, plan, _told = turn(found.api, question)
        if plan.verdict is Verdict.GO:
            found.move(plan.move, Word.KEEP)
        elif plan.verdict is Verdict.WAIT:
            found.world.passes(timedelta(seconds=1))
        else:
            break
    assert plan.because == "the_new_version_was_rolled_back"
    job = found.world.flink.job_of()
    assert job is not None
    assert job.parallelism == 2
    assert found.world.flink.lost() == []


def test_a_rollback_aborts_an_upgrade_wherever_it_is_asked_for() -> None:
    """In its savepoint, its deletion, its start or its gate: what ran before runs in the end."""
    whole = upgraded()
    begin = whole.world.requests
    assert until_it_rests(whole, whole.deploy).because == "the_job_runs"
    stable = whole.world.written_at[-1] - begin
    assert stable > 50
    for at in range(0, stable, 3):
        found = upgraded()
        found.world.edits = {found.world.requests + at: lambda world: annotate(world, "rollback")}
        plan = until_it_rests(found, found.deploy)
        job = found.world.flink.job_of()
        assert job is not None, at
        assert (job.state, job.parallelism) == ("RUNNING", 3), at
        assert found.world.flink.lost() == [], at
        assert word(found) == "", at
        assert plan.verdict in (Verdict.SETTLED, Verdict.FAILED), at
        assert found.deploy().because == "this_version_failed_before", "the word is spent"
        found.deploy()
        assert not found.changed, at


def upgraded() -> Driver:
    """From a stable version of three to one of four."""
    found = Chapter(name="", happens=scaled, before=(scaled,)).begins()
    edit_spec(found.world, job={"parallelism": 4})
    return found


@pytest.mark.parametrize("verb", ["retry", "accept", "force-deletion"])
def test_a_word_about_a_job_that_runs_well_is_taken_off_and_not_kept_for_later(verb: str) -> None:
    found = Chapter(name="", happens=scaled, before=(scaled,)).begins()
    assert until_it_rests(found, found.deploy).because == "the_job_runs"
    annotate(found.world, verb)
    assert found.deploy().because == "the_job_runs"
    assert word(found) == ""
    assert found.changed, "the annotation was taken off"
    found.deploy()
    assert not found.changed


def at_its_gate() -> Driver:
    """A new version whose tasks run, and of which no checkpoint completes."""
    found = Chapter(name="", happens=scaled, before=(scaled,)).begins()
    found.world.flink.checkpoints_fail = True
    edit_spec(found.world, job={"parallelism": 4, "upgradeMode": "last-state"})
    return found


def test_a_version_that_a_person_accepts_is_stable_without_a_checkpoint() -> None:
    found = at_its_gate()
    annotate(found.world, "accept")
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (Verdict.SETTLED, "the_job_runs")
    assert status(found)["lifecycleState"] == "STABLE"
    assert word(found) == "", "the word is spent"
    job = found.world.flink.job_of()
    assert job is not None
    assert job.parallelism == 4
    assert found.deploy().because == "the_job_runs", "it stays accepted"
    assert not found.changed


def test_without_that_word_it_is_taken_back() -> None:
    found = at_its_gate()
    assert until_it_rests(found, found.deploy).because == "this_version_failed_before"


def test_a_version_that_does_not_run_is_taken_back_whatever_a_person_accepts() -> None:
    found = upgraded()
    edit_spec(found.world, image=BAD_IMAGE)
    annotate(found.world, "accept")
    assert until_it_rests(found, found.deploy).because == "this_version_failed_before"
    assert word(found) == "", "the word was for that version"


def on_a_lost_node() -> Driver:
    """Its old pods never end."""
    found = upgraded()
    found.world.is_node_lost = True
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (
        Verdict.FAILED,
        "the_old_cluster_outlives_the_deadline",
    )
    assert "force-deletion" in plan.next_step
    return found


def test_pods_that_never_end_are_killed_by_the_word_of_a_person() -> None:
    found = on_a_lost_node()
    old = {pod["metadata"]["uid"] for pod in pods(found.world, "jobmanager")}
    assert old
    annotate(found.world, "force-deletion")
    assert until_it_rests(found, found.deploy).because == "the_job_runs"
    assert not old & {pod["metadata"]["uid"] for pod in pods(found.world, "jobmanager")}
    job = found.world.flink.job_of()
    assert job is not None
    assert job.parallelism == 4
    assert found.world.flink.lost() == []
    assert word(found) == "", "the word is spent"


def test_it_is_heard_before_the_deadline_too() -> None:
    found = upgraded()
    found.world.is_node_lost = True
    annotate(found.world, "force-deletion")
    assert until_it_rests(found, found.deploy).because == "the_job_runs"
    assert found.world.flink.lost() == []


def held(found: Driver) -> None:
    for pod in pods(found.world, "jobmanager"):
        pod["metadata"]["finalizers"] = ["example.org/held"]


def test_pods_that_outlive_even_that_are_told_of() -> None:
    found = on_a_lost_node()
    held(found)
    annotate(found.world, "force-deletion")
    plan = until_it_rests(found, found.deploy)
    assert (plan.verdict, plan.because) == (
        Verdict.FAILED,
        "the_old_cluster_outlives_the_deadline",
    )


@pytest.mark.parametrize("fault", [Fault.CRASH, Fault.CRASH_AFTER, Fault.LOST_ANSWER])
@pytest.mark.parametrize("begins", [at_its_gate, on_a_lost_node])
def test_a_word_is_served_wherever_its_run_is_killed(
    begins: Callable[[], Driver], fault: Fault
) -> None:
    verb = {at_its_gate: "accept", on_a_lost_node: "force-deletion"}[begins]
    whole = begins()
    begin = whole.world.requests
    annotate(whole.world, verb)
    until_it_rests(whole, whole.deploy)
    for at in [number - begin for number in whole.world.written_at if number >= begin]:
        found = begins()
        annotate(found.world, verb)
        found.world.faults = {found.world.requests + at: fault}
        until_it_rests(found, found.deploy)
        job = found.world.flink.job_of()
        assert job is not None, at
        assert (job.state, job.parallelism) == ("RUNNING", 4), at
        assert status(found)["lifecycleState"] == "STABLE", at
        assert found.world.flink.lost() == [], at
        assert word(found) == "", at
        found.deploy()
        assert not found.changed, at
