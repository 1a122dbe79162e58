# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Another operator of the contract, as a small model: what it does when a resource becomes its.

One `turn` is one pass of its loop: it observes, then reconciles. It is a generator of steps in
their order, writes of the status among them, so that a test can stop it after each. Where the
contract starts empty or waits for ever, so does the model. Snapshots, sessions, health: not here.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator

from support.contract_observer import Observer
from support.contract_record import (
    LAST_STATE,
    OPERATOR,
    Object,
    Record,
    configuration,
    differs,
    is_ha,
    job_state_of,
    mode_of,
    redeploys,
    switch,
)
from support.contract_steps import (
    Act,
    Around,
    Cancel,
    DeleteCluster,
    Fail,
    Nothing,
    Steps,
    StopWithSavepoint,
    Submit,
    Wait,
    Write,
)
from support.contract_upgrade import Choice, Upgrade, upgrade

JOB_ID = "$internal.pipeline.job-id"
DAY = 86_400_000


def turn(cr: Object, around: Around, *, keeps_extra: bool = False) -> Steps:
    """`keeps_extra`: whether status fields that the contract does not know survive its writes."""
    yield from Turn(cr, around, keeps_extra=keeps_extra).steps()


def acts(cr: Object, around: Around, answer: str = "file:///sp/answered") -> list[Act]:
    """What one turn does, without its writes; each question is answered the same."""
    return [step for step in taken(turn(cr, around), answer) if not isinstance(step, Write)]


def taken(steps: Steps, answer: str) -> Iterator[Write | Act]:
    try:
        step = next(steps)
        while True:
            yield step
            step = steps.send(answer)
    except StopIteration:
        return


class Turn:
    def __init__(self, cr: Object, around: Around, *, keeps_extra: bool) -> None:
        self.spec: Object = cr["spec"]
        self.generation: int = cr["metadata"]["generation"]
        self.around = around
        self.before: Object = cr.get("status") or {}
        self.record = Record(self.before, keeps_extra=keeps_extra)

    def steps(self) -> Steps:
        failed = Observer(self.record, self.around).observe()
        if self.record.status != self.before:
            yield self._write()
        yield from [Fail(reason=failed)] if failed else self._reconcile()

    def _write(self) -> Write:
        return Write(status=copy.deepcopy(self.record.status))

    # reconcile

    def _reconcile(self) -> Steps:
        record = self.record
        waits = not switch(self.spec, "job.upgrade.ignore-pending-savepoint", default=False)
        if record.pending_savepoint and waits:
            yield Wait(why="a savepoint is pending")
        elif record.is_new:
            yield from self._first()
        elif self._is_changed():
            yield from self._change()
        elif record.state == "ROLLING_BACK":
            yield from self._rollback()
        elif self._must_roll_back():
            record.how["state"] = "ROLLING_BACK"
            yield self._write()
            yield from self._rollback()
        else:
            yield from self._other()

    def _is_changed(self) -> bool:
        record = self.record
        if record.state == "UPGRADING":
            return True
        is_other = redeploys(record.spec, self.spec) or differs(record.spec, self.spec)
        return is_other and (record.state == "ROLLING_BACK" or differs(record.deployed, self.spec))

    def _first(self) -> Steps:
        if job_state_of(self.spec) == "suspended":
            yield Nothing()
            return
        path = str(self.spec["job"].get("initialSavepointPath") or "")
        if path:
            self.record.job["upgradeSavepointPath"] = path
        mode = "savepoint" if path else "stateless"
        yield from self._deploy(self.spec, mode=mode, path=path, first=True)

    def _change(self) -> Steps:
        record = self.record
        if redeploys(record.spec, self.spec):
            path = str(self.spec["job"].get("initialSavepointPath") or "")
            record.job["upgradeSavepointPath"] = path
            yield from self._suspended(DeleteCluster(keeps_ha=False))
            yield from self._deploy(self.spec, mode="savepoint", path=path)
        elif job_state_of(record.spec) == "suspended":
            yield from self._resume()
        else:
            yield from self._upgrade()

    def _resume(self) -> Steps:
        if job_state_of(self.spec) == "suspended":
            mode = mode_of(self.record.spec)
            self._keep(self.spec, state="DEPLOYED", job_state="suspended", mode=mode)
            yield self._write()
            return
        stateless = mode_of(self.spec) == "stateless"
        mode = "stateless" if stateless else mode_of(self.record.spec)
        yield from self._restore(self.spec, mode)

    def _upgrade(self) -> Steps:
        choice = self._choose()
        if choice.how is Upgrade.CLEAN_UP:
            yield from self._suspended(DeleteCluster(keeps_ha=True))
            self.record.job_state = "FAILED"
            choice = self._choose()
        match choice.how:
            case Upgrade.WAIT:
                yield Wait(why=choice.why)
            case Upgrade.WAIT_WITH_OTHERS:
                yield from self._other(Wait(why=choice.why))
            case Upgrade.FAIL | Upgrade.CLEAN_UP:
                yield Fail(reason=choice.why)
            case _:
                yield from self._suspend(choice)

    def _choose(self) -> Choice:
        return upgrade(
            self.record,
            self.spec,
            has_ha_metadata=self.around.has_ha_metadata,
            never_started=bool(self.around.jobmanager and self.around.jobmanager.never_started),
        )

    def _suspend(self, choice: Choice) -> Steps:
        """Cancelling is waited for by the next turns; the other ways end here."""
        record = self.record
        if choice.how is Upgrade.CANCEL:
            yield Cancel(job_id=record.job_id)
            record.job_state, record.how["state"] = "CANCELLING", "UPGRADING"
            spec = record.spec
            record.keep(
                spec, state="UPGRADING", job_state="running", mode=choice.restore, first=False
            )
            yield self._write()
            return
        yield from self._stop(choice)
        desired = job_state_of(self.spec)
        state = "UPGRADING" if desired == "running" else "DEPLOYED"
        self._keep(self.spec, state=state, job_state="suspended", mode=choice.restore)
        if desired == "suspended":
            record.mark_stable()
        yield self._write()
        if choice.how is Upgrade.NOOP and desired == "running":
            yield from self._restore(self.spec, choice.restore)

    def _stop(self, choice: Choice) -> Steps:
        if choice.how is Upgrade.SAVEPOINT:
            path = yield StopWithSavepoint(job_id=self.record.job_id)
            self.record.job["upgradeSavepointPath"] = path
            self.record.job_state = "FINISHED"
        elif choice.how is not Upgrade.NOOP:
            keeps = choice.how is Upgrade.LAST_STATE
            yield from self._suspended(DeleteCluster(keeps_ha=keeps))

    def _suspended(self, how: DeleteCluster) -> Steps:
        yield how
        self.record.jobmanager, self.record.job_state = "MISSING", "FINISHED"

    def _restore(self, spec: Object, mode: str) -> Steps:
        path = self.record.savepoint if mode == "savepoint" else ""
        yield from self._deploy(spec, mode=mode, path=path)

    def _deploy(self, spec: Object, *, mode: str, path: str, first: bool = False) -> Steps:
        """Write ahead, submit, write. An empty path in savepoint mode starts empty: so it does."""
        record = self.record
        needs_ha = mode == "last-state"
        rolls_back = record.state == "ROLLING_BACK"
        if not rolls_back:
            self._keep(spec, state="UPGRADING", job_state="suspended", mode=mode, first=first)
            yield self._write()
        if record.jobmanager != "MISSING":
            if not record.is_over:
                yield Fail(reason="the old job is not terminal")
                return
            yield DeleteCluster(keeps_ha=needs_ha)
            record.jobmanager = "MISSING"
        elif self.around.jobmanager is not None and not self._was_deleted_by_us():
            yield Fail(reason="AlreadyExists")
            return
        yield from self._submit(spec, needs_ha=needs_ha, path=path)
        if rolls_back:
            record.how["state"] = "ROLLED_BACK"
        else:
            self._keep(spec, state="DEPLOYED", job_state="running", mode=mode, first=first)
        record.job_state, record.jobmanager = "RECONCILING", "DEPLOYING"
        yield self._write()

    def _was_deleted_by_us(self) -> bool:
        """In this turn: before it the Deployment was not known to be missing."""
        return (self.before.get("jobManagerDeploymentStatus") or "MISSING") != "MISSING"

    def _submit(self, spec: Object, *, needs_ha: bool, path: str) -> Steps:
        record, origin = self.record, "savepoint" if path else "empty"
        if needs_ha and not path:
            origin = "last-state" if self.around.has_checkpoint_in_ha else "ha-without-checkpoint"
            path = LAST_STATE if self.around.has_checkpoint_in_ha else ""
            if path:
                record.job["upgradeSavepointPath"] = path
        if not (needs_ha and record.job_id):
            record.job["jobId"] = configuration(spec).get(JOB_ID) or self.around.fresh_job_id
        yield self._write()
        if needs_ha and not self.around.has_ha_metadata:
            yield Fail(reason="RestoreFailed")
            return
        yield Submit(
            spec=spec, job_id=record.job_id, origin=origin, path=path, generation=self.generation
        )

    def _keep(
        self, spec: Object, *, state: str, job_state: str, mode: str, first: bool = False
    ) -> None:
        self.record.keep(spec, state=state, job_state=job_state, mode=mode, first=first)
        self.record.how["reconciliationTimestamp"] = self.around.now
        self.record.status["observedGeneration"] = self.generation

    def _must_roll_back(self) -> bool:
        record = self.record
        if not switch(self.spec, "deployment.rollback.enabled", default=False):
            return False
        if record.state == "ROLLED_BACK" or record.is_stable or not record.stable:
            return False
        if job_state_of(record.stable) == "suspended":
            return False
        since = int(record.how.get("reconciliationTimestamp") or 0)
        is_late = self.around.now > since + self._readiness_timeout()
        never = bool(self.around.jobmanager and self.around.jobmanager.never_started)
        by_savepoint = mode_of(record.spec) == "savepoint" and never
        return is_late and (by_savepoint or self.around.has_ha_metadata)

    def _readiness_timeout(self) -> int:
        text = configuration(self.spec).get(f"{OPERATOR}deployment.readiness.timeout", "300 s")
        return int("".join(filter(str.isdigit, text))) * 1000

    def _rollback(self) -> Steps:
        """The first pass takes the bad cluster away, the next one makes the stable spec."""
        record = self.record
        failed = mode_of(record.spec)
        if record.jobmanager != "MISSING":
            yield from self._suspended(DeleteCluster(keeps_ha=failed != "stateless"))
            yield self._write()
        else:
            yield from self._restore(record.stable, failed)

    def _other(self, otherwise: Act | None = None) -> Steps:
        record, deployed = self.record, self.record.deployed
        runs = job_state_of(deployed) == "running"
        ends = self.around.now - int(record.job.get("updateTime") or self.around.now)
        fails = record.job_state == "FAILED"
        if fails and switch(self.spec, "job.restart.failed", default=False):
            yield DeleteCluster(keeps_ha=True)
            record.jobmanager = "MISSING"
            stateless = mode_of(self.spec) == "stateless"
            yield from self._restore(deployed, "stateless" if stateless else "savepoint")
        elif runs and record.jobmanager == "MISSING" and not record.is_over and self._recovers():
            mode = "last-state" if is_ha(deployed) else mode_of(deployed)
            yield from self._restore(deployed, mode)
        elif record.is_over and record.jobmanager == "READY" and ends > DAY:
            yield DeleteCluster(keeps_ha=True)
            record.jobmanager = "MISSING"
            yield self._write()
        else:
            yield otherwise or Nothing()

    def _recovers(self) -> bool:
        allowed = switch(self.spec, "jm-deployment-recovery.enabled", default=True)
        deployed = self.record.deployed
        return allowed and (mode_of(deployed) == "stateless" or is_ha(deployed))
