# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Plain variables become the resource that a person would have written."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.application import (
    FIELDS,
    resource_of,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from support import looks

SMALLEST = {
    "name": "orders",
    "image": "example/flink:1",
    "flink_version": "v1_20",
    "jar": "local:///app.jar",
    "parallelism": 2,
    "service_account": "flink",
    "jobmanager_memory": "1024m",
    "taskmanager_memory": "1024m",
}
WHOLE = {
    **SMALLEST,
    "namespace": "shop",
    "entry_class": "org.example.Orders",
    "args": ["--fast"],
    "upgrade_mode": "savepoint",
    "configuration": {"a.b": "c"},
    "jobmanager_cpu": 0.5,
    "taskmanager_cpu": 1,
    "slots": 2,
    "state_folder": "/srv/state",
    "checkpoint_interval": "5 s",
    "image_pull_policy": "Never",
    "initial_savepoint": "file:///sp/1",
}


def test_the_smallest_application_breaks_no_rule() -> None:
    wanted = looks.wanted(resource_of(SMALLEST))
    assert wanted.problems == ()
    assert (wanted.name, wanted.namespace) == ("orders", "default")


def test_every_variable_has_its_place() -> None:
    found = resource_of(WHOLE)
    assert set(WHOLE) == set(FIELDS)
    assert found["metadata"] == {"name": "orders", "namespace": "shop"}
    assert found["spec"]["job"] == {
        "jarURI": "local:///app.jar",
        "entryClass": "org.example.Orders",
        "args": ["--fast"],
        "parallelism": 2,
        "upgradeMode": "savepoint",
        "initialSavepointPath": "file:///sp/1",
    }
    assert found["spec"]["jobManager"] == {"resource": {"cpu": 0.5, "memory": "1024m"}}
    assert found["spec"]["taskManager"] == {"resource": {"cpu": 1, "memory": "1024m"}}
    assert found["spec"]["flinkConfiguration"]["taskmanager.numberOfTaskSlots"] == "2"
    assert found["spec"]["flinkConfiguration"]["execution.checkpointing.interval"] == "5 s"
    assert looks.wanted(found).problems == ()


def test_a_state_folder_is_mounted_where_all_state_goes() -> None:
    spec = resource_of(WHOLE)["spec"]
    pod = spec["podTemplate"]["spec"]
    mount = pod["containers"][0]["volumeMounts"][0]
    assert pod["volumes"][0]["hostPath"]["path"] == "/srv/state"
    assert (pod["volumes"][0]["name"], pod["containers"][0]["name"]) == (
        mount["name"],
        "flink-main-container",
    )
    places = [value for key, value in spec["flinkConfiguration"].items() if "dir" in key.lower()]
    assert len(places) == 3
    assert all(place.startswith(f"file://{mount['mountPath']}/") for place in places)
    assert "podTemplate" not in resource_of(SMALLEST)["spec"]


def test_what_the_user_configures_wins() -> None:
    own = {"state.savepoints.dir": "s3://own", "taskmanager.numberOfTaskSlots": "9"}
    found = resource_of({**WHOLE, "configuration": own})["spec"]["flinkConfiguration"]
    assert {key: found[key] for key in own} == own


@pytest.mark.parametrize("empty", [None, ""])
def test_a_variable_that_is_left_empty_is_left_to_the_contract(empty: Any) -> None:
    given = {**dict.fromkeys(FIELDS, empty), **SMALLEST}
    assert resource_of(given) == resource_of(SMALLEST)


def test_a_false_or_zero_is_not_empty() -> None:
    assert resource_of({**SMALLEST, "parallelism": 0})["spec"]["job"]["parallelism"] == 0


def test_every_variable_that_is_not_known_is_named() -> None:
    with pytest.raises(InvalidResource) as refused:
        resource_of({**SMALLEST, "jarr": "x", "imge": "y"})
    paths = [problem.path for problem in refused.value.problems]
    assert paths == ["application.imge", "application.jarr"]


def test_a_configuration_that_is_no_mapping_is_refused_without_showing_it() -> None:
    with pytest.raises(InvalidResource, match="must be a mapping") as refused:
        resource_of({**SMALLEST, "configuration": "password=hunter2"})
    assert "hunter2" not in str(refused.value)
