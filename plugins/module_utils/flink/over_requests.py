# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The transport over the library `requests`: time, size and retries.

Refuses to know what an answer means. It never uses a connection that a parent process opened.
One thing is bounded by the system's resolver alone: how long the look-up of a name takes.
"""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable
from contextlib import nullcontext
from datetime import timedelta
from typing import Any
from urllib.parse import quote, urlencode

from .access import Access
from .deadline import Deadline
from .errors import Asked, BrokenOff, FlinkError, LibraryMissing, TimedOut, TooLarge, Unreachable
from .multipart import Form
from .session import MISSING, open_session
from .translate import errors_of_the_library, translated
from .transport import Answer, Request

BLOCK = 16 * 1024


class RequestsTransport:
    def __init__(
        self,
        access: Access,
        *,
        sleep: Callable[[float], None] = time.sleep,
        pid: Callable[[], int] = os.getpid,
    ) -> None:
        if MISSING is not None:
            raise LibraryMissing(f"the Python library requests is missing: {MISSING}") from MISSING
        self._access = access
        self._sleep = sleep
        self._pid = pid
        self._session: tuple[int, Any] | None = None

    def asked(self, request: Request) -> Asked:
        return Asked(method=request.method, url=self._url(request))

    def send(self, request: Request) -> Answer:
        pauses = self._access.retry.pauses if request.may_be_sent_again else ()
        with Deadline(_seconds(request.within or self._access.patience.total)) as deadline:
            for again, pause in enumerate(pauses):
                answer = self._try(request, deadline, again)
                if answer is not None:
                    return answer
                self._sleep(min(_seconds(pause), max(deadline.left(), 0)))
            return self._once(request, deadline, len(pauses))

    def close(self) -> None:
        if self._session is not None and self._session[0] == self._pid():
            self._session[1].close()
        self._session = None

    def _try(self, request: Request, deadline: Deadline, again: int) -> Answer | None:
        """None: worth another try."""
        try:
            answer = self._once(request, deadline, again)
        except (Unreachable, BrokenOff):
            if deadline.left() <= 0:
                raise
            return None
        return None if answer.status in self._access.retry.statuses else answer

    def _once(self, request: Request, deadline: Deadline, again: int) -> Answer:
        asked = self.asked(request)
        if deadline.left() <= 0:
            raise TimedOut("no answer in the time for the whole request", asked=asked)
        try:
            return self._exchange(request, deadline, again)
        except FlinkError:
            raise
        except errors_of_the_library() as error:
            raise translated(error, asked) from error

    def _exchange(self, request: Request, deadline: Deadline, again: int) -> Answer:
        with Form(request.upload) if request.upload else nullcontext() as form:
            answer = self._open_session().request(
                request.method,
                self._url(request),
                data=form or _encoded(request),
                headers=_headers(request, form),
                timeout=self._times(request, deadline.left()),
                allow_redirects=False,
                stream=True,
            )
        with answer:
            return Answer(
                status=answer.status_code,
                body=self._body(answer, request),
                content_type=answer.headers.get("Content-Type", ""),
                location=answer.headers.get("Location", ""),
                again=again,
            )

    def _times(self, request: Request, left: float) -> tuple[float, float]:
        """Wait for a first byte as long as the request may last, where it says how long."""
        patience = self._access.patience
        read = request.within or patience.read
        return (min(_seconds(patience.connect), left), min(_seconds(read), left))

    def _body(self, answer: Any, request: Request) -> bytes:
        most = self._access.patience.largest_answer
        body = bytearray()
        for block in answer.iter_content(BLOCK):
            body += block
            if len(body) > most:
                raise TooLarge(f"the answer has more than {most} bytes", asked=self.asked(request))
        return bytes(body)

    def _url(self, request: Request) -> str:
        query = "?" + urlencode(request.query, safe=",") if request.query else ""
        return self._access.base + quote(request.path, safe="/-._~") + query

    def _open_session(self) -> Any:
        """Give a forked child its own: two processes on one connection would mix their answers."""
        pid = self._pid()
        if self._session is None or self._session[0] != pid:
            self._session = (pid, open_session(self._access))
        return self._session[1]


def _seconds(duration: timedelta) -> float:
    return duration.total_seconds()


def _encoded(request: Request) -> bytes | None:
    return None if request.body is None else json.dumps(request.body).encode()


def _headers(request: Request, form: Form | None) -> dict[str, str]:
    if form is not None:
        return {"Content-Type": form.content_type}
    return {} if request.body is None else {"Content-Type": "application/json"}
