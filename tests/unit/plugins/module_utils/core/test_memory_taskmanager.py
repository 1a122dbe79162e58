# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# ruff: noqa: E501 - the table has a case per line
"""A TaskManager's memory, against sizes that Flink 1.20.5 gave for the same configuration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.memory_taskmanager import (
    TaskManagerMemory,
    taskmanager_memory,
)

# Configuration; then framework heap and off-heap, task heap and off-heap, network, managed,
# metaspace and overhead in bytes.
RECORDED = (
    (
        "process.size=2048m",
        "134217728 134217728 563714445 0 166429984 665719939 268435456 214748368",
    ),
    (
        "process.size=1728m",
        "134217728 134217728 402653174 0 134217730 536870920 268435456 201326592",
    ),
    (
        "process.size=64g",
        "134217728 134217728 33420213770 0 6737730046 26950920184 268435456 1073741824",
    ),
    ("process.size=1g", "134217728 134217728 26843542 0 67108864 241591914 268435456 201326592"),
    ("process.size=800m", "refused"),
    ("process.size=300m", "refused"),
    (
        "flink.size=1200m, managed.fraction=0.3",
        "134217728 134217728 486539248 0 125829121 377487375 268435456 201326592",
    ),
    (
        "flink.size=1280m, managed.size=0",
        "134217728 134217728 939524094 0 134217730 0 268435456 201326592",
    ),
    ("flink.size=500m", "refused"),
    (
        "flink.size=2g, task.heap.size=800m",
        "134217728 134217728 838860800 0 181193920 858993472 268435456 268435460",
    ),
    ("flink.size=2g, task.heap.size=800m, network.max=100m", "refused"),
    ("flink.size=2g, task.heap.size=2g", "refused"),
    (
        "task.heap.size=1g, managed.size=512m",
        "134217728 134217728 1073741824 0 208783135 536870912 268435456 261807424",
    ),
    (
        "task.heap.size=1g, managed.size=512m, flink.size=2g",
        "134217728 134217728 1073741824 0 268435456 536870912 268435456 268435460",
    ),
    ("task.heap.size=1g, managed.size=1g, flink.size=2g", "refused"),
    (
        "task.heap.size=1g, managed.size=512m, process.size=3g",
        "134217728 134217728 1073741824 0 208783135 536870912 268435456 864958689",
    ),
    (
        "process.size=4g, task.off-heap.size=256m, framework.heap.size=64m, framework.off-heap.size=64m",
        "67108864 67108864 1395864342 268435456 359703515 1438814063 268435456 429496736",
    ),
    (
        "process.size=4g, network.fraction=0.2, network.min=1g, network.max=1g",
        "134217728 134217728 816043761 0 1073741824 1438814063 268435456 429496736",
    ),
    (
        "process.size=4g, taskmanager.network.numberOfBuffers=3000",
        "134217728 134217728 1791481585 0 98304000 1438814063 268435456 429496736",
    ),
    (
        "process.size=4g, taskmanager.network.memory.max=128m",
        "134217728 134217728 1755567857 0 134217728 1438814063 268435456 429496736",
    ),
    ("process.size=4g, managed.fraction=1.5", "refused"),
    (
        "taskmanager.heap.size=1500m",
        "134217728 134217728 283115513 0 110310196 441240787 268435456 201326592",
    ),
    (
        "taskmanager.heap.mb=1500",
        "134217728 134217728 283115513 0 110310196 441240787 268435456 201326592",
    ),
    ("", "refused"),
)


def read(words: str) -> dict[str, str]:
    pairs = (word.split("=") for word in words.split(", ") if word)
    return {
        key if key.startswith("taskmanager.") else f"taskmanager.memory.{key}": value
        for key, value in pairs
    }


def shown(found: TaskManagerMemory) -> str:
    part = found.inside
    sizes = (
        part.framework_heap,
        part.framework_off_heap,
        part.task_heap,
        part.task_off_heap,
        part.network,
        part.managed,
        found.metaspace,
        found.overhead,
    )
    return " ".join(str(size) for size in sizes)


@pytest.mark.parametrize(("words", "sizes"), RECORDED)
@pytest.mark.row("C-093")
def test_sizes_are_those_that_flink_derives(words: str, sizes: str) -> None:
    if sizes == "refused":
        with pytest.raises(InvalidResource):
            taskmanager_memory(read(words))
    else:
        assert shown(taskmanager_memory(read(words))) == sizes


@given(st.integers(min_value=1024, max_value=500_000))
def test_a_process_size_is_met_to_the_byte(mebibytes: int) -> None:
    found = taskmanager_memory({"taskmanager.memory.process.size": f"{mebibytes}m"})
    assert found.process_mebibytes == mebibytes
    assert found.inside.task_heap >= 0


TOLD = {
    "process.size=440m": "can't hold metaspace (256m) and overhead (192m)",
    "process.size=800m": "leaves 352m for Flink itself, which needs 460.8m",
    "flink.size=2g, task.heap.size=2g": "which needs 3123.2m (framework heap 128m",
    "flink.size=2g, task.heap.size=800m, network.max=100m": "must be between 64m and 100m",
    "process.size=2g, managed.fraction=1.5": "must be at least 0 and below 1",
    "process.size=2g, network.min=2g, network.max=1g": "exceeds taskmanager.memory.network.max",
    "": "no size is given for the taskmanager",
}


@pytest.mark.parametrize(("words", "reason"), TOLD.items())
def test_a_refusal_names_the_key_the_sizes_and_what_to_do(words: str, reason: str) -> None:
    with pytest.raises(InvalidResource) as caught:
        taskmanager_memory(read(words))
    (problem,) = caught.value.problems
    assert problem.path.startswith("spec.flinkConfiguration.taskmanager.memory.")
    assert reason in problem.rule
    assert problem.next_step
