# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Lists and maps inside one value."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core import structured
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource

WORDS = st.text(alphabet="ab;:,'\" x", min_size=1).map(str.strip).filter(bool)

LISTS = {
    "": [],
    "a;b;c": ["a", "b", "c"],
    "--a;x y;'--b=1;2';'it''s'": ["--a", "x y", "--b=1;2", "it's"],
    ' a ; "b;""c" ;': ["a", 'b;"c'],
    "a;;b": ["a", "", "b"],
}


@pytest.mark.parametrize(("text", "elements"), LISTS.items())
def test_a_list_is_split_at_semicolons_outside_quotes(text: str, elements: list[str]) -> None:
    assert structured.split_list(text, path="p") == elements


def test_an_element_is_quoted_only_where_it_must_be() -> None:
    elements = ["--a", "x y", "--b=1;2", "it's", '"q"', "#no: comment"]
    assert structured.join_list(elements) == "--a;x y;'--b=1;2';'it''s';'\"q\"';#no: comment"


@given(st.lists(WORDS))
def test_a_joined_list_splits_into_the_same(elements: list[str]) -> None:
    assert structured.split_list(structured.join_list(elements), path="p") == elements


@given(st.dictionaries(WORDS, WORDS))
def test_a_joined_map_splits_into_the_same(pairs: dict[str, str]) -> None:
    assert structured.split_map(structured.join_map(pairs), path="p") == pairs


def test_records_are_a_list_of_maps() -> None:
    found = structured.split_maps("env:A,key:k;env:B,key:l", path="p")
    assert found == [{"env": "A", "key": "k"}, {"env": "B", "key": "l"}]


@pytest.mark.parametrize("text", ["a", "a:b:c", "a:b,c", "'a:b", "'a'x:b"])
def test_what_is_no_map_is_told(text: str) -> None:
    with pytest.raises(InvalidResource, match=r"^p: "):
        structured.split_map(text, path="p")
