# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The test cluster as kubectl would show it, without a line of the code under test."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, TypeVar

import requests
from kubernetes import config

Object = dict[str, Any]
T = TypeVar("T")

JSON = "application/json"
MERGE = "application/merge-patch+json"
FLINK = "/apis/flink.apache.org/v1beta1"
ROOTS = {
    "flinkdeployments": FLINK,
    "deployments": "/apis/apps/v1",
    "replicasets": "/apis/apps/v1",
    "leases": "/apis/coordination.k8s.io/v1",
    "ingresses": "/apis/networking.k8s.io/v1",
    "roles": "/apis/rbac.authorization.k8s.io/v1",
    "rolebindings": "/apis/rbac.authorization.k8s.io/v1",
}
MADE = (
    "flinkdeployments", "deployments", "replicasets", "pods", "services", "configmaps", "ingresses",
    "leases",
)  # fmt: skip
"""What must be gone after a removal."""
NOT_OURS = frozenset({"kube-root-ca.crt"})


class TooLate(AssertionError):
    """The cluster did not show in time what was waited for."""


def until(look: Callable[[], T | None], what: str, *, within: float) -> T:
    """The first thing that is true; `look` is asked again and again."""
    deadline = time.monotonic() + within
    while not (found := look()):
        if time.monotonic() > deadline:
            raise TooLate(f"waited {within:.0f} s in vain: {what}; the last look: {found!r}")
        time.sleep(0.1)
    return found


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    body: Any

    @property
    def is_ok(self) -> bool:
        return self.status < 300


class Cluster:
    """One API server, spoken to as its administrator."""

    def __init__(self, kubeconfig: Path) -> None:
        known = config.new_client_from_config(str(kubeconfig)).configuration
        self.dropped: list[str] = []
        self.host = known.host
        self._session = requests.Session()
        self._session.trust_env = False
        self._session.verify = (known.ssl_ca_cert or True) if known.verify_ssl else False
        if known.cert_file:
            self._session.cert = (known.cert_file, known.key_file)
        for name in ("authorization", "BearerToken"):
            if known.api_key.get(name):
                self._session.headers["Authorization"] = known.api_key[name]

    def ask(self, method: str, path: str, body: Any = None, *, kind: str = JSON) -> Answer:
        answer = self._session.request(
            method,
            self.host + path,
            data=None if body is None else json.dumps(body),
            headers={"Content-Type": kind},
            timeout=30,
        )
        is_json = "json" in answer.headers.get("Content-Type", "")
        return Answer(answer.status_code, answer.json() if is_json else answer.text)

    def get(self, plural: str, name: str, namespace: str) -> Object | None:
        answer = self.ask("GET", f"{_path(plural, namespace)}/{name}")
        return answer.body if answer.is_ok else None

    def list(self, plural: str, namespace: str, *, labels: str = "") -> list[Object]:
        answer = self.ask("GET", f"{_path(plural, namespace)}?labelSelector={labels}")
        return list(answer.body["items"]) if answer.is_ok else []

    def create(self, plural: str, namespace: str, body: Mapping[str, Any]) -> Object:
        return self._must("POST", _path(plural, namespace), body)

    def patch(self, plural: str, name: str, namespace: str, body: Mapping[str, Any]) -> Object:
        return self._must("PATCH", f"{_path(plural, namespace)}/{name}", body, kind=MERGE)

    def patch_status(self, name: str, namespace: str, body: Mapping[str, Any]) -> Object:
        path = f"{_path('flinkdeployments', namespace)}/{name}/status"
        return self._must("PATCH", path, body, kind=MERGE)

    def delete(self, plural: str, name: str, namespace: str, **options: Any) -> None:
        self.ask("DELETE", f"{_path(plural, namespace)}/{name}", options or None)

    def _must(self, method: str, path: str, body: Any, *, kind: str = JSON) -> Object:
        answer = self.ask(method, path, body, kind=kind)
        assert answer.is_ok, f"{method} {path}: {answer.status} {answer.body}"
        return dict(answer.body)

    def resource(self, name: str, namespace: str) -> Object:
        """The FlinkDeployment, which must be there."""
        found = self.get("flinkdeployments", name, namespace)
        assert found is not None, f"FlinkDeployment {namespace}/{name} is not there"
        return found

    def status(self, name: str, namespace: str) -> Object:
        return dict(self.resource(name, namespace).get("status") or {})

    def made(self, namespace: str) -> dict[str, str]:
        """Each object that a deployment can make, with its resourceVersion."""
        return {
            f"{plural}/{item['metadata']['name']}": str(item["metadata"]["resourceVersion"])
            for plural, item in self._every(namespace)
        }

    def _every(self, namespace: str) -> Iterator[tuple[str, Object]]:
        for plural in MADE:
            for item in self.list(plural, namespace):
                if item["metadata"]["name"] not in NOT_OURS:
                    yield plural, item

    def make_namespace(self, name: str) -> None:
        self.create("namespaces", "", {"metadata": {"name": name}})

    def drop_namespace(self, name: str) -> None:
        """Its pods are gone when this returns, so that the next test has the machine."""
        self.free_resources(name)
        self.ask("DELETE", f"/apis/apps/v1/namespaces/{name}/deployments")
        self.ask("DELETE", f"/api/v1/namespaces/{name}")
        self.dropped.append(name)
        until(lambda: self._has_no_pods(name), f"namespace {name} has no pods", within=60)

    def free_resources(self, namespace: str) -> None:
        """Their finalizers hold nothing back any more."""
        freed = {"metadata": {"finalizers": None}}
        for item in self.list("flinkdeployments", namespace):
            self.patch("flinkdeployments", item["metadata"]["name"], namespace, freed)

    def _has_no_pods(self, name: str) -> bool:
        pods = self.list("pods", name)
        for pod in pods:
            self.delete("pods", pod["metadata"]["name"], name, gracePeriodSeconds=0)
        return not pods

    def wait_until_gone(self) -> None:
        """The namespaces that were dropped: the API server takes some seconds for each."""
        until(lambda: not self._going(), "the tests' namespaces are gone", within=120)

    def _going(self) -> set[str]:
        known = {item["metadata"]["name"] for item in self.list("namespaces", "")}
        return known & set(self.dropped)


def _path(plural: str, namespace: str) -> str:
    root = ROOTS.get(plural, "/api/v1")
    return f"{root}/namespaces/{namespace}/{plural}" if namespace else f"{root}/{plural}"


def conditions(status: Mapping[str, Any]) -> dict[str, str]:
    return {item["type"]: item["status"] for item in status.get("conditions") or ()}


def reason(status: Mapping[str, Any]) -> str:
    """The rule's name, as the condition Ready tells it."""
    every = {item["type"]: item for item in status.get("conditions") or ()}
    return str(every.get("Ready", {}).get("reason", ""))
