# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Java stack traces boiled down to what a person reads: class, message, and the chain of causes."""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby

from .errors import shortened
from .wire import Wire

_FRAME = re.compile(
    r"^\s*(at\s+\S|\.\.\. \d+ (more|common frames))|^<Exception on server side|^End of exception"
)
_CAUSED_BY = "Caused by: "
_CLASS = re.compile(r"^(?:[\w$]+\.)+[\w$]+$")
# classes that only carry another one
_WRAPPERS = (
    "java.util.concurrent.CompletionException",
    "java.util.concurrent.ExecutionException",
    "org.apache.flink.util.SerializedThrowable",
    "org.apache.flink.runtime.rest.handler.RestHandlerException",
)
MOST_LINKS = 8
LONGEST_LINK = 512


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    kind: str
    message: str

    def __str__(self) -> str:
        return (
            f"{self.kind}: {self.message}"
            if self.kind and self.message
            else self.kind or self.message
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Cause:
    """`chain` goes from what was reported down to what began it; wrappers are left out."""

    chain: tuple[Link, ...]

    @property
    def first(self) -> Link:
        return self.chain[0]

    @property
    def root(self) -> Link:
        return self.chain[-1]

    def names(self, kind: str) -> bool:
        """Whether a class of this simple name is in the chain."""
        return any(link.kind.rsplit(".", 1)[-1] == kind for link in self.chain)

    def __str__(self) -> str:
        return shortened(" <- ".join(str(link) for link in self.chain))


def read_cause(wire: Wire | None) -> Cause | None:
    """Flink's serialized throwable: class, stack-trace (and bytes, which are left alone)."""
    if wire is None:
        return None
    return cause_from_trace(wire.text_or("stack-trace"), wire.text_or("class"))


def cause_from_trace(trace: str, kind: str = "") -> Cause:
    links = [_link(text) for text in _heads(trace)] or [Link(kind=kind, message="")]
    telling = [link for link in links if link.kind not in _WRAPPERS] or links[-1:]
    chain = tuple(link for link, _same in groupby(telling))
    return Cause(chain=chain if len(chain) <= MOST_LINKS else (*chain[: MOST_LINKS - 1], chain[-1]))


def _heads(trace: str) -> list[str]:
    """List the lines that are no frames, one text per throwable; a message may have many lines."""
    heads: list[str] = []
    for line in trace.splitlines():
        if _FRAME.match(line) or not line.strip():
            continue
        if line.startswith(_CAUSED_BY) or not heads:
            heads.append(line.removeprefix(_CAUSED_BY))
        else:
            heads[-1] += f" {line.strip()}"
    return heads


def _link(text: str) -> Link:
    """Unfolds 'Wrapper: Class: message' to the innermost class that the text names."""
    kind, _sep, message = text.partition(": ")
    if not _CLASS.match(kind):
        return Link(kind="", message=shortened(text, LONGEST_LINK))
    inner, _sep, rest = message.partition(": ")
    if kind in _WRAPPERS and _CLASS.match(inner):
        return _link(f"{inner}: {rest}")
    return Link(kind=kind, message=shortened(message, LONGEST_LINK))
