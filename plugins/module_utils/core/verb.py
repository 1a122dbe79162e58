# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a person asks of one resource beside its spec: by an annotation, or by a playbook."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from .errors import InvalidResource, Problem


class VerbKind(StrEnum):
    NONE = "none"
    ROLLBACK = "rollback"
    """Go back to the version that ran well before, or stay at it where a change is under way."""
    RETRY = "retry"
    """Try a version again that failed before."""
    SKIP_SAVEPOINT = "skip-savepoint"
    """Don't wait for the savepoint: go on from the last checkpoint."""
    RESTORE_FROM = "restore-from"
    """Start from the snapshot with this path."""
    RESTORE_EMPTY = "restore-empty"
    """Start without state: what there was is let go."""
    RESTORE_LATEST = "restore-latest"
    """Start from the HA metadata that was found."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    kind: VerbKind = VerbKind.NONE
    path: str = ""


NOTHING = Verb()


def verb_of(text: str, *, at: str) -> Verb:
    """`at`: where it was written, for the error. InvalidResource where it is no such verb."""
    word, sep, path = text.strip().partition("=")
    if not word:
        return NOTHING
    known: dict[str, VerbKind] = {
        kind.value: kind for kind in VerbKind if kind is not VerbKind.NONE
    }
    kind = known.get(word)
    needs_path = kind is VerbKind.RESTORE_FROM
    if kind is None or bool(sep and path) != needs_path:
        raise InvalidResource((_problem(text, at, known),))
    return Verb(kind=kind, path=path.strip())


def _problem(text: str, at: str, known: dict[str, VerbKind]) -> Problem:
    names = ", ".join(f"{name}=PATH" if name == "restore-from" else name for name in known)
    return Problem(
        path=at, value=text[:200], rule=f"must be one of {names}", next_step="Correct or remove it."
    )
