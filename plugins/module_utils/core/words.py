# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What the rules' messages are filled with: names, ids, reasons. Nothing secret."""

from __future__ import annotations

from datetime import datetime

from . import served
from .case import Case
from .deadlines import gate_deadline, savepoint_deadline, start_deadline
from .difference import difference
from .plan import Origin, Phase, Rule, Source
from .restore import Restoring, found_metadata_path, metadata_of
from .seen import JobSeen, Seen, Unseen


def words_of(
    case: Case, key: str, *, restore: Rule[Restoring] | None = None, origin: Origin | None = None
) -> dict[str, str]:
    """Lazy where it costs: only what a message can ask for."""
    return _Words(case, key, restore, origin)


class _Words(dict[str, str]):
    def __init__(
        self, case: Case, key: str, restore: Rule[Restoring] | None, origin: Origin | None
    ) -> None:
        super().__init__()
        self._case, self._restore, self._start = case, restore, origin
        namespace, _sep, name = key.partition("/")
        self.update(key=key, name=name, namespace=namespace)

    def __missing__(self, word: str) -> str:
        self[word] = found = str(getattr(self, f"_{word}")())
        return found

    def _holder(self) -> str:
        claim = self._case.seen.claim
        return claim.identity if claim else ""

    def _expires(self) -> str:
        claim = self._case.seen.claim
        return f"{claim.expires:%H:%M:%S} UTC" if claim else ""

    def _told_by_operator(self) -> str:
        return served.told(self._case)

    def _problems(self) -> str:
        resource = self._case.seen.resource
        found = (*(resource.problems if resource else ()), *self._case.seen.beforehand)
        return "\n".join(str(problem) for problem in found)

    def _leftovers(self) -> str:
        seen = self._case.seen
        return ", ".join(seen.leftover_state or seen.ha_maps)

    def _found(self) -> str:
        path = found_metadata_path(self._case)
        return f" (its newest checkpoint: {path})" if path else ""

    def _left(self) -> str:
        """What still stands in the way of "nothing left"."""
        seen = self._case.seen
        cluster = f"Deployment of {seen.cluster.replicas} replicas" if seen.cluster else ""
        return ", ".join(part for part in (cluster, *seen.pods.names) if part) or "no pods are left"

    def _trouble(self) -> str:
        trouble = self._case.seen.trouble
        where = f"{trouble.pod} [{trouble.container}] " if trouble and trouble.pod else ""
        return f"{where}{trouble.reason}: {trouble.message}" if trouble else ""

    def _trouble_step(self) -> str:
        trouble = self._case.seen.trouble
        return trouble.next_step if trouble else ""

    def _deadline(self) -> str:
        record, configuration = self._case.record, self._case.deployed_configuration
        by_phase = {Phase.SAVEPOINT: savepoint_deadline, Phase.GATE: gate_deadline}
        named = [found for phase, found in by_phase.items() if phase == record.phase.name]
        return _time((*named, start_deadline)[0](record, configuration))

    def _progress(self) -> str:
        return progress(self._case.seen)

    def _why(self) -> str:
        """Why a version is taken back."""
        if self._case.verb.kind.value == "rollback":
            return "a person asks for it"
        return self._trouble() or self._root_exception_or_progress()

    def _root_exception_or_progress(self) -> str:
        job = self._case.job
        if job and job.root_exception:
            return f"job {job.state}: {job.root_exception}"
        return self._progress()

    def _origin(self) -> str:
        return told_origin(self._start, self._restore)

    def _restore_message(self) -> str:
        return self._restore.message.format_map(self) if self._restore else ""

    def _restore_step(self) -> str:
        return self._restore.next_step if self._restore else ""

    def _metadata(self) -> str:
        return metadata_of(self._case).value.replace("_", " ")

    def _noted(self) -> str:
        return next(iter(self._case.record.ledger), "")

    def _failed_because(self) -> str:
        because = self._case.record.failed_because
        return f". It was taken back: {because}" if because else ""

    def _changes(self) -> str:
        old, new = self._case.record.spec, self._case.spec
        return difference(old, new).text if old and new else ""

    def _job_id(self) -> str:
        return self._case.job.id if self._case.job else self._case.record.job_id

    def _job_state(self) -> str:
        return self._case.record.job_state

    def _tasks(self) -> str:
        return str(self._case.job.tasks) if self._case.job else ""

    def _root_exception(self) -> str:
        job = self._case.job
        return (job.root_exception if job else None) or "no exception is told"

    def _checkpoint(self) -> str:
        job = self._case.job
        return job.last_checkpoint.path if job and job.last_checkpoint else "none"

    def _savepoint_failure(self) -> str:
        told = self._case.job.savepoint_trigger if self._case.job else None
        return told.why if told else ""

    def _checkpoint_failure(self) -> str:
        told = self._case.job.checkpoint_trigger if self._case.job else None
        return told.why if told else ""

    def _why_unseen(self) -> str:
        flink = self._case.seen.flink
        return flink.why if isinstance(flink, Unseen) else "knows no snapshot of it"


def told_origin(origin: Origin | None, restore: Rule[Restoring] | None) -> str:
    """In words, with the path where there is one."""
    if origin is None or restore is None:
        return "from no state that is known"
    path = origin.path if origin.source is Source.SAVEPOINT else ""
    return f"{restore.message}{f' ({path})' if path else ''}"


def _time(moment: datetime | None) -> str:
    return f"{moment:%H:%M:%S} UTC" if moment else ""


def progress(seen: Seen) -> str:
    """How far a start has come, in a few words for a person."""
    if seen.trouble:
        return f"{seen.trouble.reason}: {seen.trouble.message}"
    if isinstance(seen.flink, Unseen):
        return seen.pods.progress or _silence(seen, seen.flink)
    if seen.flink.job is None:
        return "REST answers, the job is not submitted yet"
    return _job_progress(seen.flink.job, seen)


def _silence(seen: Seen, flink: Unseen) -> str:
    if seen.pods.jobmanagers == 0:
        return "the JobManager's pod is not there yet"
    return f"Flink's REST API is not seen: {flink.why}"


def _job_progress(job: JobSeen, seen: Seen) -> str:
    waits = f"; {seen.pods.progress}" if seen.pods.progress else ""
    return f"job {job.state}, {job.tasks_running} of {job.tasks} tasks run{waits}"
