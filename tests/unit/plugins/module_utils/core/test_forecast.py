"""The whole plan beforehand: what it names is what then happens, in each chapter of a life."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Case, case_of
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast import (
    MOST,
    Forecast,
    forecast,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast_look import (
    SAVEPOINT_TO_COME,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast_page import page, told
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import Unseen
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import NOTHING, Verb, verb_of
from ansible_collections.flinkops.flink.plugins.module_utils.kube.look import Subject, look
from support import looks, resources
from support.driver import Driver, driver, status
from support.lifecycle_world import edit_spec
from support.scenarios import CHAPTERS, Chapter, broken, resumed, scaled, suspended
from support.world import World

BY_NAME = {chapter.name: chapter for chapter in CHAPTERS}
SECRET = "hunter-2-and-3"  # noqa: S105


def case_now(of: Driver, verb: Verb = NOTHING) -> Case:
    found = look(of.api, Subject(name="app", namespace="default"), now=of.world.now)
    asker = looks.asker(driver="test/x", now=of.world.now)
    return case_of(found.seen, wanted=found.wanted, asker=asker, verb=verb)


def foreseen(of: Driver, verb: str = "") -> Forecast:
    return forecast(case_now(of, verb_of(verb, at="")), key="default/app")


def moves(of: Forecast) -> list[str]:
    return [step.move.value for step in of.steps]


@dataclass
class Watched(Driver):
    """Notes each move that is made."""

    def __post_init__(self) -> None:
        self.made: list[str] = []

    def move(self, move: Move, word: Word) -> None:
        self.made.append(move.value)
        super().move(move, word)


EMPTY, SNAPSHOT, LAST = "empty", "savepoint", "last-state"
UPGRADE = ["delete_cluster", "make_cluster", "take_checkpoint"]
ROWS: dict[str, tuple[Callable[[World], Any], str, list[str], str, str]] = {
    "by savepoint": (scaled, "savepoint", ["stop_job", *UPGRADE], "the_job_runs", SNAPSHOT),
    "by last-state": (scaled, "last-state", UPGRADE, "the_job_runs", LAST),
    "stateless": (scaled, "stateless", UPGRADE, "the_job_runs", EMPTY),
    "a suspension": (
        suspended, "savepoint", ["stop_job", "delete_cluster"], "the_job_is_suspended", SNAPSHOT
    ),
    "a suspension by last-state": (
        suspended, "last-state", ["delete_cluster"], "the_job_is_suspended", LAST
    ),
    "a nonce": (
        lambda world: edit_spec(world, job={"savepointTriggerNonce": 7}),
        "savepoint", ["take_savepoint"], "the_job_runs", "",
    ),
    "a log level": (
        lambda world: edit_spec(world, logConfiguration={"log4j-console.properties": "x"}),
        "savepoint", ["patch_objects"], "the_job_runs", "",
    ),
    "an operator key": (
        lambda world: edit_spec(world, flinkConfiguration={"kubernetes.operator.x": "1"}),
        "savepoint", [], "the_job_runs", "",
    ),
    "nothing": (lambda _world: None, "savepoint", [], "the_job_runs", ""),
    "a redeployment": (
        lambda world: edit_spec(
            world, job={"savepointRedeployNonce": 1, "initialSavepointPath": "file:///sp/1"}
        ),
        "savepoint", UPGRADE, "the_job_runs", SNAPSHOT,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_the_plan_of(name: str) -> None:
    happens, mode, made, end, source = ROWS[name]
    found = Chapter(name=name, happens=happens, mode=mode).begins()
    happens(found.world)
    plan = foreseen(found)
    assert moves(plan) == made
    assert (plan.end.because, plan.end.verdict) == (end, Verdict.SETTLED)
    assert (plan.origin.source.value if plan.origin else "") == source
    assert not plan.is_open


def test_the_plan_of_a_first_deployment() -> None:
    plan = foreseen(driver(resources.stateful()))
    assert moves(plan) == ["make_cluster", "take_checkpoint"]
    assert plan.origin is not None
    assert plan.origin.because == "a_first_deployment_starts_empty"


@pytest.mark.parametrize(
    "name",
    [
        c.name
        for c in CHAPTERS
        if c.lifecycle != "ROLLED_BACK" and not c.name.startswith("a killed")
    ],
)
def test_what_is_foreseen_is_what_is_done(name: str) -> None:
    """But for the gate's checkpoint, where one completes by itself before it is asked for."""
    chapter = BY_NAME[name]
    begun = chapter.begins()
    chapter.happens(begun.world)
    plan = foreseen(begun)
    watched = Watched(begun.world, turns=begun.turns)
    assert watched.deploy().because == plan.end.because
    gate = Move.TAKE_CHECKPOINT.value
    assert [m for m in watched.made if m != gate] == [m for m in moves(plan) if m != gate]
    started = status(watched).get("startedFrom") or {}
    if plan.origin and "make_cluster" in moves(plan):
        assert started["because"] == plan.origin.because


def test_a_forecast_writes_nothing() -> None:
    found = BY_NAME["an upgrade by savepoint"].begins()
    scaled(found.world)
    writes = len(found.world.writes)
    case = case_now(found)
    before = repr(case)
    forecast(case, key="default/app")
    assert (len(found.world.writes), repr(case)) == (writes, before)


def test_the_savepoint_of_a_stop_is_still_to_be_taken() -> None:
    found = BY_NAME["an upgrade by savepoint"].begins()
    scaled(found.world)
    plan = foreseen(found)
    assert plan.origin is not None
    assert plan.origin.path == SAVEPOINT_TO_COME


def test_the_checkpoint_of_a_last_state_upgrade_has_its_path() -> None:
    found = BY_NAME["an upgrade by last-state"].begins()
    scaled(found.world)
    plan = foreseen(found)
    assert plan.origin is not None
    assert plan.origin.path.startswith("file:///cp/")


def test_a_resumption_names_the_savepoint_that_it_rests_with() -> None:
    found = Chapter(name="", happens=resumed, before=(suspended,)).begins()
    resumed(found.world)
    plan = foreseen(found)
    assert plan.origin is not None
    assert plan.origin.path == status(found)["jobStatus"]["upgradeSavepointPath"]


def test_verbs_are_part_of_it() -> None:
    found = BY_NAME["an upgrade by savepoint"].begins()
    scaled(found.world)
    assert moves(foreseen(found, "skip-savepoint"))[0] == "delete_cluster"
    from_path = foreseen(found, "restore-from=file:///sp/9")
    assert from_path.origin is not None
    assert from_path.origin.path == "file:///sp/9"
    assert foreseen(found, "rollback").steps == ()


def test_a_rollback_of_a_stable_version_leads_to_the_one_before_it() -> None:
    plan = foreseen(Chapter(name="", happens=scaled, before=(scaled,)).begins(), "rollback")
    assert moves(plan)[:3] == ["stop_job", "delete_cluster", "make_cluster"]
    assert moves(plan).count("delete_cluster") == 1
    assert plan.end.because == "the_new_version_was_rolled_back"


def test_a_version_that_failed_before_is_no_plan_until_it_is_retried() -> None:
    found = BY_NAME["a rollback"].begins()
    broken(found.world)
    found.deploy()
    plan = foreseen(found)
    assert (plan.steps, plan.end.because) == ((), "this_version_failed_before")
    assert moves(foreseen(found, "retry"))[0] == "stop_job"


def test_what_depends_on_an_answer_stays_open() -> None:
    found = BY_NAME["an upgrade by savepoint"].begins()
    case = case_now(found)
    silent = case_of(
        replace(case.seen, flink=Unseen(why="timed out")),
        wanted=case.wanted,
        asker=case.asker,
        verb=NOTHING,
    )
    plan = forecast(silent, key="default/app")
    assert plan.is_open
    assert plan.steps == ()


def test_it_ends_whatever_is_seen() -> None:
    for chapter in CHAPTERS:
        found = chapter.begins()
        chapter.happens(found.world)
        assert len(foreseen(found).steps) < MOST


def test_the_page_names_all_that_a_person_asks() -> None:
    found = BY_NAME["an upgrade by savepoint"].begins()
    scaled(found.world)
    case = case_now(found)
    lines = page(told(case, forecast(case, key="default/app"), key="default/app"))
    text = "\n".join(lines)
    for word in (
        "plan of default/app: its_job_is_stopped_with_a_savepoint",
        "mode          savepoint",
        "from          its_job_ended_with_a_snapshot",
        SAVEPOINT_TO_COME,
        "interruption  from the end of its savepoint",
        "then: the_job_runs (settled)",
        "spec.job.parallelism: 2 -> 3",
        "made anew: Deployment/app",
    ):
        assert word in text, text
    assert max(map(len, lines)) < 200


def test_no_secret_is_on_it() -> None:
    found = BY_NAME["an upgrade by savepoint"].begins()
    edit_spec(
        found.world,
        flinkConfiguration={"s3.secret-key": SECRET},
        job={"args": ["--password", SECRET]},
    )
    case = case_now(found)
    data = told(case, forecast(case, key="default/app"), key="default/app")
    assert "s3.secret-key" in str(data)
    assert SECRET not in str(data)
