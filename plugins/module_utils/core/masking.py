# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Texts that people may see: values of secret keys are taken out of diffs and results."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from .schema_check import SECRET_WORDS as SECRET

MASK = "***"
LINE = re.compile(r"^(?P<head>\s*['\"]?(?P<key>[\w.\-$]+)['\"]?\s*:\s*)(?P<value>\S.*)$")


def masked(value: Any, key: str = "") -> Any:
    """The value with every secret in it replaced, whole configuration files in texts included."""
    if isinstance(value, Mapping):
        named = f"{key}.{value['name']}" if isinstance(value.get("name"), str) else key
        return {
            name: masked(item, f"{named if name == 'value' else key}.{name}")
            for name, item in value.items()
        }
    if isinstance(value, list | tuple):
        return [masked(item, key) for item in value]
    if SECRET.search(key) and value not in (None, "") and not isinstance(value, bool):
        return MASK
    return masked_text(value) if isinstance(value, str) and "\n" in value else value


def masked_text(text: str) -> str:
    """Lines of the form `key: value`; a nested key is judged with those above it."""
    above: list[tuple[int, str]] = []
    return "\n".join(_masked_line(line, above) for line in text.split("\n"))


def _masked_line(line: str, above: list[tuple[int, str]]) -> str:
    depth = len(line) - len(line.lstrip())
    name = line.strip().split(":", 1)[0].strip("'\"")
    while above and above[-1][0] >= depth:
        above.pop()
    whole = ".".join([*(key for _, key in above), name])
    found = LINE.match(line)
    if found is None:
        if line.rstrip().endswith(":"):
            above.append((depth, name))
        return line
    return f"{found['head']}{MASK}" if SECRET.search(whole) else line
