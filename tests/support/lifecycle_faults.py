# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may befall a chapter of an application's life, and a person who starts playbooks again."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from datetime import timedelta
from typing import Any

from hypothesis import settings

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from support.driver import Driver, status, takes_the_lease
from support.lifecycle_world import (
    RESOURCE,
    clock_jumps,
    deletes_deployment,
    edit_spec,
    job_fails,
    kills_jobmanager,
    kills_taskmanager,
    loses_ha_maps,
    loses_storage,
    switched,
)
from support.scenarios import BAD, Chapter
from support.world import Crashed, Fault, World

MOST = 250
"""Examples of whole lives: each takes as long as some hundred of a parser."""
BEFALLS: dict[str, Callable[[World], Any]] = {
    "nothing": lambda _world: None,
    "another driver": takes_the_lease,
    "a clock an hour fast": clock_jumps(timedelta(hours=1)),
    "a clock half a minute slow": clock_jumps(timedelta(seconds=-30)),
    "its JobManager is killed": kills_jobmanager,
    "its TaskManager is killed": kills_taskmanager,
}
EDITS: dict[str, Callable[[World], Any]] = {
    "another parallelism": lambda world: edit_spec(world, job={"parallelism": 5}),
    "another image": lambda world: edit_spec(world, image="example/flink:3"),
    "a suspension": lambda world: edit_spec(world, job={"state": "suspended"}),
    "last-state": lambda world: edit_spec(world, job={"upgradeMode": "last-state"}),
    "savepoint": lambda world: edit_spec(world, job={"upgradeMode": "savepoint"}),
}
"""What a person may want while something else comes about."""
BLOWS: dict[str, Callable[[World], Any]] = {
    "its Deployment is deleted": deletes_deployment,
    "its HA data is deleted": loses_ha_maps,
    "its storage is gone": loses_storage,
    "its job fails": job_fails,
    "savepoints fail": switched(savepoints_fail=True),
    "savepoints never end": switched(savepoints_hang=True),
    "checkpoints fail": switched(checkpoints_fail=True),
    "its job does not stop": switched(fails_when_stopping=True),
    "it can't be cancelled": switched(cancel_hangs=True),
    "it restarts for ever": switched(restarts=True),
    "it is silent": switched(is_silent=True),
}
"""Not all of them let a chapter come to its end; none of them may cost what was kept."""


def until_it_rests(found: Driver, run: Callable[[], Plan], *, runs: int = 12) -> Plan:
    """A person who starts the playbook again until it says the same thing twice."""
    said: tuple[Verdict, str] | None = None
    for _ in range(runs):
        try:
            plan = run()
        except (FlinkOpsError, Crashed):
            said = None
            found.world.passes(timedelta(seconds=5))
            continue
        is_ours = plan.because != "another_driver_holds_the_lease"
        if plan.verdict is Verdict.SETTLED or (is_ours and said == (plan.verdict, plan.because)):
            return plan
        said = plan.verdict, plan.because
        found.world.passes(timedelta(seconds=61))
    raise AssertionError(f"never at rest: {said}")


def some(examples: int) -> settings:
    """So many, and more of them where the profile asks for many."""
    return settings(deadline=None, max_examples=max(examples, min(MOST, asked().max_examples)))


def asked() -> settings:
    """The profile that is loaded: HYPOTHESIS_PROFILE."""
    found: settings = settings()
    return found


def struck(found: Driver, faults: dict[int, Fault]) -> None:
    """Faults by the number of the request from now on."""
    now = found.world.requests
    found.world.faults = {now + at: fault for at, fault in faults.items()}


def faults_at(
    position: int, begin: Callable[[], Driver], run: Callable[[Driver], Any]
) -> list[Fault]:
    """The faults that make a difference at that write.

    To the world the others are one of these, at this write or at the one before it. Where a driver
    ends over a lost answer without another request, it might as well have been killed there.
    """
    found = begin()
    struck(found, {position: Fault.LOST_ANSWER})
    end = found.world.requests + position + 1
    with suppress(FlinkOpsError):
        run(found)
    is_over = found.world.requests == end
    return [Fault.CONFLICT, Fault.CRASH_AFTER, *([] if is_over else [Fault.LOST_ANSWER])]


def written(chapter: Chapter) -> list[tuple[int, str]]:
    """Each write, without faults, by its request: between two a crash makes no difference."""
    if chapter.name not in _WRITTEN:
        _WRITTEN[chapter.name] = _writes_of(chapter)
    return _WRITTEN[chapter.name]


_WRITTEN: dict[str, list[tuple[int, str]]] = {}


def _writes_of(chapter: Chapter) -> list[tuple[int, str]]:
    found = chapter.begins()
    before, now = len(found.world.written_at), found.world.requests
    chapter.happens(found.world)
    until_it_rests(found, found.deploy)
    numbers = (at - now for at in found.world.written_at[before:])
    return list(zip(numbers, found.world.writes[before:], strict=True))


def reached_as_edited(found: Driver, plan: Plan, *, parallelism: int) -> None:
    """It is as the spec says by now; a bad version is left for the stable one, as `parallelism`."""
    world = found.world
    spec = world.objects[RESOURCE]["spec"]
    job = world.flink.job_of()
    runs = job.parallelism if job and job.runs_whole else None
    assert world.flink.lost() == []
    if spec["job"].get("state") == "suspended":
        assert (plan.verdict, runs) == (Verdict.SETTLED, None), plan
        assert status(found)["lifecycleState"] == "SUSPENDED"
    elif spec["image"] == BAD:
        assert (plan.verdict, runs) == (Verdict.FAILED, parallelism), plan
        assert status(found)["lifecycleState"] == "ROLLED_BACK"
    else:
        assert (plan.verdict, runs) == (Verdict.SETTLED, spec["job"]["parallelism"]), plan
        assert status(found)["lifecycleState"] == "STABLE"
    world.faults, world.edits = {}, {}
    found.world.passes(timedelta(seconds=61))
    found.deploy()  # the ledger may be written on its own once a minute
    writes = len(world.writes)
    assert found.deploy().because == plan.because
    assert world.writes[writes:] == []


def assert_removed(found: Driver) -> None:
    found.until_done(lambda: found.remove(Word.KEEP))
    found.world.passes(timedelta(seconds=1))
    assert not found.world.flink.jobs
    assert found.world.flink.lost() == []


def nothing(_world: World) -> None:
    pass
