"""Flink's REST API hangs or answers rubbish: silence is not absence, and it ends with a reason."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.api_gate import Gate, Reply, gate_before
from support.cluster import Cluster, conditions, reason
from support.custom_resource import FACTORS, custom_resource
from support.playbook import Player

RUBBISH = Reply(status=200, body=b"<html>Welcome to another program</html>")
HANGING = "/services/orders-rest:rest/proxy/"


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
def test_rubbish_then_silence_then_an_answer(
    cluster: Cluster, gate: Gate, gated: Player, person: Player, namespace: str
) -> None:
    gate.answer(HANGING, RUBBISH)
    failure = gated.deploy(cr="orders.yaml", deploy_timeout=5).failure
    assert failure.reason == "the_start_took_too_long"
    assert "not JSON" in failure.msg, failure.msg
    status = cluster.status("orders", namespace)
    assert (conditions(status)["Stalled"], reason(status)) == ("True", failure.reason)
    assert status["jobManagerDeploymentStatus"] == "DEPLOYED_NOT_READY"
    begun = status["jobStatus"]["jobId"]

    gate.replies.clear()
    gate.stop("GET", HANGING)
    failure = gated.deploy(cr="orders.yaml", deploy_timeout=5).failure
    assert failure.reason == "the_start_took_too_long"
    assert "timed out" in failure.msg, failure.msg
    refused = gated.remove(cr="orders.yaml").failure
    assert refused.reason == "the_last_checkpoint_is_not_seen"
    assert "timed out" in refused.msg, refused.msg
    assert "remove_state=drop" in refused.msg

    person.deploy(cr="orders.yaml", deploy_wait_for_checkpoint=True).well()
    status = cluster.status("orders", namespace)
    assert (status["jobStatus"]["state"], status["jobStatus"]["jobId"]) == ("RUNNING", begun)
    assert "error" not in status
    person.remove(cr="orders.yaml").well()
    assert cluster.list("deployments", namespace) == []
