# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What is sent to Flink and what comes back, as plain values, and the seam between.

Knows nothing of sockets or of any library. A transport raises `NotSeen` errors only; what an
answer's status means is the client's business.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import Any, Protocol, TypeAlias

from .errors import Asked

Json: TypeAlias = "dict[str, Any] | list[Any] | str | int | float | bool | None"


@dataclass(frozen=True, slots=True, kw_only=True)
class Upload:
    """One file, sent as a multipart form."""

    path: Path
    name: str
    media_type: str = "application/java-archive"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """`repeatable`: twice is the same as once (a question, or named by an id of ours)."""

    method: str
    path: str
    query: tuple[tuple[str, str], ...] = ()
    body: Mapping[str, Any] | None = None
    upload: Upload | None = None
    repeatable: bool = False
    within: timedelta | None = None

    @property
    def may_be_sent_again(self) -> bool:
        return self.repeatable or self.method in {"GET", "HEAD"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """`again`: how often the request was sent before this answer came."""

    status: int
    body: bytes
    content_type: str = ""
    location: str = ""
    again: int = 0


class Transport(Protocol):
    def send(self, request: Request) -> Answer:
        """Raise a `NotSeen` where no answer came."""

    def asked(self, request: Request) -> Asked:
        """Put the request in words that may be shown."""
