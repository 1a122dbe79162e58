# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The contract's upgrade decision (section 2.7), for applications: row by row, first match wins."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, auto

from support.contract_record import (
    LAST_STATE,
    Object,
    Record,
    has_savepoint_dir,
    is_ha,
    mode_of,
    switch,
)


class Upgrade(Enum):
    NOOP = auto()
    STATELESS = auto()
    SAVEPOINT = auto()
    CANCEL = auto()
    LAST_STATE = auto()
    CLEAN_UP = auto()
    """Delete a cluster that never started, then decide anew."""
    WAIT = auto()
    WAIT_WITH_OTHERS = auto()
    FAIL = auto()


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    how: Upgrade
    restore: str = ""
    why: str = ""


def upgrade(record: Record, spec: Object, *, has_ha_metadata: bool, never_started: bool) -> Choice:
    """How a running job is brought to rest, and from what its next start comes."""
    if mode_of(spec) == "stateless":
        how = Upgrade.NOOP if record.is_over else Upgrade.STATELESS
        return Choice(how=how, restore="stateless")
    return (
        _at_rest(record, has_ha_metadata)
        or _running(record, spec, has_ha_metadata)
        or _application(record, spec, has_ha_metadata, never_started=never_started)
    )


def _at_rest(record: Record, has_ha_metadata: bool) -> Choice | None:
    state = record.job_state
    is_usable = state == "CANCELED" or not has_ha_metadata or record.jobmanager == "READY"
    if record.is_over and is_usable:
        if record.job.get("upgradeSavepointPath") == LAST_STATE:
            return Choice(how=Upgrade.FAIL, why="manual restore required")
        return Choice(how=Upgrade.NOOP, restore="savepoint")
    if state == "CANCELLING":
        return Choice(how=Upgrade.WAIT, why="the job is cancelling")
    return None


def _running(record: Record, spec: Object, has_ha_metadata: bool) -> Choice | None:
    is_new = record.deployed.get("flinkVersion") != spec.get("flinkVersion")
    found = None
    if mode_of(spec) == "savepoint":
        found = _by_savepoint(spec, record.job_state, is_new_version=is_new)
    return found or _by_last_state(record, spec, has_ha_metadata, is_new_version=is_new)


def _application(
    record: Record, spec: Object, has_ha_metadata: bool, *, never_started: bool
) -> Choice:
    old = record.deployed
    if is_ha(old) and is_ha(spec) and has_ha_metadata:
        return Choice(how=Upgrade.LAST_STATE, restore="last-state")
    if record.jobmanager != "MISSING" and mode_of(old) != "last-state" and never_started:
        return Choice(how=Upgrade.CLEAN_UP)
    if record.jobmanager in ("MISSING", "ERROR") and not has_ha_metadata:
        return Choice(how=Upgrade.FAIL, why="UpgradeFailed")
    return Choice(how=Upgrade.WAIT_WITH_OTHERS, why="no way to upgrade yet")


def _by_savepoint(spec: Object, state: str, *, is_new_version: bool) -> Choice | None:
    if state == "RUNNING":
        return Choice(how=Upgrade.SAVEPOINT, restore="savepoint")
    may_fall_back = switch(spec, "job.upgrade.last-state-fallback.enabled", default=True)
    if is_new_version or may_fall_back:
        return None
    return Choice(how=Upgrade.WAIT_WITH_OTHERS, why="the job is not running")


def _by_last_state(
    record: Record, spec: Object, has_ha_metadata: bool, *, is_new_version: bool
) -> Choice | None:
    """Without a limit to the age of the checkpoint."""
    runs = record.job_state == "RUNNING"
    is_cancellable = record.jobmanager == "READY" and not (
        record.is_over or record.job_state == "RECONCILING"
    )
    by_cancel = Choice(how=Upgrade.CANCEL, restore="savepoint")
    if is_new_version:
        if runs and has_savepoint_dir(spec):
            return Choice(how=Upgrade.SAVEPOINT, restore="savepoint")
        waits = Choice(how=Upgrade.WAIT_WITH_OTHERS, why="a new version needs a savepoint")
        return by_cancel if is_cancellable else waits
    prefers = switch(spec, "job.upgrade.last-state.job-cancel.enabled", default=False)
    if is_cancellable and (prefers or not has_ha_metadata):
        return by_cancel
    return Choice(how=Upgrade.LAST_STATE, restore="last-state") if runs else None
