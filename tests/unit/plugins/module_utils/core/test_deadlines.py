# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""When a phase counts as failed."""

from __future__ import annotations

from datetime import timedelta

from ansible_collections.flinkops.flink.plugins.module_utils.core.deadlines import (
    READINESS_TIMEOUT,
    start_deadline,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from support import looks


def test_the_deadline_is_the_contracts_readiness_time_out() -> None:
    record = recorded(looks.written_ahead())
    assert start_deadline(record, {}) == looks.NOW + timedelta(minutes=5)
    assert start_deadline(record, {READINESS_TIMEOUT: "90 s"}) == looks.NOW + timedelta(seconds=90)
    assert start_deadline(recorded({}), {}) is None


def test_a_deadline_that_is_no_length_of_time_counts_as_the_usual_one() -> None:
    record = recorded(looks.written_ahead())
    assert start_deadline(record, {READINESS_TIMEOUT: "soon"}) == looks.NOW + timedelta(minutes=5)
