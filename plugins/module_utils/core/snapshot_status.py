# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Snapshots in status, in the contract's older form: asked for, completed, failed.

Pure: a status in, a status out; what this file does not know it keeps. A status may come from
another operator or from an edit by hand, so nothing that is read here ever raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from .lenient import EPOCH, entries, iso, mapping, milliseconds, moment, since_1970, text, whole
from .recorded_job import recorded_job, with_job_field
from .snapshot_ledger import noted

Status = Mapping[str, Any]
FAILURE = "snapshotFailure"


class Kind(StrEnum):
    SAVEPOINT = "savepoint"
    CHECKPOINT = "checkpoint"


class Trigger(StrEnum):
    """Who asked."""

    MANUAL = "MANUAL"
    PERIODIC = "PERIODIC"
    UPGRADE = "UPGRADE"
    UNKNOWN = "UNKNOWN"


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """What is about to be asked of Flink. `nonce`: that of the spec which is served by it."""

    kind: Kind
    trigger_id: str
    trigger_type: Trigger
    form: str
    nonce: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class UnderWay:
    kind: Kind
    trigger_id: str
    since: datetime | None
    trigger_type: Trigger
    form: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """A completed savepoint of the history."""

    location: str
    time: datetime
    trigger_type: Trigger
    form: str
    nonce: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Failure:
    """The latest snapshot, or disposal, that failed. It may be lost without harm."""

    kind: str
    because: str
    """Name of the rule."""
    message: str
    path: str = ""
    time: datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class _Names:
    info: str
    last: str
    periodic: str
    nonce: str


_NAMES = {
    Kind.SAVEPOINT: _Names(
        info="savepointInfo",
        last="lastSavepoint",
        periodic="lastPeriodicSavepointTimestamp",
        nonce="savepointTriggerNonce",
    ),
    Kind.CHECKPOINT: _Names(
        info="checkpointInfo",
        last="lastCheckpoint",
        periodic="lastPeriodicCheckpointTimestamp",
        nonce="checkpointTriggerNonce",
    ),
}
_UNDER_WAY = ("triggerId", "triggerTimestamp", "triggerType", "formatType")


def began(status: Status, request: Request, now: datetime) -> dict[str, Any]:
    """Write ahead. Asked again by the same word, it keeps the time of the first request.

    The nonce counts as served from here on: one that changes meanwhile is a request of its own.
    """
    names = _NAMES[request.kind]
    before = _under_way(status, request.kind)
    is_same = before is not None and before.trigger_type is request.trigger_type
    since = before.since if is_same and before and before.since else now
    under_way = {
        "triggerId": request.trigger_id,
        "triggerTimestamp": milliseconds(since),
        "triggerType": request.trigger_type.value,
        "formatType": request.form,
    }
    told = _with_info(status, request.kind, {**info(status, request.kind), **under_way})
    if request.trigger_type is Trigger.MANUAL and request.nonce is not None:
        return with_job_field(told, names.nonce, request.nonce)
    return told


def completed(
    status: Status, kind: Kind, location: str, now: datetime, *, checkpoint_id: int | None = None
) -> dict[str, Any]:
    """From under way to the last one, and a savepoint into the history. Twice is once."""
    was = _under_way(status, kind)
    told = cleared(status, kind)
    if was is None:
        return told
    since = milliseconds(was.since or now)
    last = _last(status, was, location, since)
    changed: dict[str, Any] = {_NAMES[kind].last: last}
    if was.trigger_type is Trigger.PERIODIC:
        changed[_NAMES[kind].periodic] = since
    if kind is Kind.SAVEPOINT:
        changed["savepointHistory"] = _appended(info(status, kind), last)
    told = _with_info(told, kind, {**info(told, kind), **changed})
    if (failure := failure_of(status)) and failure.kind == kind:
        told.pop(FAILURE, None)
    return noted(told, kind=kind, path=location, time=now, checkpoint_id=checkpoint_id)


def failed(status: Status, kind: Kind, failure: Failure) -> dict[str, Any]:
    """Nothing is under way any more; a periodic one is due again after its period."""
    was = _under_way(status, kind)
    told = failure_noted(cleared(status, kind), failure)
    if was is None or was.trigger_type is not Trigger.PERIODIC:
        return told
    since = was.since or failure.time or EPOCH
    changed = {**info(told, kind), _NAMES[kind].periodic: milliseconds(since)}
    return _with_info(told, kind, changed)


def failure_noted(status: Status, failure: Failure) -> dict[str, Any]:
    note: dict[str, Any] = {"kind": failure.kind, "rule": failure.because}
    note |= {"message": failure.message[:1024]}
    note |= {"path": failure.path} if failure.path else {}
    note |= {"time": iso(failure.time)} if failure.time else {}
    return {**status, FAILURE: note}


def failure_of(status: Status) -> Failure | None:
    note = mapping(status.get(FAILURE))
    if not note.get("kind"):
        return None
    return Failure(
        kind=text(note.get("kind")),
        because=text(note.get("rule")),
        message=text(note.get("message")),
        path=text(note.get("path")),
        time=moment(note.get("time")),
    )


def pending_savepoint(status: Status) -> UnderWay | None:
    return _under_way(status, Kind.SAVEPOINT)


def pending_checkpoint(status: Status) -> UnderWay | None:
    return _under_way(status, Kind.CHECKPOINT)


def history(status: Status) -> tuple[Entry, ...]:
    """All savepoints that are kept, the oldest first."""
    kept = entries(info(status, Kind.SAVEPOINT).get("savepointHistory"))
    found = (_entry(entry) for entry in kept)
    return tuple(sorted((e for e in found if e), key=lambda entry: entry.time))


def last_periodic(status: Status, kind: Kind) -> datetime | None:
    return since_1970(info(status, kind).get(_NAMES[kind].periodic))


def served_nonce(status: Status, kind: Kind) -> int | None:
    """Give the nonce in the recorded spec; None where that holds none or can't be read."""
    return whole(recorded_job(status).get(_NAMES[kind].nonce))


def info(status: Status, kind: Kind) -> dict[str, Any]:
    return dict(mapping(mapping(status.get("jobStatus")).get(_NAMES[kind].info)))


def with_history(status: Status, kept: list[Any]) -> dict[str, Any]:
    changed = {**info(status, Kind.SAVEPOINT), "savepointHistory": kept}
    return _with_info(status, Kind.SAVEPOINT, changed)


def _under_way(status: Status, kind: Kind) -> UnderWay | None:
    found = info(status, kind)
    trigger_id = text(found.get("triggerId"))
    if not trigger_id:
        return None
    return UnderWay(
        kind=kind,
        trigger_id=trigger_id,
        since=since_1970(found.get("triggerTimestamp")),
        trigger_type=_trigger(found.get("triggerType")),
        form=text(found.get("formatType")),
    )


def _last(status: Status, was: UnderWay, location: str, since: int) -> dict[str, Any]:
    nonce = served_nonce(status, was.kind) if was.trigger_type is Trigger.MANUAL else None
    return {
        "timeStamp": since,
        **({"location": location} if was.kind is Kind.SAVEPOINT else {}),
        "triggerType": was.trigger_type.value,
        "formatType": was.form,
        **({} if nonce is None else {"triggerNonce": nonce}),
    }


def _appended(told: Mapping[str, Any], last: Mapping[str, Any]) -> list[Any]:
    kept = list(entries(told.get("savepointHistory")))
    places = {text(mapping(entry).get("location")) for entry in kept}
    return kept if last["location"] in places else [*kept, dict(last)]


def cleared(status: Status, kind: Kind) -> dict[str, Any]:
    """Nothing is under way of that kind."""
    kept = {k: v for k, v in info(status, kind).items() if k not in _UNDER_WAY}
    return _with_info(status, kind, kept)


def _with_info(status: Status, kind: Kind, changed: Mapping[str, Any]) -> dict[str, Any]:
    job = {**mapping(status.get("jobStatus")), _NAMES[kind].info: dict(changed)}
    return {**status, "jobStatus": job}


def _entry(entry: Any) -> Entry | None:
    told = mapping(entry)
    location = text(told.get("location"))
    if not location:
        return None
    return Entry(
        location=location,
        time=since_1970(told.get("timeStamp")) or EPOCH,
        trigger_type=_trigger(told.get("triggerType")),
        form=text(told.get("formatType")),
        nonce=whole(told.get("triggerNonce")),
    )


def _trigger(value: Any) -> Trigger:
    return Trigger(value) if text(value) in set(Trigger) else Trigger.UNKNOWN
