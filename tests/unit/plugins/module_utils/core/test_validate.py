"""Each rule by name: one resource (or more) that breaks it, and it alone."""

# ruff: noqa: E501 - a table is read line by line

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core.config import effective
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.validate import RULES, validate
from ansible_collections.flinkops.flink.plugins.module_utils.core.validate_memory import NAMES
from ansible_collections.flinkops.flink.plugins.module_utils.core.validate_rule import BrokenRule

ROOT = Path(__file__).parents[5]
FILES = [
    *sorted((ROOT / "tests" / "golden").glob("*/cr.yaml")),
    *sorted((ROOT / "config" / "samples").glob("*.yaml")),
]
CONF = "spec.flinkConfiguration"
OP = "kubernetes.operator"
HA = {"high-availability.type": "kubernetes", "high-availability.storageDir": "s3://b/ha"}
DIRS = {"state.checkpoints.dir": "s3://b/c", "state.savepoints.dir": "s3://b/s"}
AUTO = {"job.autoscaler.enabled": "true"}
WATCHED = {"kubernetes.operator.cluster.health-check.enabled": "true"}


def a_spec() -> dict[str, Any]:
    return {
        "flinkVersion": "v1_20",
        "serviceAccount": "flink",
        "jobManager": {"resource": {"memory": "1600m", "cpu": 0.5}},
        "taskManager": {"resource": {"memory": "2g", "cpu": 1}},
        "job": {"jarURI": "local:///j.jar", "parallelism": 2},
    }


def merged(base: dict[str, Any], change: dict[str, Any]) -> dict[str, Any]:
    """Merge the change in; a None takes the field out."""
    out = dict(base)
    for name, value in change.items():
        if value is None:
            out.pop(name, None)
        elif isinstance(value, dict) and isinstance(out.get(name), dict):
            out[name] = merged(out[name], value)
        else:
            out[name] = value
    return out


def broken(change: dict[str, Any], name: str = "app") -> list[BrokenRule]:
    deployment = parse(
        {
            "apiVersion": "flink.apache.org/v1beta1",
            "kind": "FlinkDeployment",
            "metadata": {"name": name},
            "spec": merged(a_spec(), change),
        }
    )
    return list(validate(deployment, effective=deployment.spec.flink_configuration))


def conf(*settings: dict[str, Any], **more: Any) -> dict[str, Any]:
    return {"flinkConfiguration": {k: v for each in settings for k, v in each.items()}, **more}


def resources(requests: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    newer = {"requests": requests, "limits": limits}
    return {"taskManager": {"resources": newer}}


V2 = {"flinkVersion": "v2_1"}
BAD: list[tuple[str, str, dict[str, Any]]] = [
    ("a_flink_version_is_needed", "spec.flinkVersion", {"flinkVersion": None}),
    ("this_flink_version_is_no_longer_served", "spec.flinkVersion", {"flinkVersion": "v1_14", "job": {"jarURI": "local:///j"}}),
    ("a_service_account_is_needed", "spec.serviceAccount", {"serviceAccount": None}),
    ("a_service_account_is_needed", "spec.serviceAccount", {"serviceAccount": ""}),
    ("this_key_is_set_from_the_resource", f"{CONF}.kubernetes.namespace", conf({"kubernetes": {"namespace": "x"}})),
    ("this_key_is_set_from_the_resource", f"{CONF}.kubernetes.cluster-id", conf({"kubernetes.cluster-id": "x"})),
    ("this_key_is_set_from_the_resource", f"{CONF}.high-availability.cluster-id", conf({"high-availability": {"cluster-id": "x"}})),
    ("a_key_holds_a_value_or_further_keys", f"{CONF}.a.b", conf({"a.b": 1, "a.b.c": 2}, **V2)),
    ("a_key_holds_a_value_or_further_keys", f"{CONF}.high-availability", conf({"high-availability": "NONE", "high-availability.storageDir": "x"}, **V2)),
    ("rollback_needs_high_availability", f"{CONF}.{OP}.deployment.rollback.enabled", conf({f"{OP}.deployment.rollback.enabled": True})),
    ("health_checks_need_jobmanager_recovery", f"{CONF}.{OP}.cluster.health-check.enabled", conf({f"{OP}.cluster.health-check.enabled": True, f"{OP}.jm-deployment-recovery.enabled": False})),
    ("a_health_check_is_on_or_off", f"{CONF}.{OP}.cluster.health-check.enabled", conf({f"{OP}.cluster.health-check.enabled": "perhaps"})),
    ("checkpoint_progress_is_watched_or_not", f"{CONF}.{OP}.cluster.health-check.checkpoint-progress.enabled", conf(WATCHED, {f"{OP}.cluster.health-check.checkpoint-progress.enabled": 1})),
    ("a_threshold_of_restarts_is_a_count", f"{CONF}.{OP}.cluster.health-check.restarts.threshold", conf(WATCHED, {f"{OP}.cluster.health-check.restarts.threshold": -1})),
    ("a_threshold_of_restarts_is_a_count", f"{CONF}.{OP}.cluster.health-check.restarts.threshold", conf(WATCHED, {f"{OP}.cluster.health-check.restarts.threshold": "many"})),
    ("a_window_of_the_health_check_has_a_length", f"{CONF}.{OP}.cluster.health-check.restarts.window", conf(WATCHED, {f"{OP}.cluster.health-check.restarts.window": 0})),
    ("a_window_of_the_health_check_has_a_length", f"{CONF}.{OP}.cluster.health-check.checkpoint-progress.window", conf(WATCHED, {f"{OP}.cluster.health-check.checkpoint-progress.window": "2 moons"})),
    ("an_ingress_needs_a_template", "spec.ingress.template", {"ingress": {"className": "nginx"}}),
    ("an_ingress_template_must_give_a_url", "spec.ingress.template", {"ingress": {"template": "{{name}}.{{cluster}}.example.com"}}),
    ("only_two_log_files_are_read", "spec.logConfiguration.log4j.properties", {"logConfiguration": {"log4j.properties": ""}}),
    ("a_job_needs_a_parallelism", "spec.job.parallelism", {"job": {"parallelism": None}}),
    ("a_job_needs_a_parallelism", "spec.job.parallelism", {"job": {"parallelism": 0}}),
    ("keeping_state_needs_a_checkpoint_dir", "spec.job.upgradeMode", {"job": {"upgradeMode": "last-state"}}),
    ("savepoint_upgrades_need_a_savepoint_dir", "spec.job.upgradeMode", conf({"state.checkpoints.dir": "x"}, job={"upgradeMode": "savepoint"})),
    ("a_triggered_savepoint_needs_a_savepoint_dir", "spec.job.savepointTriggerNonce", {"job": {"savepointTriggerNonce": 1}}),
    ("periodic_savepoints_need_a_savepoint_dir", f"{CONF}.{OP}.periodic.savepoint.interval", conf({f"{OP}.periodic.savepoint.interval": "1h"})),
    ("a_checkpoint_age_limit_needs_a_savepoint_dir", f"{CONF}.{OP}.job.upgrade.last-state.max.allowed.checkpoint.age", conf({f"{OP}.job.upgrade.last-state.max.allowed.checkpoint.age": "1h"})),
    ("a_native_job_runs_from_one_jar", "spec.job.jarURI", {"job": {"jarURI": None}}),
    ("a_native_job_runs_from_one_jar", "spec.job.jarURI", conf({"pipeline.jars": "local:///a;local:///b"}, job={"jarURI": None})),
    ("a_jar_uri_must_be_a_uri", "spec.job.jarURI", {"job": {"jarURI": "local:///my job.jar"}}),
    ("a_jar_uri_needs_a_scheme", "spec.job.jarURI", {"job": {"jarURI": "job.jar"}}),
    ("a_jar_uri_needs_a_scheme", "spec.job.jarURI", {"mode": "standalone", "job": {"jarURI": "/job.jar"}}),
    ("before_flink_1_19_the_jar_is_in_the_image", "spec.job.jarURI", {"flinkVersion": "v1_18", "job": {"jarURI": "https://h/j.jar"}}),
    ("a_local_jar_uri_names_no_host", "spec.job.jarURI", {"job": {"jarURI": "local://opt/flink/j.jar"}}),
    ("at_least_one_jobmanager", "spec.jobManager.replicas", {"jobManager": {"replicas": 0}}),
    ("standby_jobmanagers_need_high_availability", "spec.jobManager.replicas", {"jobManager": {"replicas": 2}}),
    ("at_least_one_taskmanager_where_they_are_counted", "spec.taskManager.replicas", {"taskManager": {"replicas": 0}}),
    ("the_jobmanager_needs_a_size", "spec.jobManager.resource.memory", {"jobManager": None}),
    ("the_taskmanager_needs_a_size", "spec.taskManager.resource.memory", {"taskManager": {"resource": {"memory": None}}}),
    ("the_taskmanager_needs_a_size", "spec.taskManager.resource.memory", conf({"taskmanager.memory.managed.size": "1g"}, taskManager=None)),
    ("the_jobmanager_must_fit_its_memory", "spec.jobManager.resource.memory", {"jobManager": {"resource": {"memory": "300m"}}}),
    ("the_jobmanager_must_fit_its_memory", f"{CONF}.jobmanager.memory.flink.size", conf({"jobmanager.memory.flink.size": "100m"}, jobManager=None)),
    ("the_taskmanager_must_fit_its_memory", "spec.taskManager.resource.memory", {"taskManager": {"resource": {"memory": "400m"}}}),
    ("a_size_must_be_readable", "spec.jobManager.resource.memory", {"jobManager": {"resource": {"memory": "2x"}}}),
    ("a_size_must_be_readable", "spec.taskManager.resource.ephemeralStorage", {"taskManager": {"resource": {"ephemeralStorage": "much"}}}),
    ("some_cpu_is_needed", "spec.jobManager.resource.cpu", {"jobManager": {"resource": {"cpu": 0}}}),
    ("a_quantity_must_be_readable", "spec.taskManager.resources.limits.memory", resources({}, {"memory": "2gb"})),
    ("a_quantity_must_be_large_enough", "spec.taskManager.resources.requests.cpu", resources({"cpu": 0}, {})),
    ("a_quantity_must_be_large_enough", "spec.taskManager.resources.requests.ephemeral-storage", resources({"ephemeral-storage": "-1"}, {})),
    ("a_request_is_within_its_limit", "spec.taskManager.resources.requests.memory", resources({"memory": "2Gi"}, {"memory": "2G"})),
    ("an_autoscaler_setting_is_within_its_range", f"{CONF}.job.autoscaler.utilization.target", conf(AUTO, {"job.autoscaler.utilization.target": 1.1})),
    ("an_autoscaler_setting_is_within_its_range", f"{CONF}.job.autoscaler.scale-down.max-factor", conf(AUTO, {"job.autoscaler.scale-down.max-factor": "-1"})),
    ("an_autoscaler_setting_is_within_its_range", f"{CONF}.job.autoscaler.memory.tuning.overhead", conf(AUTO, {"job.autoscaler.memory.tuning.overhead": "x", "job.autoscaler.memory.tuning.enabled": True})),
    ("utilization_bounds_enclose_the_target", f"{CONF}.job.autoscaler.utilization.max", conf(AUTO, {"job.autoscaler.utilization.max": 0.6})),
    ("utilization_bounds_enclose_the_target", f"{CONF}.job.autoscaler.utilization.min", conf(AUTO, {"job.autoscaler.utilization.min": 0.8})),
    ("the_metrics_window_is_at_least_one_turn", f"{CONF}.job.autoscaler.metrics.window", conf(AUTO, {"job.autoscaler.metrics.window": "10 s"})),
    ("the_metrics_window_is_at_least_one_turn", f"{CONF}.job.autoscaler.metrics.window", conf(AUTO, {"job.autoscaler.metrics.window": "long"})),
    ("an_excluded_period_must_be_readable", f"{CONF}.job.autoscaler.excluded.periods", conf(AUTO, {"job.autoscaler.excluded.periods": "11:00:00-9:00:00"})),
    ("an_excluded_period_must_be_readable", f"{CONF}.job.autoscaler.excluded.periods", conf(AUTO, {"job.autoscaler.excluded.periods": "* * 9-11 * * ?; * *"})),
    ("a_period_must_be_readable", f"{CONF}.{OP}.periodic.checkpoint.interval", conf({f"{OP}.periodic.checkpoint.interval": "0 3 * * *"})),
    ("a_period_must_be_readable", f"{CONF}.{OP}.periodic.savepoint.interval", conf(DIRS, {f"{OP}.periodic.savepoint.interval": "0 0 3 * * *"})),
    ("a_period_must_be_readable", f"{CONF}.{OP}.periodic.savepoint.interval", conf(DIRS, {f"{OP}.periodic.savepoint.interval": "0 0 3 30 2 ?"})),
    ("a_snapshots_time_must_be_readable", f"{CONF}.{OP}.savepoint.history.max.age", conf({f"{OP}.savepoint.history.max.age": "a day"})),
    ("a_snapshots_time_must_be_readable", f"{CONF}.execution.checkpointing.timeout", conf({"execution.checkpointing.timeout": "-PT1M"})),
    ("a_number_of_savepoints_must_be_readable", f"{CONF}.{OP}.savepoint.history.max.count", conf({f"{OP}.savepoint.history.max.count": "ten"})),
    ("a_savepoint_has_one_of_two_forms", f"{CONF}.{OP}.savepoint.format.type", conf({f"{OP}.savepoint.format.type": "ROCKS"})),
    ("a_checkpoint_on_demand_has_one_of_two_forms", f"{CONF}.{OP}.checkpoint.type", conf({f"{OP}.checkpoint.type": "HALF"})),
    ("checkpoints_on_demand_need_flink_1_17", f"{CONF}.{OP}.periodic.checkpoint.interval", conf({f"{OP}.periodic.checkpoint.interval": "1 h"}, flinkVersion="v1_16", job={"jarURI": "local:///j"})),
]  # fmt: skip

GOOD: list[dict[str, Any]] = [
    {},
    {"job": None},
    {"taskManager": {"replicas": 1}, "job": {"parallelism": None}},
    {"job": {"jarURI": None, "entryClass": "org.apache.flink.client.python.PythonDriver"}},
    {"job": {"jarURI": None, "args": ["-py", "/job.py"]}},
    {"job": {"jarURI": "/in/the/image.jar"}},
    {"job": {"jarURI": "https://h/my%20job.jar"}},
    {"mode": "standalone", "job": {"jarURI": None}},
    conf({"a.b": 1, "a.b.c": 2}),
    conf({f"{OP}.x": 1, f"{OP}.x.y": 2}, **V2),
    conf(HA, {f"{OP}.deployment.rollback.enabled": True}, jobManager={"replicas": 2}),
    conf({"high-availability": "ZOOKEEPER"}, jobManager={"replicas": 2}),
    conf({f"{OP}.cluster.health-check.enabled": True}),
    conf({f"{OP}.cluster.health-check.restarts.threshold": "many"}),
    conf(WATCHED, {f"{OP}.cluster.health-check.restarts.threshold": 0, f"{OP}.cluster.health-check.restarts.window": "30 s"}),
    conf(DIRS, {f"{OP}.periodic.savepoint.interval": "1h"}, job={"upgradeMode": "savepoint"}),
    conf({"execution.checkpointing.dir": "x"}, job={"upgradeMode": "last-state"}),
    conf(DIRS, {f"{OP}.periodic.savepoint.interval": "0 0 3 ? * MON-FRI", f"{OP}.periodic.checkpoint.interval": "0"}),
    conf({f"{OP}.savepoint.history.max.age": "1 d", f"{OP}.savepoint.history.max.count": 3, f"{OP}.savepoint.format.type": "native", f"{OP}.checkpoint.type": "INCREMENTAL"}),
    conf({"job.autoscaler.utilization.target": 7}),
    conf(AUTO, {"job.autoscaler.memory.tuning.overhead": 7}),
    conf(AUTO, {"job.autoscaler.excluded.periods": "* * 9-11 * * ?; 9:30:00-10:00:00 && * * * ? * 2,5"}),
    conf({"jobmanager.memory.process.size": "1g", "taskmanager.memory.process.size": "1g"}, jobManager=None, taskManager=None),
    conf({"taskmanager.memory.task.heap.size": "1g", "taskmanager.memory.managed.size": "1g"}, taskManager=None),
    {"jobManager": {"resource": {"memory": "2Gi"}}, "taskManager": {"resource": {"memory": "1 gb"}}},
    resources({"memory": "2Gi", "cpu": "500m"}, {"memory": "2Gi", "cpu": 1, "nvidia.com/gpu": 0}),
    {"ingress": {"template": "{{name}}.{{namespace}}.example.com/ui(/|$)(.*)"}},
    {"ingress": {"template": "/{{namespace}}/{{name}}(/|$)(.*)"}},
]  # fmt: skip


@pytest.mark.row("C-107")
@pytest.mark.parametrize(("name", "path", "change"), BAD, ids=lambda v: str(v)[:70])
def test_each_rule_is_told_by_its_name_and_alone(
    name: str, path: str, change: dict[str, Any]
) -> None:
    found = broken(change)
    assert [(rule.name, rule.path) for rule in found] == [(name, path)]
    assert found[0].rule
    assert found[0].next_step


BAD_NAMES = ["App", "1app", "app-", "app.x", "a" * 46]


@pytest.mark.row("C-107")
@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_flink_cannot_build_on_is_refused(name: str) -> None:
    assert [rule.name for rule in broken({}, name)] == ["the_name_must_suit_what_is_made_from_it"]


@pytest.mark.parametrize("name", ["a", "a1", "a-b", "a" * 45])
def test_a_name_that_suits_is_taken(name: str) -> None:
    assert broken({}, name) == []


def test_every_rule_was_broken_once() -> None:
    names = {name for name, _, _ in BAD} | {"the_name_must_suit_what_is_made_from_it"}
    assert {rule.name for rule in RULES} | {*NAMES} == names


def test_a_rules_name_is_its_own() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("change", GOOD, ids=str)
def test_what_is_legal_breaks_nothing(change: dict[str, Any]) -> None:
    assert broken(change) == []


def test_all_broken_rules_are_told_not_just_the_first() -> None:
    change = {"serviceAccount": None, "flinkVersion": None, "job": {"parallelism": 0}}
    assert len(broken(change)) == 3


@pytest.mark.row("C-136")
@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.stem}")
def test_golden_resources_and_samples_break_nothing(file: Path) -> None:
    for cr in yaml.safe_load_all(file.read_text()):
        if cr["kind"] == "FlinkDeployment":
            deployment = parse(cr)
            assert validate(deployment, effective=effective(deployment, base={})) == ()


def test_a_default_of_the_platform_can_put_it_right() -> None:
    deployment = parse(
        {
            "apiVersion": "flink.apache.org/v1beta1",
            "kind": "FlinkDeployment",
            "metadata": {"name": "app"},
            "spec": merged(a_spec(), {"job": {"upgradeMode": "savepoint"}}),
        }
    )
    assert len(validate(deployment, effective={})) == 2
    assert validate(deployment, effective=DIRS) == ()


def test_secrets_are_never_shown() -> None:
    found = broken(conf(AUTO, {"job.autoscaler.excluded.periods": "password=hunter2"}))
    assert "hunter2" not in "".join(map(str, found))
    assert "***" in str(found[0])
