# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Scenes that a diagnosis meets, by what Flink or Kubernetes said in them."""

from __future__ import annotations

from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_scene import (
    Scene,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Problem
from support.scenes import (
    NOW,
    container,
    deployment,
    down,
    ended,
    job,
    log,
    pod,
    resource,
    sick,
    status,
)

FINALIZER = "flinkdeployments.flink.apache.org/finalizer"
HA = {"high-availability.type": "kubernetes"}
QUOTA = (
    'pods "orders-taskmanager-1-1" is forbidden: exceeded quota: tight, requested: '
    "requests.memory=1Gi, used: requests.memory=1Gi, limited: requests.memory=1536Mi"
)
NO_ACCOUNT = (
    'pods "orders-7c5d9c8b6f-" is forbidden: error looking up service account shop/flink: '
    'serviceaccount "flink" not found'
)
NO_RIGHT = (
    "io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST at: "
    "https://10.0.0.1/api/v1/namespaces/shop/pods. Message: pods is forbidden: User "
    '"system:serviceaccount:shop:default" cannot create resource "pods" in API group "" in the '
    'namespace "shop".'
)
PSA = (
    'pods "orders-7c5d9c8b6f-" is forbidden: violates PodSecurity "restricted:latest": '
    "allowPrivilegeEscalation != false"
)
LIMITS = (
    'pods "orders-7c5d9c8b6f-" is forbidden: maximum memory usage per Container is 512Mi, '
    "but limit is 1Gi"
)
NO_SAVEPOINT = (
    "org.apache.flink.client.program.ProgramInvocationException: The main method caused an error"
    " <- java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory "
    "'file:///sp/none' on file system 'file'."
)
NO_META = (
    "java.io.FileNotFoundException: Cannot find meta data file '_metadata' in directory "
    "'file:/sp/x'. Please try to load the checkpoint/savepoint directly from the metadata file."
)
UNMAPPED = (
    "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint file:/sp/1. "
    "Cannot map checkpoint/savepoint state for operator 2f9 to the new program, because the "
    "operator is not available in the new program. If you want to allow to skip this, you can set "
    "the --allowNonRestoredState option on the CLI."
)
NO_SLOTS = (
    "org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy"
    " <- org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not "
    "acquire the minimum required resources."
)
POD_ENDED = (
    "2026-11-21 11:59:00,000 INFO  ActiveResourceManager [] - Worker orders-taskmanager-1-1 is "
    "terminated. Diagnostics: Pod terminated, container termination statuses: "
    "[flink-main-container(exitCode=137, reason=OOMKilled, message=null)], pod status: Failed"
)


def died(text: str) -> Scene:
    """Its JobManager ends again and again; `text` is the end of its log."""
    return down(pods=(pod(containerStatuses=[ended(1)]),), logs=(log(text),))


def fails(text: str, state: str = "FAILED", **told: Any) -> Scene:
    """Flink tells of its job's failure."""
    return sick(job(state=state, tasks_running=0, failures=(text,), failed_at=NOW, **told))


def refused(text: str) -> Scene:
    return down(deployment=deployment(available=0, reason="FailedCreate", message=text))


def says_in_its_log(text: str) -> Scene:
    """The JobManager runs, its tasks don't; it tells why in its log."""
    return sick(job(state="CREATED", tasks_running=0, started=NOW), logs=(log(text),))


def with_status(**fields: Any) -> Scene:
    return down(resource=resource(status=status(**fields)))


def going(*finalizers: str) -> dict[str, Any]:
    return resource(deletionTimestamp="2026-11-21T11:50:00Z", finalizers=list(finalizers))


def unready_pod(started: str) -> dict[str, Any]:
    running = container(state={"running": {}})
    unready = {"type": "Ready", "status": "False"}
    return pod(
        phase="Running", containerStatuses=[running], startTime=started, conditions=[unready]
    )


PROBLEM = Problem(path="spec.job.jarURI", value="x", rule="must be a URI", next_step="Correct it.")
