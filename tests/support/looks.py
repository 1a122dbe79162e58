# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Looks at a cluster, made up: a resource, its JobManager and its job, each as it mostly is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.facts import Asker
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import (
    Cluster,
    FlinkSeen,
    Holder,
    JobSeen,
    Pods,
    Resource,
    Seen,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.status import Told, next_status
from ansible_collections.flinkops.flink.plugins.module_utils.core.wanted import Wanted, understood

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
JOB = "a" * 32
UID = "0f000000-0000-0000-0000-000000000001"
ME, OTHER = "playbook@here/1", "playbook@there/2"
HELD_BY_ME = Holder(identity=ME, expires=NOW + timedelta(seconds=60))
READY = Pods(jobmanagers=1, taskmanagers=1)


def definition(name: str = "app", **job: Any) -> dict[str, Any]:
    """A resource that breaks no rule; `job`: fields of spec.job."""
    return {
        "apiVersion": "flink.apache.org/v1beta1",
        "kind": "FlinkDeployment",
        "metadata": {"name": name, "namespace": "default"},
        "spec": {
            "image": "example/flink:1",
            "flinkVersion": "v1_20",
            "serviceAccount": "flink",
            "flinkConfiguration": {"taskmanager.numberOfTaskSlots": "2"},
            "jobManager": {"resource": {"cpu": 0.5, "memory": "1024m"}},
            "taskManager": {"resource": {"cpu": 1, "memory": "1024m"}},
            "job": {"jarURI": "local:///app.jar", "parallelism": 2, **job},
        },
    }


def wanted(cr: dict[str, Any] | None = None, **job: Any) -> Wanted:
    return understood(cr or definition(**job), namespace="default")


def resource(of: Wanted | None = None, **fields: Any) -> Resource:
    found = of or wanted()
    given = {"status": {}, "generation": 1, "uid": UID, "problems": found.problems, **fields}
    return Resource(
        name=found.name, namespace=found.namespace, deployment=found.deployment, **given
    )


def cluster(**fields: Any) -> Cluster:
    usual = {
        "uid": "d-1",
        "owner_uid": UID,
        "generation": 1,
        "replicas": 1,
        "available": 1,
        "being_deleted": False,
        "never_available": False,
    }
    return Cluster(**{**usual, **fields})


def job(**fields: Any) -> JobSeen:
    usual = {"id": JOB, "name": "counter", "state": "RUNNING", "started": NOW, "tasks": 2}
    return JobSeen(**{**usual, "tasks_running": 2, **fields})


def flink(of: JobSeen | None = None) -> FlinkSeen:
    return FlinkSeen(version="1.20.5", revision="0980485 @ 2026", job=of)


def runs(**fields: Any) -> FlinkSeen:
    return flink(job(**fields))


def asker(**fields: Any) -> Asker:
    return Asker(**{"driver": ME, "now": NOW, "patience": NOW + timedelta(minutes=5), **fields})


def plan(verdict: Verdict = Verdict.WAIT, move: Move = Move.NOTHING, **fields: Any) -> Plan:
    usual = {"because": "its_tasks_are_starting", "message": "they start"}
    return Plan(verdict=verdict, move=move, **{**usual, **fields})


def told(of: Plan | None = None, **fields: Any) -> Told:
    usual = {
        "plan": of or plan(),
        "configuration": {},
        "now": NOW,
        "fresh_job_id": JOB,
        "size": {},
        "taskmanagers": 1,
    }
    return Told(**{**usual, **fields})


MAKE = plan(Verdict.GO, Move.MAKE_CLUSTER, because="a_new_resource_is_deployed", message="making")


def written_ahead(of: Wanted | None = None) -> dict[str, Any]:
    """The status once the first start is announced, and nothing of it is made."""
    return next_status(Seen(resource=resource(of)), told(MAKE))


def deployed(of: Wanted | None = None) -> dict[str, Any]:
    """The status once all objects of the first start are made, and no pod is ready."""
    seen = Seen(resource=resource(of, status=written_ahead(of)), cluster=cluster(available=0))
    return next_status(seen, told())


def stable(of: Wanted | None = None) -> dict[str, Any]:
    """The status once the job was seen RUNNING with all its tasks."""
    seen = Seen(resource=resource(of, status=deployed(of)), cluster=cluster(), flink=runs())
    settled = plan(Verdict.SETTLED, because="the_job_runs", message="it runs")
    return next_status(seen, told(settled))


def seen(status: dict[str, Any] | None = None, of: Wanted | None = None, **fields: Any) -> Seen:
    """A look at a resource of ours with that status."""
    found = Seen(resource=resource(of, status=status or {}), claim=HELD_BY_ME)
    return replace(found, **fields)
