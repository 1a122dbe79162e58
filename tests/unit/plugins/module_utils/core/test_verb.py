"""A person's word beside the spec: read, or told to be none."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import (
    MEANINGS,
    NOTHING,
    Verb,
    VerbKind,
    misread,
    verb_of,
)

AT = "metadata.annotations.flinkops.flink/verb"
PATH = "file:///sp/savepoint-1"
READ = {
    "": NOTHING,
    "  ": NOTHING,
    "rollback": Verb(kind=VerbKind.ROLLBACK),
    " retry ": Verb(kind=VerbKind.RETRY),
    "skip-savepoint": Verb(kind=VerbKind.SKIP_SAVEPOINT),
    f"restore-from={PATH}": Verb(kind=VerbKind.RESTORE_FROM, path=PATH),
    f"restore-from={PATH}?a=b": Verb(kind=VerbKind.RESTORE_FROM, path=f"{PATH}?a=b"),
    "restore-empty": Verb(kind=VerbKind.RESTORE_EMPTY),
    "restore-latest": Verb(kind=VerbKind.RESTORE_LATEST),
    "restore-from=empty": Verb(kind=VerbKind.RESTORE_EMPTY),
    "restore-from=latest": Verb(kind=VerbKind.RESTORE_LATEST),
}
NONE = (
    "rollbck",
    "Rollback",
    "none",
    "restore-from",
    "restore-from=",
    "restore-from= ",
    "rollback=now",
    "retry retry",
)


@pytest.mark.parametrize("text", READ)
def test_a_verb(text: str) -> None:
    assert verb_of(text, at=AT) == READ[text]
    assert misread(text, at=AT) == ""


@pytest.mark.parametrize("text", NONE)
def test_a_word_that_is_none_is_told_with_all_that_are(text: str) -> None:
    with pytest.raises(InvalidResource):
        verb_of(text, at=AT)
    told = misread(text, at=AT)
    assert AT in told
    for meaning in MEANINGS:
        assert meaning.written in told


def test_every_verb_has_its_meaning() -> None:
    assert [meaning.kind for meaning in MEANINGS] == list(VerbKind)[1:]


def test_an_endless_word_is_cut() -> None:
    assert len(misread("x" * 100_000, at=AT)) < 1000
