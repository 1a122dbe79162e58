# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What Flink in memory tells, in the shapes that real Flinks answer (see tests/tapes)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from support.world_job import Job
from support.world_storage import Snapshot, Storage

Object = dict[str, Any]
TASKS = 2
STATES = (
    "running",
    "canceling",
    "canceled",
    "created",
    "scheduled",
    "deploying",
    "reconciling",
    "finished",
    "initializing",
    "failed",
)
TASKS_OF = {
    "FINISHED": "finished",
    "CANCELED": "canceled",
    "CANCELLING": "canceling",
    "FAILED": "failed",
    "FAILING": "canceling",
    "RESTARTING": "canceled",
}
VERSION = {
    "refresh-interval": 3000,
    "timezone-name": "Coordinated Universal Time",
    "timezone-offset": 0,
    "flink-version": "1.20.5",
    "flink-revision": "0980485 @ 2026",
    "features": {"web-submit": True, "web-cancel": True, "web-rescale": True, "web-history": False},
}
TASKMANAGER = {"id": "tm-1", "slotsNumber": 2, "freeSlots": 0}


def millis(time: datetime | None) -> int:
    return int(time.timestamp() * 1000) if time else -1


def overview(job: Job) -> Object:
    state = job.state if job.is_listed else ""
    return {
        "taskmanagers": 1,
        "slots-total": TASKS,
        "slots-available": 0 if job.runs_whole else TASKS,
        "jobs-running": int(bool(state) and not job.is_over),
        "jobs-finished": int(state == "FINISHED"),
        "jobs-cancelled": int(state == "CANCELED"),
        "jobs-failed": int(state == "FAILED"),
        "flink-version": VERSION["flink-version"],
        "flink-commit": "0980485",
    }


def _tasks(job: Job) -> dict[str, int]:
    counts = dict.fromkeys(STATES, 0)
    if job.broken:
        return counts
    usual = "running" if job.runs_whole else "created"
    return {**counts, TASKS_OF.get(job.state, usual): TASKS}


def summary(job: Job) -> Object:
    counts = _tasks(job)
    return {
        "jid": job.id,
        "name": "counter",
        "start-time": millis(job.began),
        "end-time": millis(job.ended),
        "duration": millis(job.now) - millis(job.began),
        "state": job.state,
        "last-modification": millis(job.now),
        "tasks": {**counts, "total": sum(counts.values())},
    }


def details(job: Job) -> Object:
    counts = {state.upper(): number for state, number in _tasks(job).items()}
    vertex = {
        "id": "cbc357ccb763df2852fee8c4fc7d55f2",
        "name": "counter",
        "maxParallelism": 128,
        "parallelism": TASKS,
        "status": "RUNNING" if job.runs_whole else job.state,
        "start-time": millis(job.began),
        "end-time": millis(job.ended),
        "tasks": counts,
    }
    return {
        **{key: value for key, value in summary(job).items() if key != "tasks"},
        "isStoppable": False,
        "job-type": "STREAMING",
        "maxParallelism": -1,
        "now": millis(job.now),
        "timestamps": {"CREATED": millis(job.began), job.state: millis(job.ended or job.began)},
        "vertices": [vertex],
        "status-counts": {},
        "plan": {},
    }


def exceptions(job: Job) -> Object:
    cause = job.failure or None
    at = millis(job.ended or job.now) if cause else None
    entry: Object = {
        "exceptionName": str(cause).partition(":")[0],
        "stacktrace": cause,
        "timestamp": at,
        "failureLabels": {},
        "taskName": None if job.broken else "counter (1/2)",
        "endpoint": None,
        "concurrentExceptions": [],
    }
    entries = [entry] if cause and not job.broken else []
    return {
        "root-exception": cause,
        "timestamp": at,
        "all-exceptions": [],
        "truncated": False,
        "exceptionHistory": {"entries": entries, "truncated": False},
    }


def result(job: Job) -> Object:
    if not job.is_over:
        return {"status": {"id": "IN_PROGRESS"}}
    said: Object = {
        "id": job.id,
        "application-status": "SUCCEEDED" if job.state == "FINISHED" else job.state,
        "accumulator-results": {},
        "net-runtime": millis(job.ended) - millis(job.began),
    }
    if job.failure:
        kind = job.failure.partition(":")[0]
        said["failure-cause"] = {"class": kind, "stack-trace": job.failure}
    return {"status": {"id": "COMPLETED"}, "job-execution-result": said}


def metrics(job: Job) -> dict[str, str]:
    return {
        "numRestarts": str(job.restarts),
        "fullRestarts": str(job.restarts),
        "numberOfCompletedCheckpoints": str(len(job.completed)),
        "numberOfFailedCheckpoints": str(job.failed_checkpoints),
    }


def checkpoint(taken: Snapshot, storage: Storage) -> Object:
    at = millis(taken.at)
    return {
        "className": "completed",
        "id": taken.number,
        "status": "COMPLETED",
        "is_savepoint": taken.is_savepoint,
        "savepointFormat": "CANONICAL" if taken.is_savepoint else None,
        "trigger_timestamp": at,
        "latest_ack_timestamp": at,
        "checkpointed_size": 7441,
        "state_size": 7441,
        "end_to_end_duration": 30,
        "alignment_buffered": 0,
        "processed_data": 0,
        "persisted_data": 0,
        "num_subtasks": TASKS,
        "num_acknowledged_subtasks": TASKS,
        "checkpoint_type": "SAVEPOINT" if taken.is_savepoint else "CHECKPOINT",
        "tasks": {},
        "external_path": taken.path,
        "discarded": not taken.is_savepoint and storage.find(taken.path) is None,
    }


def statistics(job: Job) -> Object:
    done, failed = len(job.completed), job.failed_checkpoints
    newest = [checkpoint(taken, job.storage) for taken in reversed(job.completed[-10:])]
    plain = [checkpoint(taken, job.storage) for taken in job.checkpoints[-1:]]
    savepoints = [checkpoint(taken, job.storage) for taken in job.savepoints[-1:]]
    return {
        "counts": {
            "restored": int(job.restored is not None),
            "total": done + failed,
            "in_progress": 0,
            "completed": done,
            "failed": failed,
        },
        "summary": {},
        "latest": {
            "completed": plain[-1] if plain else None,
            "savepoint": savepoints[-1] if savepoints else None,
            "failed": None,
            "restored": _restored(job),
        },
        "history": newest,
    }


def _restored(job: Job) -> Object | None:
    found = job.restored
    if found is None:
        return None
    return {
        "id": found.number,
        "restore_timestamp": millis(job.began),
        "is_savepoint": found.is_savepoint,
        "external_path": found.path,
    }


def settings(job: Job) -> Object:
    retention = job.conf.keeps_checkpoints("CANCELED")
    return {
        "mode": "exactly_once",
        "interval": 5000 if job.conf.takes_checkpoints else 9223372036854775807,
        "timeout": 600000,
        "min_pause": 0,
        "max_concurrent": 1,
        "externalization": {"enabled": True, "delete_on_cancellation": not retention},
        "state_backend": "HashMapStateBackend",
        "checkpoint_storage": "FileSystemCheckpointStorage",
        "unaligned_checkpoints": False,
        "tolerable_failed_checkpoints": 0,
        "aligned_checkpoint_timeout": 0,
        "checkpoints_after_tasks_finish": True,
        "state_changelog_enabled": False,
    }
