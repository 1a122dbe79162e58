# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Sockets that keep an overall deadline: each read gets what is left of it, or its own time-out.

A read time-out alone does not end a server that sends one byte at a time, nor in the headers.
"""

from __future__ import annotations

import io
import time
from contextvars import ContextVar
from typing import Any, Self

_ends: ContextVar[float | None] = ContextVar("flink_rest_deadline", default=None)


class DeadlinePassed(TimeoutError):
    """What is left of the time is nothing."""


class Deadline:
    """`with Deadline(5): ...`; inner reads of this thread end with it."""

    def __init__(self, seconds: float) -> None:
        self._end = time.monotonic() + seconds

    def __enter__(self) -> Self:
        self._token = _ends.set(self._end)
        return self

    def __exit__(self, *_: object) -> None:
        _ends.reset(self._token)

    def left(self) -> float:
        return self._end - time.monotonic()


def _allow(sock: Any, patience: float | None) -> None:
    end = _ends.get()
    if end is None:
        sock.settimeout(patience)
        return
    left = end - time.monotonic()
    if left <= 0:
        raise DeadlinePassed("the time for the whole request is over")
    sock.settimeout(left if patience is None else min(left, patience))


class DeadlineSocket:
    """A socket as http.client uses it; all but reading and sending is the real one's."""

    def __init__(self, sock: Any) -> None:
        self._sock = sock
        self._patience: float | None = sock.gettimeout()

    def __getattr__(self, name: str) -> Any:
        return getattr(self._sock, name)

    def settimeout(self, seconds: float | None) -> None:
        self._patience = seconds
        self._sock.settimeout(seconds)

    def sendall(self, data: Any, *flags: int) -> None:
        _allow(self._sock, self._patience)
        self._sock.sendall(data, *flags)

    def makefile(self, mode: str = "rb", *_: Any, **__: Any) -> io.BufferedReader:
        return io.BufferedReader(_Reading(self, self._sock.makefile(mode, buffering=0)))

    def allow(self) -> None:
        _allow(self._sock, self._patience)


class _Reading(io.RawIOBase):
    def __init__(self, owner: DeadlineSocket, raw: io.RawIOBase) -> None:
        super().__init__()
        self._owner = owner
        self._raw = raw

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int | None:
        self._owner.allow()
        return self._raw.readinto(buffer)

    def close(self) -> None:
        if not self.closed:
            self._raw.close()
        super().close()
