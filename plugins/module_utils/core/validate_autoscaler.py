# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Rules over the autoscaler's settings; they count only where it is switched on.

Refuses to know what the autoscaler does with them.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta

from .duration import duration
from .errors import InvalidResource
from .validate_rule import Facts, Found, Rule

PREFIX = "job.autoscaler."
_OLDER_PREFIX = "kubernetes.operator.job.autoscaler."
_CRON_FIELD = re.compile(r"[0-9A-Z*?,/#L-]+", re.IGNORECASE)
_DAILY = re.compile(r"(\d{1,2}):(\d{2}):(\d{2})\s*-\s*(\d{1,2}):(\d{2}):(\d{2})")
_CRON_SIZES = (6, 7)
_DEFAULTS = {
    "utilization.target": "0.7",
    "metrics.window": "15 min",
}
_RECONCILE_INTERVAL = "kubernetes.operator.reconcile.interval"

# key, lowest, highest (None: no limit), the switch without which it has no effect
_RANGES: tuple[tuple[str, float, float | None, str], ...] = (
    ("scale-up.max-factor", 0, None, ""),
    ("scale-down.max-factor", 0, None, ""),
    ("utilization.target", 0, 1, ""),
    ("memory.gc-pressure.threshold", 0, 1, ""),
    ("memory.heap-usage.threshold", 0, 1, ""),
    ("observed-scalability.coefficient-min", 0.01, 1, "observed-scalability.enabled"),
    (
        "scaling.effectiveness.threshold",
        0,
        1,
        "scaling.effectiveness.detection.enabled",
    ),
    ("memory.tuning.overhead", 0, 1, "memory.tuning.enabled"),
)


def is_enabled(facts: Facts) -> bool:
    return facts.spec.job is not None and _get(facts, "enabled").lower() == "true"


def _get(facts: Facts, key: str) -> str:
    return facts.get(f"{PREFIX}{key}", f"{_OLDER_PREFIX}{key}") or _DEFAULTS.get(key, "")


def _found(key: str, value: object, more: str = "") -> Found:
    return Found(path=f"spec.flinkConfiguration.{PREFIX}{key}", value=value, more=more)


def _number(text: str) -> float | None:
    try:
        return float(text)
    except ValueError:
        return None


def _length(text: str) -> timedelta | None:
    try:
        return duration(text, path="")
    except InvalidResource:
        return None


def _out_of_range(facts: Facts) -> Iterator[Found]:
    if not is_enabled(facts):
        return
    for key, low, high, switch in _RANGES:
        text = _get(facts, key)
        if not text or (switch and _get(facts, switch).lower() != "true"):
            continue
        number = _number(text)
        if number is None or not low <= number <= (float("inf") if high is None else high):
            limits = f"at least {low}" if high is None else f"from {low} to {high}"
            yield _found(key, text, limits)


def _utilization(facts: Facts) -> Iterator[Found]:
    target = _number(_get(facts, "utilization.target"))
    if not is_enabled(facts) or target is None:
        return
    limits = {"utilization.max": (target, 1.0), "utilization.min": (0.0, target)}
    for key, (low, high) in limits.items():
        text = _get(facts, key)
        number = _number(text)
        if text and (number is None or not low <= number <= high):
            yield _found(key, text, f"from {low} to {high} with a target of {target}")


def _window(facts: Facts) -> Iterator[Found]:
    interval = _length(facts.get(_RECONCILE_INTERVAL) or "60 s")
    window = _length(_get(facts, "metrics.window"))
    if is_enabled(facts) and (window is None or (interval is not None and window < interval)):
        yield _found("metrics.window", _get(facts, "metrics.window"))


def _is_time(hour: str, minute: str, second: str) -> bool:
    return int(hour) < 24 and int(minute) < 60 and int(second) < 60  # noqa: PLR2004 - a clock


def _is_daily(text: str) -> bool:
    found = _DAILY.fullmatch(text)
    if not found:
        return False
    start, end = found.groups()[:3], found.groups()[3:]
    return _is_time(*start) and _is_time(*end) and [*map(int, start)] < [*map(int, end)]


def _is_cron(text: str) -> bool:
    fields = text.split()
    return len(fields) in _CRON_SIZES and all(_CRON_FIELD.fullmatch(field) for field in fields)


def is_period(text: str) -> bool:
    """Tell whether it is a cron expression, hours of a day, or both joined by &&."""
    parts = [part.strip() for part in text.split("&&")]
    crons = [part for part in parts if _is_cron(part)]
    dailies = [part for part in parts if _is_daily(part)]
    one_of_each = len(crons) <= 1 and len(dailies) <= 1
    return one_of_each and len(crons) + len(dailies) == len(parts)


def _periods(facts: Facts) -> Iterator[Found]:
    if is_enabled(facts):
        for period in _get(facts, "excluded.periods").split(";"):
            if period.strip() and not is_period(period):
                yield _found("excluded.periods", period.strip())


RULES: tuple[Rule, ...] = (
    Rule(
        name="an_autoscaler_setting_is_within_its_range",
        find=_out_of_range,
        rule="must be a number within its range",
        next_step="Correct the number, or remove the key.",
    ),
    Rule(
        name="utilization_bounds_enclose_the_target",
        find=_utilization,
        rule="must enclose the target",
        next_step=f"Correct the number, or {PREFIX}utilization.target.",
    ),
    Rule(
        name="the_metrics_window_is_at_least_one_turn",
        find=_window,
        rule=f"must be a duration, no shorter than {_RECONCILE_INTERVAL}",
        next_step="Write for example 15 min.",
    ),
    Rule(
        name="an_excluded_period_must_be_readable",
        find=_periods,
        rule="must be a Quartz cron expression, hours of a day such as 9:30:00-11:00:00, or both",
        next_step="Separate periods by `;` and join the two forms by `&&`.",
    ),
)
