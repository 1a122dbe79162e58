# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The JobManager's Deployment."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkVersion,
    Job,
    JobManager,
    Mode,
)
from support.deployments import SPEC, deployment, jobmanager, made, main, pod, session

HA = {"high-availability.type": "kubernetes"}
MAIN = "flink-main-container"


def template(container: dict[str, Any] | None = None, **spec: Any) -> dict[str, Any]:
    containers = [{"name": "side", "image": "s"}]
    if container is not None:
        containers.append({"name": MAIN, **container})
    return {"spec": {"containers": containers, **spec}}


@pytest.mark.parametrize(
    ("given", "args"),
    [
        (deployment(), ["bash", "-c", "kubernetes-jobmanager.sh kubernetes-application "]),
        (session(), ["bash", "-c", "kubernetes-jobmanager.sh kubernetes-session "]),
        (deployment(mode=Mode.STANDALONE), ["standalone-job"]),
        (session(mode=Mode.STANDALONE), ["jobmanager"]),
    ],
)
@pytest.mark.row("C-079", "C-080", "C-081", "C-082")
def test_each_shape_has_its_command(given: Any, args: list[str]) -> None:
    found = main(jobmanager(given))
    assert found["command"] == ["/docker-entrypoint.sh"]
    assert found["args"] == args


def test_entry_path_and_arguments_are_the_users() -> None:
    conf = {"kubernetes.entry.path": "/e.sh", "kubernetes.jobmanager.entrypoint.args": "-D a=b"}
    found = main(jobmanager(deployment(conf=conf)))
    assert found["command"] == ["/e.sh"]
    assert found["args"][-1] == "kubernetes-jobmanager.sh kubernetes-application -D a=b"


@pytest.mark.row("C-081")
def test_a_standalone_job_is_told_by_arguments() -> None:
    job = Job(
        jar_uri="local:///j.jar",
        parallelism=1,
        entry_class="a.Main",
        args=("--x", "y z"),
        allow_non_restored_state=True,
        initial_savepoint_path="s3://s",
    )
    found = main(jobmanager(deployment(job=job, mode=Mode.STANDALONE, conf=HA)))
    assert found["args"] == [
        "standalone-job",
        "--job-classname",
        "a.Main",
        "--allowNonRestoredState",
        "--fromSavepoint",
        "s3://s",
        "--host",
        "$(_POD_IP_ADDRESS)",
        "--x",
        "y z",
    ]


ADDRESS = "$(_POD_IP_ADDRESS)"


@pytest.mark.parametrize(
    ("version", "in_session", "in_application"),
    [
        (FlinkVersion.V1_20, [ADDRESS], ["--host", ADDRESS]),
        (FlinkVersion.V2_1, *[["-D", f"jobmanager.rpc.address={ADDRESS}"]] * 2),
    ],
)
def test_each_of_several_jobmanagers_is_reached_at_its_own_address(
    version: FlinkVersion, in_session: list[str], in_application: list[str]
) -> None:
    many: dict[str, Any] = {"flink_version": version, "mode": Mode.STANDALONE, "conf": HA}
    assert main(jobmanager(session(**many)))["args"] == ["jobmanager", *in_session]
    assert main(jobmanager(deployment(**many)))["args"] == ["standalone-job", *in_application]


@pytest.mark.parametrize(
    ("mode", "job", "args"),
    [
        (Mode.STANDALONE, None, ["own", "jobmanager"]),
        (Mode.STANDALONE, SPEC.job, ["standalone-job"]),
    ],
)
def test_only_a_standalone_session_keeps_arguments_of_the_template(
    mode: Mode, job: Job | None, args: list[str]
) -> None:
    given = deployment(mode=mode, job=job, pod_template=template({"args": ["own"]}))
    assert main(jobmanager(given))["args"] == args


def test_the_template_comes_first_and_stays() -> None:
    own = {
        "env": [{"name": "A", "value": "1"}],
        "ports": [{"name": "metrics", "containerPort": 9249}],
        "volumeMounts": [{"name": "data", "mountPath": "/data"}],
        "resources": {"requests": {"cpu": "7", "gpu": "1"}},
        "workingDir": "/w",
        "command": ["never"],
    }
    found = jobmanager(deployment(pod_template=template(own, volumes=[{"name": "data"}])))
    container = main(found)
    assert [item["name"] for item in pod(found)["containers"]] == ["side", MAIN]
    assert [item["name"] for item in container["env"]] == ["A", "_POD_IP_ADDRESS"]
    assert [item["name"] for item in container["ports"]][:2] == ["metrics", "rest"]
    assert container["volumeMounts"][0]["name"] == pod(found)["volumes"][0]["name"] == "data"
    assert container["resources"]["requests"] == {"cpu": "1", "gpu": "1", "memory": "1Gi"}
    assert container["workingDir"] == "/w"
    assert container["command"] == ["/docker-entrypoint.sh"]


def test_a_key_wins_over_the_template_only_where_it_is_set() -> None:
    own = template({"image": "own:1", "imagePullPolicy": "Never"}, serviceAccountName="own")
    set_ones = jobmanager(deployment(pod_template=own, image_pull_policy="Always"))
    assert (main(set_ones)["image"], main(set_ones)["imagePullPolicy"]) == ("flink:1.20", "Always")
    assert pod(set_ones)["serviceAccount"] == pod(set_ones)["serviceAccountName"] == "flink"
    unset = jobmanager(deployment(pod_template=own, image=None, service_account=None))
    assert (main(unset)["image"], main(unset)["imagePullPolicy"]) == ("own:1", "Never")
    assert pod(unset)["serviceAccount"] == pod(unset)["serviceAccountName"] == "own"


def test_a_pull_policy_is_spelled_as_kubernetes_wants_it() -> None:
    conf = {"kubernetes.container.image.pull-policy": "always"}
    assert main(jobmanager(deployment(conf=conf)))["imagePullPolicy"] == "Always"


def test_without_any_image_nothing_is_made() -> None:
    with pytest.raises(InvalidResource, match="no image is given"):
        made(deployment(image=None))


def test_the_host_network_needs_no_ports() -> None:
    own = template({}, hostNetwork=True, dnsPolicy="None")
    on = jobmanager(deployment(conf={"kubernetes.hostnetwork.enabled": "true"}, pod_template=own))
    assert (pod(on)["hostNetwork"], pod(on)["dnsPolicy"]) == (True, "ClusterFirstWithHostNet")
    assert "ports" not in main(on)
    off = pod(jobmanager(deployment(pod_template=own)))
    assert "hostNetwork" not in off
    assert off["dnsPolicy"] == "None"


@pytest.mark.row("C-096")
def test_the_resource_owns_the_deployment_but_does_not_control_it() -> None:
    (owner,) = jobmanager(deployment())["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["uid"]) == ("FlinkDeployment", "<uid of the CR>")
    assert (owner["controller"], owner["blockOwnerDeletion"]) == (False, True)


LABELS = {"kubernetes.jobmanager.labels": "team:a,component:mine"}


@pytest.mark.parametrize(
    ("mode", "component"), [(Mode.NATIVE, "jobmanager"), (Mode.STANDALONE, "mine")]
)
def test_reserved_labels_win_in_native_mode_only(mode: Mode, component: str) -> None:
    found = jobmanager(deployment(mode=mode, conf=LABELS))
    for metadata in (found["metadata"], found["spec"]["template"]["metadata"]):
        assert metadata["labels"]["component"] == component
        assert metadata["labels"]["team"] == "a"
    assert "team" not in found["spec"]["selector"]["matchLabels"]


def test_ports_folders_and_the_log_folder_are_the_users() -> None:
    conf = {
        "rest.port": "1",
        "jobmanager.rpc.port": "2",
        "blob.server.port": "3",
        "kubernetes.flink.conf.dir": "/conf",
        "kubernetes.flink.log.dir": "/logs",
        "user.artifacts.base-dir": "/artifacts",
    }
    container = main(jobmanager(deployment(conf=conf)))
    assert [port["containerPort"] for port in container["ports"]] == [1, 2, 3]
    assert [mount["mountPath"] for mount in container["volumeMounts"]] == ["/artifacts", "/conf"]
    assert container["env"][-1] == {"name": "FLINK_LOG_DIR", "value": "/logs"}


def test_several_jobmanagers_are_replicas() -> None:
    role = replace(SPEC.job_manager or JobManager(), replicas=3)
    assert jobmanager(deployment(job_manager=role, conf=HA))["spec"]["replicas"] == 3


@pytest.mark.parametrize(
    ("mounts", "wanted"),
    [([], True), ([{"name": "j", "mountPath": "/opt/flink/usrlib/x"}], False)],
)
def test_a_standalone_job_gets_a_folder_for_jars_unless_it_brings_one(
    mounts: list[dict[str, str]], wanted: bool
) -> None:
    own = template({"volumeMounts": mounts})
    found = pod(jobmanager(deployment(mode=Mode.STANDALONE, pod_template=own)))
    assert ("user-lib-dir" in [volume["name"] for volume in found["volumes"]]) is wanted


@pytest.mark.row("C-087")
def test_taskmanagers_find_their_template_in_native_mode() -> None:
    def names(given: Any) -> list[str]:
        return [volume["name"] for volume in pod(jobmanager(given))["volumes"]]

    assert "pod-template-volume" in names(deployment(pod_template=template()))
    assert "pod-template-volume" not in names(deployment())
    own = deployment(mode=Mode.STANDALONE, pod_template=template())
    assert "pod-template-volume" not in names(own)
