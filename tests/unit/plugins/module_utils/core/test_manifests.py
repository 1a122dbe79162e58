# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""All objects of one start together."""

from __future__ import annotations

import copy
from typing import Any

import pytest
import yaml

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.manifests import render
from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    JobManager,
    Mode,
    Resource,
    Resources,
    TaskManager,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import PLACEHOLDER_START
from ansible_collections.flinkops.flink.plugins.module_utils.core.yaml_text import to_yaml
from support.deployments import SPEC, deployment, made, main, session

SHAPES = {
    "native application": (deployment(), ["Deployment app"]),
    "native session": (session(), ["Deployment app"]),
    "standalone application": (
        deployment(mode=Mode.STANDALONE),
        ["Deployment app", "Deployment app-taskmanager"],
    ),
    "standalone session": (
        session(mode=Mode.STANDALONE),
        ["Deployment app", "Deployment app-taskmanager"],
    ),
}
DEPENDENTS = ["Service app", "Service app-rest", "ConfigMap flink-config-app"]


@pytest.mark.parametrize(("given", "deployments"), SHAPES.values(), ids=SHAPES)
def test_objects_come_in_their_order_of_creation(given: Any, deployments: list[str]) -> None:
    names = [f"{item['kind']} {item['metadata']['name']}" for item in made(given).all()]
    assert names == deployments + DEPENDENTS


@pytest.mark.row("C-096")
def test_dependents_are_owned_by_the_deployment_once_it_has_a_uid() -> None:
    manifests = made(deployment())
    before = copy.deepcopy(manifests)
    for item in manifests.owned_by("u-1"):
        (owner,) = item["metadata"]["ownerReferences"]
        assert (owner["kind"], owner["name"], owner["uid"]) == ("Deployment", "app", "u-1")
        assert owner["controller"]
    assert manifests == before


def test_rendering_is_repeatable_and_changes_nothing() -> None:
    template = {"spec": {"containers": [{"name": "flink-main-container", "env": []}]}}
    given = deployment(pod_template=template)
    before = copy.deepcopy(given)
    first = to_yaml(made(given).all())
    assert to_yaml(made(given).all()) == first
    assert given == before
    assert list(yaml.safe_load_all(first)) == list(made(given).all())


def test_memory_of_both_roles_is_checked_before_anything_is_made() -> None:
    small = Resource(memory="300m")
    given = deployment(
        job_manager=type(SPEC.job_manager)(resource=small) if SPEC.job_manager else None,
        task_manager=TaskManager(resource=small),
    )
    with pytest.raises(InvalidResource) as caught:
        render(given, base={}, start=PLACEHOLDER_START)
    assert [problem.path.rpartition(".conf")[0] for problem in caught.value.problems] == ["", ""]
    assert len(caught.value.problems) == 2


def test_a_version_is_needed() -> None:
    with pytest.raises(InvalidResource, match="flinkVersion: is required"):
        made(deployment(flink_version=None))


def test_every_object_is_in_the_resources_namespace() -> None:
    for given, _ in SHAPES.values():
        assert {item["metadata"]["namespace"] for item in made(given).all()} == {"ns"}


@pytest.mark.row("C-091", "C-094")
def test_resources_of_both_roles_reach_their_containers() -> None:
    newer = Resources(
        requests={"memory": "1Gi", "cpu": "500m", "disk": "1"},
        limits={"memory": "1536Mi", "cpu": "2"},
        claims=({"name": "c"},),
    )
    roles: dict[str, Any] = {
        "job_manager": JobManager(resources=newer),
        "task_manager": TaskManager(resources=newer),
    }
    for item in made(deployment(mode=Mode.STANDALONE, **roles)).deployments:
        assert main(item)["resources"] == {
            "requests": {"memory": "1Gi", "cpu": "500m", "disk": "1"},
            "limits": {"memory": "1536Mi", "cpu": "2"},
            "claims": [{"name": "c"}],
        }
