# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The order of a Java hash map, against orders that Java gave."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core.hash_order import (
    hash_order,
    table_size,
    table_size_of_copy,
)

GOLDEN = Path(__file__).parents[4] / "golden"
RECORDED = sorted(GOLDEN.glob("*/objects.yaml"))


def lines(path: Path) -> list[str]:
    data = (found.get("data") or {} for found in yaml.safe_load_all(path.read_text()))
    texts = [found["flink-conf.yaml"] for found in data if "flink-conf.yaml" in found]
    return [line.split(": ")[0] for text in texts for line in text.splitlines()]


@pytest.mark.parametrize("path", RECORDED, ids=lambda path: path.parent.name)
def test_recorded_configurations_are_in_this_order(path: Path) -> None:
    keys = lines(path)
    assert hash_order(keys, buckets=table_size(len(keys))) == keys


@pytest.mark.parametrize(
    ("entries", "size"), [(0, 16), (12, 16), (13, 32), (24, 32), (25, 64), (49, 128)]
)
def test_a_table_doubles_when_it_is_three_quarters_full(entries: int, size: int) -> None:
    assert table_size(entries) == size


@pytest.mark.parametrize(("entries", "size"), [(0, 16), (1, 2), (2, 4), (3, 8), (6, 16), (12, 32)])
def test_a_mere_copy_is_smaller_still(entries: int, size: int) -> None:
    assert table_size_of_copy(entries, added=0) == size


@pytest.mark.parametrize(
    ("entries", "size"), [(0, 16), (1, 4), (2, 4), (3, 8), (5, 8), (6, 16), (11, 16), (12, 32)]
)
def test_a_copy_starts_as_small_as_it_can(entries: int, size: int) -> None:
    assert table_size_of_copy(entries, added=1) == size
