# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Looks at a cluster, made up: a resource, its JobManager and its job, each as it mostly is."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Case
from ansible_collections.flinkops.flink.plugins.module_utils.core.claims import Asker
from ansible_collections.flinkops.flink.plugins.module_utils.core.config import effective
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import (
    Effect,
    Move,
    Origin,
    Phase,
    Plan,
    Source,
    Verdict,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
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
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import NOTHING, Verb
from ansible_collections.flinkops.flink.plugins.module_utils.core.wanted import Wanted, understood

NOW = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)
JOB = "a" * 32
TRIGGER = "7" * 32
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
        "fresh_job_id": JOB,
        "fresh_trigger_id": TRIGGER,
        "size": {},
        "taskmanagers": 1,
    }
    return Told(**{**usual, **fields})


def case(seen: Seen, of: Wanted | None = None, *, verb: Verb = NOTHING, **asks: Any) -> Case:
    """The case of a look; `of`: what is wanted, where it is not what the look's resource says."""
    there = seen.resource
    found = of
    if found is None and there is not None:
        found = Wanted(
            name=there.name,
            namespace=there.namespace,
            deployment=there.deployment,
            configuration=_configuration(there),
            problems=there.problems,
        )
    status = there.status if there else {}
    return Case(seen=seen, record=recorded(status), wanted=found, asker=asker(**asks), verb=verb)


def _configuration(of: Resource) -> dict[str, str]:
    return dict(effective(of.deployment, base={})) if of.deployment else {}


def said(seen: Seen, to: Told | None = None, **asks: Any) -> dict[str, Any]:
    """The status after a turn that saw this."""
    return next_status(case(seen, **asks), to or told())


EMPTY = Origin(source=Source.EMPTY, because="a_first_deployment_starts_empty")
MAKE = plan(
    Verdict.GO,
    Move.MAKE_CLUSTER,
    because="a_new_resource_is_deployed",
    message="making",
    effect=Effect.START,
    phase=Phase.START,
    origin=EMPTY,
)


def make(of: Wanted | None = None) -> Plan:
    """The plan of a first start, from the state that the resource names."""
    job = of.deployment.spec.job if of and of.deployment else None
    path = job.initial_savepoint_path if job else None
    if not path:
        return MAKE
    because = "a_first_deployment_has_its_snapshot"
    return replace(MAKE, origin=Origin(source=Source.SAVEPOINT, because=because, path=path))


RUNS = plan(Verdict.SETTLED, because="the_job_runs", message="it runs", effect=Effect.STABLE)


def written_ahead(of: Wanted | None = None) -> dict[str, Any]:
    """The status once the first start is announced, and nothing of it is made."""
    return said(Seen(resource=resource(of)), told(make(of)))


def deployed(of: Wanted | None = None) -> dict[str, Any]:
    """The status once all objects of the first start are made, and no pod is ready."""
    made = cluster(available=0, job_id=JOB)
    return said(Seen(resource=resource(of, status=written_ahead(of)), cluster=made))


def stable(of: Wanted | None = None) -> dict[str, Any]:
    """The status once the job was seen RUNNING with all its tasks."""
    there = resource(of, status=deployed(of))
    return said(Seen(resource=there, cluster=cluster(), flink=runs()), told(RUNS))


def seen(status: dict[str, Any] | None = None, of: Wanted | None = None, **fields: Any) -> Seen:
    """A look at a resource of ours with that status."""
    found = Seen(resource=resource(of, status=status or {}), claim=HELD_BY_ME)
    return replace(found, **fields)
