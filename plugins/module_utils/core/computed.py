# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The configuration keys that follow from a FlinkDeployment's other fields.

Knows which field becomes which key, for which version, mode and kind of cluster. Refuses to know
where the configuration under them came from, and what a single start adds (start.py).
"""

from __future__ import annotations

from collections.abc import Mapping

from . import options
from .parse_configuration import java_double
from .role_resources import Asked, asked
from .spec import FlinkDeployment, FlinkVersion, Job, Spec, UpgradeMode
from .structured import join_list

CLUSTER_ID = "kubernetes.cluster-id"
NAMESPACE = "kubernetes.namespace"
VERSION = "$internal.flink.version"
PROGRAM_ARGS = "$internal.application.program-args"
PARALLELISM = "parallelism.default"
_PARALLELISM_OVERRIDES = options.Option(key="pipeline.jobvertex-parallelism-overrides")

_DEFAULTS = {
    "kubernetes.rest-service.exposed.type": "ClusterIP",
    "web.cancel.enable": "false",
}
_APPLICATION_DEFAULTS = {
    "execution.submit-failed-job-on-application-error": "true",
    "execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION",
}
_LAST_STATE_DEFAULTS = {"execution.checkpointing.interval": "5 min"}


def computed(deployment: FlinkDeployment, conf: Mapping[str, str]) -> dict[str, str]:
    """Keys to lay over the configured ones; defaults are left out where the key is set."""
    spec = deployment.spec
    keys = _unless_set(conf, _DEFAULTS)
    keys |= _image(spec) | _managers(spec)
    if spec.job is not None:
        keys |= _application(deployment, spec.job, conf)
    else:
        keys["execution.target"] = "kubernetes-session"
    if spec.is_standalone:
        keys |= _standalone(spec)
    keys |= {VERSION: str(spec.flink_version or ""), NAMESPACE: deployment.namespace}
    keys[CLUSTER_ID] = deployment.name
    if options.is_highly_available(conf):
        keys["high-availability.cluster-id"] = deployment.name
    return keys


def _unless_set(conf: Mapping[str, str], defaults: Mapping[str, str]) -> dict[str, str]:
    return {key: value for key, value in defaults.items() if key not in conf}


def _is_older_than_1_17(spec: Spec) -> bool:
    return spec.flink_version is not None and not spec.flink_version.at_least(FlinkVersion.V1_17)


def _image(spec: Spec) -> dict[str, str]:
    keys = {}
    if (spec.image or "").strip():
        old = _is_older_than_1_17(spec)
        keys[options.IMAGE.older[0] if old else options.IMAGE.key] = spec.image or ""
    if (spec.image_pull_policy or "").strip():
        keys[options.PULL_POLICY.key] = spec.image_pull_policy or ""
    if spec.service_account is not None:
        keys["kubernetes.service-account"] = spec.service_account
    return keys


def _managers(spec: Spec) -> dict[str, str]:
    keys: dict[str, str] = {}
    older = _is_older_than_1_17(spec)
    if spec.job_manager is not None:
        keys |= _resource_keys("jobmanager", asked(spec.job_manager, "jobManager"), older=older)
        if spec.job_manager.replicas > 0:
            keys[options.REPLICAS.key] = str(spec.job_manager.replicas)
    if spec.task_manager is not None:
        keys |= _resource_keys("taskmanager", asked(spec.task_manager, "taskManager"), older=older)
        if (spec.task_manager.replicas or 0) > 0:
            keys[options.TASK_MANAGER_REPLICAS.key] = str(spec.task_manager.replicas)
    return keys


def _resource_keys(role: str, wanted: Asked, *, older: bool) -> dict[str, str]:
    keys = {}
    if wanted.memory is not None:
        keys[f"{role}.memory.process.size"] = wanted.memory
    if wanted.cpu is not None:
        keys[f"kubernetes.{role}.cpu.amount"] = java_double(wanted.cpu)
        if older:
            keys[f"kubernetes.{role}.cpu"] = java_double(wanted.cpu)
    if wanted.cpu_limit_factor is not None:
        keys[f"kubernetes.{role}.cpu.limit-factor"] = java_double(wanted.cpu_limit_factor)
    if wanted.memory_limit_factor is not None:
        keys[f"kubernetes.{role}.memory.limit-factor"] = java_double(wanted.memory_limit_factor)
    return keys


def _application(deployment: FlinkDeployment, job: Job, conf: Mapping[str, str]) -> dict[str, str]:
    spec = deployment.spec
    parallelism = _parallelism(spec, job, conf)
    keys = _unless_set(conf, _APPLICATION_DEFAULTS | {"pipeline.name": deployment.name})
    if job.upgrade_mode is UpgradeMode.LAST_STATE:
        keys |= _unless_set(conf, _LAST_STATE_DEFAULTS)
    if spec.is_standalone and options.TASK_MANAGER_REPLICAS.key not in conf:
        slots = options.whole(conf, options.SLOTS)
        keys[options.TASK_MANAGER_REPLICAS.key] = _task_managers(spec, parallelism, slots)
    keys |= {
        "execution.target": "kubernetes-application",
        "execution.shutdown-on-application-finish": "false",
        PARALLELISM: str(parallelism),
        PROGRAM_ARGS: join_list(job.args),
    }
    return keys | _program(spec, job)


def _program(spec: Spec, job: Job) -> dict[str, str]:
    keys = {}
    if job.jar_uri is not None:
        if spec.is_standalone:
            keys["pipeline.classpaths"] = join_list([_as_file(job.jar_uri)])
        else:
            keys["pipeline.jars"] = join_list([job.jar_uri])
    if job.allow_non_restored_state is not None:
        ignored = str(job.allow_non_restored_state).lower()
        keys["execution.savepoint.ignore-unclaimed-state"] = ignored
    if job.entry_class is not None:
        keys["$internal.application.main"] = job.entry_class
    return keys


def _parallelism(spec: Spec, job: Job, conf: Mapping[str, str]) -> int:
    """TaskManagers times slots where their number is given; the job's own where it is not."""
    replicas = spec.task_manager.replicas if spec.task_manager else None
    if replicas is not None:
        return replicas * options.whole(conf, options.SLOTS)
    if spec.is_standalone:
        overrides = options.pairs(conf, _PARALLELISM_OVERRIDES).values()
        widest = max((int(value) for value in overrides if value.isdecimal()), default=0)
        return widest or job.parallelism
    return job.parallelism


def _task_managers(spec: Spec, parallelism: int, slots: int) -> str:
    replicas = spec.task_manager.replicas if spec.task_manager else None
    return str(replicas or -(-parallelism // max(slots, 1)))


def _standalone(spec: Spec) -> dict[str, str]:
    mode = "SESSION" if spec.is_session else "APPLICATION"
    return {"execution.target": "remote", "kubernetes.internal.cluster-mode": mode}


def _as_file(uri: str) -> str:
    """A standalone cluster has no `local` scheme: what lies in the image is a file there."""
    scheme, _sep, rest = uri.partition(":")
    if scheme != "local":
        return uri
    return f"file:{rest}" if rest.startswith("//") else f"file://{rest}"
