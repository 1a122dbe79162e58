# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Does a value have the shape a node describes? Finds every misfit, and every unknown field.

Knows how a misfit is told to a person, and that secrets aren't. Refuses to know any kind.
"""

from __future__ import annotations

import difflib
import json
import math
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any

from .errors import Problem
from .schema import Decimal, Flag, Many, Named, Node, Quantity, Record, Text, Tree, Whole

SECRET_WORDS = re.compile(
    r"passw|secret|token|api-?key|account\.key|credential|auth-params|access.?key|service-?key"
    r"|private.?key|basic-auth|jaas|http\.?-?header",
    re.IGNORECASE,
)
_LONGEST_SHOWN = 80


def shown(path: str, value: object) -> str:
    """Write the value as a person may see it: short, and never a secret."""
    if isinstance(value, Mapping):
        return "a map"
    if isinstance(value, list | tuple):
        return "a list"
    text = value if isinstance(value, str) else json.dumps(value, default=str)
    if SECRET_WORDS.search(path) or SECRET_WORDS.search(text) or "podTemplate" in path:
        return "***"
    text = re.sub(r"//[^/@\s]*@", "//***@", text)
    quoted = f"`{text}`" if isinstance(value, str) else text
    return quoted if len(quoted) <= _LONGEST_SHOWN else quoted[: _LONGEST_SHOWN - 1] + "…"


def nearest(word: str, known: Sequence[str]) -> str:
    """Find the known word that was most likely meant; empty when none is near."""
    lower = {name.lower(): name for name in known}
    found = difflib.get_close_matches(word.lower(), lower, n=1, cutoff=0.7)
    return lower[found[0]] if found else ""


def misfits(node: Node, value: Any, path: str) -> Iterator[Problem]:
    """All places where the value doesn't have the node's shape. A null counts as absent."""
    if value is None or isinstance(node, Tree):
        return
    if not _fits(node, value):
        rule, next_step = _EXPECTED[type(node)]
        yield Problem(path=path, value=shown(path, value), rule=rule, next_step=next_step)
        return
    if isinstance(node, Text | Whole):
        yield from _out_of_range(node, value, path)
    for inner, child, where in _inside(node, value, path):
        if child is None and isinstance(node, Many):
            yield _null_item(where)
        yield from misfits(inner, child, where)


def unknowns(node: Node, value: Any, path: str) -> Iterator[str]:
    """Tell each field that isn't known, with the known one that it resembles."""
    if isinstance(node, Record) and isinstance(value, Mapping) and not node.open:
        for name in value:
            if name not in node.fields:
                yield _unknown_line(f"{path}.{name}", str(name), tuple(node.fields))
    if _fits(node, value):
        for inner, child, where in _inside(node, value, path):
            yield from unknowns(inner, child, where)


def _unknown_line(path: str, name: str, known: tuple[str, ...]) -> str:
    meant = nearest(name, known)
    hint = f"; did you mean `{meant}`?" if meant else ""
    return f"{path}: this field isn't known and has no effect{hint}"


def _inside(node: Node, value: Any, path: str) -> Iterator[tuple[Node, Any, str]]:
    if isinstance(node, Record):
        for name, inner in node.fields.items():
            if name in value:
                yield inner, value[name], f"{path}.{name}"
    elif isinstance(node, Named):
        for name in value:
            yield node.of, value[name], f"{path}.{name}"
    elif isinstance(node, Many):
        for index, item in enumerate(value):
            yield node.of, item, f"{path}[{index}]"


def _null_item(path: str) -> Problem:
    return Problem(
        path=path,
        value="null",
        rule="a list has no empty places",
        next_step="Remove the item or give it a value.",
    )


def _out_of_range(node: Text | Whole, value: Any, path: str) -> Iterator[Problem]:
    if isinstance(node, Whole):
        limit = 2 ** (node.bits - 1)
        if not -limit <= value < limit:
            rule = f"must fit in {node.bits} bits"
            step = f"Use a number below {limit}."
            yield Problem(path=path, value=shown(path, value), rule=rule, next_step=step)
    elif node.choices and value not in node.choices:
        legal = ", ".join(node.choices)
        meant = nearest(value, node.choices)
        step = f"Did you mean `{meant}`?" if meant else "Use one of these."
        rule = f"must be one of {legal}"
        yield Problem(path=path, value=shown(path, value), rule=rule, next_step=step)


def _is_whole(value: object) -> bool:
    whole = isinstance(value, int) or (isinstance(value, float) and value.is_integer())
    return whole and not isinstance(value, bool)


def _is_number(value: object) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _is_quantity(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, int) and not isinstance(value, bool))


def _is_map(value: object) -> bool:
    return isinstance(value, Mapping) and all(isinstance(name, str) for name in value)


_FITS: dict[type[Node], Callable[[Any], bool]] = {
    Text: lambda value: isinstance(value, str),
    Whole: _is_whole,
    Decimal: _is_number,
    Flag: lambda value: isinstance(value, bool),
    Quantity: _is_quantity,
    Many: lambda value: isinstance(value, list | tuple),
    Named: _is_map,
    Record: _is_map,
    Tree: lambda _value: True,
}

_EXPECTED: dict[type[Node], tuple[str, str]] = {
    Text: ("must be text", "Put it in quotes."),
    Whole: ("must be a whole number", "Write it as a number, without quotes or a fraction."),
    Decimal: ("must be a number", "Write it as a number without quotes, for example 0.5."),
    Flag: ("must be true or false", "Write true or false, without quotes."),
    Quantity: ("must be a Kubernetes quantity", "Write for example 500m, 2Gi or 4."),
    Many: ("must be a list", "Write one item a line, each behind a dash."),
    Named: ("must be a map from names to values", "Write one `name: value` a line below it."),
    Record: ("must be a map with fields", "Write its fields below it, indented."),
}


def _fits(node: Node, value: object) -> bool:
    return _FITS[type(node)](value)
