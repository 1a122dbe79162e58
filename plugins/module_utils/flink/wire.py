# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""JSON from the wire, read field by field; what has not the form it must have is named by its path.

Fields that are not asked for are ignored: newer Flinks add some.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

_EPOCH = datetime.fromtimestamp(0, UTC)
_MISSING = object()


class WrongShape(ValueError):
    """Not the answer that was expected; the client makes `Rubbish` of it."""


@dataclass(frozen=True, slots=True)
class Wire:
    value: Any
    where: str = "the answer"

    def __getitem__(self, key: str) -> Wire:
        value = self._dict().get(key, _MISSING)
        if value is _MISSING:
            raise WrongShape(f"{self.where} has no {key!r}")
        return Wire(value, f"{self.where}.{key}")

    def get(self, key: str) -> Wire | None:
        """None where the field is missing or null."""
        value = self._dict().get(key)
        return None if value is None else Wire(value, f"{self.where}.{key}")

    def text(self, key: str) -> str:
        return self[key].as_text()

    def text_or(self, key: str, default: str = "") -> str:
        found = self.get(key)
        return default if found is None else found.as_text()

    def whole(self, key: str) -> int:
        return self[key].as_whole()

    def whole_or(self, key: str, default: int = 0) -> int:
        found = self.get(key)
        return default if found is None else found.as_whole()

    def number_or(self, key: str, default: float = 0.0) -> float:
        found = self.get(key)
        if found is None:
            return default
        if isinstance(found.value, bool) or not isinstance(found.value, (int, float)):
            raise WrongShape(f"{found.where} is not a number")
        return float(found.value)

    def flag_or(self, key: str, *, default: bool = False) -> bool:
        found = self.get(key)
        if found is None:
            return default
        if not isinstance(found.value, bool):
            raise WrongShape(f"{found.where} is not true or false")
        return found.value

    def time(self, key: str) -> datetime | None:
        """Milliseconds since 1970; Flink writes -1 (and in some places 0) for 'not yet'."""
        number = self.whole_or(key, -1)
        if number <= 0:
            return None
        try:
            return _EPOCH + timedelta(milliseconds=number)
        except OverflowError as error:
            raise WrongShape(f"{self.where}.{key} is no time") from error

    def items(self) -> Iterator[Wire]:
        if not isinstance(self.value, list):
            raise WrongShape(f"{self.where} is not a list")
        return (Wire(item, f"{self.where}[{at}]") for at, item in enumerate(self.value))

    def items_of(self, key: str) -> Iterator[Wire]:
        """Nothing where the field is missing or null."""
        found = self.get(key)
        return iter(()) if found is None else found.items()

    def pairs(self) -> Iterator[tuple[str, Wire]]:
        return ((key, Wire(value, f"{self.where}.{key}")) for key, value in self._dict().items())

    def as_text(self) -> str:
        if not isinstance(self.value, str):
            raise WrongShape(f"{self.where} is not a string")
        return self.value

    def as_whole(self) -> int:
        if isinstance(self.value, bool) or not isinstance(self.value, int):
            raise WrongShape(f"{self.where} is not a whole number")
        return self.value

    def _dict(self) -> dict[str, Any]:
        if not isinstance(self.value, dict):
            raise WrongShape(f"{self.where} is not an object")
        return self.value


def read(body: bytes) -> Wire:
    try:
        return Wire(json.loads(body))
    except (ValueError, RecursionError) as error:
        raise WrongShape(f"not JSON ({beginning(body)})") from error


def beginning(body: bytes, length: int = 80) -> str:
    """Enough to recognise a login page; not enough to carry one along."""
    text = " ".join(body[: length * 4].decode("utf-8", "replace").split())
    return f"it begins {text[:length]!r}" if text else "it is empty"
