# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a JobManager in memory does behind a trigger id: savepoints, stops, checkpoints, disposals.

They are kept in its memory alone: gone with its pod, and forgotten some time after their end.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from support.world_job import Job
from support.world_storage import Storage

Object = dict[str, Any]
NO_JOB = (
    "org.apache.flink.runtime.messages.FlinkJobNotFoundException: Could not find Flink job ({})"
)
NOT_RUNNING = (
    "org.apache.flink.runtime.checkpoint.CheckpointException: The Flink job is currently not "
    "executing. Failure reason: Trigger checkpoint failure."
)
IO_PROBLEM = (
    "org.apache.flink.runtime.checkpoint.CheckpointException: An Exception occurred while "
    "triggering the checkpoint. IO-problem detected."
)
NOT_STOPPED = (
    "org.apache.flink.runtime.scheduler.stopwithsavepoint.StopWithSavepointStoppingException: A "
    "savepoint has been created at: {}, but the corresponding job {} failed during stopping. The "
    "savepoint is consistent, but might have uncommitted transactions."
)
NO_SAVEPOINT = (
    "org.apache.flink.util.FlinkException: Could not dispose savepoint {0}.\n"
    "Caused by: java.io.FileNotFoundException: Cannot find checkpoint or savepoint "
    "file/directory '{0}' on file system 'file'."
)


@dataclass
class Operation:
    kind: str
    left: int = 0
    directory: str = ""
    outcome: Object | None = None
    ended: datetime | None = None

    def succeed(self, now: datetime, **outcome: Any) -> None:
        self.outcome, self.ended = outcome, now

    def fail(self, now: datetime, trace: str) -> None:
        name = "failureCause" if self.kind == "checkpoint" else "failure-cause"
        cause = {"class": "java.util.concurrent.CompletionException"}
        wrapped = f"java.util.concurrent.CompletionException: {trace}"
        self.outcome, self.ended = {name: {**cause, "stack-trace": wrapped}}, now

    def told(self) -> Object:
        if self.outcome is None:
            return {"status": {"id": "IN_PROGRESS"}, "operation": None}
        return {"status": {"id": "COMPLETED"}, "operation": self.outcome}


@dataclass
class Operations:
    """Of one JobManager. The same id again is the same operation."""

    known: dict[tuple[str, str, str], Operation] = field(default_factory=dict)

    def trigger(self, job_id: str, trigger_id: str, operation: Operation) -> None:
        family = "checkpoint" if operation.kind == "checkpoint" else "savepoint"
        self.known.setdefault((family, job_id, trigger_id), operation)

    def dispose(self, storage: Storage, path: str, trigger_id: str, now: datetime) -> None:
        done = self.known.setdefault(("disposal", "", trigger_id), Operation(kind="disposal"))
        if not storage.is_gone and storage.discard(path):
            done.succeed(now)
        else:
            done.fail(now, NO_SAVEPOINT.format(path))

    def of(self, family: str, job_id: str, trigger_id: str) -> Operation | None:
        return self.known.get((family, job_id, trigger_id))

    def step(self, job: Job, now: datetime) -> None:
        for key, operation in list(self.known.items()):
            if operation.outcome is None:
                self._goes_on(operation, key[1], job, now)
            elif operation.ended and now - operation.ended > job.switches.store_duration:
                del self.known[key]

    def _goes_on(self, operation: Operation, job_id: str, job: Job, now: datetime) -> None:
        if job.id != job_id or not job.is_listed or job.is_over:
            operation.fail(now, NO_JOB.format(job_id))
        elif not job.runs_whole:
            operation.fail(now, NOT_RUNNING)
        elif operation.kind == "checkpoint" or not job.switches.savepoints_hang:
            operation.left -= 1
            if operation.left <= 0:
                ENDS[operation.kind](operation, job, now)


def _ends_checkpoint(operation: Operation, job: Job, now: datetime) -> None:
    taken = job.take_checkpoint()
    if taken is None:
        operation.fail(now, IO_PROBLEM)
    else:
        operation.succeed(now, checkpointId=taken.number)


def _ends_savepoint(operation: Operation, job: Job, now: datetime) -> None:
    taken = None if job.switches.savepoints_fail else job.take_savepoint(operation.directory)
    if taken is None:
        operation.fail(now, IO_PROBLEM)
    elif operation.kind == "stop" and job.switches.fails_when_stopping:
        operation.fail(now, NOT_STOPPED.format(taken.path, job.id))
        job.restart("java.lang.RuntimeException: failed while stopping")
    else:
        operation.succeed(now, location=taken.path)
        if operation.kind == "stop":
            job.storage.is_the_end(taken)
            job.end("FINISHED")


ENDS = {"checkpoint": _ends_checkpoint, "savepoint": _ends_savepoint, "stop": _ends_savepoint}
