# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What a status says of a start's boost, and what follows from it; it may be lost or nonsense."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.boost import CPU_LIMIT
from ansible_collections.flinkops.flink.plugins.module_utils.core.boost_rules import Surroundings
from ansible_collections.flinkops.flink.plugins.module_utils.core.boost_status import (
    Boost,
    announced,
    as_started,
    asked,
    boost_of,
    pods_to_resize,
    with_refused,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkDeployment,
    JobManager,
    Resource,
    TaskManager,
)
from support.deployments import deployment, made, main

KEY = CPU_LIMIT.key
SMALL = Resource(memory="1g", cpu=0.2)
BURSTS = {
    "kubernetes.jobmanager.cpu.limit-factor": "2.5",
    "kubernetes.taskmanager.cpu.limit-factor": "2.5",
}
ALLOWED = Surroundings(can_resize=True, may_resize=True, limits_are_seen=True)
BOOSTED = {"cpuLimit": "2"}


def small(limit: str | None = "2") -> FlinkDeployment:
    conf = {**BURSTS, **({KEY: limit} if limit else {})}
    roles = {
        "job_manager": JobManager(resource=SMALL),
        "task_manager": TaskManager(resource=SMALL),
    }
    return deployment(conf=conf, **roles)


def told(given: FlinkDeployment, around: Surroundings = ALLOWED, **base: str) -> Any:
    found = replace(asked(given, base=base), around=around)
    status = {"rule": "r", "boost": {"cpuLimit": "9"}}
    return announced(status, given, found, base=base).get("boost")


def limit(given: FlinkDeployment) -> str:
    return str(main(made(given).deployments[0])["resources"]["limits"]["cpu"])


def a_pod(name: str = "app-1", cpu: str = "2") -> dict[str, Any]:
    resources = {"requests": {"cpu": "200m"}, "limits": {"cpu": cpu}}
    return {
        "metadata": {
            "name": name,
            "namespace": "ns",
            "uid": "u1",
            "labels": {"component": "taskmanager"},
        },
        "spec": {"containers": [{"name": "flink-main-container", "resources": resources}]},
        "status": {"phase": "Running"},
    }


def names(status: dict[str, Any], given: FlinkDeployment, *pods: dict[str, Any]) -> list[str]:
    return [one.pod for one in pods_to_resize(pods, given, status, base={})]


def test_a_start_says_with_what_its_pods_begin() -> None:
    assert told(small()) == BOOSTED


def test_a_platforms_key_is_told_as_well() -> None:
    assert told(small(None), ALLOWED, **{KEY: " 1500m "}) == {"cpuLimit": "1500m"}


def test_a_start_that_asked_for_none_says_nothing_of_it() -> None:
    assert told(small(None)) is None


def test_a_start_that_may_not_be_boosted_says_why() -> None:
    refused = told(small(), Surroundings())
    assert refused["rule"] == "the_cluster_can_not_resize"
    assert "pods/resize" in refused["message"]
    assert "cpuLimit" not in refused


def test_other_fields_of_the_status_stay() -> None:
    assert announced({"rule": "r"}, small(), asked(small(), base={}), base={})["rule"] == "r"


@pytest.mark.parametrize(
    ("status", "expected"),
    [({"boost": BOOSTED}, "2"), ({"boost": {"cpuLimit": "3"}}, "3"), ({}, "500m")],
)
def test_a_start_is_made_as_its_status_says(status: dict[str, Any], expected: str) -> None:
    assert limit(as_started(small(), status, base={})) == expected
    assert limit(as_started(small(None), status, base={})) == expected


@pytest.mark.parametrize("nonsense", [None, "2", 7, [], {"cpuLimit": None, "pods": "all"}])
def test_nonsense_is_no_boost(nonsense: Any) -> None:
    found = boost_of({"boost": nonsense})
    assert (found.cpu_limit, found.refused) == ("", frozenset())
    assert as_started(small(), {"boost": nonsense}, base={}) == small()


def test_pods_with_what_they_began_with_are_to_be_resized() -> None:
    assert names({"boost": BOOSTED}, small(), a_pod(), a_pod("app-2", "500m")) == ["app-1"]


def test_what_they_began_with_counts_and_not_a_key_that_changed_since() -> None:
    assert names({"boost": BOOSTED}, small("3"), a_pod()) == ["app-1"]
    assert names({"boost": BOOSTED}, small(None), a_pod()) == ["app-1"]
    assert names({"boost": {"cpuLimit": "3"}}, small(), a_pod()) == []


def test_a_lost_status_leaves_the_key_to_tell() -> None:
    assert names({}, small(), a_pod()) == ["app-1"]
    assert names({}, small(None), a_pod()) == []


def test_of_a_plain_start_nothing_is_resized() -> None:
    assert names({"boost": {"rule": "a_quota_forbids_it"}}, small(), a_pod()) == []


def test_a_limit_in_the_status_that_is_none_resizes_nothing() -> None:
    assert names({"boost": {"cpuLimit": "much"}}, small(), a_pod()) == []


def test_a_pod_that_could_not_be_resized_is_not_asked_again_and_one_made_later_is() -> None:
    status = with_refused({"boost": BOOSTED}, "we_may_not_resize_pods", "403", ["app-1"])
    assert status["boost"] == {
        "cpuLimit": "2",
        "rule": "we_may_not_resize_pods",
        "message": "403",
        "pods": ["app-1"],
    }
    assert boost_of(status) == Boost(cpu_limit="2", is_told=True, refused=frozenset({"app-1"}))
    assert names(status, small(), a_pod(), a_pod("app-2")) == ["app-2"]
    again = with_refused(status, "we_may_not_resize_pods", "403", ["app-2"])
    assert again["boost"]["pods"] == ["app-1", "app-2"]
