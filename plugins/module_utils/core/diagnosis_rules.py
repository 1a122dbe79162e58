# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The table of the diagnosis: every rule, the most telling first.

What keeps everything else from mattering stands before what only tells how it shows: a pod that is
refused before a job without slots, a cause before the state that it led to.
"""

from __future__ import annotations

from . import diagnosis_job as job
from . import diagnosis_pods as pods
from . import diagnosis_record as record
from . import diagnosis_resource as resource
from . import diagnosis_words as words
from .diagnosis_finding import Found, Sign, Weight
from .diagnosis_scene import Scene


def _no_account(scene: Scene) -> Found | None:
    said = words.NO_ACCOUNT.find(scene)
    if said or scene.has_account or scene.resource is None or not scene.has_namespace:
        return said
    what = f"service account {scene.account} is not in namespace {scene.namespace}"
    return Found(what=what, evidence=f"ServiceAccount/{scene.account} is not there")


def _no_rights(scene: Scene) -> Found | None:
    said = words.NO_RIGHTS.find(scene)
    if said or not scene.missing_rights or not scene.has_account:
        return said
    rights = ", ".join(scene.missing_rights)
    what = f"service account {scene.account} may not {rights}"
    return Found(what=what, evidence=f"the API server's review of ServiceAccount/{scene.account}")


def _ha_gone(scene: Scene) -> Found | None:
    return job.ha_gone(scene) or words.HA_GONE.find(scene)


def _sign(of: words.Words, find: object = None) -> Sign:
    return Sign(name=of.rule, find=find if callable(find) else of.find, next_step=of.next_step)


SIGNS: tuple[Sign, ...] = (
    *resource.PLACE,
    resource.SUSPENDED,
    job.FINISHED,
    record.FINISHED_BEFORE,
    resource.RULES_OF_IT,
    *resource.BEGINNINGS,
    _sign(words.NO_ACCOUNT, _no_account),
    _sign(words.NO_RIGHTS, _no_rights),
    *(of.sign for of in (words.QUOTA, words.LIMITS, words.ADMISSION)),
    *pods.PULLS,
    *pods.OBJECTS,
    *pods.PLACES,
    *pods.ENDS,
    *(of.sign for of in words.STATE),
    _sign(words.HA_GONE, _ha_gone),
    *(of.sign for of in words.JOB),
    job.SLOTS,
    words.LOST.sign,
    job.TOO_MANY,
    job.CHECKPOINTS,
    *job.JOB_STATES,
    pods.CRASH,
    record.LOST_JOBMANAGER,
    job.SILENT,
    job.UNKNOWN,
    *resource.HANDS,
    *record.RECORD,
    job.NO_CHECKPOINT,
)

ECHOES = record.ECHOES
"""What the status repeats of a cause: told, the first of them, where no cause itself was seen."""


def _is_well(scene: Scene) -> Found | None:
    flink_job = scene.job
    if not scene.is_steady or flink_job is None:
        return None
    what = f"all is well: job {flink_job.id} is RUNNING with all {flink_job.tasks} tasks"
    return Found(what=what, evidence=f"Flink's overview of job {flink_job.id}")


def _is_starting(scene: Scene) -> Found | None:
    phase = scene.status.get("phase") or {}
    if scene.deployment is None and not phase:
        return None
    until = f" (until {phase['deadline']})" if phase.get("deadline") else ""
    told = phase.get("message") or _progress(scene)
    what = f"nothing is wrong so far, it is under way{until}: {told}"
    return Found(what=what, evidence=f"Deployment/{scene.name} and its pods")


def _progress(scene: Scene) -> str:
    if scene.job is not None:
        return f"job {scene.job.state}, {scene.job.tasks_running} of {scene.job.tasks} tasks run"
    return f"{scene.available} of {scene.replicas} JobManagers ready, {len(scene.pods)} pods"


def _is_unexplained(scene: Scene) -> Found | None:
    return Found(what="it does not run, and no rule says why", evidence=f"all of {scene.key}")


OTHERWISE: tuple[Sign, ...] = (
    Sign(
        name="all_is_well",
        find=_is_well,
        next_step="Nothing.",
        weight=Weight.EXPLAINS,
    ),
    Sign(
        name="it_is_under_way",
        find=_is_starting,
        next_step="Wait, or follow it: kubectl -n {namespace} get pods -l app={name} -w.",
        weight=Weight.PASSES,
    ),
    Sign(
        name="no_rule_says_why",
        find=_is_unexplained,
        next_step="Read kubectl -n {namespace} describe flinkdep {name}, and the JobManager's log.",
    ),
)
"""What is said where nothing was found that stops it; the last one always matches."""
