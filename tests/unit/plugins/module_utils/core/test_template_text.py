# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A stored template gets other labels and annotations, and nothing else of it changes."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.template_text import remarked
from ansible_collections.flinkops.flink.plugins.module_utils.core.yaml_text import quoted_document

SPEC = {"containers": [{"name": "main", "args": ["a\nb", "metadata:"]}], "volumes": [{"x": {}}]}
TEXT = st.text(max_size=12)
NAMES = st.text("abc.-/", min_size=1, max_size=8)
MARKS = st.fixed_dictionaries(
    {},
    optional={what: st.dictionaries(NAMES, TEXT, min_size=1) for what in ("annotations", "labels")},
)


def template(marks: dict[str, Any], **more: Any) -> dict[str, Any]:
    metadata = {**marks, **more}
    return {**({"metadata": metadata} if metadata else {}), "spec": SPEC}


@given(MARKS, MARKS, st.booleans())
def test_the_marks_are_the_wanted_ones_and_the_rest_is_as_stored(
    old: dict[str, Any], new: dict[str, Any], is_named: bool
) -> None:
    name = {"name": "x", "z": ["y"]} if is_named else {}
    stored = quoted_document(template(old, **name))
    wanted = quoted_document({**template(new, generateName="w"), "spec": {"other": 1}})
    assert remarked(stored, wanted) == quoted_document(template(new, **name))
    assert yaml.safe_load(remarked(stored, wanted))["spec"] == SPEC


def test_a_template_may_say_nothing_else() -> None:
    marked = quoted_document({"metadata": {"labels": {"a": "b"}}})
    assert remarked("---\n{}\n", marked) == marked
    assert remarked(marked, "---\n{}\n") == "---\n{}\n"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "spec:\n  x: 1\n",
        "---\n- a\n",
        "---\n  spec: 1\n",
        '---\n"metadata": {}\n',
        "---\nmetadata:\n   labels:\n",
        "---\n{metadata: {labels: {a: b}}}\n",
    ],
)
def test_a_text_in_another_form_is_left_alone(text: str) -> None:
    marked = quoted_document({"metadata": {"labels": {"a": "b"}}})
    assert remarked(text, marked) == text
    assert remarked(marked, text) == marked
