"""Flink's REST API hangs or answers rubbish: silence is not absence, and it ends with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.api_gate import Gate, Reply, gate_before
from support.cluster import Cluster, conditions, reason, until
from support.custom_resource import FACTORS, custom_resource
from support.playbook import Player

RUBBISH = Reply(status=200, body=b"<html>Welcome to another program</html>")
REST = "/services/orders-rest:rest/proxy/"


@pytest.fixture
def gate(kubeconfig: Path) -> Iterator[Gate]:
    with gate_before(kubeconfig) as gate:
        yield gate


@pytest.fixture
def gated(gate: Gate, person: Player, namespace: str) -> Iterator[Player]:
    """A person whose way to Flink leads through the gate, and a patient resource in the folder."""
    configuration = {
        **FACTORS,
        "execution.checkpointing.interval": "1 s",
        "state.checkpoints.dir": "file:///tmp/checkpoints",
        "state.checkpoints.num-retained": "20",
        "state.savepoints.dir": "file:///tmp/savepoints",
        "kubernetes.operator.deployment.readiness.timeout": "25 s",
    }
    definition = custom_resource("orders", namespace, flinkConfiguration=configuration)
    definition["spec"]["job"]["upgradeMode"] = "savepoint"
    person.write("orders.yaml", definition)
    gated = Player(person.folder, gate.kubeconfig(person.folder))
    yield gated
    gated.leave()


@pytest.mark.row("C-027")
def test_silence_then_rubbish_then_an_answer(
    cluster: Cluster, gate: Gate, gated: Player, person: Player, namespace: str
) -> None:
    hanging = gate.stop("GET", REST)
    run = gated.start("deploy", cr="orders.yaml", deploy_timeout=5)
    hanging.wait()
    asked = gate.count(REST)
    until(lambda: gate.count(REST) > asked, "it gave up on the first answer", within=30)
    gate.answer(REST, RUBBISH)
    hanging.open.set()
    told = run.result()
    assert "timed out" in told.out, str(told)
    assert told.failure.reason == "the_start_took_too_long"
    assert "not JSON" in told.failure.msg
    status = cluster.status("orders", namespace)
    assert (conditions(status)["Stalled"], reason(status)) == ("True", told.failure.reason)
    assert status["jobManagerDeploymentStatus"] == "DEPLOYED_NOT_READY"

    refused = gated.remove(cr="orders.yaml").failure
    assert refused.reason == "the_last_checkpoint_is_not_seen"
    assert "not JSON" in refused.msg
    assert "remove_state=drop" in refused.msg

    begun = status["jobStatus"]["jobId"]
    person.deploy(cr="orders.yaml", deploy_wait_for_checkpoint=True).well()
    status = cluster.status("orders", namespace)
    assert (status["jobStatus"]["state"], status["jobStatus"]["jobId"]) == ("RUNNING", begun)
    assert "error" not in status
    person.remove(cr="orders.yaml").well()
    assert cluster.list("deployments", namespace) == []
