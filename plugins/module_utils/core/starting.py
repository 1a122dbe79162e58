# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The facts of the start table: nothing deployed yet, or a start written ahead and not yet made."""

from __future__ import annotations

from dataclasses import dataclass

from .case import Case, JobManager, Situation
from .in_the_way import kills_pods
from .intent import Intent
from .plan import Phase, Rule, Source
from .restore import Asked, Restoring, restoring


@dataclass(frozen=True, slots=True, kw_only=True)
class Starting:
    situation: Situation
    jobmanager: JobManager
    is_complete: bool
    has_pods: bool
    is_delete_late: bool
    kills_pods: bool
    wants_suspended: bool
    is_changed: bool
    """The wanted spec is no longer the one that the start was written ahead for."""
    has_leftovers: bool
    names_its_state: bool
    """It is said which state to use: a path in the spec, or a verb."""
    source: Source
    is_retold: bool
    """A person names another state for the start that is written ahead."""


def starting(case: Case, restore: Rule[Restoring]) -> Starting:
    cluster = case.seen.cluster
    facts = restoring(case, Intent.NONE)
    said = facts.asked is not Asked.NOTHING
    return Starting(
        situation=case.situation,
        jobmanager=case.jobmanager,
        is_complete=cluster is not None and cluster.is_complete,
        has_pods=case.has_pods,
        is_delete_late=case.is_late_in(Phase.CLUSTER_DELETE) or case.is_late_in(Phase.ROLLBACK),
        kills_pods=kills_pods(case),
        wants_suspended=case.wants_suspended,
        is_changed=_is_changed(case),
        has_leftovers=bool(case.seen.leftover_state),
        names_its_state=said or facts.has_initial,
        source=restore.source,
        is_retold=said and restore.source is not Source.NONE and _is_new(case),
    )


def _is_new(case: Case) -> bool:
    """The verb was not served yet: the start that is written ahead comes from elsewhere."""
    served = case.record.path if case.verb.path else ""
    return case.verb.path != served


def _is_changed(case: Case) -> bool:
    if case.situation is Situation.ROLLING_BACK:
        return case.change.restarts
    return case.change.restarts or case.change.value == "live"
