# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A list and what happens after it: the two halves of an informer, as plain dicts.

The client's own watch makes models of what it reads, has no time-out and repeats a failed request
without a pause: see ADR 0069.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from enum import StrEnum
from typing import Any

from .api import CONNECT_SECONDS, Api
from .errors import translated
from .kinds import Kind

SILENT_FOR = timedelta(seconds=20)
"""So long after its end a watch that did not end by itself is taken to be dead."""


class Happened(StrEnum):
    ADDED = "ADDED"
    MODIFIED = "MODIFIED"
    DELETED = "DELETED"
    BOOKMARK = "BOOKMARK"
    """Nothing but a newer resourceVersion."""


@dataclass(frozen=True, slots=True)
class Selection:
    """What is watched: a kind, in one namespace or in all (empty), with these labels."""

    kind: Kind
    namespace: str = ""
    labels: str = ""

    @property
    def path(self) -> str:
        return self.kind.path(namespace=self.namespace)


def listed(api: Api, of: Selection) -> tuple[list[dict[str, Any]], str]:
    """All there is, and the resourceVersion that a watch goes on from."""
    answer = api.listing(of.path, label_selector=of.labels or None)
    named = {"apiVersion": of.kind.api_version, "kind": of.kind.kind}
    version = str((answer.get("metadata") or {}).get("resourceVersion") or "")
    return [{**named, **item} for item in answer.get("items") or ()], version


def watched(
    api: Api, of: Selection, *, since: str, within: timedelta
) -> Iterator[tuple[Happened, dict[str, Any]]]:
    """What happens from there on, for so long. Raise Expired where `since` lies too far back."""
    seconds = within.total_seconds()
    lines = api.lines(
        of.path,
        watch="true",
        label_selector=of.labels or None,
        resource_version=since,
        allow_watch_bookmarks="true",
        timeout_seconds=int(seconds),
        _request_timeout=(CONNECT_SECONDS, seconds + SILENT_FOR.total_seconds()),
    )
    for line in lines:
        event = json.loads(line) if line.strip() else {}
        happened, told = str(event.get("type") or ""), event.get("object") or {}
        if happened == "ERROR":
            raise translated(int(told.get("code") or 0), json.dumps(told), f"WATCH {of.path}")
        if happened in set(Happened):
            yield Happened(happened), told
