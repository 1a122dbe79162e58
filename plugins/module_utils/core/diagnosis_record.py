# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Signs in what the status records: how a job ended, a rollback, a deadline, a refusal."""

from __future__ import annotations

from .diagnosis_finding import Found, Sign, Weight
from .diagnosis_resource import here, is_unseen
from .diagnosis_scene import Scene, conditions, mapping, time, whole


def jobmanager_lost(scene: Scene) -> Found | None:
    is_deployed = scene.recorded_state in ("DEPLOYED", "ROLLED_BACK")
    if not is_deployed or scene.is_suspended or scene.is_going or scene.deployment is not None:
        return None
    if is_unseen(scene, "Deployment") or _is_terminal(scene):
        return None
    return Found(
        what="it was deployed, and its JobManager's Deployment is gone",
        evidence=f"Deployment/{scene.name} is not there",
    )


def _is_terminal(scene: Scene) -> bool:
    state = mapping(scene.status.get("jobStatus")).get("state")
    return state in ("FINISHED", "FAILED", "CANCELED")


def recorded_end(scene: Scene) -> Found | None:
    """How its job ended, where Flink can't tell it any more."""
    state = mapping(scene.status.get("jobStatus")).get("state")
    if state not in ("FAILED", "CANCELED") or scene.job is not None or scene.is_suspended:
        return None
    why = f": {scene.error}" if scene.error else ""
    what = f"its job {scene.job_id} ended {state}{why}"
    return Found(what=what, evidence=here(scene, "status.jobStatus.state"))


def recorded_finish(scene: Scene) -> Found | None:
    is_finished = mapping(scene.status.get("jobStatus")).get("state") == "FINISHED"
    if not is_finished or scene.job is not None or scene.is_suspended:
        return None
    what = f"its job {scene.job_id} has FINISHED"
    return Found(what=what, evidence=here(scene, "status.jobStatus.state"))


def rolled_back(scene: Scene) -> Found | None:
    if scene.recorded_state not in ("ROLLED_BACK", "ROLLING_BACK"):
        return None
    failed = scene.status.get("failedSpecHash")
    which = f" (hash {failed})" if failed else ""
    verb = "was" if scene.recorded_state == "ROLLED_BACK" else "is being"
    why = _reason(scene) or "the status does not say why"
    what = f"its newest spec{which} failed and {verb} rolled back to the last stable one: {why}"
    return Found(what=what, evidence=here(scene, "status.reconciliationStatus.state"))


def _reason(scene: Scene) -> str:
    if scene.error:
        return scene.error
    stalled = next((item for item in conditions(scene.resource) if item.get("type") == "Ready"), {})
    return str(stalled.get("message") or "")


def deadline_passed(scene: Scene) -> Found | None:
    phase = mapping(scene.status.get("phase"))
    deadline = time(phase.get("deadline"))
    if deadline is None or deadline > scene.now or scene.is_steady:
        return None
    waited = f": {phase['message']}" if phase.get("message") else ""
    rule = f" ({phase['rule']})" if phase.get("rule") else ""
    what = f"the deadline of its phase {phase.get('name')}{rule} passed at {deadline}{waited}"
    return Found(what=what, evidence=here(scene, "status.phase.deadline"))


def held(scene: Scene) -> Found | None:
    """What the last turn said that refused or gave up, whatever its rule."""
    for condition in conditions(scene.resource):
        if condition.get("type") == "Stalled" and condition.get("status") == "True":
            name, told = condition.get("reason"), condition.get("message")
            what = f"the last turn ended with {name}: {told}"
            return Found(what=what, evidence=here(scene, "condition Stalled"))
    return None


def told_error(scene: Scene) -> Found | None:
    if not scene.error or held(scene) is not None:
        return None
    return Found(
        what=f"its status tells an error: {scene.error.splitlines()[0]}",
        evidence=here(scene, "status.error"),
    )


def newer_spec(scene: Scene) -> Found | None:
    generation = whole(scene.metadata.get("generation"))
    seen = whole(scene.status.get("observedGeneration"))
    if not scene.status or generation <= seen or scene.is_going:
        return None
    what = f"its spec was changed (generation {generation}) since the last turn ({seen})"
    return Found(what=what, evidence=here(scene, "metadata.generation"))


ENDED = Sign(
    name="its_job_ended",
    find=recorded_end,
    next_step="Correct the cause, then deploy it again from its last snapshot.",
)
FINISHED_BEFORE = Sign(
    name="its_job_has_finished",
    find=recorded_finish,
    next_step="Nothing: a bounded job is done. Change the resource to run it again.",
    weight=Weight.EXPLAINS,
)
LOST_JOBMANAGER = Sign(
    name="its_jobmanager_is_lost",
    find=jobmanager_lost,
    next_step="Run deploy.yml: it recovers the job from its last state.",
)
RECORD = (
    Sign(
        name="it_was_rolled_back",
        find=rolled_back,
        next_step="Correct the spec and apply it: the same spec is not tried again.",
        weight=Weight.WARNS,
    ),
    Sign(
        name="its_deadline_has_passed",
        find=deadline_passed,
        next_step="Run deploy.yml again to go on, or correct the resource and apply it.",
    ),
    Sign(
        name="its_newest_spec_is_not_deployed",
        find=newer_spec,
        next_step="Run deploy.yml, or see why its operator does not act.",
        weight=Weight.WARNS,
    ),
)
ECHOES = (
    ENDED,
    Sign(
        name="the_last_turn_was_held",
        find=held,
        next_step="Do what the reason says, then run deploy.yml again.",
    ),
    Sign(
        name="its_status_tells_an_error",
        find=told_error,
        next_step="See status.error for the whole text.",
    ),
)
