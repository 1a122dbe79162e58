"""A job's state outlives its removal, and no start happens without a named state."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from support.cluster import Cluster
from support.counter import first_violation
from support.custom_resource import FACTORS
from support.playbook import Player
from support.steerable import SteerableJob

SOON = timedelta(seconds=60)
CHECKPOINT = re.compile(r"its last snapshot is (file:/+flink-state/checkpoints/\w+/chk-\d+)")


@pytest.fixture
def named(namespace: str) -> dict[str, str]:
    return {"remove_name": "counter", "remove_namespace": namespace}


@pytest.mark.row("M-000-12", "C-034", "C-050")
def test_state_is_kept_named_and_gone_on_from(
    cluster: Cluster,
    person: Player,
    job: SteerableJob,
    variables: dict[str, Any],
    named: dict[str, str],
) -> None:
    namespace = named["remove_namespace"]
    counts_and_tells_its_start(cluster, person, job, variables)
    checkpoint, kept = its_removal_keeps_and_names(cluster, person, named)
    published = job.board.value()
    assert published is not None
    assert published.value >= 20

    refused = person.deploy(**variables).failure
    assert refused.reason == "state_of_its_name_was_found"
    for word in (*kept, "remove_state=drop"):
        assert word in refused.msg
    person.remove(**named, remove_state="drop").well()
    assert cluster.made(namespace) == {}

    person.deploy(**variables, deploy_initial_savepoint=checkpoint).well()
    restored = job.board.wait_for_progress(within=SOON)
    assert restored.restored
    # The checkpoint that was named, which may be a little older than the last one published.
    assert 0 < restored.restored_value in {line.value for line in job.board.history()}
    assert len({start.lineage for start in job.board.starts()}) == 1
    origin = cluster.status("counter", namespace)["startedFrom"]
    assert (origin["kind"], origin["path"]) == ("savepoint", checkpoint)
    assert len({start.job_id for start in job.board.starts()}) == 2
    person.remove(**named, remove_state="drop").well()
    assert cluster.made(namespace) == {}


def counts_and_tells_its_start(
    cluster: Cluster, person: Player, job: SteerableJob, variables: dict[str, Any]
) -> None:
    deployed = person.deploy(**variables).well()
    assert "the_job_runs" in deployed.out
    job.board.wait_for_value(20, within=SOON)
    job.board.wait_for_progress(within=SOON)
    begun = cluster.status("counter", variables["deploy_namespace"])
    assert begun["startedFrom"]["kind"] == "empty"
    assert begun["startedFrom"]["because"] == "a_first_deployment_starts_empty"
    assert job.board.starts()[-1].job_id == begun["jobStatus"]["jobId"]


def is_to_end(cluster: Cluster, namespace: str, how: str) -> None:
    patch = {"spec": {"job": {"deletionMode": how}}}
    cluster.patch("flinkdeployments", "counter", namespace, patch)


def its_removal_keeps_and_names(
    cluster: Cluster, person: Player, named: dict[str, str]
) -> tuple[str, list[str]]:
    """The checkpoint that was told, and the names of the HA data that stay."""
    is_to_end(cluster, named["remove_namespace"], "leave")
    removed = person.remove(**named).well()
    assert "a_stateful_job_leaves_its_checkpoints" in removed.out
    [checkpoint] = set(CHECKPOINT.findall(removed.out))
    left = cluster.made(named["remove_namespace"])
    assert left, "HA data was to be kept"
    assert {name.split("/")[0] for name in left} == {"configmaps"}
    again = person.remove(**named).well(changed=0)
    assert "nothing_of_that_name_is_left" in again.out
    return str(checkpoint), [name.split("/")[1] for name in left]


@pytest.mark.matrix
def test_a_checkpoint_that_is_being_replaced_holds_no_removal_back(  # noqa: PLR0913, PLR0917
    cluster: Cluster,
    person: Player,
    job: SteerableJob,
    variables: dict[str, Any],
    named: dict[str, str],
    state_folder: Path,
) -> None:
    """Flink's answers are up to 3 s old, so with one checkpoint a second it names a dropped one."""
    person.deploy(**variables | {"deploy_configuration": FACTORS}).well()
    job.board.wait_for_value(20, within=SOON)
    is_to_end(cluster, named["remove_namespace"], "leave")
    removed = person.remove(**named).well()
    assert "a_stateful_job_leaves_its_checkpoints" in removed.out
    [checkpoint] = set(CHECKPOINT.findall(removed.out))
    folder = state_folder / str(checkpoint).split("flink-state/", 1)[1]
    assert list(folder.parent.glob("chk-*/_metadata")), "a checkpoint was to stay in its folder"


@pytest.mark.matrix
def test_a_stateful_job_without_a_checkpoint_is_not_removed_unasked(
    cluster: Cluster,
    person: Player,
    job: SteerableJob,
    variables: dict[str, Any],
    named: dict[str, str],
) -> None:
    never: dict[str, Any] = {"deploy_checkpoint_interval": "", "deploy_wait_for_checkpoint": False}
    never["deploy_upgrade_mode"] = "savepoint"
    person.deploy(**variables | never).well()
    is_to_end(cluster, named["remove_namespace"], "cancel")
    refused = person.remove(**named).failure
    assert refused.reason == "a_stateful_job_has_no_checkpoint"
    assert "remove_state=drop" in refused.msg
    namespace = named["remove_namespace"]
    assert cluster.status("counter", namespace)["jobStatus"]["state"] == "RUNNING"
    person.remove(**named, remove_state="drop").well()
    assert cluster.made(namespace) == {}
    assert first_violation(job.board.history()) is None
