# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Signs in what Flink's REST API says: the job, its exceptions, slots, checkpoints; its silence."""

from __future__ import annotations

import re
from datetime import timedelta

from . import options
from .diagnosis_finding import Found, Sign, Weight
from .diagnosis_scene import CheckpointsView, FlinkView, JobView, Scene, conditions, pod_name, time
from .diagnosis_words import NO_SLOTS, TOO_MANY_FAILED, line_with
from .duration import duration
from .errors import FlinkOpsError

INTERVAL = "execution.checkpointing.interval"
SLOTS_TAKE = timedelta(minutes=2)
"""A start takes less until its TaskManagers have registered."""
REST_TAKES = timedelta(minutes=2)
CHECKPOINT_TAKES = timedelta(minutes=1)
IN_A_ROW = 2
LONGEST_CAUSE = 400
IN_ITS_WAKE = re.compile(r"TaskNotRunningException|CancelTaskException|PartitionNotFoundException")


def _evidence(job: JobView, of: str) -> str:
    return f"Flink's {of} of job {job.id}"


def root_of(failure: str) -> str:
    """The innermost cause of a chain that is told from the outside in."""
    return failure.rsplit(" <- ", maxsplit=1)[-1].strip()[:LONGEST_CAUSE]


def cause_of(job: JobView) -> str:
    """The newest failure that is a cause; one task's end makes others fail in its wake."""
    causes = [failure for failure in job.failures if not IN_ITS_WAKE.search(root_of(failure))]
    told = (*causes, *job.failures)
    return root_of(told[0]) if told else "Flink tells no exception"


def has_no_slots(scene: Scene) -> Found | None:
    flink, job = scene.flink, scene.job
    if not isinstance(flink, FlinkView) or job is None or scene.is_steady:
        return None
    said = any(NO_SLOTS.search(failure) for failure in job.failures)
    is_late = job.started is not None and scene.now - job.started > SLOTS_TAKE
    is_short = job.state in ("CREATED", "RUNNING") and flink.slots < job.needed
    if not said and not (is_short and is_late):
        return None
    needed = f"needs {job.needed} slots" if job.needed else "needs more slots than there are"
    what = (
        f"the job has no slots to run in: it {needed}, {flink.taskmanagers} TaskManagers have "
        f"{flink.slots}, {flink.slots_free} of them free"
    )
    return Found(what=what, evidence=_evidence(job, "overview and exceptions"))


def job_failed(scene: Scene) -> Found | None:
    job = scene.job
    if job is None or job.state != "FAILED":
        return None
    return Found(what=f"its job FAILED: {cause_of(job)}", evidence=_evidence(job, "exceptions"))


def job_restarts(scene: Scene) -> Found | None:
    job = scene.job
    if job is None or not scene.restarts_often:
        return None
    times = f" ({job.restarts} restarts)" if job.restarts else ""
    what = f"its job fails and is restarted over and over{times}: {cause_of(job)}"
    return Found(what=what, evidence=_evidence(job, "exceptions"))


def job_canceled(scene: Scene) -> Found | None:
    job = scene.job
    if job is None or job.state not in ("CANCELED", "CANCELLING"):
        return None
    return Found(what=f"its job is {job.state}", evidence=_evidence(job, "overview"))


def job_finished(scene: Scene) -> Found | None:
    job = scene.job
    if job is None or job.state != "FINISHED":
        return None
    return Found(what="its job has FINISHED", evidence=_evidence(job, "overview"))


def job_unknown(scene: Scene) -> Found | None:
    if not isinstance(scene.flink, FlinkView) or scene.job is not None or not scene.job_id:
        return None
    others = ", ".join(scene.flink.other_jobs) or "no job at all"
    return Found(
        what=f"its JobManager runs, and does not know job {scene.job_id}; it knows {others}",
        evidence="Flink's overview of jobs",
    )


def rest_silent(scene: Scene) -> Found | None:
    if isinstance(scene.flink, FlinkView):
        return None
    if scene.available:
        return Found(
            what=f"its JobManager runs, and its REST API is silent: {scene.flink}",
            evidence=f"Service/{scene.name}-rest",
        )
    for pod in scene.pods:
        ready = next((item for item in conditions(pod) if item.get("type") == "Ready"), {})
        begun = time((pod.get("status") or {}).get("startTime"))
        is_late = begun is not None and scene.now - begun > REST_TAKES
        if is_late and _works(pod) and ready.get("status") == "False":
            return Found(
                what=f"its JobManager has run since {begun} and never answered its probe",
                evidence=f"Pod/{pod_name(pod)}, not ready",
            )
    return None


def _works(pod: object) -> bool:
    status = pod.get("status") or {} if isinstance(pod, dict) else {}
    every = status.get("containerStatuses") or ()
    running = [item for item in every if "running" in (item.get("state") or {})]
    return bool(running) and len(running) == len(every)


def too_many_failed(scene: Scene) -> Found | None:
    job = scene.job
    for failure in () if job is None or scene.is_steady else job.failures:
        line = line_with(TOO_MANY_FAILED, failure)
        if job is not None and line:
            told = (job.checkpoints.failure if job.checkpoints else "") or line
            what = f"so many checkpoints failed that the job did: {told}"
            return Found(what=what, evidence=_evidence(job, "exceptions"))
    return None


def checkpoints_fail(scene: Scene) -> Found | None:
    job = scene.job
    if job is None or job.checkpoints is None or not scene.runs:
        return None
    return None if _is_young(scene, job) else _failing(job, job.checkpoints)


def _is_young(scene: Scene, job: JobView) -> bool:
    """Its first checkpoints fail while its tasks start: that is no sign."""
    if job.started is None or (job.checkpoints and job.checkpoints.completed):
        return False
    interval = _interval(scene) or timedelta(0)
    return scene.now - job.started < interval * 2 + CHECKPOINT_TAKES


def _failing(job: JobView, seen: CheckpointsView) -> Found | None:
    if not seen.failed or not (seen.completed == 0 or seen.failed_in_a_row >= IN_A_ROW):
        return None
    last = f"the last {seen.failed_in_a_row} failed" if seen.completed else "none has completed"
    what = (
        f"its checkpoints fail ({seen.failed} so far; {last}): {seen.failure or 'no reason told'}"
    )
    return Found(what=what, evidence=_evidence(job, "checkpoints"))


def no_checkpoint(scene: Scene) -> Found | None:
    job = scene.job
    if job is None or not scene.runs or job.checkpoints is None:
        return None
    seen = job.checkpoints
    is_asked_for = _interval(scene) is not None
    if seen.completed or seen.failed or not is_asked_for or _is_young(scene, job):
        return None
    under_way = f"{seen.in_progress} under way" if seen.in_progress else "none was begun"
    what = f"no checkpoint has completed since its start at {job.started} ({under_way})"
    return Found(what=what, evidence=_evidence(job, "checkpoints"))


def _interval(scene: Scene) -> timedelta | None:
    text = scene.configuration.get(INTERVAL)
    try:
        return duration(text, path=INTERVAL) if text else None
    except FlinkOpsError:
        return None


def ha_gone(scene: Scene) -> Found | None:
    """No checkpoint stands in the HA ConfigMaps, though the job has some."""
    if scene.has_checkpoint_in_ha is not False or scene.is_suspended or scene.is_going:
        return None
    if not options.is_highly_available(scene.configuration):
        return None
    job = scene.job
    evidence = f"ConfigMaps of {scene.name} with Flink's HA data: no checkpointID"
    if job is not None:
        has_some = job.checkpoints is not None and job.checkpoints.completed > 0
        if not has_some or job.state in ("FINISHED", "CANCELED"):
            return None
        what = "Flink's HA metadata names no checkpoint: a new JobManager would begin empty"
        return Found(what=what, evidence=evidence)
    return Found(what=_lost_state(scene), evidence=evidence) if _had_run(scene) else None


def _had_run(scene: Scene) -> bool:
    """Its start counts on HA metadata: it ran before, and no snapshot is written down for it.

    HA data without a checkpoint, of a job none is known of, is whole: there was none yet.
    """
    job = scene.status.get("jobStatus") or {}
    mode = (scene.spec.get("job") or {}).get("upgradeMode")
    terminal = job.get("state") in ("FINISHED", "CANCELED", "FAILED")
    has_run = bool(scene.status.get("ledger") or (job.get("startTime") and not scene.leftovers))
    named = bool(job.get("upgradeSavepointPath"))
    return has_run and not named and not terminal and mode == "last-state" and not scene.available


def _lost_state(scene: Scene) -> str:
    ledger = scene.status.get("ledger") or ()
    last = f"; the last snapshot recorded is {ledger[0].get('path')}" if ledger else ""
    return f"its JobManager is down and Flink's HA metadata holds no checkpoint of it{last}"


JOB_STATES = (
    Sign(
        name="the_job_failed",
        find=job_failed,
        next_step="Correct the job or what it depends on, and apply the resource again.",
    ),
    Sign(
        name="the_job_restarts_for_ever",
        find=job_restarts,
        next_step="Correct what the exception names; a savepoint can't be taken meanwhile.",
    ),
    Sign(
        name="the_job_was_canceled",
        find=job_canceled,
        next_step="Somebody canceled it from outside: start it again from its last snapshot.",
    ),
)
SLOTS = Sign(
    name="it_has_no_slots",
    find=has_no_slots,
    next_step=(
        "Lower spec.job.parallelism, raise taskmanager.numberOfTaskSlots, or see why TaskManagers "
        "don't come: kubectl -n {namespace} get pods -l app={name}."
    ),
)
TOO_MANY = Sign(
    name="too_many_checkpoints_failed",
    find=too_many_failed,
    next_step="See the reason told, the storage and execution.checkpointing.timeout.",
)
CHECKPOINTS = Sign(
    name="its_checkpoints_fail",
    find=checkpoints_fail,
    next_step="See the reason told, the storage and execution.checkpointing.timeout.",
    weight=Weight.WARNS,
)
NO_CHECKPOINT = Sign(
    name="no_checkpoint_has_completed",
    find=no_checkpoint,
    next_step="See whether all sources run and whether the job is backpressured (Web UI).",
    weight=Weight.WARNS,
)
SILENT = Sign(
    name="its_rest_api_is_silent",
    find=rest_silent,
    next_step="See its log and CPU limit: kubectl -n {namespace} logs deployment/{name}.",
)
UNKNOWN = Sign(
    name="flink_does_not_know_its_job",
    find=job_unknown,
    next_step="If it is starting, wait; else deploy it again from its last snapshot.",
)
FINISHED = Sign(
    name="the_job_finished",
    find=job_finished,
    next_step="Nothing: a bounded job is done. Change the resource to run it again.",
    weight=Weight.EXPLAINS,
)
