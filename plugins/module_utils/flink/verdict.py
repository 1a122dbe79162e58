# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""From an answer's status to the error it is, in one table; the first rule that fits wins.

Flink writes its errors as `{"errors": [text, ...]}`, each text a stack trace; what is not written
so is a gateway's.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any

from .causes import Cause, cause_from_trace
from .errors import (
    Asked,
    Conflict,
    DuplicateJob,
    Failed,
    FlinkError,
    NotFound,
    NotLeaderYet,
    NotServed,
    Redirected,
    Refused,
    Rubbish,
    Unauthorised,
    Unavailable,
)
from .transport import Answer
from .wire import beginning


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """The facts of an answer that is no success."""

    status: int
    is_flinks: bool
    causes: tuple[Cause, ...]

    @property
    def family(self) -> str:
        return _family(self.status)

    def names(self, kind: str) -> bool:
        return any(cause.names(kind) for cause in self.causes)

    def says(self, text: str) -> bool:
        return any(text in str(cause) for cause in self.causes)


_MISSING = HTTPStatus.NOT_FOUND
_BUSY = HTTPStatus.SERVICE_UNAVAILABLE
_NOT_LET_IN = {HTTPStatus.UNAUTHORIZED, HTTPStatus.FORBIDDEN}
_OF_A_GATEWAY = {HTTPStatus.BAD_GATEWAY, _BUSY, HTTPStatus.GATEWAY_TIMEOUT}
# 400 when a jar is deleted, 500 when it is run
_NO_JAR = re.compile(r"(File|Jar file) \S.*\.jar does not exist")


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    error: type[FlinkError]
    when: Callable[[Said], bool]


RULES = (
    Rule(error=Redirected, when=lambda s: s.family == "3xx"),
    Rule(error=NotLeaderYet, when=lambda s: s.status == _BUSY and s.says("leader election")),
    Rule(error=Unauthorised, when=lambda s: s.status in _NOT_LET_IN),
    Rule(error=Unavailable, when=lambda s: s.status in _OF_A_GATEWAY),
    Rule(error=Rubbish, when=lambda s: not s.is_flinks),
    Rule(error=DuplicateJob, when=lambda s: s.names("DuplicateJobSubmissionException")),
    Rule(error=DuplicateJob, when=lambda s: s.names("DuplicateApplicationSubmissionException")),
    Rule(error=NotServed, when=lambda s: s.status == _MISSING and s.says("load requested file")),
    Rule(error=NotFound, when=lambda s: s.status == _MISSING),
    Rule(error=NotFound, when=lambda s: s.names("FlinkJobNotFoundException")),
    Rule(error=NotFound, when=lambda s: any(_NO_JAR.search(str(c)) for c in s.causes)),
    Rule(error=Conflict, when=lambda s: s.status == HTTPStatus.CONFLICT),
    Rule(error=Refused, when=lambda s: s.family == "4xx"),
    Rule(error=Failed, when=lambda s: s.family == "5xx"),
    Rule(error=Rubbish, when=lambda _: True),
)


def _family(status: int) -> str:
    return f"{status // 100}xx"


def verdict(answer: Answer, asked: Asked) -> FlinkError | None:
    """None for a success."""
    if _family(answer.status) == "2xx":
        return None
    causes = flinks_errors(answer.body)
    said = Said(status=answer.status, is_flinks=causes is not None, causes=causes or ())
    error = next(rule.error for rule in RULES if rule.when(said))
    found = error(_in_words(answer, said), asked=asked, status=answer.status)
    found.again = answer.again
    return found


def flinks_errors(body: bytes) -> tuple[Cause, ...] | None:
    """None where the body is not of Flink's form."""
    try:
        texts: Any = json.loads(body)["errors"]
    except (ValueError, KeyError, TypeError, RecursionError):
        return None
    if not isinstance(texts, list) or not all(isinstance(text, str) for text in texts):
        return None
    telling = [text for text in texts if text != "Internal server error."] or texts
    return tuple(cause_from_trace(text) for text in telling)


def _in_words(answer: Answer, said: Said) -> str:
    if said.family == "3xx":
        return f"answered {answer.status}, to go to {_without_credentials(answer.location)}"
    if said.causes:
        return f"answered {answer.status}: " + "; ".join(str(cause) for cause in said.causes)
    if said.is_flinks or answer.status in _NOT_LET_IN:
        return f"answered {answer.status}"
    return f"answered {answer.status}, and not as Flink does ({beginning(answer.body)})"


def _without_credentials(location: str) -> str:
    """Only where to: login pages carry tokens in the rest."""
    scheme, _sep, rest = location.partition("://")
    if not rest:
        return (location or "nowhere").split("?", 1)[0]
    return f"{scheme}://{rest.split('/', 1)[0].split('?', 1)[0].rpartition('@')[2]}"
