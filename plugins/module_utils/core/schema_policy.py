# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""An admission policy for what a schema can't see: free keys of flinkConfiguration.

It is an extra: every rule here is judged again before the first write. So it never stands in the
way by itself (failurePolicy Ignore), and judges only configurations that were touched.
"""

from __future__ import annotations

from typing import Any

from .schema_kinds import FLINK_DEPLOYMENT
from .spec import GROUP, VERSION

NAME = f"{FLINK_DEPLOYMENT.singular}-configuration.{GROUP}"
_MOST_KEYS = 150
"""Comparing all keys with each other stays below the API server's limit on cost up to here."""

_CONFIGURATION = "has(object.spec.flinkConfiguration) ? object.spec.flinkConfiguration : {}"
_BEFORE = (
    "oldObject != null && has(oldObject.spec) && has(oldObject.spec.flinkConfiguration) ? "
    "oldObject.spec.flinkConfiguration : {}"
)
_OVERLAPPING = (
    "has(object.spec.flinkVersion) && object.spec.flinkVersion.startsWith('v2') && "
    f"size(variables.keys) <= {_MOST_KEYS} ? "
    "variables.keys.map(key, key).filter(key, !key.startsWith('kubernetes.operator.') && "
    "!key.startsWith('job.autoscaler.') && "
    "variables.keys.exists(other, other.startsWith(key + '.'))) : []"
)
_NESTED = (
    "!('high-availability' in variables.keys) || "
    "type(variables.keys['high-availability']) != map || "
    "!('cluster-id' in variables.keys['high-availability'])"
)


def policy() -> tuple[dict[str, Any], dict[str, Any]]:
    """Write the policy and the binding that puts it in force."""
    api = "admissionregistration.k8s.io/v1"
    binding = {
        "apiVersion": api,
        "kind": "ValidatingAdmissionPolicyBinding",
        "metadata": {"name": NAME},
        "spec": {"policyName": NAME, "validationActions": ["Deny"]},
    }
    body = {
        "apiVersion": api,
        "kind": "ValidatingAdmissionPolicy",
        "metadata": {"name": NAME},
        "spec": _spec(),
    }
    return body, binding


def _spec() -> dict[str, Any]:
    return {
        "failurePolicy": "Ignore",
        "matchConstraints": {
            "resourceRules": [
                {
                    "apiGroups": [GROUP],
                    "apiVersions": [VERSION],
                    "operations": ["CREATE", "UPDATE"],
                    "resources": [FLINK_DEPLOYMENT.plural],
                }
            ]
        },
        "matchConditions": [
            {
                "name": "the-configuration-was-touched",
                "expression": f"has(object.spec) && ({_CONFIGURATION}) != ({_BEFORE})",
            }
        ],
        "variables": [
            {"name": "keys", "expression": _CONFIGURATION},
            {"name": "overlapping", "expression": _OVERLAPPING},
        ],
        "validations": [_nested_own_key(), _overlap()],
    }


def _nested_own_key() -> dict[str, Any]:
    return {
        "expression": _NESTED,
        "reason": "Invalid",
        "message": (
            "spec.flinkConfiguration: high-availability.cluster-id can't be chosen: it follows "
            "from the resource's name and namespace; remove it"
        ),
    }


def _overlap() -> dict[str, Any]:
    return {
        "expression": "size(variables.overlapping) == 0",
        "reason": "Invalid",
        "messageExpression": (
            "'spec.flinkConfiguration: from Flink 2.0 on a key can\\'t have a value of its own and "
            "further keys below it (' + variables.overlapping.join(', ') + '): remove one of the "
            "two; often the shorter one is an older spelling'"
        ),
    }
