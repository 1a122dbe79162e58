# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What the cluster itself says of a start before the first write: accounts, rights, a dry run.

Asks only; a question that we may not ask (403) is not an answer.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from ..core import options
from ..core.errors import InvalidResource, Problem
from ..core.rehearsal import taskmanager_pod
from ..core.wanted import Wanted
from .act import DRY_RUN_UID
from .api import Api
from .errors import Conflict, Forbidden, NamespaceMissing, Rejected
from .kinds import NAMESPACE, SERVICE_ACCOUNT, Kind

ACCESS_REVIEW = Kind(
    "authorization.k8s.io/v1", "SubjectAccessReview", "subjectaccessreviews", namespaced=False
)
NEEDED = (
    ("", "pods", "create"),
    ("", "pods", "delete"),
    ("", "pods", "watch"),
    ("apps", "deployments", "get"),
)
NEEDED_FOR_HA = (("", "configmaps", "create"), ("", "configmaps", "update"))
QUOTA = "exceeded quota"


def found_beforehand(api: Api, wanted: Wanted, *, makes_room: bool = False) -> tuple[Problem, ...]:
    """The problems of the first check that finds any: each needs the one before it.

    `makes_room`: what runs now goes first, so a quota that is used up says nothing yet.
    """
    checks: Sequence[Callable[[Api, Wanted], tuple[Problem, ...]]] = (
        _namespace,
        _account,
        _rights,
        _dry_run,
    )
    for check in checks:
        found = tuple(it for it in check(api, wanted) if not (makes_room and QUOTA in it.rule))
        if found:
            return found
    return ()


def _namespace(api: Api, wanted: Wanted) -> tuple[Problem, ...]:
    try:
        there = api.get(NAMESPACE, wanted.namespace) is not None
    except Forbidden:
        return ()
    if there:
        return ()
    return (
        Problem(
            path="metadata.namespace",
            value=f"`{wanted.namespace}`",
            rule="must be a namespace that exists",
            next_step="Create it (install.yml makes it with its account), or name another.",
        ),
    )


def _account(api: Api, wanted: Wanted) -> tuple[Problem, ...]:
    name = _account_name(wanted)
    try:
        there = api.get(SERVICE_ACCOUNT, name, wanted.namespace) is not None
    except Forbidden:
        return ()
    if there:
        return ()
    return (
        Problem(
            path="spec.serviceAccount",
            value=f"`{name}`",
            rule=f"must be a service account in namespace {wanted.namespace}",
            next_step="Create it with its rights: install.yml with install_namespaces.",
        ),
    )


def _account_name(wanted: Wanted) -> str:
    spec = wanted.deployment.spec if wanted.deployment else None
    return (spec.service_account if spec else None) or "default"


def _rights(api: Api, wanted: Wanted) -> tuple[Problem, ...]:
    """Flink's JobManager makes its TaskManagers itself, with the rights of this account."""
    mode = options.text(wanted.configuration, options.HIGH_AVAILABILITY).lower()
    with_ha = mode == "kubernetes" or mode.endswith(".kuberneteshaservicesfactory")
    needed = (*NEEDED, *(NEEDED_FOR_HA if with_ha else ()))
    try:
        missing = [right for right in needed if not _may(api, wanted, *right)]
    except Forbidden:
        return ()
    if not missing:
        return ()
    words = ", ".join(f"{verb} {resource}" for _group, resource, verb in missing)
    return (
        Problem(
            path="spec.serviceAccount",
            value=f"`{_account_name(wanted)}`",
            rule=f"must have the right to {words} in namespace {wanted.namespace}",
            next_step="Give it the role: install.yml with install_namespaces.",
        ),
    )


def _may(api: Api, wanted: Wanted, group: str, resource: str, verb: str) -> bool:
    namespace = wanted.namespace
    review = {
        "apiVersion": ACCESS_REVIEW.api_version,
        "kind": ACCESS_REVIEW.kind,
        "spec": {
            "user": f"system:serviceaccount:{namespace}:{_account_name(wanted)}",
            "groups": ["system:serviceaccounts", f"system:serviceaccounts:{namespace}"],
            "resourceAttributes": {
                "namespace": namespace,
                "group": group,
                "resource": resource,
                "verb": verb,
            },
        },
    }
    answer = api.ask(ACCESS_REVIEW, review)
    return bool((answer.get("status") or {}).get("allowed"))


def _dry_run(api: Api, wanted: Wanted) -> tuple[Problem, ...]:
    """The API server's own word on the rendered objects, pod templates above all."""
    try:
        made = wanted.rendered()
    except InvalidResource as broken:
        return broken.problems
    pod = taskmanager_pod(wanted.deployment, wanted.configuration) if wanted.deployment else None
    every = (*made.deployments, *made.owned_by(DRY_RUN_UID), *([pod] if pod else ()))
    found = [_refusal(api, item) for item in every]
    return tuple(problem for problem in found if problem is not None)


def _refusal(api: Api, definition: Mapping[str, Any]) -> Problem | None:
    try:
        api.rehearse(_with_known_owner(definition))
    except Conflict:
        return None  # one of the name is there: from a start that was interrupted
    except (Rejected, Forbidden, NamespaceMissing) as refused:
        kind, name = definition["kind"], definition["metadata"]["name"]
        return Problem(
            path=f"the rendered {kind} {name}",
            value="",
            rule=f"must be accepted by the API server: {str(refused).rstrip('.')}",
            next_step="See it with make render.",
        )
    return None


def _with_known_owner(definition: Mapping[str, Any]) -> dict[str, Any]:
    """Placeholders are no uid; the dry run looks at the form only."""
    metadata = dict(definition["metadata"])
    owners = metadata.get("ownerReferences") or ()
    metadata["ownerReferences"] = [{**owner, "uid": DRY_RUN_UID} for owner in owners]
    return {**definition, "metadata": metadata}
