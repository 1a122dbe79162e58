# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Layers of configuration: later ones win."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.config import (
    effective,
    for_flink,
    layered,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import FlinkVersion
from support.deployments import deployment

VERSION = "kubernetes.operator.default-configuration.flink-version."
NAMESPACE = "kubernetes.operator.default-configuration.namespace."
LAYERS = (
    "k",
    f"{NAMESPACE}ns.k",
    f"{VERSION}v1_15+.k",
    f"{VERSION}v1_19+.k",
    f"{VERSION}v1_20+.k",
    f"{VERSION}v1_20.k",
)


@pytest.mark.parametrize("count", range(1, len(LAYERS) + 1))
@pytest.mark.row("C-102", "C-103")
def test_each_layer_wins_over_those_below_it(count: int) -> None:
    base = {key: key for key in LAYERS[:count]}
    assert layered(deployment(), base=base)["k"] == LAYERS[count - 1]


def test_the_resource_wins_over_all_layers() -> None:
    base = dict.fromkeys(LAYERS, "theirs")
    assert layered(deployment(conf={"k": "own"}), base=base)["k"] == "own"


@given(st.permutations(LAYERS))
def test_the_order_in_a_file_means_nothing(keys: list[str]) -> None:
    assert layered(deployment(), base={key: key for key in keys})["k"] == LAYERS[-1]


@pytest.mark.parametrize(
    "key", [f"{NAMESPACE}other.k", f"{VERSION}v2_0+.k", f"{VERSION}v1_19.k", f"{VERSION}v9_9+.k"]
)
def test_defaults_for_others_stay_away(key: str) -> None:
    assert "k" not in layered(deployment(), base={key: "theirs"})


def test_versions_compare_as_numbers() -> None:
    base = {f"{VERSION}v1_15+.k": "old", f"{VERSION}v1_20+.k": "new"}
    found = layered(deployment(flink_version=FlinkVersion.V2_1), base=base)
    assert found["k"] == "new"


OPENED = {
    FlinkVersion.V1_17: None,
    FlinkVersion.V1_18: "env.java.opts.all",
    FlinkVersion.V1_19: "env.java.default-opts.all",
    FlinkVersion.V2_1: "env.java.default-opts.all",
}


@pytest.mark.parametrize(("version", "key"), OPENED.items())
def test_java_packages_are_opened_by_the_key_a_version_knows(
    version: FlinkVersion, key: str | None
) -> None:
    found = for_flink(effective(deployment(flink_version=version), base={}))
    assert [name for name, value in found.items() if "--add-opens" in value] == [key] * bool(key)


@pytest.mark.row("C-103")
def test_the_base_replaces_built_in_defaults() -> None:
    found = layered(deployment(), base={"taskmanager.numberOfTaskSlots": "8"})
    assert found["taskmanager.numberOfTaskSlots"] == "8"
    assert found["parallelism.default"] == "1"


def test_no_cluster_sees_what_speaks_to_the_operator() -> None:
    conf = {
        "kubernetes.operator.periodic.savepoint.interval": "1h",
        "job.autoscaler.enabled": "true",
        "kubernetes.operators": "kept",
    }
    found = for_flink(effective(deployment(conf=conf), base={f"{NAMESPACE}ns.k": "v"}))
    assert not [key for key in found if key.startswith(("kubernetes.operator.", "job.autoscaler."))]
    assert found["kubernetes.operators"] == "kept"
    assert found["k"] == "v"
