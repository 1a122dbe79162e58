"""The fixtures of tests that are served by an operator."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from support.applications import cluster, installed, namespace, person, state_folder
from support.carried import Carried, carried
from support.operated import Operated, Operator

__all__ = ["carried", "cluster", "installed", "namespace", "operated", "person", "state_folder"]


@pytest.fixture(scope="module")
def operated(
    carried: Carried, kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Operated]:
    log = tmp_path_factory.mktemp("operator") / "log"
    operator = Operator(namespace=carried.namespace, kubeconfig=kubeconfig, log=log)
    operator.start()
    yield Operated(app=carried, operator=operator)
    if operator.process is not None and operator.process.poll() is None:
        operator.stop()
