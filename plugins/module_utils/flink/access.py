# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""How Flink's REST API is reached: address, patience, trust, credentials, as one frozen value.

Refuses what cannot work (a URL with a password in it, a key without its certificate) before
anything is sent.
"""

from __future__ import annotations

import base64
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from urllib.parse import SplitResult, urlsplit

from .errors import BadAccess


@dataclass(frozen=True, slots=True)
class Secret:
    """A value that no repr, log or traceback of locals shows."""

    value: str = field(repr=False)

    def __str__(self) -> str:
        return "********"


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """`total` holds for one request with its retries: a dripping server cannot hang us."""

    connect: timedelta = timedelta(seconds=10)
    read: timedelta = timedelta(seconds=10)
    total: timedelta = timedelta(seconds=30)
    largest_answer: int = 16 * 1024 * 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Retry:
    """Only what may be sent again is; `pauses` also says how often."""

    pauses: tuple[timedelta, ...] = (timedelta(milliseconds=100), timedelta(milliseconds=400))
    statuses: frozenset[int] = frozenset({502, 503, 504})


@dataclass(frozen=True, slots=True, kw_only=True)
class Tls:
    """`trust`: a CA bundle in place of the system's. Certificates of Flinks often name no host."""

    trust: Path | None = None
    certificate: Path | None = None
    key: Path | None = None
    key_password: Secret | None = None
    verify_host: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class Access:
    """`authorisation` is the whole header value, for a gateway before Flink."""

    url: str
    patience: Patience = Patience()
    retry: Retry = Retry()
    tls: Tls = Tls()
    authorisation: Secret | None = None

    def __post_init__(self) -> None:
        parts = _parts(self.url)
        if parts.username is not None or parts.password is not None:
            raise BadAccess("the URL of Flink's REST API holds a user or password: give them apart")
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise BadAccess(f"{self.url!r} is no URL of a REST API: expected http(s)://host:port")
        if parts.query or parts.fragment:
            raise BadAccess("the URL of Flink's REST API must end with its host, port or path")
        if self.tls.key is not None and self.tls.certificate is None:
            raise BadAccess("a client key needs its certificate")

    @property
    def base(self) -> str:
        return self.url.rstrip("/")

    @property
    def is_https(self) -> bool:
        return _parts(self.url).scheme == "https"


def _parts(url: str) -> SplitResult:
    try:
        parts = urlsplit(url)
        parts.port  # noqa: B018  # reading it is what checks it
    except ValueError as error:
        raise BadAccess(f"the URL of Flink's REST API cannot be read: {error}") from None
    return parts


def basic(user: str, password: str) -> Secret:
    return Secret("Basic " + base64.b64encode(f"{user}:{password}".encode()).decode())


def bearer(token: str) -> Secret:
    return Secret(f"Bearer {token}")
