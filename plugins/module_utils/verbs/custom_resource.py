# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""custom_resource: a FlinkDeployment stored, or taken away, after it was checked."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from ..core.asking import asked_of
from ..core.errors import FlinkOpsError, Held, InvalidResource, Problem
from ..core.seen import FINALIZER
from ..core.wanted import understood
from ..kube.act import applied, delete_resource, release_finalizer
from ..kube.api import Api
from ..kube.kinds import FLINK_DEPLOYMENT
from .diff import diff_of
from .foreseeing import ASKING
from .options import (
    CONNECTION,
    IDENTITY,
    NAMED,
    SOURCE,
    Params,
    Result,
    Rules,
    Spec,
    api_of,
    definition_of,
    texts,
)

ARGUMENT_SPEC: Spec = {
    **CONNECTION,
    **IDENTITY,
    **SOURCE,
    "state": {"type": "str", "choices": ["present", "absent", "released"], "default": "present"},
    **ASKING,
}
RULES: Rules = NAMED


def execute(params: Params, check_mode: bool) -> Result:
    definition = definition_of(params)
    if params.get("state") == "absent":
        return removed(api_of(params), params, check_mode=check_mode)
    if params.get("state") == "released":
        return released(api_of(params), params, check_mode=check_mode)
    if params.get("job_state") or params.get("snapshot"):
        return asked_for(api_of(params), params, definition, check_mode=check_mode)
    if definition is None:
        raise InvalidResource((nothing_given(),))
    return _present(params, definition, check_mode=check_mode)


def _present(params: Params, definition: Mapping[str, Any], *, check_mode: bool) -> Result:
    namespace = str(params.get("namespace") or "default")
    wanted = understood(definition, namespace=namespace, defaults=texts(params.get("defaults")))
    if wanted.problems:
        raise InvalidResource(wanted.problems, wanted.warnings)
    placed = {
        **definition,
        "metadata": {**(definition.get("metadata") or {}), "namespace": wanted.namespace},
    }
    changes = applied(api_of(params), placed, dry_run=check_mode)
    return {
        "changed": bool(changes),
        "name": wanted.name,
        "namespace": wanted.namespace,
        "warnings": list(wanted.warnings),
        "diff": diff_of(changes),
    }


def asked_for(
    api: Api, params: Params, definition: Mapping[str, Any] | None, *, check_mode: bool
) -> Result:
    """Nothing but what is asked for by a word: spec.job.state, or the nonce of a snapshot."""
    name, namespace = _named(params, definition)
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    job = ((stored or {}).get("spec") or {}).get("job")
    if stored is None or not job:
        raise Held(
            "the_resource_is_not_there",
            f"There is no FlinkDeployment {namespace}/{name} with a job. Deploy it first.",
        )
    words = {word: str(params.get(word) or "") for word in ASKING}
    changed = asked_of(stored, **words)
    if changed and not check_mode:
        metadata = {"uid": stored["metadata"]["uid"]}
        patch = {"metadata": metadata, "spec": {"job": changed}}
        api.merge(FLINK_DEPLOYMENT, name, namespace, patch)
    return {"changed": bool(changed), "name": name, "namespace": namespace}


def _named(params: Params, definition: Mapping[str, Any] | None) -> tuple[str, str]:
    named = (definition or {}).get("metadata") or {}
    name = str(named.get("name") or params.get("name") or "")
    return name, str(named.get("namespace") or params.get("namespace") or "default")


def removed(api: Api, params: Params, *, check_mode: bool) -> Result:
    name, namespace = _named(params, definition_of(params))
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    if stored is not None and not check_mode:
        if FINALIZER not in (stored["metadata"].get("finalizers") or ()):
            _check_removal(stored)  # with it, it stays until its state was looked after
        delete_resource(api, stored)
    return {"changed": stored is not None, "name": name, "namespace": namespace}


def released(api: Api, params: Params, *, check_mode: bool) -> Result:
    """Our finalizer taken off: nothing else of a resource that is being deleted is left to do."""
    name, namespace = _named(params, definition_of(params))
    stored = api.get(FLINK_DEPLOYMENT, name, namespace)
    named: Result = {"name": name, "namespace": namespace}
    metadata = (stored or {}).get("metadata") or {}
    if stored is None or FINALIZER not in (metadata.get("finalizers") or ()):
        return {**named, "changed": False}
    _check_removal(stored)
    if "deletionTimestamp" not in metadata:
        raise Held(
            "the_resource_is_not_being_deleted",
            f"FlinkDeployment {namespace}/{name} is to stay, so its finalizer does too.",
        )
    return {**named, "changed": check_mode or release_finalizer(api, stored)}


def _check_removal(stored: Mapping[str, Any]) -> None:
    """A turn must have decided the removal: a resource takes its whole cluster with it."""
    status = stored.get("status") or {}
    deployed = (status.get("reconciliationStatus") or {}).get("lastReconciledSpec")
    if deployed and status.get("lifecycleState") != "DELETING":
        raise FlinkOpsError(
            "the_removal_was_not_decided: this resource has a cluster, and deleting the one "
            "deletes the other. Run remove.yml (role remove), which looks after its state first."
        )


def nothing_given() -> Problem:
    return Problem(
        path="src",
        value="",
        rule="one of src, definition or application is required",
        next_step="Give the file of a FlinkDeployment, or the variables to make one from.",
    )
