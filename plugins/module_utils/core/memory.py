# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Flink's memory model, what both roles share: a process is Flink's memory, metaspace, overhead.

Three ways to say how big it is, tried in this order: all fine-grained sizes, the total Flink
memory, the total process memory. Knows the arithmetic, to the byte, as Flink's own start scripts
do it. Refuses to know containers.
"""

from __future__ import annotations

import struct
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import ROUND_DOWN, Decimal

from . import options, quantity
from .errors import InvalidResource, Problem

Conf = Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Range:
    """A share of something, kept between two sizes."""

    smallest: int
    largest: int
    fraction: float

    def of(self, whole: int) -> int:
        return self.capped(times(whole, self.fraction))

    def beside(self, rest: int) -> int:
        """The share of a whole of which the rest is known."""
        return self.capped(times(rest, self.fraction / (1 - self.fraction)))

    def capped(self, size: int) -> int:
        if size > self.largest:
            return self.largest
        return max(size, self.smallest)

    def holds(self, size: int) -> bool:
        return self.smallest <= size <= self.largest


@dataclass(frozen=True, slots=True, kw_only=True)
class Keys:
    """One role's keys and defaults."""

    role: str
    default_metaspace: str
    flink: options.Option
    process: options.Option

    @property
    def metaspace(self) -> options.Option:
        return options.Option(
            key=f"{self.role}.memory.jvm-metaspace.size", default=self.default_metaspace
        )

    @property
    def overhead(self) -> str:
        return f"{self.role}.memory.jvm-overhead"


@dataclass(frozen=True, slots=True, kw_only=True)
class Outside:
    """What a process needs beside Flink's own memory."""

    metaspace: int
    overhead: int

    @property
    def total(self) -> int:
        return self.metaspace + self.overhead


def times(size: int, fraction: float) -> int:
    """Exact multiplication by the decimal that the double shows, cut to bytes."""
    product = Decimal(size) * Decimal(repr(fraction))
    return int(product.to_integral_value(rounding=ROUND_DOWN))


def size(conf: Conf, option: options.Option) -> int:
    return quantity.memory_size(options.text(conf, option), path=options.where(conf, option))


def spread(conf: Conf, prefix: str, *, smallest: str, largest: str, fraction: str) -> Range:
    """`<prefix>.fraction`, `.min` and `.max`; Flink reads the fraction as a 32-bit number."""
    share = options.Option(key=f"{prefix}.fraction", default=fraction)
    found = Range(
        smallest=size(conf, options.Option(key=f"{prefix}.min", default=smallest)),
        largest=size(conf, options.Option(key=f"{prefix}.max", default=largest)),
        fraction=single(options.number(conf, share)),
    )
    if not 0 <= found.fraction < 1:
        raise refused(conf, share, "must be at least 0 and below 1", "Write a share such as 0.1.")
    if found.smallest > found.largest:
        low = options.Option(key=f"{prefix}.min", default=smallest)
        raise refused(conf, low, f"exceeds {prefix}.max", "Lower it, or raise the other.")
    return found


def single(number: float) -> float:
    try:
        return float(struct.unpack("f", struct.pack("f", number))[0])
    except OverflowError:
        return number


def refused(conf: Conf, option: options.Option, rule: str, next_step: str) -> InvalidResource:
    return InvalidResource(
        (
            Problem(
                path=options.where(conf, option),
                value=options.text(conf, option),
                rule=rule,
                next_step=next_step,
            ),
        )
    )


def shown(amount: int) -> str:
    """For people: mebibytes where they say enough."""
    mebibytes = amount / quantity.MEBIBYTE
    return f"{mebibytes:.0f}m" if mebibytes.is_integer() else f"{mebibytes:.1f}m"


def outside_of_flink(conf: Conf, keys: Keys, flink: int) -> Outside:
    """Metaspace and overhead where Flink's memory is known."""
    metaspace = size(conf, keys.metaspace)
    share = _overhead(conf, keys)
    if not options.is_set(conf, keys.process):
        return Outside(metaspace=metaspace, overhead=share.beside(flink + metaspace))
    overhead = size(conf, keys.process) - flink - metaspace
    if overhead < 0:
        raise refused(
            conf,
            keys.process,
            f"is less than Flink's memory ({shown(flink)}) and metaspace ({shown(metaspace)})"
            f" together",
            f"Raise it to {shown(flink + metaspace + share.smallest)} at least, or leave it out.",
        )
    if not share.holds(overhead):
        raise refused(
            conf,
            keys.process,
            f"leaves {shown(overhead)} for overhead, which must lie between"
            f" {shown(share.smallest)} and {shown(share.largest)}",
            f"Change it, or {keys.overhead}.min and .max.",
        )
    return Outside(metaspace=metaspace, overhead=overhead)


def outside_of_process(conf: Conf, keys: Keys) -> Outside:
    """Metaspace and overhead where the whole process is known."""
    process = size(conf, keys.process)
    outside = Outside(
        metaspace=size(conf, keys.metaspace), overhead=_overhead(conf, keys).of(process)
    )
    if outside.total > process:
        raise refused(
            conf,
            keys.process,
            f"can't hold metaspace ({shown(outside.metaspace)}) and overhead"
            f" ({shown(outside.overhead)})",
            "Ask for more memory, or lower those two.",
        )
    return outside


def _overhead(conf: Conf, keys: Keys) -> Range:
    return spread(conf, keys.overhead, smallest="192m", largest="1g", fraction="0.1")


def unsized(keys: Keys, fine_grained: tuple[str, ...]) -> InvalidResource:
    return InvalidResource(
        (
            Problem(
                path=options.path(keys.process.key),
                value="",
                rule=f"no size is given for the {keys.role}: neither {' and '.join(fine_grained)},"
                f" nor {keys.flink.key}, nor {keys.process.key}",
                next_step=f"Set spec.{_FIELDS[keys.role]}.resource.memory.",
            ),
        )
    )


_FIELDS = {"jobmanager": "jobManager", "taskmanager": "taskManager"}


def with_old_heap(conf: Conf, role: str, wanted: options.Option) -> Conf:
    """The keys of Flink 1.9 still stand for a size that isn't given in newer words."""
    if options.is_set(conf, wanted):
        return conf
    for key, unit in ((f"{role}.heap.size", ""), (f"{role}.heap.mb", "m")):
        if key in conf:
            return {**conf, wanted.key: f"{conf[key]}{unit}"}
    return conf
