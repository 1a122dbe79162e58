# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's REST API through the API server's service proxy: the way in from outside the cluster.

A laptop or a pipeline reaches no pod and no cluster address; it reaches the API server, with the
credentials it has. What the API server itself answers in Flink's place counts as silence.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any
from urllib.parse import urlencode

from ..flink.errors import Asked, BadAccess, Unauthorised, Unavailable
from ..flink.transport import Answer, Request
from .api import CONNECT_SECONDS, Api
from .errors import ApiServerUnreachable

READ_SECONDS = 10


class ServiceProxy:
    """A Transport to the REST service `<name>-rest` of one cluster."""

    def __init__(self, api: Api, *, name: str, namespace: str, is_tls: bool = False) -> None:
        scheme = "https:" if is_tls else ""
        self._root = f"/api/v1/namespaces/{namespace}/services/{scheme}{name}-rest:rest/proxy"
        self._api = api

    def asked(self, request: Request) -> Asked:
        return Asked(method=request.method, url=self._root + request.path)

    def send(self, request: Request) -> Answer:
        if request.upload is not None:
            raise BadAccess(
                "a jar can't be uploaded through the API server's proxy",
                asked=self.asked(request),
                hint="Run this where the REST service itself can be reached",
            )
        query = f"?{urlencode(request.query)}" if request.query else ""
        within = request.within.total_seconds() if request.within else READ_SECONDS
        try:
            status, body = self._api.answer(
                request.method.lower(),
                self._root + request.path + query,
                body=dict(request.body) if request.body is not None else None,
                _request_timeout=(CONNECT_SECONDS, within),
            )
        except ApiServerUnreachable as silent:
            # Whether Flink got it is not known: a lost answer looks the same.
            raise Unavailable(str(silent), asked=self.asked(request)) from silent
        self._refuse_own_words(request, status, body)
        return Answer(status=status, body=body, content_type="application/json")

    def _refuse_own_words(self, request: Request, status: int, body: bytes) -> None:
        """An object of kind Status is the API server speaking, not Flink."""
        answer = _object(body) if status >= HTTPStatus.BAD_REQUEST else {}
        if answer.get("kind") != "Status":
            return
        said = str(answer.get("message", status))
        kind = Unauthorised if status in (401, 403) else Unavailable
        raise kind(said, asked=self.asked(request), status=status)


def _object(body: bytes) -> Mapping[str, Any]:
    try:
        found = json.loads(body)
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}
