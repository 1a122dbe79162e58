# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Requests and limits of a main container: Flink's memory and CPU over the template's own."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from .. import memory, options, quantity
from ..options import Option


def requirements(
    conf: options.Conf, given: Mapping[str, Any] | None, *, role: str, mebibytes: int
) -> dict[str, Any]:
    """Memory and CPU are computed; everything else in the template stays."""
    given = given or {}
    cores = _cores(conf, role)
    limited = cores * _factor(conf, f"kubernetes.{role}.cpu.limit-factor")
    most = int(mebibytes * _factor(conf, f"kubernetes.{role}.memory.limit-factor"))
    return {
        **given,
        "requests": {
            **(given.get("requests") or {}),
            "memory": quantity.mebibytes_quantity(mebibytes),
            "cpu": _cpu(cores),
        },
        "limits": {
            **(given.get("limits") or {}),
            "memory": quantity.mebibytes_quantity(most),
            "cpu": _cpu(limited),
        },
    }


def _cpu(cores: float) -> str:
    return quantity.decimal_quantity(Decimal(repr(cores)))


def _cores(conf: options.Conf, role: str) -> float:
    if role == "jobmanager":
        return options.number(conf, options.JOB_MANAGER_CPU)
    given = options.number(conf, options.TASK_MANAGER_CPU)
    if given > 0:
        return given
    if options.is_set(conf, options.TASK_MANAGER_CORES):
        return options.number(conf, options.TASK_MANAGER_CORES)
    return float(options.whole(conf, options.SLOTS))


def _factor(conf: options.Conf, key: str) -> float:
    option = Option(key=key, default="1.0")
    factor = options.number(conf, option)
    if factor < 1:
        raise memory.refused(
            conf, option, "must be at least 1: a limit is never below the request", "Raise it."
        )
    return factor
