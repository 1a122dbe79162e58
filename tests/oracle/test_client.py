# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Flink's own Kubernetes client is asked: both make the same objects of one configuration.

Native mode. Needs Java, and the jars of Flink 1.20 where the image build keeps them. What Flink's
client doesn't do (configuration files, startup probe) comes from golden cases instead.
"""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core import manifests
from ansible_collections.flinkops.flink.plugins.module_utils.core.config import effective, for_flink
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkDeployment,
    JobManager,
    Resource,
    TaskManager,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import first_start, started
from ansible_collections.flinkops.flink.plugins.module_utils.core.yaml_text import quoted_document
from e2e.flink_rest.flink_home import flink_home
from support.api_server import stored
from support.deployments import SPEC, deployment, session

ORACLE = Path(__file__).with_name("ClientOracle.java")
pytestmark = pytest.mark.flink
MAIN = "flink-main-container"
HA = {"high-availability.type": "kubernetes", "high-availability.storageDir": "s3://x"}
Objects = dict[str, dict[str, Any]]

EVERYTHING = {
    "kubernetes.jobmanager.node-selector": "zone:a,disk:ssd",
    "kubernetes.jobmanager.tolerations": "key:a,operator:Equal,value:v,effect:NoSchedule;"
    "key:b,operator:Exists,tolerationSeconds:6000",
    "kubernetes.secrets": "s-one:/etc/one,s-two:/etc/two,s-three:/etc/three",
    "kubernetes.env.secretKeyRef": "env:PASS,secret:db,key:pw;env:USER,secret:db,key:user",
    "kubernetes.jobmanager.annotations": "a.b/c:d,'''x:y'':''1,2''',zz:1",
    "kubernetes.jobmanager.labels": "team:blue,component:mine",
    "kubernetes.container.image.pull-secrets": "r1;r2; r3",
    "kubernetes.jobmanager.entrypoint.args": "-D a=b",
    "kubernetes.flink.log.dir": "/var/log/flink",
    "kubernetes.rest-service.annotations": "'''a:b'':c',d:e",
    "kubernetes.internal-service.annotations": "i:1",
    "kubernetes.rest-service.exposed.type": "LoadBalancer",
    "kubernetes.hadoop.conf.config-map.name": "hadoop",
    "kubernetes.entry.path": "/entry.sh",
    "kubernetes.flink.conf.dir": "/etc/flink",
    "user.artifacts.base-dir": "/var/artifacts",
    "rest.port": "8090",
    "rest.bind-port": "8091",
    "jobmanager.rpc.port": "6200",
    "blob.server.port": "6201",
    "security.kerberos.krb5-conf.path": "/nowhere/my-krb5.conf",
}
OWN = {
    "name": MAIN,
    "image": "own:1",
    "imagePullPolicy": "Never",
    "command": ["x"],
    "args": ["y"],
    "workingDir": "/w",
    "env": [{"name": "E", "valueFrom": {"secretKeyRef": {"name": "s", "key": "k"}}}],
    "ports": [{"containerPort": 9999, "name": "metrics"}],
    "volumeMounts": [{"name": "v", "mountPath": "/v"}],
    "resources": {"limits": {"gpu": 1, "memory": "9Gi"}, "requests": {"disk": "1Gi"}},
    "livenessProbe": {"httpGet": {"path": "/x", "port": 8081}},
}
TEMPLATE = {
    "metadata": {"labels": {"a": "b", "component": "x"}, "annotations": {"n": "m"}},
    "spec": {
        "serviceAccountName": "own",
        "hostNetwork": True,
        "dnsPolicy": "None",
        "restartPolicy": "Never",
        "imagePullSecrets": [{"name": "t"}],
        "nodeSelector": {"q": "r", "zone": "z"},
        "tolerations": [{"key": "t", "operator": "Exists"}],
        "initContainers": [{"name": "i", "image": "i:1"}],
        "volumes": [{"name": "v", "emptyDir": {}}],
        "containers": [{"name": "side", "image": "s:1"}, OWN],
    },
}
MANY = {
    "kubernetes.secrets": ",".join(f"secret-{number}:/s/{number}" for number in range(20)),
    **{f"containerized.master.env.V{number}": str(number) for number in range(30)},
}
STORAGE = Resource(memory="1g", ephemeral_storage="2Gi")
THREE = replace(SPEC.job_manager or JobManager(), replicas=3)
FACTORS = {
    "kubernetes.jobmanager.cpu.limit-factor": "3",
    "kubernetes.jobmanager.memory.limit-factor": "1.1",
}
CASES = {
    "application": deployment(),
    "session": session(),
    "everything": deployment(conf=EVERYTHING),
    "everything in a session": session(conf=EVERYTHING),
    "template": deployment(conf=EVERYTHING, pod_template=TEMPLATE),
    "template alone": deployment(pod_template=TEMPLATE, image=None, service_account=None),
    "many": deployment(conf=MANY),
    "host network": deployment(conf={"kubernetes.hostnetwork.enabled": "true"}),
    "three": deployment(conf=HA, job_manager=THREE),
    "three in a session": session(conf=HA, job_manager=THREE),
    "factors": deployment(
        conf=FACTORS, job_manager=JobManager(resource=Resource(memory="1777m", cpu=0.1))
    ),
    "storage": deployment(
        job_manager=JobManager(resource=STORAGE),
        task_manager=TaskManager(resource=replace(STORAGE, memory="2g")),
    ),
    "no probe": deployment(
        conf={"kubernetes.operator.jm-deployment.startup.probe.enabled": "false"}
    ),
    "headless": deployment(conf={"kubernetes.rest-service.exposed.type": "Headless_ClusterIP"}),
    "node port": deployment(conf={"kubernetes.rest-service.exposed.type": "NodePort"}),
    "account": deployment(conf={"kubernetes.jobmanager.service-account": "other"}),
    "hadoop off": deployment(
        conf={
            "kubernetes.hadoop.conf.config-map.name": "h",
            "kubernetes.decorator.hadoop-conf-mount.enabled": "false",
        }
    ),
    "one log file": deployment(log_configuration={"log4j-console.properties": "x"}),
}


def lay_out(given: FlinkDeployment, folder: Path) -> None:
    """What Flink's client is given: the whole configuration, and templates as files."""
    logs = folder / "logs"
    logs.mkdir(parents=True)
    files = given.spec.log_configuration
    for name in ("logback-console.xml", "log4j-console.properties") if files is None else files:
        (logs / name).write_text("")
    conf = started(given, effective(given, base={}), start=first_start(given))
    for_job_manager, for_workers = manifests.templates(given.spec, conf)
    conf = {**for_flink(conf), "$internal.deployment.config-dir": str(logs)}
    if for_workers is not None:
        (folder / "workers.yaml").write_text(quoted_document(for_workers))
        conf["kubernetes.pod-template-file.taskmanager"] = str(folder / "workers.yaml")
    if for_job_manager is not None:
        (folder / "template.yaml").write_text(quoted_document(for_job_manager))
    lines = (f"{key}\t{value}\n" for key, value in sorted(conf.items()))
    (folder / "conf").write_text("".join(lines))


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """All cases in one Java process."""
    root = tmp_path_factory.mktemp("cases")
    folders = {name: root / name.replace(" ", "-") for name in CASES}
    for name, folder in folders.items():
        lay_out(CASES[name], folder)
    command = [
        "java",
        "-cp",
        f"{flink_home('1.20')}/lib/*",
        str(ORACLE),
        *map(str, folders.values()),
    ]
    subprocess.run(command, check=True, capture_output=True, timeout=120)  # noqa: S603
    return folders


def comparable(found: dict[str, Any]) -> dict[str, Any]:
    """As stored; without what Flink's client leaves to others: namespace, owners, files' text."""
    kept = stored(found)
    kept["metadata"].pop("namespace", None)
    if kept["kind"] != "Deployment":
        kept["metadata"].pop("ownerReferences", None)
    if kept["kind"] == "ConfigMap":
        key = "taskmanager-pod-template.yaml"
        kept["data"] = yaml.safe_load(kept["data"].get(key, "{}"))
    if kept["kind"] == "Deployment":
        pod = kept["spec"]["template"]["spec"]
        if not pod.get("hostNetwork"):
            pod.pop("hostNetwork", None)
        for item in [i for v in pod["volumes"] for i in v.get("configMap", {}).get("items", [])]:
            for field in ("key", "path"):  # the client names the file after its own version
                item[field] = item[field].replace("flink-conf.yaml", "config.yaml")
    return kept


def by_name(objects: Any) -> Objects:
    return {f"{item['kind']} {item['metadata']['name']}": comparable(item) for item in objects}


@pytest.mark.parametrize("name", CASES)
@pytest.mark.row("C-079", "C-080", "C-088")
def test_both_make_the_same_objects(name: str, answers: dict[str, Path]) -> None:
    given = CASES[name]
    ours = by_name(manifests.render(given, base={}, start=first_start(given)).all())
    theirs = by_name(yaml.safe_load_all((answers[name] / "made.yaml").read_text()))
    assert ours == theirs
