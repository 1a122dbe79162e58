# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Two specs compared, field by field: what changed, and what each change asks of what runs.

A recorded spec may come from another operator of the contract: what means the same is no change.
Refuses to know what a class leads to; the classes are in difference_rules.py.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Union

from .difference_rules import Change, FieldRule, Sides, rule_for
from .dump import dump_spec
from .masking import MASK, masked
from .parse_configuration import scalar_text
from .spec import Mode, Spec

LONGEST = 80
SNAPSHOT_NONCES = ("spec.job.savepointTriggerNonce", "spec.job.checkpointTriggerNonce")
READ_BY_A_START = ("spec.job.allowNonRestoredState",)
"""Restarts nothing, but a start that failed without it may go well with it."""

_SHELL = re.compile(
    r"spec\.(flinkConfiguration|(jobManager|taskManager)(\.resources?(\.(limits|requests))?)?"
    r"|((jobManager|taskManager)\.)?podTemplate(\.spec|\.metadata(\.labels|\.annotations)?)?)"
)
"""Maps that say nothing by being there: absent and empty are the same."""

Steps = tuple[Union[str, int], ...]  # noqa: UP007 - ansible-test checks as for Python 3.8


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldChange:
    """`before` and `after` are for people: short, secrets masked, empty where it was absent."""

    path: str
    before: str
    after: str
    change: Change
    rule: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    fields: tuple[FieldChange, ...]

    @property
    def change(self) -> Change:
        return max((it.change for it in self.fields), key=_rank, default=Change.NONE)

    @property
    def restarts(self) -> bool:
        return self.change.restarts

    @property
    def nonces(self) -> bool:
        """A savepoint or checkpoint may have been asked for."""
        return any(it.path in SNAPSHOT_NONCES for it in self.fields)

    @property
    def text(self) -> str:
        """In words: one `path: before -> after` after the other."""
        return ", ".join(f"{it.path}: {it.before} -> {it.after}" for it in self.fields)


def difference(old: Spec, new: Spec) -> Difference:
    """Every field that changed, and its class."""
    found = list(_judged(old, new))
    if not found:
        return Difference(fields=())
    before, after = masked(_tree(old)), masked(_tree(new))
    return Difference(
        fields=tuple(
            _told(
                sides,
                rule,
                _masked(sides.before, before, steps),
                _masked(sides.after, after, steps),
            )
            for steps, sides, rule in found
        )
    )


def _told(sides: Sides, rule: FieldRule, before: str, after: str) -> FieldChange:
    """Of texts of many lines, those that only one side has."""
    is_long = "\n" in before and "\n" in after
    lines, others = before.split("\n"), after.split("\n")
    less = [line for line in lines if line not in others] if is_long else lines
    more = [line for line in others if line not in lines] if is_long else others
    return FieldChange(
        path=sides.path,
        before=_short(" ".join(less)),
        after=_short(" ".join(more)),
        change=rule.change,
        rule=rule.name,
    )


def class_of(old: Spec, new: Spec) -> Change:
    """The highest class alone."""
    if old == new:
        return Change.NONE
    found = (rule.change for _steps, _sides, rule in _judged(old, new))
    return max(found, key=_rank, default=Change.NONE)


def spec_hash(spec: Spec) -> str:
    """A name for what a start of this spec is made of: other labels or nonces don't change it."""
    content: dict[str, Any] = {}
    for path, value in _leaves("spec", _tree(spec)):
        sides = Sides(path=path, before=None, after=value, old=spec, new=spec)
        if path in READ_BY_A_START or rule_for(sides).change.restarts:
            content[path] = value
    text = json.dumps(content, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def _rank(change: Change) -> int:
    return change.rank


def _judged(old: Spec, new: Spec) -> Iterator[tuple[Steps, Sides, FieldRule]]:
    for path, steps, before, after in _changes("spec", (), _tree(old), _tree(new)):
        sides = Sides(path=path, before=before, after=after, old=old, new=new)
        rule = rule_for(sides)
        if rule.change is not Change.NONE:
            yield steps, sides, rule


def _tree(spec: Spec) -> dict[str, Any]:
    """The spec with the contract's names; its configuration flat, however it was written."""
    mode = None if spec.mode is Mode.NATIVE else spec.mode
    return dump_spec(replace(spec, flink_configuration_as_given=None, mode=mode))


def _changes(
    path: str, steps: Steps, before: Any, after: Any
) -> Iterator[tuple[str, Steps, Any, Any]]:
    """The smallest parts in which the two differ."""
    if _is_same(before, after):
        return
    if _are_maps(path, before, after):
        old, new = before or {}, after or {}
        for key in (*old, *(key for key in new if key not in old)):
            yield from _changes(f"{path}.{key}", (*steps, key), old.get(key), new.get(key))
    elif _are_lists(before, after):
        for at, (one, other) in enumerate(zip(before, after, strict=True)):
            yield from _changes(f"{path}[{at}]", (*steps, at), one, other)
    else:
        yield path, steps, before, after


def _are_maps(path: str, before: Any, after: Any) -> bool:
    if before is None or after is None:
        given = after if before is None else before
        return isinstance(given, Mapping) and _SHELL.fullmatch(path) is not None
    return isinstance(before, Mapping) and isinstance(after, Mapping)


def _are_lists(before: Any, after: Any) -> bool:
    both = isinstance(before, list) and isinstance(after, list)
    return both and len(before) == len(after)


def _is_same(before: Any, after: Any) -> bool:
    """Absent is as good as an empty list; a quantity may have become text on its way."""
    if before == after:
        return True
    if before in (None, []) and after in (None, []):
        return True
    scalars = (str, int, float)
    both = isinstance(before, scalars) and isinstance(after, scalars)
    return both and scalar_text(before) == scalar_text(after)


def _leaves(path: str, value: Any) -> Iterator[tuple[str, Any]]:
    """All that is said, in a form in which what means the same is the same."""
    if isinstance(value, Mapping) and (value or _SHELL.fullmatch(path)):
        for key, inner in value.items():
            yield from _leaves(f"{path}.{key}", inner)
    elif value not in (None, []):
        yield path, _plain(value)


def _plain(value: Any) -> Any:
    if isinstance(value, Mapping):
        said = {key: _plain(inner) for key, inner in value.items()}
        return {key: inner for key, inner in said.items() if inner not in (None, [])}
    if isinstance(value, list):
        return [_plain(inner) for inner in value]
    return value if value is None else scalar_text(value)


def _masked(value: Any, tree: Any, steps: Steps) -> str:
    """The value as the masked tree has it at that place."""
    if value is None:
        return ""
    try:
        for step in steps:
            tree = tree[step]
    except (KeyError, IndexError, TypeError):  # it stands inside of what was masked whole
        return MASK
    return tree if isinstance(tree, str) else json.dumps(tree, ensure_ascii=False)


def _short(text: str) -> str:
    text = " ".join(text.split())
    return text if len(text) <= LONGEST else f"{text[: LONGEST - 1]}…"
