# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The complete snapshots in the folders of an application, newest first, from a listing of them.

Knows Flink's layout: a checkpoint is FOLDER/JOB/chk-N, a savepoint FOLDER/savepoint-*, and either
is complete once its _metadata is written. Refuses to know who lists.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from . import options
from .lenient import entries, mapping, since_1970, text
from .restore import CHECKPOINTS
from .stopping import SAVEPOINTS

METADATA = "_metadata"
_LISTED = re.compile(r"(\d{1,12}) (/.+)/" + METADATA)
_CHECKPOINT = re.compile(r"([0-9a-f]{32})/chk-(\d{1,18})")
_SAVEPOINT = re.compile(r"savepoint-[0-9a-f]{6}-[0-9a-z]{12}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Folder:
    """`spelled` as the configuration has it; `path` where its pods see it, "" if no folder."""

    spelled: str
    path: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    path: str
    kind: str
    time: datetime
    job_id: str = ""
    """Of a checkpoint."""
    number: int = 0
    is_own: bool = False
    """Of a job that this resource is known to have run; a folder may be shared with others."""


def folders(configuration: Mapping[str, str]) -> tuple[Folder, ...]:
    """Of checkpoints and savepoints, each once."""
    given = (options.text(configuration, option) for option in (CHECKPOINTS, SAVEPOINTS))
    return tuple(Folder(spelled=one, path=_path(one)) for one in dict.fromkeys(given) if one)


def _path(spelled: str) -> str:
    """Only a file system's folder can be listed by a pod without anything of its own."""
    scheme, colon, path = spelled.partition(":")
    if not colon or "/" in scheme:
        scheme, path = "file", spelled
    if path.startswith("//"):
        host, slash, rest = path[2:].partition("/")
        path = slash + rest if host in ("", "localhost") else ""
    return path.rstrip("/") if scheme == "file" and path.startswith("/") else ""


def jobs_of(status: Mapping[str, Any]) -> frozenset[str]:
    """Every job of which its status tells that it was this resource's."""
    told = [mapping(status.get(part)).get("jobId") for part in ("jobStatus", "startedFrom")]
    told += [mapping(entry).get("jobId") for entry in entries(status.get("ledger"))]
    return frozenset(text(job) for job in told if text(job))


def found(listing: str, where: Sequence[Folder], own: Iterable[str]) -> tuple[Found, ...]:
    """`listing`: lines of seconds and a path; what is no snapshot of Flink's is left out."""
    known = frozenset(own)
    every = {one.path: one for one in _every(listing, where, known)}
    return tuple(sorted(every.values(), key=lambda one: (one.time, one.number), reverse=True))


def missing(listing: str, where: Sequence[Folder]) -> tuple[str, ...]:
    """Folders that the pod does not see: never written to, or on a volume that it has not."""
    told = {line.strip().removeprefix("- ") for line in listing.splitlines() if line[:2] == "- "}
    return tuple(one.spelled for one in where if one.path in told)


def newest(snapshots: Iterable[Found]) -> Found | None:
    """The one to go on from: of the resource's own jobs, as a folder may be shared."""
    return next((one for one in snapshots if one.is_own), None)


def _every(listing: str, where: Sequence[Folder], known: frozenset[str]) -> Iterator[Found]:
    for line in listing.splitlines():
        listed = _LISTED.fullmatch(line.strip())
        time = since_1970(int(listed[1]) * 1000) if listed else None
        if listed is None or time is None:
            continue
        for folder in where:
            if folder.path and listed[2].startswith(f"{folder.path}/"):
                one = _snapshot(listed[2].removeprefix(f"{folder.path}/"), folder, time, known)
                yield from (one,) if one else ()


def _snapshot(within: str, folder: Folder, time: datetime, known: frozenset[str]) -> Found | None:
    path = f"{folder.spelled.rstrip('/')}/{within}"
    checkpoint = _CHECKPOINT.fullmatch(within)
    if checkpoint:
        return Found(
            path=path,
            kind="checkpoint",
            time=time,
            job_id=checkpoint[1],
            number=int(checkpoint[2]),
            is_own=checkpoint[1] in known,
        )
    if not _SAVEPOINT.fullmatch(within):
        return None
    heads = {job[:6] for job in known}
    is_own = within.removeprefix("savepoint-")[:6] in heads
    return Found(path=path, kind="savepoint", time=time, is_own=is_own)
