# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""How big a cluster is: the contract's figures, and nothing where they can't be worked out."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.size import Size, size_of
from support import golden, looks


@pytest.mark.row("C-026")
@pytest.mark.parametrize(
    ("state", "cpu", "memory"),
    [("stable-savepoint-ha", "0.7", "2147483648"), ("stable-stateless", "0.7", "2147483648")],
)
def test_cpu_and_memory_are_those_that_the_contract_tells(
    state: str, cpu: str, memory: str
) -> None:
    stored = golden.deployment(state)
    told = stored["status"]["clusterInfo"]
    assert (told["total-cpu"], told["total-memory"]) == (cpu, memory)
    assert size_of(looks.wanted(stored)).info == {"total-cpu": cpu, "total-memory": memory}


@pytest.mark.parametrize(
    ("parallelism", "slots", "taskmanagers"), [(1, "2", 1), (2, "2", 1), (3, "2", 2), (4, "1", 4)]
)
def test_taskmanagers_are_as_many_as_the_parallelism_needs(
    parallelism: int, slots: str, taskmanagers: int
) -> None:
    cr = looks.definition(parallelism=parallelism)
    cr["spec"]["flinkConfiguration"]["taskmanager.numberOfTaskSlots"] = slots
    assert size_of(looks.wanted(cr)).taskmanagers == taskmanagers


def test_what_breaks_rules_has_no_size() -> None:
    assert size_of(None) == Size()
    assert size_of(looks.wanted(jarURI=None, parallelism=-3)) == Size()


def test_without_a_process_size_the_cpu_alone_is_told() -> None:
    wanted = looks.wanted()
    conf = {k: v for k, v in wanted.configuration.items() if not k.endswith("process.size")}
    assert size_of(replace(wanted, configuration=conf)).info == {"total-cpu": "1.5"}
