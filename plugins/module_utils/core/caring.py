# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The facts of the care table: an application that is to go on as it is, or was just started."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum

from . import options
from .case import Case, Flink, JobManager
from .deadlines import has_passed
from .difference_rules import Change
from .duration import duration
from .errors import InvalidResource
from .intent import has_failed_before, has_stable
from .plan import Phase, Rule, Source
from .recorded import UPGRADE, Reconciliation
from .restore import Restoring
from .spec import FlinkVersion, UpgradeMode
from .trigger import TriggerState
from .verb import VerbKind

INTERVAL = options.Option(key="execution.checkpointing.interval")
ROLLBACK_KEY = "deployment.rollback.enabled"
TTL_KEY = "kubernetes.operator.jm-deployment.shutdown-ttl"
TTL_DEFAULT = timedelta(days=1)
RECOVERY_KEY = "jm-deployment-recovery.enabled"
WENT_BACK = (Reconciliation.ROLLED_BACK, Reconciliation.ROLLING_BACK)
"""What runs is the stable version: the objects are made before the status says that they are."""


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
    job: Flink
    ended: Ended
    is_stable: bool
    gate: Gate
    is_late: bool
    is_silence_late: bool
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


def caring(case: Case, restore: Rule[Restoring]) -> Caring:
    record, cluster = case.record, case.seen.cluster
    is_deleting = record.phase.name == Phase.CLUSTER_DELETE
    return Caring(
        jobmanager=case.jobmanager,
        is_complete=cluster is not None and cluster.is_complete,
        has_pods=case.has_pods,
        is_delete_late=is_deleting and _late(case, Phase.CLUSTER_DELETE),
        job=case.flink,
        ended=_ended(record.job_state),
        is_stable=is_stable(case),
        gate=gate_of(case),
        is_late=_late(case, Phase.START),
        is_silence_late=record.phase.name == Phase.SILENCE and _late(case, Phase.SILENCE),
        has_trouble=case.seen.trouble is not None and case.seen.trouble.is_firm,
        change=_change(case),
        has_failed_before=_runs_another(case),
        rolls_back=case.asks(VerbKind.ROLLBACK),
        will_go_back=not is_stable(case) and has_stable(case) and rolls_back(case),
        recovers=case.truth(RECOVERY_KEY, default=True),
        source=restore.source,
        is_over=is_over(case),
    )


def _late(case: Case, phase: Phase) -> bool:
    return has_passed(phase, case.record, case.deployed_configuration, case.asker.now)


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
        return True
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
    if case.flink is Flink.RUNNING and _late(case, Phase.GATE):
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
    is_well = case.flink in (Flink.RUNNING, Flink.FINISHED)
    if is_well:
        return gate_of(case) in (Gate.LATE, Gate.FAILED) and case.flink is Flink.RUNNING
    return _late(case, Phase.START)


def rolls_back(case: Case) -> bool:
    """The contract's key decides where it is set; else every version that keeps state."""
    return case.truth(ROLLBACK_KEY, default=case.mode is not UpgradeMode.STATELESS)


def must_restart(case: Case) -> bool:
    """A job that ended against everybody's will, where the key or a person asks for it."""
    retries = case.asks(VerbKind.RETRY)
    failed = case.flink is Flink.FAILED or case.record.job_state == "FAILED"
    canceled = case.flink is Flink.CANCELED or case.record.job_state == "CANCELED"
    if failed:
        return retries or case.truth("job.restart.failed", default=False)
    return canceled and retries
