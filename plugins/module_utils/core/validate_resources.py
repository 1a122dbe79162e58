# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Rules about how many there are and how large they are: replicas, memory, CPU, other resources.

Knows that sizes parse and fit together. What Flink's own processes need is memory.py's to say.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from decimal import Decimal

from .errors import InvalidResource
from .quantity import quantity, resource_memory
from .spec import JobManager, Resource, Resources, TaskManager
from .validate_rule import Facts, Found, Rule, at

_ROLES: tuple[tuple[str, Callable[[Facts], JobManager | TaskManager | None]], ...] = (
    ("jobManager", lambda f: f.spec.job_manager),
    ("taskManager", lambda f: f.spec.task_manager),
)
_COUNTED_BY_FLINK = ("cpu", "memory")


def _number(text: str) -> Decimal | None:
    try:
        return quantity(text, path="")
    except InvalidResource:
        return None


def _is_size(text: str) -> bool:
    try:
        resource_memory(text, path="")
    except InvalidResource:
        return False
    return True


def _older(facts: Facts) -> Iterator[tuple[str, Resource]]:
    for role, manager in _ROLES:
        found = manager(facts)
        if found is not None and found.resource is not None:
            yield f"spec.{role}.resource", found.resource


def _newer(facts: Facts) -> Iterator[tuple[str, Resources]]:
    for role, manager in _ROLES:
        found = manager(facts)
        if found is not None and found.resources is not None:
            yield f"spec.{role}.resources", found.resources


def _unreadable_sizes(facts: Facts) -> Iterator[Found]:
    for path, resource in _older(facts):
        sizes = (("memory", resource.memory), ("ephemeralStorage", resource.ephemeral_storage))
        for name, size in sizes:
            if size is not None and not _is_size(size):
                yield Found(path=f"{path}.{name}", value=size)


def _no_cpu(facts: Facts) -> Iterator[Found]:
    for path, resource in _older(facts):
        if resource.cpu is not None and resource.cpu <= 0:
            yield Found(path=f"{path}.cpu", value=resource.cpu)


def _each_quantity(facts: Facts) -> Iterator[tuple[str, str, str]]:
    for path, resources in _newer(facts):
        for side, quantities in (("limits", resources.limits), ("requests", resources.requests)):
            for name, text in quantities.items():
                yield f"{path}.{side}.{name}", name, text


def _unreadable_quantities(facts: Facts) -> Iterator[Found]:
    for path, _role, text in _each_quantity(facts):
        if _number(text) is None:
            yield Found(path=path, value=text)


def _too_small(facts: Facts) -> Iterator[Found]:
    for path, name, text in _each_quantity(facts):
        number = _number(text)
        if number is None:
            continue
        if number < 0 or (number == 0 and name in _COUNTED_BY_FLINK):
            yield Found(path=path, value=text)


def _asks_for_more_than_allowed(facts: Facts) -> Iterator[Found]:
    for path, resources in _newer(facts):
        for name in _COUNTED_BY_FLINK:
            ask, limit = _both(resources, name)
            if ask is not None and limit is not None and ask > limit:
                yield Found(
                    path=f"{path}.requests.{name}",
                    value=resources.requests[name],
                    more=f"the limit is {resources.limits[name]}",
                )


def _both(resources: Resources, name: str) -> tuple[Decimal | None, Decimal | None]:
    return _read(resources.requests, name), _read(resources.limits, name)


def _read(quantities: Mapping[str, str], name: str) -> Decimal | None:
    return _number(quantities[name]) if name in quantities else None


def _has_memory(manager: JobManager | TaskManager | None) -> bool:
    if manager is None:
        return False
    newer = manager.resources or Resources()
    older = manager.resource and manager.resource.memory
    return bool(older) or "memory" in {*newer.requests, *newer.limits}


def _jobmanager_size_is_missing(facts: Facts) -> bool:
    keys = ("process.size", "flink.size", "heap.size")
    given = facts.get(*(f"jobmanager.memory.{key}" for key in keys), "jobmanager.heap.size")
    return not given and not _has_memory(facts.spec.job_manager)


def _taskmanager_size_is_missing(facts: Facts) -> bool:
    keys = ("taskmanager.memory.process.size", "taskmanager.memory.flink.size")
    by_parts = facts.get("taskmanager.memory.task.heap.size") and facts.get(
        "taskmanager.memory.managed.size"
    )
    given = facts.get(*keys, "taskmanager.heap.size") or by_parts
    return not given and not _has_memory(facts.spec.task_manager)


def _jobmanagers(facts: Facts) -> int:
    return facts.spec.job_manager.replicas if facts.spec.job_manager else 1


def _taskmanagers(facts: Facts) -> int | None:
    return facts.spec.task_manager.replicas if facts.spec.task_manager else None


RULES: tuple[Rule, ...] = (
    Rule(
        name="at_least_one_jobmanager",
        find=at("spec.jobManager.replicas", lambda f: _jobmanagers(f) < 1, _jobmanagers),
        rule="must be at least 1",
        next_step="Remove the field: one JobManager is what most clusters need.",
    ),
    Rule(
        name="standby_jobmanagers_need_high_availability",
        find=at(
            "spec.jobManager.replicas",
            lambda f: _jobmanagers(f) > 1 and not f.is_highly_available,
            _jobmanagers,
        ),
        rule="more than one JobManager needs high availability",
        next_step=(
            "Set high-availability.type: kubernetes and high-availability.storageDir, or remove "
            "the field."
        ),
    ),
    Rule(
        name="at_least_one_taskmanager_where_they_are_counted",
        find=at(
            "spec.taskManager.replicas",
            lambda f: (count := _taskmanagers(f)) is not None and count < 1,
            _taskmanagers,
        ),
        rule="must be at least 1",
        next_step="To stop the job set job.state: suspended.",
    ),
    Rule(
        name="the_jobmanager_needs_a_size",
        find=at("spec.jobManager.resource.memory", _jobmanager_size_is_missing),
        rule="the JobManager's memory is needed",
        next_step="Write for example `memory: 1600m`, or set jobmanager.memory.process.size.",
    ),
    Rule(
        name="the_taskmanager_needs_a_size",
        find=at("spec.taskManager.resource.memory", _taskmanager_size_is_missing),
        rule="the TaskManagers' memory is needed",
        next_step="Write for example `memory: 2g`, or set taskmanager.memory.process.size.",
    ),
    Rule(
        name="a_size_must_be_readable",
        find=_unreadable_sizes,
        rule="must be a size",
        next_step="Write for example 2048m or 2g (both binary), or 2Gi.",
    ),
    Rule(
        name="some_cpu_is_needed",
        find=_no_cpu,
        rule="must be more than 0",
        next_step="Write for example `cpu: 0.5`, or remove the field.",
    ),
    Rule(
        name="a_quantity_must_be_readable",
        find=_unreadable_quantities,
        rule="must be a Kubernetes quantity",
        next_step="Write for example 500m, 2Gi or 4.",
    ),
    Rule(
        name="a_quantity_must_be_large_enough",
        find=_too_small,
        rule="CPU and memory must be more than 0, other resources at least 0",
        next_step="Write a larger quantity, or remove it.",
    ),
    Rule(
        name="a_request_is_within_its_limit",
        find=_asks_for_more_than_allowed,
        rule="must not be more than its limit",
        next_step="Raise the limit or lower the request.",
    ),
)
