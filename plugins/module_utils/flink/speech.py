# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""How a verb is spoken: send, judge the status, read the answer; all errors are of the one tree.

Asks for Flink's version once, when a verb needs it, and keeps it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from .cluster import read_info
from .errors import Forgotten, NotFound, NotServed, NotSupported, Rubbish
from .operations import OperationForgotten
from .transport import Request, Transport
from .verdict import verdict
from .versions import SINCE, Feature, FlinkVersion, has
from .wire import Wire, WrongShape, read

T = TypeVar("T")


class Speaker:
    def __init__(self, transport: Transport, version: FlinkVersion | None) -> None:
        self._transport = transport
        self._version = version

    def version(self) -> FlinkVersion:
        if self._version is None:
            self._version = self.get("/config", read_info).version
        return self._version

    def get(
        self, path: str, reader: Callable[[Wire], T], query: tuple[tuple[str, str], ...] = ()
    ) -> T:
        return self.ask(Request(method="GET", path=path, query=query), reader)

    def trigger(self, path: str, body: Mapping[str, Any]) -> str:
        """Sent again, an id of ours is the same operation: Flink ≥ 1.15."""
        self.must_have(Feature.OWN_TRIGGER_ID)
        sent = Request(method="POST", path=path, body=body, repeatable=True)
        return self.ask(sent, read_request_id)

    def status(self, path: str, reader: Callable[[Wire], T]) -> T | OperationForgotten:
        try:
            return self.get(path, reader)
        except NotServed:
            raise
        except NotFound as error:
            forgotten = Forgotten(error.came, asked=error.asked, status=error.status)
            return OperationForgotten(because=forgotten)

    def ask(self, request: Request, reader: Callable[[Wire], T]) -> T:
        answer = self._transport.send(request)
        error = verdict(answer, self._transport.asked(request))
        if error is not None:
            raise error
        return self.read(request, answer.body, reader)

    def read(self, request: Request, body: bytes, reader: Callable[[Wire], T]) -> T:
        try:
            return reader(read(body))
        except WrongShape as error:
            came = f"the answer is not Flink's: {error}"
            raise Rubbish(came, asked=self._transport.asked(request)) from error

    def must_have(self, feature: Feature) -> None:
        version = self.version()
        if not has(version, feature):
            first = SINCE[feature][0]
            raise NotSupported(f"Flink {version} cannot do it: {feature.value} (needs {first})")


def read_nothing(wire: Wire) -> None:
    """Take the empty object that is all Flink says."""
    wire.pairs()


def read_request_id(wire: Wire) -> str:
    return wire.text("request-id")
