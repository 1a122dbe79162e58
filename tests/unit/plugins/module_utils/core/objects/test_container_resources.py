# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Requests and limits of the main container."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.objects import (
    container_resources,
)

requirements = container_resources.requirements

CPU = "kubernetes.jobmanager.cpu.limit-factor"
MEMORY = "kubernetes.jobmanager.memory.limit-factor"


@pytest.mark.row("C-091")
def test_limits_are_requests_times_their_factor() -> None:
    conf = {"kubernetes.jobmanager.cpu.amount": "0.1", CPU: "3", MEMORY: "1.3"}
    found = requirements(conf, None, role="jobmanager", mebibytes=1024)
    assert found == {
        "requests": {"memory": "1Gi", "cpu": "100m"},
        "limits": {"memory": "1331Mi", "cpu": "300000001n"},
    }


@pytest.mark.row("C-094")
def test_everything_else_of_the_template_stays() -> None:
    given = {"claims": [{"name": "c"}], "limits": {"gpu": "1", "cpu": "9"}}
    found = requirements({}, given, role="jobmanager", mebibytes=512)
    assert found["claims"] == [{"name": "c"}]
    assert found["limits"] == {"gpu": "1", "memory": "512Mi", "cpu": "1"}


@pytest.mark.parametrize("key", [CPU, MEMORY])
def test_a_limit_below_the_request_is_refused(key: str) -> None:
    with pytest.raises(InvalidResource, match=f"{key}: must be at least 1"):
        requirements({key: "0.9"}, None, role="jobmanager", mebibytes=1)
