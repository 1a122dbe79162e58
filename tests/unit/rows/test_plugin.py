"""The marker `row`: a stranger ends the run, and `--rows` reports without running anything."""

from __future__ import annotations

from pathlib import Path

import pytest

TABLE = "| C-001 | One thing |\n| C-002 | Another |\n"


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> pytest.Pytester:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    docs = Path(pytester.mkdir("docs"))
    (docs / "rows.md").write_text(TABLE)
    return pytester


def run(project: pytest.Pytester, test: str, *args: str) -> pytest.RunResult:
    project.makepyfile(f"import pytest\n{test}\n")
    return project.runpytest("-p", "rows.plugin", "-p", "no:cacheprovider", *args)


def test_a_known_row_lets_the_test_run(project: pytest.Pytester) -> None:
    run(project, "@pytest.mark.row('C-001')\ndef test_it(): pass").assert_outcomes(passed=1)


def test_an_unknown_row_is_an_error_that_names_row_and_test(project: pytest.Pytester) -> None:
    result = run(project, "@pytest.mark.row('C-001', 'C-999')\ndef test_it(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*C-999: no such row in docs/rows.md, named by *::test_it"])


def test_a_marker_without_a_row_is_an_error(project: pytest.Pytester) -> None:
    result = run(project, "@pytest.mark.row\ndef test_it(): pass")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*a row marker without a row: *::test_it"])


def test_the_report_runs_nothing_and_says_what_lacks_a_test(project: pytest.Pytester) -> None:
    test = "@pytest.mark.row('C-001')\n@pytest.mark.parametrize('n', [1, 2])\ndef test_it(n): 1 / 0"
    result = run(project, test, "--rows=full")
    assert result.ret == pytest.ExitCode.OK
    result.stdout.fnmatch_lines(
        [
            "C-001  One thing",
            "    *::test_it (2 cases)",
            "C-002  Another",
            "    -",
            "without a test: C-002",
            "rows: 2, with a test: 1, without: 1; tests that name a row: 1",
        ],
    )


def test_the_short_report_is_the_counts(project: pytest.Pytester) -> None:
    result = run(project, "@pytest.mark.row('C-001')\ndef test_it(): pass", "--rows=short")
    result.stdout.no_fnmatch_line("*One thing*")
    result.stdout.fnmatch_lines(["rows: 2, with a test: 1, *"])
