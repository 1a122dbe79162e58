# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Fixtures of all tests that run playbooks: a cluster, a person, a namespace of its own."""

from __future__ import annotations

import os
import shutil
import uuid
from collections.abc import Iterator
from pathlib import Path

import pytest

from .cluster import Cluster
from .playbook import Player


@pytest.fixture(scope="session")
def cluster(kubeconfig: Path) -> Iterator[Cluster]:
    cluster = Cluster(kubeconfig)
    yield cluster
    cluster.wait_until_gone()


@pytest.fixture(scope="session")
def installed(kubeconfig: Path, tmp_path_factory: pytest.TempPathFactory) -> None:
    """The definitions, put there by the playbook that users run."""
    person = Player(tmp_path_factory.mktemp("install"), kubeconfig)
    person.play("install", install_namespaces=[]).well()


@pytest.fixture
def person(tmp_path: Path, kubeconfig: Path) -> Iterator[Player]:
    person = Player(tmp_path, kubeconfig)
    yield person
    person.leave()


@pytest.fixture
def namespace(cluster: Cluster, installed: None, person: Player) -> Iterator[str]:
    """A namespace with the jobs' account, made by the playbook; gone at the end."""
    yield from namespace_for(cluster, person)


def namespace_for(cluster: Cluster, person: Player) -> Iterator[str]:
    name = f"flinkops-e2e-{uuid.uuid4().hex[:6]}"
    try:
        person.play(
            "install", install_namespaces=[name], install_custom_resource_definitions=False
        ).well()
        yield name
    finally:
        cluster.drop_namespace(name)


@pytest.fixture
def state_folder(kubeconfig: Path, namespace: str) -> Iterator[Path]:
    """A folder that the node's pods can mount, open to the job's user whoever that is."""
    yield from state_folder_for(kubeconfig, namespace)


def state_folder_for(kubeconfig: Path, namespace: str) -> Iterator[Path]:
    named = os.environ.get("FLINKOPS_TEST_STATE_FOLDER")  # noqa: TID251
    shared = Path(named) if named else kubeconfig.parent / "flink-state"
    if not shared.is_dir():
        pytest.skip("the test cluster shares no folder: name one in FLINKOPS_TEST_STATE_FOLDER")
    own = shared / namespace
    own.mkdir()
    own.chmod(0o777)
    yield own
    # A job that its failed test left running may still write into it.
    shutil.rmtree(own, ignore_errors=True)
