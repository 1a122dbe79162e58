# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The settings of the health check: how many restarts are too many, how long is too long.

Knows the contract's keys, its defaults, and which values break a rule. Refuses to know the job.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import timedelta

from .duration import duration
from .errors import InvalidResource
from .quantity import truth, whole
from .validate_rule import Facts, Found, Rule

CHECK = "kubernetes.operator.cluster.health-check"
ENABLED = f"{CHECK}.enabled"
THRESHOLD = f"{CHECK}.restarts.threshold"
WINDOW = f"{CHECK}.restarts.window"
PROGRESS = f"{CHECK}.checkpoint-progress.enabled"
PROGRESS_WINDOW = f"{CHECK}.checkpoint-progress.window"
INTERVAL = "execution.checkpointing.interval"
TIMEOUT = "execution.checkpointing.timeout"
TOLERABLE = "execution.checkpointing.tolerable-failed-checkpoints"
MOST_RESTARTS = 64
IN_WINDOW = timedelta(minutes=2)
CHECKPOINT_TAKES = timedelta(minutes=10)
SPARE_FAILURES = 2
LONGEST = timedelta(days=36500)
"""Longer is never: no date is that far away."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    restarts: int
    window: timedelta
    progress: timedelta | None
    """A job that completes no checkpoint for so long is stuck. None: it may."""
    is_periodic: bool
    """The configuration says that checkpoints are taken; a program may say so by itself."""


def is_on(configuration: Mapping[str, str]) -> bool:
    """The contract's default is off."""
    return configuration.get(ENABLED, "").strip().lower() == "true"


def limits(configuration: Mapping[str, str]) -> Limits:
    """What breaks a rule counts as not set: it is refused elsewhere, by its name."""
    return Limits(
        restarts=_count(configuration, THRESHOLD, MOST_RESTARTS),
        window=_span(configuration, WINDOW) or IN_WINDOW,
        progress=_progress(configuration),
        is_periodic=_span(configuration, INTERVAL) is not None,
    )


def _progress(configuration: Mapping[str, str]) -> timedelta | None:
    """The contract: never shorter than what the checkpoints' own settings allow them."""
    given, interval = _span(configuration, PROGRESS_WINDOW), _span(configuration, INTERVAL)
    is_off = configuration.get(PROGRESS, "true").strip().lower() == "false"
    if is_off or (given is None and interval is None):
        return None
    longest = max(interval or timedelta(0), _span(configuration, TIMEOUT) or CHECKPOINT_TAKES)
    failures = min(_count(configuration, TOLERABLE, 0), 10**6) + SPARE_FAILURES
    least = longest * failures if longest < LONGEST / failures else LONGEST
    return min(max(given or least, least), LONGEST)


def _span(configuration: Mapping[str, str], key: str) -> timedelta | None:
    """None where nothing above zero is set."""
    try:
        found = duration(configuration.get(key, "0"), path=key)
    except InvalidResource:
        return None
    return min(found, LONGEST) if found > timedelta(0) else None


def _count(configuration: Mapping[str, str], key: str, default: int) -> int:
    try:
        found = whole(configuration.get(key, str(default)), path=key)
    except InvalidResource:
        return default
    return found if found >= 0 else default


def _broken(
    keys: tuple[str, ...], is_good: Callable[[str, str], bool], *, always: bool = False
) -> Callable[[Facts], Iterator[Found]]:
    """Settings of a check that is off are read by nobody: the contract takes any."""

    def find(facts: Facts) -> Iterator[Found]:
        for key in keys:
            given = facts.effective.get(key)
            if given is not None and (always or is_on(facts.effective)) and not is_good(key, given):
                yield Found(path=f"spec.flinkConfiguration.{key}", value=given)

    return find


def _is_truth(key: str, text: str) -> bool:
    try:
        truth(text, path=key)
    except InvalidResource:
        return False
    return True


def _is_count(key: str, text: str) -> bool:
    try:
        return whole(text, path=key) >= 0
    except InvalidResource:
        return False


def _is_span(key: str, text: str) -> bool:
    return _span({key: text}, key) is not None


RULES: tuple[Rule, ...] = (
    Rule(
        name="a_health_check_is_on_or_off",
        find=_broken((ENABLED,), _is_truth, always=True),
        rule="must be true or false",
        next_step="Write true to have an unhealthy job restarted.",
    ),
    Rule(
        name="checkpoint_progress_is_watched_or_not",
        find=_broken((PROGRESS,), _is_truth),
        rule="must be true or false",
        next_step="Write false to watch restarts alone.",
    ),
    Rule(
        name="a_threshold_of_restarts_is_a_count",
        find=_broken((THRESHOLD,), _is_count),
        rule="must be a whole number, 0 or more",
        next_step=f"Write how many restarts are not too many yet; {MOST_RESTARTS} if removed.",
    ),
    Rule(
        name="a_window_of_the_health_check_has_a_length",
        find=_broken((WINDOW, PROGRESS_WINDOW), _is_span),
        rule="must be a length of time above 0",
        next_step="Write a number and a unit: 2 min, 300 s; or remove the key.",
    ),
)
