# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Texts that people may see: values of secret keys are taken out of diffs and results.

Knows secrets by the names of their keys, Flink's own list among them; masks too much rather than
too little. Refuses to know YAML: texts are read line by line.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

WORDS = (
    r"passw|secret|token|(?:access|account|api|private|service)[.\-_]?key|credential"
    r"|auth-?params|basic-?auth|jaas|http-?headers"
)
SECRET = re.compile(WORDS, re.IGNORECASE)
MASK = "***"
LINE = re.compile(
    r"(?P<head>(?P<indent>\s*)(?P<dash>(?:-\s+)*)(?P<quote>['\"]?)(?P<key>[\w.\-$]+)(?P=quote)"
    r"\s*(?::(?=\s|$)|=)\s*)(?P<value>.*)"
)
PLAIN = re.compile(r"(?P<indent>\s*)(?P<dash>(?:-\s+)*)(?P<value>.*)")
ARGUMENT = re.compile(rf"(?P<head>[\w.\-]*(?:{WORDS})[\w.\-]*=)\S+", re.IGNORECASE)
FLAG = re.compile(rf"-+[\w.\-]*(?:{WORDS})[\w.\-]*", re.IGNORECASE)

Above = list[tuple[int, str, bool]]
"""The keys above a line: how deep, the key, and whether it is the `name` of a `value` beside it."""


def masked(value: Any, key: str = "") -> Any:
    """The value with every secret in it replaced, whole configuration files in texts included."""
    if isinstance(value, Mapping):
        return _mapping(value, key)
    if isinstance(value, list | tuple):
        return _items(value, key)
    if SECRET.search(key) and value not in (None, "") and not isinstance(value, bool):
        return MASK
    return _text(value) if isinstance(value, str) else value


def _mapping(value: Mapping[str, Any], key: str) -> dict[str, Any]:
    named = f"{key}.{value['name']}" if isinstance(value.get("name"), str) else key
    hidden = ("data", "stringData") if value.get("kind") == "Secret" else ()
    above = {"value": named, **dict.fromkeys(hidden, "secret")}
    return {name: masked(item, f"{above.get(name, key)}.{name}") for name, item in value.items()}


def _items(values: Iterable[Any], key: str) -> list[Any]:
    """What follows an argument such as --password is one."""
    found: list[Any] = []
    is_next = False
    for value in values:
        found.append(MASK if is_next else masked(value, key))
        is_next = isinstance(value, str) and FLAG.fullmatch(value) is not None
    return found


def _text(text: str) -> str:
    """An annotation may hold a whole resource as JSON."""
    if text.lstrip().startswith(("{", "[")):
        try:
            return json.dumps(masked(json.loads(text)), separators=(",", ":"))
        except ValueError:
            pass
    return masked_text(text)


def masked_text(text: str) -> str:
    """Lines of the form `key: value` or `key=value`; a nested key is judged with those above it."""
    above: Above = []
    return "\n".join(
        _masked_line(line, above) if line.strip() else line for line in text.split("\n")
    )


def _masked_line(line: str, above: Above) -> str:
    found = LINE.fullmatch(line)
    place = found or PLAIN.fullmatch(line)
    if place is None:
        return MASK
    indent, dash = len(place["indent"]), len(place["dash"])
    while above and above[-1][0] >= indent + (1 if dash else 0):  # a list may begin below its key
        above.pop()
    if found is None:
        is_secret = SECRET.search(_path(above, "")) is not None
        shown = f"{place['indent']}{place['dash']}"
        return f"{shown}{MASK}" if is_secret else _arguments(line)
    is_secret = SECRET.search(_path(above, found["key"])) is not None and found["value"] != ""
    above.append((indent + dash, found["key"], False))
    if found["key"] == "name":
        above[-1] = (indent + dash - 1, found["value"], True)
    return f"{found['head']}{MASK}" if is_secret else _arguments(line)


def _path(above: Above, key: str) -> str:
    return ".".join(
        [*(name for _depth, name, is_name in above if not is_name or key == "value"), key]
    )


def _arguments(line: str) -> str:
    # The search for where such a word begins is dear, and nearly no line has one.
    has_one = "=" in line and SECRET.search(line)
    return ARGUMENT.sub(rf"\g<head>{MASK}", line) if has_one else line
