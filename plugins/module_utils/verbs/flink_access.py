# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""How a module reaches Flink's REST API: by its own URL, or by name through the API server."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

from ..flink.access import Access, Patience, Secret, Tls, basic, bearer
from ..flink.client import FlinkClient
from ..flink.errors import BadAccess
from ..flink.over_requests import RequestsTransport
from ..kube.flink_look import flink_client
from .options import CONNECTION, IDENTITY, Params, Spec, api_of

FLINK: Spec = {
    **CONNECTION,
    **IDENTITY,
    "url": {"type": "str"},
    "ca_path": {"type": "path"},
    "client_cert": {"type": "path"},
    "client_key": {"type": "path"},
    "verify_host": {"type": "bool", "default": True},
    "username": {"type": "str"},
    "password": {"type": "str", "no_log": True},
    "token": {"type": "str", "no_log": True},
    "timeout": {"type": "int", "default": 10},
}


def client_of(params: Params) -> FlinkClient:
    if params.get("url"):
        return FlinkClient(RequestsTransport(_access(params)))
    if not params.get("name"):
        raise BadAccess("give url, or the name (and namespace) of a FlinkDeployment")
    namespace = str(params.get("namespace") or "default")
    return flink_client(api_of(params), name=str(params["name"]), namespace=namespace)


def _access(params: Params) -> Access:
    within = timedelta(seconds=int(params.get("timeout") or 10))
    return Access(
        url=str(params["url"]),
        patience=Patience(connect=within, read=within, total=within * 3),
        tls=Tls(
            trust=_path(params.get("ca_path")),
            certificate=_path(params.get("client_cert")),
            key=_path(params.get("client_key")),
            verify_host=bool(params.get("verify_host", True)),
        ),
        authorisation=_authorisation(params),
    )


def _authorisation(params: Params) -> Secret | None:
    if params.get("token"):
        return bearer(str(params["token"]))
    if params.get("username"):
        return basic(str(params["username"]), str(params.get("password") or ""))
    return None


def _path(text: str | None) -> Path | None:
    return Path(text) if text else None
