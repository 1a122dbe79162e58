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


# a server of TLS 1.3 refuses a client only after the handshake, and its word may be lost
REFUSED_US = "The JobManager may have been restarted, or it wants a client certificate it trusts"


def errors_of_the_library() -> tuple[type[Exception], ...]:
    return (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


def translated(error: Exception, asked: Asked) -> NotSeen:
    """Look at the whole chain, as a ConnectTimeout of requests is many things; order matters."""
    chain = _chain(error)
    last = str(chain[-1]) or type(chain[-1]).__name__
    if _any(chain, ssl.SSLEOFError, ssl.SSLZeroReturnError):
        return BrokenOff(f"the TLS connection ended early: {last}", asked=asked, hint=REFUSED_US)
    if _any(chain, requests.exceptions.SSLError, ssl.SSLError):
        return TlsFailed(f"TLS failed: {last}", asked=asked)
    if _any(chain, urllib3.exceptions.NewConnectionError):
        return Unreachable(f"no connection: {last}", asked=asked)
    if _any(chain, urllib3.exceptions.ConnectTimeoutError):
        return Unreachable("no connection in the time for connecting", asked=asked)
    if _any(chain, TimeoutError, requests.Timeout, urllib3.exceptions.TimeoutError):
        return TimedOut("no whole answer in time", asked=asked)
    return BrokenOff(f"the connection ended before the whole answer: {last}", asked=asked)


def _any(chain: list[BaseException], *kinds: type[BaseException]) -> bool:
    return any(isinstance(link, kinds) for link in chain)


def _chain(error: BaseException) -> list[BaseException]:
    """List the error, its causes, and what the library put among its arguments."""
    chain: list[BaseException] = []
    waiting: list[object] = [error]
    while waiting:
        link = waiting.pop(0)
        # a reason is an exception for urllib3 and a text for ssl
        if not isinstance(link, BaseException) or any(link is known for known in chain):
            continue
        chain.append(link)
        waiting += [link.__cause__, link.__context__, getattr(link, "reason", None), *link.args]
    return chain
