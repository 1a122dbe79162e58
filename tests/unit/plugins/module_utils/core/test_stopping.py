# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The facts of the stop table: what became of a stop, how sure a state is, how old it is."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Case
from ansible_collections.flinkops.flink.plugins.module_utils.core.intent import Intent
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import milliseconds
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Rule,
    Source,
    Verdict,
    first,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore import restoring
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore_rules import (
    GUESS,
    RULES,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Checkpoint,
    FlinkSeen,
    Unseen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import UpgradeMode
from ansible_collections.flinkops.flink.plugins.module_utils.core.stopping import (
    Age,
    Certainty,
    Stop,
    Stopping,
    age_of,
    certainty_of,
    is_silent,
    mode_of,
    savepoint_directory,
    stop_of,
    stopping,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.trigger import (
    TriggerSeen,
    TriggerState,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import (
    NOTHING,
    Verb,
    VerbKind,
)
from support import looks

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
OPERATOR = "kubernetes.operator."
MAX_AGE = f"{OPERATOR}job.upgrade.last-state.max.allowed.checkpoint.age"
SNAPSHOT_TIME = timedelta(minutes=11)
SAVEPOINT_TIME = 10 * MINUTE + 10 * SECOND
SILENT = Unseen(why="no answer")


def wanted(mode: str = "savepoint", **keys: str) -> Any:
    cr = looks.definition(upgradeMode=mode)
    conf = {**cr["spec"]["flinkConfiguration"], "state.savepoints.dir": "file:///sp", **keys}
    conf["state.checkpoints.dir"] = "file:///cp"
    return looks.wanted({**cr, "spec": {**cr["spec"], "flinkConfiguration": conf}})


def case(  # noqa: PLR0913 - a case has many sides
    status: dict[str, Any] | None = None,
    flink: FlinkSeen | Unseen | None = None,
    *,
    of: Any = None,
    cluster: Any = None,
    verb: Verb = NOTHING,
    now: Any = looks.NOW,
) -> Case:
    given = of or wanted()
    told = looks.stable(given) if status is None else status
    seen = looks.seen(told, given, cluster=cluster or looks.cluster(), flink=flink or looks.runs())
    return looks.case(seen, verb=verb, now=now)


def asked(kind: str = "UPGRADE", ago: timedelta = SECOND) -> dict[str, Any]:
    told = looks.stable(wanted())
    at = milliseconds(looks.NOW - ago)
    info = {"triggerId": looks.TRIGGER, "triggerTimestamp": at, "triggerType": kind}
    return {**told, "jobStatus": {**told["jobStatus"], "savepointInfo": info}}


def in_phase(name: str, ends: timedelta) -> dict[str, Any]:
    deadline = (looks.NOW + ends).isoformat()
    return {**looks.stable(wanted()), "phase": {"name": name, "deadline": deadline}}


def facts(of: Case, intent: Intent = Intent.UPGRADE) -> Stopping:
    return stopping(of, intent, first(RULES, restoring(of, intent)))


# what became of a stop


@pytest.mark.parametrize(
    ("told", "stop"),
    [
        (None, Stop.UNSEEN),
        (TriggerSeen(state=TriggerState.UNSEEN), Stop.UNSEEN),
        (TriggerSeen(state=TriggerState.IN_PROGRESS), Stop.UNDER_WAY),
        (TriggerSeen(state=TriggerState.DONE), Stop.TAKEN),
        (TriggerSeen(state=TriggerState.DONE, location="file:///sp/1"), Stop.TAKEN),
        (TriggerSeen(state=TriggerState.FAILED), Stop.FAILED),
        (TriggerSeen(state=TriggerState.FAILED, location="file:///sp/1"), Stop.FAILED),
        (TriggerSeen(state=TriggerState.FORGOTTEN), Stop.FORGOTTEN),
        (TriggerSeen(state=TriggerState.FORGOTTEN, location="file:///sp/1"), Stop.TAKEN),
        (TriggerSeen(state=TriggerState.IN_PROGRESS, location="file:///sp/1"), Stop.TAKEN),
    ],
    ids=str,
)
def test_what_became_of_a_stop_is_flink_s_word(told: TriggerSeen | None, stop: Stop) -> None:
    assert stop_of(case(asked(), looks.runs(savepoint_trigger=told))) is stop


def test_a_stop_of_a_job_that_is_not_seen_is_not_seen_either() -> None:
    assert stop_of(case(asked(), SILENT)) is Stop.UNSEEN


def test_a_savepoint_that_a_person_asked_for_stops_nothing() -> None:
    done = looks.runs(savepoint_trigger=TriggerSeen(state=TriggerState.DONE))
    assert stop_of(case(asked("MANUAL"), done)) is Stop.NONE
    assert stop_of(case(flink=done)) is Stop.NONE


# how old the last checkpoint is


def job(started: timedelta, completed: timedelta | None = None, pending: int = 0) -> FlinkSeen:
    last = None
    if completed is not None:
        last = Checkpoint(id=1, path="file:///cp/1", completed=looks.NOW - completed)
    return looks.runs(
        started=looks.NOW - started, last_checkpoint=last, checkpoints_pending=pending
    )


HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("limit", "flink", "age"),
    [
        ("", job(HOUR), Age.FRESH),
        ("soon", job(HOUR), Age.FRESH),
        ("1 min", SILENT, Age.FRESH),
        ("1 min", looks.flink(), Age.FRESH),
        ("1 min", job(MINUTE), Age.FRESH),
        ("1 min", job(MINUTE + SECOND), Age.OLD),
        ("1 min", job(MINUTE + SECOND, pending=1), Age.PENDING),
        ("1 min", job(HOUR, MINUTE), Age.FRESH),
        ("1 min", job(HOUR, MINUTE + SECOND), Age.OLD),
        ("1 min", job(HOUR, MINUTE + SECOND, pending=2), Age.PENDING),
        ("1 min", job(HOUR, MINUTE, pending=2), Age.FRESH),
        ("1 min", looks.runs(started=None), Age.OLD),
    ],
)
def test_a_checkpoint_is_as_old_as_the_user_allows(
    limit: str, flink: FlinkSeen | Unseen, age: Age
) -> None:
    of = wanted(**({MAX_AGE: limit} if limit else {}))
    assert age_of(case(flink=flink, of=of), looks.NOW) is age


# by which way, and from which state


@pytest.mark.parametrize(
    ("intent", "mode"),
    [
        (Intent.UPGRADE, UpgradeMode.STATELESS),
        (Intent.SUSPEND, UpgradeMode.STATELESS),
        (Intent.GO_BACK, UpgradeMode.STATELESS),
        (Intent.REDEPLOY, UpgradeMode.STATELESS),
        (Intent.STEP_BACK, UpgradeMode.SAVEPOINT),
        (Intent.RESTART, UpgradeMode.LAST_STATE),
        (Intent.RECOVER, UpgradeMode.LAST_STATE),
    ],
)
def test_a_stable_version_is_left_with_a_savepoint_and_a_restart_takes_none(
    intent: Intent, mode: UpgradeMode
) -> None:
    assert mode_of(case(of=wanted("stateless")), intent) is mode


def rule(name: str, source: Source) -> Rule[Any]:
    return Rule(name=name, when=bool, verdict=Verdict.GO, source=source, message="")


@pytest.mark.parametrize("found", RULES, ids=lambda it: it.name)
def test_how_sure_a_state_is_depends_on_the_rule_that_chose_it(found: Rule[Any]) -> None:
    certainty = certainty_of(found)
    if found.source is Source.NONE:
        assert certainty is Certainty.NONE
    elif found.name == GUESS:
        assert certainty is Certainty.GUESS
    elif found.name.startswith("nothing_completed"):
        assert certainty is Certainty.ORIGIN
    else:
        assert certainty is Certainty.FIRM


def test_each_certainty_has_a_rule() -> None:
    assert {certainty_of(found) for found in RULES} == set(Certainty)
    assert certainty_of(rule(GUESS, Source.NONE)) is Certainty.NONE


def test_the_directory_is_the_wanted_one_in_any_spelling() -> None:
    for key in ("state.savepoints.dir", "execution.checkpointing.savepoint-dir"):
        of = wanted(**{"state.savepoints.dir": "", key: "file:///given"})
        assert savepoint_directory(case(of=of)) == "file:///given"
        assert facts(case(of=of)).has_directory
    assert not facts(case(of=wanted(**{"state.savepoints.dir": ""}))).has_directory


# who is waited for, and how long


def test_a_jobmanager_that_is_up_and_does_not_answer_is_silent() -> None:
    assert is_silent(case(flink=SILENT))
    assert not is_silent(case())
    assert not is_silent(case(flink=looks.flink()))
    assert not is_silent(case(flink=SILENT, cluster=looks.cluster(available=0)))


def test_silence_is_waited_for_until_the_phase_is_over() -> None:
    assert facts(case(in_phase("stop", SECOND), SILENT)).is_silent
    late = facts(case(in_phase("stop", -SECOND), SILENT))
    assert (late.is_silent, late.is_stop_late) == (False, True)
    other = facts(case(in_phase("cancel", -SECOND), SILENT))
    assert (other.is_silent, other.is_stop_late, other.is_cancel_late) == (True, False, True)
    deleting = facts(case(in_phase("cluster-delete", -SECOND)))
    assert (deleting.is_delete_late, deleting.is_cancel_late) == (True, False)


@pytest.mark.parametrize(
    ("status", "flink", "key", "waits"),
    [
        (asked("MANUAL"), looks.runs(), "", True),
        (asked("PERIODIC"), looks.runs(), "", True),
        (asked("UPGRADE"), looks.runs(), "", False),
        (None, looks.runs(), "", False),
        (asked("MANUAL"), looks.runs(state="FINISHED"), "", False),
        (asked("MANUAL"), looks.runs(state="FAILED"), "", False),
        (asked("MANUAL"), SILENT, "", True),
        (asked("MANUAL"), looks.runs(), "true", False),
        (asked("MANUAL"), looks.runs(), "false", True),
        (asked("MANUAL", SNAPSHOT_TIME), looks.runs(), "", True),
        (asked("MANUAL", SNAPSHOT_TIME + SECOND), looks.runs(), "", False),
    ],
)
def test_a_savepoint_of_somebody_is_waited_for_until_its_time_is_over(
    status: Any, flink: Any, key: str, waits: bool
) -> None:
    keys = {f"{OPERATOR}job.upgrade.ignore-pending-savepoint": key} if key else {}
    assert facts(case(status, flink, of=wanted(**keys))).has_pending_snapshot is waits


@pytest.mark.parametrize(
    ("ago", "late"), [(SAVEPOINT_TIME, False), (SAVEPOINT_TIME + SECOND, True)]
)
def test_a_stop_has_the_time_that_flink_has_for_it(ago: timedelta, late: bool) -> None:
    assert facts(case(asked(ago=ago))).is_savepoint_late is late


@pytest.mark.parametrize("kind", VerbKind)
def test_who_names_a_state_or_skips_the_savepoint_waits_for_none(kind: VerbKind) -> None:
    skipping = (VerbKind.SKIP_SAVEPOINT, VerbKind.RESTORE_FROM, VerbKind.RESTORE_EMPTY)
    assert facts(case(verb=Verb(kind=kind))).skips is (kind in skipping)


@pytest.mark.parametrize(("text", "truth"), [("", None), ("true", True), ("false", False)])
def test_the_user_s_keys_are_facts(text: str, truth: bool | None) -> None:
    given = {
        f"{OPERATOR}job.upgrade.last-state-fallback.enabled": text,
        f"{OPERATOR}job.upgrade.last-state.job-cancel.enabled": text,
    }
    found = facts(case(of=wanted(**given)))
    assert found.falls_back is (True if truth is None else truth)
    assert found.prefers_cancel is (False if truth is None else truth)
