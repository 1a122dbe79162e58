"""One screen says why an application does not run, on a real cluster and a real Flink."""

from __future__ import annotations

import re
import shutil
import subprocess
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from support.cluster import Cluster, until
from support.custom_resource import FACTORS, custom_resource
from support.playbook import ROOT, Player
from support.steerable import Fault, SteerableJob

CHECKPOINTS = {"execution.checkpointing.interval": "2 s", **FACTORS}
IN_TIME = {"kubernetes.operator.deployment.readiness.timeout": "30 s"}
PAGE = re.compile(
    r"^(?P<page>\S+/orders   (?:RUNS|DOES NOT RUN).*?)^ok: ", re.MULTILINE | re.DOTALL
)
RULE = re.compile(r"^\d+\. (\w+)$", re.MULTILINE)
HIGHLY_AVAILABLE = {
    **CHECKPOINTS,
    "high-availability.type": "kubernetes",
    "high-availability.storageDir": "file:///tmp/ha",
    "execution.checkpointing.dir": "file:///tmp/checkpoints",
    "state.checkpoints.dir": "file:///tmp/checkpoints",
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    text: str

    @property
    def rules(self) -> list[str]:
        return RULE.findall(self.text)


def diagnosed(person: Player, namespace: str) -> Page:
    """What the playbook prints; it changes nothing and fits on a screen."""
    run = person.play("diagnose", diagnose_name="orders", diagnose_namespace=namespace)
    found = PAGE.search(run.well(changed=0).out)
    assert found is not None, str(run)
    lines = found["page"].rstrip().splitlines()
    assert len(lines) <= 30
    assert max(len(line) for line in lines) <= 120
    return Page(text="\n".join(lines))


def deployed(person: Player, namespace: str, **spec: Any) -> None:
    person.write("orders.yaml", custom_resource("orders", namespace, **spec))
    person.deploy(cr="orders.yaml").well()


def refused(person: Player, namespace: str, **spec: Any) -> None:
    """A deployment that does not come about."""
    person.write("orders.yaml", custom_resource("orders", namespace, **spec))
    assert person.deploy(cr="orders.yaml", deploy_timeout=45).status != 0


def until_told(person: Player, namespace: str, rule: str) -> Page:
    """What Flink and the controllers need some seconds to find out themselves."""

    def look() -> Page | None:
        page = diagnosed(person, namespace)
        return page if rule in page.rules else None

    return until(look, f"diagnose tells {rule}", within=90)


@pytest.mark.row("M-003-10", "M-003-40")
def test_absent_then_without_an_image(cluster: Cluster, person: Player, namespace: str) -> None:
    assert diagnosed(person, namespace).rules == ["there_is_no_such_resource"]
    refused(person, namespace, image="localhost:1/no/such:image")
    before = cluster.made(namespace)
    page = diagnosed(person, namespace)
    assert page.rules == ["its_image_can_not_be_pulled"]
    for word in ("localhost:1/no/such:image", "ImagePullBackOff", "Correct spec.image"):
        assert word in page.text
    assert cluster.made(namespace) == before, "it was to read only"


@pytest.mark.row("M-003-40")
def test_well_then_without_its_account(cluster: Cluster, person: Player, namespace: str) -> None:
    deployed(person, namespace)
    page = diagnosed(person, namespace)
    assert page.rules == ["all_is_well"]
    assert page.text.startswith(f"{namespace}/orders   RUNS\n")
    cluster.delete("serviceaccounts", "flink", namespace)
    for pod in cluster.list("pods", namespace):
        cluster.delete("pods", pod["metadata"]["name"], namespace, gracePeriodSeconds=0)
    page = until_told(person, namespace, "its_service_account_is_missing")
    assert page.rules[0] == "its_service_account_is_missing"
    assert "DOES NOT RUN" in page.text
    assert "install.yml" in page.text


@pytest.mark.matrix
@pytest.mark.row("M-003-40")
def test_a_quota_with_room_for_the_jobmanager_alone(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    """No event tells of it: Flink asks for its TaskManagers itself, and only its log says more."""
    quota = {"metadata": {"name": "tight"}, "spec": {"hard": {"requests.memory": "1536Mi"}}}
    cluster.create("resourcequotas", namespace, quota)
    refused(person, namespace, flinkConfiguration={**CHECKPOINTS, **IN_TIME})
    page = until_told(person, namespace, "a_quota_refuses_its_pods")
    assert page.rules[0] == "a_quota_refuses_its_pods"
    assert "exceeded quota: tight" in page.text


@pytest.mark.matrix
def test_a_quota_without_room_for_anything(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    quota = {"metadata": {"name": "tight"}, "spec": {"hard": {"requests.memory": "512Mi"}}}
    cluster.create("resourcequotas", namespace, quota)
    refused(person, namespace)
    page = diagnosed(person, namespace)
    assert page.rules == ["a_quota_refuses_its_pods"]
    assert "Deployment/orders" in page.text


@pytest.mark.matrix
@pytest.mark.row("M-003-40")
def test_a_taskmanager_that_needs_more_memory_than_it_has(person: Player, namespace: str) -> None:
    greedy = {"env.java.opts.taskmanager": "-Xms3g -Xmx3g -XX:+AlwaysPreTouch"}
    refused(person, namespace, flinkConfiguration={**CHECKPOINTS, **IN_TIME, **greedy})
    page = until_told(person, namespace, "its_taskmanager_is_killed_for_memory")
    assert page.rules[0] == "its_taskmanager_is_killed_for_memory"
    assert "OOMKilled" in page.text
    assert "spec.taskManager.resource.memory" in page.text


@pytest.mark.matrix
@pytest.mark.row("M-003-40")
def test_taskmanagers_for_which_there_is_no_node(person: Player, namespace: str) -> None:
    nowhere = {"spec": {"nodeSelector": {"flinkops.example.com/no": "such-node"}}}
    refused(
        person,
        namespace,
        flinkConfiguration={**CHECKPOINTS, **IN_TIME, "slot.request.timeout": "5000"},
        taskManager={"resource": {"cpu": 0.2, "memory": "1024m"}, "podTemplate": nowhere},
    )
    page = until_told(person, namespace, "no_node_is_allowed")
    assert page.rules[0] == "no_node_is_allowed"
    # Flink gives its pods up and asks for others: they are not there in every look.
    page = until_told(person, namespace, "it_has_no_slots")
    assert set(page.rules) <= {"no_node_is_allowed", "it_has_no_slots", "the_job_restarts_for_ever"}
    assert "needs 1 slots, 0 TaskManagers" in page.text


@pytest.mark.matrix
def test_a_savepoint_that_is_not_there(person: Player, namespace: str) -> None:
    job = custom_resource("x", "x")["spec"]["job"]
    path = "file:///tmp/no-such-savepoint"
    refused(person, namespace, job={**job, "initialSavepointPath": path})
    page = until_told(person, namespace, "its_savepoint_is_not_there")
    assert page.rules[0] == "its_savepoint_is_not_there"
    assert path in page.text


@pytest.mark.matrix
@pytest.mark.row("M-003-40")
def test_a_job_that_fails_again_and_again(
    cluster: Cluster, person: Player, namespace: str, state_folder: Path
) -> None:
    subprocess.run([ROOT / "hack/testjob.sh"], check=True)
    shutil.copy(ROOT / "tests/jobs/steerable/target/steerable.jar", state_folder / "app.jar")
    job = SteerableJob.in_folder(state_folder / "job")
    deployed(
        person,
        namespace,
        flinkConfiguration={
            **CHECKPOINTS,
            "restart-strategy.type": "fixed-delay",
            "restart-strategy.fixed-delay.attempts": "1000",
            "restart-strategy.fixed-delay.delay": "1 s",
        },
        job={
            "jarURI": "local:///flink-state/app.jar",
            "args": ["--out", "/flink-state/job/out", "--control", "/flink-state/job/control"],
            "parallelism": 1,
            "upgradeMode": "stateless",
        },
        podTemplate=_with_folder(state_folder),
    )
    job.steering.set(Fault.FAIL_TASK_ALWAYS, "password=hunter2 was told to fail")
    page = until_told(person, namespace, "the_job_restarts_for_ever")
    assert page.rules[0] == "the_job_restarts_for_ever"
    assert "was told to fail" in page.text
    assert "hunter2" not in page.text


def _with_folder(folder: Path) -> dict[str, Any]:
    volume = {"name": "state", "hostPath": {"path": str(folder), "type": "Directory"}}
    mount = {"name": "state", "mountPath": "/flink-state"}
    container = {"name": "flink-main-container", "volumeMounts": [mount]}
    return {"spec": {"containers": [container], "volumes": [volume]}}


@pytest.mark.matrix
@pytest.mark.row("M-003-40")
def test_a_lost_jobmanager_whose_ha_metadata_is_gone(
    cluster: Cluster, person: Player, namespace: str
) -> None:
    job = custom_resource("x", "x")["spec"]["job"]
    deployed(
        person,
        namespace,
        flinkConfiguration=HIGHLY_AVAILABLE,
        job={**job, "upgradeMode": "last-state"},
    )
    until(lambda: _ha_data(cluster, namespace, "checkpointID-"), "a checkpoint", within=60)
    cluster.delete("deployments", "orders", namespace, propagationPolicy="Foreground")
    until(lambda: not cluster.list("pods", namespace), "its pods are gone", within=60)
    page = diagnosed(person, namespace)
    assert page.rules[0] == "its_jobmanager_is_lost"
    for name in _ha_data(cluster, namespace, ""):
        cluster.delete("configmaps", name, namespace)
    page = diagnosed(person, namespace)
    assert page.rules[:2] == ["its_ha_metadata_is_gone", "its_jobmanager_is_lost"]
    assert "Don't start it empty" in page.text


def _ha_data(cluster: Cluster, namespace: str, key: str) -> list[str]:
    """The ConfigMaps of Flink's HA data in which a key begins so."""
    every = cluster.list("configmaps", namespace, labels="app=orders")
    return [
        item["metadata"]["name"]
        for item in every
        if any(found.startswith(key) for found in item.get("data") or {})
    ]
