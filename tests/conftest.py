"""What all tiers share: the rows, a test's tier by its folder, no network for units."""

from __future__ import annotations

import ipaddress
import os
import sys
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

settings.register_profile("quick", max_examples=15, deadline=None, derandomize=True)
"""The same examples each time: a change is to blame for what fails. `thorough` looks for others."""
settings.register_profile("thorough", max_examples=1000, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "quick"))

pytest_plugins = ["pytester", "rows.plugin"]

TIERS = {"cluster": ("cluster",), "oracle": ("flink",), "e2e": ("cluster", "flink")}
HERE = Path(__file__).parent
hermetic = {"now": False}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if item.path.is_relative_to(HERE):
            for name in TIERS.get(item.path.relative_to(HERE).parts[0], ()):
                item.add_marker(name)


def is_here(address: Any) -> bool:
    """Unix sockets and the loopback range; names other than localhost are elsewhere."""
    if not isinstance(address, tuple):
        return True
    host = str(address[0])
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host in {"", "localhost"}


def refuse_the_network(event: str, args: tuple[Any, ...]) -> None:
    if event == "socket.connect" and hermetic["now"] and not is_here(args[1]):
        raise RuntimeError(f"a unit test went to the network: {args[1]}")


sys.addaudithook(refuse_the_network)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_protocol(item: pytest.Item) -> Generator[None, object, object]:
    hermetic["now"] = item.get_closest_marker("cluster") is None
    try:
        return (yield)
    finally:
        hermetic["now"] = False


@pytest.fixture(scope="session")
def kubeconfig() -> Path:
    """Name the cluster that tests may use; never that of KUBECONFIG, which is a person's."""
    named = os.environ.get("FLINKOPS_TEST_KUBECONFIG", "")
    if not named or not Path(named).is_file():
        pytest.fail(
            f"FLINKOPS_TEST_KUBECONFIG={named!r} is no file: start the embedded cluster "
            "(make cluster) and run tests through make, or name another cluster's kubeconfig",
        )
    return Path(named)
