# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What was found: one look at a custom resource, its objects and Flink, as one frozen value.

Silence is not absence: what did not answer is `Unseen`, never an empty list.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from .errors import Problem
from .spec import FlinkDeployment
from .trigger import TriggerSeen
from .trouble import Trouble

GENERATION_ANNOTATION = "flinkdeployment.flink.apache.org/generation"
FINALIZER = "flinkdeployments.flink.apache.org/finalizer"
VERB_ANNOTATION = "flinkops.flink/verb"


@dataclass(frozen=True, slots=True, kw_only=True)
class Resource:
    """The custom resource as stored. `deployment` is None where `problems` keep it from parsing."""

    name: str
    namespace: str
    uid: str
    generation: int
    deployment: FlinkDeployment | None
    problems: tuple[Problem, ...] = ()
    status: Mapping[str, Any] = field(default_factory=dict)
    finalizers: tuple[str, ...] = ()
    being_deleted: bool = False
    created: datetime | None = None
    verb: str = ""
    """What a person asks for by the annotation `flinkops.flink/verb`."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """The JobManager's Deployment. `generation` is the resource's one it was made for."""

    uid: str
    owner_uid: str
    generation: int | None
    replicas: int
    available: int
    being_deleted: bool
    never_available: bool
    """No JobManager of it ever answered its probe: no job can have run."""
    created: datetime | None = None
    is_complete: bool = True
    """Every object that goes with the Deployment (ConfigMaps, Services) is there."""
    job_id: str = ""
    """Of the start that its configuration was made for; empty where that can't be read."""
    store_id: str = ""
    """The last part of its job result store's path; empty without one."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Pods:
    jobmanagers: int = 0
    taskmanagers: int = 0
    unkilled: int = 0
    """How many were not yet told to end at once; or were, and should be gone by now."""
    names: tuple[str, ...] = ()
    progress: str = ""
    """What the youngest pod waits for, in words: Pending, ContainerCreating, Unschedulable…"""
    boosted: tuple[str, ...] = ()
    """Names of those that run with the CPU of their start still: a resize gives it back."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Holder:
    """The Lease of the resource: who drives it. That it is there is our claim on the resource."""

    identity: str
    expires: datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Unseen:
    """Flink's REST API did not answer, and why."""

    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkpoint:
    id: int
    path: str
    completed: datetime
    is_savepoint: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Counters:
    """Flink's own, since its JobManager began. None: it does not tell that one."""

    restarts: int | None = None
    checkpoints: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class JobSeen:
    """The job as Flink's REST API tells it. `started` and `updated` are in UTC."""

    id: str
    name: str
    state: str
    started: datetime | None
    tasks: int = 0
    tasks_running: int = 0
    root_exception: str | None = None
    last_checkpoint: Checkpoint | None = None
    checkpoints_completed: int | None = None
    """Since the JobManager began. None: the count could not be read."""
    checkpoints_pending: int = 0
    savepoint_trigger: TriggerSeen | None = None
    """What became of the savepoint that the status says to be under way."""
    checkpoint_trigger: TriggerSeen | None = None
    counters: Counters | None = None
    """None: not asked for, as nobody watches its health, or not answered."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FlinkSeen:
    version: str
    revision: str
    job: JobSeen | None
    """None: REST answers and does not know the job."""
    taskmanagers: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Seen:
    resource: Resource | None
    cluster: Cluster | None = None
    pods: Pods = field(default_factory=Pods)
    trouble: Trouble | None = None
    flink: FlinkSeen | Unseen = field(default_factory=lambda: Unseen(why="not asked"))
    leftover_state: tuple[str, ...] = ()
    """Names of ConfigMaps with HA data of this name."""
    ha_maps: tuple[str, ...] = ()
    """Names of all of Flink's own HA ConfigMaps, those among them that hold nothing."""
    has_checkpoint_in_ha: bool = False
    ha_checkpoints: Mapping[str, int] = field(default_factory=dict)
    """By job id: the number of the newest checkpoint in HA metadata, 0 where there is none yet."""
    is_namespace_going: bool = False
    claim: Holder | None = None
    beforehand: tuple[Problem, ...] = ()
    """What the cluster says before the first write: a missing account, a refused dry run."""
