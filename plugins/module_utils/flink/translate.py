# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Errors of `requests`, urllib3 and the system, told in the project's own; knows no answers."""

from __future__ import annotations

import ssl

from .errors import Asked, BrokenOff, NotSeen, TimedOut, TlsFailed, Unreachable

try:
    import requests
    import urllib3.exceptions
except ImportError:
    pass  # the transport says so when it is made


def errors_of_the_library() -> tuple[type[Exception], ...]:
    return (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


def translated(error: Exception, asked: Asked) -> NotSeen:
    """Look at the whole chain: a ConnectTimeout of requests is a ConnectionError and a Timeout."""
    chain = _chain(error)
    if any(isinstance(link, (requests.exceptions.SSLError, ssl.SSLError)) for link in chain):
        return TlsFailed(f"TLS failed: {_last(chain)}", asked=asked)
    if any(isinstance(link, urllib3.exceptions.ConnectTimeoutError) for link in chain):
        return Unreachable("no connection in the time for connecting", asked=asked)
    if any(isinstance(link, urllib3.exceptions.NewConnectionError) for link in chain):
        return Unreachable(f"no connection: {_last(chain)}", asked=asked)
    if any(
        isinstance(link, (TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError))
        for link in chain
    ):
        return TimedOut("no whole answer in time", asked=asked)
    return BrokenOff(f"the connection ended before the whole answer: {_last(chain)}", asked=asked)


def _chain(error: BaseException) -> list[BaseException]:
    """List the error, its causes, and what the library put among its arguments."""
    chain: list[BaseException] = []
    waiting: list[BaseException | None] = [error]
    while waiting:
        link = waiting.pop(0)
        if link is None or link in chain:
            continue
        chain.append(link)
        waiting += [link.__cause__, link.__context__, getattr(link, "reason", None)]
        waiting += [argument for argument in link.args if isinstance(argument, BaseException)]
    return chain


def _last(chain: list[BaseException]) -> str:
    return str(chain[-1]) or type(chain[-1]).__name__
