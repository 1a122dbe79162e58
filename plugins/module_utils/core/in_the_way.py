# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What stands where a cluster is to be: somebody else's Deployment, or what is left of the old one.

Rules that several tables share, word for word.
"""

from __future__ import annotations

from typing import Protocol

from .case import Case, JobManager
from .plan import Move, Phase, Rule, Verdict
from .verb import VerbKind


class Placed(Protocol):
    """The facts that these rules ask; each of the tables knows them among its own."""

    @property
    def jobmanager(self) -> JobManager: ...
    @property
    def has_pods(self) -> bool: ...
    @property
    def is_delete_late(self) -> bool: ...
    @property
    def kills_pods(self) -> bool: ...


def is_in_the_way(f: Placed) -> bool:
    """Pods outlive a Deployment that was deleted without waiting: a second writer beside them."""
    gone = f.jobmanager is JobManager.ABSENT and f.has_pods
    return f.jobmanager is JobManager.GOING or gone


KILLED = "the_user_kills_the_old_pods"


def kills_pods(case: Case) -> bool:
    """A person doesn't wait for pods that end."""
    return case.asks(VerbKind.FORCE_DELETION) and case.seen.pods.unkilled > 0


FOREIGN: Rule[Placed] = Rule(
    name="an_object_of_its_name_is_in_the_way",
    when=lambda f: f.jobmanager is JobManager.FOREIGN,
    verdict=Verdict.HELD,
    message="a Deployment {name} that does not belong to this resource exists in {namespace}",
    next_step="Delete or rename that Deployment, or give the resource another name.",
)

GOING: tuple[Rule[Placed], ...] = (
    Rule(
        name=KILLED,
        when=lambda f: is_in_the_way(f) and f.kills_pods,
        verdict=Verdict.GO,
        move=Move.KILL_PODS,
        phase=Phase.CLUSTER_DELETE,
        message="not waiting for the old pods of {key} any more: they are killed ({left})",
    ),
    Rule(
        name="the_old_cluster_outlives_the_deadline",
        when=lambda f: is_in_the_way(f) and f.is_delete_late,
        verdict=Verdict.FAILED,
        phase=Phase.CLUSTER_DELETE,
        message="the old cluster of {key} was not gone in time: {left}",
        next_step=(
            "See what holds its pods back (kubectl describe), then run this again; where their "
            "node is off, the verb force-deletion kills them."
        ),
    ),
    Rule(
        name="the_old_cluster_is_going",
        when=is_in_the_way,
        verdict=Verdict.WAIT,
        phase=Phase.CLUSTER_DELETE,
        message="waiting for the old cluster of {key} to be gone: {left}",
    ),
)
