# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A job's health as a case shows it: its table's facts, what is remembered, what a plan says."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import Any

from .case import Case, Flink, JobManager, Situation
from .health import KEY, Memory, Watched, remembered, watched, written
from .health_keys import Limits, is_on, limits
from .health_rules import RULES, Faring, Finding
from .intent import Intent
from .plan import Move, Plan, Rule, Verdict, first
from .recorded import Reconciliation
from .restore import restoring
from .restore_rules import RULES as RESTORE
from .stopping import Certainty, certainty_of

LIVE = (Flink.STARTING, Flink.RUNNING, Flink.RESTARTING)
BY_US = (Flink.CANCELLING, Flink.CANCELED)
ENDS_IT = (Move.DELETE_CLUSTER, Move.CANCEL_JOB, Move.STOP_JOB)


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    rule: Rule[Faring]
    watched: Watched
    limits: Limits
    noted: str = ""
    """What an earlier turn found, and restarts it for."""

    @property
    def restarts(self) -> bool:
        return self.rule.verdict is Verdict.GO

    @property
    def told(self) -> str:
        return self.rule.message.format(
            restarts=self.watched.restarts,
            threshold=self.limits.restarts,
            window=_span(self.limits.window),
            stuck=_span(self.watched.stuck),
            finding=self.watched.finding,
            noted=self.noted,
        )


def health_of(case: Case) -> Health:
    known = _remembered(case)
    bounds = limits(case.deployed_configuration)
    counters = case.job.counters if case.job else None
    found = watched(known, counters, bounds, case.asker.now) if counters else Watched()
    noted = known.finding if known else ""
    is_watched = is_on(case.configuration) and case.situation is Situation.RUNNING
    facts = Faring(
        is_watched=is_watched,
        is_live=case.flink in LIVE,
        is_going=bool(noted) and _is_going(case),
        finding=Finding(found.finding or "well") if counters else Finding.UNSEEN,
        is_proven=_is_proven(case, bounds),
        is_sure=is_watched and _is_sure(case),
    )
    return Health(rule=first(RULES, facts), watched=found, limits=bounds, noted=noted)


def _remembered(case: Case) -> Memory | None:
    """Of this start: what was noted before it began is another one's."""
    status = case.seen.resource.status if case.seen.resource else {}
    known, since = remembered(status.get("clusterInfo")), case.record.since
    return known if known and (since is None or known.at > since) else None


def _is_going(case: Case) -> bool:
    """What became of the job is our own doing: it was cancelled, or its cluster is going."""
    gone = case.jobmanager in (JobManager.ABSENT, JobManager.GOING)
    return case.flink in BY_US or (gone and case.flink is Flink.UNSEEN)


def _is_proven(case: Case, bounds: Limits) -> bool:
    """Of a version that was gone back to, the record does not say whether this start ran well."""
    if case.record.state is Reconciliation.ROLLED_BACK:
        return not bounds.is_periodic or bool(case.job and case.job.checkpoints_completed)
    return case.record.is_stable


def _is_sure(case: Case) -> bool:
    rule = first(RESTORE, restoring(case, Intent.RESTART))
    return certainty_of(rule) is Certainty.FIRM


def remembering(info: Mapping[str, Any], case: Case) -> dict[str, Any]:
    """The clusterInfo with what the health check has to remember; nothing of an earlier start."""
    health = health_of(case)
    kept = {key: value for key, value in info.items() if key != KEY}
    if not is_on(case.configuration) or case.situation is not Situation.RUNNING:
        return kept
    if case.flink not in LIVE or health.watched.next is None:
        return dict(info)
    finding = health.watched.finding if health.restarts else ""
    if not health.watched.is_worth and finding == health.noted:
        return dict(info)
    return {**kept, KEY: written(replace(health.watched.next, finding=finding))}


def explained(plan: Plan, case: Case, what: Intent) -> Plan:
    """The plan, with why the job is restarted, or is not although it is unhealthy."""
    health = health_of(case)
    if health.rule.verdict is Verdict.HELD and what is Intent.NONE:
        return replace(plan, message=f"{plan.message}; {health.told}")
    if not health.restarts or what is not Intent.RESTART:
        return plan
    if plan.move in ENDS_IT and case.flink in LIVE:
        return replace(plan, because=health.rule.name, message=f"{health.told}; {plan.message}")
    return replace(plan, message=f"{plan.message}; {health.told}")


def _span(time: timedelta) -> str:
    return f"{int(time.total_seconds())} s"
