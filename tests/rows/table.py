"""The table of docs/rows.md: what the product must do, a row each. Knows nothing of pytest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

ROW = re.compile(r"^\| (?P<id>[A-Z]-[0-9-]+) \| (?P<what>[^|]+?) \|")


class BadTable(ValueError):
    """docs/rows.md names a row twice."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    id: str
    what: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Table:
    rows: Mapping[str, Row]

    def strangers(self, ids: Iterable[str]) -> list[str]:
        return sorted(set(ids) - set(self.rows))


@dataclass(frozen=True, slots=True, kw_only=True)
class Proofs:
    """Which tests prove which row; the cases of one test are counted, not listed."""

    table: Table
    cases: dict[str, dict[str, int]] = field(default_factory=dict)

    def add(self, row: str, test: str) -> None:
        tests = self.cases.setdefault(row, {})
        tests[test] = tests.get(test, 0) + 1

    def unproven(self) -> list[str]:
        return [row for row in self.table.rows if row not in self.cases]

    def count(self) -> str:
        all_rows, without = len(self.table.rows), len(self.unproven())
        tests = len({test for found in self.cases.values() for test in found})
        rows = f"rows: {all_rows}, with a test: {all_rows - without}, without: {without}"
        return f"{rows}; tests that name a row: {tests}"

    def listing(self) -> list[str]:
        lines = []
        for row in self.table.rows.values():
            lines.append(f"{row.id}  {row.what}")
            found = self.cases.get(row.id, {})
            lines += [f"    {t}" + (f" ({n} cases)" if n > 1 else "") for t, n in found.items()]
            if not found:
                lines.append("    -")
        return lines


def ranges(ids: Iterable[str]) -> str:
    """C-001 C-002 C-003 C-007 is said as C-001..003 C-007."""
    runs: list[list[str]] = []
    for row in ids:
        stem, _, number = row.rpartition("-")
        last_stem, _, last = runs[-1][-1].rpartition("-") if runs else ("", "", "0")
        if runs and stem == last_stem and int(number) == int(last) + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return " ".join(r[0] if len(r) == 1 else f"{r[0]}..{r[-1].rpartition('-')[2]}" for r in runs)


def parse(text: str) -> Table:
    rows: dict[str, Row] = {}
    for found in filter(None, map(ROW.match, text.splitlines())):
        if found["id"] in rows:
            raise BadTable(f"docs/rows.md: {found['id']} stands there twice; a row has one place")
        rows[found["id"]] = Row(id=found["id"], what=found["what"])
    return Table(rows=rows)
