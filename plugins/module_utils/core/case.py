# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""One resource at one moment: what is wanted, what is recorded, what was seen, who asks.

The facts of every table are found in it, each by a small function; nothing is decided here.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import cached_property

from . import options
from .claims import Asker
from .config import effective
from .deadlines import has_passed
from .difference import class_of
from .difference_rules import Change
from .errors import InvalidResource
from .plan import Phase
from .recorded import Reconciliation, Recorded, recorded
from .seen import Cluster, FlinkSeen, JobSeen, Seen, Unseen
from .spec import JobState, Spec, UpgradeMode
from .verb import Verb, VerbKind
from .wanted import Wanted


class Situation(StrEnum):
    NEW = "new"
    STARTING = "starting"
    """A start is written ahead and not all of its objects are made yet."""
    ROLLING_BACK = "rolling_back"
    """The same, of a start that goes back to an earlier spec."""
    RUNNING = "running"
    SUSPENDED = "suspended"
    UNREADABLE = "unreadable"


class JobManager(StrEnum):
    ABSENT = "absent"
    OURS = "ours"
    OLDER = "older"
    """Ours, but made before the start that is written ahead."""
    FOREIGN = "foreign"
    GOING = "going"


class Flink(StrEnum):
    UNSEEN = "unseen"
    NO_JOB = "no_job"
    STARTING = "starting"
    RUNNING = "running"
    RESTARTING = "restarting"
    CANCELLING = "cancelling"
    FINISHED = "finished"
    FAILED = "failed"
    CANCELED = "canceled"


ENDED = (Flink.FINISHED, Flink.FAILED, Flink.CANCELED)
UNDER_WAY = {
    "FAILING": Flink.RESTARTING,
    "RESTARTING": Flink.RESTARTING,
    "CANCELLING": Flink.CANCELLING,
    "FINISHED": Flink.FINISHED,
    "FAILED": Flink.FAILED,
    "CANCELED": Flink.CANCELED,
}


@dataclass(frozen=True, kw_only=True)
class Case:
    """`wanted` is None where the resource is not there, its deployment None where unreadable."""

    seen: Seen
    record: Recorded
    wanted: Wanted | None
    asker: Asker
    verb: Verb

    @cached_property
    def spec(self) -> Spec | None:
        """What is wanted; what was recorded, as long as the wanted one is refused."""
        resource = self.seen.resource
        if resource is None:
            return None
        is_refused = resource.problems or resource.deployment is None or self.seen.beforehand
        if is_refused and self.record.spec is not None:
            return self.record.spec
        return resource.deployment.spec if resource.deployment else None

    @cached_property
    def configuration(self) -> Mapping[str, str]:
        """Of what is wanted."""
        return self.wanted.configuration if self.wanted else {}

    @cached_property
    def deployed_configuration(self) -> Mapping[str, str]:
        """Of what runs, with the newest operator keys: those take effect without a restart."""
        spec = self.record.deployed
        deployment = self.wanted.deployment if self.wanted else None
        if spec is None or deployment is None or self.wanted is None:
            return self.configuration
        if (
            self.change in (Change.NONE, Change.IGNORED)
            and self.record.deployed is self.record.spec
        ):
            return self.configuration
        try:
            deployed = effective(replace(deployment, spec=spec), base=self.wanted.defaults)
        except InvalidResource:
            return self.configuration
        newest = {
            k: v for k, v in self.configuration.items() if k.startswith("kubernetes.operator")
        }
        return {**{k: v for k, v in deployed.items() if k not in newest}, **newest}

    @cached_property
    def change(self) -> Change:
        """From the recorded spec to the wanted one."""
        old, new = self.record.spec, self.spec
        if old is None or new is None or old.job is None or new.job is None:
            return Change.NONE
        if self.wants_stable:
            return Change.NONE
        # The record's job state says how far a start got: it is not the user's word.
        return class_of(old, replace(new, job=replace(new.job, state=old.job.state)))

    @cached_property
    def wants_stable(self) -> bool:
        """After a rollback the spec is again the one that runs: nothing has to be started."""
        stable, new = self.record.stable, self.spec
        if self.record.state is not Reconciliation.ROLLED_BACK:
            return False
        if stable is None or new is None or stable.job is None or new.job is None:
            return False
        is_suspended = new.job.state is JobState.SUSPENDED
        same = replace(new, job=replace(new.job, state=stable.job.state))
        return not is_suspended and not class_of(stable, same).restarts

    @cached_property
    def record_change(self) -> Change:
        """What the record has to follow; nonces and the upgrade mode are recorded as served."""
        old, new = self.record.spec, self.spec
        if old is None or new is None or old.job is None or new.job is None:
            return Change.NONE
        job = replace(
            new.job,
            state=old.job.state,
            upgrade_mode=old.job.upgrade_mode,
            savepoint_trigger_nonce=old.job.savepoint_trigger_nonce,
            checkpoint_trigger_nonce=old.job.checkpoint_trigger_nonce,
        )
        return class_of(old, replace(new, job=job))

    @cached_property
    def situation(self) -> Situation:
        record = self.record
        if record.state is Reconciliation.NEVER:
            return Situation.NEW
        if record.state is Reconciliation.UNREADABLE:
            return Situation.UNREADABLE
        starting = {
            Reconciliation.UPGRADING: Situation.STARTING,
            Reconciliation.ROLLING_BACK: Situation.ROLLING_BACK,
        }.get(record.state)
        if starting is not None:
            return Situation.RUNNING if self._is_made else starting
        return Situation.SUSPENDED if record.is_suspended else Situation.RUNNING

    @property
    def _is_made(self) -> bool:
        cluster = self.seen.cluster
        return self.jobmanager is JobManager.OURS and cluster is not None and cluster.is_complete

    @cached_property
    def jobmanager(self) -> JobManager:
        cluster, resource = self.seen.cluster, self.seen.resource
        if cluster is None:
            return JobManager.ABSENT
        if resource is None or cluster.owner_uid != resource.uid:
            return JobManager.FOREIGN
        if cluster.being_deleted:
            return JobManager.GOING
        return JobManager.OLDER if is_older(self) else JobManager.OURS

    @cached_property
    def job(self) -> JobSeen | None:
        return self.seen.flink.job if isinstance(self.seen.flink, FlinkSeen) else None

    @cached_property
    def flink(self) -> Flink:
        found = flink_of(self.seen.flink)
        # A JobManager that begins anew doesn't show a job that has ended; the record does.
        forgot = found is Flink.NO_JOB and self.record.has_ended
        return UNDER_WAY[self.record.job_state] if forgot else found

    @property
    def has_pods(self) -> bool:
        return self.seen.pods.jobmanagers + self.seen.pods.taskmanagers > 0

    @property
    def wants_suspended(self) -> bool:
        job = self.spec.job if self.spec else None
        return bool(job and job.state is JobState.SUSPENDED)

    @property
    def mode(self) -> UpgradeMode:
        """The user's word. A record's upgradeMode is how its start was restored: no such word."""
        resource = self.seen.resource
        deployment = resource.deployment if resource else None
        if deployment is not None and deployment.spec.job is not None:
            return deployment.spec.job.upgrade_mode
        return UpgradeMode.STATELESS if self.record.spec is None else UpgradeMode.LAST_STATE

    @property
    def never_ran(self) -> bool:
        cluster = self.seen.cluster
        return cluster is not None and cluster.never_available

    @property
    def same_version(self) -> bool:
        deployed = self.record.deployed
        return (
            deployed is None
            or self.spec is None
            or deployed.flink_version is self.spec.flink_version
        )

    def is_late(self, phase: Phase) -> bool:
        return has_passed(phase, self.record, self.deployed_configuration, self.asker.now)

    def is_late_in(self, phase: Phase) -> bool:
        """That phase is the one written down, and its time is over."""
        return self.record.phase.name == phase and self.is_late(phase)

    def truth(self, key: str, *, default: bool) -> bool:
        """An operator key of the newest spec."""
        text = self.configuration.get(f"kubernetes.operator.{key}", "")
        return text.strip().lower() == "true" if text else default

    @property
    def has_high_availability(self) -> bool:
        return options.is_highly_available(self.deployed_configuration)

    def asks(self, *kinds: VerbKind) -> bool:
        return self.verb.kind in kinds


def case_of(seen: Seen, *, wanted: Wanted | None, asker: Asker, verb: Verb) -> Case:
    record = recorded(seen.resource.status if seen.resource else {})
    return Case(
        seen=seen, record=begun(record, seen.cluster), wanted=wanted, asker=asker, verb=verb
    )


def begun(record: Recorded, cluster: Cluster | None) -> Recorded:
    """A start has its whole time: it counts from its Deployment's making, if that was later."""
    made = cluster.created if cluster else None
    if made is None or record.since is None or made <= record.since:
        return record
    return replace(record, since=made)


def is_older(case: Case) -> bool:
    """Made before the start that is written ahead.

    The contract tells by the generation alone; of a start that we wrote ahead ourselves, and of one
    that goes back, the job's id and its result store tell too, as the generation stays the same.
    """
    record, cluster = case.record, case.seen.cluster
    if cluster is None or record.state not in (
        Reconciliation.UPGRADING,
        Reconciliation.ROLLING_BACK,
    ):
        return False
    if cluster.generation != record.observed_generation:
        return True
    by_mark = record.is_announced_by_us or record.state is Reconciliation.ROLLING_BACK
    return by_mark and not _bears_its_mark(case)


def _bears_its_mark(case: Case) -> bool:
    record, cluster = case.record, case.seen.cluster
    if cluster is None or not cluster.job_id:
        # Half made, its ConfigMap is still to come.
        return record.state is Reconciliation.UPGRADING
    return cluster.job_id == record.job_id and cluster.store_id in ("", record.store_id)


def flink_of(flink: FlinkSeen | Unseen) -> Flink:
    if isinstance(flink, Unseen):
        return Flink.UNSEEN
    return Flink.NO_JOB if flink.job is None else _job(flink.job)


def _job(job: JobSeen) -> Flink:
    if job.state in UNDER_WAY:
        return UNDER_WAY[job.state]
    if job.state == "RUNNING" and job.tasks > 0 and job.tasks_running == job.tasks:
        return Flink.RUNNING
    return Flink.STARTING
