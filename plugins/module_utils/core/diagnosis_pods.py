# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Signs in pods: what their containers wait for, how they ended, where they can't be put."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import timedelta

from .diagnosis_containers import Container, about_of, containers, events_of
from .diagnosis_finding import Found, Sign
from .diagnosis_scene import (
    Object,
    Scene,
    conditions,
    is_taskmanager,
    mapping,
    pod_name,
    time,
    whole,
)
from .diagnosis_words import KILLED_TASKMANAGER, line_with
from .lenient import entries
from .trouble import root_cause

KILLED = 137
AGES_AGO = timedelta(hours=1)
MISSING_OBJECT = re.compile(
    r"(?:secret|configmap|references non-existent (?:secret|config)|couldn't find key)"
    r".*(?:not found|in Secret|in ConfigMap|key)",
    re.IGNORECASE,
)
NOT_BOUND = r"(?i:persistentvolumeclaim)|volume node affinity"
NO_ROOM = r"Insufficient |Too many pods"
NOT_ALLOWED = r"node affinity/selector|node selector|taint|unschedulable"
ANYTHING_ELSE = rf"^(?!.*(?:{NOT_BOUND}|{NO_ROOM}|{NOT_ALLOWED}))"
CAN_NOT_RUN = ("RunContainerError", "CreateContainerError", "StartError", "ContainerCannotRun")


def waits(*reasons: str, says: str) -> Callable[[Scene], Found | None]:
    """A container that waits for one of these reasons; its message follows after `says`."""

    def find(scene: Scene) -> Found | None:
        for item in containers(scene):
            if item.reason in reasons:
                told = _told_by_events(scene, item) or item.message
                what = f"{says} {item.status.get('image', '')}: {told or item.reason}"
                return Found(what=what, evidence=f"{item.where}: {item.reason}")
        return None

    return find


def _told_by_events(scene: Scene, item: Container) -> str:
    """A back-off's message says nothing; the event of the failure before it does."""
    if "ImagePull" not in item.reason or "rpc error" in item.message:
        return ""
    failed = [
        str(event.get("message") or "")
        for event in events_of(scene, item.pod, "Failed")
        if "ull image" in str(event.get("message"))
    ]
    return failed[-1] if failed else ""


def misses_an_object(scene: Scene) -> Found | None:
    """A Secret or ConfigMap that a variable or a volume names."""
    for item in containers(scene):
        if item.reason == "CreateContainerConfigError":
            what = f"its container needs an object that is not there: {item.message}"
            return Found(what=what, evidence=f"{item.where}: {item.reason}")
    for event in _mount_failures(scene):
        if MISSING_OBJECT.search(str(event.get("message"))):
            return Found(
                what=f"its volume needs an object that is not there: {event.get('message')}",
                evidence=about_of(event),
            )
    return None


def volume_fails(scene: Scene) -> Found | None:
    for event in _mount_failures(scene):
        what = f"a volume of its pod can't be mounted: {event.get('message')}"
        return Found(what=what, evidence=about_of(event))
    return None


BEFORE_MOUNTS = ("ContainerCreating", "PodInitializing", None)


def _mount_failures(scene: Scene) -> Iterator[Object]:
    for pod in scene.pods:
        status = mapping(pod.get("status"))
        if status.get("phase") == "Pending" and not _has_its_mounts(status):
            yield from events_of(scene, pod, "FailedMount", "FailedAttachVolume")


def _has_its_mounts(status: Object) -> bool:
    """A mount that came late leaves its events behind; a container that does more has it."""
    told = (
        *entries(status.get("initContainerStatuses")),
        *entries(status.get("containerStatuses")),
    )
    states = [mapping(container.get("state")) for container in told]
    waits = [mapping(state.get("waiting")).get("reason") for state in states if "waiting" in state]
    ran = any("running" in state or "terminated" in state for state in states)
    return ran or any(reason not in BEFORE_MOUNTS for reason in waits)


def sandbox_fails(scene: Scene) -> Found | None:
    for pod in scene.pods:
        if mapping(pod.get("status")).get("phase") == "Pending":
            for event in events_of(scene, pod, "FailedCreatePodSandBox"):
                what = f"its node can't set its pod up: {event.get('message')}"
                return Found(what=what, evidence=about_of(event))
    return None


def unscheduled(known_by: str, says: str) -> Callable[[Scene], Found | None]:
    """A pod that the scheduler can't place, for a reason of that kind."""
    pattern = re.compile(known_by)

    def find(scene: Scene) -> Found | None:
        for pod in scene.pods:
            for condition in conditions(pod):
                message = str(condition.get("message") or "")
                is_it = condition.get("type") == "PodScheduled"
                if is_it and condition.get("status") == "False" and pattern.search(message):
                    role = "TaskManager" if is_taskmanager(pod) else "JobManager"
                    short = f"{says} its {role}: {message}"
                    return Found(what=short, evidence=f"Pod/{pod_name(pod)}, not scheduled")
        return None

    return find


def init_fails(scene: Scene) -> Found | None:
    for item in containers(scene):
        if item.is_init and item.has_failed:
            return _crash(scene, item, "an init container fails")
    return None


def crashes(scene: Scene) -> Found | None:
    for item in containers(scene):
        if not item.is_init and item.has_failed and not _is_killed(scene, item):
            role = "TaskManager" if is_taskmanager(item.pod) else "JobManager"
            times = whole(item.status.get("restartCount"))
            again = f" again and again ({times} restarts)" if times > 1 else ""
            return _crash(scene, item, f"its {role} ends{again}")
    return None


def _crash(scene: Scene, item: Container, says: str) -> Found:
    name = str(item.status.get("name") or "")
    said = next(
        (log for log in scene.logs if pod_name(item.pod) in log.where and log.container == name),
        None,
    )
    cause = (root_cause(said.text) if said else "") or str(item.ended.get("message") or "")
    code = f"exit code {item.ended.get('exitCode')}"
    what = f"{says}: {cause}" if cause else f"{says} with {code}, and its log says nothing"
    return Found(what=what, evidence=f"{item.where}: {code}{', its log' if said else ''}")


def killed_for_memory(scene: Scene, *, taskmanager: bool) -> Found | None:
    role = "TaskManager" if taskmanager else "JobManager"
    for item in containers(scene):
        if is_taskmanager(item.pod) is taskmanager and _is_killed(scene, item):
            limit = _memory_limit(item)
            sure = item.ended.get("reason") == "OOMKilled"
            why = f"for using more memory than its limit{limit}" if sure else "(exit code 137)"
            reason = f"{item.ended.get('reason', '')}, exit code {item.ended.get('exitCode')}"
            return Found(what=f"its {role} was killed {why}", evidence=f"{item.where}: {reason}")
    return _gone_taskmanager(scene) if taskmanager else None


def _is_killed(scene: Scene, item: Container) -> bool:
    if item.ended.get("reason") != "OOMKilled" and whole(item.ended.get("exitCode")) != KILLED:
        return False
    when = time(item.ended.get("finishedAt"))
    return not scene.is_steady or when is None or scene.now - when < AGES_AGO


def _memory_limit(item: Container) -> str:
    limits = mapping(mapping(item.status.get("resources")).get("limits"))
    return f" of {limits['memory']}" if limits.get("memory") else ""


def _gone_taskmanager(scene: Scene) -> Found | None:
    """Flink deletes the pod of a TaskManager that ended; its own words are all that is left."""
    for said in scene.texts:
        line = line_with(KILLED_TASKMANAGER, said.text)
        if line:
            is_sure = "OOMKilled" in line
            why = "for using more memory than its limit" if is_sure else "(exit code 137)"
            return Found(what=f"a TaskManager was killed {why}", evidence=f"{said.where}: {line}")
    return None


def evicted(scene: Scene) -> Found | None:
    if scene.is_steady:
        return None
    for pod in scene.pods:
        status = mapping(pod.get("status"))
        if status.get("reason") == "Evicted":
            what = f"the node put its pod out: {status.get('message', '')}"
            return Found(what=what, evidence=f"Pod/{pod_name(pod)}: Evicted")
    return None


PULLS = (
    Sign(
        name="its_image_name_is_no_name",
        find=waits("InvalidImageName", says="this is no image's name:"),
        next_step="Correct spec.image, and apply the resource again.",
    ),
    Sign(
        name="its_image_is_never_pulled",
        find=waits("ErrImageNeverPull", says="the node lacks, and may not pull, the image"),
        next_step="Load the image onto the node, or set spec.imagePullPolicy: IfNotPresent.",
    ),
    Sign(
        name="its_image_can_not_be_pulled",
        find=waits("ImagePullBackOff", "ErrImagePull", says="the node can't pull the image"),
        next_step="Correct spec.image or its pull secret, and apply the resource again.",
    ),
)
OBJECTS = (
    Sign(
        name="a_secret_or_configmap_is_missing",
        find=misses_an_object,
        next_step="Create the Secret or ConfigMap (with that key), or correct the pod template.",
    ),
    Sign(
        name="a_volume_can_not_be_mounted",
        find=volume_fails,
        next_step="Make the volume available, or correct the pod template.",
    ),
    Sign(
        name="its_pod_can_not_be_set_up",
        find=sandbox_fails,
        next_step="See the node's network and container runtime: kubectl describe node.",
    ),
)
PLACES = (
    Sign(
        name="a_volume_is_not_bound",
        find=unscheduled(NOT_BOUND, "a volume is not bound for"),
        next_step="Create the claim, or see why it is not bound: kubectl -n {namespace} get pvc.",
    ),
    Sign(
        name="no_node_has_room",
        find=unscheduled(NO_ROOM, "no node has room for"),
        next_step="Ask for less cpu or memory in the resource, or add or free a node.",
    ),
    Sign(
        name="no_node_is_allowed",
        find=unscheduled(NOT_ALLOWED, "no node is allowed for"),
        next_step="Correct the pod template's nodeSelector, affinity or tolerations, or the nodes.",
    ),
    Sign(
        name="its_pod_is_not_scheduled",
        find=unscheduled(ANYTHING_ELSE, "no node was found for"),
        next_step="See the reasons: kubectl -n {namespace} describe pods -l app={name}.",
    ),
)
ENDS = (
    Sign(
        name="an_init_container_fails",
        find=init_fails,
        next_step="Correct the init container of the pod template.",
    ),
    Sign(
        name="its_jobmanager_is_killed_for_memory",
        find=lambda scene: killed_for_memory(scene, taskmanager=False),
        next_step="Raise spec.jobManager.resource.memory, and apply the resource again.",
    ),
    Sign(
        name="its_taskmanager_is_killed_for_memory",
        find=lambda scene: killed_for_memory(scene, taskmanager=True),
        next_step=(
            "Raise spec.taskManager.resource.memory, or give native memory more of it "
            "(taskmanager.memory.jvm-overhead.fraction, …task.off-heap.size)."
        ),
    ),
    Sign(
        name="its_pod_was_evicted",
        find=evicted,
        next_step="Ask for what it really uses (limit factors near 1), or relieve the node.",
    ),
    Sign(
        name="its_container_can_not_run",
        find=waits(*CAN_NOT_RUN, says="its container can't be started from"),
        next_step="Correct the container's command or mounts in the pod template.",
    ),
)
CRASH = Sign(
    name="its_container_crashes",
    find=crashes,
    next_step="Correct the job, its jar or its configuration, and apply the resource again.",
)
