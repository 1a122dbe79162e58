# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""From a FlinkDeployment to the Kubernetes objects that one start of it makes, as plain dicts.

Knows which objects each of the four shapes has and in which order they are created. Refuses to
know what is there already, and draws no ids: a Start brings them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, Optional, TypeVar

from . import config, options, podtemplate
from .errors import InvalidResource, Problem
from .memory_jobmanager import jobmanager_memory
from .memory_taskmanager import taskmanager_memory
from .objects import configmaps, jobmanager, services, taskmanager
from .objects.cluster import Cluster
from .objects.ingress import ingress
from .objects.pod import has_keytab, keytab_in_pod
from .role_resources import asked
from .spec import FlinkDeployment, FlinkVersion, JobManager, Spec, TaskManager
from .start import Start, started

T = TypeVar("T")
Template = Optional[dict[str, Any]]  # noqa: UP045 - ansible-test checks as for Python 3.8


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifests:
    """The objects of one start. Those of one dict are shared: read them, don't change them."""

    deployments: tuple[dict[str, Any], ...]
    """The JobManager's first; in standalone mode the TaskManagers' second."""
    dependents: tuple[dict[str, Any], ...]
    """Services and ConfigMaps, in order of creation; owned by the JobManager's Deployment."""
    ingress: dict[str, Any] | None

    def owned_by(self, deployment_uid: str) -> tuple[dict[str, Any], ...]:
        """The dependents with the uid of the JobManager's Deployment, known once it is created."""
        return tuple(_owned(found, deployment_uid) for found in self.dependents)

    def all(self) -> tuple[dict[str, Any], ...]:
        last = () if self.ingress is None else (self.ingress,)
        return (*self.deployments, *self.dependents, *last)


def render(deployment: FlinkDeployment, *, base: Mapping[str, str], start: Start) -> Manifests:
    """All objects, or InvalidResource with everything that stands in their way."""
    spec = deployment.spec
    conf = started(deployment, config.effective(deployment, base=base), start=start)
    for_job_manager, for_workers = templates(spec, conf)
    cluster = _cluster(deployment, config.for_flink(conf), start)
    process, worker = _both(
        lambda: jobmanager_memory(conf).process_mebibytes,
        lambda: taskmanager_memory(conf).process_mebibytes,
    )
    files = configmaps.files(cluster)
    first = jobmanager.deployment(
        cluster,
        for_job_manager,
        mebibytes=process,
        files=files,
        has_worker_template=for_workers is not None,
    )
    deployments = [first]
    if cluster.standalone:
        deployments.append(
            taskmanager.deployment(cluster, for_workers, mebibytes=worker, files=files)
        )
    dependents = _dependents(cluster, for_workers)
    placeholder = f"<uid of Deployment {cluster.name}>"
    for found in dependents:
        found["metadata"]["ownerReferences"] = cluster.owned_by_deployment(placeholder)
    managed = spec.ingress is not None and options.truth(conf, options.INGRESS_MANAGED)
    return Manifests(
        deployments=tuple(deployments),
        dependents=tuple(dependents),
        ingress=ingress(cluster, spec.ingress) if managed and spec.ingress else None,
    )


def templates(spec: Spec, conf: Mapping[str, str]) -> tuple[Template, Template]:
    """The pod templates of JobManager and TaskManagers, before Flink's own decorations."""
    by_name = options.truth(conf, options.MERGE_BY_NAME)
    for_job_manager = _template(spec, spec.job_manager, "jobManager", by_name=by_name)
    if options.truth(conf, options.STARTUP_PROBE):
        for_job_manager = podtemplate.with_startup_probe(for_job_manager)
    for_workers = _template(spec, spec.task_manager, "taskManager", by_name=by_name)
    return for_job_manager, for_workers


def _template(
    spec: Spec, role: JobManager | TaskManager | None, name: str, *, by_name: bool
) -> Template:
    own = role.pod_template if role else None
    template = podtemplate.merged(spec.pod_template, own, by_name=by_name)
    return podtemplate.with_resources(template, asked(role, name)) if role else template


def _cluster(deployment: FlinkDeployment, conf: dict[str, str], start: Start) -> Cluster:
    spec = deployment.spec
    cluster = Cluster(
        name=deployment.name,
        namespace=deployment.namespace,
        owner_uid=start.owner_uid,
        version=_version(spec),
        standalone=spec.is_standalone,
        job=spec.job,
        conf=conf,
        log_files=configmaps.log_files(spec.log_configuration),
    )
    mounted = cluster.standalone or options.truth(conf, options.KERBEROS_MOUNT)
    if not (mounted and has_keytab(conf)):
        return cluster
    key = options.spelled(conf, options.KEYTAB)
    return replace(cluster, conf={**conf, key: keytab_in_pod(conf)})


def _version(spec: Spec) -> FlinkVersion:
    if spec.flink_version is None:
        raise InvalidResource(
            (
                Problem(
                    path="spec.flinkVersion",
                    value="",
                    rule="is required",
                    next_step="Set it to the version of Flink in the image, such as v1_20.",
                ),
            )
        )
    return spec.flink_version


def _dependents(cluster: Cluster, for_workers: Template) -> list[dict[str, Any]]:
    inner = services.inner(cluster)
    dependents = [] if inner is None else [inner]
    dependents += [services.rest(cluster), configmaps.configuration(cluster)]
    if for_workers is not None and not cluster.standalone:
        dependents.append(configmaps.worker_template(cluster, for_workers))
    return dependents


def _both(one: Callable[[], int], other: Callable[[], int]) -> tuple[int, int]:
    """Both results, or the problems of both."""
    results: list[int] = []
    problems: list[Problem] = []
    for ask in (one, other):
        try:
            results.append(ask())
        except InvalidResource as refused:
            problems.extend(refused.problems)
    if problems:
        raise InvalidResource(tuple(problems))
    return results[0], results[1]


def _owned(found: dict[str, Any], uid: str) -> dict[str, Any]:
    owners = [{**owner, "uid": uid} for owner in found["metadata"]["ownerReferences"]]
    return {**found, "metadata": {**found["metadata"], "ownerReferences": owners}}
