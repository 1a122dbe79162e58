# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The facts of the care table: the gate, what is taken back, what is restarted, what is over."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.caring import (
    RECOVERY_KEY,
    ROLLBACK_KEY,
    TTL_KEY,
    Caring,
    Ended,
    Gate,
    caring,
    gate_of,
    is_over,
    is_periodic,
    is_unheard,
    must_go_back,
    must_restart,
    rolls_back,
    takes_requests,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Case
from ansible_collections.flinkops.flink.plugins.module_utils.core.difference import spec_hash
from ansible_collections.flinkops.flink.plugins.module_utils.core.difference_rules import Change
from ansible_collections.flinkops.flink.plugins.module_utils.core.health import (
    KEY,
    Memory,
    written,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.intent import Intent
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import iso, milliseconds
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import first
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore import (
    NAMED_BY_A_PERSON,
    restoring,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore_rules import RULES
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Counters,
    FlinkSeen,
    Unseen,
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
from ansible_collections.flinkops.flink.plugins.module_utils.core.wanted import Wanted
from support import looks

MINUTE, SECOND = timedelta(minutes=1), timedelta(seconds=1)
INTERVAL = "execution.checkpointing.interval"
OPERATOR = "kubernetes.operator."
RESTARTS_FAILED = {f"{OPERATOR}job.restart.failed": "true"}
CHECKPOINT_TIME = 10 * MINUTE + 10 * SECOND
START_TIME = 5 * MINUTE
RETRY = Verb(kind=VerbKind.RETRY)
PATH = "file:///sp/1"
FROM = Verb(kind=VerbKind.RESTORE_FROM, path=PATH)
EMPTY = Verb(kind=VerbKind.RESTORE_EMPTY)
SILENT = Unseen(why="no answer")
FAILED, CANCELED = looks.runs(state="FAILED"), looks.runs(state="CANCELED")
UP, DOWN = looks.cluster(), looks.cluster(available=0)


def version(image: str = "example/flink:1", mode: str = "savepoint", **keys: str) -> Wanted:
    cr = looks.definition(upgradeMode=mode)
    folders = {
        "state.savepoints.dir": "file:///sp",
        "state.checkpoints.dir": "file:///cp",
        "high-availability.type": "kubernetes",
        "high-availability.storageDir": "file:///ha",
    }
    conf = {**cr["spec"]["flinkConfiguration"], **folders, INTERVAL: "10 s"}
    conf |= keys
    flink = conf.pop("flinkVersion", "v1_20")
    spec = {**cr["spec"], "image": image, "flinkConfiguration": conf, "flinkVersion": flink}
    found = looks.wanted({**cr, "spec": spec})
    assert not found.problems, found.problems
    return found


NEW, OLD = version("example/flink:2"), version()


def stable(of: Wanted = OLD, **status: Any) -> dict[str, Any]:
    return {**looks.stable(of), **status}


def new(of: Wanted = NEW, before: Wanted = OLD, **status: Any) -> dict[str, Any]:
    """The status of a version that has not run well yet, and of the stable one before it."""
    told = stable(of)
    text = stable(before)["reconciliationStatus"]["lastReconciledSpec"]
    return {
        **told,
        "reconciliationStatus": {**told["reconciliationStatus"], "lastStableSpec": text},
        **status,
    }


def asked(ago: timedelta = SECOND, kind: str = "UPGRADE", of: Any = None) -> dict[str, Any]:
    """The gate's request was written down so long ago."""
    told = of or new()
    at = milliseconds(looks.NOW - ago)
    info = {"triggerId": looks.TRIGGER, "triggerTimestamp": at, "triggerType": kind}
    return {**told, "jobStatus": {**told["jobStatus"], "checkpointInfo": info}}


def ended(state: str, of: dict[str, Any] | None = None, **fields: Any) -> dict[str, Any]:
    told = of or new()
    return {**told, "jobStatus": {**told["jobStatus"], "state": state, **fields}}


def case(  # noqa: PLR0913 - a case has many sides
    status: dict[str, Any],
    flink: FlinkSeen | Unseen | None = None,
    *,
    of: Wanted = NEW,
    cluster: Any = UP,
    verb: Verb = NOTHING,
    after: timedelta = timedelta(0),
) -> Case:
    """`after`: so long after the start was written ahead."""
    seen = looks.seen(status, of, cluster=cluster, flink=flink or looks.runs())
    return looks.case(seen, verb=verb, now=looks.NOW + after)


def answers(state: TriggerState) -> FlinkSeen:
    return looks.runs(checkpoint_trigger=TriggerSeen(state=state))


# the gate


@pytest.mark.parametrize(
    ("found", "gate"),
    [
        (case(new(), looks.runs(checkpoints_completed=0)), Gate.CLOSED),
        (case(new(), looks.runs(checkpoints_completed=None)), Gate.CLOSED),
        (case(new(), looks.runs(checkpoints_completed=1)), Gate.OPEN),
        (case(asked(kind="MANUAL"), answers(TriggerState.FAILED)), Gate.CLOSED),
        (case(asked()), Gate.ASKED),
        (case(asked(), SILENT), Gate.ASKED),
        (case(asked(), answers(TriggerState.UNSEEN)), Gate.ASKED),
        (case(asked(), answers(TriggerState.IN_PROGRESS)), Gate.ASKED),
        (case(asked(), answers(TriggerState.DONE)), Gate.OPEN),
        (case(asked(), answers(TriggerState.FAILED)), Gate.FAILED),
        (case(asked(), answers(TriggerState.FORGOTTEN)), Gate.CLOSED),
        (case(asked(CHECKPOINT_TIME)), Gate.ASKED),
        (case(asked(CHECKPOINT_TIME + SECOND)), Gate.LATE),
        (case(asked(CHECKPOINT_TIME + SECOND), looks.runs(tasks_running=1)), Gate.ASKED),
        (case(asked(CHECKPOINT_TIME + SECOND), looks.runs(checkpoints_completed=1)), Gate.OPEN),
        (case(new(), after=START_TIME + CHECKPOINT_TIME), Gate.CLOSED),
        (case(new(), after=START_TIME + CHECKPOINT_TIME + SECOND), Gate.LATE),
    ],
)
def test_the_gate_opens_with_a_checkpoint_since_the_start(found: Case, gate: Gate) -> None:
    assert gate_of(found) is gate


@pytest.mark.parametrize("interval", ["0", "soon", ""])
def test_without_periodic_checkpoints_there_is_no_gate(interval: str) -> None:
    bare = version("example/flink:2", **{INTERVAL: interval})
    found = case(new(bare), of=bare, after=timedelta(days=1))
    assert not is_periodic(found)
    assert gate_of(found) is Gate.OPEN
    assert is_periodic(case(new()))


@pytest.mark.parametrize(("flink", "takes"), [("v1_16", False), ("v1_17", True), ("v2_0", True)])
def test_a_flink_that_takes_no_request_has_its_interval_waited_for(flink: str, takes: bool) -> None:
    older = version("example/flink:2", flinkVersion=flink)
    found = case(new(older), of=older)
    assert takes_requests(found) is takes
    assert gate_of(found) is (Gate.CLOSED if takes else Gate.WAITING)
    assert gate_of(case(asked(of=new(older)), of=older)) is Gate.ASKED


def test_before_anything_was_deployed_no_request_is_taken() -> None:
    assert not takes_requests(case({}))


# what is taken back


@pytest.mark.parametrize(
    ("found", "goes"),
    [
        (case(new(), FAILED), True),
        (case(ended("FAILED"), SILENT, cluster=DOWN), True),
        (case(asked(), answers(TriggerState.FAILED)), True),
        (case(asked(CHECKPOINT_TIME + SECOND)), True),
        (case(asked()), False),
        (case(new(), after=START_TIME + SECOND), False),
        (case(asked(), looks.runs(state="FINISHED"), after=timedelta(days=1)), False),
        (case(new(), looks.runs(tasks_running=1), after=START_TIME), False),
        (case(new(), looks.runs(tasks_running=1), after=START_TIME + SECOND), True),
        (case(new(), looks.flink(), after=START_TIME + SECOND), True),
        (case(new(), SILENT, cluster=DOWN, after=START_TIME + SECOND), True),
        (case(new(), SILENT, cluster=DOWN, after=START_TIME), False),
        (case(new(), SILENT, cluster=UP, after=timedelta(days=1)), False),
        (case(new(phase={"name": "gate"}), SILENT, cluster=DOWN, after=timedelta(days=1)), False),
        (case(stable(NEW), FAILED), False),
        (case(looks.deployed(NEW), FAILED), False),
    ],
)
def test_a_new_version_that_did_not_come_to_run_well_is_taken_back(found: Case, goes: bool) -> None:
    assert must_go_back(found) is goes


def test_silence_takes_a_version_back_once_its_own_time_is_over() -> None:
    late = {"name": "silence", "deadline": iso(looks.NOW + MINUTE)}
    silent = new(phase=late)
    for after, is_over_now in ((MINUTE, False), (START_TIME, False), (START_TIME + SECOND, True)):
        found = case(silent, SILENT, cluster=DOWN, after=after)
        assert must_go_back(found) is is_over_now
    assert is_unheard(case(silent, SILENT, cluster=DOWN))
    assert not is_unheard(case(silent, SILENT, cluster=DOWN, after=MINUTE + SECOND))
    assert not is_unheard(case(silent))
    assert not is_unheard(case(new(), SILENT, cluster=DOWN))


@pytest.mark.parametrize(
    ("mode", "key", "goes"),
    [
        ("savepoint", "", True),
        ("stateless", "", False),
        ("savepoint", "false", False),
        ("stateless", "true", True),
    ],
)
def test_the_contracts_key_decides_and_else_whether_it_keeps_state(
    mode: str, key: str, goes: bool
) -> None:
    keys = {f"{OPERATOR}{ROLLBACK_KEY}": key} if key else {}
    wanted = version("example/flink:2", mode, **keys)
    found = case(new(wanted), FAILED, of=wanted)
    assert rolls_back(found) is goes
    assert must_go_back(found) is goes


@pytest.mark.parametrize("because", NAMED_BY_A_PERSON)
def test_a_start_whose_state_a_person_named_is_theirs_to_take_back(because: str) -> None:
    told = new()
    told["startedFrom"] = {**told["startedFrom"], "because": because}
    assert not rolls_back(case(told, FAILED))
    assert not must_go_back(case(told, FAILED))


# what is restarted

LATE = START_TIME + SECOND
KEYED, BARE = version("example/flink:2", **RESTARTS_FAILED), NEW


@pytest.mark.parametrize(
    ("found", "restarts"),
    [
        (case(stable(NEW), FAILED), False),
        (case(stable(NEW), FAILED, verb=RETRY), True),
        (case(stable(KEYED), FAILED, of=KEYED), True),
        (case(new(KEYED), FAILED, of=KEYED), False),
        (case(new(KEYED), FAILED, of=KEYED, after=LATE), True),
        (case(new(KEYED), FAILED, of=KEYED, verb=RETRY), True),
        (case(ended("FAILED", stable(KEYED)), SILENT, of=KEYED), True),
        (case(ended("FAILED", stable(KEYED)), looks.flink(), of=KEYED), True),
        (case(ended("FAILED", stable(KEYED)), looks.runs(tasks_running=1), of=KEYED), False),
        (case(stable(KEYED), CANCELED, of=KEYED), False),
        (case(stable(NEW), CANCELED, verb=RETRY), True),
        (case(ended("CANCELED", stable(NEW)), SILENT, verb=RETRY), True),
        (case(ended("CANCELED", stable(NEW)), SILENT), False),
        (case(stable(NEW), verb=RETRY), False),
        (case(stable(NEW)), False),
    ],
)
def test_a_job_that_ended_is_restarted_where_a_key_or_a_person_asks(
    found: Case, restarts: bool
) -> None:
    assert must_restart(found) is restarts


def test_an_unhealthy_job_is_restarted() -> None:
    check = f"{OPERATOR}cluster.health-check"
    keys = {f"{check}.enabled": "true", f"{check}.restarts.threshold": "3", INTERVAL: "0"}
    wanted = version("example/flink:2", "stateless", **keys)
    often = looks.runs(counters=Counters(restarts=4, checkpoints=None))
    noted = Memory(
        at=looks.NOW + SECOND,
        restarts=0,
        counted_at=looks.NOW + SECOND,
        checkpoints=0,
        progress_at=looks.NOW + SECOND,
    )
    told = stable(wanted, clusterInfo={KEY: written(noted)})
    assert must_restart(case(told, often, of=wanted, after=30 * SECOND))
    assert not must_restart(case(told, of=wanted, after=30 * SECOND))


def started_from(because: str, path: str = "", of: dict[str, Any] | None = None) -> dict[str, Any]:
    told = of or new()
    return {**told, "startedFrom": {**told["startedFrom"], "because": because, "path": path}}


NAMED, LET_GO, _ = NAMED_BY_A_PERSON


@pytest.mark.parametrize(
    ("found", "restarts"),
    [
        (case(stable(NEW), FAILED, verb=FROM), True),
        (case(stable(NEW), CANCELED, verb=FROM), True),
        (case(stable(NEW), FAILED, verb=EMPTY), True),
        (case(stable(NEW), verb=FROM), False),
        (case(stable(NEW), looks.runs(state="FINISHED"), verb=FROM), False),
        (case(stable(NEW), looks.runs(tasks_running=1), verb=FROM), False),
        (case(new(), looks.runs(tasks_running=1), verb=FROM), True),
        (case(new(), SILENT, verb=EMPTY), True),
        (case(stable(NEW), SILENT, verb=FROM, cluster=None), False),
        (case(ended("FAILED", stable(NEW)), SILENT, verb=FROM, cluster=None), True),
        (case(started_from(NAMED, PATH), FAILED, verb=FROM), False),
        (case(started_from(NAMED, "file:///sp/2"), FAILED, verb=FROM), True),
        (case(started_from("a_rule", PATH), FAILED, verb=FROM), True),
        (case(started_from(LET_GO), FAILED, verb=EMPTY), False),
        (case(started_from(LET_GO), FAILED, verb=FROM), True),
        (case(started_from("", ""), FAILED, verb=EMPTY), False),
        (case(started_from("", ""), FAILED, verb=FROM), True),
        (
            case(
                ended("FAILED", started_from("", ""), upgradeSavepointPath=PATH),
                FAILED,
                verb=FROM,
            ),
            False,
        ),
    ],
)
def test_a_job_that_does_not_run_starts_where_a_person_says_and_that_once(
    found: Case, restarts: bool
) -> None:
    assert must_restart(found) is restarts


# the others, one by one


def facts(of: Case) -> Caring:
    return caring(of, first(RULES, restoring(of, Intent.NONE)))


def test_only_what_is_not_stable_yet_will_go_back() -> None:
    assert facts(case(new())).will_go_back
    assert not facts(case(stable(NEW))).will_go_back
    assert not facts(case(looks.deployed(NEW))).will_go_back
    off = version("example/flink:2", **{f"{OPERATOR}{ROLLBACK_KEY}": "false"})
    assert not facts(case(new(off), of=off)).will_go_back


def in_state(state: str, of: dict[str, Any]) -> dict[str, Any]:
    return {**of, "reconciliationStatus": {**of["reconciliationStatus"], "state": state}}


def failed(of: Wanted, told: dict[str, Any]) -> dict[str, Any]:
    assert of.deployment is not None
    return {**told, "failedSpecHash": spec_hash(of.deployment.spec)}


@pytest.mark.parametrize(
    ("found", "has_failed"),
    [
        (case(in_state("ROLLED_BACK", new())), True),
        (case(in_state("ROLLED_BACK", new()), of=OLD), False),
        (case(stable(OLD), of=OLD), False),
        (case(stable(OLD)), False),
        (case(failed(NEW, stable(OLD))), True),
        (case(failed(OLD, stable(OLD)), of=OLD), False),
    ],
)
def test_what_runs_is_another_version_than_one_that_failed(found: Case, has_failed: bool) -> None:
    assert facts(found).has_failed_before is has_failed


LABELLED = looks.wanted(
    {
        **looks.definition(),
        "spec": {
            **looks.definition()["spec"],
            "flinkConfiguration": dict(OLD.deployment.spec.flink_configuration)
            if OLD.deployment
            else {},
            "ingress": {"template": "app.example.com"},
            "job": {**looks.definition()["spec"]["job"], "upgradeMode": "savepoint"},
        },
    }
)


@pytest.mark.parametrize(
    ("found", "change"),
    [
        (case(stable(OLD), of=OLD), Change.NONE),
        (case(stable(OLD), of=LABELLED), Change.LIVE),
        (case(stable(OLD), of=NEW), Change.NONE),
        (case(in_state("ROLLED_BACK", new(OLD, NEW)), of=LABELLED), Change.NONE),
    ],
)
def test_a_change_that_needs_a_start_is_not_cared_for_here(found: Case, change: Change) -> None:
    assert facts(found).change is change


@pytest.mark.parametrize(
    ("state", "ended_as"),
    [
        ("FINISHED", Ended.FINISHED),
        ("FAILED", Ended.FAILED),
        ("CANCELED", Ended.CANCELED),
        ("RUNNING", Ended.NO),
        ("", Ended.NO),
    ],
)
def test_how_a_job_ended_is_told_by_its_record(state: str, ended_as: Ended) -> None:
    assert facts(case(ended(state), SILENT, cluster=DOWN)).ended is ended_as


def test_recovery_is_on_unless_it_is_switched_off() -> None:
    assert facts(case(new())).recovers
    off = version("example/flink:2", **{f"{OPERATOR}{RECOVERY_KEY}": "false"})
    assert not facts(case(new(off), of=off)).recovers


def test_a_phase_is_late_by_its_own_deadline_alone() -> None:
    def late(name: str) -> Caring:
        phase = {"name": name, "deadline": iso(looks.NOW - SECOND)}
        return facts(case(stable(NEW, phase=phase)))

    assert (late("cluster-delete").is_delete_late, late("silence").is_silence_late) == (True, True)
    assert (late("silence").is_delete_late, late("cluster-delete").is_silence_late) == (
        False,
        False,
    )
    assert facts(case(new(), after=LATE)).is_late
    assert not facts(case(new(), after=START_TIME)).is_late


@pytest.mark.parametrize("complete", [True, False])
def test_a_cluster_is_complete_when_all_its_objects_are_there(complete: bool) -> None:
    made = looks.cluster(is_complete=complete)
    assert facts(case(new(), cluster=made)).is_complete is complete


def test_without_a_cluster_nothing_is_complete() -> None:
    bare = looks.case(looks.seen(new(), NEW))
    assert not facts(bare).is_complete
    assert not facts(bare).has_trouble
    assert not facts(bare).is_boosted


# what is over


@pytest.mark.parametrize(
    ("ttl", "ago", "over"),
    [
        (None, timedelta(days=1), False),
        (None, timedelta(days=1) + SECOND, True),
        ("1 h", timedelta(hours=1), False),
        ("1 h", timedelta(hours=1) + SECOND, True),
        ("0 s", SECOND, True),
        ("soon", timedelta(hours=2), False),
        ("soon", timedelta(days=1) + SECOND, True),
    ],
)
def test_a_finished_job_is_over_when_its_time_to_live_has_passed(
    ttl: str | None, ago: timedelta, over: bool
) -> None:
    keys = {TTL_KEY: ttl} if ttl else {}
    wanted = version("example/flink:2", **keys)
    told = ended("FINISHED", new(wanted), updateTime=str(milliseconds(looks.NOW - ago)))
    assert is_over(case(told, looks.runs(state="FINISHED"), of=wanted)) is over


@pytest.mark.parametrize("told", ["", None])
def test_one_whose_end_is_not_known_is_not_over(told: Any) -> None:
    status = ended("FINISHED", updateTime=told)
    assert not is_over(case(status, looks.runs(state="FINISHED"), after=timedelta(days=99)))
