# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A pod that lists folders as the application's own pods would see them, and ends.

It has the resource's image, account, volumes and mounts, and nothing else of it: no label by which
it could be taken for a pod of the cluster, no ports, no Flink.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from . import options
from .finder import Folder
from .podtemplate import merged, split
from .quantity import truth
from .spec import FlinkDeployment

LABEL = "flinkops.flink/finds-snapshots-of"
CONTAINER = "finder"
SECONDS = 60
SCRIPT = (
    'for folder do if [ ! -e "$folder" ]; then echo "- $folder"; continue; fi; '
    'cd "$folder" && ls "$folder" > /dev/null || exit 3; '
    'for found in "$folder"/*/chk-*/_metadata "$folder"/savepoint-*/_metadata; do '
    'if [ -s "$found" ]; then stat -c "%Y %n" "$found" || exit 4; fi; done; done'
)
"""A _metadata without content is half written. A folder that is not there is told; one that can't
be read is a failure."""
OF_THE_POD = (
    "volumes",
    "securityContext",
    "nodeSelector",
    "tolerations",
    "affinity",
    "imagePullSecrets",
    "runtimeClassName",
    "dnsPolicy",
    "dnsConfig",
    "hostAliases",
)
OF_THE_CONTAINER = ("volumeMounts", "securityContext")


def finder_pod(
    of: FlinkDeployment,
    configuration: Mapping[str, str],
    where: Sequence[Folder],
    *,
    name: str,
    uid: str = "",
) -> dict[str, Any]:
    """`uid`: of the stored resource, which then owns the pod."""
    spec, main = _template(of, configuration)
    container = {
        "name": CONTAINER,
        "image": of.spec.image,
        "imagePullPolicy": of.spec.image_pull_policy or "IfNotPresent",
        "command": ["sh", "-c", SCRIPT, "sh", *(one.path for one in where if one.path)],
        "resources": {
            "requests": {"cpu": "50m", "memory": "32Mi"},
            "limits": {"memory": "64Mi"},
        },
        **{key: main[key] for key in OF_THE_CONTAINER if main.get(key)},
    }
    return {
        "apiVersion": "v1",
        "kind": "Pod",
        "metadata": {
            "name": name,
            "namespace": of.namespace,
            "labels": {LABEL: of.name},
            **({"ownerReferences": [_owner(of.name, uid)]} if uid else {}),
        },
        "spec": {
            **{key: spec[key] for key in OF_THE_POD if spec.get(key)},
            "serviceAccountName": of.spec.service_account,
            "automountServiceAccountToken": False,
            "restartPolicy": "Never",
            "activeDeadlineSeconds": SECONDS,
            "terminationGracePeriodSeconds": 0,
            "containers": [container],
        },
    }


def _template(
    of: FlinkDeployment, configuration: Mapping[str, str]
) -> tuple[Mapping[str, Any], Mapping[str, Any]]:
    """Of the JobManager, who reads a snapshot's _metadata at a start."""
    key = options.MERGE_BY_NAME
    by_name = truth(options.text(configuration, key), path=options.where(configuration, key))
    manager = of.spec.job_manager
    own = manager.pod_template if manager else None
    rest, main = split(merged(of.spec.pod_template, own, by_name=by_name))
    return rest["spec"], main


def _owner(name: str, uid: str) -> dict[str, Any]:
    return {
        "apiVersion": "flink.apache.org/v1beta1",
        "kind": "FlinkDeployment",
        "name": name,
        "uid": uid,
        "controller": False,
        "blockOwnerDeletion": False,
    }
