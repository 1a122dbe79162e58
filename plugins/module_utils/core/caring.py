# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The facts of the care table: an application that is to go on as it is, or was just started."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from . import options
from .case import Case, Flink, JobManager
from .difference_rules import Change
from .duration import duration
from .errors import InvalidResource
from .health_case import health_of
from .in_the_way import kills_pods
from .intent import WENT_BACK, has_failed_before, has_stable
from .plan import Phase, Rule, Source
from .recorded import UPGRADE, Reconciliation
from .restore import Began, Restoring, began, is_named_by_a_person
from .spec import FlinkVersion, UpgradeMode
from .stopping import is_silent
from .trigger import TriggerState
from .verb import VerbKind

INTERVAL = options.Option(key="execution.checkpointing.interval")
ROLLBACK_KEY = "deployment.rollback.enabled"
TTL_KEY = "kubernetes.operator.jm-deployment.shutdown-ttl"
TTL_DEFAULT = timedelta(days=1)
RECOVERY_KEY = "jm-deployment-recovery.enabled"


class Gate(StrEnum):
    """The checkpoint that a new start has to complete before it counts as stable."""

    OPEN = "open"
    """None is needed, or one has completed."""
    CLOSED = "closed"
    """None has completed, and Flink takes a request for one."""
    ASKED = "asked"
    FAILED = "failed"
    WAITING = "waiting"
    """This Flink takes no such request: its own interval is waited for."""
    LATE = "late"


class Ended(StrEnum):
    """What the record says of a job whose cluster is gone."""

    NO = "no"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELED = "canceled"


@dataclass(frozen=True, slots=True, kw_only=True)
class Caring:
    jobmanager: JobManager
    is_complete: bool
    has_pods: bool
    is_delete_late: bool
    kills_pods: bool
    job: Flink
    ended: Ended
    is_stable: bool
    gate: Gate
    is_late: bool
    is_unheard: bool
    is_silence_late: bool
    accepts: bool
    """A person counts what runs as good, whether or not a checkpoint has completed."""
    has_trouble: bool
    change: Change
    has_failed_before: bool
    """The wanted spec was tried before, in vain: what runs is another one."""
    rolls_back: bool
    will_go_back: bool
    """Unless it runs in time, this version is taken back: nothing has to be given up before."""
    recovers: bool
    source: Source
    is_over: bool
    """A finished job's time to live has passed."""
    wants_stable: bool
    """After a rollback the spec is again the one that runs."""
    is_boosted: bool
    """Pods have more CPU than the spec says, as they were started with it."""


def caring(case: Case, restore: Rule[Restoring]) -> Caring:
    record, cluster = case.record, case.seen.cluster
    return Caring(
        jobmanager=case.jobmanager,
        is_complete=cluster is not None and cluster.is_complete,
        has_pods=case.has_pods,
        is_delete_late=case.is_late_in(Phase.CLUSTER_DELETE),
        kills_pods=kills_pods(case),
        job=case.flink,
        ended=_ended(record.job_state),
        is_stable=is_stable(case),
        gate=gate_of(case),
        is_late=case.is_late(Phase.START),
        is_unheard=is_unheard(case),
        is_silence_late=case.is_late_in(Phase.SILENCE),
        accepts=case.asks(VerbKind.ACCEPT),
        has_trouble=case.seen.trouble is not None and case.seen.trouble.is_firm,
        change=_change(case),
        has_failed_before=_runs_another(case),
        rolls_back=case.asks(VerbKind.ROLLBACK),
        will_go_back=not is_stable(case) and has_stable(case) and rolls_back(case),
        recovers=case.truth(RECOVERY_KEY, default=True),
        source=restore.source,
        is_over=is_over(case),
        wants_stable=case.wants_stable,
        is_boosted=bool(case.seen.pods.boosted),
    )


def _ended(state: str) -> Ended:
    return {
        "FINISHED": Ended.FINISHED,
        "FAILED": Ended.FAILED,
        "CANCELED": Ended.CANCELED,
    }.get(state, Ended.NO)


def is_stable(case: Case) -> bool:
    """The version that runs has run well before."""
    return case.record.is_stable or case.record.state in WENT_BACK


def _runs_another(case: Case) -> bool:
    if case.record.state in WENT_BACK:
        return not case.wants_stable
    return case.change.restarts and has_failed_before(case)


def _change(case: Case) -> Change:
    """As far as objects and record are concerned; what needs a start is the stop table's."""
    if case.record.state is Reconciliation.ROLLED_BACK or case.change.restarts:
        return Change.NONE
    return case.record_change


def gate_of(case: Case) -> Gate:
    """Where periodic checkpointing is on, a checkpoint must have completed since the start."""
    if not is_periodic(case) or (case.job is not None and case.job.checkpoints_completed):
        return Gate.OPEN
    asked = case.record.gate is not None and case.record.gate.type == UPGRADE
    if case.flink is Flink.RUNNING and case.is_late(Phase.GATE):
        return Gate.LATE
    if not asked:
        return Gate.CLOSED if takes_requests(case) else Gate.WAITING
    told = case.job.checkpoint_trigger if case.job else None
    if told is None or told.state in (TriggerState.UNSEEN, TriggerState.IN_PROGRESS):
        return Gate.ASKED
    if told.state is TriggerState.DONE:
        return Gate.OPEN
    return Gate.FAILED if told.state is TriggerState.FAILED else Gate.CLOSED


def is_periodic(case: Case) -> bool:
    text = options.read(case.deployed_configuration, INTERVAL)
    try:
        return bool(text) and duration(str(text), path=INTERVAL.key) > timedelta(0)
    except InvalidResource:
        return False


def takes_requests(case: Case) -> bool:
    deployed = case.record.deployed
    version = deployed.flink_version if deployed else None
    return version is not None and version.at_least(FlinkVersion.V1_17)


def is_over(case: Case) -> bool:
    updated = case.record.updated
    text = case.configuration.get(TTL_KEY)
    try:
        span = duration(text, path=TTL_KEY) if text else TTL_DEFAULT
    except InvalidResource:
        span = TTL_DEFAULT
    return updated is not None and case.asker.now - updated > span


def must_go_back(case: Case) -> bool:
    """The gate's verdict: a new version did not come to run well, and it may be taken back."""
    if is_stable(case) or not has_stable(case) or not rolls_back(case):
        return False
    if case.flink is Flink.FAILED or case.record.job_state == "FAILED":
        return True
    if case.flink is Flink.RUNNING:
        return gate_of(case) in (Gate.LATE, Gate.FAILED) and not case.asks(VerbKind.ACCEPT)
    if case.flink is Flink.FINISHED:
        return False
    return case.is_late(Phase.START) and not is_unheard(case)


def is_unheard(case: Case) -> bool:
    """Of a JobManager that is up, or was so a moment ago, silence says nothing about its job."""
    if case.flink is not Flink.UNSEEN:
        return False
    if is_silent(case):
        return True
    phase = case.record.phase.name
    return phase in (Phase.GATE, Phase.SILENCE) and not case.is_late_in(Phase.SILENCE)


def rolls_back(case: Case) -> bool:
    """The contract's key decides where it is set; else every version that keeps state.

    As in the contract, not from a start whose state a person has named: to that one there is no way
    back that is sure, and the person says what next.
    """
    if is_named_by_a_person(case.record):
        return False
    return case.truth(ROLLBACK_KEY, default=case.mode is not UpgradeMode.STATELESS)


def _may_fail(case: Case) -> bool:
    """A start that never ran well is made again no more often than once in its deadline."""
    return is_stable(case) or case.is_late(Phase.START)


def _is_to_start_elsewhere(case: Case) -> bool:
    """A start that does not come to run is made again from a state that a person names for it."""
    if case.flink in (Flink.RUNNING, Flink.FINISHED):
        return False
    is_lost = case.flink in (Flink.FAILED, Flink.CANCELED) or not is_stable(case)
    if case.jobmanager is JobManager.ABSENT:
        is_lost = case.record.has_ended  # another is made again anyway, from the state they name
    names_one = case.asks(VerbKind.RESTORE_FROM, VerbKind.RESTORE_EMPTY)
    return is_lost and names_one and not _is_started_as_named(case)


def _is_started_as_named(case: Case) -> bool:
    """Once is enough: one run of a playbook says its verb at every turn."""
    record, path = case.record, case.verb.path
    if not record.chosen_because:
        return path == record.path if path else began(case) is Began.EMPTY
    return is_named_by_a_person(record) and record.chosen_path == path


def must_restart(case: Case) -> bool:
    """A job that ended against everybody's will, or is unhealthy, where a key or a person asks."""
    retries = case.asks(VerbKind.RETRY)
    if _is_to_start_elsewhere(case):
        return True
    is_seen = case.flink not in (Flink.UNSEEN, Flink.NO_JOB)
    told = "" if is_seen else case.record.job_state  # of an earlier look: it may run again
    canceled = case.flink is Flink.CANCELED or told == "CANCELED"
    if case.flink is Flink.FAILED or told == "FAILED":
        return retries or (case.truth("job.restart.failed", default=False) and _may_fail(case))
    return (canceled and retries) or health_of(case).restarts
