# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flink itself is asked: for any configuration both derive the same sizes, or both refuse.

Needs Java, and the jars of Flink 1.20 where the image build keeps them.
"""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.memory_jobmanager import (
    jobmanager_memory,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.memory_taskmanager import (
    taskmanager_memory,
)
from e2e.flink_rest.flink_home import flink_home

ORACLE = Path(__file__).with_name("MemoryOracle.java")
pytestmark = pytest.mark.flink

Case = tuple[str, dict[str, str]]
UNITS = st.sampled_from([("m", 1), (" mb", 1), ("k", 1 << 10), ("b", 1 << 20)])
FRACTIONS = st.integers(min_value=0, max_value=1000).map(lambda number: f"{number / 1000}")


def sizes(smallest: int, largest: int) -> st.SearchStrategy[str]:
    """Between so many mebibytes, in any unit."""
    return UNITS.flatmap(
        lambda unit: st.integers(smallest * unit[1], largest * unit[1]).map(
            lambda number: f"{number}{unit[0]}"
        )
    )


def overhead(role: str) -> dict[str, st.SearchStrategy[str]]:
    return {
        f"{role}.memory.jvm-metaspace.size": sizes(50, 500),
        f"{role}.memory.jvm-overhead.min": sizes(10, 300),
        f"{role}.memory.jvm-overhead.max": sizes(200, 2000),
        f"{role}.memory.jvm-overhead.fraction": FRACTIONS,
        f"{role}.heap.size": sizes(400, 3000),
    }


JOB_MANAGER = {
    "jobmanager.memory.process.size": sizes(400, 6000),
    "jobmanager.memory.flink.size": sizes(100, 5000),
    "jobmanager.memory.heap.size": sizes(50, 4000),
    "jobmanager.memory.off-heap.size": sizes(10, 600),
    **overhead("jobmanager"),
}
TASK_MANAGER = {
    "taskmanager.memory.process.size": sizes(500, 9000),
    "taskmanager.memory.flink.size": sizes(300, 8000),
    "taskmanager.memory.task.heap.size": sizes(50, 3000),
    "taskmanager.memory.task.off-heap.size": sizes(0, 500),
    "taskmanager.memory.framework.heap.size": sizes(10, 300),
    "taskmanager.memory.framework.off-heap.size": sizes(10, 300),
    "taskmanager.memory.managed.size": sizes(0, 2000),
    "taskmanager.memory.managed.fraction": FRACTIONS,
    "taskmanager.memory.network.min": sizes(1, 200),
    "taskmanager.memory.network.max": sizes(100, 2000),
    "taskmanager.memory.network.fraction": FRACTIONS,
    "taskmanager.network.memory.min": sizes(1, 200),
    "taskmanager.network.numberOfBuffers": st.integers(100, 5000).map(str),
    **overhead("taskmanager"),
}
CASES = st.tuples(
    st.just("jobmanager"), st.fixed_dictionaries({}, optional=JOB_MANAGER)
) | st.tuples(st.just("taskmanager"), st.fixed_dictionaries({}, optional=TASK_MANAGER))


def flinks_answers(cases: list[Case]) -> list[str]:
    lines = ["\t".join([role, *sum(conf.items(), ())]) for role, conf in cases]
    command = ["java", "-cp", f"{flink_home('1.20')}/lib/*", str(ORACLE)]
    run = subprocess.run(  # noqa: S603 - our own program
        command, input="\n".join(lines), capture_output=True, text=True, check=True, timeout=120
    )
    return run.stdout.splitlines()


def our_answer(role: str, conf: dict[str, str]) -> str:
    try:
        if role == "jobmanager":
            process = jobmanager_memory(conf)
            found = (process.heap, process.off_heap, process.metaspace, process.overhead)
            return " ".join(map(str, found))
        worker = taskmanager_memory(conf)
    except InvalidResource:
        return "refused"
    part = worker.inside
    sizes = (part.framework_heap, part.framework_off_heap, part.task_heap, part.task_off_heap)
    rest = (part.network, part.managed, worker.metaspace, worker.overhead)
    return " ".join(map(str, sizes + rest))


@settings(
    max_examples=4,
    deadline=None,
    database=None,
    suppress_health_check=[
        HealthCheck.large_base_example,
        HealthCheck.data_too_large,
        HealthCheck.too_slow,
    ],
)
@given(st.lists(CASES, min_size=100, max_size=150))
@pytest.mark.row("C-093")
def test_flink_derives_the_same_sizes(cases: list[Case]) -> None:
    assert [our_answer(*case) for case in cases] == flinks_answers(cases)
