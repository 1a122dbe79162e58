"""Diffs as text for the screen."""

from __future__ import annotations

from ansible_collections.flinkops.flink.plugins.module_utils.kube.act import Change
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.diff import diff_of, lines_of

SECRET = "hunter-2-and-3"  # noqa: S105


def change(before: str, after: str) -> Change:
    """Of a ConfigMap's only text."""
    texts = [
        {"kind": "ConfigMap", "metadata": {"name": "c"}, "data": {"conf": text}}
        for text in (before, after)
    ]
    return Change(kind="ConfigMap", name="c", before=texts[0], after=texts[1])


def test_a_changed_line_is_shown_with_its_object() -> None:
    lines = lines_of(diff_of([change("a: 1\nb: 2\n", "a: 1\nb: 3\n")]))
    assert any(line.startswith("--- ConfigMap c") for line in lines)
    assert {"-    b: 2", "+    b: 3"} <= set(lines)


def test_what_is_prepared_stands_as_it_is() -> None:
    assert lines_of([{"prepared": "plan of a\n  mode  none\n"}]) == ["plan of a", "  mode  none"]


def test_no_secret_is_shown() -> None:
    found = lines_of(diff_of([change("s3.secret-key: x", f"s3.secret-key: {SECRET}\na: 1")]))
    assert SECRET not in "\n".join(found)
