# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Diffs as `--diff` shows them: YAML before and after, secrets taken out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from difflib import unified_diff
from typing import Any

from ..core.masking import masked
from ..core.yaml_text import to_yaml
from ..kube.act import Change, plain


def diff_of(changes: Iterable[Change]) -> list[dict[str, str]]:
    return [
        {
            "before_header": f"{change.kind} {change.name}",
            "after_header": f"{change.kind} {change.name}",
            "before": _text(change.before),
            "after": _text(change.after),
        }
        for change in changes
    ]


def _text(item: Mapping[str, Any] | None) -> str:
    return "" if item is None else to_yaml([masked(plain(item))])


def lines_of(diffs: Iterable[Mapping[str, str]]) -> list[str]:
    """The same as text, for the screen: what is prepared as it is, the rest line against line."""
    lines: list[str] = []
    for one in diffs:
        if "prepared" in one:
            lines += one["prepared"].splitlines()
            continue
        before, after = one["before"].splitlines(), one["after"].splitlines()
        head = (one["before_header"], one["after_header"])
        lines += ["", *unified_diff(before, after, *head, lineterm="")]
    return lines
