# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""From the wire to a value: a mapping becomes a FlinkDeployment, or all its problems are told.

Knows the spelling of the fields. Refuses to know which combinations are legal (validate.py).
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .errors import InvalidResource, Problem
from .parse_configuration import configuration_problems, flatten, scalar_text
from .schema import Named, Record, Text, Whole
from .schema_check import misfits, nearest, shown, unknowns
from .schema_deployment import SPEC
from .spec import (
    API_VERSION,
    DeletionMode,
    FlinkDeployment,
    FlinkVersion,
    Ingress,
    Job,
    JobManager,
    JobState,
    Mode,
    PodTemplate,
    Resource,
    Resources,
    Spec,
    TaskManager,
    UpgradeMode,
)

_KIND = "FlinkDeployment"
_TOP = ("apiVersion", "kind", "metadata", "spec", "status")
_IDENTITY = (("apiVersion", API_VERSION), ("kind", _KIND))
_METADATA = Record(
    open=True,
    fields={
        "name": Text(),
        "namespace": Text(),
        "uid": Text(),
        "generation": Whole(),
        "labels": Named(of=Text()),
        "annotations": Named(of=Text()),
    },
)
_NO_PART_OF_A_TEMPLATE = ("apiVersion", "kind", "status")

T = TypeVar("T")


def parse(cr: Mapping[str, Any], *, namespace: str = "default") -> FlinkDeployment:
    """Read the FlinkDeployment that the mapping describes, or raise all its problems at once."""
    problems = _envelope_problems(cr)
    if isinstance(cr, Mapping):
        problems += spec_problems(cr.get("spec"))
    if problems:
        raise InvalidResource(problems)
    metadata = cr["metadata"]
    return FlinkDeployment(
        name=metadata["name"],
        namespace=metadata.get("namespace") or namespace,
        spec=build_spec(cr["spec"]),
        uid=metadata.get("uid") or "",
        generation=metadata.get("generation") or 1,
        labels=_present(metadata.get("labels") or {}),
        annotations=_present(metadata.get("annotations") or {}),
    )


def unknown_fields(cr: Mapping[str, Any]) -> tuple[str, ...]:
    """List the fields that the contract doesn't know, say a slip of the pen: one line for each."""
    top = tuple(
        f"{name}: this field isn't known and has no effect{_hint(name)}"
        for name in cr
        if name not in _TOP
    )
    return (*top, *unknowns(SPEC, cr.get("spec") or {}, "spec"))


def _hint(name: str) -> str:
    meant = nearest(name, _TOP)
    return f"; did you mean `{meant}`?" if meant else ""


def _envelope_problems(cr: Any) -> tuple[Problem, ...]:
    if not isinstance(cr, Mapping):
        step = "Write one document with apiVersion, kind, metadata and spec."
        return (
            Problem(path="(document)", value=shown("", cr), rule="must be a map", next_step=step),
        )
    wrong = ((path, legal) for path, legal in _IDENTITY if cr.get(path) != legal)
    return (
        *(_not_this_kind(path, cr.get(path), legal) for path, legal in wrong),
        *misfits(_METADATA, cr.get("metadata"), "metadata"),
        *_name_problems(cr.get("metadata")),
    )


def _not_this_kind(path: str, value: Any, legal: str) -> Problem:
    step = f"Write `{path}: {legal}`."
    return Problem(path=path, value=shown(path, value), rule=f"must be {legal}", next_step=step)


def _name_problems(metadata: Any) -> tuple[Problem, ...]:
    if metadata is not None and (not isinstance(metadata, Mapping) or metadata.get("name")):
        return ()
    step = "Give the deployment a name."
    return (Problem(path="metadata.name", value="", rule="a name is needed", next_step=step),)


def spec_problems(spec: Any) -> tuple[Problem, ...]:
    """Everything in the spec that doesn't have the contract's shape."""
    if spec is None:
        step = "Write the wanted cluster below `spec:`."
        return (Problem(path="spec", value="", rule="a spec is needed", next_step=step),)
    found = tuple(misfits(SPEC, spec, "spec"))
    if not isinstance(spec, Mapping):
        return found
    configuration = spec.get("flinkConfiguration")
    return (*found, *configuration_problems(configuration, "spec.flinkConfiguration"))


def build_spec(spec: Mapping[str, Any]) -> Spec:
    """Build the Spec of a mapping that has no problems."""
    configuration = spec.get("flinkConfiguration") or {}
    return Spec(
        image=spec.get("image"),
        image_pull_policy=spec.get("imagePullPolicy"),
        service_account=spec.get("serviceAccount"),
        flink_version=_maybe(FlinkVersion, spec.get("flinkVersion")),
        ingress=_maybe(_ingress, spec.get("ingress")),
        pod_template=_maybe(_pod_template, spec.get("podTemplate")),
        job_manager=_maybe(_job_manager, spec.get("jobManager")),
        task_manager=_maybe(_task_manager, spec.get("taskManager")),
        log_configuration=_maybe(_present, spec.get("logConfiguration")),
        mode=_maybe(Mode, spec.get("mode")),
        job=_maybe(build_job, spec.get("job")),
        restart_nonce=_maybe(int, spec.get("restartNonce")),
        flink_configuration=flatten(configuration),
        flink_configuration_as_given=configuration,
    )


def build_job(job: Mapping[str, Any]) -> Job:
    return Job(
        jar_uri=job.get("jarURI"),
        parallelism=int(job.get("parallelism") or 0),
        entry_class=job.get("entryClass"),
        args=tuple(job.get("args") or ()),
        state=JobState(job.get("state") or JobState.RUNNING),
        savepoint_trigger_nonce=_maybe(int, job.get("savepointTriggerNonce")),
        checkpoint_trigger_nonce=_maybe(int, job.get("checkpointTriggerNonce")),
        initial_savepoint_path=job.get("initialSavepointPath"),
        upgrade_mode=UpgradeMode(job.get("upgradeMode") or UpgradeMode.STATELESS),
        allow_non_restored_state=job.get("allowNonRestoredState"),
        savepoint_redeploy_nonce=_maybe(int, job.get("savepointRedeployNonce")),
        autoscaler_reset_nonce=_maybe(int, job.get("autoscalerResetNonce")),
        deletion_mode=_maybe(DeletionMode, job.get("deletionMode") or None),
    )


def _maybe(build: Callable[[Any], T], value: Any) -> T | None:
    return None if value is None else build(value)


def _present(mapping: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in mapping.items() if value is not None}


def _resource(resource: Mapping[str, Any]) -> Resource:
    return Resource(
        cpu=_maybe(float, resource.get("cpu")),
        memory=resource.get("memory"),
        ephemeral_storage=resource.get("ephemeralStorage"),
    )


def _resources(resources: Mapping[str, Any]) -> Resources:
    return Resources(
        claims=tuple(resources.get("claims") or ()),
        limits=_quantities(resources.get("limits")),
        requests=_quantities(resources.get("requests")),
    )


def _quantities(quantities: Mapping[str, Any] | None) -> dict[str, str]:
    return {name: scalar_text(value) for name, value in _present(quantities or {}).items()}


def _job_manager(manager: Mapping[str, Any]) -> JobManager:
    replicas = manager.get("replicas")
    return JobManager(
        resource=_maybe(_resource, manager.get("resource")),
        resources=_maybe(_resources, manager.get("resources")),
        replicas=1 if replicas is None else int(replicas),
        pod_template=_maybe(_pod_template, manager.get("podTemplate")),
    )


def _task_manager(manager: Mapping[str, Any]) -> TaskManager:
    return TaskManager(
        resource=_maybe(_resource, manager.get("resource")),
        resources=_maybe(_resources, manager.get("resources")),
        replicas=_maybe(int, manager.get("replicas")),
        pod_template=_maybe(_pod_template, manager.get("podTemplate")),
    )


def _pod_template(template: Mapping[str, Any]) -> PodTemplate:
    kept = _present(template)
    return {name: kept[name] for name in kept if name not in _NO_PART_OF_A_TEMPLATE}


def _ingress(ingress: Mapping[str, Any]) -> Ingress:
    return Ingress(
        template=ingress.get("template"),
        class_name=ingress.get("className"),
        annotations=_maybe(_present, ingress.get("annotations")),
        labels=_maybe(_present, ingress.get("labels")),
        tls=tuple(ingress.get("tls") or ()),
    )
