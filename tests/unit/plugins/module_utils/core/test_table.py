# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Rows as lines that stand in columns."""

from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.table import table


def test_each_column_is_as_wide_as_its_widest_cell() -> None:
    assert table(("NAME", "STATE"), [("a", "STABLE"), ("orders-eu", "-")]) == [
        "NAME        STATE",
        "a           STABLE",
        "orders-eu   -",
    ]


def test_no_line_ends_in_blanks() -> None:
    assert table(("A", "B"), [("1", "")])[1] == "1"


def test_without_rows_a_word_is_said() -> None:
    assert table(("A",), []) == ["no FlinkDeployment was found"]


def test_a_row_that_lacks_a_cell_is_a_mistake() -> None:
    with pytest.raises(ValueError, match="shorter"):
        table(("A", "B"), [("1",), ("1", "2")])
