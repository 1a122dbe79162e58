# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Lists and maps inside one configuration value, as Flink writes and reads them.

A list is `a;b`, a map `k:v,k:v`; an element that holds a delimiter or a quote stands in single
quotes, a quote inside doubled. Knows that syntax and nothing about keys.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from .errors import InvalidResource, Problem

_QUOTES = ("'", '"')


def join_list(elements: Iterable[str]) -> str:
    return ";".join(_escaped(element, ";") for element in elements)


def join_map(pairs: Mapping[str, str]) -> str:
    return ",".join(
        _escaped(f"{_escaped(key, ':')}:{_escaped(value, ':')}", ",")
        for key, value in pairs.items()
    )


def split_list(text: str, *, path: str) -> list[str]:
    return _split(text, ";", path)


def split_map(text: str, *, path: str) -> dict[str, str]:
    pairs: dict[str, str] = {}
    for entry in _split(text, ",", path):
        pair = _split(entry, ":", path)
        if len(pair) != 2:  # noqa: PLR2004
            raise _bad(path, entry, "is not a pair of key and value", "Write key:value,key:value.")
        pairs[pair[0]] = pair[1]
    return pairs


def split_maps(text: str, *, path: str) -> list[dict[str, str]]:
    return [split_map(entry, path=path) for entry in split_list(text, path=path)]


def _escaped(text: str, delimiter: str) -> str:
    if delimiter in text or "'" in text or '"' in text:
        return "'" + text.replace("'", "''") + "'"
    return text


def _split(text: str, delimiter: str, path: str) -> list[str]:
    """Elements between delimiters; one that starts with a quote ends where the quote does."""
    elements: list[str] = []
    rest = text.strip()
    while rest:
        if rest[0] in _QUOTES:
            element, rest = _quoted(rest, path)
            rest = rest.lstrip()
            if rest and rest[0] != delimiter:
                raise _bad(
                    path,
                    text,
                    f"holds text after a quote, where {delimiter} was expected",
                    "Quote the whole element.",
                )
        else:
            cut = rest.find(delimiter)
            element, rest = (rest, "") if cut < 0 else (rest[:cut].rstrip(), rest[cut:])
        elements.append(element)
        rest = rest[1:].lstrip()
    return elements


def _quoted(text: str, path: str) -> tuple[str, str]:
    quote = text[0]
    parts: list[str] = []
    start = 1
    while True:
        end = text.find(quote, start)
        if end < 0:
            raise _bad(path, text, "opens a quote that is not closed", f"Close it with {quote}.")
        parts.append(text[start:end])
        if text[end + 1 : end + 2] != quote:
            return quote.join(parts), text[end + 1 :]
        start = end + 2


def _bad(path: str, text: str, rule: str, next_step: str) -> InvalidResource:
    return InvalidResource((Problem(path=path, value=text, rule=rule, next_step=next_step),))
