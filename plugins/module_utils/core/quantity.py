# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Sizes and amounts written as text: Flink's memory sizes, Kubernetes quantities, truth values.

Knows how a text becomes a number and back. Refuses to know which field or key it stands for: the
caller passes the path that a Problem names.
"""

from __future__ import annotations

import re
from decimal import ROUND_CEILING, Decimal

from .errors import InvalidResource, Problem

MEBIBYTE = 1 << 20
LONGEST = (1 << 63) - 1
"""Flink counts bytes in a signed 64-bit number."""

_MEMORY_UNITS = {
    "": 1,
    **dict.fromkeys(("b", "bytes"), 1),
    **dict.fromkeys(("k", "kb", "kibibytes"), 1 << 10),
    **dict.fromkeys(("m", "mb", "mebibytes"), 1 << 20),
    **dict.fromkeys(("g", "gb", "gibibytes"), 1 << 30),
    **dict.fromkeys(("t", "tb", "tebibytes"), 1 << 40),
}
_WRITTEN = ((1 << 30, "gb"), (1 << 20, "mb"), (1 << 10, "kb"))
_TEBIBYTE = 1 << 40
_MEMORY = re.compile(r"(\d+)\s*([^\d\s].*)?", re.ASCII)

_DECIMAL = {"n": -9, "u": -6, "m": -3, "": 0, "k": 3, "K": 3, "M": 6, "G": 9, "T": 12, "P": 15}
_BINARY = {"Ki": 10, "Mi": 20, "Gi": 30, "Ti": 40, "Pi": 50, "Ei": 60}
_QUANTITY = re.compile(
    r"([+-]?(?:\d+\.?\d*|\.\d+))(?:([eE][+-]?\d+)|([KMGTPE]i|[numkKMGTPE]))?", re.ASCII
)
_SHORTER_DECIMAL = ((18, "E"), (15, "P"), (12, "T"), (9, "G"), (6, "M"), (3, "k"), (0, ""))
_FINER_DECIMAL = ((-3, "m"), (-6, "u"), (-9, "n"))


def memory_size(text: str, *, path: str) -> int:
    """Bytes of a Flink memory size: units are binary, case is ignored, no unit means bytes."""
    size = _flink_size(text)
    if size is None:
        raise _bad(
            path, text, "is not a memory size", "Write a whole number and a unit: 2048m, 2g."
        )
    return size


def memory_text(size: int) -> str:
    """As Flink itself writes a size: in the largest unit that divides it (terabytes as bytes)."""
    if size % _TEBIBYTE == 0:
        return f"{size} bytes"
    for unit, name in _WRITTEN:
        if size % unit == 0:
            return f"{size // unit} {name}"
    return f"{size} bytes"


def resource_memory(text: str, *, path: str) -> str:
    """A memory request as a Flink size: tried as Flink's first, then as a Kubernetes quantity.

    So 2G means 2 GiB here, and 2Gi the same; the contract's rule.
    """
    size = _flink_size(text)
    if size is not None:
        return memory_text(size)
    amount = _amount(_kubernetes_spelling(text))
    if amount is None or amount < 0 or amount != amount.to_integral_value():
        raise _bad(path, text, "is not an amount of memory", "Write 2048m, 2g or 2Gi.")
    return str(int(amount))


def quantity(text: str, *, path: str) -> Decimal:
    """A Kubernetes quantity as an exact number."""
    amount = _amount(str(text).strip())
    if amount is None:
        raise _bad(path, str(text), "is not a Kubernetes quantity", "Write 500m, 1.5 or 2Gi.")
    return amount


def decimal_quantity(amount: Decimal) -> str:
    """In the form the API server keeps: 0.5 is 500m; finer than a billionth is rounded up."""
    nano = (amount * 10**9).to_integral_value(rounding=ROUND_CEILING)
    if nano == 0:
        return "0"
    exact = nano / 10**9
    units = _SHORTER_DECIMAL if exact == exact.to_integral_value() else _FINER_DECIMAL
    for power, suffix in units:
        scaled = exact.scaleb(-power)
        if scaled == scaled.to_integral_value():
            return f"{int(scaled)}{suffix}"
    return f"{int(nano)}n"


def mebibytes_quantity(mebibytes: int) -> str:
    """In the form the API server keeps: 1024 mebibytes are 1Gi."""
    for power, suffix in ((40, "Ei"), (30, "Pi"), (20, "Ti"), (10, "Gi")):
        if mebibytes and mebibytes % (1 << power) == 0:
            return f"{mebibytes >> power}{suffix}"
    return f"{mebibytes}Mi" if mebibytes else "0"


def truth(text: str, *, path: str) -> bool:
    lowered = text.strip().lower()
    if lowered not in ("true", "false"):
        raise _bad(path, text, "is neither true nor false", "Write true or false.")
    return lowered == "true"


def whole(text: str, *, path: str) -> int:
    try:
        return int(text.strip())
    except ValueError:
        raise _bad(path, text, "is not a whole number", "Write digits only.") from None


def number(text: str, *, path: str) -> float:
    try:
        return float(text.strip())
    except ValueError:
        raise _bad(path, text, "is not a number", "Write a number such as 1 or 0.5.") from None


def _flink_size(text: str) -> int | None:
    match = _MEMORY.fullmatch(text.strip())
    unit = _MEMORY_UNITS.get((match[2] or "").strip().lower()) if match else None
    if match is None or unit is None:
        return None
    size = int(match[1]) * unit
    return size if size <= LONGEST else None


def _kubernetes_spelling(text: str) -> str:
    spelling = "".join(text.split()).upper().removesuffix("B")
    return f"{spelling[:-1]}i" if spelling.endswith("I") else spelling


def _amount(text: str) -> Decimal | None:
    match = _QUANTITY.fullmatch(text)
    if match is None:
        return None
    mantissa, exponent, suffix = match.groups()
    if exponent:
        return Decimal(mantissa + exponent)
    if suffix in _BINARY:
        return Decimal(mantissa) * (1 << _BINARY[suffix])
    return Decimal(mantissa).scaleb(18 if suffix == "E" else _DECIMAL[suffix or ""])


def _bad(path: str, text: str, rule: str, next_step: str) -> InvalidResource:
    return InvalidResource((Problem(path=path, value=text, rule=rule, next_step=next_step),))
