# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Chapters of an application's life: how each begins, what happens, and how it must end."""

from __future__ import annotations

import pickle
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from functools import cache
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from support.driver import Driver, driver, status
from support.lifecycle_world import (
    deletes_deployment,
    edit_spec,
    job_fails,
    kills_jobmanager,
    kills_taskmanager,
)
from support.resources import stateful
from support.world import World

BAD = "example/flink:bad"
QUICK = {
    "kubernetes.operator.deployment.readiness.timeout": "5 min",
    "execution.checkpointing.timeout": "20 s",
    "kubernetes.operator.flink.client.cancel.timeout": "20 s",
    "kubernetes.operator.resource.cleanup.timeout": "20 s",
}
NO_HA = ("high-availability.type", "high-availability.storageDir")


@dataclass(frozen=True, kw_only=True)
class Chapter:
    """`happens` to a settled application; `parallelism` of the job that runs in the end, if any."""

    name: str
    happens: Callable[[World], Any]
    mode: str = "savepoint"
    has_ha: bool = True
    parallelism: int | None = 2
    lifecycle: str = "STABLE"
    configuration: dict[str, str] = field(default_factory=dict)
    before: tuple[Callable[[World], Any], ...] = ()
    """What has happened, and was served, before it begins."""

    def begins(self) -> Driver:
        """To live until then takes longer than most of what is tried: it is done once for all."""
        life = _life(self.mode, self.has_ha, tuple(sorted(self.configuration.items())), self.before)
        found: Driver = pickle.loads(life)  # noqa: S301 - written by this very process
        return found


@cache
def _life(
    mode: str,
    has_ha: bool,
    configuration: tuple[tuple[str, str], ...],
    before: tuple[Callable[[World], Any], ...],
) -> bytes:
    """A settled application, as bytes: each test has its own."""
    cr = stateful()
    conf = cr["spec"]["flinkConfiguration"]
    conf |= {**QUICK, **dict(configuration)}
    if not has_ha:
        for key in NO_HA:
            del conf[key]
    cr["spec"]["job"]["upgradeMode"] = mode
    found = driver(cr)
    found.turns = 800  # some blows let one deadline after the other pass
    found.world.flink.fails_on = frozenset({BAD})
    for happens in (_nothing, *before):
        happens(found.world)
        assert found.deploy().verdict is Verdict.SETTLED
        _lets_it_run(found.world)
    return pickle.dumps(found)


def _nothing(_world: World) -> None:
    pass


def _lets_it_run(world: World) -> None:
    """Long enough for checkpoints that no status names yet; and the Lease runs out."""
    for _ in range(3):
        world.passes(timedelta(seconds=2))
    world.passes(timedelta(seconds=61))


def scaled(world: World) -> None:
    edit_spec(world, job={"parallelism": 3})


def suspended(world: World) -> None:
    edit_spec(world, job={"state": "suspended"})


def resumed(world: World) -> None:
    edit_spec(world, job={"state": "running"})


def broken(world: World) -> None:
    edit_spec(world, image=BAD)


CHAPTERS = (
    Chapter(name="an upgrade by savepoint", happens=scaled, parallelism=3),
    Chapter(name="an upgrade by savepoint without HA", happens=scaled, parallelism=3, has_ha=False),
    Chapter(name="an upgrade by last-state", happens=scaled, parallelism=3, mode="last-state"),
    Chapter(
        name="an upgrade by last-state with a start-up boost",
        happens=scaled,
        parallelism=3,
        mode="last-state",
        configuration={
            "kubernetes.operator.start-boost.cpu-limit": "4",
            "kubernetes.jobmanager.cpu.limit-factor": "2",
            "kubernetes.taskmanager.cpu.limit-factor": "2",
        },
    ),
    Chapter(name="a stateless upgrade", happens=scaled, parallelism=3, mode="stateless"),
    Chapter(name="a suspension", happens=suspended, parallelism=None, lifecycle="SUSPENDED"),
    Chapter(
        name="a suspension by last-state",
        happens=suspended,
        mode="last-state",
        parallelism=None,
        lifecycle="SUSPENDED",
    ),
    Chapter(name="a resumption", happens=resumed, before=(suspended,)),
    Chapter(
        name="a resumption by last-state", happens=resumed, before=(suspended,), mode="last-state"
    ),
    Chapter(name="a rollback", happens=broken, lifecycle="ROLLED_BACK"),
    Chapter(
        name="a rollback by last-state",
        happens=broken,
        mode="last-state",
        lifecycle="ROLLED_BACK",
    ),
    Chapter(name="a lost Deployment", happens=deletes_deployment),
    Chapter(name="a lost Deployment by last-state", happens=deletes_deployment, mode="last-state"),
    Chapter(name="a killed JobManager", happens=kills_jobmanager),
    Chapter(name="a killed TaskManager", happens=kills_taskmanager),
    Chapter(
        name="a failed job that is to be restarted",
        happens=job_fails,
        configuration={"kubernetes.operator.job.restart.failed": "true"},
    ),
)


def reached(found: Driver, plan: Plan, of: Chapter) -> None:
    """It is as the chapter says, nothing was lost, and again changes nothing."""
    assert plan.verdict in (Verdict.SETTLED, Verdict.FAILED), plan
    world = found.world
    job = world.flink.job_of()
    live = job is not None and job.runs_whole
    assert (job.parallelism if job and live else None) == of.parallelism, plan
    assert status(found)["lifecycleState"] == of.lifecycle, plan
    assert world.flink.lost() == []
    world.faults, world.edits = {}, {}
    world.passes(timedelta(seconds=61))
    found.deploy()  # the ledger may be written on its own once a minute
    writes, starts = len(world.writes), len(world.flink.starts)
    again = found.deploy()
    assert (again.verdict, again.because) == (plan.verdict, plan.because)
    assert world.writes[writes:] == []
    assert len(world.flink.starts) == starts
