# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is written as YAML reads back as it was, by a reader that is not ours."""

from __future__ import annotations

from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.yaml_text import (
    document,
    quoted_document,
    to_yaml,
)

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\x85\u2028\u2029"))
AWKWARD = st.sampled_from(
    [
        "",
        " ",
        "yes",
        "No",
        "~",
        "null",
        "1",
        "0x1f",
        "1e3",
        "1_0",
        "2026-11-21",
        "12:30",
        "a: b",
        "a #b",
        "#a",
        "- a",
        "? a",
        "a:",
        "%d",
        "@x",
        "{a}",
        "[a]",
        "*a",
        "&a",
        "!a",
        "|",
        ">",
        "'",
        '"',
        "a\n",
        "a\n\n",
        "\na",
        " a\nb",
        "a\n b\n",
        "a\n\nb",
        "a \nb",
        "\ta\n",
        "\n",
        "<<",
        "=",
        "it's",
        "a\\nb",
        "\x00",
        "\x7f",
        "\ufeff",
        "\U0001f600",
        "a\r\nb",
        ".inf",
        ".5",
        "-",
        "--",
    ]
)
SCALARS = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | TEXT | AWKWARD
TREES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT | AWKWARD, inner, max_size=4),
    max_leaves=12,
)


@given(TREES)
def test_a_document_reads_back(value: Any) -> None:
    assert yaml.safe_load(document(value)) == value


@given(TREES)
def test_a_quoted_document_reads_back(value: Any) -> None:
    assert yaml.safe_load(quoted_document(value)) == value


@given(st.lists(TREES, max_size=4))
def test_documents_read_back_in_their_order(values: list[Any]) -> None:
    assert list(yaml.safe_load_all(to_yaml(values))) == values


def test_text_of_several_lines_is_a_block_that_people_can_read() -> None:
    written = to_yaml(
        [{"data": {"a.conf": "x: 1\ny: 2\n", "b": "one\ntwo"}, "list": [1, {"k": "v"}]}]
    )
    assert written == (
        "---\ndata:\n  a.conf: |\n    x: 1\n    y: 2\n  b: |-\n    one\n    two\n"
        "list:\n- 1\n- k: v\n"
    )


def test_keys_keep_their_order_and_empty_things_stay_visible() -> None:
    assert document({"b": {}, "a": [], "c": None}) == "b: {}\na: []\nc: null\n"


def test_what_is_no_plain_data_is_refused() -> None:
    with pytest.raises(TypeError, match="no YAML for object"):
        document({"a": object()})
