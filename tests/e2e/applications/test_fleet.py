"""Three applications, one after the other: the second has a bad image, the third is spared."""

from __future__ import annotations

import re
from typing import Any

import pytest

from support.cluster import Cluster
from support.custom_resource import custom_resource
from support.playbook import Player

pytestmark = pytest.mark.matrix
NAMES = ("a-first", "b-bad", "c-third")
ROW = re.compile(
    r"^(?P<name>[abc]-\w+)\.\S+ {2,}(?P<outcome>\S.*?) {2,}(?P<rule>\S+)", re.MULTILINE
)
MISSING = {"image": "local/no-such-image:1", "imagePullPolicy": "Never"}


def definitions(namespace: str, **second: Any) -> list[dict[str, Any]]:
    return [
        custom_resource(name, namespace, **(second if name == "b-bad" else {})) for name in NAMES
    ]


def outcomes(out: str) -> dict[str, tuple[str, str]]:
    table = out.partition("\nSUMMARY ")[2]
    return {row["name"]: (row["outcome"], row["rule"]) for row in ROW.finditer(table)}


def test_the_first_failure_spares_the_rest(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    for definition in definitions(namespace, **MISSING):
        cluster.create("flinkdeployments", namespace, definition)
    person.write("fleet.flink.yml", {"plugin": "flinkops.flink.fleet", "namespaces": [namespace]})
    run = person.play("upgrade", "-i", "fleet.flink.yml", fleet_serial=1)
    assert run.failure.reason == "its_pods_can_not_start"
    found = outcomes(run.out)
    assert found["a-first"] == ("changed", "the_job_runs")
    assert found["b-bad"] == ("failed", "its_pods_can_not_start")
    assert found["c-third"] == ("not tried", "-")
    assert "3: 1 changed, 1 failed, 1 not tried" in run.out
    assert not cluster.status("c-third", namespace), "the third is untouched"
    assert cluster.status("a-first", namespace)["jobStatus"]["state"] == "RUNNING"

    cluster.delete("flinkdeployments", "b-bad", namespace)
    again = person.play("upgrade", "-i", "fleet.flink.yml", fleet_serial=1).well()
    found = outcomes(again.out)
    assert found["a-first"] == ("as it was", "the_job_runs")
    assert found["c-third"] == ("changed", "the_job_runs")
    person.play("upgrade", "-i", "fleet.flink.yml", fleet_serial=1).well(changed=0)
