# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""From status and spec to the facts about snapshots, and a whole life of one, turn by turn."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.dump import reconciled_json
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_rules import Job
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_status import (
    Kind,
    Trigger,
    failure_of,
    history,
    last_periodic,
    pending_checkpoint,
    pending_savepoint,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshots import (
    Look,
    deadline,
    decide,
    next_due,
    snapshotting,
    words,
    written,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import FlinkVersion, Spec
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import Job as SpecJob
from ansible_collections.flinkops.flink.plugins.module_utils.core.trigger import (
    TriggerSeen,
    TriggerState,
)

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
OP = "kubernetes.operator."
EVERY_HOUR = {f"{OP}periodic.savepoint.interval": "1 h"}
DONE = TriggerSeen(state=TriggerState.DONE, location="s3://b/sp-1", checkpoint_id=7)
FAILED = TriggerSeen(state=TriggerState.FAILED, why="no disk")
FORGOTTEN = TriggerSeen(state=TriggerState.FORGOTTEN)
IN_PROGRESS = TriggerSeen(state=TriggerState.IN_PROGRESS)


def a_spec(savepoint: int | None = None, checkpoint: int | None = None) -> Spec:
    job = SpecJob(
        jar_uri="local:///j.jar",
        savepoint_trigger_nonce=savepoint,
        checkpoint_trigger_nonce=checkpoint,
    )
    return Spec(job=job, flink_version=FlinkVersion.V1_20)


def a_status(spec: Spec) -> dict[str, Any]:
    text = reconciled_json(spec, first_deployment=True)
    return {
        "jobStatus": {"jobId": "f" * 32},
        "reconciliationStatus": {"lastReconciledSpec": text, "lastStableSpec": text},
    }


@dataclass
class Turns:
    """One resource over some turns; each gives a fresh id."""

    look: Look
    count: int = 0
    names: list[str] = field(default_factory=list)

    def turn(self, seen: TriggerSeen | None = None, **more: Any) -> Verdict:
        self.look = replace(self.look, savepoint=seen, checkpoint=seen, **more)
        rule = decide(self.look)
        assert rule.message.format_map(words(self.look))
        self.count += 1
        self.look = replace(self.look, status=written(self.look, rule, f"{self.count:032x}"))
        self.names.append(rule.name)
        return rule.verdict

    def later(self, **length: float) -> datetime:
        return self.look.now + timedelta(**length)

    @property
    def trigger_id(self) -> str:
        found = pending_savepoint(self.look.status) or pending_checkpoint(self.look.status)
        return found.trigger_id if found else ""


def running(
    spec: Spec, configuration: Mapping[str, str] | None = None, *, recorded: Spec | None = None
) -> Turns:
    look = Look(
        key="ns/app",
        status=a_status(recorded or a_spec()),
        spec=spec,
        configuration=configuration or {},
        job=Job.RUNNING,
        now=NOW,
        created=NOW,
    )
    return Turns(look)


@pytest.mark.row("C-077")
def test_a_changed_nonce_asks_for_one_savepoint() -> None:
    turns = running(a_spec(savepoint=2))
    verdicts = [turns.turn(), turns.turn(IN_PROGRESS), turns.turn(DONE), turns.turn()]
    assert verdicts == [Verdict.GO, Verdict.WAIT, Verdict.WAIT, Verdict.SETTLED]
    assert turns.names == [
        "a_person_asks_for_a_savepoint",
        "the_savepoint_is_under_way",
        "the_savepoint_is_complete",
        "no_snapshot_is_due",
    ]
    entry = history(turns.look.status)[0]
    assert (entry.location, entry.trigger_type, entry.nonce, entry.time) == (
        ("s3://b/sp-1", Trigger.MANUAL, 2, NOW)
    )


@pytest.mark.parametrize(
    ("spec", "recorded"),
    [(a_spec(), a_spec(savepoint=1)), (a_spec(savepoint=1), a_spec(savepoint=1))],
    ids=["taken out", "the same"],
)
def test_no_nonce_and_the_same_nonce_ask_for_nothing(spec: Spec, recorded: Spec) -> None:
    assert running(spec, recorded=recorded).turn() is Verdict.SETTLED


def test_a_nonce_that_changes_meanwhile_asks_for_one_more() -> None:
    turns = running(a_spec(savepoint=2))
    turns.turn()
    turns.turn(DONE, spec=a_spec(savepoint=3))
    turns.turn()
    assert turns.names[-1] == "a_person_asks_for_a_savepoint"
    assert history(turns.look.status)[0].nonce == 2


def test_a_crash_before_flink_was_asked_asks_again_under_the_same_id() -> None:
    turns = running(a_spec(savepoint=2))
    turns.turn()
    before = turns.trigger_id
    assert turns.turn(FORGOTTEN) is Verdict.GO
    assert turns.names[-1] == "a_lost_savepoint_request_is_repeated"
    assert turns.trigger_id == before


def test_a_forgotten_savepoint_is_found_among_the_jobs_checkpoints() -> None:
    turns = running(a_spec(savepoint=2))
    turns.turn()
    turns.turn(replace(FORGOTTEN, location="s3://b/sp-9"), now=turns.later(minutes=20))
    assert turns.names[-1] == "a_forgotten_savepoint_was_found"
    assert [entry.location for entry in history(turns.look.status)] == ["s3://b/sp-9"]


def test_a_savepoint_of_the_history_is_not_found_a_second_time() -> None:
    turns = running(a_spec(savepoint=2))
    turns.turn()
    turns.turn(DONE)
    turns.turn(spec=a_spec(savepoint=3))
    assert turns.turn(replace(FORGOTTEN, location="s3://b/sp-1")) is Verdict.GO


def test_one_that_fails_is_tried_again_under_a_new_id_until_its_grace_is_over() -> None:
    turns = running(a_spec(savepoint=2))
    turns.turn()
    first_id = turns.trigger_id
    assert turns.turn(FAILED, now=turns.later(seconds=60)) is Verdict.GO
    assert turns.trigger_id != first_id
    assert turns.turn(FAILED, now=turns.later(seconds=1)) is Verdict.FAILED
    assert turns.names[-1] == "the_savepoint_failed"
    failure = failure_of(turns.look.status)
    assert failure is not None
    assert failure.message == "the savepoint of ns/app failed: no disk"
    assert turns.turn() is Verdict.SETTLED


@pytest.mark.row("C-073")
def test_a_periodic_one_is_taken_each_period_and_a_failure_waits_for_the_next() -> None:
    turns = running(a_spec(), EVERY_HOUR)
    assert turns.turn() is Verdict.SETTLED
    turns.turn(now=NOW + timedelta(hours=1))
    turns.turn(DONE)
    assert turns.turn(now=turns.later(minutes=59)) is Verdict.SETTLED
    turns.turn(now=NOW + timedelta(hours=2))
    assert turns.turn(FAILED, now=turns.later(minutes=2)) is Verdict.WAIT
    assert turns.turn() is Verdict.SETTLED
    assert next_due(turns.look, Kind.SAVEPOINT) == NOW + timedelta(hours=3)
    assert turns.names == [
        "no_snapshot_is_due",
        "a_savepoint_is_due",
        "the_savepoint_is_complete",
        "no_snapshot_is_due",
        "a_savepoint_is_due",
        "an_automatic_savepoint_failed",
        "no_snapshot_is_due",
    ]


@pytest.mark.row("C-074")
def test_a_cron_line_that_was_missed_often_is_made_up_for_once() -> None:
    turns = running(a_spec(), {f"{OP}periodic.checkpoint.interval": "0 0 3 * * ?"})
    turns.turn(now=NOW + timedelta(days=9))
    turns.turn(DONE)
    assert turns.turn() is Verdict.SETTLED
    assert turns.names[:2] == ["a_checkpoint_is_due", "the_checkpoint_is_complete"]
    assert last_periodic(turns.look.status, Kind.CHECKPOINT) == NOW + timedelta(days=9)


def test_one_after_the_other_is_taken() -> None:
    configuration = {**EVERY_HOUR, f"{OP}periodic.checkpoint.interval": "1 h"}
    turns = running(a_spec(savepoint=1, checkpoint=1), configuration)
    turns.turn(now=NOW + timedelta(hours=1))
    while turns.turn(DONE) is not Verdict.SETTLED:
        assert len(turns.names) < 20
    assert [name for name in turns.names if "complete" not in name] == [
        "a_person_asks_for_a_savepoint",
        "a_savepoint_is_due",
        "a_person_asks_for_a_checkpoint",
        "a_checkpoint_is_due",
        "no_snapshot_is_due",
    ]


def test_one_that_never_ends_is_given_up_at_its_deadline() -> None:
    turns = running(a_spec(savepoint=2), {"execution.checkpointing.timeout": "5 min"})
    turns.turn()
    assert deadline(turns.look) == NOW + timedelta(minutes=6)
    assert turns.turn(IN_PROGRESS, now=NOW + timedelta(minutes=6)) is Verdict.WAIT
    assert turns.turn(IN_PROGRESS, now=NOW + timedelta(minutes=6, seconds=1)) is Verdict.FAILED
    assert turns.names[-1] == "the_savepoint_took_too_long"
    assert turns.turn() is Verdict.SETTLED


def test_a_job_that_ended_takes_its_request_with_it() -> None:
    turns = running(a_spec(checkpoint=2))
    turns.turn()
    assert turns.turn(FORGOTTEN, job=Job.ENDED) is Verdict.FAILED
    assert turns.names[-1] == "the_checkpoint_lost_its_job"
    assert pending_checkpoint(turns.look.status) is None


@pytest.mark.parametrize("since", [None, 0, "x", 4102444800000], ids=str)
def test_a_time_that_is_nonsense_does_not_wait_for_ever(since: object) -> None:
    turns = running(a_spec())
    info = {"triggerId": "e" * 32, "triggerType": "MANUAL", "triggerTimestamp": since}
    job = {"jobId": "f" * 32, "savepointInfo": info}
    turns.look = replace(turns.look, status={**turns.look.status, "jobStatus": job})
    assert turns.turn(IN_PROGRESS) is Verdict.FAILED
    assert turns.turn() is Verdict.SETTLED


def test_settings_that_can_not_be_read_do_not_end_a_turn() -> None:
    junk = ("periodic.savepoint.interval", "savepoint.trigger.grace-period")
    turns = running(a_spec(savepoint=1), {f"{OP}{key}": "x" for key in junk})
    assert turns.turn() is Verdict.GO
    assert deadline(turns.look) == NOW + timedelta(minutes=11)


def test_before_1_17_a_checkpoint_that_a_person_asks_for_is_refused() -> None:
    turns = running(replace(a_spec(checkpoint=1), flink_version=FlinkVersion.V1_16))
    assert turns.turn() is Verdict.HELD


def test_without_a_running_job_nothing_is_taken_and_the_request_stays() -> None:
    turns = running(a_spec(savepoint=2), EVERY_HOUR)
    assert turns.turn(job=Job.NOT_RUNNING, now=turns.later(hours=9)) is Verdict.SETTLED
    assert turns.names == ["a_snapshot_waits_for_a_running_job"]
    assert turns.turn(job=Job.RUNNING) is Verdict.GO


def test_an_old_savepoint_is_disposed_of_and_named() -> None:
    turns = running(a_spec())
    entries = [
        {"location": name, "timeStamp": 1000 * number, "triggerType": "PERIODIC"}
        for number, name in enumerate(["s3://b/a", "s3://b/b"], start=1)
    ]
    job = {"jobId": "f" * 32, "savepointInfo": {"savepointHistory": entries}}
    turns.look = replace(turns.look, status={**turns.look.status, "jobStatus": job})
    rule = decide(turns.look)
    assert rule.move is Move.DISPOSE_SAVEPOINT
    assert "s3://b/a:" in rule.message.format_map(words(turns.look))


def test_facts_of_nothing_at_all() -> None:
    look = Look(key="ns/app", status={}, spec=Spec(), configuration={}, job=Job.UNSEEN, now=NOW)
    facts = snapshotting(look)
    assert not any((facts.wants_savepoint, facts.savepoint_is_due, facts.has_expired))
    assert decide(look).verdict is Verdict.SETTLED


def test_a_checkpoint_whose_place_is_not_told_yet_is_waited_for_until_its_deadline() -> None:
    """Flink's statistics are some seconds old; never told, it is complete without a place."""
    untold = TriggerSeen(state=TriggerState.DONE, is_untold=True, checkpoint_id=7)
    told = running(a_spec(checkpoint=3))
    told.turn()
    told.turn(IN_PROGRESS)
    assert told.turn(untold) is Verdict.WAIT
    late = replace(told, look=replace(told.look))
    assert told.turn(DONE, now=told.later(seconds=3)) is Verdict.WAIT
    assert pending_checkpoint(told.look.status) is None
    end = deadline(late.look)
    assert end is not None
    late.turn(untold, now=end + timedelta(seconds=1))
    assert pending_checkpoint(late.look.status) is None
    assert failure_of(late.look.status) is None
