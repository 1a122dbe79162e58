"""pytest's side of docs/rows.md: the marker `row`, its check, and the report of `make rows`.

An id that the table does not have is an error of the whole run: a typo would else count as proof.
"""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from rows.table import Proofs, Table, parse, ranges


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addini("rows_file", "the table of rows, from the root", default="docs/rows.md")
    parser.addoption(
        "--rows",
        choices=["full", "short"],
        help="run nothing: print each row with its tests (full), or the counts alone (short)",
    )


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "row(*ids): the rows of docs/rows.md that a test proves")


def read(config: pytest.Config) -> Table:
    file = config.rootpath / str(config.getini("rows_file"))
    return parse(file.read_text(encoding="utf-8"))


def marked(items: list[pytest.Item]) -> Iterator[tuple[str, str]]:
    for item in items:
        ids = {str(i) for mark in item.iter_markers("row") for i in mark.args}
        yield from ((row, item.nodeid.split("[", 1)[0]) for row in sorted(ids))


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    empty = [i.nodeid for i in items for mark in i.iter_markers("row") if not mark.args]
    if empty:
        raise pytest.UsageError(f"a row marker without a row: {empty[0]}")
    found = list(marked(items))
    if not found:
        return
    for stranger in read(config).strangers(row for row, _ in found):
        tests = sorted({test for row, test in found if row == stranger})
        raise pytest.UsageError(f"{stranger}: no such row in docs/rows.md, named by {tests[0]}")


def report(proofs: Proofs, *, form: str) -> list[str]:
    lines = [""]
    if form == "full":
        lines += [*proofs.listing(), f"without a test: {ranges(proofs.unproven())}"]
    return [*lines, proofs.count()]


@pytest.hookimpl(tryfirst=True)
def pytest_runtestloop(session: pytest.Session) -> bool | None:
    wanted = session.config.getoption("--rows")
    if not wanted:
        return None
    if session.testsfailed:
        raise session.Interrupted(f"{session.testsfailed} errors during collection")
    proofs = Proofs(table=read(session.config))
    for row, test in marked(session.items):
        proofs.add(row, test)
    print(*report(proofs, form=wanted), sep="\n")
    return True
