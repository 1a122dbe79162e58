# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The JobManager's Deployment, in all four shapes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import options
from ..errors import InvalidResource, Problem
from .cluster import Cluster
from .container_resources import requirements
from .pod import Pod, add_configuration, add_hadoop, add_kerberos, add_secrets, environment

_SERVICE_ACCOUNT = options.Option(
    key="kubernetes.jobmanager.service-account",
    older=("kubernetes.service-account",),
    default="default",
)
_JOB_LIBRARY = "/opt/flink/usrlib"
_PULL_POLICIES = ("IfNotPresent", "Always", "Never")
_POD_IP = "_POD_IP_ADDRESS"
_POD_TEMPLATE = "taskmanager-pod-template.yaml"


def deployment(
    cluster: Cluster,
    template: Mapping[str, Any] | None,
    *,
    mebibytes: int,
    files: tuple[str, ...],
    has_worker_template: bool,
) -> dict[str, Any]:
    pod = Pod(template)
    _around(pod, cluster)
    _main(pod, cluster, mebibytes)
    add_secrets(pod, cluster.conf)
    _command(pod, cluster)
    add_hadoop(pod, cluster)
    add_kerberos(pod, cluster)
    add_configuration(pod, cluster, files)
    if cluster.standalone:
        _job_library(pod, cluster)
    elif has_worker_template:
        _worker_template(pod, cluster)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": cluster.metadata(
            cluster.name,
            labels=cluster.jobmanager_labels,
            annotations=cluster.jobmanager_annotations,
            ownerReferences=cluster.owned_by_resource(controller=False),
        ),
        "spec": {
            "replicas": options.whole(cluster.conf, options.REPLICAS),
            "selector": {"matchLabels": cluster.selector},
            "template": pod.finished(),
        },
    }


def _around(pod: Pod, cluster: Cluster) -> None:
    conf = cluster.conf
    named = pod.spec.get("serviceAccount") or pod.spec.get("serviceAccountName")
    account = _explicit_or(conf, _SERVICE_ACCOUNT, named)
    pod.spec["serviceAccount"] = pod.spec["serviceAccountName"] = account
    pod.spec.pop("hostNetwork", None)
    if options.truth(conf, options.HOST_NETWORK):
        pod.spec |= {"hostNetwork": True, "dnsPolicy": "ClusterFirstWithHostNet"}
    else:
        pod.spec["dnsPolicy"] = (pod.spec.get("dnsPolicy") or "").strip() or "ClusterFirst"
    pod.volume("user-artifacts-volume", emptyDir={})
    pod.mark(cluster.jobmanager_labels, cluster.jobmanager_annotations)
    pod.place(conf, "jobmanager")


def _main(pod: Pod, cluster: Cluster, mebibytes: int) -> None:
    conf, main = cluster.conf, pod.main
    main["name"] = "flink-main-container"
    main["image"] = image(conf, main.get("image"))
    main["imagePullPolicy"] = pull_policy(conf, main.get("imagePullPolicy"))
    main["resources"] = requirements(
        conf, main.get("resources"), role="jobmanager", mebibytes=mebibytes
    )
    if not options.truth(conf, options.HOST_NETWORK):
        pod.ports(
            (
                ("rest", options.whole(conf, options.REST_PORT)),
                ("jobmanager-rpc", options.whole(conf, options.RPC_PORT)),
                ("blobserver", options.whole(conf, options.BLOB_PORT)),
            )
        )
    pod.variables(environment(conf, "master"))
    pod.variable_from(_POD_IP, {"fieldRef": {"apiVersion": "v1", "fieldPath": "status.podIP"}})
    folder = options.read(conf, options.LOG_DIR)
    if folder is not None:
        pod.variables({"FLINK_LOG_DIR": folder})
    pod.mount("user-artifacts-volume", options.text(conf, options.ARTIFACTS_DIR))


def image(conf: options.Conf, in_template: str | None) -> str:
    found = options.read(conf, options.IMAGE) or in_template
    if not found:
        problem = Problem(
            path="spec.image", value="", rule="no image is given", next_step="Set spec.image."
        )
        raise InvalidResource((problem,))
    return found


def pull_policy(conf: options.Conf, in_template: str | None) -> str:
    """Flink reads the three names whatever their case; Kubernetes doesn't."""
    found = _explicit_or(conf, options.PULL_POLICY, in_template)
    return next((name for name in _PULL_POLICIES if name.lower() == found.lower()), found)


def _explicit_or(conf: options.Conf, option: options.Option, in_template: str | None) -> str:
    """A key that is set wins over the template, and the template over the key's default."""
    if options.is_set(conf, option) or in_template is None:
        return options.text(conf, option)
    return in_template


def _command(pod: Pod, cluster: Cluster) -> None:
    conf = cluster.conf
    pod.main["command"] = [options.text(conf, options.ENTRY_PATH)]
    if not cluster.standalone:
        kind = "session" if cluster.job is None else "application"
        script = f"kubernetes-jobmanager.sh kubernetes-{kind}"
        # A blank stays at the end where there are no further arguments, as ever.
        pod.main["args"] = ["bash", "-c", f"{script} {options.text(conf, options.ENTRY_ARGS)}"]
    elif cluster.job is None:
        given = pod.main.get("args") or []
        pod.main["args"] = [*given, "jobmanager", *_own_address(cluster, session=True)]
    else:
        pod.main["args"] = ["standalone-job", *_program(cluster)]


def _program(cluster: Cluster) -> list[str]:
    conf, job = cluster.conf, cluster.job
    args: list[str] = []
    main_class = conf.get("$internal.application.main")
    if main_class is not None:
        args += ["--job-classname", main_class]
    if conf.get("execution.savepoint.ignore-unclaimed-state", "").lower() == "true":
        args.append("--allowNonRestoredState")
    savepoint = conf.get("execution.savepoint.path")
    if savepoint is not None:
        args += ["--fromSavepoint", savepoint]
    return [*args, *_own_address(cluster, session=False), *(job.args if job else ())]


def _own_address(cluster: Cluster, *, session: bool) -> list[str]:
    """With more than one JobManager each must be reached at its own address.

    Flink 2 dropped the option for it; a dynamic property says the same there.
    """
    if not options.is_highly_available(cluster.conf):
        return []
    if cluster.version.number >= (2, 0):
        return ["-D", f"jobmanager.rpc.address=$({_POD_IP})"]
    return [f"$({_POD_IP})"] if session else ["--host", f"$({_POD_IP})"]


def _job_library(pod: Pod, cluster: Cluster) -> None:
    """An empty folder for the job's jars, unless the template brings one."""
    if not cluster.conf.get("pipeline.classpaths"):
        return
    mounts = pod.main.get("volumeMounts") or []
    if any(str(mount.get("mountPath", "")).startswith(_JOB_LIBRARY) for mount in mounts):
        return
    pod.volume("user-lib-dir", emptyDir={})
    pod.mount("user-lib-dir", _JOB_LIBRARY)


def _worker_template(pod: Pod, cluster: Cluster) -> None:
    items = [{"key": _POD_TEMPLATE, "path": _POD_TEMPLATE}]
    source = {"name": f"pod-template-{cluster.name}", "items": items}
    pod.volume("pod-template-volume", configMap=source)
    pod.mount("pod-template-volume", "/opt/flink/pod-template")
