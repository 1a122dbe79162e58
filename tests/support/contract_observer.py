# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The first half of the contract's loop (section 2.3): what was found goes into the status."""

from __future__ import annotations

from support.contract_record import Record, job_state_of
from support.contract_steps import Around, JobShown


class Observer:
    """Each method changes the record in place."""

    def __init__(self, record: Record, around: Around) -> None:
        self.record = record
        self.around = around

    def observe(self) -> str:
        record = self.record
        if record.is_new or record.state == "ROLLING_BACK":
            return ""
        if record.state == "UPGRADING":
            if record.job_state == "CANCELLING":
                self._observe_job()
                return ""
            if not self._is_already_upgraded():
                if record.is_first:
                    del record.how["lastReconciledSpec"]
                return ""
        was_ready = record.jobmanager == "READY"
        failed = "" if was_ready else self._observe_jobmanager()
        if record.jobmanager == "READY":
            self._observe_job()
        return failed

    def _is_already_upgraded(self) -> bool:
        """It was submitted, and the one who did it ended before writing so."""
        record, found = self.record, self.around.jobmanager
        if record.jobmanager != "MISSING" or found is None or found.being_deleted:
            return False
        if found.generation != str(record.status.get("observedGeneration")):
            return False
        record.jobmanager, record.job_state = "DEPLOYING", "RECONCILING"
        record.how["state"] = "DEPLOYED"
        record.mark("running")
        return True

    def _observe_jobmanager(self) -> str:
        record, found = self.record, self.around.jobmanager
        if job_state_of(record.spec) == "suspended":
            return ""
        if record.jobmanager == "DEPLOYED_NOT_READY":
            record.jobmanager = "READY"
        elif found is None:
            record.jobmanager = "MISSING"
            if not record.is_over:
                record.job_state = "RECONCILING"
        elif found.is_available:
            record.jobmanager = "DEPLOYED_NOT_READY"
        elif found.trouble:
            was, record.jobmanager = record.jobmanager, "ERROR"
            return "" if was == "ERROR" else found.trouble
        else:
            record.jobmanager = "DEPLOYING"
        return ""

    def _observe_job(self) -> None:
        record, jobs = self.record, self.around.jobs
        if jobs is None:
            record.job_state = "RECONCILING" if record.job_state == "RUNNING" else record.job_state
            record.jobmanager = "DEPLOYING"
            self._observe_jobmanager()
            return
        found = next((job for job in jobs if job.id == record.job_id), None)
        if found is None:
            record.job_state = "RECONCILING"
            return
        was_cancelling = record.job_state == "CANCELLING"
        is_whole = found.state != "RUNNING" or found.all_run
        record.job_state = found.state if is_whole else "CREATED"
        self._observe_savepoint()
        if record.is_over:
            self._keep_last_snapshot(found)
        if record.job_state == "CANCELED" or (was_cancelling and record.is_over):
            record.mark("suspended")
        elif record.job_state in ("RUNNING", "FINISHED") and record.state == "DEPLOYED":
            record.mark_stable()

    def _observe_savepoint(self) -> None:
        info = self.record.job.get("savepointInfo") or {}
        trigger = self.record.pending_savepoint
        if not trigger:
            return
        path = self.around.triggers.get(trigger)
        if path:
            info["lastSavepoint"] = {"location": path, "triggerType": info.get("triggerType")}
        if path != "" or self.record.job_state != "RUNNING":
            info["triggerId"] = None

    def _keep_last_snapshot(self, found: JobShown) -> None:
        if found.last_snapshot:
            self.record.job["upgradeSavepointPath"] = found.last_snapshot
        elif found.state == "CANCELED":
            self.record.job.pop("upgradeSavepointPath", None)
