# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Containers of pods, and events about pods, as plain Kubernetes objects tell them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from .diagnosis_scene import Object, Scene, mapping, pod_name, whole


@dataclass(frozen=True, slots=True, kw_only=True)
class Container:
    """One container of a pod as its status tells it."""

    pod: Object
    status: Object
    is_init: bool

    @property
    def where(self) -> str:
        kind = "init container" if self.is_init else "container"
        return f"Pod/{pod_name(self.pod)}, {kind} {self.status.get('name', '')}"

    @property
    def waiting(self) -> Object:
        return mapping(mapping(self.status.get("state")).get("waiting"))

    @property
    def reason(self) -> str:
        return str(self.waiting.get("reason") or "")

    @property
    def message(self) -> str:
        return str(self.waiting.get("message") or "")

    @property
    def ended(self) -> Object:
        """How it ended, now or the time before."""
        now = mapping(mapping(self.status.get("state")).get("terminated"))
        return now or mapping(mapping(self.status.get("lastState")).get("terminated"))

    @property
    def has_failed(self) -> bool:
        """It ended badly, and does not work at the moment."""
        return bool(whole(self.ended.get("exitCode"))) and not self.status.get("ready")


def containers(scene: Scene) -> Iterator[Container]:
    for pod in scene.pods:
        status = mapping(pod.get("status"))
        for item in status.get("initContainerStatuses") or ():
            yield Container(pod=pod, status=mapping(item), is_init=True)
        for item in status.get("containerStatuses") or ():
            yield Container(pod=pod, status=mapping(item), is_init=False)


def events_of(scene: Scene, pod: Object, *reasons: str) -> Iterator[Object]:
    for event in scene.events:
        about = mapping(event.get("involvedObject")).get("name")
        if event.get("reason") in reasons and about == pod_name(pod):
            yield event


def about_of(event: Object) -> str:
    about = mapping(event.get("involvedObject"))
    return f"{about.get('kind', 'Pod')}/{about.get('name')}, event {event.get('reason')}"
