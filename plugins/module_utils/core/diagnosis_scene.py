# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a diagnosis looks at, as one frozen value: plain Kubernetes objects, logs, Flink's words.

Knows simple facts about them. Refuses to know what they mean: that is the rules' part.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from .errors import Problem

Object = Mapping[str, Any]
RESTARTS_OFTEN = 3
LATELY = timedelta(minutes=10)


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """A text, and whose words it is: `where` is shown as the evidence."""

    where: str
    text: str
    container: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class CheckpointsView:
    """`failed_in_a_row`: how many of the newest failed, one after the other."""

    completed: int = 0
    failed: int = 0
    in_progress: int = 0
    failed_in_a_row: int = 0
    failure: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobView:
    """`needed`: slots for all tasks; `failures`: the latest exceptions as texts, newest first."""

    id: str
    state: str
    tasks: int = 0
    tasks_running: int = 0
    started: datetime | None = None
    needed: int = 0
    restarts: int = 0
    failures: tuple[str, ...] = ()
    failed_at: datetime | None = None
    checkpoints: CheckpointsView | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlinkView:
    """Flink's REST answered. `job` is None where it does not know the recorded job."""

    version: str
    taskmanagers: int = 0
    slots: int = 0
    slots_free: int = 0
    job: JobView | None = None
    other_jobs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """None (for what can be absent: False) is "not there"; what can't be seen is in `unseen`."""

    name: str
    namespace: str
    now: datetime
    resource: Object | None = None
    problems: tuple[Problem, ...] = ()
    configuration: Mapping[str, str] = field(default_factory=dict)
    deployment: Object | None = None
    pods: tuple[Object, ...] = ()
    events: tuple[Object, ...] = ()
    logs: tuple[Said, ...] = ()
    flink: FlinkView | str = "not asked"
    """Flink's answers, or why there are none."""
    account: str = "default"
    has_account: bool = True
    missing_rights: tuple[str, ...] = ()
    is_namespace_going: bool = False
    has_namespace: bool = True
    is_ours: bool = False
    holder: str = ""
    """Who drives it just now, if anybody does."""
    leftovers: tuple[str, ...] = ()
    """ConfigMaps with HA data of its name."""
    has_checkpoint_in_ha: bool | None = None
    unseen: tuple[str, ...] = ()

    @property
    def key(self) -> str:
        return f"{self.namespace}/{self.name}"

    @property
    def metadata(self) -> Object:
        return mapping((self.resource or {}).get("metadata"))

    @property
    def spec(self) -> Object:
        return mapping((self.resource or {}).get("spec"))

    @property
    def status(self) -> Object:
        return mapping((self.resource or {}).get("status"))

    @property
    def recorded_state(self) -> str:
        """The contract's reconciliation state; empty where nothing was ever deployed."""
        record = mapping(self.status.get("reconciliationStatus"))
        return str(record.get("state") or "") if record.get("lastReconciledSpec") else ""

    @property
    def job_id(self) -> str:
        return str(mapping(self.status.get("jobStatus")).get("jobId") or "")

    @property
    def is_suspended(self) -> bool:
        return mapping(self.spec.get("job")).get("state") == "suspended"

    @property
    def is_going(self) -> bool:
        return "deletionTimestamp" in self.metadata

    @property
    def job(self) -> JobView | None:
        return self.flink.job if isinstance(self.flink, FlinkView) else None

    @property
    def restarts_often(self) -> bool:
        job = self.job
        if job is None or job.state in ("RESTARTING", "FAILING"):
            return job is not None
        lately = job.failed_at is not None and self.now - job.failed_at < LATELY
        return lately and job.restarts >= RESTARTS_OFTEN

    @property
    def runs(self) -> bool:
        """All tasks of its job run just now."""
        job = self.job
        return job is not None and job.state == "RUNNING" and 0 < job.tasks == job.tasks_running

    @property
    def is_steady(self) -> bool:
        return self.runs and not self.restarts_often

    @property
    def replicas(self) -> int:
        """JobManagers that are asked for."""
        if self.deployment is None:
            return 0
        return whole(mapping(self.deployment.get("spec")).get("replicas", 1))

    @property
    def available(self) -> int:
        status = mapping((self.deployment or {}).get("status"))
        return whole(status.get("availableReplicas"))

    @property
    def texts(self) -> Iterator[Said]:
        """Where a cause may stand, the surest first; nothing of the past while all runs well."""
        if self.is_steady:
            return
        if self.job is not None:
            for failure in self.job.failures:
                yield Said(where=f"Flink's exceptions of job {self.job.id}", text=failure)
        yield from self.refusals
        yield from self.logs
        if self.error:
            yield Said(where=f"FlinkDeployment/{self.name}, status.error", text=self.error)

    @property
    def error(self) -> str:
        """What the status tells as its error: the message, where it is in the contract's form."""
        text = str(self.status.get("error") or "")
        try:
            told = mapping(json.loads(text or "{}"))
        except ValueError:
            return text
        causes = [mapping(cause) for cause in told.get("throwableList") or ()]
        return "\n".join(str(cause.get("message") or "") for cause in (told, *causes)).strip()

    @property
    def refusals(self) -> Iterator[Said]:
        """The Deployment's word on pods that it may not make."""
        for condition in conditions(self.deployment):
            if condition.get("type") == "ReplicaFailure" and condition.get("status") == "True":
                where = f"Deployment/{self.name}, condition ReplicaFailure"
                yield Said(where=where, text=str(condition.get("message") or ""))


def mapping(value: Any) -> Object:
    return value if isinstance(value, Mapping) else {}


def whole(value: Any) -> int:
    try:
        return int(value or 0)
    except (TypeError, ValueError):
        return 0


def time(text: Any) -> datetime | None:
    """A time as Kubernetes writes it; None where it is none."""
    try:
        found = datetime.fromisoformat(str(text))
    except ValueError:
        return None
    return found if found.tzinfo else found.replace(tzinfo=UTC)


def conditions(item: Object | None) -> Iterator[Object]:
    found = mapping((item or {}).get("status")).get("conditions")
    return (mapping(entry) for entry in found or ())


def pod_name(pod: Object) -> str:
    return str(mapping(pod.get("metadata")).get("name") or "")


def is_taskmanager(pod: Object) -> bool:
    return mapping(mapping(pod.get("metadata")).get("labels")).get("component") == "taskmanager"
