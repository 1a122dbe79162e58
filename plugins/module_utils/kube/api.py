# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The API server, over the `kubernetes` dynamic client: a few verbs on plain dicts.

Knows connections, time-outs and how answers become values or one of `errors`. Refuses to know
what is read or written. A connection belongs to the process that made it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import Any

from .errors import (
    Absent,
    ApiServerUnreachable,
    KubernetesError,
    NoCredentials,
    Rejected,
    translated,
)
from .kinds import Kind, kind_of

try:
    import kubernetes
    import kubernetes.client.exceptions
    import kubernetes.dynamic
    import urllib3
    import yaml

    IMPORT_ERROR: ImportError | None = None
except ImportError as missing:
    IMPORT_ERROR = missing

FIELD_MANAGER = "flinkops"
CONNECT_SECONDS = 5
READ_SECONDS = 30
WELL_SET = timedelta(seconds=5)
"""A date of HTTP has no fractions of a second, and an answer takes its time."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """How to reach the API server. Nothing given: KUBECONFIG, its default, or the pod's account."""

    kubeconfig: str | None = None
    context: str | None = None


class _NoDiscovery:
    """The table in kinds.py takes the place of discovery."""

    def __init__(self, _client: object, _cache_file: object) -> None:
        pass


class Api:
    """One API server, one process. Every call has a time-out."""

    def __init__(self, client: Any) -> None:
        self._client = client
        self._dynamic = kubernetes.dynamic.DynamicClient(client, discoverer=_NoDiscovery)
        self._ahead = timedelta(0)

    def by_its_clock(self, moment: datetime) -> datetime:
        """A moment of this machine's clock, as the API server's own clock told it last."""
        return corrected(moment, self._ahead)

    def get(self, kind: Kind, name: str, namespace: str = "") -> dict[str, Any] | None:
        """The object, or None where it isn't there."""
        try:
            return self._call("get", kind.path(name, namespace))
        except Absent:
            return None

    def list(
        self, kind: Kind, namespace: str = "", *, labels: str = "", fields: str = ""
    ) -> list[dict[str, Any]]:
        answer = self._call(
            "get",
            kind.path(namespace=namespace),
            label_selector=labels or None,
            field_selector=fields or None,
        )
        named = {"apiVersion": kind.api_version, "kind": kind.kind}
        return [{**named, **item} for item in answer.get("items") or ()]

    def listing(self, path: str, **params: Any) -> dict[str, Any]:
        """A list as the API server tells it, with the resourceVersion that a watch goes on from."""
        return self._call("get", path, **params)

    def lines(self, path: str, **params: Any) -> Iterator[bytes]:
        """An answer that comes bit by bit, line by line, until the API server ends it."""
        left = b""
        try:
            response = self._raw("get", path, **params)
            try:
                for part in response.stream(decode_content=True):
                    *whole, left = (left + part).split(b"\n")
                    yield from whole
            finally:
                response.close()
        except kubernetes.dynamic.exceptions.DynamicApiError as refused:
            raise translated(int(refused.status or 0), refused.body, f"GET {path}") from refused
        except (urllib3.exceptions.HTTPError, OSError) as broken:
            raise self._unreachable(_first_line(broken)) from broken

    def apply(self, definition: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        """Server-side apply; makes the object where it isn't there."""
        return self._call(
            "patch",
            _own_path(definition),
            body=definition,
            content_type="application/apply-patch+yaml",
            field_manager=FIELD_MANAGER,
            force_conflicts="true",
            dry_run="All" if dry_run else None,
        )

    def rehearse(self, definition: Mapping[str, Any]) -> None:
        """A create that stores nothing; a field that would be dropped is Rejected too."""
        metadata = definition.get("metadata", {})
        self._call(
            "post",
            _known_kind(definition).path(namespace=str(metadata.get("namespace", ""))),
            body=definition,
            field_manager=FIELD_MANAGER,
            dry_run="All",
            query_params=[("fieldValidation", "Strict")],
        )

    def create(self, definition: Mapping[str, Any], *, dry_run: bool = False) -> dict[str, Any]:
        """Make the object; Conflict where the name is taken."""
        metadata = definition.get("metadata", {})
        return self._call(
            "post",
            _known_kind(definition).path(namespace=str(metadata.get("namespace", ""))),
            body=definition,
            field_manager=FIELD_MANAGER,
            dry_run="All" if dry_run else None,
        )

    def ask(self, kind: Kind, review: Mapping[str, Any]) -> dict[str, Any]:
        """A review object: a question in the form of a create, which stores nothing."""
        return self._call("post", kind.path(), body=review)

    def replace(self, definition: Mapping[str, Any], subresource: str = "") -> dict[str, Any]:
        """Replace what was read; its resourceVersion is the lock (Conflict where it is stale)."""
        return self._call(
            "put",
            _own_path(definition, subresource),
            body=definition,
            field_manager=FIELD_MANAGER,
        )

    def merge(  # noqa: PLR0913 - two of them by name, seldom given
        self,
        kind: Kind,
        name: str,
        namespace: str,
        patch: Mapping[str, Any],
        *,
        subresource: str = "",
        lists_by_name: bool = False,
    ) -> Any:
        """`lists_by_name`: of a list only the named elements change; not for custom resources."""
        form = "strategic-merge-patch" if lists_by_name else "merge-patch"
        return self._call(
            "patch",
            kind.path(name, namespace, subresource),
            body=patch,
            content_type=f"application/{form}+json",
            field_manager=FIELD_MANAGER,
        )

    def delete(
        self, kind: Kind, name: str, namespace: str = "", *, options: Mapping[str, Any]
    ) -> bool:
        """Ask for the object's deletion; False where it wasn't there. `options`: DeleteOptions."""
        try:
            self._call("delete", kind.path(name, namespace), body=dict(options))
        except Absent:
            return False
        return True

    def answer(self, method: str, path: str, **params: Any) -> tuple[int, bytes]:
        """The raw answer, whatever its status: for Flink's REST behind the API server's proxy."""
        try:
            response = self._raw(method, path, **params)
        except kubernetes.dynamic.exceptions.DynamicApiError as refused:
            return int(refused.status or 0), _bytes(refused.body)
        return int(response.status), _bytes(response.data)

    def text(self, path: str, **params: Any) -> str:
        """A text answer, such as a pod's log."""
        return self._checked("get", path, **params).decode("utf-8", "replace")

    def _call(self, method: str, path: str, **params: Any) -> dict[str, Any]:
        body = self._checked(method, path, **params)
        try:
            answer = json.loads(body)
        except ValueError:
            answer = None
        if not isinstance(answer, dict):
            raise KubernetesError(
                f"The answer to {method.upper()} {path} is no object in JSON: is this a Kubernetes "
                "API? Check the kubeconfig's server address."
            )
        return answer

    def _checked(self, method: str, path: str, **params: Any) -> bytes:
        try:
            return _bytes(self._raw(method, path, **params).data)
        except kubernetes.dynamic.exceptions.DynamicApiError as refused:
            asked = f"{method.upper()} {path}"
            raise translated(int(refused.status or 0), refused.body, asked) from refused

    def _raw(self, method: str, path: str, **params: Any) -> Any:
        params.setdefault("_request_timeout", (CONNECT_SECONDS, READ_SECONDS))
        # The client's own default for these two is a list and a dict shared by all calls.
        params.setdefault("query_params", [])
        params.setdefault("header_params", {})
        try:
            response = self._dynamic.request(method, path, serialize=False, **params)
        except kubernetes.client.exceptions.ApiException as refused:
            if refused.status:
                raise
            # Broken TLS comes as an answer without a status.
            raise self._unreachable(str(refused.reason)) from refused
        except (urllib3.exceptions.HTTPError, OSError) as broken:
            raise self._unreachable(_first_line(broken)) from broken
        self._ahead = _ahead(response.headers.get("Date"), self._ahead)
        return response

    def _unreachable(self, why: str) -> ApiServerUnreachable:
        host = self._client.configuration.host
        return ApiServerUnreachable(
            f"The API server {host} can't be reached: {why}. Check the kubeconfig's server address "
            "and that the cluster is up, then run this again: it looks anew before it writes."
        )


def corrected(moment: datetime, ahead: timedelta) -> datetime:
    """Drivers share one clock: where theirs is off by more than a little, the API server's."""
    return moment + ahead if abs(ahead) > WELL_SET else moment


def _ahead(date: str | None, known: timedelta) -> timedelta:
    try:
        return parsedate_to_datetime(date or "") - datetime.now(tz=UTC)
    except (ValueError, TypeError):
        return known


def connect(access: Access) -> Api:
    """Read the credentials; no request is sent yet."""
    return Api(client_of(access))


def client_of(access: Access, *, connections: int | None = None) -> Any:
    """The library's client; `connections` are kept open at most, for drivers of many threads."""
    if IMPORT_ERROR is not None:
        raise NoCredentials(
            "The Python package `kubernetes` is missing on this host: pip install kubernetes."
        ) from IMPORT_ERROR
    configuration = _configuration(access)
    if connections is not None:
        configuration.connection_pool_maxsize = connections
    client = kubernetes.client.ApiClient(configuration)
    client.configuration.retries = urllib3.Retry(total=False)
    return client


def _configuration(access: Access) -> Any:
    configuration = kubernetes.client.Configuration()
    try:
        _load(access, configuration)
    except (
        kubernetes.config.ConfigException,
        yaml.YAMLError,
        OSError,
        ValueError,
        TypeError,
    ) as broken:
        source = access.kubeconfig or os.environ.get("KUBECONFIG") or "the default kubeconfig"
        raise NoCredentials(
            f"No usable Kubernetes credentials in {source}: {_first_line(broken)}. "
            "Set KUBECONFIG, or the option kubeconfig (and context)."
        ) from broken
    # Retried here, a write could be sent twice; the turn looks anew instead.
    configuration.retries = urllib3.Retry(total=False, redirect=0)
    return configuration


def _load(access: Access, configuration: Any) -> None:
    in_pod = "KUBERNETES_SERVICE_HOST" in os.environ
    if in_pod and not access.kubeconfig and "KUBECONFIG" not in os.environ:
        kubernetes.config.load_incluster_config(client_configuration=configuration)
        return
    kubernetes.config.load_kube_config(
        config_file=access.kubeconfig, context=access.context, client_configuration=configuration
    )


def _own_path(definition: Mapping[str, Any], subresource: str = "") -> str:
    metadata = definition.get("metadata", {})
    return _known_kind(definition).path(
        str(metadata.get("name", "")), str(metadata.get("namespace", "")), subresource
    )


def _known_kind(definition: Mapping[str, Any]) -> Kind:
    kind = kind_of(definition)
    if kind is None:
        raise Rejected(
            f"The kind {definition.get('apiVersion')} {definition.get('kind')} is not one that "
            "this collection writes."
        )
    return kind


def _bytes(data: bytes | str | None) -> bytes:
    return data if isinstance(data, bytes) else (data or "").encode()


def _first_line(cause: BaseException) -> str:
    return (str(cause).strip().splitlines() or [type(cause).__name__])[0]
