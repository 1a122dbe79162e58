# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The rules of snapshots: when they are taken by themselves, in which form, and how long kept.

Refuses to know whether one is due (periodic.py), and where savepoints go (validate_deployment.py).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import timedelta

from . import periodic
from .duration import duration
from .errors import InvalidResource
from .snapshot_retention import MAX_AGE, MAX_COUNT, PREFIX
from .snapshots import FIRST_WITH_CHECKPOINTS, TIMEOUT
from .spec import FlinkDeployment
from .validate_rule import BrokenRule, Facts, Found, Rule
from .validate_rule import broken as broken_of

PERIODS = (f"{PREFIX}periodic.savepoint.interval", f"{PREFIX}periodic.checkpoint.interval")
TIMES = (
    MAX_AGE,
    f"{MAX_AGE}.threshold",
    f"{PREFIX}savepoint.trigger.grace-period",
    f"{PREFIX}checkpoint.trigger.grace-period",
    TIMEOUT,
)
COUNTS = (MAX_COUNT, f"{MAX_COUNT}.threshold")
SAVEPOINT_FORM = f"{PREFIX}savepoint.format.type"
CHECKPOINT_FORM = f"{PREFIX}checkpoint.type"
_LONGEST_COUNT = 9


def broken(deployment: FlinkDeployment, effective: Mapping[str, str]) -> Iterator[BrokenRule]:
    return broken_of(RULES, Facts(deployment=deployment, effective=effective))


def _why_no_period(text: str) -> str:
    try:
        periodic.period(text, path="")
    except InvalidResource as wrong:
        return wrong.problems[0].rule
    return ""


def _why_no_time(text: str) -> str:
    try:
        return "it is negative" if duration(text, path="") < timedelta(0) else ""
    except InvalidResource as wrong:
        return wrong.problems[0].rule


def _why_no_count(text: str) -> str:
    is_count = text.isascii() and text.isdigit() and len(text) <= _LONGEST_COUNT
    return "" if is_count else "is not a whole number of at least 0"


def _none_of(*known: str) -> Callable[[str], str]:
    return lambda text: "" if text.upper() in known else "is another word"


def _wrong(why: Callable[[str], str], *keys: str) -> Callable[[Facts], Iterator[Found]]:
    """Every one of these keys that is set to what can't be read, and why it can't."""

    def find(facts: Facts) -> Iterator[Found]:
        for key in keys:
            text = facts.get(key)
            if text and (reason := why(text)):
                yield Found(path=f"spec.flinkConfiguration.{key}", value=text, more=reason)

    return find


def _checkpoints_too_early(facts: Facts) -> Iterator[Found]:
    version, key = facts.spec.flink_version, PERIODS[1]
    if version and not version.at_least(FIRST_WITH_CHECKPOINTS) and facts.get(key):
        yield Found(path=f"spec.flinkConfiguration.{key}", value=facts.get(key))


RULES: tuple[Rule, ...] = (
    Rule(
        name="a_period_must_be_readable",
        find=_wrong(_why_no_period, *PERIODS),
        rule="must be a length of time, or a cron line in Quartz's form",
        next_step=(
            "Write for example `6 h`, or `0 0 3 * * ?` (seconds first) for each day at 3:00 UTC."
        ),
    ),
    Rule(
        name="a_snapshots_time_must_be_readable",
        find=_wrong(_why_no_time, *TIMES),
        rule="must be a length of time",
        next_step="Write a number and a unit: 10 s, 5 min, 24 h.",
    ),
    Rule(
        name="a_number_of_savepoints_must_be_readable",
        find=_wrong(_why_no_count, *COUNTS),
        rule="must be a number of savepoints",
        next_step="Write digits only, for example 10.",
    ),
    Rule(
        name="a_savepoint_has_one_of_two_forms",
        find=_wrong(_none_of("CANONICAL", "NATIVE"), SAVEPOINT_FORM),
        rule="must be CANONICAL or NATIVE",
        next_step="Write one of the two, or remove the key for CANONICAL.",
    ),
    Rule(
        name="a_checkpoint_on_demand_has_one_of_two_forms",
        find=_wrong(_none_of("FULL", "INCREMENTAL"), CHECKPOINT_FORM),
        rule="must be FULL or INCREMENTAL",
        next_step="Write one of the two, or remove the key for FULL.",
    ),
    Rule(
        name="checkpoints_on_demand_need_flink_1_17",
        find=_checkpoints_too_early,
        rule="Flink takes checkpoints on demand from 1.17 on",
        next_step="Remove the key, or use periodic.savepoint.interval, or a later Flink.",
    ),
)
