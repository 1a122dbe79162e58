"""The whole plan of a removal beforehand: what it names is what then happens, and what is kept."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Case
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast import MOST, Forecast
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast_look import (
    SAVEPOINT_TO_COME,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast_page import (
    BY_METADATA,
    page,
    told,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast_removal import (
    forecast_removal,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast_removal_look import (
    STILL_TO_BE_TOLD,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import (
    Word,
    case_of_removal,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FlinkSeen
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import verb_of
from ansible_collections.flinkops.flink.plugins.module_utils.kube.look import Subject, look
from support import looks, resources
from support.driver import Driver, driver, status
from support.lifecycle_world import (
    RESOURCE,
    deletes_deployment,
    edit_spec,
    job_fails,
    namespace_goes,
    switched,
)
from support.removals import REMOVALS, Removal, Watch, deleted_by_hand, with_finalizer
from support.scenarios import scaled, suspended
from support.world import World

BY_NAME = {removal.name: removal for removal in REMOVALS}
BY_DEFAULT, CANCELLED, LEFT = BY_NAME["without a word"], BY_NAME["cancelled"], BY_NAME["left"]
RETENTION = "execution.checkpointing.externalized-checkpoint-retention"
NOTHING_LEFT = "nothing_of_that_name_is_left"


def case_now(of: Driver, verb: str = "") -> Case:
    found = look(of.api, Subject(name="app", namespace="default"), now=of.world.now)
    asker = looks.asker(driver=f"test/{of.runs}", now=of.world.now)
    verb_said = verb_of(verb or of.verb, at="")
    return case_of_removal(found.seen, wanted=found.wanted, asker=asker, verb=verb_said)


def foreseen(of: Driver, word: Word = Word.KEEP, verb: str = "") -> Forecast:
    return forecast_removal(case_now(of, verb), key="default/app", word=word)


def data(of: Driver, word: Word = Word.KEEP) -> dict[str, Any]:
    case = case_now(of)
    found = forecast_removal(case, key="default/app", word=word)
    return told(case, found, key="default/app")


def moves(of: Forecast) -> list[str]:
    return [step.move.value for step in of.steps]


@dataclass
class Watched(Driver):
    """Notes each move that is made, and what was foreseen right after each."""

    made: list[str] = field(default_factory=list)
    seen_ahead: list[list[str]] = field(default_factory=list)

    def move(self, move: Move, word: Word) -> None:
        super().move(move, word)
        self.made.append(move.value)
        self.seen_ahead.append(moves(foreseen(self, word)))


def watched(of: Driver) -> Watched:
    return Watched(of.world, turns=of.turns, runs=of.runs, verb=of.verb)


def nothing(_world: World) -> None:
    pass


def settled_then(*happens: Callable[[World], Any]) -> Callable[[World], Any]:
    """Each is served by a deployment before the removal."""

    def befalls(world: World) -> None:
        for one in happens:
            one(world)
            assert Driver(world, turns=800).deploy().verdict is Verdict.SETTLED
            world.passes(timedelta(seconds=61))

    return befalls


def half_upgraded(turns: int) -> Callable[[World], Any]:
    """Its driver ended after so many turns of an upgrade."""

    def befalls(world: World) -> None:
        scaled(world)
        found = Driver(world, turns=turns)
        with pytest.raises(AssertionError, match="it never ends"):
            found.deploy()
        world.passes(timedelta(seconds=61))

    return befalls


HAPPENINGS: dict[str, Callable[[World], Any]] = {
    "nothing": nothing,
    "a finalizer": with_finalizer,
    "a deletion by hand": deleted_by_hand,
    "its Deployment is lost": deletes_deployment,
    "its job fails": job_fails,
    "it is suspended": settled_then(suspended),
    **{f"{turns} turns of an upgrade": half_upgraded(turns) for turns in (2, 4)},
    "a change that nobody served": lambda world: edit_spec(world, job={"parallelism": 3}),
}


@pytest.mark.parametrize("happening", HAPPENINGS)
@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.name)
def test_what_is_foreseen_is_what_is_done(removal: Removal, happening: str) -> None:
    """From its beginning, and from each point on the way."""
    found = removal.begins()
    HAPPENINGS[happening](found.world)
    plan, driven = foreseen(found), watched(found)
    assert driven.remove().because == plan.end.because
    assert driven.made == moves(plan)
    after = range(1, len(driven.made) + 1)
    assert driven.seen_ahead == [driven.made[number:] for number in after]


@pytest.mark.parametrize("word", [Word.DROP, Word.FORCE])
@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.name)
def test_what_is_foreseen_by_a_word_is_what_is_done(removal: Removal, word: Word) -> None:
    found = removal.begins()
    plan, driven = foreseen(found, word), watched(found)
    assert driven.remove(word).because == plan.end.because
    assert driven.made == moves(plan)


@pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.name)
def test_the_state_that_is_told_to_be_kept_is_what_is_named(removal: Removal) -> None:
    watch = Watch(removal.begins())
    case, kept = case_now(watch.found), data(watch.found)["origin"]
    watch.remove()
    if removal.ends == "nothing":
        assert (kept["because"], kept["path"]) == ("a_stateless_job_keeps_none", "")
    elif removal.ends == "savepoint":
        assert kept["path"] == SAVEPOINT_TO_COME
        assert "file:///sp" in kept["message"]
        assert watch.named.startswith("file:///sp")
    else:
        assert kept["path"].partition("/chk-")[0] == watch.named.partition("/chk-")[0]
        assert case.record.job_id in kept["path"]


SAVED = ["stop_job", "stop_jobmanager", "delete_cluster", "delete_ha_data", "delete_resource"]
ENDED = ["cancel_job", *SAVED[1:]]
CUT_OFF = SAVED[1:]
KEPT = ["stop_jobmanager", "delete_cluster", "delete_resource"]
TAKES, STAYS, GOES = "a_savepoint_is_taken", "its_last_checkpoint_stays", "it_ends_for_good"
ROWS: dict[str, tuple[str, Word, list[str], str, str, str, str]] = {
    "stateful with a directory": (
        "without a word", Word.KEEP, SAVED,
        "savepoint", "a_stateful_job_takes_a_savepoint", TAKES, f"{GOES}_with_its_savepoint",
    ),
    "stateful without one": (
        "without a directory", Word.KEEP, ENDED,
        "cancel", "a_stateful_job_keeps_its_last_checkpoint", STAYS, f"{GOES}_by_its_cancellation",
    ),
    "stateless": (
        "stateless", Word.KEEP, CUT_OFF,
        "cancel", "a_stateless_job_keeps_nothing",
        "a_stateless_job_keeps_none", f"{GOES}_and_leaves_no_state",
    ),
    "cancelled": (
        "cancelled", Word.KEEP, ENDED,
        "cancel", "the_spec_cancels_it", STAYS, f"{GOES}_by_its_cancellation",
    ),
    "left": (
        "left", Word.KEEP, KEPT,
        "leave", "the_spec_leaves_it_as_it_is", "its_checkpoints_and_ha_data_stay", GOES,
    ),
    "dropped": (
        "without a word", Word.DROP, CUT_OFF,
        "none", "", "the_user_lets_its_state_go", f"{GOES}_and_leaves_no_state",
    ),
    "forced": ("without a word", Word.FORCE, KEPT[1:], "none", "", STAYS, GOES),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
def test_what_is_told_of(name: str) -> None:
    removal, word, made, mode, why, state, interruption = ROWS[name]
    found = data(BY_NAME[removal].begins(), word)
    assert [step["move"] for step in found["steps"]] == made
    assert (found["goal"], found["mode"]) == ("remove", mode)
    assert found["deletion"].get("because", "") == why
    assert found["origin"]["because"] == state
    assert found["interruption"]["because"] == interruption
    assert found["end"] == {"verdict": "settled", "because": NOTHING_LEFT}
    assert found["changes"] == []


def test_objects_are_deleted_and_ha_data_stays_where_it_is_left() -> None:
    deleted, left = data(LEFT.begins())["objects"]
    for name in ("Deployment/app", "Service/app-rest", "FlinkDeployment/app"):
        assert name in deleted
    assert deleted.startswith("deleted: Deployment/app, ")
    assert left.startswith("left as they are: ConfigMap/app-")
    (every,) = data(BY_DEFAULT.begins())["objects"]
    assert "ConfigMap/app-cluster-config-map" in every


def test_a_silent_flink_leaves_it_open_and_names_what_is_known() -> None:
    found = BY_DEFAULT.begins()
    switched(is_silent=True)(found.world)
    plan, as_data = foreseen(found), data(found)
    assert (plan.is_open, plan.steps, plan.end.because) == (True, (), "its_flink_is_silent")
    assert as_data["origin"]["because"] == STAYS
    assert as_data["origin"]["path"].startswith("file:///cp/")
    assert as_data["interruption"]["because"] == "it_depends_on_an_answer"
    assert as_data["objects"] == []
    assert moves(foreseen(found, verb="skip-savepoint")) == KEPT


def test_a_lost_jobmanager_leaves_the_checkpoint_of_its_metadata() -> None:
    found = BY_DEFAULT.begins()
    deletes_deployment(found.world)
    found.world.passes(timedelta(seconds=2))
    as_data = data(found)
    assert [step["move"] for step in as_data["steps"]] == ["delete_resource"]
    assert as_data["origin"]["because"] == "its_last_snapshot_stays"
    assert as_data["origin"]["path"].startswith("file:///cp/")
    assert as_data["interruption"]["because"] == "nothing_of_it_runs_any_more"


def test_a_checkpoint_without_a_known_folder_is_named_by_its_metadata() -> None:
    found = BY_DEFAULT.begins()
    deletes_deployment(found.world)
    found.world.passes(timedelta(seconds=2))
    status(found).pop("ledger", None)
    edit_spec(found.world, flinkConfiguration={"state.checkpoints.dir": None})
    told_by = data(found)["origin"]
    assert (told_by["kind"], told_by["path"]) == ("last-state", BY_METADATA)


def test_a_savepoint_under_way_is_waited_for() -> None:
    found = BY_DEFAULT.begins()
    switched(savepoints_hang=True)(found.world)
    found.turns = 3
    with pytest.raises(AssertionError, match="it never ends"):
        found.remove()
    as_data = data(found)
    assert [step["move"] for step in as_data["steps"]] == SAVED[1:]
    assert as_data["origin"]["because"] == "its_savepoint_is_under_way"
    assert as_data["origin"]["path"] == SAVEPOINT_TO_COME
    assert as_data["message"].startswith("waiting for the savepoint")
    found.world.passes(timedelta(seconds=61))
    late = data(found)
    assert [step["move"] for step in late["steps"]] == ENDED
    assert late["origin"]["because"] == STAYS


def test_a_job_that_fails_while_it_is_saved_promises_no_savepoint() -> None:
    found = BY_DEFAULT.begins()
    switched(savepoints_hang=True)(found.world)
    found.turns = 3
    with pytest.raises(AssertionError, match="it never ends"):
        found.remove()
    job_fails(found.world)
    kept = data(found)["origin"]
    assert kept["path"].startswith("file:///cp/")


RUNS, IS_GONE = (
    ("it_ends_with_its_namespace", STAYS),
    (
        "nothing_of_it_runs_any_more",
        "the_newest_that_was_seen_stays",
    ),
)


@pytest.mark.parametrize("is_late", [False, True], ids=["its pods run", "all else is gone"])
def test_it_goes_with_its_namespace_at_once(is_late: bool) -> None:
    found = BY_DEFAULT.begins()
    deleted_by_hand(found.world)
    case = case_now(found)
    if is_late:
        namespace_goes(found.world)
        case = case_now(found)
    case = replace(case, seen=replace(case.seen, is_namespace_going=True))
    plan = forecast_removal(case, key="default/app", word=Word.KEEP)
    as_data = told(case, plan, key="default/app")
    assert moves(plan) == ["release_finalizer"]
    assert (as_data["mode"], as_data["deletion"]) == ("none", {})
    assert as_data["origin"]["path"].startswith("file:///cp/")
    said = (as_data["interruption"]["because"], as_data["origin"]["because"])
    assert said == (IS_GONE if is_late else RUNS)
    assert as_data["end"]["because"] == NOTHING_LEFT


def test_what_is_gone_already_is_no_plan() -> None:
    found = BY_DEFAULT.begins()
    found.remove()
    as_data = data(found)
    assert (as_data["steps"], as_data["objects"]) == ([], [])
    assert as_data["end"] == {"verdict": "settled", "because": NOTHING_LEFT}
    assert as_data["origin"]["kind"] == ""
    assert as_data["origin"]["because"] == "nothing_of_it_is_left"
    assert as_data["interruption"]["because"] == "nothing_changes"
    assert "nothing: nothing_of_that_name_is_left (settled)" in "\n".join(page(as_data))


def test_what_was_never_deployed_has_no_state() -> None:
    as_data = data(driver(resources.stateful()))
    assert [step["move"] for step in as_data["steps"]] == ["delete_resource"]
    assert as_data["origin"]["because"] == "it_has_none"


def test_a_finalizer_of_somebody_else_keeps_it_open() -> None:
    found = BY_DEFAULT.begins()
    deleted_by_hand(found.world)
    found.world.objects[RESOURCE]["metadata"]["finalizers"].append("theirs/finalizer")
    plan = foreseen(found)
    assert (plan.is_open, plan.end.because) == (True, "its_resource_is_going")
    assert moves(plan)[-1] == "release_finalizer"


def test_a_checkpoint_that_is_being_replaced_is_still_to_be_told() -> None:
    found = BY_DEFAULT.begins(**{RETENTION: "DELETE_ON_CANCELLATION"})
    edit_spec(found.world, job={"deletionMode": "cancel"})
    case = case_now(found)
    flink = case.seen.flink
    assert isinstance(flink, FlinkSeen)
    assert flink.job is not None
    job = replace(flink.job, last_checkpoint=None, checkpoints_completed=7)
    seen = replace(case.seen, flink=replace(flink, job=job), ha_checkpoints={})
    plan = forecast_removal(replace(case, seen=seen), key="default/app", word=Word.KEEP)
    assert moves(plan)[0] == "stop_jobmanager"
    assert plan.origin is not None
    assert plan.origin.path == STILL_TO_BE_TOLD


def test_a_stateful_job_without_a_checkpoint_is_refused_in_the_plan_too() -> None:
    found = CANCELLED.begins()
    case = case_now(found)
    flink = case.seen.flink
    assert isinstance(flink, FlinkSeen)
    assert flink.job is not None
    job = replace(flink.job, last_checkpoint=None, checkpoints_completed=0)
    newest = dict.fromkeys(case.seen.ha_checkpoints, 0)
    seen = replace(case.seen, flink=replace(flink, job=job), ha_checkpoints=newest)
    bare = replace(case, seen=seen)
    plan = forecast_removal(bare, key="default/app", word=Word.KEEP)
    assert (plan.steps, plan.end.verdict) == ((), Verdict.HELD)
    as_data = told(bare, plan, key="default/app")
    assert as_data["interruption"]["because"] == "nothing_is_done"
    assert as_data["origin"]["because"] == "its_state_is_not_touched"


def test_a_forecast_writes_nothing_and_ends() -> None:
    for removal in REMOVALS:
        found = removal.begins()
        writes, case = len(found.world.writes), case_now(found)
        before = repr(case)
        plan = forecast_removal(case, key="default/app", word=Word.KEEP)
        assert len(plan.steps) < MOST
        assert (len(found.world.writes), repr(case)) == (writes, before)


def test_the_page_names_all_that_a_person_asks() -> None:
    lines = page(data(BY_DEFAULT.begins()))
    text = "\n".join(lines)
    for word in (
        "plan of default/app: its_job_is_stopped_with_a_savepoint",
        "mode          savepoint",
        "a_stateful_job_takes_a_savepoint: stateful without a word",
        "state         a_savepoint_is_taken: a savepoint is taken into file:///sp;",
        SAVEPOINT_TO_COME,
        "interruption  for good, from the end of its savepoint on",
        "steps         1. savepoint       stop_job",
        "then: nothing_of_that_name_is_left (settled)",
        "objects       deleted: Deployment/app",
    ):
        assert word in text, text
    assert max(map(len, lines)) < 300
