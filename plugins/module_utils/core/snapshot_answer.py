# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What became of the snapshot that a resource's nonce asks for, whoever serves the resource.

The contract tells it in two forms: in the resource's status, or as a FlinkStateSnapshot.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from .asking import NONCES, job_of
from .lenient import mapping, text, whole
from .plan import Plan, Rule, Verdict, first
from .snapshot_ledger import in_ledger
from .snapshot_status import Kind, failure_of, info, served_nonce

Object = Mapping[str, Any]
LAST = {Kind.SAVEPOINT: "lastSavepoint", Kind.CHECKPOINT: "lastCheckpoint"}
ENDED_BADLY = ("FAILED", "ABANDONED")


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """`objects`: the FlinkStateSnapshots beside the resource."""

    stored: Object
    kind: Kind
    objects: Iterable[Object] = ()

    @property
    def status(self) -> Object:
        return mapping(self.stored.get("status"))

    @property
    def nonce(self) -> int | None:
        return whole(job_of(self.stored).get(NONCES[self.kind]))

    @property
    def last(self) -> Object:
        return mapping(info(self.status, self.kind).get(LAST[self.kind]))

    @property
    def made(self) -> Object:
        """The newest object that somebody's nonce has made; names tell the time of it."""
        found = [item for item in self.objects if self._is_mine(item)]
        return max(found, key=_created, default={})

    def _is_mine(self, item: Object) -> bool:
        labels = mapping(mapping(item.get("metadata")).get("labels"))
        spec = mapping(item.get("spec"))
        reference = mapping(spec.get("jobReference"))
        name = mapping(self.stored.get("metadata")).get("name")
        by_person = labels.get("snapshot.trigger-type") == "MANUAL"
        return by_person and reference.get("name") == name and self.kind.value in spec


def _created(item: Object) -> str:
    return text(mapping(item.get("metadata")).get("creationTimestamp"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Answered:
    is_asked: bool
    is_served: bool
    """Whoever serves the resource has taken the nonce up."""
    is_in_status: bool
    is_failed_in_status: bool
    is_complete_object: bool
    is_failed_object: bool


def answered(asked: Asked) -> Answered:
    state = text(mapping(asked.made.get("status")).get("state"))
    nonce = asked.nonce
    is_served = nonce is not None and served_nonce(asked.status, asked.kind) == nonce
    failure = failure_of(asked.status)
    is_open = bool(info(asked.status, asked.kind).get("triggerId"))
    return Answered(
        is_asked=nonce is not None,
        is_served=is_served,
        is_in_status=nonce is not None and whole(asked.last.get("triggerNonce")) == nonce,
        is_failed_in_status=failure is not None
        and failure.kind == asked.kind.value
        and not is_open,
        is_complete_object=state == "COMPLETED",
        is_failed_object=state in ENDED_BADLY,
    )


RULES: tuple[Rule[Answered], ...] = (
    Rule(
        name="no_snapshot_was_asked_for",
        when=lambda f: not f.is_asked,
        verdict=Verdict.HELD,
        message="{key} has no spec.job.{field}",
        next_step="Ask for one: playbooks/snapshot.yml.",
    ),
    Rule(
        name="the_snapshot_is_complete",
        when=lambda f: f.is_in_status or (f.is_served and f.is_complete_object),
        verdict=Verdict.SETTLED,
        message="the {kind} of {key} is complete: {path}",
    ),
    Rule(
        name="the_snapshot_failed",
        when=lambda f: f.is_served and (f.is_failed_in_status or f.is_failed_object),
        verdict=Verdict.FAILED,
        message="the {kind} of {key} failed: {why}",
        next_step="See the JobManager's log, and take another one.",
    ),
    Rule(
        name="the_snapshot_is_under_way",
        when=lambda f: f.is_served,
        verdict=Verdict.WAIT,
        message="the {kind} of {key} is under way",
    ),
    Rule(
        name="the_snapshot_waits_for_an_operator",
        when=lambda _: True,
        verdict=Verdict.WAIT,
        message="nobody has taken up spec.job.{field} of {key} yet",
        next_step="See whether its operator runs and its job is RUNNING.",
    ),
)


def answer(asked: Asked, *, key: str) -> Plan:
    rule = first(RULES, answered(asked))
    words = {
        "key": key,
        "kind": asked.kind.value,
        "field": NONCES[asked.kind],
        "path": path_of(asked) or "its path is not told",
        "why": _why(asked) or "no reason is told",
    }
    return Plan(
        verdict=rule.verdict,
        move=rule.move,
        because=rule.name,
        message=rule.message.format(**words),
        next_step=rule.next_step,
    )


def _why(asked: Asked) -> str:
    failure = failure_of(asked.status)
    told = failure.message if failure else ""
    return told or text(mapping(asked.made.get("status")).get("error"))


def path_of(asked: Asked) -> str:
    """The contract keeps no path of a checkpoint in status; our ledger does."""
    told = text(asked.last.get("location"))
    if told and asked.nonce == whole(asked.last.get("triggerNonce")):
        return told
    noted = (it.path for it in in_ledger(asked.status) if it.kind == asked.kind.value)
    return text(mapping(asked.made.get("status")).get("path")) or next(noted, "")
