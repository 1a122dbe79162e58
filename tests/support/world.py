# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A Kubernetes cluster in memory: its API server's store, the controllers, and Flink behind it.

It has the methods of `kube.api.Api`. Each request is a step: time goes on, the controllers do a
little, a fault may strike. It stops a test that starts a second writer.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any, TypeVar

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import corrected
from ansible_collections.flinkops.flink.plugins.module_utils.kube.errors import (
    ApiServerBusy,
    ApiServerUnreachable,
    Conflict,
    Forbidden,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import Kind
from support.world_controllers import STEP, Controllers
from support.world_store import Object, copied, key_of, merged, uid_of, without_nulls

T = TypeVar("T")


class Fault(Enum):
    BUSY = auto()
    """429 or 5xx: nothing was done."""
    NO_WAY = auto()
    """The connection fails before the request is there."""
    LOST_ANSWER = auto()
    """The request is carried out, and its answer never comes."""
    CONFLICT = auto()
    """Somebody else wrote first (for writes; a question is answered)."""
    CRASH = auto()
    """The driver ends before the request."""
    CRASH_AFTER = auto()
    """The driver ends when the request was carried out."""


class Crashed(Exception):
    """kill -9: nothing is caught, nothing is told."""


@dataclass
class World(Controllers):
    """`faults`: by the number of the request that they strike; `edits`: what happens before one."""

    faults: dict[int, Fault] = field(default_factory=dict)
    edits: dict[int, Callable[[World], Any]] = field(default_factory=dict)
    skew: timedelta = timedelta(0)
    can_resize: bool = True
    refuses_resize: bool = False
    requests: int = 0
    writes: list[str] = field(default_factory=list)
    written_at: list[int] = field(default_factory=list)
    """The numbers of the requests that were writes."""

    def __post_init__(self) -> None:
        self.put({"apiVersion": "v1", "kind": "Namespace", "metadata": {"name": "default"}})
        account = {"name": "flink", "namespace": "default"}
        self.put({"apiVersion": "v1", "kind": "ServiceAccount", "metadata": account})

    def clock(self) -> datetime:
        """The driver's own: it may be wrong."""
        return self.now + self.skew

    # the methods of Api

    def by_its_clock(self, moment: datetime) -> datetime:
        return corrected(moment, -self.skew)

    def get(self, kind: Kind, name: str, namespace: str = "") -> Object | None:
        return self._asked(lambda: copied(self.objects.get((kind.kind, namespace, name))))

    def list(
        self, kind: Kind, namespace: str = "", *, labels: str = "", fields: str = ""
    ) -> list[Object]:
        if fields:
            return self._asked(list[Object])
        return self._asked(lambda: copied(list(self.chosen(kind.kind, namespace, labels))))

    def ask(self, kind: Kind, review: Mapping[str, Any]) -> Object:
        return self._asked(lambda: {**review, "status": {"allowed": True}})

    def rehearse(self, definition: Mapping[str, Any]) -> None:
        if self._asked(lambda: key_of(definition) in self.objects):
            raise Conflict(f"{key_of(definition)} already exists")

    def apply(self, definition: Mapping[str, Any], *, dry_run: bool = False) -> Object:
        def change() -> Object:
            old = self.objects.get(key_of(definition))
            self.check_may_exist(definition)
            new = merged(old or {}, {k: v for k, v in definition.items() if k != "status"})
            return copied(new if dry_run else self.put(new))

        return self._asked(change) if dry_run else self._wrote("apply", definition, change)

    def create(self, definition: Mapping[str, Any], *, dry_run: bool = False) -> Object:
        def change() -> Object:
            if key_of(definition) in self.objects:
                raise Conflict(f"{key_of(definition)} already exists")
            self.check_may_exist(definition)
            new = copied(dict(definition))
            return new if dry_run else copied(self.put(new))

        return self._asked(change) if dry_run else self._wrote("create", definition, change)

    def replace(self, definition: Mapping[str, Any], subresource: str = "") -> Object:
        def change() -> Object:
            old = self.there(key_of(definition))
            if definition["metadata"]["resourceVersion"] != old["metadata"]["resourceVersion"]:
                raise Conflict(f"{key_of(definition)} was written meanwhile")
            new = {**old, "status": definition.get("status")}
            if subresource != "status":
                new = {**definition, "status": old.get("status")}
            return copied(self.put_or_let_go(copied(new)))

        return self._wrote(f"replace {subresource}".strip(), definition, change)

    def merge(  # noqa: PLR0913 - as the Api has it
        self,
        kind: Kind,
        name: str,
        namespace: str,
        patch: Mapping[str, Any],
        *,
        subresource: str = "",
        lists_by_name: bool = False,
    ) -> Object:
        def change() -> Object:
            old = self.there((kind.kind, namespace, name))
            if (patch.get("metadata") or {}).get("uid", old["metadata"]["uid"]) != uid_of(old):
                raise Conflict(f"{name} is another one")
            version = (patch.get("metadata") or {}).get("resourceVersion")
            if version not in (None, old["metadata"]["resourceVersion"]):
                raise Conflict(f"{name} was written meanwhile")
            if subresource == "resize" and self.refuses_resize:
                raise Forbidden("pods/resize is forbidden")
            new = merged(old, patch, lists_by_name=lists_by_name)
            return copied(self.put_or_let_go(without_nulls(new)))

        return self._wrote("merge", {"kind": kind.kind, "metadata": {"name": name}}, change)

    def delete(
        self, kind: Kind, name: str, namespace: str = "", *, options: Mapping[str, Any]
    ) -> bool:
        def change() -> bool:
            found = self.objects.get((kind.kind, namespace, name))
            if found is None:
                return False
            if (options.get("preconditions") or {}).get("uid", uid_of(found)) != uid_of(found):
                raise Conflict(f"{name} is another one")
            is_gentle = kind.kind == "Pod" and options.get("gracePeriodSeconds") != 0
            is_slow = is_gentle or options.get("propagationPolicy") == "Foreground"
            self.asked_to_go(found, at_once=not is_slow)
            self._has_grace(kind, (kind.kind, namespace, name), options.get("gracePeriodSeconds"))
            return True

        return self._wrote("delete", {"kind": kind.kind, "metadata": {"name": name}}, change)

    def _has_grace(self, kind: Kind, key: tuple[str, str, str], grace: int | None) -> None:
        """It is never made longer."""
        found = self.objects.get(key)
        if kind.kind == "Pod" and found is not None and grace is not None:
            metadata = found["metadata"]
            told = metadata.get("deletionGracePeriodSeconds", grace)
            metadata["deletionGracePeriodSeconds"] = min(grace, told)

    def answer(self, method: str, path: str, body: Any = None, **_params: Any) -> tuple[int, bytes]:
        def request() -> tuple[int, bytes]:
            if path == "/api/v1":
                return 200, b'{"resources":[{"name":"pods/resize"}]}' if self.can_resize else b"{}"
            return self.flink.answer(method, path, body, self.now)

        what = f"{method.lower()} Flink{path.partition('/proxy')[2]}"
        try:
            return self._struck(request, wrote="" if method.lower() == "get" else what)
        except (ApiServerBusy, Conflict) as refused:  # the proxy's answers are never raised
            return 503, json.dumps({"kind": "Status", "message": str(refused)}).encode()

    def text(self, path: str, **_params: Any) -> str:
        return self._asked(str)

    # steps, faults

    def _asked(self, question: Callable[[], T]) -> T:
        return self._struck(question)

    def _wrote(self, verb: str, what: Mapping[str, Any], change: Callable[[], T]) -> T:
        return self._struck(change, wrote=f"{verb} {what['kind']}/{what['metadata']['name']}")

    def _struck(self, request: Callable[[], T], *, wrote: str = "") -> T:
        number, self.requests = self.requests, self.requests + 1
        if wrote:
            self.written_at.append(number)
        self.passes(STEP)
        if number in self.edits:
            self.edits.pop(number)(self)
        fault = self.faults.get(number)
        _strike(BEFORE, fault)
        if fault is Fault.CONFLICT and wrote:
            raise Conflict("somebody else wrote first")
        if wrote:
            self.writes.append(wrote)
        result = request()
        _strike(AFTER, fault)
        return result


BEFORE: dict[Fault | None, type[Exception]] = {
    Fault.BUSY: ApiServerBusy,
    Fault.NO_WAY: ApiServerUnreachable,
    Fault.CRASH: Crashed,
}
AFTER: dict[Fault | None, type[Exception]] = {
    Fault.LOST_ANSWER: ApiServerUnreachable,
    Fault.CRASH_AFTER: Crashed,
}


def _strike(when: Mapping[Fault | None, type[Exception]], fault: Fault | None) -> None:
    if fault in when:
        raise when[fault](f"{fault} strikes")
