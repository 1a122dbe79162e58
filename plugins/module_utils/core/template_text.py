# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The text of a stored pod template, with other labels and annotations and nothing else changed.

Knows the block form in which such templates are written (yaml_text.quoted_document). Refuses to
read YAML: a text in any other form is given back as it was.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_FIRST = "---"
_NOTHING = "{}"
_KEY = re.compile(r"(\w+):.*")
_MARKS = ("annotations", "labels")

Blocks = dict[str, list[str]]


def remarked(stored: str, wanted: str) -> str:
    """`stored` with the labels and annotations of `wanted`."""
    old, new = _document(stored), _document(wanted)
    if old is None or new is None:
        return stored
    blocks = _blocks(old.pop("metadata", [])[1:], "  ")
    marks = _blocks(new.get("metadata", [])[1:], "  ")
    if blocks is None or marks is None:
        return stored
    kept = {key: lines for key, lines in blocks.items() if key not in _MARKS}
    kept |= {key: lines for key, lines in marks.items() if key in _MARKS}
    if kept:
        old["metadata"] = ["metadata:", *_sorted(kept)]
    return "\n".join([_FIRST, *(_sorted(old) or [_NOTHING])]) + "\n"


def _document(text: str) -> Blocks | None:
    lines = text.rstrip("\n").split("\n")
    if lines[0] != _FIRST:
        return None
    return {} if lines[1:] == [_NOTHING] else _blocks(lines[1:], "")


def _blocks(lines: Iterable[str], indent: str) -> Blocks | None:
    """The lines below each key at this depth; None where one stands below no key."""
    blocks: Blocks = {}
    key = None
    for line in lines:
        is_deeper = line.startswith((f"{indent} ", f"{indent}- ")) or not line
        found = _KEY.fullmatch(line.removeprefix(indent))
        if not is_deeper:
            key = found[1] if found and line.startswith(indent) else None
        if key is None:
            return None
        blocks.setdefault(key, []).append(line)
    return blocks


def _sorted(blocks: Blocks) -> list[str]:
    return [line for key in sorted(blocks) for line in blocks[key]]
