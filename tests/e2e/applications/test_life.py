"""From nothing to a job RUNNING and back to nothing, by file, as a user does it."""

from __future__ import annotations

import datetime as dt
import json
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import yaml

from support.applications import namespace_for
from support.cluster import Cluster, conditions, until
from support.custom_resource import custom_resource
from support.playbook import ROOT, Player, Run

GOLDEN = ROOT / "tests/golden/states/stable-stateless"
BESIDE_THE_CONTRACT = {"startedFrom"}
PLAY = """
- hosts: here, there
  gather_facts: false
  tasks:
    - flinkops.flink.job_info: {name: orders, namespace: "NAMESPACE"}
      register: job
    - flinkops.flink.cluster_info: {name: orders, namespace: "NAMESPACE"}
      register: cluster
    - flinkops.flink.turn: {name: orders, namespace: "NAMESPACE", tell: false}
      register: turn
    - flinkops.flink.custom_resource: {src: orders.yaml}
      check_mode: true
      register: resource
    - ansible.builtin.copy:
        content: "{{ dict(job=job, cluster=cluster, turn=turn, resource=resource) | to_json }}"
        dest: "{{ inventory_hostname }}.json"
      connection: local
"""
ELSEWHERE = """
from ansible.plugins.connection.local import Connection as Local
class Connection(Local):
    transport = "elsewhere"
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class Life:
    """One application that was deployed by a file."""

    namespace: str
    person: Player
    deployed: Run
    definition: dict[str, Any]

    def again(self, *arguments: str) -> Run:
        return self.person.deploy(*arguments, cr="orders.yaml")


@pytest.fixture(scope="module")
def life(
    cluster: Cluster, installed: None, kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Life]:
    person = Player(tmp_path_factory.mktemp("life"), kubeconfig)
    for namespace in namespace_for(cluster, person):
        definition = custom_resource("orders", namespace)
        person.write("orders.yaml", definition)
        deployed = person.deploy(cr="orders.yaml", deploy_wait_for_checkpoint=True)
        yield Life(namespace=namespace, person=person, deployed=deployed, definition=definition)


@pytest.mark.row("M-000-01", "M-000-20", "M-001-04", "M-001-05", "M-002-18")
def test_one_command_leads_to_a_running_job(life: Life, cluster: Cluster) -> None:
    life.deployed.well()
    assert life.deployed.changed > 0
    assert "the_job_runs" in life.deployed.out
    status = cluster.status("orders", life.namespace)
    assert status["jobStatus"]["state"] == "RUNNING"
    assert conditions(status) == {
        "Ready": "True",
        "Reconciling": "False",
        "Running": "True",
        "Stalled": "False",
    }


@pytest.mark.row("C-011", "C-022", "C-027", "M-003-06")
def test_its_status_has_the_contracts_form(life: Life, cluster: Cluster) -> None:
    golden = next(yaml.safe_load_all((GOLDEN / _only_file()).read_text()))["status"]
    status = cluster.status("orders", life.namespace)
    assert set(status) - BESIDE_THE_CONTRACT == set(golden)
    for field in ("clusterInfo", "jobStatus", "taskManager"):
        assert set(status[field]) == set(golden[field]), field
    for field in ("lifecycleState", "jobManagerDeploymentStatus", "observedGeneration"):
        assert status[field] == golden[field], field
    assert _envelope(status) == _envelope(golden)
    recorded = status["reconciliationStatus"]
    assert recorded["lastStableSpec"] == recorded["lastReconciledSpec"]
    assert recorded["state"] == "DEPLOYED"


def _only_file() -> str:
    return next(path.name for path in sorted(GOLDEN.glob("*.yaml")))


def _envelope(status: dict[str, Any]) -> Any:
    """The JSON's fields, without the values that differ by application."""
    text = json.loads(status["reconciliationStatus"]["lastReconciledSpec"])
    spec = text["spec"]
    return list(spec), list(spec["job"]), spec["job"]["state"], text["resource_metadata"]


@pytest.mark.row("M-003-07")
def test_the_status_tells_what_flink_tells(life: Life, cluster: Cluster) -> None:
    ask = f"name=orders namespace={life.namespace}"
    run = life.person.run(
        "ansible", "localhost", "-o", "-m", "flinkops.flink.job_info", "-a", ask
    ).well()
    [told] = json.loads(run.out.split("=>", 1)[1])["jobs"]
    job = cluster.status("orders", life.namespace)["jobStatus"]
    assert (job["jobId"], job["jobName"], job["state"]) == (told["id"], told["name"], told["state"])
    started = dt.datetime.fromisoformat(told["started"]).timestamp()
    assert int(job["startTime"]) // 1000 == started
    assert int(job["updateTime"]) >= int(job["startTime"])


@pytest.mark.row("M-000-10")
def test_a_second_run_changes_and_writes_nothing(life: Life, cluster: Cluster) -> None:
    before = cluster.made(life.namespace)
    again = life.again()
    again.well(changed=0)
    assert cluster.made(life.namespace) == before


@pytest.mark.row("M-000-10")
def test_check_mode_on_a_settled_application_plans_nothing(life: Life, cluster: Cluster) -> None:
    before = cluster.made(life.namespace)
    checked = life.again("--check", "--diff")
    checked.well(changed=0)
    assert "the_job_runs" in checked.out
    assert cluster.made(life.namespace) == before


@pytest.mark.row("C-079", "C-083", "C-086", "C-096")
def test_its_objects_belong_to_it(life: Life, cluster: Cluster) -> None:
    uid = cluster.resource("orders", life.namespace)["metadata"]["uid"]
    [deployment] = cluster.list("deployments", life.namespace)
    assert [owner["uid"] for owner in deployment["metadata"]["ownerReferences"]] == [uid]
    others = [
        item
        for plural in ("configmaps", "services")
        for item in cluster.list(plural, life.namespace, labels="app=orders")
    ]
    owners = {owner["uid"] for item in others for owner in item["metadata"]["ownerReferences"]}
    assert owners == {deployment["metadata"]["uid"]}
    names = {item["metadata"]["name"] for item in others}
    assert {"flink-config-orders", "orders", "orders-rest"} <= names
    by_name = {item["metadata"]["name"]: item for item in others}
    assert "flink-conf.yaml" in by_name["flink-config-orders"]["data"]
    assert by_name["orders"]["spec"]["clusterIP"] == "None"
    assert by_name["orders-rest"]["spec"]["type"] == "ClusterIP"


def test_the_table_names_state_flink_and_reason(life: Life) -> None:
    run = life.person.play("status", status_namespace=life.namespace)
    run.well()
    line = next(line for line in run.out.splitlines() if " orders " in line)
    for word in (life.namespace, "STABLE", "RUNNING", "1.20", "the_job_runs"):
        assert word in line, line


def test_the_page_on_one_application_names_its_last_checkpoint(life: Life) -> None:
    run = life.person.play("status", status_namespace=life.namespace, status_name="orders")
    run.well()
    assert f"{life.namespace}/orders" in run.out
    assert "completed" in next(line for line in run.out.splitlines() if "Checkpoint" in line)


def test_flink_answers_by_its_address_as_by_its_name(life: Life, cluster: Cluster) -> None:
    service = cluster.get("services", "orders-rest", life.namespace)
    assert service is not None
    url = f"url=http://{service['spec']['clusterIP']}:8081"
    for module in ("job_info", "cluster_info"):
        ask = ("localhost", "-o", "-m", f"flinkops.flink.{module}", "-a")
        by_url = life.person.run("ansible", *ask, url)
        by_name = life.person.run("ansible", *ask, f"name=orders namespace={life.namespace}")
        assert _told(by_url.well(), module) == _told(by_name.well(), module)


def _told(run: Run, module: str) -> Any:
    said = json.loads(run.out.split("=>", 1)[1])
    if module == "job_info":
        return [
            {key: job[key] for key in ("id", "name", "state", "started")} for job in said["jobs"]
        ]
    return said


def test_another_host_answers_as_the_worker_does(life: Life) -> None:
    folder = life.person.folder
    (folder / "connection_plugins").mkdir()
    (folder / "connection_plugins" / "elsewhere.py").write_text(ELSEWHERE)
    (folder / "play.yml").write_text(PLAY.replace("NAMESPACE", life.namespace))
    (folder / "hosts.ini").write_text(
        "here ansible_connection=local\nthere ansible_connection=elsewhere\n"
        "[all:vars]\nansible_python_interpreter={{ ansible_playbook_python }}\n"
    )
    run = life.person.run("ansible-playbook", "-i", "hosts.ini", "play.yml")
    run.well()
    here, there = (json.loads((folder / f"{host}.json").read_text()) for host in ("here", "there"))
    assert _steady(there) == _steady(here)
    assert here["turn"]["because"] == "the_job_runs"
    assert here["resource"]["changed"] is False


def _steady(answers: dict[str, Any]) -> dict[str, Any]:
    """Without what grows from one second to the next, and what only modules add."""
    answers["job"]["jobs"] = [job["id"] for job in answers["job"]["jobs"]]
    for name in ("checkpoints", "last_checkpoint"):
        answers["turn"].pop(name)
    for answer in answers.values():
        for name in ("invocation", "ansible_facts", "warnings", "deprecations"):
            answer.pop(name, None)
    return answers


GIVEN = custom_resource("orders", "")["spec"]["flinkConfiguration"]
OPERATOR_KEY = {"kubernetes.operator.jm-deployment.shutdown-ttl": "2 d"}
LOGGING = "monitorInterval=30\nrootLogger.level = WARN\n"
CHANGED = {
    "operator-key": {"flinkConfiguration": {**GIVEN, **OPERATOR_KEY}},
    "log-level": {"logConfiguration": {"log4j-console.properties": LOGGING}},
    "ingress": {"ingress": {"template": "orders.example/{{namespace}}/{{name}}"}},
    "label": {"podTemplate": {"metadata": {"labels": {"team": "orders"}}}},
}


@pytest.mark.parametrize("change", CHANGED)
def test_what_concerns_no_process_restarts_none(life: Life, cluster: Cluster, change: str) -> None:
    job_id = cluster.status("orders", life.namespace)["jobStatus"]["jobId"]
    pods = {pod["metadata"]["uid"] for pod in cluster.list("pods", life.namespace)}
    life.definition["spec"].update(CHANGED[change])
    life.person.write("orders.yaml", life.definition)
    life.again().well()
    status = cluster.status("orders", life.namespace)
    recorded = json.loads(status["reconciliationStatus"]["lastReconciledSpec"])["spec"]
    for field, given in CHANGED[change].items():
        assert given.items() <= recorded[field].items()
    assert (status["lifecycleState"], status["jobStatus"]["jobId"]) == ("STABLE", job_id)
    assert has_followed(cluster, life.namespace, change)
    assert {pod["metadata"]["uid"] for pod in cluster.list("pods", life.namespace)} == pods
    assert restarts(cluster, life.namespace) == {0}
    life.again().well(changed=0)


def has_followed(cluster: Cluster, namespace: str, change: str) -> bool:
    """The object that the change is about says the same now."""
    match change:
        case "label":
            pods = cluster.list("pods", namespace)
            return {pod["metadata"]["labels"].get("team") for pod in pods} == {"orders"}
        case "log-level":
            found = cluster.get("configmaps", "flink-config-orders", namespace) or {}
            return bool(found["data"]["log4j-console.properties"] == LOGGING)
        case "ingress":
            [ingress] = cluster.list("ingresses", namespace)
            return bool(ingress["spec"]["rules"][0]["host"] == "orders.example")
        case _:
            return True


def restarts(cluster: Cluster, namespace: str) -> set[int]:
    pods = cluster.list("pods", namespace)
    return {it["restartCount"] for pod in pods for it in pod["status"]["containerStatuses"]}


@pytest.mark.row("M-000-06", "C-097")
def test_a_removal_leaves_nothing(life: Life, cluster: Cluster) -> None:
    """The last of this module: what the others look at is gone after it."""
    removed = life.person.remove(cr="orders.yaml")
    removed.well()
    assert removed.changed > 0
    told = (
        "a_stateless_job_is_removed",
        "a_stopped_cluster_is_deleted",
        "nothing_of_that_name_is_left",
    )
    places = [removed.out.index(rule) for rule in told]
    assert places == sorted(places), "first the JobManager, the one writer, and then the rest"
    # The Lease goes with its owner, by the garbage collector.
    until(lambda: not cluster.made(life.namespace), "nothing is left", within=15)
    again = life.person.remove(cr="orders.yaml")
    again.well(changed=0)
