# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The look of a diagnosis: each thing by itself, and what can't be seen is told."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any, cast

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis import diagnose
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_scene import (
    FlinkView,
    Scene,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.kube.diagnose_look import look_closely
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    ApiServerUnreachable,
    Forbidden,
    NamespaceMissing,
    Unserved,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import Kind
from support import golden
from support.scenes import JM, MAIN, NOW, ended

from ..flink.tape import VERSIONS, A, C, recorded

MAY_NOT = Forbidden("Kubernetes answered 403 to GET x: no. Ask for the right that is named.")
NAMESPACE = {"metadata": {"name": "adopt"}, "status": {"phase": "Active"}}
Objects = dict[str, list[dict[str, Any]]]


@dataclass
class Cluster:
    """An Api whose answers are chosen."""

    objects: Objects = field(default_factory=dict)
    refuses: dict[str, Exception] = field(default_factory=dict)
    denied: frozenset[str] = frozenset()
    log: str = ""
    rest: dict[str, Any] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    def get(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any] | None:
        every = self.list(kind, namespace)
        return next((item for item in every if item["metadata"]["name"] == name), None)

    def list(
        self, kind: Kind, namespace: str = "", *, labels: str = "", fields: str = ""
    ) -> list[dict[str, Any]]:
        self.refuse(kind.kind)
        return self.objects.get(kind.kind, [])

    def ask(self, kind: Kind, review: dict[str, Any]) -> dict[str, Any]:
        self.refuse(kind.kind)
        verb = review["spec"]["resourceAttributes"]["verb"]
        return {"status": {"allowed": verb not in self.denied}}

    def text(self, path: str, **_params: Any) -> str:
        self.refuse("log")
        self.asked.append(path)
        return self.log

    def answer(self, _method: str, path: str, **_params: Any) -> tuple[int, bytes]:
        self.refuse("rest")
        found = self.rest.get(path.rpartition("/proxy")[2].partition("?")[0])
        return (
            (200, json.dumps(found).encode()) if found is not None else (404, b'{"errors":["x"]}')
        )

    def refuse(self, what: str) -> None:
        if what in self.refuses:
            raise self.refuses[what]


def of_state(state: str) -> Objects:
    """A recorded cluster, in a namespace that is there, with its account."""
    found: Objects = {"Namespace": [NAMESPACE], "ServiceAccount": [{"metadata": {"name": "flink"}}]}
    for item in golden.objects(state):
        found.setdefault(item["kind"], []).append(item)
    return found


def seen(cluster: Cluster, name: str = "st-bad-class") -> Scene:
    return look_closely(cast("Api", cluster), name=name, namespace="adopt", now=NOW)


def rules(cluster: Cluster, name: str = "st-bad-class") -> list[str]:
    return [finding.rule for finding in diagnose(seen(cluster, name)).findings]


@pytest.mark.row("C-028")
def test_a_recorded_crash_is_explained_by_the_log_of_the_time_before() -> None:
    cluster = Cluster(
        objects=of_state("failed-bad-class"),
        log="The program's entry point class 'com.example.Nope' was not found in the jar file.",
    )
    assert rules(cluster)[:2] == ["its_main_class_is_not_found", "its_container_crashes"]
    assert [path.endswith("&previous=true") for path in cluster.asked] == [True]


def test_a_recorded_image_that_can_not_be_pulled() -> None:
    cluster = Cluster(objects=of_state("upgraded-image-cannot-be-pulled"))
    assert rules(cluster, "st-stateless")[0] == "its_image_can_not_be_pulled"


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("FlinkDeployment", "FlinkDeployment (not allowed)"),
        ("Deployment", "Deployment (not allowed)"),
        ("Pod", "pods (not allowed)"),
        ("ConfigMap", "ConfigMaps with HA data (not allowed)"),
        ("Event", "events (not allowed)"),
        ("ServiceAccount", "service account (not allowed)"),
        ("Namespace", "namespace (not allowed)"),
        ("Lease", "Lease (not allowed)"),
        ("SubjectAccessReview", "the account's rights (not allowed)"),
    ],
)
def test_what_may_not_be_seen_is_told_and_hides_nothing_else(kind: str, told: str) -> None:
    cluster = Cluster(objects=of_state("failed-bad-class"), refuses={kind: MAY_NOT})
    scene = seen(cluster)
    assert scene.unseen == (told,)
    absences = {"there_is_no_such_resource", "its_jobmanager_is_lost", "its_ha_metadata_is_gone"}
    absences |= {"its_service_account_is_missing", "its_service_account_lacks_rights"}
    absences |= {"there_is_no_such_namespace"}
    found = {finding.rule for finding in diagnose(scene).findings}
    assert absences & found == set()
    if kind == "Lease":
        assert "another_operator_serves_it" not in found


def test_a_log_that_may_not_be_read_is_told() -> None:
    cluster = Cluster(objects=of_state("failed-bad-class"), refuses={"log": MAY_NOT})
    scene = seen(cluster)
    assert len(scene.unseen) == 1
    assert scene.unseen[0].startswith("log of Pod/st-bad-class-")


@pytest.mark.parametrize("error", [ApiServerUnreachable("no"), Unserved("no CRD")])
def test_where_nothing_can_be_seen_there_is_no_diagnosis(error: Exception) -> None:
    with pytest.raises(type(error)):
        seen(Cluster(refuses={"FlinkDeployment": error}))


def test_a_namespace_that_is_not_there_is_a_finding() -> None:
    gone = NamespaceMissing("no")
    cluster = Cluster(refuses={"Pod": gone, "ConfigMap": gone})
    assert rules(cluster)[0] == "there_is_no_such_namespace"


def test_the_rights_of_the_account_are_asked_for() -> None:
    cluster = Cluster(objects=of_state("failed-bad-class"), denied=frozenset({"watch"}))
    assert seen(cluster).missing_rights == ("watch pods",)
    cluster.objects["ServiceAccount"] = []
    assert not seen(cluster).has_account


def test_an_init_container_and_a_running_jobmanager_are_read_too() -> None:
    objects = of_state("failed-bad-class")
    running = {"name": MAIN, "state": {"running": {}}, "lastState": {}}
    status = {
        "initContainerStatuses": [ended(1) | {"name": "fetch"}],
        "containerStatuses": [running],
    }
    labels = {"component": "jobmanager"}
    objects["Pod"] = [{"metadata": {"name": JM, "labels": labels}, "status": status}]
    cluster = Cluster(objects=objects, log="x")
    logs = seen(cluster).logs
    assert [said.container for said in logs] == ["fetch", MAIN]
    assert ["previous" in path for path in cluster.asked] == [True, False]


def up(version: str, job: str, jobs: str, **cases: str) -> Cluster:
    """A recorded Flink behind the API server. `cases`: on tape, by their paths below the job."""
    objects = of_state("failed-bad-class")
    (deployment,) = objects["Deployment"]
    (resource,) = objects["FlinkDeployment"]
    status = {**resource["status"], "jobStatus": {"jobId": job, "state": "RUNNING"}}
    objects["Deployment"] = [{**deployment, "status": {"availableReplicas": 1}}]
    objects["FlinkDeployment"] = [{**resource, "status": status}]
    on_tape = {"/config": "config", "/overview": "overview", "/jobs/overview": jobs}
    on_tape |= {f"/jobs/{job}{path}": case for path, case in cases.items()}
    rest = {path: recorded(version, case)["answer"]["body"] for path, case in on_tape.items()}
    return Cluster(objects=objects, rest=rest)


@pytest.mark.parametrize("version", VERSIONS)
def test_a_job_that_failed_is_told_with_its_root_exception(version: str) -> None:
    cases = {"/exceptions": "exceptions-failed", "/execution-result": "result-failed"}
    cluster = up(version, C, "jobs-restarting", **cases)
    found = seen(cluster).flink
    assert isinstance(found, FlinkView)
    assert found.job is not None
    assert found.job.checkpoints is None
    assert rules(cluster)[:2] == ["its_savepoint_is_not_there", "the_job_failed"]


@pytest.mark.parametrize("version", VERSIONS)
def test_a_job_that_runs_is_told_with_its_slots_and_checkpoints(version: str) -> None:
    cases = {"": "job-running", "/checkpoints": "checkpoints"}
    found = seen(up(version, A, "jobs-running", **cases)).flink
    assert isinstance(found, FlinkView)
    assert found.slots > 0
    assert found.job is not None
    assert found.job.needed > 0
    assert found.job.checkpoints is not None
    assert found.job.checkpoints.completed > 0


def test_flink_is_asked_where_its_deployment_may_not_be_seen() -> None:
    cluster = up(VERSIONS[0], A, "jobs-running")
    cluster.refuses["Deployment"] = MAY_NOT
    assert isinstance(seen(cluster).flink, FlinkView)


def test_a_silent_flink_is_told_with_its_reason() -> None:
    cluster = up(VERSIONS[0], A, "jobs-running")
    cluster.refuses["rest"] = ApiServerUnreachable("timed out")
    found = seen(cluster).flink
    assert isinstance(found, str)
    assert "timed out" in found
    assert "its_rest_api_is_silent" in rules(cluster)
