"""The newest Flink, whose configuration has another form, from nothing to RUNNING and back."""

from __future__ import annotations

import pytest

from support.cluster import Cluster, until
from support.custom_resource import NEWEST_IMAGE, NEWEST_VERSION, custom_resource
from support.playbook import Player


@pytest.mark.row("M-000-01", "C-079", "C-083")
def test_flink_2_is_deployed_and_removed_alike(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    spec = {"image": NEWEST_IMAGE, "flinkVersion": NEWEST_VERSION}
    person.write("two.yaml", custom_resource("two", namespace, **spec))
    deployed = person.deploy(cr="two.yaml")
    deployed.well()
    status = cluster.status("two", namespace)
    assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("STABLE", "RUNNING")
    assert status["clusterInfo"]["flink-version"].startswith("2.")
    maps = {item["metadata"]["name"]: item for item in cluster.list("configmaps", namespace)}
    assert "config.yaml" in maps["flink-config-two"]["data"]
    before = cluster.made(namespace)
    again = person.deploy(cr="two.yaml")
    again.well(changed=0)
    assert cluster.made(namespace) == before
    removed = person.remove(cr="two.yaml")
    removed.well()
    until(lambda: not cluster.made(namespace), "nothing is left", within=15)
