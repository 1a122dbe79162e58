# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A cluster that another operator runs is rendered as it stands: taking it over changes nothing.

Where the recorded cluster isn't what the resource asks for just then, the difference is named.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core import structured
from ansible_collections.flinkops.flink.plugins.module_utils.core.manifests import render
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import GENERATION, Start
from support.api_server import stored

STATES = Path(__file__).parents[4] / "golden/states"
OWNER = "kubernetes.jobmanager.owner.reference"
WITH_A_CLUSTER = sorted(
    path.parent.name
    for path in STATES.glob("*/objects.yaml")
    if "kind: Deployment\n" in path.read_text()
)
DIFFERENCES = {
    # The cluster has the last good image, the resource the new one.
    "rolled-back": {"image", "kubernetes.container.image.ref"},
    # Scaled to none, because it is about to be deleted.
    "upgrading-last-state": {"replicas"},
}
Objects = dict[str, dict[str, Any]]


def is_its_own(found: dict[str, Any]) -> bool:
    """What a start makes; not what Flink writes later."""
    name = found["metadata"]["name"]
    return found["kind"] in ("Deployment", "Service") or (
        found["kind"] == "ConfigMap" and name.startswith(("flink-config-", "pod-template-"))
    )


def comparable(found: dict[str, Any]) -> dict[str, Any]:
    """Labels, annotations of ours, spec; configuration as keys and values."""
    data = {
        name: configuration(text) if name == "flink-conf.yaml" else None
        for name, text in found.get("data", {}).items()
    }
    spec = dict(found.get("spec", {}))
    for key in ("clusterIP", "clusterIPs"):  # assigned ones
        spec = {k: v for k, v in spec.items() if k != key or "None" in v}
    notes = found["metadata"].get("annotations", {})
    ours = {key: text for key, text in notes.items() if key == GENERATION}
    return {"labels": found["metadata"]["labels"], "notes": ours, "data": data, "spec": spec}


def configuration(text: str) -> dict[str, Any]:
    flat: dict[str, Any] = dict(line.split(": ", 1) for line in text.splitlines())
    flat[OWNER] = structured.split_map(flat[OWNER], path=OWNER)  # its order differs by process
    return {k: v for k, v in flat.items() if not k.startswith("kubernetes.pod-template-file.")}


def start_of(deployment: dict[str, Any], text: str) -> Start:
    def value(pattern: str) -> str | None:
        match = re.search(rf"^{pattern}$", text, re.MULTILINE)
        return match[1] if match else None

    return Start(
        job_id=value(r"\$internal\.pipeline\.job-id: (.*)") or "",
        generation=int(deployment["metadata"]["annotations"][GENERATION]),
        owner_uid=deployment["metadata"]["ownerReferences"][0]["uid"],
        savepoint=value(r"execution\.savepoint\.path: (.*)"),
        job_result_store=value(r"job-result-store\.storage-path: .*/(.*)"),
    )


def by_name(objects: Any) -> Objects:
    return {f"{item['kind']} {item['metadata']['name']}": comparable(item) for item in objects}


def differing(one: Any, other: Any, name: str = "") -> set[str]:
    """Names of the leaves in which two trees differ; numbers of list elements left out."""
    if isinstance(one, dict) and isinstance(other, dict):
        keys = one.keys() | other.keys()
        return set().union(*(differing(one.get(key), other.get(key), key) for key in keys))
    if isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        return set().union(*(differing(a, b, name) for a, b in zip(one, other, strict=True)))
    return set() if one == other else {name}


@pytest.mark.parametrize("state", WITH_A_CLUSTER)
def test_a_running_cluster_is_rendered_as_it_stands(state: str) -> None:
    objects = list(yaml.safe_load_all((STATES / state / "objects.yaml").read_text()))
    given = parse(next(item for item in objects if item["kind"] == "FlinkDeployment"))
    running = [item for item in objects if is_its_own(item)]
    first = next(item for item in running if item["kind"] == "Deployment")
    name = f"flink-config-{given.name}"
    text = next(item for item in running if item["metadata"]["name"] == name)["data"]
    start = start_of(first, text["flink-conf.yaml"])
    made = by_name(stored(item) for item in render(given, base={}, start=start).all())
    wanted = by_name(running)
    assert made.keys() == wanted.keys()
    assert differing(wanted, made) == DIFFERENCES.get(state, set())


def test_there_are_states_with_a_cluster() -> None:
    assert len(WITH_A_CLUSTER) == 12
