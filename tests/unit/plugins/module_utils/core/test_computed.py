# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Keys that follow from the other fields."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.config import effective
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkDeployment,
    FlinkVersion,
    Job,
    JobManager,
    Mode,
    Resource,
    Resources,
    TaskManager,
    UpgradeMode,
)
from support.deployments import SPEC, deployment, session

JOB = SPEC.job or Job()


def conf_of(given: FlinkDeployment) -> dict[str, str]:
    return effective(given, base={})


@pytest.mark.parametrize(
    "key",
    [
        "web.cancel.enable",
        "kubernetes.rest-service.exposed.type",
        "execution.submit-failed-job-on-application-error",
        "pipeline.name",
        "execution.checkpointing.externalized-checkpoint-retention",
    ],
)
def test_a_default_gives_way_to_what_is_set(key: str) -> None:
    assert conf_of(deployment(conf={key: "own"}))[key] == "own"
    assert conf_of(deployment())[key] != "own"


@pytest.mark.parametrize(
    "key",
    [
        "execution.shutdown-on-application-finish",
        "execution.target",
        "kubernetes.namespace",
        "kubernetes.cluster-id",
        "parallelism.default",
        "kubernetes.service-account",
        "kubernetes.container.image.ref",
    ],
)
def test_a_field_wins_over_the_key_that_says_the_same(key: str) -> None:
    assert conf_of(deployment(conf={key: "own"}))[key] != "own"


def test_below_1_17_old_spellings_are_used() -> None:
    found = conf_of(deployment(flink_version=FlinkVersion.V1_16))
    assert found["kubernetes.container.image"] == "flink:1.20"
    assert "kubernetes.container.image.ref" not in found
    for role in ("jobmanager", "taskmanager"):
        assert found[f"kubernetes.{role}.cpu"] == found[f"kubernetes.{role}.cpu.amount"] == "1.0"


def test_last_state_needs_checkpoints_and_gets_an_interval() -> None:
    job = replace(JOB, upgrade_mode=UpgradeMode.LAST_STATE)
    assert conf_of(deployment(job=job))["execution.checkpointing.interval"] == "5 min"
    assert "execution.checkpointing.interval" not in conf_of(deployment())


@pytest.mark.parametrize("value", ["kubernetes", "zookeeper", "org.example.Factory"])
@pytest.mark.parametrize("key", ["high-availability.type", "high-availability", "recovery.mode"])
def test_a_highly_available_cluster_keeps_its_own_id(key: str, value: str) -> None:
    assert conf_of(deployment(conf={key: value}))["high-availability.cluster-id"] == "app"


@pytest.mark.parametrize("value", ["NONE", "none", "standalone"])
def test_no_high_availability_has_two_names(value: str) -> None:
    found = conf_of(deployment(conf={"high-availability.type": value}))
    assert "high-availability.cluster-id" not in found


SLOTS = "taskmanager.numberOfTaskSlots"
OVERRIDES = {"pipeline.jobvertex-parallelism-overrides": "a:7,b:3"}


@pytest.mark.parametrize(
    ("mode", "replicas", "more", "parallelism", "managers"),
    [
        (Mode.NATIVE, None, {}, "5", None),
        (Mode.NATIVE, 4, {}, "8", "4"),
        (Mode.NATIVE, None, OVERRIDES, "5", None),
        (Mode.STANDALONE, None, {}, "5", "3"),
        (Mode.STANDALONE, 4, {}, "8", "4"),
        (Mode.STANDALONE, None, OVERRIDES, "7", "4"),
    ],
)
@pytest.mark.row("C-095")
def test_parallelism_and_taskmanagers_follow_from_each_other(
    mode: Mode, replicas: int | None, more: dict[str, str], parallelism: str, managers: str | None
) -> None:
    found = conf_of(
        deployment(
            mode=mode,
            job=replace(JOB, parallelism=5),
            task_manager=TaskManager(replicas=replicas),
            conf={SLOTS: "2", **more},
        )
    )
    assert found["parallelism.default"] == parallelism
    assert found.get("kubernetes.internal.taskmanager.replicas") == managers


JARS = {
    "local:///opt/a.jar": "file:///opt/a.jar",
    "local:/opt/a.jar": "file:///opt/a.jar",
    "https://example.com/a.jar": "'https://example.com/a.jar'".strip("'"),
}


@pytest.mark.parametrize(("uri", "classpath"), JARS.items())
def test_a_jar_is_named_as_each_mode_reads_it(uri: str, classpath: str) -> None:
    job = replace(JOB, jar_uri=uri)
    assert conf_of(deployment(job=job))["pipeline.jars"] == uri
    found = conf_of(deployment(job=job, mode=Mode.STANDALONE))
    assert found["pipeline.classpaths"] == classpath
    assert "pipeline.jars" not in found


@pytest.mark.parametrize(
    ("given", "target", "mode"),
    [
        (deployment(), "kubernetes-application", None),
        (session(), "kubernetes-session", None),
        (deployment(mode=Mode.STANDALONE), "remote", "APPLICATION"),
        (session(mode=Mode.STANDALONE), "remote", "SESSION"),
    ],
)
def test_each_shape_has_its_target(given: FlinkDeployment, target: str, mode: str | None) -> None:
    found = conf_of(given)
    assert found["execution.target"] == target
    assert found.get("kubernetes.internal.cluster-mode") == mode


def test_a_session_has_no_key_of_a_job() -> None:
    found = conf_of(session())
    assert not [key for key in found if key.startswith(("pipeline.", "$internal.application"))]


def test_a_job_without_jar_and_class_names_neither() -> None:
    found = conf_of(deployment(job=Job(parallelism=1)))
    assert "pipeline.jars" not in found
    assert "$internal.application.main" not in found


@pytest.mark.parametrize("allowed", [True, False])
def test_unclaimed_state_is_spelled_out(allowed: bool) -> None:
    found = conf_of(deployment(job=replace(JOB, allow_non_restored_state=allowed)))
    assert found["execution.savepoint.ignore-unclaimed-state"] == str(allowed).lower()


def test_nothing_asked_of_a_role_sets_no_key() -> None:
    found = conf_of(deployment(job_manager=None, task_manager=None))
    assert not [key for key in found if "memory" in key or ".cpu" in key or "replicas" in key]


def test_whole_and_broken_numbers_of_cores_are_doubles() -> None:
    role = JobManager(resource=Resource(cpu=2), replicas=3)
    found = conf_of(deployment(job_manager=role))
    assert found["kubernetes.jobmanager.cpu.amount"] == "2.0"
    assert found["kubernetes.jobmanager.replicas"] == "3"


def test_both_forms_of_resources_become_keys() -> None:
    newer = Resources(
        requests={"memory": "1Gi", "cpu": "500m"}, limits={"memory": "1536Mi", "cpu": "2"}
    )
    found = conf_of(deployment(job_manager=JobManager(resources=newer)))
    keys = {key: value for key, value in found.items() if "jobmanager" in key}
    assert keys == {
        "jobmanager.memory.process.size": "1073741824",
        "kubernetes.jobmanager.cpu.amount": "0.5",
        "kubernetes.jobmanager.cpu.limit-factor": "4.0",
        "kubernetes.jobmanager.memory.limit-factor": "1.5",
        "kubernetes.jobmanager.replicas": "1",
    }
