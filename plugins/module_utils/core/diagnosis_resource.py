# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Signs in the custom resource itself: its rules, its status, who else has a hand in it."""

from __future__ import annotations

from .diagnosis_finding import Found, Sign, Weight
from .diagnosis_scene import Scene, mapping, pod_name
from .seen import FINALIZER


def here(scene: Scene, part: str = "") -> str:
    return f"FlinkDeployment/{scene.name}{', ' if part else ''}{part}"


def absent(scene: Scene) -> Found | None:
    if scene.resource is not None or is_unseen(scene, "FlinkDeployment"):
        return None
    left = _left(scene)
    rest = f"; of that name there are left: {left}" if left else ""
    step = "See what they belong to; remove.yml takes what was ours." if left else ""
    return Found(
        what=f"there is no FlinkDeployment {scene.key}{rest}", evidence=scene.key, next_step=step
    )


def is_unseen(scene: Scene, what: str) -> bool:
    return any(entry.startswith(what) for entry in scene.unseen)


def _left(scene: Scene) -> str:
    found = [f"Deployment/{scene.name}"] if scene.deployment is not None else []
    found += [f"Pod/{pod_name(pod)}" for pod in scene.pods]
    found += [f"ConfigMap/{name}" for name in scene.leftovers]
    more = f" and {len(found) - 4} more" if len(found) > 4 else ""  # noqa: PLR2004
    return ", ".join(found[:4]) + more


def namespace_gone(scene: Scene) -> Found | None:
    if scene.has_namespace:
        return None
    return Found(what=f"there is no namespace {scene.namespace}", evidence="the API server")


def namespace_going(scene: Scene) -> Found | None:
    if not scene.is_namespace_going:
        return None
    return Found(
        what=f"namespace {scene.namespace} is being deleted: nothing can be made in it",
        evidence=f"Namespace/{scene.namespace}, phase Terminating",
    )


def foreign_finalizer(scene: Scene) -> Found | None:
    held = [str(item) for item in scene.metadata.get("finalizers") or ()]
    theirs = [item for item in held if item != FINALIZER or not scene.is_ours]
    if not scene.is_going or not theirs:
        return None
    since = scene.metadata.get("deletionTimestamp")
    what = f"it has been being deleted since {since}, and waits for {', '.join(theirs)}"
    return Found(what=what, evidence=here(scene, "metadata.finalizers"))


def deletion_hangs(scene: Scene) -> Found | None:
    if not scene.is_going:
        return None
    since = scene.metadata.get("deletionTimestamp")
    left = _left(scene)
    what = f"it is being deleted since {since}{'; left of it: ' + left if left else ''}"
    return Found(what=what, evidence=here(scene, "metadata.deletionTimestamp"))


def removal_unfinished(scene: Scene) -> Found | None:
    if scene.is_going or scene.status.get("lifecycleState") not in ("DELETING", "DELETED"):
        return None
    return Found(
        what=f"its removal was begun and is not finished; left of it: {_left(scene) or 'itself'}",
        evidence=here(scene, "status.lifecycleState"),
    )


def other_operator(scene: Scene) -> Found | None:
    if scene.is_ours or scene.resource is None or is_unseen(scene, "Lease"):
        return None
    has_finalizer = FINALIZER in (scene.metadata.get("finalizers") or ())
    if not has_finalizer and not scene.recorded_state:
        return None
    mark = "finalizer" if has_finalizer else "status"
    what = f"another operator serves it (its {mark} is there, no Lease of ours)"
    return Found(what=what, evidence=here(scene, f"{mark}, and no Lease"))


def other_driver(scene: Scene) -> Found | None:
    if not scene.holder:
        return None
    what = f"{scene.holder} is working on it just now"
    return Found(what=what, evidence=f"Lease of {scene.key}")


def breaks_rules(scene: Scene) -> Found | None:
    if not scene.problems:
        return None
    more = f" (and {len(scene.problems) - 1} more)" if len(scene.problems) > 1 else ""
    first = scene.problems[0]
    found = f" (found {first.value})" if first.value else ""
    return Found(
        what=f"it breaks a rule{more}: {first.path}: {first.rule}{found}",
        evidence=here(scene, first.path),
        next_step=first.next_step,
    )


def suspended(scene: Scene) -> Found | None:
    if not scene.is_suspended or scene.is_going or scene.replicas:
        return None
    path = mapping(scene.status.get("jobStatus")).get("upgradeSavepointPath")
    state = f"; it will go on from {path}" if path else ""
    what = f"it is suspended by its user, so nothing is to run{state}"
    return Found(what=what, evidence=here(scene, "spec.job.state: suspended"))


def earlier_state(scene: Scene) -> Found | None:
    is_new = scene.resource is not None and not scene.recorded_state and scene.deployment is None
    if not is_new or not scene.leftovers or scene.status.get("jobStatus", {}).get("jobId"):
        return None
    names = ", ".join(scene.leftovers[:3])
    what = f"it was never deployed, and HA data of an earlier job of its name is there: {names}"
    return Found(what=what, evidence=f"ConfigMap/{scene.leftovers[0]}")


def untouched(scene: Scene) -> Found | None:
    if scene.resource is None or scene.status or scene.deployment is not None:
        return None
    return Found(
        what="nobody has acted on it yet: it has no status and no JobManager",
        evidence=here(scene),
    )


PLACE = (
    Sign(
        name="there_is_no_such_namespace",
        find=namespace_gone,
        next_step="Check the name, or the cluster that the kubeconfig names.",
    ),
    Sign(
        name="there_is_no_such_resource",
        find=absent,
        next_step="Check name, namespace and kubeconfig, or deploy it: deploy.yml -e cr=FILE.",
    ),
    Sign(
        name="its_namespace_is_being_deleted",
        find=namespace_going,
        next_step="Deploy it in another namespace; its checkpoints stay in storage.",
    ),
    Sign(
        name="another_finalizer_holds_its_deletion",
        find=foreign_finalizer,
        next_step="Let the operator that owns the finalizer run and finish; take it off only then.",
    ),
    Sign(
        name="it_is_being_deleted",
        find=deletion_hangs,
        next_step="Finish it with remove.yml; if it hangs, with remove_state=force.",
    ),
    Sign(
        name="its_removal_is_not_finished",
        find=removal_unfinished,
        next_step="Finish it with remove.yml, or abort it by deploying it again.",
    ),
)
HANDS = (
    Sign(
        name="another_operator_serves_it",
        find=other_operator,
        next_step="Ask that operator (its log, its events); deploy.yml leaves the resource alone.",
        weight=Weight.WARNS,
    ),
    Sign(
        name="another_driver_works_on_it",
        find=other_driver,
        next_step="Wait for it; its Lease ends by itself soon after it died.",
        weight=Weight.WARNS,
    ),
)
RULES_OF_IT = Sign(
    name="the_resource_breaks_rules",
    find=breaks_rules,
    next_step="Correct the resource.",
)
SUSPENDED = Sign(
    name="the_user_suspended_it",
    find=suspended,
    next_step="Nothing, or set spec.job.state: running and deploy it.",
    weight=Weight.EXPLAINS,
)
BEGINNINGS = (
    Sign(
        name="state_of_an_earlier_job_was_found",
        find=earlier_state,
        next_step=(
            "Say which state to use: name a snapshot in spec.job.initialSavepointPath, or let the "
            "old state go (remove.yml, remove_state=drop)."
        ),
    ),
    Sign(
        name="nobody_has_acted_on_it",
        find=untouched,
        next_step="Run deploy.yml for it, or see why its operator does not.",
    ),
)
