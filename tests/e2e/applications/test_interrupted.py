"""`kill -9` of the run at named points; the next run goes on with the same start."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from support.api_gate import Gate, Stop, gate_before
from support.cluster import Cluster, until
from support.custom_resource import custom_resource
from support.playbook import Player

pytestmark = pytest.mark.row("M-001-21")
FLINK = "/apis/flink.apache.org/v1beta1/namespaces"


@dataclass(frozen=True, slots=True, kw_only=True)
class Interruption:
    """A run that is killed where a request stands before the gate, or behind it."""

    cluster: Cluster
    gate: Gate
    gated: Player
    person: Player
    namespace: str

    def kill_at(self, stop: Stop, *, with_workers: bool = True) -> None:
        run = self.gated.start("deploy", cr="orders.yaml")
        stop.wait()
        run.kill(with_workers=with_workers)
        stop.open.set()

    def job_id(self) -> str:
        job = self.cluster.status("orders", self.namespace).get("jobStatus") or {}
        return str(job.get("jobId", ""))

    def goes_on(self) -> None:
        """The next run ends well: one start, one Deployment, RUNNING."""
        announced = self.job_id()
        self.person.deploy(cr="orders.yaml").well()
        status = self.cluster.status("orders", self.namespace)
        assert (status["lifecycleState"], status["jobStatus"]["state"]) == ("STABLE", "RUNNING")
        assert announced in ("", status["jobStatus"]["jobId"])
        [deployment] = self.cluster.list("deployments", self.namespace)
        generation = deployment["metadata"]["annotations"]
        assert generation["flinkdeployment.flink.apache.org/generation"] == "1"
        pods = self.cluster.list("pods", self.namespace, labels="component=jobmanager")
        assert len(pods) == 1


@pytest.fixture
def interruption(
    cluster: Cluster, kubeconfig: Path, person: Player, namespace: str, tmp_path: Path
) -> Iterator[Interruption]:
    with gate_before(kubeconfig) as gate:
        gated = Player(tmp_path, gate.kubeconfig(tmp_path))
        person.write("orders.yaml", custom_resource("orders", namespace))
        yield Interruption(
            cluster=cluster, gate=gate, gated=gated, person=person, namespace=namespace
        )
        gated.leave()


@pytest.mark.row("C-024", "C-027", "M-003-06")
def test_after_the_write_ahead(interruption: Interruption) -> None:
    written = interruption.gate.stop("PUT", "/flinkdeployments/orders/status", after=True)
    interruption.kill_at(written)
    assert interruption.cluster.list("deployments", interruption.namespace) == []
    status = interruption.cluster.status("orders", interruption.namespace)
    assert status["reconciliationStatus"]["state"] == "UPGRADING"
    assert status["jobManagerDeploymentStatus"] == "MISSING"
    assert interruption.job_id()
    interruption.goes_on()


@pytest.mark.row("C-033")
def test_after_the_deployment_was_made(interruption: Interruption) -> None:
    made = interruption.gate.stop(
        "POST", f"/apis/apps/v1/namespaces/{interruption.namespace}/deployments", after=True
    )
    interruption.kill_at(made)
    [deployment] = interruption.cluster.list("deployments", interruption.namespace)
    assert interruption.cluster.list("services", interruption.namespace) == []
    interruption.goes_on()
    [again] = interruption.cluster.list("deployments", interruption.namespace)
    assert again["metadata"]["uid"] == deployment["metadata"]["uid"]


@pytest.mark.matrix
def test_after_the_resource_was_stored(interruption: Interruption) -> None:
    stored = interruption.gate.stop("PATCH", f"{FLINK}/{interruption.namespace}", after=True)
    interruption.kill_at(stored)
    assert interruption.cluster.status("orders", interruption.namespace) == {}
    interruption.goes_on()


@pytest.mark.matrix
def test_between_the_deployment_and_its_last_service(interruption: Interruption) -> None:
    last = interruption.gate.stop("PATCH", "/services/orders-rest")
    interruption.kill_at(last)
    interruption.goes_on()
    made = interruption.cluster.made(interruption.namespace)
    assert {"services/orders", "services/orders-rest"} <= set(made)


@pytest.mark.matrix
def test_a_worker_that_outlives_its_playbook_changes_nothing(interruption: Interruption) -> None:
    """Killed is ansible-playbook alone: its worker waits on, then meets the next run's Lease."""
    until_it_waits = interruption.gate.stop("GET", "/proxy/")
    interruption.kill_at(until_it_waits, with_workers=False)
    interruption.goes_on()
    before = interruption.cluster.made(interruption.namespace)
    interruption.person.deploy(cr="orders.yaml").well(changed=0)
    until(
        lambda: interruption.cluster.made(interruption.namespace) == before,
        "the orphan writes no more",
        within=10,
    )


@pytest.mark.matrix
@pytest.mark.row("M-000-06")
def test_a_removal_goes_on_where_it_was_killed(interruption: Interruption) -> None:
    interruption.person.deploy(cr="orders.yaml").well()
    gone = interruption.gate.stop("DELETE", "/deployments/orders", after=True)
    run = interruption.gated.start("remove", cr="orders.yaml")
    gone.wait()
    run.kill()
    gone.open.set()
    refused = interruption.person.deploy(cr="orders.yaml").failure
    assert refused.reason == "its_removal_was_begun"
    interruption.person.remove(cr="orders.yaml").well()
    until(
        lambda: not interruption.cluster.made(interruption.namespace), "nothing is left", within=15
    )


@pytest.mark.matrix
def test_an_api_server_that_is_away_for_a_moment(interruption: Interruption) -> None:
    """Silence is not absence: a wait bears it, and goes on when the server is back."""
    waiting = interruption.gate.stop("GET", "/proxy/")
    run = interruption.gated.start("deploy", cr="orders.yaml")
    waiting.wait()
    interruption.gate.fall_silent()
    waiting.open.set()
    before = len(interruption.gate.seen)
    until(lambda: len(interruption.gate.seen) > before + 3, "it asks again", within=30)
    interruption.gate.speak()
    run.result().well()
    status = interruption.cluster.status("orders", interruption.namespace)
    assert status["jobStatus"]["state"] == "RUNNING"
