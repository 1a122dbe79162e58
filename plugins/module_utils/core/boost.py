# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The start-up boost: a start's pods have more CPU until the job runs, then they are resized.

Knows what the boosted start is rendered from, and which pods are to be resized to what. Refuses to
know when the job runs, and how a pod is resized. What forbids a boost: boost_rules.py.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any, TypeVar

from . import options, podtemplate, quantity
from .computed import PARALLELISM
from .config import effective
from .errors import InvalidResource, Problem
from .manifests import Template, templates
from .spec import FlinkDeployment, FlinkVersion, JobManager, Resources, TaskManager

CPU_LIMIT = options.Option(key="kubernetes.operator.start-boost.cpu-limit")
JOB_MANAGER, TASK_MANAGER = "jobmanager", "taskmanager"
_CPU = "cpu"
_SAME = options.Option(key="", default="1.0")
_AMOUNTS = {JOB_MANAGER: options.JOB_MANAGER_CPU, TASK_MANAGER: options.TASK_MANAGER_CPU}

Role = TypeVar("Role", JobManager, TaskManager)


@dataclass(frozen=True, slots=True, kw_only=True)
class Cpu:
    request: Decimal
    limit: Decimal


@dataclass(frozen=True, slots=True, kw_only=True)
class Raise:
    """What the pods of one role start with, and what they have once the job runs."""

    role: str
    """The value of the pods' label `component`."""
    pods: int
    plain: Cpu
    boosted: Cpu

    @property
    def more(self) -> Cpu:
        """By how much one pod's request and limit are higher at its start."""
        request = self.boosted.request - self.plain.request
        return Cpu(request=request, limit=self.boosted.limit - self.plain.limit)


@dataclass(frozen=True, slots=True, kw_only=True)
class Resize:
    """One container of one pod and what it is to have; the uid says which pod of that name."""

    pod: str
    namespace: str
    uid: str
    container: str
    cpu_request: str
    cpu_limit: str


def wanted(conf: options.Conf) -> Decimal | None:
    """The limit to start with, in cores; None without the key."""
    text = options.text(conf, CPU_LIMIT).strip()
    if not text:
        return None
    cores = quantity.quantity(text, path=options.where(conf, CPU_LIMIT))
    if cores > 0:
        return cores
    problem = Problem(
        path=options.where(conf, CPU_LIMIT),
        value=text,
        rule="must be more than 0 cores",
        next_step="Write a number of cores such as 2, or leave it out.",
    )
    raise InvalidResource((problem,))


def roles(deployment: FlinkDeployment, *, base: Mapping[str, str]) -> tuple[Raise, ...]:
    """Both roles at a boosted start; none without the key or without a job."""
    conf = effective(deployment, base=base)
    if wanted(conf) is None or deployment.spec.job is None:
        return ()
    given = role_templates(deployment, conf)
    return tuple(_raise(deployment, conf, role, template) for role, template in given.items())


def raised(deployment: FlinkDeployment, *, base: Mapping[str, str]) -> tuple[Raise, ...]:
    """The roles whose limit is below the wanted one."""
    both = roles(deployment, base=base)
    return tuple(found for found in both if found.more.limit)


def role_templates(deployment: FlinkDeployment, conf: options.Conf) -> dict[str, Template]:
    for_job_manager, for_workers = templates(deployment.spec, conf)
    return {JOB_MANAGER: for_job_manager, TASK_MANAGER: for_workers}


def boosted(deployment: FlinkDeployment, *, base: Mapping[str, str]) -> FlinkDeployment:
    """What a boosted start is rendered from; the deployment itself where nothing is raised.

    CPU moves from the roles' resources into the configuration, where Flink, which makes the
    TaskManagers, reads it too.
    """
    raises = raised(deployment, base=base)
    if not raises:
        return deployment
    spec = deployment.spec
    keys: dict[str, str] = {}
    for found in raises:
        keys |= _keys(found, spec.flink_version)
    named = {found.role for found in raises}
    changed = replace(
        spec,
        job_manager=_without_cpu(spec.job_manager, is_raised=JOB_MANAGER in named),
        task_manager=_without_cpu(spec.task_manager, is_raised=TASK_MANAGER in named),
        flink_configuration={**spec.flink_configuration, **keys},
    )
    return replace(deployment, spec=changed)


def to_resize(pods: Iterable[Mapping[str, Any]], raises: Iterable[Raise]) -> tuple[Resize, ...]:
    """The pods that run with what they were started with; one that somebody else resized stays."""
    by_role = {found.role: found for found in raises}
    found = (_resize(pod, by_role.get(_label(pod, "component"))) for pod in pods)
    return tuple(one for one in found if one is not None)


def _raise(deployment: FlinkDeployment, conf: options.Conf, role: str, template: Template) -> Raise:
    cores = _cores(deployment, conf, role)
    request = Decimal(repr(cores))
    # In binary, as Flink and the rendered objects have it.
    plain = Cpu(request=request, limit=Decimal(repr(cores * _factor(conf, role, _CPU))))
    return Raise(
        role=role,
        pods=_pods(deployment, conf, role),
        plain=plain,
        boosted=_boosted(plain, wanted(conf), together=is_guaranteed(conf, role, template)),
    )


def _boosted(plain: Cpu, limit: Decimal | None, *, together: bool) -> Cpu:
    """A resize can't change the class Guaranteed: there request and limit move together.

    A limit of 0 is none.
    """
    if limit is None or not 0 < plain.limit < limit:
        return plain
    return Cpu(request=limit if together else plain.request, limit=limit)


def is_guaranteed(conf: options.Conf, role: str, template: Mapping[str, Any] | None) -> bool:
    """Kubernetes' class of the pods: every container's limits are its requests."""
    around, _main = podtemplate.split(template)
    inits = around["spec"].get("initContainers") or ()
    others = (*(around["spec"].get("containers") or ()), *inits)
    own = all(_factor(conf, role, name) == 1 for name in (_CPU, "memory"))
    return own and all(_asks_for_its_limits(container) for container in others)


def _asks_for_its_limits(container: Mapping[str, Any]) -> bool:
    resources = container.get("resources") or {}
    limits, requests = resources.get("limits") or {}, resources.get("requests") or {}
    return all(
        name in limits and _amount(requests.get(name, limits[name])) == _amount(limits[name])
        for name in (_CPU, "memory")
    )


def _amount(text: Any) -> Decimal:
    return quantity.quantity(str(text), path="")


def _cores(deployment: FlinkDeployment, conf: options.Conf, role: str) -> float:
    """As Flink counts; where it makes the TaskManagers, its own key for them comes first."""
    given = options.number(conf, _AMOUNTS[role])
    if role == JOB_MANAGER:
        return given
    by_flink = options.is_set(conf, options.TASK_MANAGER_CORES)
    if by_flink and (given <= 0 or not deployment.spec.is_standalone):
        return options.number(conf, options.TASK_MANAGER_CORES)
    return given if given > 0 else float(options.whole(conf, options.SLOTS))


def _factor(conf: options.Conf, role: str, name: str) -> float:
    return options.number(conf, replace(_SAME, key=_factor_key(role, name)))


def _factor_key(role: str, name: str) -> str:
    return f"kubernetes.{role}.{name}.limit-factor"


def _pods(deployment: FlinkDeployment, conf: options.Conf, role: str) -> int:
    if role == JOB_MANAGER:
        return options.whole(conf, options.REPLICAS)
    if deployment.spec.is_standalone:
        return options.whole(conf, options.TASK_MANAGER_REPLICAS)
    slots = max(options.whole(conf, options.SLOTS), 1)
    return -(-int(conf[PARALLELISM]) // slots)


def _keys(found: Raise, version: FlinkVersion | None) -> dict[str, str]:
    """Request and factor in Flink's words, in every spelling that some version reads."""
    request = float(found.boosted.request)
    amount = _AMOUNTS[found.role]
    keys = {amount.key: repr(request)}
    if version is not None and not version.at_least(FlinkVersion.V1_17):
        keys |= dict.fromkeys(amount.older, repr(request))
    if found.role == TASK_MANAGER and found.boosted.request != found.plain.request:
        keys[options.TASK_MANAGER_CORES.key] = repr(request)
    factor = _factor_for(request, float(found.boosted.limit))
    return {**keys, _factor_key(found.role, _CPU): repr(factor)}


def _factor_for(request: float, limit: float) -> float:
    """Flink multiplies in binary: a limit that a quota or a LimitRange names is not passed."""
    factor = limit / request
    return factor if request * factor <= limit else math.nextafter(factor, 0)


def _without_cpu(role: Role | None, *, is_raised: bool) -> Role | None:
    """The newer form wins where it holds anything, so the older goes where that was so."""
    if role is None or not is_raised:
        return role
    if role.resources:
        return replace(role, resources=_no_cpu(role.resources), resource=None)
    older = role.resource
    return replace(role, resource=replace(older, cpu=None)) if older else role


def _no_cpu(resources: Resources) -> Resources:
    requests, limits = (
        {name: text for name, text in given.items() if name != _CPU}
        for given in (resources.requests, resources.limits)
    )
    return replace(resources, requests=requests, limits=limits)


def _label(pod: Mapping[str, Any], name: str) -> str:
    return str((pod.get("metadata", {}).get("labels") or {}).get(name, ""))


def _resize(pod: Mapping[str, Any], found: Raise | None) -> Resize | None:
    metadata = pod.get("metadata", {})
    runs = pod.get("status", {}).get("phase") == "Running"
    if found is None or not runs or metadata.get("deletionTimestamp"):
        return None
    if not _is(pod, found.boosted):
        return None
    return Resize(
        pod=str(metadata["name"]),
        namespace=str(metadata["namespace"]),
        uid=str(metadata["uid"]),
        container=podtemplate.MAIN_CONTAINER,
        cpu_request=quantity.decimal_quantity(found.plain.request),
        cpu_limit=quantity.decimal_quantity(found.plain.limit),
    )


def _is(pod: Mapping[str, Any], wanted: Cpu) -> bool:
    resources = _main(pod).get("resources") or {}
    both = {"requests": wanted.request, "limits": wanted.limit}
    return all(_has(resources.get(kind) or {}, cores) for kind, cores in both.items())


def _has(given: Mapping[str, Any], cores: Decimal) -> bool:
    """Equal to a thousandth: Kubernetes counts no finer."""
    return _CPU in given and abs(_amount(given[_CPU]) - cores) < Decimal("0.001")


def _main(pod: Mapping[str, Any]) -> Mapping[str, Any]:
    containers = pod.get("spec", {}).get("containers") or ()
    named = (found for found in containers if found.get("name") == podtemplate.MAIN_CONTAINER)
    return next(named, {})
