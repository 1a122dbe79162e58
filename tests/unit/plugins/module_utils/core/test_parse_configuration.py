from __future__ import annotations

from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.parse_configuration import (
    as_wire,
    configuration_problems,
    flatten,
    java_double,
    java_json,
)

FLAT = [
    ({"a": {"b": {"c": 1}}}, {"a.b.c": "1"}),
    ({"a.b": {"c": "x"}}, {"a.b.c": "x"}),
    ({"a": ["x", 1, True]}, {"a": "x;1;true"}),
    ({"a": []}, {"a": ""}),
    ({"a": {}}, {}),
    ({"a": None, "b": ""}, {"b": ""}),
    ({"a": True, "b": False}, {"a": "true", "b": "false"}),
    (
        {"a": 0.2, "b": 1.0, "c": 1e10, "d": 0.0001},
        {"a": "0.2", "b": "1", "c": "10000000000", "d": "1.0E-4"},
    ),
    ({"a": 12345678901234567890}, {"a": "12345678901234567890"}),
    ({"a": 1e21}, {"a": "1.0E21"}),
    (
        {"taskmanager.numberOfTaskSlots": "2", "taskmanager": {"numberOfTaskSlots": 4}},
        {"taskmanager.numberOfTaskSlots": "2"},
    ),
    ({"a.b": 1, "a": {"b": 2}}, {"a.b": "1"}),
]


@pytest.mark.row("C-001")
@pytest.mark.parametrize(("given", "flat"), FLAT, ids=str)
def test_nested_and_flat_come_to_the_same(given: dict[str, Any], flat: dict[str, str]) -> None:
    assert flatten(given) == flat


# ruff: noqa: E501
DOUBLES = [
    (1.0, "1.0"), (0.5, "0.5"), (0.001, "0.001"), (0.0001, "1.0E-4"), (1.25e-7, "1.25E-7"),
    (9999999.0, "9999999.0"), (1e7, "1.0E7"), (1.5e10, "1.5E10"), (-2.5, "-2.5"), (-1e-9, "-1.0E-9"),
    (0.0, "0.0"), (123456.789, "123456.789"), (1.7976931348623157e308, "1.7976931348623157E308"),
]  # fmt: skip


@pytest.mark.parametrize(("number", "text"), DOUBLES)
def test_a_double_is_written_as_java_does(number: float, text: str) -> None:
    assert java_double(number) == text


@given(st.floats(allow_nan=False, allow_infinity=False))
def test_a_double_survives_javas_form(number: float) -> None:
    assert float(java_double(number)) == number


def test_json_is_written_as_java_does() -> None:
    value = {"a": [1, 1.0, None, True], "ü": 'q"\n'}
    assert java_json(value) == '{"a":[1,1.0,null,true],"ü":"q\\"\\n"}'


def test_the_wire_orders_names_and_makes_whole_floats_integers() -> None:
    wire = as_wire({"b": {"d": 2.0, "c": 0.5}, "a": [3.0]})
    assert java_json(wire) == '{"a":[3],"b":{"c":0.5,"d":2}}'


trees = st.recursive(
    st.dictionaries(
        st.text("abc.-", min_size=1), st.text("ab ;:é") | st.integers() | st.booleans()
    ),
    lambda inner: st.dictionaries(st.text("abc-", min_size=1), inner),
    max_leaves=10,
)


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(trees)
def test_flat_stays_flat(tree: dict[str, Any]) -> None:
    assert list(configuration_problems(tree, "p")) == []
    flat = flatten(tree)
    assert flatten(flat) == flat
    assert flatten(as_wire(tree)) == flat


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(trees)
def test_the_order_in_which_it_is_written_means_nothing(tree: dict[str, Any]) -> None:
    assert flatten(dict(reversed(tree.items()))) == flatten(tree)
