# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What another operator of the contract finds, and the steps it takes; see contract_operator."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from dataclasses import dataclass, field

from support.contract_record import Object


@dataclass(frozen=True, slots=True, kw_only=True)
class JobManager:
    """The JobManager's Deployment."""

    generation: str
    being_deleted: bool = False
    is_available: bool = True
    never_started: bool = False
    trouble: str = ""
    """A waiting reason of its pods by which the contract calls a deployment failed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class JobShown:
    """A job as REST shows it. `last_snapshot`: of its checkpoints and savepoints the newest."""

    id: str
    state: str = "RUNNING"
    all_run: bool = True
    last_snapshot: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Around:
    """What it finds beside the resource."""

    jobmanager: JobManager | None = None
    has_ha_metadata: bool = False
    has_checkpoint_in_ha: bool = False
    jobs: tuple[JobShown, ...] | None = None
    """None: REST does not answer."""
    triggers: Mapping[str, str] = field(default_factory=dict)
    """Savepoints by trigger id: the path, or nothing while one is under way; absent: forgotten."""
    now: int = 0
    fresh_job_id: str = "c" * 32


@dataclass(frozen=True, slots=True, kw_only=True)
class Write:
    status: Object


@dataclass(frozen=True, slots=True, kw_only=True)
class Submit:
    """Make the cluster. `origin`: empty, savepoint, last-state, or HA data without a checkpoint."""

    spec: Object
    job_id: str
    origin: str
    path: str = ""
    generation: int = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class DeleteCluster:
    keeps_ha: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class StopWithSavepoint:
    """The answer that is sent back is the savepoint's path."""

    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Cancel:
    job_id: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait:
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail:
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Nothing:
    pass


Act = Submit | DeleteCluster | StopWithSavepoint | Cancel | Wait | Fail | Nothing
Steps = Generator[Write | Act, str | None, None]
