# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""YAML text for plain data: block style, mappings in their given order, no library.

Knows how to write text so that a YAML 1.1 or 1.2 reader gives the same values back. Refuses to
read YAML, and to write anything but mappings, lists, text, numbers, truth values and null.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_PLAIN = re.compile(r"[A-Za-z/_$<][A-Za-z0-9_./$<>@%+=()|*-]*(?:[ :][A-Za-z0-9_./$<>@%+=()|*-]+)*")
_SPECIAL = frozenset(
    {"y", "n", "yes", "no", "on", "off", "true", "false", "null", "nan", "inf", "<<"}
)
_UNPRINTABLE = re.compile(
    r"[^\t\n\x20-\x7e\xa0-\u2027\u202a-\ud7ff\ue000-\ufefe\uff00-\ufffd\U00010000-\U0010ffff]"
)
_ESCAPES = {"\\": "\\\\", '"': '\\"', "\n": "\\n", "\t": "\\t", "\r": "\\r"}
_ESCAPED = re.compile(_UNPRINTABLE.pattern + r'|[\\"\n\t]')


def to_yaml(objects: Iterable[Any]) -> str:
    """Each object as one document of its own, `---` before each."""
    return "".join(f"---\n{document(found)}" for found in objects)


def document(value: Any) -> str:
    if isinstance(value, str):
        return f"{_inline(value)}\n"  # a block needs something to be indented under
    return "\n".join(_lines(value, quoted=False)) + "\n"


def quoted_document(value: Any) -> str:
    """Keys sorted, all text in double quotes, `---` first: how pod template files are written."""
    return "---\n" + "\n".join(_lines(value, quoted=True)) + "\n"


def _lines(value: Any, *, quoted: bool) -> Iterator[str]:
    """The block's lines at depth 0; whoever nests it indents them."""
    if isinstance(value, Mapping) and value:
        for key in sorted(value) if quoted else value:
            yield from _entry(f"{_key(key, quoted=quoted)}:", value[key], quoted=quoted)
    elif isinstance(value, list | tuple) and value:
        for element in value:
            yield from _element(element, quoted=quoted)
    else:
        yield from _scalar(value, quoted=quoted)


def _entry(head: str, value: Any, *, quoted: bool) -> Iterator[str]:
    lines = _lines(value, quoted=quoted)
    if isinstance(value, Mapping) and value:
        yield head
        yield from _indented(lines)
    elif isinstance(value, list | tuple) and value:
        yield head
        yield from lines
    else:
        yield f"{head} {next(lines, '')}"
        yield from _indented(lines)


def _element(value: Any, *, quoted: bool) -> Iterator[str]:
    lines = _lines(value, quoted=quoted)
    yield f"- {next(lines, '')}"
    yield from _indented(lines)


def _indented(lines: Iterator[str]) -> Iterator[str]:
    return (f"  {line}" if line else "" for line in lines)


def _key(key: Any, *, quoted: bool) -> str:
    text = str(key)
    return text if quoted and _is_plain(text) else _inline(text)


def _scalar(value: Any, *, quoted: bool) -> Iterator[str]:
    if isinstance(value, str):
        if quoted:
            yield _double_quoted(value)
        elif "\n" in value and _fits_a_block(value):
            yield from _block(value)
        else:
            yield _inline(value)
    elif isinstance(value, Mapping):
        yield "{}"
    elif isinstance(value, list | tuple):
        yield "[]"
    else:
        yield _plain_value(value)


def _plain_value(value: Any) -> str:
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int):
        return str(value)
    if isinstance(value, float):
        return _float(value)
    raise TypeError(f"no YAML for {type(value).__name__}")


def _float(value: float) -> str:
    named = {float("inf"): ".inf", float("-inf"): "-.inf"}
    if math.isnan(value):
        return ".nan"
    text = repr(value)
    mantissa, mark, exponent = text.partition("e")
    if mark and "." not in mantissa:
        text = f"{mantissa}.0e{exponent}"
    return named.get(value, text)


def _inline(text: str) -> str:
    if _is_plain(text):
        return text
    if "\n" in text or _UNPRINTABLE.search(text):
        return _double_quoted(text)
    return "'" + text.replace("'", "''") + "'"


def _is_plain(text: str) -> bool:
    return _PLAIN.fullmatch(text) is not None and text.lower() not in _SPECIAL


def _double_quoted(text: str) -> str:
    return f'"{_ESCAPED.sub(_escape, text)}"'


def _escape(match: re.Match[str]) -> str:
    character = match[0]
    if character in _ESCAPES:
        return _ESCAPES[character]
    code = ord(character)
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"  # noqa: PLR2004


def _fits_a_block(text: str) -> bool:
    """A literal block begins with a visible character and holds only printable ones."""
    return text[0] not in " \t\n" and not _UNPRINTABLE.search(text)


def _block(text: str) -> Iterator[str]:
    body = text.rstrip("\n")
    kept = len(text) - len(body)
    yield "|" + ("-" if kept == 0 else "" if kept == 1 else "+")
    yield from body.split("\n")
    yield from [""] * (kept - 1)
