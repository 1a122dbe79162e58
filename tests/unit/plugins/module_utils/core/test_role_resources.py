# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a role asks for, in both forms."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.role_resources import Asked, asked
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    JobManager,
    Resource,
    Resources,
)


def old(**fields: Any) -> Asked:
    return asked(JobManager(resource=Resource(**fields)), "jobManager")


def new(**fields: Any) -> Asked:
    role = JobManager(resource=Resource(memory="9g", cpu=9), resources=Resources(**fields))
    return asked(role, "jobManager")


def test_nothing_given_asks_for_nothing() -> None:
    assert asked(JobManager(), "jobManager") == Asked()


@pytest.mark.row("C-091")
def test_the_older_form_asks_for_memory_cpu_and_storage() -> None:
    found = old(memory="2048m", cpu=0.5, ephemeral_storage="2Gi")
    storage = {"ephemeral-storage": "2Gi"}
    assert found == Asked(memory="2 gb", cpu=0.5, others={"limits": storage, "requests": storage})


@pytest.mark.row("C-091")
def test_the_newer_form_wins_where_it_holds_anything() -> None:
    found = new(requests={"memory": "2Gi", "cpu": "500m"})
    assert (found.memory, found.cpu) == (str(2 << 30), 0.5)
    assert old(memory="9g", cpu=9.0) == new()


@pytest.mark.row("C-091")
def test_limits_become_factors_only_beside_requests() -> None:
    both = new(requests={"memory": "1Gi", "cpu": "500m"}, limits={"memory": "1536Mi", "cpu": "2"})
    assert (both.memory_limit_factor, both.cpu_limit_factor) == (1.5, 4.0)
    alone = new(limits={"memory": "1Gi", "cpu": "2"})
    assert (alone.memory, alone.cpu) == (str(1 << 30), 2.0)
    assert (alone.memory_limit_factor, alone.cpu_limit_factor) == (None, None)


@given(st.integers(min_value=1, max_value=100_000), st.integers(min_value=0, max_value=100_000))
def test_a_memory_limit_survives_its_factor(request: int, more: int) -> None:
    limit = request + more
    found = new(requests={"memory": f"{request}Mi"}, limits={"memory": f"{limit}Mi"})
    assert found.memory_limit_factor is not None
    assert int(request * found.memory_limit_factor) == limit


@pytest.mark.row("C-094")
def test_everything_else_goes_to_the_container_as_it_is() -> None:
    found = new(
        requests={"memory": "1Gi", "nvidia.com/gpu": "1"},
        limits={"nvidia.com/gpu": "1", "ephemeral-storage": "3Gi"},
        claims=({"name": "c"},),
    )
    assert found.others == {
        "requests": {"nvidia.com/gpu": "1"},
        "limits": {"nvidia.com/gpu": "1", "ephemeral-storage": "3Gi"},
        "claims": [{"name": "c"}],
    }


def test_bad_amounts_name_their_field() -> None:
    with pytest.raises(InvalidResource, match=r"^spec.jobManager.resource.memory: .*found much"):
        old(memory="much")
    with pytest.raises(InvalidResource, match=r"^spec.jobManager.resources.limits.cpu: "):
        new(limits={"cpu": "many"})
