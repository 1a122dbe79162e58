# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A session of the library `requests` as this project wants it, with a deadline on each socket.

Follows no redirect, heeds no proxy, netrc or CA bundle of the environment, keeps no cookie.
"""

from __future__ import annotations

import ssl
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any

from .access import Access, Tls
from .deadline import DeadlineSocket
from .errors import BadAccess

try:
    import requests
    import requests.adapters
    import urllib3.connection
    import urllib3.connectionpool

    MISSING: ImportError | None = None
except ImportError as _missing:
    MISSING = _missing

AGENT = "flinkops.flink"


def open_session(access: Access) -> Any:
    session = requests.Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": AGENT, "Accept": "application/json"})
    session.headers["Accept-Encoding"] = "identity"
    if access.authorisation is not None:
        session.headers["Authorization"] = access.authorisation.value
    context = _tls_context(access.tls) if access.is_https else None
    if access.tls.trust is not None:
        session.verify = str(access.tls.trust)
    adapter = _adapter(context, verify_host=access.tls.verify_host)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


def _tls_context(tls: Tls) -> ssl.SSLContext:
    try:
        context = ssl.create_default_context(cafile=tls.trust)
    except OSError as error:
        raise BadAccess(f"the trusted certificates {tls.trust} cannot be read: {error}") from error
    context.check_hostname = tls.verify_host
    if tls.certificate is None:
        return context
    try:
        context.load_cert_chain(tls.certificate, tls.key, password=_password(tls))
    except OSError as error:
        raise BadAccess(
            f"the client certificate {tls.certificate} or its key cannot be used: {error}"
        ) from error
    return context


def _password(tls: Tls) -> Callable[[], str]:
    """Give one always: without it OpenSSL would ask at the terminal and wait."""
    return lambda: tls.key_password.value if tls.key_password else ""


def _adapter(context: ssl.SSLContext | None, *, verify_host: bool) -> Any:
    class Plain(urllib3.connection.HTTPConnection):
        def connect(self) -> None:
            super().connect()
            self.sock = DeadlineSocket(self.sock)

    class Secured(urllib3.connection.HTTPSConnection):
        def connect(self) -> None:
            super().connect()
            self.sock = DeadlineSocket(self.sock)

    class PlainPool(urllib3.connectionpool.HTTPConnectionPool):
        ConnectionCls = Plain

    class SecuredPool(urllib3.connectionpool.HTTPSConnectionPool):
        ConnectionCls = Secured

    class Adapter(requests.adapters.HTTPAdapter):
        def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
            if context is not None:
                kwargs.update(ssl_context=context, assert_hostname=None if verify_host else False)
            super().init_poolmanager(*args, **kwargs)
            self.poolmanager.pool_classes_by_scheme = {"http": PlainPool, "https": SecuredPool}

    return Adapter(max_retries=0)
