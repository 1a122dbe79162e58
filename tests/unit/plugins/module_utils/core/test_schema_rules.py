"""What the API server refuses must be refused by us too: it may be laxer, never stricter."""

from __future__ import annotations

import re

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core import (
    schema_rules,
    validate_deployment,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.quantity import resource_memory

SIZE = re.compile(schema_rules.SIZE_PATTERN.replace("\\\\", "\\"))
UNITS = [
    "",
    "b",
    "bytes",
    "k",
    "KB",
    "m",
    "mb",
    "MEBIBYTES",
    "g",
    "Gi",
    "GiB",
    "T",
    "e3",
    "Ei",
    "x",
]


def is_size(text: str) -> bool:
    try:
        resource_memory(text, path="")
    except InvalidResource:
        return False
    return True


@given(
    number=st.integers(0, 10**6).map(str) | st.sampled_from(["1.5", ".5", "2."]),
    gap=st.sampled_from(["", " ", "  "]),
    unit=st.sampled_from(UNITS),
)
@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
def test_every_size_that_is_read_passes_the_schema(number: str, gap: str, unit: str) -> None:
    text = f"{number}{gap}{unit}"
    assume(is_size(text))
    assert SIZE.search(text)


@pytest.mark.parametrize("text", ["", "x", "2x", "g", "-1g", "2 g g", "1.2.3"])
def test_what_is_no_size_is_refused_by_both(text: str) -> None:
    assert not SIZE.search(text)
    assert not is_size(text)


def test_both_know_the_same_names_keys_and_files() -> None:
    text = schema_rules.NAME.rule
    assert f"<= {validate_deployment.LONGEST_NAME} " in text
    own = " ".join(rule.message for rule in schema_rules.OWN_KEYS)
    assert all(key in own for key in validate_deployment.FORBIDDEN_KEYS)
    assert all(f"'{name}'" in schema_rules.LOG_FILES.rule for name in validate_deployment.LOG_FILES)
