# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What forbids a start-up boost: a table of named rules, asked before a start.

A start without the boost is always possible, so what is not known forbids it. Refuses to know how
the surroundings are seen: kube/resize.py.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from . import options
from .boost import Raise, role_templates, roles, wanted
from .config import effective
from .podtemplate import split
from .spec import FlinkDeployment

_FLINK_COUNTS = options.Option(key="slotmanager.max-total-resource.cpu")


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the cluster and the namespace allow. The defaults are those of silence."""

    can_resize: bool = False
    """The API server serves the subresource `resize` of pods."""
    may_resize: bool = False
    limits_are_seen: bool = False
    """LimitRanges and quotas could be read."""
    most_cpu: Decimal | None = None
    """Of one container or pod, by the LimitRanges; None where none says so."""
    widest_ratio: Decimal | None = None
    """Of a limit to its request, by the LimitRanges."""
    room: Mapping[str, Decimal] = field(default_factory=dict)
    """What the quotas leave of `limits.cpu` and `requests.cpu`, where one counts them."""
    free_on_nodes: tuple[Decimal, ...] | None = None
    """CPU that no pod requests, for each node that takes pods; None where it can't be seen."""


@dataclass(frozen=True, slots=True, kw_only=True)
class BoostFacts:
    is_wanted: bool
    runs_a_job: bool
    roles: tuple[Raise, ...]
    """Both, also one that is not raised: its pods need their room too."""
    template_restarts: bool
    """The pod template has containers restart when their CPU is resized."""
    template_limits_pod: bool
    flink_counts: bool
    around: Surroundings

    @property
    def raises(self) -> bool:
        return any(found.more.limit for found in self.roles)

    @property
    def raises_requests(self) -> bool:
        return any(found.more.request for found in self.roles)

    @property
    def passes_a_limit_range(self) -> bool:
        most, ratio = self.around.most_cpu, self.around.widest_ratio
        return any(
            (most is not None and found.boosted.limit > most)
            or (ratio is not None and found.boosted.limit > ratio * found.boosted.request)
            for found in self.roles
            if found.more.limit
        )

    @property
    def passes_a_quota(self) -> bool:
        needed = {
            "limits.cpu": sum(found.pods * found.boosted.limit for found in self.roles),
            "requests.cpu": sum(found.pods * found.boosted.request for found in self.roles),
        }
        if not self.raises_requests:
            del needed["requests.cpu"]
        return any(
            name in self.around.room and amount > self.around.room[name]
            for name, amount in needed.items()
        )

    @property
    def fits_on_nodes(self) -> bool:
        free = list(self.around.free_on_nodes or ())
        asked = [found.boosted.request for found in self.roles for _pod in range(found.pods)]
        for request in sorted(asked, reverse=True):
            place = next((n for n, left in enumerate(free) if left >= request), None)
            if place is None:
                return False
            free[place] -= request
        return True


@dataclass(frozen=True, slots=True, kw_only=True)
class Refusal:
    """Why a start is not boosted. `name` is what the user reads first."""

    name: str
    when: Callable[[BoostFacts], bool]
    message: str


RULES: tuple[Refusal, ...] = (
    Refusal(
        name="no_boost_is_asked_for",
        when=lambda f: not f.is_wanted,
        message="kubernetes.operator.start-boost.cpu-limit is not set",
    ),
    Refusal(
        name="a_session_cluster_has_no_end_of_its_start",
        when=lambda f: not f.runs_a_job,
        message="only applications are boosted: there the running job ends the start",
    ),
    Refusal(
        name="no_limit_is_below_the_boost",
        when=lambda f: not f.raises,
        message="the CPU limits are as high as kubernetes.operator.start-boost.cpu-limit already",
    ),
    Refusal(
        name="the_cluster_can_not_resize",
        when=lambda f: not f.around.can_resize,
        message="the API server does not serve pods/resize (Kubernetes 1.33 and newer do)",
    ),
    Refusal(
        name="we_may_not_resize_pods",
        when=lambda f: not f.around.may_resize,
        message="patching pods/resize is not allowed to this account: ask for that right",
    ),
    Refusal(
        name="what_the_namespace_allows_is_not_seen",
        when=lambda f: not f.around.limits_are_seen,
        message="LimitRanges and ResourceQuotas of the namespace can't be read by this account",
    ),
    Refusal(
        name="its_pod_template_restarts_on_a_resize",
        when=lambda f: f.template_restarts,
        message="the pod template's resizePolicy restarts the container when its CPU is resized",
    ),
    Refusal(
        name="its_pod_template_limits_the_whole_pod",
        when=lambda f: f.template_limits_pod,
        message="the pod template limits the whole pod's CPU (spec.resources)",
    ),
    Refusal(
        name="flink_counts_the_cpu",
        when=lambda f: f.raises_requests and f.flink_counts,
        message="slotmanager.max-total-resource.cpu is set, and requests would be raised",
    ),
    Refusal(
        name="a_limit_range_forbids_it",
        when=lambda f: f.passes_a_limit_range,
        message="a LimitRange of the namespace allows no such CPU limit",
    ),
    Refusal(
        name="a_quota_forbids_it",
        when=lambda f: f.passes_a_quota,
        message="a ResourceQuota of the namespace leaves too little CPU",
    ),
    Refusal(
        name="no_node_has_room_for_it",
        when=lambda f: f.raises_requests and not f.fits_on_nodes,
        message="limits equal requests, so both would be raised, and that no node is seen to hold",
    ),
)


def facts(
    deployment: FlinkDeployment, *, base: Mapping[str, str], around: Surroundings
) -> BoostFacts:
    conf = effective(deployment, base=base)
    given = role_templates(deployment, conf)
    return BoostFacts(
        is_wanted=wanted(conf) is not None,
        runs_a_job=deployment.spec.job is not None,
        roles=roles(deployment, base=base),
        template_restarts=any(_restarts(template) for template in given.values()),
        template_limits_pod=any(_limits_pod(template) for template in given.values()),
        flink_counts=options.is_set(conf, _FLINK_COUNTS),
        around=around,
    )


def why_not(asked: BoostFacts) -> Refusal | None:
    """The first rule that forbids it; None: it is boosted."""
    return next((rule for rule in RULES if rule.when(asked)), None)


def _restarts(template: Mapping[str, Any] | None) -> bool:
    _around, main = split(template)
    policies = main.get("resizePolicy") or ()
    return any(
        policy.get("resourceName") == "cpu" and policy.get("restartPolicy") == "RestartContainer"
        for policy in policies
    )


def _limits_pod(template: Mapping[str, Any] | None) -> bool:
    around, _main = split(template)
    return "cpu" in ((around["spec"].get("resources") or {}).get("limits") or {})
