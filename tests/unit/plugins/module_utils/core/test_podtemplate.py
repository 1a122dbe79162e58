# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Pod templates: merged, then completed."""

from __future__ import annotations

import copy
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core import podtemplate
from ansible_collections.flinkops.flink.plugins.module_utils.core.role_resources import Asked

NAMES = st.sampled_from("abc")
TREES = st.recursive(
    st.integers() | st.text(max_size=2),
    lambda inner: (
        st.dictionaries(NAMES, inner, max_size=3)
        | st.lists(st.dictionaries(NAMES | st.just("name"), inner, max_size=3), max_size=3)
    ),
    max_leaves=8,
)
OBJECTS = st.dictionaries(NAMES, TREES, max_size=3)


def merge(base: Any, over: Any, *, by_name: bool = False) -> Any:
    return podtemplate.merged(base, over, by_name=by_name)


def test_with_neither_there_is_none_and_with_one_it_is_that_one() -> None:
    assert merge(None, None) is None
    assert merge({"a": 1}, None) == merge(None, {"a": 1}) == {"a": 1}


@pytest.mark.row("C-089")
def test_objects_merge_deep_and_the_roles_values_win() -> None:
    assert merge({"a": {"b": 1, "c": 2}}, {"a": {"c": 3}, "d": 4}) == {
        "a": {"b": 1, "c": 3},
        "d": 4,
    }


@pytest.mark.row("C-089")
def test_arrays_merge_by_index() -> None:
    base = {"c": [{"name": "main", "env": [{"name": "A"}]}, {"name": "side"}]}
    over = {"c": [{"name": "other", "image": "i"}]}
    assert merge(base, over) == {
        "c": [{"name": "other", "image": "i", "env": [{"name": "A"}]}, {"name": "side"}]
    }


def test_of_two_plain_elements_the_common_templates_stays() -> None:
    assert merge({"args": ["a", "b"]}, {"args": ["x", "y", "z"]}) == {"args": ["a", "b", "z"]}


@pytest.mark.row("C-089")
def test_arrays_merge_by_name_where_each_element_has_one() -> None:
    base = {"c": [{"name": "side"}, {"name": "main", "env": [{"name": "A", "value": "1"}]}]}
    over = {"c": [{"name": "main", "env": [{"name": "B"}, {"name": "A", "value": "2"}]}]}
    assert merge(base, over, by_name=True) == {
        "c": [
            {"name": "side"},
            {"name": "main", "env": [{"name": "A", "value": "2"}, {"name": "B"}]},
        ]
    }


def test_one_nameless_element_and_the_index_decides() -> None:
    base, over = {"c": [{"name": "a", "x": 1}]}, {"c": [{"y": 2}]}
    assert merge(base, over, by_name=True) == {"c": [{"name": "a", "x": 1, "y": 2}]}


@given(OBJECTS, OBJECTS, st.booleans())
def test_merging_changes_nothing_it_was_given(base: Any, over: Any, by_name: bool) -> None:
    before = copy.deepcopy((base, over))
    merge(base, over, by_name=by_name)
    assert (base, over) == before


@given(OBJECTS, st.booleans())
def test_merging_with_nothing_changes_nothing(base: Any, by_name: bool) -> None:
    assert merge(base, {}, by_name=by_name) == base
    assert merge({}, base, by_name=by_name) == base


@given(OBJECTS, OBJECTS)
def test_each_field_of_either_is_in_the_merged_one(base: Any, over: Any) -> None:
    assert merge(base, over).keys() == base.keys() | over.keys()


def main_of(template: Any) -> Any:
    return podtemplate.split(template)[1]


@pytest.mark.row("C-090")
def test_a_startup_probe_waits_for_the_rest_api() -> None:
    probe = main_of(podtemplate.with_startup_probe(None))["startupProbe"]
    assert probe["httpGet"] == {"path": "/config", "port": "rest"}
    assert probe["failureThreshold"] == 2**31 - 1


@pytest.mark.row("C-090")
def test_a_probe_of_ones_own_stays() -> None:
    own = {"tcpSocket": {"port": 1}}
    container = {"name": "flink-main-container", "startupProbe": own}
    template = {"spec": {"containers": [{"name": "side"}, container]}}
    assert podtemplate.with_startup_probe(template) == template


def test_resources_join_those_of_the_template() -> None:
    wanted = Asked(others={"limits": {"gpu": "1"}, "claims": [{"name": "c"}]})
    container = {"name": "flink-main-container", "resources": {"limits": {"x": "2"}}}
    found = podtemplate.with_resources({"spec": {"containers": [container]}}, wanted)
    assert main_of(found)["resources"] == {
        "limits": {"x": "2", "gpu": "1"},
        "claims": [{"name": "c"}],
    }
    assert podtemplate.with_resources(None, Asked()) is None


def test_splitting_takes_the_main_container_out() -> None:
    template = {"spec": {"containers": [{"name": "flink-main-container"}, {"name": "side"}]}}
    around, main = podtemplate.split(template)
    assert around == {"spec": {"containers": [{"name": "side"}]}}
    assert main == {"name": "flink-main-container"}
    assert podtemplate.split(None) == ({"spec": {}}, {})
