# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The TaskManagers' Deployment of a standalone cluster; in native mode Flink makes their pods."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .. import options
from .cluster import Cluster
from .container_resources import requirements
from .jobmanager import image, pull_policy
from .pod import Pod, add_configuration, add_hadoop, add_kerberos, add_secrets, environment

_SERVICE_ACCOUNT = options.Option(
    key="kubernetes.taskmanager.service-account",
    older=("kubernetes.service-account",),
    default="default",
)


def deployment(
    cluster: Cluster,
    template: Mapping[str, Any] | None,
    *,
    mebibytes: int,
    files: tuple[str, ...],
) -> dict[str, Any]:
    pod = Pod(template)
    account = options.text(cluster.conf, _SERVICE_ACCOUNT)
    pod.spec["serviceAccount"] = pod.spec["serviceAccountName"] = account
    pod.mark(cluster.taskmanager_labels, cluster.taskmanager_annotations)
    pod.place(cluster.conf, "taskmanager")
    _main(pod, cluster, mebibytes)
    add_secrets(pod, cluster.conf)
    pod.main["command"] = [options.text(cluster.conf, options.ENTRY_PATH)]
    pod.main["args"] = ["taskmanager"]
    add_hadoop(pod, cluster)
    add_kerberos(pod, cluster)
    add_configuration(pod, cluster, files)
    return {
        "apiVersion": "apps/v1",
        "kind": "Deployment",
        "metadata": cluster.metadata(
            f"{cluster.name}-taskmanager",
            labels=cluster.taskmanager_labels,
            annotations=cluster.taskmanager_annotations,
            ownerReferences=cluster.owned_by_resource(controller=False),
        ),
        "spec": {
            "replicas": options.whole(cluster.conf, options.TASK_MANAGER_REPLICAS),
            "selector": {"matchLabels": cluster.taskmanager_selector},
            "template": pod.finished(),
        },
    }


def _main(pod: Pod, cluster: Cluster, mebibytes: int) -> None:
    """Image and pull policy come from the configuration; here the template never wins."""
    conf, main = cluster.conf, pod.main
    main["name"] = "flink-main-container"
    main["image"] = image(conf, main.get("image"))
    main["imagePullPolicy"] = pull_policy(conf, None)
    main["resources"] = requirements(
        conf, main.get("resources"), role="taskmanager", mebibytes=mebibytes
    )
    pod.ports([("taskmanager-rpc", options.whole(conf, options.TASK_MANAGER_RPC_PORT))])
    pod.variables(environment(conf, "taskmanager"))
    folder = options.read(conf, options.LOG_DIR)
    if folder is not None:
        pod.variables({"FLINK_LOG_DIR": folder})
