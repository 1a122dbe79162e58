"""A job's state outlives its removal, and no start happens without a named state."""

from __future__ import annotations

import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from support.cluster import Cluster
from support.counter import first_violation
from support.custom_resource import FACTORS, SMALL
from support.playbook import ROOT, Player
from support.steerable import SteerableJob

JAR = ROOT / "tests/jobs/steerable/target/steerable.jar"
SOON = timedelta(seconds=60)
CHECKPOINT = re.compile(r"file:/+flink-state/checkpoints/\S+/chk-\d+")


@pytest.fixture
def job(state_folder: Path) -> SteerableJob:
    if not JAR.is_file():
        pytest.fail("the test job is not built: make testjob")
    shutil.copy(JAR, state_folder / JAR.name)
    return SteerableJob.in_folder(state_folder / "job")


@pytest.mark.row("M-000-12", "M-002-01", "M-003-20", "C-034", "C-047", "C-048", "C-050")
def test_state_is_kept_named_and_gone_on_from(
    cluster: Cluster, person: Player, namespace: str, state_folder: Path, job: SteerableJob
) -> None:
    variables = {
        **SMALL,
        "deploy_name": "counter",
        "deploy_namespace": namespace,
        "deploy_jar": f"local:///flink-state/{JAR.name}",
        "deploy_args": ["--out", "/flink-state/job/out", "--control", "/flink-state/job/control"],
        "deploy_upgrade_mode": "last-state",
        "deploy_checkpoint_interval": "1 s",
        "deploy_state_folder": str(state_folder),
        "deploy_configuration": {
            **FACTORS,
            "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
        },
    }
    named = {"remove_name": "counter", "remove_namespace": namespace}

    deployed = person.deploy(**variables, deploy_wait_for_checkpoint=True).well()
    assert f"{namespace}/counter: the_job_runs" in deployed.out
    job.board.wait_for_value(20, within=SOON)
    job.board.wait_for_progress(within=SOON)
    begun = cluster.status("counter", namespace)
    assert begun["startedFrom"]["kind"] == "empty"
    assert begun["startedFrom"]["because"] == "first deployment"
    assert job.board.starts()[-1].job_id == begun["jobStatus"]["jobId"]

    removed = person.remove(**named).well()
    assert "a_stateful_job_leaves_its_checkpoints" in removed.out
    checkpoint = CHECKPOINT.findall(removed.out)[0]
    published = job.board.value()
    assert published is not None
    assert published.value >= 20
    assert (state_folder / checkpoint.split("flink-state/", 1)[1] / "_metadata").is_file()
    assert [name for name in cluster.made(namespace) if not name.startswith("configmaps/")] == []
    kept = cluster.made(namespace)
    assert kept, "HA data was to be kept"

    refused = person.deploy(**variables).failure
    assert refused.reason == "state_of_its_name_was_found"
    for word in (*(name.split("/")[1] for name in kept), "remove_state=drop"):
        assert word in refused.msg
    assert cluster.made(namespace) == kept

    person.remove(**named, remove_state="drop").well()
    assert cluster.made(namespace) == {}

    person.deploy(**variables, deploy_initial_savepoint=checkpoint).well()
    restored = job.board.wait_for_progress(within=SOON)
    assert restored.restored
    assert restored.restored_value >= 20
    assert restored.value > published.value - 20
    assert len({start.lineage for start in job.board.starts()}) == 1
    origin = cluster.status("counter", namespace)["startedFrom"]
    assert (origin["kind"], origin["path"]) == ("savepoint", checkpoint)

    person.remove(**named, remove_state="drop").well()
    assert cluster.made(namespace) == {}


@pytest.mark.matrix
@pytest.mark.row("M-002-12")
def test_a_stateful_job_without_a_checkpoint_is_not_removed_unasked(
    cluster: Cluster, person: Player, namespace: str, state_folder: Path, job: SteerableJob
) -> None:
    variables = {
        **SMALL,
        "deploy_name": "counter",
        "deploy_namespace": namespace,
        "deploy_jar": f"local:///flink-state/{JAR.name}",
        "deploy_upgrade_mode": "last-state",
        "deploy_checkpoint_interval": "1 h",
        "deploy_state_folder": str(state_folder),
        "deploy_configuration": FACTORS,
    }
    named = {"remove_name": "counter", "remove_namespace": namespace}
    person.deploy(**variables).well()
    refused = person.remove(**named).failure
    assert refused.reason == "a_stateful_job_has_no_checkpoint"
    assert "remove_state=drop" in refused.msg
    assert cluster.status("counter", namespace)["jobStatus"]["state"] == "RUNNING"
    person.remove(**named, remove_state="drop").well()
    assert cluster.made(namespace) == {}
    assert first_violation(job.board.history()) is None
