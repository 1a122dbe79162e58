"""When everything but the folder is lost, the newest checkpoint is found there and gone on from."""

from __future__ import annotations

import re
from datetime import timedelta
from typing import Any

import pytest

from support.cluster import Cluster
from support.counter import first_violation
from support.playbook import Player
from support.steerable import SteerableJob

SOON = timedelta(seconds=60)
ROW = re.compile(r"^\S+Z +(checkpoint|savepoint) +(own|unknown) +(\S+)$", re.MULTILINE)


@pytest.mark.matrix
@pytest.mark.row("M-000-12")
def test_the_newest_checkpoint_is_found_and_gone_on_from(
    cluster: Cluster, person: Player, job: SteerableJob, variables: dict[str, Any]
) -> None:
    namespace = variables["deploy_namespace"]
    named = {"deploy_name": "counter", "deploy_namespace": namespace}
    person.deploy(**variables).well()
    job.board.wait_for_value(20, within=SOON)
    job.board.wait_for_progress(within=SOON)
    everything_but_the_folder_is_lost(cluster, namespace)
    published = job.board.value()
    assert published is not None

    found = person.play("recover", **named, recover_find=True).well(changed=0)
    rows = ROW.findall(found.out)
    assert rows, str(found)
    kind, whose, path = rows[0]
    assert (kind, whose) == ("checkpoint", "own")
    # A job that is killed may have completed one that it could not tell of any more.
    assert path.rpartition("/chk-")[0].endswith(published.job_id)
    assert int(path.rpartition("/chk-")[2]) >= published.checkpoint
    left = {name.split("/")[0] for name in cluster.made(namespace)}
    assert "pods" not in left

    person.play("recover", **named, recover_from=path).well()
    restored = job.board.wait_for_progress(within=SOON)
    assert restored.restored_value >= published.value
    assert cluster.status("counter", namespace)["startedFrom"]["path"] == path
    assert first_violation(job.board.history()) is None
    assert len({start.lineage for start in job.board.starts()}) == 1


def everything_but_the_folder_is_lost(cluster: Cluster, namespace: str) -> None:
    """Its Deployment, its pods and HA data; and the ledger of its status."""
    cluster.delete("deployments", "counter", namespace, propagationPolicy="Foreground")
    for plural in ("pods", "configmaps"):
        for item in cluster.list(plural, namespace, labels="app=counter"):
            name = item["metadata"]["name"]
            cluster.delete(plural, name, namespace, gracePeriodSeconds=0)
    cluster.patch_status("counter", namespace, {"status": {"ledger": None}})
