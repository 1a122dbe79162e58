"""docs/rows.md is read whole, and what tests prove is counted by row."""

from __future__ import annotations

from pathlib import Path

import pytest

from rows.table import BadTable, Proofs, parse, ranges

ROOT = Path(__file__).parents[3]
TWO = "| Row | What |\n|---|---|\n| C-001 | One thing |\n| M-001-09 | Another | seen |\n"


def test_the_project_s_page_holds_both_tables_without_a_gap() -> None:
    rows = list(parse((ROOT / "docs/rows.md").read_text()).rows)
    assert ranges(r for r in rows if r.startswith("C-")) == "C-001..136"
    assert ranges(r for r in rows if r.startswith("M-")) == (
        "M-000-01..43 M-001-01..24 M-002-01..23 M-003-01..46 M-004-01..08"
    )


def test_a_row_that_stands_twice_is_refused() -> None:
    with pytest.raises(BadTable, match="C-001 stands there twice"):
        parse(TWO + "| C-001 | Again |\n")


def test_ids_that_the_table_lacks_are_strangers() -> None:
    assert parse(TWO).strangers(["C-001", "C-002", "C-002"]) == ["C-002"]


def test_cases_of_one_test_are_counted_and_rows_without_a_test_are_named() -> None:
    proofs = Proofs(table=parse(TWO))
    for _ in range(3):
        proofs.add("C-001", "test_x.py::test_it")
    assert proofs.unproven() == ["M-001-09"]
    assert proofs.listing()[:2] == ["C-001  One thing", "    test_x.py::test_it (3 cases)"]
    assert proofs.count() == "rows: 2, with a test: 1, without: 1; tests that name a row: 1"


@pytest.mark.parametrize(
    ("ids", "said"),
    [
        ([], ""),
        (["C-001"], "C-001"),
        (["C-001", "C-002", "C-003", "C-007"], "C-001..003 C-007"),
        (["M-000-43", "M-001-01"], "M-000-43 M-001-01"),
    ],
)
def test_neighbours_are_said_as_a_range(ids: list[str], said: str) -> None:
    assert ranges(ids) == said
