# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What forbids a boost: each rule where everything before it allows one."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.boost import CPU_LIMIT
from ansible_collections.flinkops.flink.plugins.module_utils.core.boost_rules import (
    RULES,
    Surroundings,
    facts,
    why_not,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkDeployment,
    JobManager,
    Resource,
    TaskManager,
)
from support.deployments import deployment, session

KEY = CPU_LIMIT.key
BURSTS = {f"kubernetes.{role}.cpu.limit-factor": "2.5" for role in ("jobmanager", "taskmanager")}
OPEN = Surroundings(can_resize=True, may_resize=True, limits_are_seen=True)
ROOMY = replace(OPEN, free_on_nodes=(Decimal(64),))
SMALL = Resource(memory="1g", cpu=0.2)


def burstable(**conf: str) -> FlinkDeployment:
    """Limits of 0.5 cores and 1 + 2 pods, boosted to 2 cores each."""
    return deployment(
        conf={KEY: "2", **BURSTS, **conf},
        job_manager=JobManager(resource=SMALL),
        task_manager=TaskManager(resource=SMALL),
    )


def guaranteed(**conf: str) -> FlinkDeployment:
    """Requests that are limits, 1 core and 1 + 2 pods, boosted to 2 cores each."""
    return deployment(conf={KEY: "2", **conf})


def refusal(given: FlinkDeployment, around: Surroundings = OPEN) -> str:
    found = why_not(facts(given, base={}, around=around))
    return found.name if found else ""


def with_template(**spec: Any) -> FlinkDeployment:
    given = burstable()
    return replace(given, spec=replace(given.spec, pod_template={"spec": spec}))


def with_policy(resource: str, policy: str) -> FlinkDeployment:
    named = {"resourceName": resource, "restartPolicy": policy}
    return with_template(containers=[{"name": "flink-main-container", "resizePolicy": [named]}])


def quota(**room: str) -> Surroundings:
    names = {"limits": "limits.cpu", "requests": "requests.cpu"}
    return replace(ROOMY, room={names[key]: Decimal(text) for key, text in room.items()})


def test_nothing_is_in_the_way() -> None:
    assert refusal(burstable()) == ""
    assert refusal(guaranteed(), ROOMY) == ""


@pytest.mark.parametrize(
    ("rule", "given", "around"),
    [
        ("no_boost_is_asked_for", deployment(), OPEN),
        ("a_session_cluster_has_no_end_of_its_start", session(conf={KEY: "2"}), OPEN),
        ("no_limit_is_below_the_boost", deployment(conf={KEY: "1"}), OPEN),
        ("the_cluster_can_not_resize", burstable(), replace(OPEN, can_resize=False)),
        ("we_may_not_resize_pods", burstable(), replace(OPEN, may_resize=False)),
        (
            "what_the_namespace_allows_is_not_seen",
            burstable(),
            replace(OPEN, limits_are_seen=False),
        ),
        ("its_pod_template_restarts_on_a_resize", with_policy("cpu", "RestartContainer"), OPEN),
        (
            "its_pod_template_limits_the_whole_pod",
            with_template(resources={"limits": {"cpu": "1"}}),
            OPEN,
        ),
        (
            "flink_counts_the_cpu",
            guaranteed(**{"slotmanager.max-total-resource.cpu": "2"}),
            ROOMY,
        ),
        ("a_limit_range_forbids_it", burstable(), replace(OPEN, most_cpu=Decimal("1.9"))),
        ("a_limit_range_forbids_it", burstable(), replace(OPEN, widest_ratio=Decimal(9))),
        ("a_quota_forbids_it", burstable(), quota(limits="5.9")),
        ("a_quota_forbids_it", guaranteed(), quota(requests="5.9")),
        ("no_node_has_room_for_it", guaranteed(), OPEN),
        ("no_node_has_room_for_it", guaranteed(), replace(OPEN, free_on_nodes=())),
        (
            "no_node_has_room_for_it",
            guaranteed(),
            replace(OPEN, free_on_nodes=(Decimal("3.9"), Decimal("1.9"))),
        ),
    ],
)
def test_a_rule_forbids_it(rule: str, given: FlinkDeployment, around: Surroundings) -> None:
    assert refusal(given, around) == rule


@pytest.mark.parametrize(
    ("given", "around"),
    [
        (with_policy("cpu", "NotRequired"), OPEN),
        (with_policy("memory", "RestartContainer"), OPEN),
        (with_template(resources={"limits": {"memory": "8Gi"}}), OPEN),
        (burstable(**{"slotmanager.max-total-resource.cpu": "2"}), OPEN),
        (burstable(), replace(OPEN, most_cpu=Decimal(2), widest_ratio=Decimal(10))),
        (burstable(), quota(limits="6", requests="0")),
        (guaranteed(), quota(limits="6", requests="6")),
        (guaranteed(), replace(OPEN, free_on_nodes=(Decimal(4), Decimal(2)))),
        (burstable(), replace(OPEN, free_on_nodes=())),
    ],
)
def test_at_its_edge_it_is_allowed(given: FlinkDeployment, around: Surroundings) -> None:
    assert refusal(given, around) == ""


def test_the_pods_of_a_role_that_is_not_raised_need_their_room_too() -> None:
    role = TaskManager(resource=Resource(memory="1g", cpu=3.0))
    given = burstable()
    given = replace(given, spec=replace(given.spec, task_manager=role))
    # 2 TaskManagers of 7.5 cores, and a JobManager of 2.
    assert refusal(given, quota(limits="16.9")) == "a_quota_forbids_it"
    assert refusal(given, quota(limits="17")) == ""


def test_silence_is_no_permission() -> None:
    assert refusal(burstable(), Surroundings()) == "the_cluster_can_not_resize"


def test_every_rule_has_a_name_of_its_own_and_a_message() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)
    assert all(rule.message and not rule.message.endswith(".") for rule in RULES)
