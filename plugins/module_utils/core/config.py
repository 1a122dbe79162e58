# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The effective configuration of one FlinkDeployment: layer over layer, later ones win.

Built-in defaults, the platform's base, its namespace and version defaults, the resource's own
flinkConfiguration, then what is computed from the other fields (computed.py). Refuses to know
files and Kubernetes objects.
"""

from __future__ import annotations

import re
from collections.abc import Mapping

from .computed import computed
from .defaults import BUILT_IN, NAMESPACE_PREFIX, VERSION_PREFIX
from .spec import FlinkDeployment, FlinkVersion

OPERATOR_PREFIXES = ("kubernetes.operator.", "job.autoscaler.")
"""Keys that speak to the operator: no cluster ever sees them."""

_FROM_VERSION_ON = re.compile(re.escape(VERSION_PREFIX) + r"(v\d+_\d+)\+\.")


def effective(deployment: FlinkDeployment, *, base: Mapping[str, str]) -> dict[str, str]:
    """All layers and all computed keys, the operator's own keys still among them."""
    conf = layered(deployment, base=base)
    conf.update(computed(deployment, conf))
    return conf


def layered(deployment: FlinkDeployment, *, base: Mapping[str, str]) -> dict[str, str]:
    """What was configured, by the platform and by the resource."""
    lowest = {**BUILT_IN, **base}
    conf = {
        **lowest,
        **_below(f"{NAMESPACE_PREFIX}{deployment.namespace}.", lowest),
    }
    if deployment.spec.flink_version is not None:
        for prefix in _version_prefixes(lowest, deployment.spec.flink_version):
            conf.update(_below(prefix, lowest))
    conf.update(deployment.spec.flink_configuration)
    return conf


def for_flink(conf: Mapping[str, str]) -> dict[str, str]:
    """Without the keys that speak to the operator."""
    return {key: value for key, value in conf.items() if not key.startswith(OPERATOR_PREFIXES)}


def _below(prefix: str, conf: Mapping[str, str]) -> dict[str, str]:
    return {key[len(prefix) :]: value for key, value in conf.items() if key.startswith(prefix)}


def _version_prefixes(conf: Mapping[str, str], version: FlinkVersion) -> list[str]:
    """`v1_NN+` of every lower or equal version, ascending; then the version itself."""
    known = {member.value: member for member in FlinkVersion}
    found = {match[1] for key in conf if (match := _FROM_VERSION_ON.match(key))}
    reached = sorted(
        (known[name] for name in found if name in known and version.at_least(known[name])),
        key=lambda reached: reached.number,
    )
    return [f"{VERSION_PREFIX}{name}+." for name in reached] + [f"{VERSION_PREFIX}{version}."]
