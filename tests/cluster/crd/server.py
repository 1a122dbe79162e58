"""The API server, spoken to directly: what matters in these tests is its very answer."""

from __future__ import annotations

import json
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import requests
import yaml
from kubernetes import config

ROOT = Path(__file__).parents[3]
GROUP = "flink.apache.org"
RUN = uuid.uuid4().hex[:6]
OWN_GROUP = f"crd-tests-{RUN}.flinkops.example.com"
NAMESPACE = f"flinkops-crd-tests-{RUN}"
CRDS = "/apis/apiextensions.k8s.io/v1/customresourcedefinitions"
DEADLINE = 30.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    status: int
    body: Any

    @property
    def is_ok(self) -> bool:
        return self.status < 300

    @property
    def told(self) -> str:
        return str(self.body.get("message", "")) if isinstance(self.body, dict) else str(self.body)


class Api:
    def __init__(self, kubeconfig: Path) -> None:
        known = config.new_client_from_config(str(kubeconfig)).configuration
        self.host = known.host
        self.session = requests.Session()
        self.session.trust_env = False
        self.session.verify = (known.ssl_ca_cert or True) if known.verify_ssl else False
        if known.cert_file:
            self.session.cert = (known.cert_file, known.key_file)
        token = known.api_key.get("authorization") or known.api_key.get("BearerToken")
        if token:
            self.session.headers["Authorization"] = token

    def __call__(
        self, method: str, path: str, body: Any = None, *, kind: str = "application/json"
    ) -> Answer:
        data = None if body is None else json.dumps(body)
        headers = {"Content-Type": kind, "Accept": "application/json"}
        answer = self.session.request(
            method, f"{self.host}{path}", data=data, headers=headers, timeout=20
        )
        return Answer(status=answer.status_code, body=answer.json())

    def patch(self, path: str, body: Any) -> Answer:
        return self("PATCH", path, body, kind="application/merge-patch+json")

    def apply(self, path: str, body: Any, *, dry_run: bool = False) -> Answer:
        query = "?fieldManager=crd-tests&force=true&fieldValidation=Strict"
        kind = "application/apply-patch+yaml"
        return self("PATCH", f"{path}{query}{'&dryRun=All' if dry_run else ''}", body, kind=kind)


def definitions() -> list[dict[str, Any]]:
    files = sorted((ROOT / "config" / "crd").glob("*.yaml"))
    return [yaml.safe_load(file.read_text()) for file in files]


def moved(document: Any, group: str = OWN_GROUP) -> Any:
    """Put whatever names the contract's group under another one."""
    return json.loads(json.dumps(document).replace(GROUP, group))


def until(holds: Callable[[], object], what: str) -> None:
    end = time.monotonic() + DEADLINE
    while not holds():
        if time.monotonic() > end:
            pytest.fail(f"waited {DEADLINE:.0f} s in vain: {what}")
        time.sleep(0.05)


def is_established(api: Api, name: str) -> bool:
    status = api("GET", f"{CRDS}/{name}").body.get("status") or {}
    return {"type": "Established", "status": "True"} in [
        {key: condition[key] for key in ("type", "status")}
        for condition in status.get("conditions") or []
    ]


def install(api: Api, definition: Mapping[str, Any]) -> None:
    name = definition["metadata"]["name"]
    answer = api.apply(f"{CRDS}/{name}", definition)
    assert answer.is_ok, answer.told
    until(lambda: is_established(api, name), f"{name} is established")


def listing(plural: str, group: str = OWN_GROUP) -> str:
    return f"/apis/{group}/v1beta1/namespaces/{NAMESPACE}/{plural}"
