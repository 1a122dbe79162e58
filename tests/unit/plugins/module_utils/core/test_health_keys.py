# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The settings of the health check: the contract's keys and defaults, and what they may hold."""

from __future__ import annotations

from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.health_keys import (
    CHECK,
    LONGEST,
    is_on,
    limits,
)

MINUTE = timedelta(minutes=1)
CHECKPOINTS = {"execution.checkpointing.interval": "1 min"}


def check(**keys: str) -> dict[str, str]:
    return {f"{CHECK}.{key.replace('__', '.').replace('_', '-')}": v for key, v in keys.items()}


def test_it_is_off_unless_somebody_switches_it_on() -> None:
    assert not is_on({})
    assert not is_on(check(enabled="false"))
    assert not is_on(check(enabled="perhaps"))
    assert is_on(check(enabled=" TRUE "))


def test_the_contracts_defaults() -> None:
    found = limits(CHECKPOINTS)
    assert (found.restarts, found.window, found.progress) == (64, 2 * MINUTE, 20 * MINUTE)
    assert found.is_periodic


@pytest.mark.parametrize(
    ("settings", "window"),
    [
        ({}, 20),
        ({"execution.checkpointing.interval": "15 min"}, 30),
        ({"execution.checkpointing.timeout": "30 s"}, 2),
        ({"execution.checkpointing.tolerable-failed-checkpoints": "3"}, 50),
        (check(checkpoint_progress__window="1 h"), 60),
        (check(checkpoint_progress__window="1 min"), 20),
    ],
)
def test_no_window_is_shorter_than_what_checkpoints_are_allowed(
    settings: dict[str, str], window: int
) -> None:
    assert limits(CHECKPOINTS | settings).progress == window * MINUTE


def test_a_window_beyond_all_dates_is_cut() -> None:
    tolerable = {"execution.checkpointing.tolerable-failed-checkpoints": str(2**31 - 1)}
    never = {"execution.checkpointing.timeout": "900000 d"}
    assert limits(CHECKPOINTS | tolerable | never).progress == LONGEST


def test_progress_is_watched_where_checkpoints_are_taken_or_a_window_is_set() -> None:
    assert limits({}).progress is None
    assert limits({"execution.checkpointing.interval": "0"}).progress is None
    assert limits(check(checkpoint_progress__window="1 h")).progress == 60 * MINUTE
    assert not limits(check(checkpoint_progress__window="1 h")).is_periodic
    assert limits(CHECKPOINTS | check(checkpoint_progress__enabled="false")).progress is None


def test_restarts_have_a_threshold_and_a_window_of_their_own() -> None:
    found = limits(check(restarts__threshold="0", restarts__window="30 s"))
    assert (found.restarts, found.window) == (0, MINUTE / 2)


@given(st.text() | st.integers().map(str), st.text() | st.integers().map(lambda n: f"{n} d"))
def test_nonsense_counts_as_not_set_and_nothing_is_too_long(number: str, span: str) -> None:
    settings = check(
        restarts__threshold=number, restarts__window=span, checkpoint_progress__window=span
    ) | {
        "execution.checkpointing.interval": span,
        "execution.checkpointing.timeout": span,
        "execution.checkpointing.tolerable-failed-checkpoints": number,
    }
    found = limits(settings)
    assert found.restarts >= 0
    assert timedelta(0) < found.window <= LONGEST
    assert found.progress is None or timedelta(0) < found.progress <= LONGEST
