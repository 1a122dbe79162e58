# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""From a value to the wire: the spec in the form that status records, to the letter.

Knows the order of the fields and which empty ones are written out, so that what this writes and
what other operators of the contract write can stand in for one another. Refuses to know when a
spec is recorded, and whether it was deployed.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .errors import InvalidResource, Problem
from .parse import build_spec, spec_problems
from .parse_configuration import as_wire, java_json
from .spec import (
    API_VERSION,
    Ingress,
    Job,
    JobManager,
    PodTemplate,
    Resource,
    Resources,
    Spec,
    TaskManager,
)

_META = "resource_metadata"


@dataclass(frozen=True, slots=True, kw_only=True)
class Recorded:
    """What stands beside a recorded spec; the oldest form holds neither."""

    api_version: str | None = None
    first_deployment: bool | None = None


def dump_spec(spec: Spec) -> dict[str, Any]:
    """Write the spec as status records it: every field in its place, absent ones as null."""
    return {
        "job": None if spec.job is None else dump_job(spec.job),
        "restartNonce": spec.restart_nonce,
        "flinkConfiguration": as_wire(_configuration(spec)),
        "image": spec.image,
        "imagePullPolicy": spec.image_pull_policy,
        "serviceAccount": spec.service_account,
        "flinkVersion": _text(spec.flink_version),
        "ingress": None if spec.ingress is None else _ingress(spec.ingress),
        "podTemplate": _pod_template(spec.pod_template),
        "jobManager": None if spec.job_manager is None else _manager(spec.job_manager),
        "taskManager": None if spec.task_manager is None else _manager(spec.task_manager),
        "logConfiguration": _sorted(spec.log_configuration),
        "mode": _text(spec.mode),
    }


def dump_job(job: Job) -> dict[str, Any]:
    return {
        "jarURI": job.jar_uri,
        "parallelism": job.parallelism,
        "entryClass": job.entry_class,
        "args": list(job.args),
        "state": job.state.value,
        "savepointTriggerNonce": job.savepoint_trigger_nonce,
        "initialSavepointPath": job.initial_savepoint_path,
        "checkpointTriggerNonce": job.checkpoint_trigger_nonce,
        "upgradeMode": job.upgrade_mode.value,
        "allowNonRestoredState": job.allow_non_restored_state,
        "savepointRedeployNonce": job.savepoint_redeploy_nonce,
        "autoscalerResetNonce": job.autoscaler_reset_nonce,
    }


def reconciled_json(spec: Spec, *, first_deployment: bool, api_version: str = API_VERSION) -> str:
    """Write the text for status.reconciliationStatus.lastReconciledSpec.

    What the contract forces on a recorded spec (upgradeMode, state) is the caller's to set in it.
    """
    meta = {"apiVersion": api_version, "firstDeployment": first_deployment}
    return java_json({"spec": dump_spec(spec), _META: meta})


def load_reconciled(text: str) -> tuple[Spec, Recorded]:
    """Read the spec and what stands beside it; InvalidResource where the text holds none."""
    wrapper = _read(text)
    meta = wrapper.get(_META)
    if meta is None:
        inner = {name: value for name, value in wrapper.items() if name != "apiVersion"}
        return _checked(inner), Recorded(api_version=wrapper.get("apiVersion"))
    recorded = Recorded(
        api_version=meta.get("apiVersion"), first_deployment=meta.get("firstDeployment")
    )
    return _checked(wrapper.get("spec")), recorded


def _read(text: str) -> Mapping[str, Any]:
    try:
        found = json.loads(text)
    except ValueError:
        found = None
    if not isinstance(found, Mapping) or not isinstance(found.get(_META, {}), Mapping | None):
        raise InvalidResource((_unreadable(),))
    return found


def _checked(spec: Any) -> Spec:
    problems = spec_problems(spec)
    if problems:
        raise InvalidResource(problems)
    return build_spec(spec)


def _unreadable() -> Problem:
    return Problem(
        path="status.reconciliationStatus.lastReconciledSpec",
        value="",
        rule="must be a recorded spec in JSON",
        next_step="It is written by operators only; put back what stood there before the edit.",
    )


def _configuration(spec: Spec) -> Mapping[str, Any]:
    given = spec.flink_configuration_as_given
    return spec.flink_configuration if given is None else given


def _text(value: str | None) -> str | None:
    return None if value is None else str(value)


def _sorted(mapping: Mapping[str, Any] | None) -> dict[str, Any] | None:
    return None if mapping is None else {name: mapping[name] for name in sorted(mapping)}


def _manager(manager: JobManager | TaskManager) -> dict[str, Any]:
    resources = {} if manager.resources is None else {"resources": _resources(manager.resources)}
    return {
        "resource": None if manager.resource is None else _resource(manager.resource),
        **resources,  # younger than the other fields: an older reader never sees it unless in use
        "replicas": manager.replicas,
        "podTemplate": _pod_template(manager.pod_template),
    }


def _resource(resource: Resource) -> dict[str, Any]:
    return {
        "cpu": resource.cpu,
        "memory": resource.memory,
        "ephemeralStorage": resource.ephemeral_storage,
    }


def _resources(resources: Resources) -> dict[str, Any]:
    return {
        "claims": [dict(claim) for claim in resources.claims],
        "limits": _sorted(resources.limits),
        "requests": _sorted(resources.requests),
    }


def _ingress(ingress: Ingress) -> dict[str, Any]:
    return {
        "template": ingress.template,
        "className": ingress.class_name,
        "annotations": _sorted(ingress.annotations),
        "labels": _sorted(ingress.labels),
        "tls": as_wire(ingress.tls),
    }


def _pod_template(template: PodTemplate | None) -> Any:
    """Nulls within a template are no values there: they aren't written."""
    return None if template is None else as_wire(_without_nulls(template))


def _without_nulls(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {name: _without_nulls(item) for name, item in value.items() if item is not None}
    if isinstance(value, list | tuple):
        return [_without_nulls(item) for item in value]
    return value
