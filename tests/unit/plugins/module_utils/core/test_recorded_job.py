# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The job in a recorded spec's text: one field is set, all the rest stays to the letter."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded_job import (
    initial_paths,
    recorded_job,
    with_job_field,
)

STATES = Path(__file__).parents[4] / "golden" / "states"
TEXTS = sorted(
    {
        text
        for file in STATES.glob("*/objects.yaml")
        for text in re.findall(r"lastReconciledSpec: '(\{.*\})'", file.read_text())
        if '"job":{' in text
    }
)


def status(text: object) -> dict[str, object]:
    return {"reconciliationStatus": {"lastReconciledSpec": text}}


@pytest.mark.parametrize("text", TEXTS, ids=range(len(TEXTS)))
def test_another_operators_text_keeps_its_form(text: str) -> None:
    told = with_job_field(status(text), "checkpointTriggerNonce", 3)
    reconciliation = told["reconciliationStatus"]
    assert reconciliation["lastReconciledSpec"] == re.sub(
        r'"checkpointTriggerNonce":(null|\d+)', '"checkpointTriggerNonce":3', text
    )


def test_there_are_some_texts() -> None:
    assert len(TEXTS) > 3


@pytest.mark.parametrize("text", [None, "", "x", "[]", '{"spec":{}}', '{"job":null}', 7, "[" * 9])
def test_without_a_job_nothing_is_set(text: object) -> None:
    assert with_job_field(status(text), "x", 1) == status(text)
    assert recorded_job(status(text)) == {}
    assert initial_paths(status(text)) == set()
