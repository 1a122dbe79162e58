# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a removal says of the state that it leaves, and of who holds a resource back."""

from __future__ import annotations

from .case import Case
from .leaving import Known, State
from .recorded import UPGRADE
from .removing import Word
from .stopping import savepoint_directory


def told_kept(known: Known, case: Case, word: Word) -> str:
    """In words, for messages: what of the job's state is left, and where."""
    if word is Word.DROP:
        return "none, by the word of the user"
    if known.state is State.STATELESS:
        return "none, its upgradeMode is stateless"
    if known.state in (State.NEVER_RAN, State.OVER, State.NOTHING):
        return "there is none"
    named = case.record.path if case.record.is_removing else ""
    where = known.path or named or "none is known"
    if known.state is State.METADATA and not known.path:
        number = case.seen.ha_checkpoints.get(case.record.job_id)
        where = f"checkpoint {number} of job {case.record.job_id}, found by its HA metadata"
    if known.state in (State.SEEN, State.LEDGER) or (named and not known.path):
        where += " (a newer one may have taken its place)"
    return where + _maybe_a_savepoint(known, case)


def _maybe_a_savepoint(known: Known, case: Case) -> str:
    stop, folder = case.record.stop, savepoint_directory(case)
    if stop is None or stop.type != UPGRADE or not folder or known.state is State.ENDED:
        return ""
    name = f"{folder.rstrip('/')}/savepoint-{case.record.job_id[:6]}-*"
    return f"; its savepoint, if that came about, is {name}"


def told_decided(case: Case) -> str:
    """By which rule the step was written ahead that is made now."""
    return case.record.phase.rule


def told_finalizers(case: Case) -> str:
    resource = case.seen.resource
    held = ", ".join(resource.finalizers) if resource else ""
    return f"it is held by {held}" if held else "no finalizer holds it"
