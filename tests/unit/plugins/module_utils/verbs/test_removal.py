# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""An application goes, and its state is where it says; each phase ends, whatever happens."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import VERB_ANNOTATION
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import (
    described,
    question_of,
    turn,
)
from support.driver import Driver, status
from support.lifecycle_faults import assert_removed, nothing, until_it_rests
from support.lifecycle_world import (
    RESOURCE,
    annotate,
    deletes_deployment,
    edit_spec,
    loses_storage,
    namespace_goes,
    switched,
)
from support.removals import (
    REMOVALS,
    Removal,
    Watch,
    assert_gone,
    assert_left,
    deleted_by_hand,
    with_finalizer,
)
from support.scenarios import Chapter

EACH = pytest.mark.parametrize("removal", REMOVALS, ids=lambda removal: removal.name)
BY_DEFAULT, WITHOUT_HA = REMOVALS[1], REMOVALS[2]
CANCELLED = next(it for it in REMOVALS if it.name == "cancelled")
RUN = "its_job_is_stopped_with_a_savepoint"


@EACH
def test_an_application_goes_and_leaves_what_it_says(removal: Removal) -> None:
    watch = Watch(removal.begins())
    assert watch.remove().because == "nothing_of_that_name_is_left"
    assert_left(watch, removal)
    assert_gone(watch.found)


@EACH
def test_a_deletion_by_hand_ends_with_the_finalizer_released(removal: Removal) -> None:
    watch = Watch(removal.begins())
    deleted_by_hand(watch.found.world)
    assert watch.remove().because == "nothing_of_that_name_is_left"
    assert_left(watch, removal)
    assert_gone(watch.found)


def test_a_finalizer_is_released_by_a_removal_that_nobody_began_by_hand() -> None:
    watch = Watch(BY_DEFAULT.begins())
    with_finalizer(watch.found.world)
    assert watch.remove().verdict is Verdict.SETTLED
    assert_left(watch, BY_DEFAULT)
    assert_gone(watch.found)
    asked = [what for what in watch.found.world.writes if what.endswith("FlinkDeployment/app")]
    assert asked[-2:] != asked[-1:] * 2


def test_a_finalizer_of_somebody_else_stays_and_is_told() -> None:
    found = BY_DEFAULT.begins()
    deleted_by_hand(found.world)
    found.world.objects[RESOURCE]["metadata"]["finalizers"].append("theirs/finalizer")
    plan = until_it_rests(found, found.remove)
    assert (plan.verdict, plan.because) == (Verdict.HELD, "its_resource_outlives_the_deadline")
    assert "theirs/finalizer" in plan.message
    assert found.world.objects[RESOURCE]["metadata"]["finalizers"] == ["theirs/finalizer"]


@pytest.mark.parametrize("happens", ["savepoints_fail", "savepoints_hang"])
@pytest.mark.parametrize("removal", [BY_DEFAULT, WITHOUT_HA], ids=["with HA", "without"])
def test_a_savepoint_that_does_not_come_about_leaves_the_last_checkpoint(
    removal: Removal, happens: str
) -> None:
    watch = Watch(removal.begins())
    switched(**{happens: True})(watch.found.world)
    assert watch.remove().verdict is Verdict.SETTLED
    assert_left(watch, CANCELLED)
    assert_gone(watch.found)


def test_a_job_that_does_not_stop_after_its_savepoint_leaves_what_it_did_since() -> None:
    watch = Watch(BY_DEFAULT.begins())
    switched(fails_when_stopping=True)(watch.found.world)
    assert watch.remove().verdict is Verdict.SETTLED
    assert_gone(watch.found)
    assert watch.named in watch.found.world.flink.storage.kept


def test_a_savepoint_that_fails_without_a_checkpoint_is_told_and_nothing_goes() -> None:
    found = BY_DEFAULT.begins()
    found.world.flink.checkpoints_fail = True
    job = found.world.flink.job_of()
    assert job is not None
    forget_all_checkpoints(found)
    switched(savepoints_fail=True)(found.world)
    plan = found.remove()
    assert plan.because == "its_savepoint_failed_and_nothing_else_is_known"
    assert "IO-problem" in json.dumps(status(found))
    assert found.world.flink.job_of() is job
    switched(savepoints_fail=False)(found.world)
    found.world.passes(timedelta(seconds=61))
    assert found.remove().verdict is Verdict.SETTLED
    assert_gone(found)


def forget_all_checkpoints(found: Driver) -> None:
    job = found.world.flink.job_of()
    assert job is not None
    job.forgets()
    found.world.flink.storage.kept.clear()
    found.world.flink.storage.taken.clear()
    status(found).pop("ledger", None)
    found.world.passes(timedelta(seconds=1))


@pytest.mark.parametrize("asked", ["by annotation", "by the playbook's word"])
def test_a_person_skips_a_savepoint_that_never_ends(asked: str) -> None:
    watch = Watch(BY_DEFAULT.begins())
    switched(savepoints_hang=True)(watch.found.world)
    if asked == "by annotation":
        annotate(watch.found.world, "skip-savepoint")
    else:
        watch.found.verb = "skip-savepoint"
    began = watch.found.world.now
    assert watch.remove().verdict is Verdict.SETTLED
    assert watch.found.world.now - began < timedelta(seconds=20)
    assert_left(watch, CANCELLED)
    assert_gone(watch.found)


def test_a_job_that_can_not_be_cancelled_is_cut_off() -> None:
    watch = Watch(CANCELLED.begins())
    switched(cancel_hangs=True)(watch.found.world)
    assert watch.remove().verdict is Verdict.SETTLED
    assert_gone(watch.found)


@EACH
def test_a_flink_that_is_silent_for_good_is_waited_for_and_then_let_go(removal: Removal) -> None:
    watch = Watch(removal.begins())
    switched(is_silent=True)(watch.found.world)
    said = watch.remove()
    if said.verdict is Verdict.HELD:  # nothing but REST knows of it
        assert said.because == "the_last_checkpoint_is_not_seen"
        assert watch.found.world.flink.job_of() is not None
        return
    assert said.verdict is Verdict.SETTLED
    assert bool(watch.named) is (removal.mode != "stateless")
    assert_gone(watch.found, is_guessed=not removal.has_ha)


def test_a_person_does_not_wait_for_a_silent_flink() -> None:
    watch = Watch(BY_DEFAULT.begins())
    switched(is_silent=True)(watch.found.world)
    watch.found.verb = "skip-savepoint"
    began = watch.found.world.now
    assert watch.remove().verdict is Verdict.SETTLED
    assert watch.found.world.now - began < timedelta(seconds=20)
    assert watch.named
    assert_gone(watch.found)


@EACH
def test_an_application_whose_storage_is_gone_can_be_removed(removal: Removal) -> None:
    watch = Watch(removal.begins())
    loses_storage(watch.found.world)
    assert watch.found.until_done(watch.remove).verdict is Verdict.SETTLED
    assert_gone(watch.found)


@EACH
def test_a_lost_deployment_takes_nothing_with_it(removal: Removal) -> None:
    watch = Watch(removal.begins())
    deletes_deployment(watch.found.world)
    said = watch.remove()
    if said.verdict is Verdict.SETTLED:
        assert bool(watch.named) is (removal.mode != "stateless")
        assert_gone(watch.found, is_guessed=not removal.has_ha)
    else:
        assert said.because == "no_snapshot_of_it_is_known"


def test_without_any_snapshot_it_is_held_until_the_user_lets_the_state_go() -> None:
    found = WITHOUT_HA.begins()
    deletes_deployment(found.world)
    status(found).pop("ledger", None)
    assert found.remove().because == "no_snapshot_of_it_is_known"
    assert RESOURCE in found.world.objects
    found.world.passes(timedelta(seconds=61))
    assert found.remove(Word.DROP).verdict is Verdict.SETTLED
    assert_gone(found)


@pytest.mark.parametrize("is_late", [False, True], ids=["its pods run", "all else is gone"])
def test_a_resource_goes_with_its_namespace_at_once_and_names_its_snapshot(
    is_late: bool,
) -> None:
    watch = Watch(BY_DEFAULT.begins())
    world = watch.found.world
    deleted_by_hand(world)
    namespace_goes(world)
    if is_late:
        world.passes(timedelta(seconds=5))
        assert [kind for kind, _, _ in world.objects if kind != "Namespace"] == ["FlinkDeployment"]
    else:
        del world.objects["Lease", "default", "flinkops-app"]
    before = len(world.writes)
    assert watch.remove().verdict is Verdict.SETTLED
    assert RESOURCE not in world.objects
    assert world.writes[before:] == [
        "replace status FlinkDeployment/app",
        "merge FlinkDeployment/app",
    ]
    assert watch.named in {taken.path for taken in world.flink.storage.taken}
    assert watch.named in watch.last["conditions"][1]["message"]


def test_a_changed_word_counts_in_the_middle_of_a_savepoint() -> None:
    watch = Watch(BY_DEFAULT.begins())
    switched(savepoints_hang=True)(watch.found.world)
    watch.found.world.edits = {
        watch.found.world.requests + 60: lambda world: edit_spec(
            world, job={"deletionMode": "cancel"}
        )
    }
    assert watch.remove().verdict is Verdict.SETTLED
    assert_left(watch, CANCELLED)
    assert_gone(watch.found)


def test_a_removal_without_ha_names_the_last_checkpoint() -> None:
    assert_removed(Chapter(name="", happens=nothing, has_ha=False).begins())


@pytest.mark.parametrize("drains", [True, False])
def test_a_savepoint_on_deletion_drains_where_the_contract_s_key_says_so(
    drains: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    key = "kubernetes.operator.job.drain-on-savepoint-deletion"
    found = BY_DEFAULT.begins(**{key: str(drains).lower()})
    answer, asked = found.world.answer, []

    def noting(method: str, path: str, body: Any = None, **params: Any) -> tuple[int, bytes]:
        if path.endswith("/stop"):
            asked.append(body)
        return answer(method, path, body, **params)

    monkeypatch.setattr(found.world, "answer", noting)
    assert found.remove().verdict is Verdict.SETTLED
    assert [body["drain"] for body in asked] == [drains]


def test_a_person_lets_a_state_go_by_annotation() -> None:
    """Of a resource that was deleted by hand, whose last checkpoint can't be told."""
    found = BY_DEFAULT.begins()
    found.world.flink.checkpoints_fail = True
    forget_all_checkpoints(found)
    switched(savepoints_fail=True)(found.world)
    deleted_by_hand(found.world)
    assert found.remove().verdict is not Verdict.SETTLED
    annotate(found.world, "drop-state")
    question = replace(found.question("remove", Word.KEEP), tells=False)
    seen, plan, _changed = turn(found.api, question)
    assert described(question, seen, plan)["state"] == "drop"
    assert found.remove().verdict is Verdict.SETTLED
    assert_gone(found)


def test_a_word_for_a_removal_is_none_for_an_application_that_is_to_run() -> None:
    found = BY_DEFAULT.begins()
    annotate(found.world, "drop-state")
    assert found.deploy().because == "the_job_runs"
    assert found.world.objects[RESOURCE]["metadata"]["annotations"][VERB_ANNOTATION] == "drop-state"
    with pytest.raises(InvalidResource, match=r"remove\.yml"):
        question_of({"name": "app", "namespace": "x", "verb": "drop-state"}, check_mode=True)
