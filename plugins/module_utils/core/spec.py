# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What is wanted: a FlinkDeployment (flink.apache.org/v1beta1) as frozen values.

Knows the fields, their types and the contract's initial values. Refuses to know how a mapping
becomes such a value (parse.py), which combinations are legal (validate.py), and what a cluster
makes of them (config.py, manifests).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

GROUP = "flink.apache.org"
VERSION = "v1beta1"
API_VERSION = f"{GROUP}/{VERSION}"

PodTemplate = Mapping[str, Any]
"""A Pod (metadata, spec) in the API server's form; apiVersion, kind and status were dropped."""


class FlinkVersion(StrEnum):
    V1_13 = "v1_13"
    V1_14 = "v1_14"
    V1_15 = "v1_15"
    V1_16 = "v1_16"
    V1_17 = "v1_17"
    V1_18 = "v1_18"
    V1_19 = "v1_19"
    V1_20 = "v1_20"
    V2_0 = "v2_0"
    V2_1 = "v2_1"
    V2_2 = "v2_2"
    V2_3 = "v2_3"
    V2_4 = "v2_4"

    @property
    def number(self) -> tuple[int, int]:
        """Major and minor, so that versions compare as numbers: v1_9 < v1_20."""
        major, minor = self.value[1:].split("_")
        return int(major), int(minor)

    def at_least(self, other: FlinkVersion) -> bool:
        return self.number >= other.number


class Mode(StrEnum):
    NATIVE = "native"
    STANDALONE = "standalone"


class JobState(StrEnum):
    RUNNING = "running"
    SUSPENDED = "suspended"


class UpgradeMode(StrEnum):
    STATELESS = "stateless"
    SAVEPOINT = "savepoint"
    LAST_STATE = "last-state"


class DeletionMode(StrEnum):
    """What becomes of the job, and of its state, when its resource is removed."""

    SAVEPOINT = "savepoint"
    CANCEL = "cancel"
    """Its last checkpoint stays and is named."""
    LEAVE = "leave"
    """Its checkpoints and HA metadata stay as they are, for the next resource of that name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The older form: `cpu` in cores, `memory` in Flink's sizes first (2g is binary)."""

    cpu: float | None = None
    memory: str | None = None
    ephemeral_storage: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Resources:
    """Kubernetes' own form: quantities as text by resource; it wins where it holds anything."""

    claims: tuple[Mapping[str, Any], ...] = ()
    limits: Mapping[str, str] = field(default_factory=dict)
    requests: Mapping[str, str] = field(default_factory=dict)

    def __bool__(self) -> bool:
        return bool(self.claims or self.limits or self.requests)


@dataclass(frozen=True, slots=True, kw_only=True)
class JobManager:
    resource: Resource | None = None
    resources: Resources | None = None
    replicas: int = 1
    pod_template: PodTemplate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskManager:
    resource: Resource | None = None
    resources: Resources | None = None
    replicas: int | None = None
    pod_template: PodTemplate | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingress:
    template: str | None = None
    class_name: str | None = None
    annotations: Mapping[str, str] | None = None
    labels: Mapping[str, str] | None = None
    tls: tuple[Mapping[str, Any], ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    jar_uri: str | None = None
    parallelism: int = 0
    entry_class: str | None = None
    args: tuple[str, ...] = ()
    state: JobState = JobState.RUNNING
    savepoint_trigger_nonce: int | None = None
    checkpoint_trigger_nonce: int | None = None
    initial_savepoint_path: str | None = None
    upgrade_mode: UpgradeMode = UpgradeMode.STATELESS
    allow_non_restored_state: bool | None = None
    savepoint_redeploy_nonce: int | None = None
    autoscaler_reset_nonce: int | None = None
    deletion_mode: DeletionMode | None = None
    """Ours alone: it is read where it stands, and never recorded in a status."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spec:
    image: str | None = None
    image_pull_policy: str | None = None
    service_account: str | None = None
    flink_version: FlinkVersion | None = None
    ingress: Ingress | None = None
    pod_template: PodTemplate | None = None
    job_manager: JobManager | None = None
    task_manager: TaskManager | None = None
    log_configuration: Mapping[str, str] | None = None
    mode: Mode | None = None
    job: Job | None = None
    restart_nonce: int | None = None
    flink_configuration: Mapping[str, str] = field(default_factory=dict)
    """Always flat: nested input was joined by dots, lists by semicolons, scalars made text."""
    flink_configuration_as_given: Mapping[str, Any] | None = field(default=None, compare=False)
    """Flat or nested as it was written: status records it in this form. Flat where it is None."""

    @property
    def is_standalone(self) -> bool:
        return self.mode is Mode.STANDALONE

    @property
    def is_session(self) -> bool:
        return self.job is None


@dataclass(frozen=True, slots=True, kw_only=True)
class FlinkDeployment:
    name: str
    namespace: str
    spec: Spec
    uid: str = ""
    generation: int = 1
    labels: Mapping[str, str] = field(default_factory=dict)
    annotations: Mapping[str, str] = field(default_factory=dict)
