# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""A custom resource from plain variables: for people who have a jar, an image and no YAML yet."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from .errors import InvalidResource, Problem
from .spec import API_VERSION

STATE_VOLUME = "flink-state"
STATE_MOUNT = "/flink-state"
MAIN_CONTAINER = "flink-main-container"
FIELDS = (
    "name", "namespace", "image", "flink_version", "jar", "entry_class", "args", "parallelism",
    "service_account", "upgrade_mode", "configuration", "jobmanager_cpu", "jobmanager_memory",
    "taskmanager_cpu", "taskmanager_memory", "slots", "state_folder", "checkpoint_interval",
    "image_pull_policy", "initial_savepoint",
)  # fmt: skip


def resource_of(application: Mapping[str, Any]) -> dict[str, Any]:
    """The FlinkDeployment that the variables describe; absent ones are left to the contract."""
    stray = sorted(set(application) - set(FIELDS))
    if stray:
        raise InvalidResource(tuple(_unknown(name) for name in stray))
    configuration = application.get("configuration")
    if configuration and not isinstance(configuration, Mapping):
        raise InvalidResource((_no_mapping(),))
    given = {name: value for name, value in application.items() if value not in (None, "")}
    return {
        "apiVersion": API_VERSION,
        "kind": "FlinkDeployment",
        "metadata": _present(name=given.get("name"), namespace=given.get("namespace")),
        "spec": _spec(given),
    }


def _unknown(name: str) -> Problem:
    return Problem(
        path=f"application.{name}",
        value="",
        rule="must be one of " + ", ".join(FIELDS),
        next_step="Correct its name, or give a whole custom resource by file.",
    )


def _no_mapping() -> Problem:
    return Problem(
        path="application.configuration",
        value="",
        rule="must be a mapping of Flink's keys to values",
        next_step='Write it as a mapping, for example {"state.backend.type": "rocksdb"}.',
    )


def _spec(given: Mapping[str, Any]) -> dict[str, Any]:
    return {
        **_present(
            image=given.get("image"),
            imagePullPolicy=given.get("image_pull_policy"),
            flinkVersion=given.get("flink_version"),
            serviceAccount=given.get("service_account"),
        ),
        "flinkConfiguration": {**_configuration(given), **(given.get("configuration") or {})},
        "jobManager": {"resource": _resource(given, "jobmanager")},
        "taskManager": {"resource": _resource(given, "taskmanager")},
        **_state_template(given),
        "job": _present(
            jarURI=given.get("jar"),
            entryClass=given.get("entry_class"),
            args=given.get("args"),
            parallelism=given.get("parallelism"),
            upgradeMode=given.get("upgrade_mode"),
            initialSavepointPath=given.get("initial_savepoint"),
        ),
    }


def _configuration(given: Mapping[str, Any]) -> dict[str, str]:
    slots = {"taskmanager.numberOfTaskSlots": str(given["slots"])} if "slots" in given else {}
    every = given.get("checkpoint_interval")
    interval = {"execution.checkpointing.interval": str(every)} if every else {}
    return {**slots, **interval, **(_state_keys() if "state_folder" in given else {})}


def _state_keys() -> dict[str, str]:
    return {
        "state.checkpoints.dir": f"file://{STATE_MOUNT}/checkpoints",
        "state.savepoints.dir": f"file://{STATE_MOUNT}/savepoints",
        "high-availability.type": "kubernetes",
        "high-availability.storageDir": f"file://{STATE_MOUNT}/ha",
    }


def _state_template(given: Mapping[str, Any]) -> dict[str, Any]:
    """A folder of the node, shared by every pod of the cluster: for single-node clusters."""
    if "state_folder" not in given:
        return {}
    mount = {"name": STATE_VOLUME, "mountPath": STATE_MOUNT}
    folder = {"path": str(given["state_folder"]), "type": "DirectoryOrCreate"}
    return {
        "podTemplate": {
            "spec": {
                "containers": [{"name": MAIN_CONTAINER, "volumeMounts": [mount]}],
                "volumes": [{"name": STATE_VOLUME, "hostPath": folder}],
            }
        }
    }


def _resource(given: Mapping[str, Any], role: str) -> dict[str, Any]:
    return _present(cpu=given.get(f"{role}_cpu"), memory=given.get(f"{role}_memory"))


def _present(**fields: Any) -> dict[str, Any]:
    return {name: value for name, value in fields.items() if value not in (None, "")}
