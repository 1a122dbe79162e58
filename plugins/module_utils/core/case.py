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
from .difference import class_of
from .difference_rules import Change
from .errors import InvalidResource
from .recorded import Reconciliation, Recorded
from .seen import FlinkSeen, JobSeen, Seen, Unseen
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
        """What is wanted; what was recorded, as long as the wanted one breaks rules."""
        resource = self.seen.resource
        if resource is None:
            return None
        if (resource.problems or resource.deployment is None) and self.record.spec is not None:
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
        # The record's job state says how far a start got: it is not the user's word.
        return class_of(old, replace(new, job=replace(new.job, state=old.job.state)))

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
        return flink_of(self.seen.flink)

    @property
    def has_pods(self) -> bool:
        return self.seen.pods.jobmanagers + self.seen.pods.taskmanagers > 0

    @property
    def wants_suspended(self) -> bool:
        job = self.spec.job if self.spec else None
        return bool(job and job.state is JobState.SUSPENDED)

    @property
    def mode(self) -> UpgradeMode:
        job = self.spec.job if self.spec else None
        return job.upgrade_mode if job else UpgradeMode.STATELESS

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

    def truth(self, key: str, *, default: bool) -> bool:
        """An operator key of the newest spec."""
        text = self.configuration.get(f"kubernetes.operator.{key}", "")
        return text.strip().lower() == "true" if text else default

    @property
    def has_high_availability(self) -> bool:
        return options.is_highly_available(self.deployed_configuration)

    def asks(self, *kinds: VerbKind) -> bool:
        return self.verb.kind in kinds


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
