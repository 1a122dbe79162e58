# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What one start adds: identity, owner, state."""

from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.config import effective
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkDeployment,
    FlinkVersion,
    Job,
    Mode,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import (
    PLACEHOLDER_START,
    Start,
    first_start,
    started,
)
from support.deployments import deployment, session

START = Start(job_id="j", generation=7, owner_uid="u", job_result_store="r")
HA = {"high-availability.type": "kubernetes", "high-availability.storageDir": "s3://ha"}


def conf_of(given: FlinkDeployment, start: Start = START) -> dict[str, str]:
    return started(given, effective(given, base={}), start=start)


def test_a_savepoint_is_the_starts_and_nobody_elses() -> None:
    own = {"execution.savepoint.path": "s3://own", "execution.state-recovery.path": "s3://own"}
    given = deployment(conf=own)
    assert "s3://own" not in conf_of(given).values()
    found = conf_of(given, replace(START, savepoint="s3://named"))
    assert found["execution.savepoint.path"] == "s3://named"


@pytest.mark.row("C-034")
def test_a_first_start_comes_from_the_initial_savepoint_or_empty() -> None:
    given = deployment(job=Job(initial_savepoint_path="s3://first"))
    assert first_start(given).savepoint == "s3://first"
    assert first_start(deployment()).savepoint is None
    assert first_start(session()) == PLACEHOLDER_START


def test_a_job_id_of_the_users_own_stays() -> None:
    key = "$internal.pipeline.job-id"
    assert conf_of(deployment())[key] == "j"
    assert conf_of(deployment(conf={key: "own"}))[key] == "own"
    assert key not in conf_of(session())


@pytest.mark.row("C-014")
def test_the_generation_stands_among_the_users_annotations() -> None:
    given = deployment(conf={"kubernetes.jobmanager.annotations": "a:b"})
    found = conf_of(given)["kubernetes.jobmanager.annotations"]
    assert sorted(found.split(",")) == ["a:b", "flinkdeployment.flink.apache.org/generation:7"]


def test_job_results_are_kept_beside_the_ha_data_of_a_job() -> None:
    found = conf_of(deployment(conf=HA))
    assert found["job-result-store.storage-path"] == "s3://ha/job-result-store/app/r"
    assert found["job-result-store.delete-on-commit"] == "false"
    own = {**HA, "job-result-store.delete-on-commit": "true"}
    assert conf_of(deployment(conf=own))["job-result-store.delete-on-commit"] == "true"
    for given in (deployment(), session(conf=HA)):
        assert "job-result-store.storage-path" not in conf_of(given)


@pytest.mark.parametrize("version", FlinkVersion)
def test_no_start_finds_the_result_of_an_earlier_application(version: FlinkVersion) -> None:
    """All starts of a cluster's name have one application id: Flink would start nothing."""
    key = "application-result-store.storage-path"
    found = conf_of(deployment(flink_version=version, conf=HA)).get(key)
    has_applications = version.number >= (2, 3)
    assert found == ("s3://ha/application-result-store/app/r" if has_applications else None)
    assert key not in conf_of(deployment(flink_version=version))


@pytest.mark.parametrize(
    ("key", "port"),
    [("blob.server.port", "6124"), ("taskmanager.rpc.port", "6122"), ("rest.bind-port", "8081")],
)
def test_a_port_that_is_left_open_is_fixed(key: str, port: str) -> None:
    assert conf_of(deployment(conf={key: "0"}))[key] == port
    assert conf_of(deployment(conf={key: "7000"}))[key] == "7000"
    with pytest.raises(InvalidResource, match=key):
        conf_of(deployment(conf={key: "50100-50200"}))


def test_a_free_rest_port_is_not_written() -> None:
    assert "rest.bind-port" not in conf_of(deployment())


@pytest.mark.parametrize(
    ("mode", "available", "address"),
    [
        (Mode.NATIVE, False, "app.ns"),
        (Mode.NATIVE, True, None),
        (Mode.STANDALONE, False, "app.ns"),
        (Mode.STANDALONE, True, "app.ns"),
    ],
)
def test_the_jobmanager_is_found_by_its_service_or_its_leader(
    mode: Mode, available: bool, address: str | None
) -> None:
    found = conf_of(deployment(mode=mode, conf=HA if available else {}))
    assert found.get("jobmanager.rpc.address") == address
    ha_port = found.get("high-availability.jobmanager.port")
    assert ha_port == ("6123" if available else None)


def test_native_mode_names_its_entry_point() -> None:
    key = "kubernetes.internal.jobmanager.entrypoint.class"
    assert conf_of(deployment())[key].endswith(".KubernetesApplicationClusterEntrypoint")
    assert conf_of(session())[key].endswith(".KubernetesSessionClusterEntrypoint")
    assert key not in conf_of(deployment(mode=Mode.STANDALONE))
