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
    RETRY = "retry"
    SKIP_SAVEPOINT = "skip-savepoint"
    RESTORE_FROM = "restore-from"
    RESTORE_EMPTY = "restore-empty"
    RESTORE_LATEST = "restore-latest"
    ADOPT = "adopt"
    ACCEPT = "accept"
    FORCE_DELETION = "force-deletion"
    DROP_STATE = "drop-state"
    FORCE_REMOVAL = "force-removal"


@dataclass(frozen=True, slots=True, kw_only=True)
class Meaning:
    """What a verb says, to people; `playbook`: the one that speaks it."""

    kind: VerbKind
    says: str
    playbook: str

    @property
    def written(self) -> str:
        return f"{self.kind}=PATH" if self.kind in WITH_PATH else str(self.kind)


WITH_PATH = (VerbKind.RESTORE_FROM,)
_DEPLOY = "upgrade.yml -e deploy_verb="
MEANINGS: tuple[Meaning, ...] = (
    Meaning(
        kind=VerbKind.ROLLBACK,
        says=(
            "goes back to the version that ran well before, or stays at it where a change is under "
            "way; a stable version is left with a savepoint"
        ),
        playbook="rollback.yml",
    ),
    Meaning(
        kind=VerbKind.RETRY,
        says="goes forward to a version again that failed before; a job that failed starts again",
        playbook=f"{_DEPLOY}retry",
    ),
    Meaning(
        kind=VerbKind.SKIP_SAVEPOINT,
        says="does not wait for a savepoint, the job goes on from its last checkpoint",
        playbook=f"{_DEPLOY}skip-savepoint",
    ),
    Meaning(
        kind=VerbKind.RESTORE_FROM,
        says="starts from the snapshot with that path",
        playbook="recover.yml -e recover_from=PATH",
    ),
    Meaning(
        kind=VerbKind.RESTORE_EMPTY,
        says="starts without state, and lets go what there was",
        playbook="recover.yml -e recover_from=empty",
    ),
    Meaning(
        kind=VerbKind.RESTORE_LATEST,
        says=(
            "starts from what is known, the HA metadata that a first deployment found or the last "
            "snapshot that was seen"
        ),
        playbook="recover.yml -e recover_from=latest",
    ),
    Meaning(
        kind=VerbKind.ADOPT,
        says="takes it over from another operator that is switched off; its job goes on as it is",
        playbook=f"{_DEPLOY}adopt",
    ),
    Meaning(
        kind=VerbKind.ACCEPT,
        says="counts the version whose tasks all run as good, before a checkpoint of it completes",
        playbook=f"{_DEPLOY}accept",
    ),
    Meaning(
        kind=VerbKind.FORCE_DELETION,
        says=(
            "kills the pods of a deleted cluster that do not end, so that the next start is made; "
            "a pod on a node that is cut off may go on, so make sure that it is off"
        ),
        playbook=f"{_DEPLOY}force-deletion",
    ),
    Meaning(
        kind=VerbKind.DROP_STATE,
        says="lets its state go when it is removed; until then it stays and changes nothing",
        playbook="remove.yml -e remove_state=drop",
    ),
    Meaning(
        kind=VerbKind.FORCE_REMOVAL,
        says=(
            "removes it whether or not its last state can be seen, and kills its pods; until then "
            "it stays and changes nothing"
        ),
        playbook="remove.yml -e remove_state=force",
    ),
)
OF_REMOVAL = (VerbKind.DROP_STATE, VerbKind.FORCE_REMOVAL)
SHORT = {"restore-from=empty": "restore-empty", "restore-from=latest": "restore-latest"}
"""As recover.yml says it; no snapshot has such a path."""
UNKNOWN = "the_verb_is_not_known"


@dataclass(frozen=True, slots=True, kw_only=True)
class Verb:
    kind: VerbKind = VerbKind.NONE
    path: str = ""

    @property
    def written(self) -> str:
        if self.kind is VerbKind.NONE:
            return ""
        return f"{self.kind}={self.path}" if self.path else str(self.kind)


NOTHING = Verb()


def of_a_deployment(verb: Verb, *, at: str) -> Verb:
    """InvalidResource where it means something to a removal alone."""
    if verb.kind in OF_REMOVAL:
        rule = "must be a word for an application that is to run"
        step = "Say it with remove.yml, or by the annotation of a resource that is deleted."
        problem = Problem(path=at, value=verb.written, rule=rule, next_step=step)
        raise InvalidResource((problem,))
    return verb


def verb_of(text: str, *, at: str) -> Verb:
    """`at`: where it was written, for the error. InvalidResource where it is no such verb."""
    word, sep, path = SHORT.get(text.strip(), text.strip()).partition("=")
    if not word:
        return NOTHING
    kind = next((known.kind for known in MEANINGS if known.kind == word), None)
    has_path = bool(sep and path.strip())
    if kind is None or has_path != (kind in WITH_PATH):
        raise InvalidResource((_problem(text, at),))
    return Verb(kind=kind, path=path.strip())


def misread(text: str, *, at: str) -> str:
    """Why it is no verb, in words; empty where it is one, or none is spoken."""
    try:
        verb_of(text, at=at)
    except InvalidResource as unknown:
        return str(unknown)
    return ""


def _problem(text: str, at: str) -> Problem:
    names = ", ".join(known.written for known in MEANINGS)
    return Problem(
        path=at, value=text[:200], rule=f"must be one of {names}", next_step="Correct or remove it."
    )
