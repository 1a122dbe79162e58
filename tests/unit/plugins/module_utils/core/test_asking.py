"""What a person asks of a stored resource by a word: the change that says it, and words in vain."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.asking import (
    RULES,
    Asking,
    asked_of,
    asking,
    refusal,
    with_asked,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.case import case_of
from ansible_collections.flinkops.flink.plugins.module_utils.core.forecast import forecast
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Move,
    Rule,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import verb_of
from ansible_collections.flinkops.flink.plugins.module_utils.kube.look import Subject, look
from support import looks, resources
from support.driver import Driver, driver
from support.lifecycle_world import edit_spec
from support.scenarios import Chapter, scaled, suspended
from support.sentences import Sentences
from support.world import World

TABLE = Sentences(Asking, RULES)


def stored(job: dict[str, Any] | None = None, served: int | None = None) -> dict[str, Any]:
    """A resource whose recorded spec has served that savepoint nonce."""
    item = resources.definition(**(job or {}))
    text = '{"spec":{"job":{"savepointTriggerNonce":%s}}}' % ("null" if served is None else served)
    return {**item, "status": {"reconciliationStatus": {"lastReconciledSpec": text}}}


CHANGES: dict[str, tuple[dict[str, Any], dict[str, str], dict[str, Any]]] = {
    "at rest": (stored(), {"job_state": "suspended"}, {"state": "suspended"}),
    "at rest already": (stored({"state": "suspended"}), {"job_state": "suspended"}, {}),
    "running, as without a word": (stored(), {"job_state": "running"}, {}),
    "running again": (
        stored({"state": "suspended"}), {"job_state": "running"}, {"state": "running"}
    ),
    "the first savepoint": (stored(), {"snapshot": "savepoint"}, {"savepointTriggerNonce": 1}),
    "another savepoint": (
        stored({"savepointTriggerNonce": 7}, 7),
        {"snapshot": "savepoint"},
        {"savepointTriggerNonce": 8},
    ),
    "one that is asked for already": (
        stored({"savepointTriggerNonce": 8}, 7), {"snapshot": "savepoint"}, {}
    ),
    "after a nonce was taken out": (
        stored({}, 7), {"snapshot": "savepoint"}, {"savepointTriggerNonce": 8}
    ),
    "a nonce that is none": (
        stored({"savepointTriggerNonce": "x"}),
        {"snapshot": "savepoint"},
        {"savepointTriggerNonce": 1},
    ),
    "a checkpoint": (
        stored({"savepointTriggerNonce": 7}, 7),
        {"snapshot": "checkpoint"},
        {"checkpointTriggerNonce": 1},
    ),
    "nothing": (stored(), {}, {}),
}  # fmt: skip


@pytest.mark.parametrize("name", CHANGES)
def test_the_change_that_asks_for(name: str) -> None:
    item, words, changed = CHANGES[name]
    assert asked_of(item, **words) == changed
    after = with_asked(item, changed)
    assert after["spec"]["job"] == {**item["spec"]["job"], **changed}
    assert asked_of(after, job_state=words.get("job_state", "")) == {}


def test_asking_twice_is_asking_once() -> None:
    once = with_asked(stored(), asked_of(stored(), snapshot="savepoint"))
    assert asked_of(once, snapshot="savepoint") == {}


def test_the_stored_resource_is_left_as_it_is() -> None:
    item = stored()
    before = repr(item)
    with_asked(item, asked_of(item, job_state="suspended", snapshot="savepoint"))
    assert repr(item) == before


def refused(of: Driver, verb: str = "", **words: Any) -> str:
    found = look(of.api, Subject(name="app", namespace="default"), now=of.world.now)
    case = case_of(
        found.seen,
        wanted=found.wanted,
        asker=looks.asker(driver="test/x", now=of.world.now),
        verb=verb_of(verb, at=""),
    )
    plan = forecast(case, key="default/app")
    found_refusal = refusal(asking(case, plan, **words), plan, key="default/app")
    return found_refusal.because if found_refusal else ""


def begun(happens: Any = lambda _world: None, *before: Any) -> Driver:
    found = Chapter(name="", happens=happens, before=before).begins()
    happens(found.world)
    return found


def changed_before(world: World) -> None:
    edit_spec(world, job={"parallelism": 1})


def test_a_rollback_of_the_only_version() -> None:
    assert refused(begun(), "rollback") == "there_is_no_version_to_go_back_to"


def test_a_rollback_of_a_stable_version_with_one_before_it() -> None:
    assert refused(begun(lambda _w: None, changed_before), "rollback") == ""


def test_a_rollback_while_a_change_is_under_way() -> None:
    assert refused(begun(scaled), "rollback") == ""


@pytest.mark.parametrize("verb", ["restore-from=file:///sp/1", "restore-empty", "restore-latest"])
def test_what_runs_needs_no_recovery(verb: str) -> None:
    assert refused(begun(), verb) == "its_job_runs_and_needs_no_recovery"


def test_a_change_may_come_from_the_state_that_is_named() -> None:
    assert refused(begun(scaled), "restore-from=file:///sp/1") == ""


def test_a_recovery_that_was_done_is_no_mistake() -> None:
    found = begun()
    resource = found.world.objects["FlinkDeployment", "default", "app"]
    started = resource["status"]["startedFrom"]
    started |= {"because": "the_user_names_the_snapshot", "path": "file:///sp/1"}
    assert refused(found, "restore-from=file:///sp/1") == ""
    assert refused(found, "restore-from=file:///sp/2") == "its_job_runs_and_needs_no_recovery"


def test_a_snapshot_needs_a_job_that_runs() -> None:
    found = begun(lambda _w: None, suspended)
    edit_spec(found.world, job={"savepointTriggerNonce": 3})
    assert refused(found, snapshot="savepoint") == "no_snapshot_of_it_can_be_taken_now"


def test_a_snapshot_of_a_job_that_runs() -> None:
    found = begun(lambda world: edit_spec(world, job={"savepointTriggerNonce": 3}))
    assert refused(found, snapshot="savepoint") == ""


def test_what_was_never_deployed_is_not_resumed() -> None:
    found = driver(resources.stateful())
    assert refused(found, resumes=True) == "a_resource_that_was_never_deployed_is_not_resumed"


def test_who_asks_for_nothing_is_refused_nothing() -> None:
    assert refused(begun()) == ""


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere(rule: Rule[Asking]) -> None:
    assert TABLE.decides_somewhere(rule)


def test_a_word_that_leads_on_is_refused_for_a_snapshot_or_a_resumption_alone() -> None:
    def is_other(rule: Rule[Asking]) -> bool:
        return rule.name in (
            "there_is_no_version_to_go_back_to",
            "its_job_runs_and_needs_no_recovery",
        )

    assert TABLE.broken(lambda f: not f.leads_on and not f.is_as_asked, by=is_other) == []


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_a_word_in_vain_is_held_and_nothing_is_done(rule: Rule[Asking]) -> None:
    assert (rule.verdict, rule.move) == (Verdict.HELD, Move.NOTHING)
    assert rule.next_step
