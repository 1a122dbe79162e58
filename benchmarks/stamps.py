"""When what happened to one application: its Deployment, its pods, and Flink's own log.

Follows watches and logs, so nothing is asked again and again while something is measured.
"""

from __future__ import annotations

import re
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Self

import kubernetes
import urllib3


class What(StrEnum):
    CLUSTER_MADE = "cluster made"
    END_ASKED = "end asked"
    """Of the cluster: its Deployment is to go, or to have no pods."""
    GONE = "gone"
    """A pod, or the Deployment."""
    JOB_ENDED = "job ended"
    TASK_RUNS = "task runs"
    CHECKPOINT_ASKED = "checkpoint asked"
    CHECKPOINT_DONE = "checkpoint done"


SAID = {
    What.JOB_ENDED: re.compile(r"Job .* switched from state \w+ to (FINISHED|CANCELED|FAILED)\."),
    What.TASK_RUNS: re.compile(r"switched from INITIALIZING to RUNNING"),
    What.CHECKPOINT_ASKED: re.compile(r"Triggering checkpoint \d+"),
    What.CHECKPOINT_DONE: re.compile(r"Completed checkpoint \d+"),
}


@dataclass(frozen=True, slots=True)
class Stamp:
    at: float
    what: What


@dataclass
class Stamps:
    """What happens to the application of that name from now on."""

    name: str
    namespace: str
    began: float = field(default_factory=time.time)
    found: list[Stamp] = field(default_factory=list)
    followed: set[str] = field(default_factory=set)

    def __enter__(self) -> Self:
        kubernetes.config.load_kube_config()
        self._pods = kubernetes.client.CoreV1Api()
        apps = kubernetes.client.AppsV1Api()
        for pod in self._pods.list_namespaced_pod(
            self.namespace, label_selector=f"app={self.name}"
        ).items:
            self._follow(pod)
        began = apps.list_namespaced_deployment(self.namespace).metadata.resource_version
        self._watch(apps.list_namespaced_deployment, began, self._of_deployment)
        self._watch(self._pods.list_namespaced_pod, began, self._of_pod)
        return self

    def __exit__(self, *_error: object) -> None:
        """The threads end with the process: a watch that is quiet can't be told to."""

    def of(self, *what: What) -> list[float]:
        return sorted(stamp.at for stamp in self.found if stamp.what in what)

    def _note(self, what: What, at: float | None = None) -> None:
        stamp = Stamp(at or time.time(), what)
        if stamp.at >= self.began:
            self.found.append(stamp)

    def _watch(
        self, listed: Callable[..., Any], began: str, of: Callable[[str, Any], None]
    ) -> None:
        def follow() -> None:
            events = kubernetes.watch.Watch().stream(
                listed,
                self.namespace,
                label_selector=f"app={self.name}",
                resource_version=began,
            )
            for event in _until_broken(events):
                of(event["type"], event["object"])

        threading.Thread(target=follow, daemon=True).start()

    def _of_deployment(self, kind: str, item: Any) -> None:
        if kind == "ADDED":
            self._note(What.CLUSTER_MADE)
        elif kind == "DELETED":
            self._note(What.GONE)
        elif item.metadata.deletion_timestamp or item.spec.replicas == 0:
            self._note(What.END_ASKED)

    def _of_pod(self, kind: str, item: Any) -> None:
        if kind == "DELETED":
            self._note(What.GONE)
        else:
            self._follow(item)

    def _follow(self, pod: Any) -> None:
        name, labels = pod.metadata.name, pod.metadata.labels
        is_up = pod.status.phase == "Running" and labels.get("component") == "jobmanager"
        if not is_up or name in self.followed:
            return
        self.followed.add(name)
        threading.Thread(target=self._read, args=(name,), daemon=True).start()

    def _read(self, name: str) -> None:
        log = self._pods.read_namespaced_pod_log(
            name, self.namespace, follow=True, timestamps=True, _preload_content=False
        )
        for raw in _until_broken(log):
            when, _space, line = raw.decode("utf-8", "replace").partition(" ")
            for what, pattern in SAID.items():
                if pattern.search(line):
                    self._note(what, datetime.fromisoformat(when).timestamp())


def _until_broken(stream: Iterable[Any]) -> Iterable[Any]:
    """A pod that goes, or the end of the process, breaks what is followed."""
    try:
        yield from stream
    except urllib3.exceptions.HTTPError:
        return
