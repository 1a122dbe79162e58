# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Whether the memory that is given holds what Flink's own processes need.

Asks Flink's memory model (memory_jobmanager.py, memory_taskmanager.py) and tells its answer as a
rule. Silent where no size is given or a size can't be read: other rules say so.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping

from .errors import InvalidResource
from .memory_jobmanager import jobmanager_memory
from .memory_taskmanager import taskmanager_memory
from .role_resources import asked
from .spec import JobManager, TaskManager
from .validate_rule import BrokenRule, Facts

NAMES = ("the_jobmanager_must_fit_its_memory", "the_taskmanager_must_fit_its_memory")
_Model = Callable[[Mapping[str, str]], object]


def broken_memory(facts: Facts) -> Iterator[BrokenRule]:
    spec = facts.spec
    yield from _role(facts, "jobManager", spec.job_manager, jobmanager_memory)
    yield from _role(facts, "taskManager", spec.task_manager, taskmanager_memory)


def _role(
    facts: Facts, field: str, manager: JobManager | TaskManager | None, model: _Model
) -> Iterator[BrokenRule]:
    role = field.lower()
    key = f"{role}.memory.process.size"
    given = None
    try:
        given = asked(manager, field).memory if manager else None
    except InvalidResource:
        return
    conf = {**facts.effective, **({key: given} if given else {})}
    try:
        model(conf)
    except InvalidResource as refused:
        for problem in refused.problems:
            by_field = given is not None and problem.path.endswith(key)
            yield BrokenRule(
                path=f"spec.{field}.resource.memory" if by_field else problem.path,
                value=problem.value,
                rule=problem.rule,
                next_step=problem.next_step,
                name=f"the_{role}_must_fit_its_memory",
            )
