# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The REST API of Flink in memory: its routes, and what each of them does."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, Protocol
from urllib.parse import parse_qs
from uuid import uuid4

from support import world_rest_told as told
from support.world_job import Job
from support.world_operations import NO_JOB, Operation, Operations
from support.world_storage import Storage

Object = dict[str, Any]
Answer = tuple[int, Any]
Cache = dict[tuple[str, str], tuple[datetime, Answer]]
SERVICE = re.compile(r"/api/v1/namespaces/([^/]+)/services/(?:https:)?([^/]+)-rest:rest/proxy(.*)")
NO_ENDPOINT = 503, {"kind": "Status", "message": "no endpoints"}
REFUSED = "org.apache.flink.runtime.rest.handler.RestHandlerException: {}"
TERMINATED = "Job cancellation failed because the job has already reached another terminal state"
ID = r"([0-9a-f]{32})"


class Known(Protocol):
    """What the API needs of Flink."""

    jobs: dict[str, Job]
    operations: dict[str, Operations]
    storage: Storage
    cache: Cache
    is_silent: bool
    refresh: timedelta


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    job: Job
    operations: Operations
    storage: Storage
    now: datetime
    parts: tuple[str, ...] = ()
    query: Mapping[str, list[str]] = field(default_factory=dict)
    body: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """`of_job`: 404 where the job is not known; `may_be_old`: Flink caches the answer."""

    pattern: str
    does: Callable[[Asked], Answer]
    method: str = "get"
    of_job: bool = True
    may_be_old: bool = False


def answered(
    flink: Known, method: str, path: str, body: Object | None, now: datetime
) -> tuple[int, bytes]:
    status, said = _answer(flink, method.lower(), path, body or {}, now)
    return status, json.dumps(said).encode()


def _answer(flink: Known, method: str, path: str, body: Object, now: datetime) -> Answer:
    found = SERVICE.fullmatch(path)
    assert found is not None, f"no service of Flink's: {path}"
    namespace, app, rest = found.groups()
    owners = {(job.namespace, job.app): uid for uid, job in flink.jobs.items()}
    uid = owners.get((namespace, app))
    if flink.is_silent or uid is None:
        return NO_ENDPOINT
    where, _, query = rest.partition("?")
    asked = Asked(
        job=flink.jobs[uid],
        operations=flink.operations[uid],
        storage=flink.storage,
        now=now,
        query=parse_qs(query),
        body=body,
    )
    return _routed(flink, (uid, where), method, asked)


def _routed(flink: Known, key: tuple[str, str], method: str, asked: Asked) -> Answer:
    for route in ROUTES:
        found = re.fullmatch(route.pattern, key[1])
        if found is None or route.method != method:
            continue
        whole = replace(asked, parts=tuple(found.groups()))
        job = asked.job
        if route.of_job and (whole.parts[0] != job.id or not job.is_listed):
            return _error(404, NO_JOB.format(whole.parts[0]))
        return _maybe_old(flink, key, route, whole)
    return 404, {"errors": [f"Unable to load requested file {key[1]}."]}


def _maybe_old(flink: Known, key: tuple[str, str], route: Route, asked: Asked) -> Answer:
    if not route.may_be_old or not flink.refresh:
        return route.does(asked)
    old = flink.cache.get(key)
    if old is None or not timedelta(0) <= asked.now - old[0] < flink.refresh:
        flink.cache[key] = (asked.now, route.does(asked))
    return flink.cache[key][1]


def _error(status: int, trace: str) -> Answer:
    return status, {"errors": [REFUSED.format(trace)]}


# the cluster


def _config(_asked: Asked) -> Answer:
    return 200, told.VERSION


def _cluster(asked: Asked) -> Answer:
    return 200, told.overview(asked.job)


def _taskmanagers(asked: Asked) -> Answer:
    return 200, {"taskmanagers": [told.TASKMANAGER]}


def _jobs(asked: Asked) -> Answer:
    listed = [told.summary(asked.job)] if asked.job.is_listed else []
    return 200, {"jobs": listed}


# one job


def _job(asked: Asked) -> Answer:
    return 200, told.details(asked.job)


def _status(asked: Asked) -> Answer:
    return 200, {"status": asked.job.state}


def _exceptions(asked: Asked) -> Answer:
    return 200, told.exceptions(asked.job)


def _result(asked: Asked) -> Answer:
    return 200, told.result(asked.job)


def _metrics(asked: Asked) -> Answer:
    known = told.metrics(asked.job)
    if "get" not in asked.query:
        return 200, [{"id": name} for name in known]
    names = [name for part in asked.query["get"] for name in part.split(",")]
    return 200, [{"id": name, "value": known[name]} for name in names if name in known]


def _cancel(asked: Asked) -> Answer:
    job = asked.job
    if asked.query.get("mode", ["cancel"]) != ["cancel"]:
        return _error(404, "no such mode")
    if job.is_over:
        if job.state == "CANCELED":
            return 202, {}
        return _error(409, f"{TERMINATED} ({job.state}).")
    job.cancel()
    return 202, {}


# checkpoints and savepoints


def _statistics(asked: Asked) -> Answer:
    return 200, told.statistics(asked.job)


def _settings(asked: Asked) -> Answer:
    return 200, told.settings(asked.job)


def _checkpoint(asked: Asked) -> Answer:
    number = int(asked.parts[1])
    for taken in asked.job.completed:
        if taken.number == number:
            return 200, told.checkpoint(taken, asked.storage)
    return _error(404, f"Could not find checkpointing statistics for checkpoint {number}.")


def _trigger(kind: str, directory_key: str = "") -> Callable[[Asked], Answer]:
    def trigger(asked: Asked) -> Answer:
        job, switches = asked.job, asked.job.switches
        directory = str(asked.body.get(directory_key) or job.conf.savepoints_dir)
        if directory_key and not directory:
            return _error(400, "Config key [state.savepoints.dir] is not set.")
        is_checkpoint = kind == "checkpoint"
        left = switches.checkpoint_takes if is_checkpoint else switches.savepoint_takes
        trigger_id = str(asked.body.get("triggerId") or uuid4().hex)
        wanted = Operation(kind=kind, left=left, directory=directory)
        asked.operations.trigger(asked.parts[0], trigger_id, wanted)
        return 202, {"request-id": trigger_id}

    return trigger


def _operation(family: str) -> Callable[[Asked], Answer]:
    def tell(asked: Asked) -> Answer:
        job_id = asked.parts[0] if family != "disposal" else ""
        trigger_id = asked.parts[-1]
        found = asked.operations.of(family, job_id, trigger_id)
        if found is None:
            said = f"There is no {family} operation with triggerId={trigger_id}"
            return _error(404, f"{said} for job {job_id}.")
        return 200, found.told()

    return tell


def _dispose(asked: Asked) -> Answer:
    trigger_id = uuid4().hex
    path = str(asked.body["savepoint-path"])
    asked.operations.dispose(asked.storage, path, trigger_id, asked.now)
    return 200, {"request-id": trigger_id}


ROUTES = (
    Route(pattern="/config", does=_config, of_job=False),
    Route(pattern="/overview", does=_cluster, of_job=False),
    Route(pattern="/taskmanagers", does=_taskmanagers, of_job=False),
    Route(pattern="/jobs/overview", does=_jobs, of_job=False),
    Route(pattern=f"/jobs/{ID}", does=_job, may_be_old=True),
    Route(pattern=f"/jobs/{ID}", does=_cancel, method="patch"),
    Route(pattern=f"/jobs/{ID}/status", does=_status),
    Route(pattern=f"/jobs/{ID}/exceptions", does=_exceptions, may_be_old=True),
    Route(pattern=f"/jobs/{ID}/execution-result", does=_result),
    Route(pattern=f"/jobs/{ID}/metrics", does=_metrics),
    Route(pattern=f"/jobs/{ID}/checkpoints", does=_statistics, may_be_old=True),
    Route(pattern=f"/jobs/{ID}/checkpoints/config", does=_settings, may_be_old=True),
    Route(pattern=rf"/jobs/{ID}/checkpoints/details/(\d+)", does=_checkpoint, may_be_old=True),
    # Flink takes these of jobs that it does not have, and says so in the operation's status.
    Route(
        pattern=f"/jobs/{ID}/checkpoints",
        does=_trigger("checkpoint"),
        method="post",
        of_job=False,
    ),
    Route(
        pattern=f"/jobs/{ID}/savepoints",
        does=_trigger("savepoint", "target-directory"),
        method="post",
        of_job=False,
    ),
    Route(
        pattern=f"/jobs/{ID}/stop",
        does=_trigger("stop", "targetDirectory"),
        method="post",
        of_job=False,
    ),
    Route(pattern=f"/jobs/{ID}/checkpoints/{ID}", does=_operation("checkpoint"), of_job=False),
    Route(pattern=f"/jobs/{ID}/savepoints/{ID}", does=_operation("savepoint"), of_job=False),
    Route(pattern="/savepoint-disposal", does=_dispose, method="post", of_job=False),
    Route(pattern=f"/savepoint-disposal/{ID}", does=_operation("disposal"), of_job=False),
)
