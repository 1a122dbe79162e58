# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Sizes and amounts, as text and back."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core import quantity
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource

MIB = 1 << 20

SIZES = {
    "2048m": 2048 * MIB,
    "2g": 2048 * MIB,
    "2G": 2048 * MIB,
    "1 gb": 1024 * MIB,
    " 64 MiB".replace("iB", "ebibytes"): 64 * MIB,
    "10": 10,
    "10 bytes": 10,
    "1k": 1024,
    "1 KibiBytes": 1024,
    "1t": 1 << 40,
}


@pytest.mark.parametrize(("text", "size"), SIZES.items())
def test_flinks_units_are_binary_whatever_their_case(text: str, size: int) -> None:
    assert quantity.memory_size(text, path="p") == size


@pytest.mark.parametrize("text", ["", "m", "1.5g", "2Gi", "-1m", "1 x", f"{1 << 63}", "99999999t"])
def test_a_bad_size_is_told_with_its_path_and_value(text: str) -> None:
    with pytest.raises(InvalidResource) as caught:
        quantity.memory_size(text, path="spec.here")
    (problem,) = caught.value.problems
    assert (problem.path, problem.value) == ("spec.here", text)
    assert problem.next_step


WRITTEN = {
    1024 * MIB: "1 gb",
    1592 * MIB: "1592 mb",
    1536: "1536 bytes",
    3 * 1024: "3 kb",
    1 << 40: f"{1 << 40} bytes",
    0: "0 bytes",
}


@pytest.mark.parametrize(("size", "text"), WRITTEN.items())
def test_a_size_is_written_in_the_largest_unit_that_divides_it(size: int, text: str) -> None:
    assert quantity.memory_text(size) == text


@given(st.integers(min_value=0, max_value=quantity.LONGEST))
def test_a_written_size_reads_back(size: int) -> None:
    assert quantity.memory_size(quantity.memory_text(size), path="p") == size


REQUESTS = {
    "2048m": "2 gb",
    "2G": "2 gb",
    "2Gi": str(2048 * MIB),
    "2 GiB": str(2048 * MIB),
    "2gi": str(2048 * MIB),
    "1.5Gi": str(1536 * MIB),
    "1.5G": "1500000000",
    "1e9": "1000000000",
}


@pytest.mark.parametrize(("text", "asked"), REQUESTS.items())
@pytest.mark.row("C-092")
def test_a_request_is_flinks_size_first_and_kubernetes_quantity_then(text: str, asked: str) -> None:
    assert quantity.resource_memory(text, path="p") == asked


@pytest.mark.parametrize("text", ["", "much", "1.5", "-1Gi", "0.1Ki"])
def test_no_request_is_made_of_something_else(text: str) -> None:
    with pytest.raises(InvalidResource, match="is not an amount of memory"):
        quantity.resource_memory(text, path="p")


CANONICAL = {
    "0.5": "500m",
    "1.0": "1",
    "1000": "1k",
    "1500": "1500",
    "0": "0",
    "0.30000000000000004": "300000001n",
    "0.0001": "100u",
}


@pytest.mark.parametrize(("amount", "text"), CANONICAL.items())
def test_an_amount_is_spelled_as_the_api_server_keeps_it(amount: str, text: str) -> None:
    assert quantity.decimal_quantity(Decimal(amount)) == text


@given(st.decimals(min_value=0, max_value=10**12, places=9))
def test_a_spelled_amount_is_the_same_amount(amount: Decimal) -> None:
    assert quantity.quantity(quantity.decimal_quantity(amount), path="p") == amount


@given(st.integers(min_value=0, max_value=1 << 45))
def test_spelled_mebibytes_are_the_same_mebibytes(mebibytes: int) -> None:
    found = quantity.quantity(quantity.mebibytes_quantity(mebibytes), path="p")
    assert found == mebibytes * MIB


@pytest.mark.parametrize("read", [quantity.truth, quantity.whole, quantity.number])
def test_other_values_are_checked_too(read: object) -> None:
    with pytest.raises(InvalidResource, match="p: is n"):
        read("perhaps", path="p")  # type: ignore[operator]


def test_truth_ignores_case() -> None:
    assert quantity.truth(" TRUE ", path="p")
    assert not quantity.truth("False", path="p")
