# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A playbook and an operator in one small world: one makes the turns, the other waits for it."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FINALIZER
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import verb_of
from ansible_collections.flinkops.flink.plugins.module_utils.kube.lease import operator_identity
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import described, turn
from support.driver import Driver, driver, stateful
from support.lifecycle_world import RESOURCE, VERB, edit_spec
from support.world_store import stamp

ME = operator_identity("flink-operator", "ops")
LONG = timedelta(days=1)


class Both:
    """`served`: the operator has taken turns until there was nothing left to do."""

    def __init__(self) -> None:
        self.found: Driver = driver(stateful())
        metadata = {"name": "flink-operator", "namespace": "ops", "uid": "uid-of-leaders"}
        until = {"leaseDurationSeconds": 15, "renewTime": stamp(self.found.world.now + LONG)}
        lease = {"kind": "Lease", "metadata": metadata, "spec": until}
        self.found.world.objects["Lease", "ops", "flink-operator"] = lease
        self.resource["metadata"]["finalizers"] = []
        self.served()
        self.resource["metadata"]["finalizers"] = [FINALIZER]

    @property
    def resource(self) -> dict[str, Any]:
        found: dict[str, Any] = self.found.world.objects[RESOURCE]
        return found

    @property
    def word(self) -> str:
        return str((self.resource["metadata"].get("annotations") or {}).get(VERB) or "")

    def serves(self, goal: str = "deploy") -> Plan:
        """One turn of the operator, and its move."""
        question = replace(self.found.question(goal, Word.KEEP), driver=ME, patience=None)
        _seen, plan, _told = turn(self.found.api, question)
        if plan.verdict is Verdict.GO:
            self.found.move(plan.move, Word.KEEP)
        self.found.world.passes(timedelta(seconds=1))
        return plan

    def served(self, goal: str = "deploy") -> None:
        for _ in range(120):
            if self.serves(goal).verdict is Verdict.SETTLED:
                return
        raise AssertionError("the operator is never done")

    def asks(self, goal: str = "deploy", verb: str = "", word: Word = Word.KEEP) -> Plan:
        """One turn of a playbook."""
        question = replace(self.found.question(goal, word), verb=verb_of(verb, at="verb"))
        seen, plan, _told = turn(self.found.api, question)
        self.left = described(question, seen, plan)["verb"]
        return plan


@pytest.fixture
def both() -> Both:
    return Both()


def said(plan: Plan) -> tuple[Verdict, str]:
    return plan.verdict, plan.because


SEEN_NOT_YET = (Verdict.WAIT, "its_operator_has_not_seen_it_yet")
WELL = (Verdict.SETTLED, "its_operator_says_that_it_is_well")


def test_a_playbook_says_what_the_operator_says_and_writes_nothing(both: Both) -> None:
    writes = len(both.found.world.writes)
    plan = both.asks()
    assert said(plan) == WELL
    assert ME in plan.message
    assert "is RUNNING" in plan.message
    assert len(both.found.world.writes) == writes


def test_a_change_is_waited_for_until_the_operator_has_carried_it_out(both: Both) -> None:
    edit_spec(both.found.world, job={"parallelism": 4})
    assert said(both.asks()) == SEEN_NOT_YET
    both.serves()
    assert said(both.asks()) == (Verdict.WAIT, "its_operator_works_on_it")
    both.served()
    assert said(both.asks()) == WELL
    job = both.found.world.flink.job_of()
    assert job is not None
    assert job.parallelism == 4


def test_what_the_operator_refuses_fails_the_playbook_with_its_words(both: Both) -> None:
    edit_spec(both.found.world, job={"parallelism": -1})
    both.serves()
    plan = both.asks()
    assert said(plan) == (Verdict.FAILED, "its_operator_says_what_is_wrong")
    assert "spec.job.parallelism" in plan.message


def test_a_word_is_handed_over_and_waited_for(both: Both) -> None:
    assert said(both.asks(verb="retry")) == SEEN_NOT_YET
    assert both.word == "retry"
    assert both.left == "", "it is not handed over once more"
    both.served()
    assert both.word == ""
    assert said(both.asks()) == WELL


def test_who_only_looks_sees_what_the_operator_will_do(both: Both) -> None:
    edit_spec(both.found.world, job={"parallelism": 4})
    writes = len(both.found.world.writes)
    looks = replace(both.found.question("deploy", Word.KEEP), tells=False)
    _seen, plan, _told = turn(both.found.api, looks)
    assert said(plan) == (Verdict.GO, "its_job_is_stopped_with_a_savepoint")
    assert len(both.found.world.writes) == writes


def test_a_removal_is_the_operators_from_the_deletion_on(both: Both) -> None:
    plan = both.asks("remove")
    assert said(plan) == (Verdict.GO, "its_operator_is_asked_to_remove_it")
    assert plan.move is Move.DELETE_RESOURCE
    both.found.move(plan.move, Word.KEEP)
    assert "deletionTimestamp" in both.resource["metadata"]
    assert said(both.asks("remove")) == (Verdict.WAIT, "its_operator_removes_it")
    assert said(both.asks()) == (Verdict.HELD, "its_operator_is_removing_it")
    while RESOURCE in both.found.world.objects:
        both.serves("remove")
    assert both.asks("remove").verdict is Verdict.SETTLED
    assert both.found.world.flink.lost() == []


@pytest.mark.parametrize("word", [Word.DROP, Word.FORCE])
def test_state_is_not_dropped_past_the_operator(both: Both, word: Word) -> None:
    plan = both.asks("remove", word=word)
    assert said(plan) == (Verdict.HELD, "its_operator_removes_it_as_its_spec_says")
    assert RESOURCE in both.found.world.objects


def test_an_operator_that_is_gone_is_followed_by_the_next_who_asks(both: Both) -> None:
    del both.found.world.objects["Lease", "ops", "flink-operator"]
    edit_spec(both.found.world, job={"parallelism": 4})
    assert both.asks().verdict is Verdict.GO
