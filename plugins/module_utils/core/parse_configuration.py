# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's configuration as a person writes it, and as Flink reads it: flat text by key.

Knows how nested keys are joined and how numbers become text (as JSON on its way through the API
server and Java has them). Refuses to know what any key means.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from .errors import Problem
from .schema_check import shown

_GO_PLAIN_BELOW = 1e21
_JAVA_PLAIN_BELOW = 1e7
_JAVA_PLAIN_FROM = 1e-3


def java_double(number: float) -> str:
    """Write a double as Java writes it: 1.0, 0.5, 1.0E-4, 1.2E10."""
    if number == 0 or _JAVA_PLAIN_FROM <= abs(number) < _JAVA_PLAIN_BELOW:
        plain = format(Decimal(repr(float(number))), "f")
        return plain if "." in plain else f"{plain}.0"
    sign, digits, exponent = Decimal(repr(float(number))).normalize().as_tuple()
    text = "".join(str(digit) for digit in digits)
    power = len(text) - 1 + int(exponent)
    return f"{'-' if sign else ''}{text[0]}.{text[1:] or '0'}E{power}"


def wire_number(number: float) -> str:
    """Write a number of an untyped field as the API server gives it back: 1.0 becomes 1."""
    if isinstance(number, int):
        return str(number)
    if number.is_integer() and abs(number) < _GO_PLAIN_BELOW:
        return format(Decimal(repr(number)).quantize(Decimal(1)) + 0, "f")
    return java_double(number)


def scalar_text(value: str | float | bool) -> str:  # noqa: FBT001 - any JSON scalar is meant
    if isinstance(value, str):
        return value
    if isinstance(value, bool):
        return "true" if value else "false"
    return wire_number(value)


def flatten(given: Mapping[str, Any]) -> dict[str, str]:
    """Flat text by key. Names are taken in order, as the API server sorts them; the last one wins.

    A null leaves its key unset. What `configuration_problems` finds must be settled beforehand.
    """
    return dict(_leaves(given, ""))


def _leaves(given: Mapping[str, Any], prefix: str) -> Iterator[tuple[str, str]]:
    for name in sorted(given):
        value, key = given[name], f"{prefix}{name}"
        if isinstance(value, Mapping):
            yield from _leaves(value, f"{key}.")
        elif isinstance(value, list | tuple):
            yield key, ";".join(scalar_text(item) for item in value)
        elif value is not None:
            yield key, scalar_text(value)


def configuration_problems(given: Any, path: str) -> Iterator[Problem]:
    """Everything in the configuration that can't become text by key."""
    if given is None:
        return
    if not isinstance(given, Mapping):
        yield Problem(
            path=path,
            value=shown(path, given),
            rule="must be a map, flat or nested",
            next_step="Write one `key: value` a line below it.",
        )
        return
    for name, value in given.items():
        yield from _value_problems(value, f"{path}.{name}", name)


def _value_problems(value: Any, path: str, name: object) -> Iterator[Problem]:
    if not isinstance(name, str) or not name:
        yield _refused(path, "", "a key must be text", "Put the key in quotes.")
    elif isinstance(value, Mapping):
        yield from configuration_problems(value, path)
    elif isinstance(value, list | tuple):
        for index, item in enumerate(value):
            if item is None or not _is_scalar(item):
                where = f"{path}[{index}]"
                rule = "an item of a list must be text, a number, true or false"
                yield _refused(where, shown(where, item), rule, "Write the item as one text.")
    elif value is not None and not _is_scalar(value):
        rule = "must be text, a finite number, true or false"
        yield _refused(path, shown(path, value), rule, "Put the value in quotes.")


def _is_scalar(value: object) -> bool:
    if isinstance(value, float):
        return math.isfinite(value)
    return isinstance(value, str | int)


def _refused(path: str, value: str, rule: str, next_step: str) -> Problem:
    return Problem(path=path, value=value, rule=rule, next_step=next_step)


def as_wire(value: Any) -> Any:
    """Order the tree as the API server does: names sorted, whole floats as integers."""
    if isinstance(value, Mapping):
        return {name: as_wire(value[name]) for name in sorted(value)}
    if isinstance(value, list | tuple):
        return [as_wire(item) for item in value]
    if isinstance(value, float) and value.is_integer() and abs(value) < _GO_PLAIN_BELOW:
        return int(wire_number(value))
    return value


def java_json(value: Any) -> str:
    """JSON as Java's mapper writes it: no blanks, real characters, doubles in Java's form."""
    if isinstance(value, Mapping):
        inside = (f"{java_json(name)}:{java_json(item)}" for name, item in value.items())
        return "{" + ",".join(inside) + "}"
    if isinstance(value, list | tuple):
        return "[" + ",".join(java_json(item) for item in value) + "]"
    if isinstance(value, float):
        return java_double(value)
    return json.dumps(value, ensure_ascii=False)
