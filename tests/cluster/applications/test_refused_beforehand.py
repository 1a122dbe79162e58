"""What can be known beforehand is refused before the first write, in one clear message."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from support.applications import namespace_for
from support.cluster import Cluster
from support.custom_resource import NEWEST_VERSION, custom_resource
from support.playbook import Player

SECRET = "hunter-2-and-3"  # noqa: S105
POD = {"apiVersion": "v1", "kind": "Pod"}
Case = tuple[dict[str, Any], tuple[str, ...]]


@pytest.fixture(scope="module")
def namespace(
    cluster: Cluster, installed: None, kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """One for all of this module: that nothing gets into it is what each test proves."""
    person = Player(tmp_path_factory.mktemp("namespace"), kubeconfig)
    for name in namespace_for(cluster, person):
        cluster.create("serviceaccounts", name, {"metadata": {"name": "powerless"}})
        yield name


@pytest.fixture
def refused(cluster: Cluster, namespace: str, person: Player) -> Iterator[Player]:
    """A person whose run must leave nothing behind."""
    yield person
    assert cluster.made(namespace) == {}


def job(**changes: Any) -> dict[str, Any]:
    given = {"jarURI": "local:///opt/flink/usrlib/job.jar", "parallelism": 1}
    return {"job": {**given, "upgradeMode": "stateless", **changes}}


def resource(cpu: Any = 0.2, memory: Any = "1024m") -> dict[str, Any]:
    return {"resource": {"cpu": cpu, "memory": memory}}


CASES: dict[str, Case] = {
    "a_number_is_text": (
        {"jobManager": resource(cpu="plenty")},
        ("spec.jobManager.resource.cpu", "`plenty`", "must be a number", "for example 0.5"),
    ),
    "a_list_is_text": (
        job(args="--rate 5"),
        ("spec.job.args", "must be a list"),
    ),
    "a_map_is_a_list": (
        {"jobManager": ["1024m"]},
        ("spec.jobManager", "must be a map"),
    ),
    "an_unknown_choice": (
        job(upgradeMode="stateful"),
        ("spec.job.upgradeMode", "`stateful`", "stateless, savepoint, last-state"),
    ),
    "an_unknown_version": (
        {"flinkVersion": "v9_9"},
        ("spec.flinkVersion", "`v9_9`", "must be one of"),
    ),
    "no_service_account": (
        {"serviceAccount": None},
        ("spec.serviceAccount", "a service account is needed", "Name an account"),
    ),
    "an_account_that_is_not_there": (
        {"serviceAccount": "nobody"},
        ("spec.serviceAccount", "`nobody`", "must be a service account in", "install.yml"),
    ),
    "an_account_without_rights": (
        {"serviceAccount": "powerless"},
        ("spec.serviceAccount", "`powerless`", "must have the right to create pods", "install.yml"),
    ),
    "a_key_that_follows_from_the_name": (
        {"flinkConfiguration": {"kubernetes.cluster-id": "x"}},
        ("kubernetes.cluster-id", "can't be chosen", "Remove the key"),
    ),
    "memory_too_small_for_flink": (
        {"taskManager": resource(memory="200m")},
        ("spec.taskManager.resource.memory", "200", "Ask for more memory"),
    ),
    "memory_that_is_no_size": (
        {"jobManager": resource(memory="much")},
        ("spec.jobManager.resource.memory", "`much`", "2048m"),
    ),
    "keys_that_overlap_in_flink_2": (
        {
            "flinkVersion": NEWEST_VERSION,
            "flinkConfiguration": {"state.backend": "rocksdb", "state.backend.type": "rocksdb"},
        },
        ("state.backend", "a key can't have a value of its own and further keys below it"),
    ),
    "state_without_a_place_for_checkpoints": (
        job(upgradeMode="last-state"),
        ("upgrade", "checkpoints", "state.checkpoints.dir"),
    ),
    "savepoints_without_a_place_for_them": (
        {
            **job(upgradeMode="savepoint"),
            "flinkConfiguration": {"state.checkpoints.dir": "file:///checkpoints"},
        },
        ("spec.job.upgradeMode", "needs a place for savepoints", "state.savepoints.dir"),
    ),
    "a_jar_without_a_scheme": (
        job(jarURI="usrlib/job.jar"),
        ("spec.job.jarURI", "`usrlib/job.jar`", "must say how the jar is reached", "local://"),
    ),
    "a_pod_template_that_the_api_server_refuses": (
        {
            "taskManager": {
                **resource(),
                "podTemplate": {**POD, "spec": {"tolerations": [{"operator": "Sometimes"}]}},
            }
        },
        ("rendered Pod bad-taskmanager", "tolerations", "Sometimes", "make render"),
    ),
}


@pytest.mark.row("C-107", "M-002-18")
@pytest.mark.parametrize("name", CASES)
def test_a_bad_resource(refused: Player, namespace: str, name: str) -> None:
    spec, words = CASES[name]
    definition = custom_resource("bad", namespace, **spec)
    configuration = {"s3.secret-key": SECRET, **definition["spec"]["flinkConfiguration"]}
    definition["spec"]["flinkConfiguration"] = configuration
    refused.write("bad.yaml", definition)
    run = refused.deploy("--diff", "-v", cr="bad.yaml", deploy_timeout=5)
    for word in words:
        assert word in run.failure.msg, str(run)
    assert len(run.failure.msg.splitlines()) == 1, str(run)
    assert SECRET not in f"{run}"


@pytest.mark.row("C-107")
@pytest.mark.parametrize(
    ("name", "word"), [("a" * 46, "at most"), ("Orders", "lower-case"), ("or.ders", "or.ders")]
)
def test_a_bad_name(refused: Player, namespace: str, name: str, word: str) -> None:
    refused.write("bad.yaml", custom_resource(name, namespace))
    failure = refused.deploy(cr="bad.yaml").failure
    assert "metadata.name" in failure.msg
    assert name in failure.msg
    assert word in failure.msg


def test_a_namespace_that_is_not_there(refused: Player, cluster: Cluster) -> None:
    refused.write("bad.yaml", custom_resource("bad", "flinkops-e2e-nowhere"))
    failure = refused.deploy(cr="bad.yaml").failure
    assert "metadata.namespace" in failure.msg
    assert "`flinkops-e2e-nowhere`" in failure.msg
    assert "install.yml" in failure.msg
    assert cluster.ask("GET", "/api/v1/namespaces/flinkops-e2e-nowhere").status == 404


def test_every_mistake_is_told_at_once(refused: Player, namespace: str) -> None:
    spec = {"jobManager": resource(cpu="plenty"), **job(upgradeMode="stateful")}
    refused.write("bad.yaml", custom_resource("bad", namespace, **spec))
    lines = refused.deploy(cr="bad.yaml").failure.msg.splitlines()
    assert [line.split(":")[0] for line in lines] == [
        "spec.job.upgradeMode",
        "spec.jobManager.resource.cpu",
    ]


@pytest.mark.parametrize(
    ("shape", "reason"),
    [
        ({"job": None}, "session_clusters_are_not_served_yet"),
        ({"mode": "standalone"}, "standalone_mode_is_not_served_yet"),
    ],
)
def test_what_is_not_served_yet_is_refused_by_name(
    refused: Player, namespace: str, shape: dict[str, Any], reason: str
) -> None:
    refused.write("later.yaml", custom_resource("later", namespace, **shape))
    failure = refused.deploy(cr="later.yaml").failure
    assert failure.reason == reason
    assert f"{namespace}/later" in failure.msg
    assert "rendered" in failure.msg


TEXTS: dict[str, tuple[str | bytes, tuple[str, ...]]] = {
    "garbage": ("a: [b\nc: " + SECRET, ("bad.yaml", "is not YAML", "line")),
    "nothing": ("", ("bad.yaml", "must hold custom resources")),
    "a_text": ("just words", ("bad.yaml", "must hold custom resources")),
    "not_text": (b"\xff\xfe\x00\x81", ("bad.yaml", "is not YAML", "UTF-8")),
    "another_kind": (
        "apiVersion: v1\nkind: ConfigMap\nmetadata: {name: x}\n",
        ("kind", "ConfigMap"),
    ),
    "another_of_our_kinds": (
        "{apiVersion: flink.apache.org/v1beta1, kind: FlinkSessionJob, metadata: {name: x}}",
        ("kind", "FlinkSessionJob"),
    ),
}


@pytest.mark.parametrize("name", TEXTS)
def test_a_file_that_is_no_resource(refused: Player, name: str) -> None:
    text, words = TEXTS[name]
    path = refused.folder / "bad.yaml"
    path.write_bytes(text if isinstance(text, bytes) else text.encode())
    run = refused.deploy(cr="bad.yaml")
    for word in words:
        assert word in run.failure.msg, str(run)
    assert SECRET not in f"{run}"


def test_a_file_that_is_not_there(refused: Player) -> None:
    failure = refused.deploy(cr="nowhere.yaml").failure
    assert "nowhere.yaml" in failure.msg
    assert "No such file" in failure.msg


@pytest.mark.parametrize(
    ("variables", "words"),
    [
        ({"deploy_upgrade_mode": "stateful"}, ("deploy_upgrade_mode", "stateful", "last-state")),
        ({"deploy_parallelism": "two"}, ("deploy_parallelism", "two")),
        ({"deploy_service_account": "nobody"}, ("spec.serviceAccount", "nobody")),
        ({"deploy_jar": ""}, ("spec.job.jarURI", "local://")),
    ],
)
def test_bad_plain_variables(
    refused: Player, namespace: str, variables: dict[str, Any], words: tuple[str, ...]
) -> None:
    given = {
        "deploy_name": "plain",
        "deploy_namespace": namespace,
        "deploy_image": "local/flink:1.20",
        "deploy_jar": "local:///opt/flink/usrlib/job.jar",
        **variables,
    }
    run = refused.deploy(**given)
    assert run.status != 0, str(run)
    for word in words:
        assert word in run.out + run.err, str(run)
