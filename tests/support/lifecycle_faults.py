# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What may befall a chapter of an application's life, and a person who starts playbooks again."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from support.driver import Driver, takes_the_lease
from support.lifecycle_world import (
    clock_jumps,
    deletes_deployment,
    job_fails,
    kills_jobmanager,
    kills_taskmanager,
    loses_ha_maps,
    loses_storage,
    switched,
)
from support.scenarios import Chapter
from support.world import Crashed, Fault, World

BEFALLS: dict[str, Callable[[World], Any]] = {
    "nothing": lambda _world: None,
    "another driver": takes_the_lease,
    "a clock an hour fast": clock_jumps(timedelta(hours=1)),
    "a clock half a minute slow": clock_jumps(timedelta(seconds=-30)),
    "its JobManager is killed": kills_jobmanager,
    "its TaskManager is killed": kills_taskmanager,
}
GENTLE = sorted(set(BEFALLS) - {"a clock an hour fast", "its JobManager is killed"})
"""Without two that end some chapters in a failure; each has a test of its own."""
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


def struck(found: Driver, faults: dict[int, Fault]) -> None:
    """Faults by the number of the request from now on."""
    now = found.world.requests
    found.world.faults = {now + at: fault for at, fault in faults.items()}


def written(chapter: Chapter) -> list[tuple[int, str]]:
    """Each write, without faults, by its request: between two a crash makes no difference."""
    found = chapter.begins()
    before, now = len(found.world.written_at), found.world.requests
    chapter.happens(found.world)
    until_it_rests(found, found.deploy)
    numbers = (at - now for at in found.world.written_at[before:])
    return list(zip(numbers, found.world.writes[before:], strict=True))


def assert_removed(found: Driver) -> None:
    found.until_done(lambda: found.remove(Word.KEEP))
    found.world.passes(timedelta(seconds=1))
    assert not found.world.flink.jobs
    assert found.world.flink.lost() == []


def nothing(_world: World) -> None:
    pass
