# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Is this FlinkDeployment legal? All broken rules, each by its name.

Knows which tables there are. Refuses to know the cluster: what only it can tell comes later.
"""

from __future__ import annotations

from collections.abc import Mapping

from . import (
    health_keys,
    validate_autoscaler,
    validate_deployment,
    validate_jar,
    validate_resources,
    validate_snapshots,
)
from .spec import FlinkDeployment, Spec
from .validate_change import broken_by_change
from .validate_memory import broken_memory
from .validate_rule import BrokenRule, Facts, Rule, broken

RULES: tuple[Rule, ...] = (
    *validate_deployment.RULES,
    *validate_jar.RULES,
    *validate_resources.RULES,
    *validate_autoscaler.RULES,
    *validate_snapshots.RULES,
    *health_keys.RULES,
)

_SIZES = frozenset(
    {
        "the_jobmanager_needs_a_size",
        "the_taskmanager_needs_a_size",
        "a_size_must_be_readable",
        "a_quantity_must_be_readable",
        "a_quantity_must_be_large_enough",
    }
)
"""Where one of these is broken there is no size that could be too small."""


def validate(
    deployment: FlinkDeployment, *, effective: Mapping[str, str]
) -> tuple[BrokenRule, ...]:
    """Find every rule that the deployment breaks. `effective`: defaults with its own keys over."""
    facts = Facts(deployment=deployment, effective=effective)
    found = tuple(broken(RULES, facts))
    if _SIZES.isdisjoint(rule.name for rule in found):
        found += tuple(broken_memory(facts))
    return found


def validate_change(old: Spec, new: Spec) -> tuple[BrokenRule, ...]:
    """Find every rule that going from the recorded spec to the wanted one breaks."""
    return tuple(broken_by_change(old, new))
