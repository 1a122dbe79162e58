# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)

"""A JobManager's memory, against sizes that Flink 1.20.5 gave for the same configuration."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.memory_jobmanager import (
    JobManagerMemory,
    jobmanager_memory,
)

MIB = 1 << 20

# Configuration; then heap, off-heap, metaspace and overhead in bytes.
RECORDED = (
    ("process.size=1024m", "469762048 134217728 268435456 201326592"),
    ("process.size=1600m", "1073741824 134217728 268435456 201326592"),
    ("process.size=20g", "19998441472 134217728 268435456 1073741824"),
    ("process.size=600m", "25165824 134217728 268435456 201326592"),
    ("process.size=570m", "refused"),
    ("process.size=447m", "refused"),
    ("flink.size=1100m, jvm-metaspace.size=300m", "1019215872 134217728 314572800 201326592"),
    ("flink.size=20g", "21340618752 134217728 268435456 1073741824"),
    ("flink.size=128m", "refused"),
    ("heap.size=1g", "1073741824 134217728 268435456 201326592"),
    ("heap.size=1g, off-heap.size=256m", "1073741824 268435456 268435456 201326592"),
    ("heap.size=1g, flink.size=1500m", "1073741824 499122176 268435456 204588831"),
    ("heap.size=1g, off-heap.size=1m, flink.size=1500m", "refused"),
    ("heap.size=2g, flink.size=1500m", "refused"),
    ("flink.size=1g, process.size=1500m", "939524096 134217728 268435456 230686720"),
    ("flink.size=1g, process.size=1200m", "refused"),
    ("flink.size=1g, process.size=4g", "refused"),
    (
        "process.size=3g, jvm-overhead.fraction=0.25, jvm-overhead.max=700m",
        "2084569088 134217728 268435456 734003200",
    ),
    ("process.size=1g, jvm-overhead.min=300m, jvm-overhead.max=200m", "refused"),
    ("process.size=1g, jvm-overhead.fraction=1", "refused"),
    ("jobmanager.heap.size=900m", "943718400 134217728 268435456 201326592"),
    ("jobmanager.heap.mb=900", "943718400 134217728 268435456 201326592"),
    ("", "refused"),
)


def read(words: str) -> dict[str, str]:
    pairs = (word.split("=") for word in words.split(", ") if word)
    return {
        key if key.startswith("jobmanager.") else f"jobmanager.memory.{key}": value
        for key, value in pairs
    }


def shown(found: JobManagerMemory) -> str:
    return f"{found.heap} {found.off_heap} {found.metaspace} {found.overhead}"


@pytest.mark.parametrize(("words", "sizes"), RECORDED)
@pytest.mark.row("C-093")
def test_sizes_are_those_that_flink_derives(words: str, sizes: str) -> None:
    if sizes == "refused":
        with pytest.raises(InvalidResource):
            jobmanager_memory(read(words))
    else:
        assert shown(jobmanager_memory(read(words))) == sizes


@given(st.integers(min_value=600, max_value=200_000))
def test_a_process_size_is_met_to_the_byte(mebibytes: int) -> None:
    found = jobmanager_memory({"jobmanager.memory.process.size": f"{mebibytes}m"})
    assert found.process_mebibytes == mebibytes
    assert found.heap > 0


@given(st.integers(min_value=129, max_value=200_000))
def test_a_process_is_never_smaller_than_what_is_in_it(mebibytes: int) -> None:
    found = jobmanager_memory({"jobmanager.memory.flink.size": f"{mebibytes}m"})
    assert found.flink == mebibytes * MIB
    assert found.process > found.flink


TOLD = {
    "process.size=447m": "can't hold metaspace (256m) and overhead (192m)",
    "process.size=500m": "leaves 52m for Flink itself, and off-heap memory alone takes 128m",
    "flink.size=1g, process.size=1200m": "is less than Flink's memory (1024m) and metaspace (256m)",
    "": "no size is given for the jobmanager",
    "process.size=1x": "is not a memory size",
}


@pytest.mark.parametrize(("words", "reason"), TOLD.items())
def test_a_refusal_names_the_key_the_sizes_and_what_to_do(words: str, reason: str) -> None:
    with pytest.raises(InvalidResource) as caught:
        jobmanager_memory(read(words))
    (problem,) = caught.value.problems
    assert problem.path == "spec.flinkConfiguration.jobmanager.memory.process.size"
    assert reason in problem.rule
    assert problem.next_step
