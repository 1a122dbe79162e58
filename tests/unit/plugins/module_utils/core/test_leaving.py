# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is known of the state of a job that is to go, and how it is told."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Case
from ansible_collections.flinkops.flink.plugins.module_utils.core.leaving import (
    Known,
    State,
    is_told,
    known_of,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import milliseconds
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Source
from ansible_collections.flinkops.flink.plugins.module_utils.core.remove_words import told_kept
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Checkpoint,
    Seen,
    Unseen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.trigger import (
    TriggerSeen,
    TriggerState,
)
from support import looks
from support.resources import stateful

CR = stateful()
WANTED = looks.wanted(CR)
LAST = Checkpoint(id=7, path="file:///cp/chk-7", completed=looks.NOW)
SAVED = TriggerSeen(state=TriggerState.DONE, location="file:///sp/savepoint-1")
LEDGER = {"ledger": [{"kind": "checkpoint", "path": "file:///cp/chk-5"}]}
PENDING = {"triggerId": looks.TRIGGER, "triggerTimestamp": 1, "triggerType": "UPGRADE"}


def status(**job: Any) -> dict[str, Any]:
    found = looks.stable(WANTED)
    return {**found, "jobStatus": {**found["jobStatus"], **job}}


def case(told: dict[str, Any] | None = None, **fields: Any) -> Case:
    usual = {"cluster": looks.cluster(), "flink": Unseen(why="silence"), "pods": looks.READY}
    found = status() if told is None else told
    return looks.case(looks.seen(found, WANTED, **{**usual, **fields}), WANTED)


def of(told: dict[str, Any] | None = None, **fields: Any) -> Known:
    return known_of(case(told, **fields))


def runs(**fields: Any) -> Known:
    return of(flink=looks.runs(**fields))


def ended(state: str, told: dict[str, Any] | None = None, **fields: Any) -> Known:
    return of(told, flink=looks.runs(state=state, tasks_running=0, **fields))


HA: dict[str, Any] = {"ha_checkpoints": {looks.JOB: 9}, "has_checkpoint_in_ha": True}
IN_HA = f"file:///cp/{looks.JOB}/chk-9"


@pytest.mark.parametrize(
    ("known", "state", "path"),
    [
        (runs(last_checkpoint=LAST, checkpoints_completed=3), State.SEEN, LAST.path),
        (of(flink=looks.runs(last_checkpoint=LAST), **HA), State.SEEN, IN_HA),
        (runs(checkpoints_completed=0), State.NOTHING, ""),
        (runs(checkpoints_completed=3), State.REPLACED, ""),
        (runs(checkpoints_completed=None), State.UNKNOWN, ""),
        (of(flink=looks.runs(), ha_checkpoints={looks.JOB: 0}), State.NOTHING, ""),
        (of(), State.UNKNOWN, ""),
        (of(**HA), State.METADATA, IN_HA),
        (of(flink=looks.flink(), **HA), State.METADATA, IN_HA),
        (of(ha_checkpoints={looks.JOB: 0}), State.NOTHING, ""),
        (of({**status(), **LEDGER}), State.LEDGER, "file:///cp/chk-5"),
        (of({**status(), **LEDGER}, cluster=None), State.LEDGER, "file:///cp/chk-5"),
        (of(cluster=None), State.UNKNOWN, ""),
        (of({**status(savepointInfo=PENDING), **LEDGER}), State.LEDGER, "file:///cp/chk-5"),
        (of({**status(savepointInfo=PENDING), **LEDGER}, cluster=None), State.UNKNOWN, ""),
        (
            of({**status(savepointInfo=PENDING), **LEDGER}, flink=looks.flink()),
            State.UNKNOWN,
            "",
        ),
        (ended("CANCELED", last_checkpoint=LAST), State.ENDED, LAST.path),
        (ended("FAILED", last_checkpoint=LAST), State.ENDED, LAST.path),
        (ended("FAILED", checkpoints_completed=0), State.OVER, ""),
        (ended("FAILED"), State.UNKNOWN, ""),
        (ended("CANCELED", checkpoints_completed=3), State.REPLACED, ""),
        (ended("FINISHED", last_checkpoint=LAST), State.OVER, ""),
        (ended("FINISHED", savepoint_trigger=SAVED), State.ENDED, SAVED.location),
        (
            ended("FINISHED", last_checkpoint=replace(LAST, is_savepoint=True)),
            State.ENDED,
            LAST.path,
        ),
        (
            of(status(state="CANCELED", upgradeSavepointPath="file:///cp/x"), cluster=None),
            State.ENDED,
            "file:///cp/x",
        ),
        (of(status(state="FINISHED"), cluster=None), State.OVER, ""),
        (of({}, cluster=None), State.NEVER_RAN, ""),
        (of({}), State.UNKNOWN, ""),
        (of({}, cluster=looks.cluster(never_available=True)), State.NEVER_RAN, ""),
    ],
)  # fmt: skip
def test_what_is_known_of_the_state(known: Known, state: State, path: str) -> None:
    assert (known.state, known.path) == (state, path)


def test_a_stateless_job_keeps_nothing_whatever_is_seen() -> None:
    seen = looks.seen(looks.stable(), cluster=looks.cluster(), flink=looks.runs())
    assert known_of(looks.case(seen)).state is State.STATELESS


def test_a_first_start_that_never_came_up_has_no_state() -> None:
    never = looks.cluster(never_available=True)
    assert of(looks.deployed(WANTED), cluster=never).state is State.NEVER_RAN
    assert of(looks.stable(WANTED), cluster=never).state is State.UNKNOWN


def test_a_start_that_is_written_ahead_and_not_made_has_the_state_that_it_names() -> None:
    cr = stateful()
    cr["spec"]["job"]["initialSavepointPath"] = "file:///sp/first"
    wanted = looks.wanted(cr)
    seen = looks.seen(looks.written_ahead(wanted), wanted)
    assert known_of(looks.case(seen, wanted)) == Known(state=State.ENDED, path="file:///sp/first")
    empty = looks.seen(looks.written_ahead(WANTED), WANTED)
    assert known_of(looks.case(empty, WANTED)).state is State.NEVER_RAN


def test_a_suspended_job_has_the_state_that_it_goes_on_from() -> None:
    suspended = status(upgradeSavepointPath="file:///sp/rest", state="FINISHED")
    record = suspended["reconciliationStatus"]
    text = record["lastReconciledSpec"].replace('"state":"running"', '"state":"suspended"')
    text = text.replace('"upgradeMode":"stateless"', '"upgradeMode":"savepoint"')
    told = {**suspended, "reconciliationStatus": {**record, "lastReconciledSpec": text}}
    assert of(told, cluster=None) == Known(state=State.ENDED, path="file:///sp/rest")


@pytest.mark.parametrize(
    ("seconds", "is_final"), [(0, False), (3, False), (4, True), (-2, False), (-3600, True)]
)
def test_flink_s_last_word_is_final_some_seconds_after_the_end(
    seconds: int, is_final: bool
) -> None:
    at = str(milliseconds(looks.NOW - timedelta(seconds=seconds)))
    told = status(state="CANCELED", updateTime=at)
    flink = looks.runs(state="CANCELED", last_checkpoint=LAST)
    assert is_told(case(told, flink=flink)) is is_final


def test_an_end_that_the_status_does_not_name_yet_is_not_final() -> None:
    assert not is_told(case(flink=looks.runs(state="CANCELED", last_checkpoint=LAST)))
    assert is_told(case(flink=looks.runs(state="FINISHED", savepoint_trigger=SAVED)))


@pytest.mark.parametrize(
    ("state", "path", "source"),
    [
        (State.SEEN, "file:///x", Source.SAVEPOINT),
        (State.METADATA, "", Source.LAST_STATE),
        (State.OVER, "", Source.EMPTY),
        (State.UNKNOWN, "", Source.NONE),
    ],
)
def test_a_snapshot_is_told_as_a_start_would_have_it(
    state: State, path: str, source: Source
) -> None:
    origin = Known(state=state, path=path).origin
    assert (origin.source, origin.path, origin.because) == (source, path, state.value)


@pytest.mark.parametrize("state", State)
def test_each_state_is_told_in_words(state: State) -> None:
    path = "file:///x" if state in (State.ENDED, State.SEEN, State.LEDGER) else ""
    text = told_kept(Known(state=state, path=path), case(**HA), Word.KEEP)
    assert path in text
    assert ("newer one" in text) is (state in (State.SEEN, State.LEDGER))
    assert told_kept(Known(state=state), case(), Word.DROP) == "none, by the word of the user"


def test_a_savepoint_that_nobody_heard_of_is_told_by_its_folder() -> None:
    told = {**status(savepointInfo=PENDING)}
    text = told_kept(Known(state=State.UNKNOWN), case(told), Word.KEEP)
    assert f"file:///sp/savepoint-{looks.JOB[:6]}-*" in text


def test_what_the_removal_named_is_known_where_the_ledger_was_lost() -> None:
    named = status(upgradeSavepointPath="file:///cp/named")
    assert of(named, cluster=None).state is State.UNKNOWN
    told = {**named, "lifecycleState": "DELETING"}
    assert of(told, cluster=None) == Known(state=State.LEDGER, path="file:///cp/named")


def test_a_cluster_without_its_resource_is_no_case_of_state() -> None:
    assert known_of(looks.case(Seen(resource=None))).state in (State.NEVER_RAN, State.UNKNOWN)
