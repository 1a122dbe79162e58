# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Rules over two specs: what was recorded last, and what is wanted now.

Refuses to know how a change is carried out.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from .schema_check import shown
from .spec import Job, JobState, Mode, Spec, UpgradeMode
from .validate_rule import BrokenRule


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeRule:
    """It is broken when `when` holds between the old and the new spec."""

    name: str
    path: str
    when: Callable[[Spec, Spec], object]
    value: Callable[[Spec], object]
    rule: str
    next_step: str


def _mode(spec: Spec) -> Mode:
    return spec.mode or Mode.NATIVE


def _jobs(old: Spec, new: Spec) -> tuple[Job, Job] | None:
    return None if old.job is None or new.job is None else (old.job, new.job)


def _redeploys_from_nowhere(old: Spec, new: Spec) -> bool:
    jobs = _jobs(old, new)
    if jobs is None:
        return False
    before, after = (job.savepoint_redeploy_nonce for job in jobs)
    return after is not None and after != before and not jobs[1].initial_savepoint_path


def _would_read_other_versions_state(old: Spec, new: Spec) -> bool:
    jobs = _jobs(old, new)
    if jobs is None or old.flink_version == new.flink_version:
        return False
    before, after = jobs
    rests_on_last_state = (
        before.state is JobState.SUSPENDED and before.upgrade_mode is UpgradeMode.LAST_STATE
    )
    return rests_on_last_state and after.upgrade_mode is not UpgradeMode.STATELESS


RULES: tuple[ChangeRule, ...] = (
    ChangeRule(
        name="a_session_cluster_stays_one",
        path="spec.job",
        when=lambda old, new: old.job is None and new.job is not None,
        value=lambda _: None,
        rule="a session cluster can't become an application",
        next_step="Make a new FlinkDeployment for the job, or submit it as a FlinkSessionJob.",
    ),
    ChangeRule(
        name="an_application_stays_one",
        path="spec.job",
        when=lambda old, new: old.job is not None and new.job is None,
        value=lambda _: None,
        rule="an application can't become a session cluster",
        next_step="To stop the job set job.state: suspended; for a session make a new resource.",
    ),
    ChangeRule(
        name="native_and_standalone_do_not_change_places",
        path="spec.mode",
        when=lambda old, new: _mode(old) is not _mode(new),
        value=_mode,
        rule="a cluster can't change between native and standalone mode",
        next_step="Make a new FlinkDeployment in the other mode, from a savepoint of this one.",
    ),
    ChangeRule(
        name="a_redeploy_needs_a_snapshot_to_start_from",
        path="spec.job.initialSavepointPath",
        when=_redeploys_from_nowhere,
        value=lambda _: None,
        rule="savepointRedeployNonce changed, so a snapshot to start from is needed",
        next_step="Set job.initialSavepointPath, or put savepointRedeployNonce back.",
    ),
    ChangeRule(
        name="last_state_is_read_by_the_version_that_wrote_it",
        path="spec.flinkVersion",
        when=_would_read_other_versions_state,
        value=lambda new: new.flink_version,
        rule="the job was suspended with last-state, which only the same version can go on from",
        next_step=(
            "Resume with the old version first, then change it with upgradeMode: savepoint; or set "
            "upgradeMode: stateless to start empty."
        ),
    ),
)


def broken_by_change(old: Spec, new: Spec) -> Iterator[BrokenRule]:
    for rule in RULES:
        if rule.when(old, new):
            value = rule.value(new)
            yield BrokenRule(
                path=rule.path,
                value="" if value is None else shown(rule.path, value),
                rule=rule.rule,
                next_step=rule.next_step,
                name=rule.name,
            )
