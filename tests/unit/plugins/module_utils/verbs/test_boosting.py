# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A boosted start, turn by turn, against a cluster in memory: more CPU, then the spec's own."""

from __future__ import annotations

from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.boost import CPU_LIMIT
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.verbs import cluster
from support.driver import NAMED, Driver, assert_settled, driver, stateful, status
from support.lifecycle_world import edit_spec, kills_taskmanager, pods
from support.world import World

KEY = CPU_LIMIT.key
RESIZE = "merge Pod/"


def boosted(**changes: Any) -> dict[str, Any]:
    cr = stateful()
    cr["spec"]["flinkConfiguration"] |= {
        KEY: "4",
        "kubernetes.jobmanager.cpu.limit-factor": "2",
        "kubernetes.taskmanager.cpu.limit-factor": "2",
        **changes,
    }
    return cr


def limits(world: World) -> dict[str, str]:
    return {
        pod["metadata"]["labels"]["component"]: _limit(pod)
        for pod in (*pods(world, "jobmanager"), *pods(world, "taskmanager"))
    }


def _limit(pod: dict[str, Any]) -> str:
    return str(pod["spec"]["containers"][-1]["resources"]["limits"]["cpu"])


def template_limit(world: World) -> str:
    return _limit(world.objects["Deployment", "default", "app"]["spec"]["template"])


def resizes(of: Driver) -> list[str]:
    return [write for write in of.world.writes if write.startswith(RESIZE)]


def test_pods_start_with_more_and_end_with_the_specs_own() -> None:
    found = driver(boosted())
    assert found.deploy().because == "the_job_runs"
    assert template_limit(found.world) == "4"
    assert limits(found.world) == {"jobmanager": "1", "taskmanager": "2"}
    assert len(resizes(found)) == 2
    assert status(found)["boost"] == {"cpuLimit": "4"}
    assert_settled(found)
    assert len(resizes(found)) == 2


def test_without_the_key_nothing_of_it_is_asked_written_or_told() -> None:
    found = driver(stateful())
    found.deploy()
    assert template_limit(found.world) == "500m"
    assert resizes(found) == []
    assert "boost" not in status(found)


def test_where_the_cluster_can_not_the_start_is_plain_and_says_why() -> None:
    found = driver(boosted(), can_resize=False)
    found.deploy()
    assert template_limit(found.world) == "1"
    assert status(found)["boost"]["rule"] == "the_cluster_can_not_resize"
    assert_settled(found)
    assert resizes(found) == []


def test_a_quota_without_room_makes_it_a_plain_start() -> None:
    found = driver(boosted())
    quota = {"spec": {"hard": {"limits.cpu": "5"}}, "status": {"used": {"limits.cpu": "0"}}}
    metadata = {"name": "small", "namespace": "default"}
    found.world.put({"apiVersion": "v1", "kind": "ResourceQuota", "metadata": metadata, **quota})
    found.deploy()
    assert status(found)["boost"]["rule"] == "a_quota_forbids_it"
    assert limits(found.world) == {"jobmanager": "1", "taskmanager": "2.0"}


def test_a_resize_that_is_refused_is_told_once_and_nothing_waits_for_it() -> None:
    found = driver(boosted(), refuses_resize=True)
    assert found.deploy().because == "the_job_runs"
    told = status(found)["boost"]
    assert told["rule"] == "we_may_not_resize_pods"
    assert len(told["pods"]) == 2
    assert limits(found.world) == {"jobmanager": "4", "taskmanager": "4.0"}
    assert_settled(found)


def test_a_taskmanager_that_is_made_later_is_resized_by_a_turn_of_its_own() -> None:
    found = driver(boosted())
    found.deploy()
    kills_taskmanager(found.world)
    found.deploy()
    assert limits(found.world) == {"jobmanager": "1", "taskmanager": "2"}
    assert len(resizes(found)) == 3
    assert_settled(found)


def test_an_upgrade_is_boosted_anew_and_a_key_alone_restarts_nothing() -> None:
    found = driver(boosted())
    found.deploy()
    edit_spec(found.world, flinkConfiguration={KEY: "6"})
    found.deploy()
    assert (template_limit(found.world), len(resizes(found))) == ("4", 2)
    assert status(found)["boost"] == {"cpuLimit": "4"}
    edit_spec(found.world, job={"parallelism": 1})
    found.deploy()
    assert (template_limit(found.world), len(resizes(found))) == ("6", 4)
    assert limits(found.world) == {"jobmanager": "1", "taskmanager": "2"}
    assert_settled(found)


@pytest.mark.parametrize("lost", [True, False])
def test_what_is_missing_is_made_again_as_the_start_was_unless_nobody_knows(lost: bool) -> None:
    found = driver(boosted())
    found.deploy()
    del found.world.objects["ConfigMap", "default", "flink-config-app"]
    if lost:
        del status(found)["boost"]
    found.deploy()
    text = found.world.objects["ConfigMap", "default", "flink-config-app"]["data"][
        "flink-conf.yaml"
    ]
    factor = next(line for line in text.splitlines() if "taskmanager.cpu.limit-factor" in line)
    assert factor.endswith("2" if lost else "4.0")


def test_check_mode_resizes_nothing() -> None:
    found = driver(boosted())
    found.deploy()
    kills_taskmanager(found.world)
    params = {**NAMED, "move": Move.RESIZE_PODS.value}
    writes = len(found.world.writes)
    assert cluster.moved(cast("Api", found.world), params, check_mode=True)["changed"]
    assert len(found.world.writes) == writes
    assert cluster.moved(cast("Api", found.world), params, check_mode=False)["changed"]
    assert not cluster.moved(cast("Api", found.world), params, check_mode=False)["changed"]
