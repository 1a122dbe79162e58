# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Another operator of the contract takes a resource over after each of our writes, and we from it.

Never two starts of the same, never an empty one, and it goes on: in each chapter, with the fields
of the status that are ours alone kept or lost. The world itself stops a second writer.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Verdict
from support.contract_in_world import OtherOperator, TakenOver
from support.contract_steps import DeleteCluster, Submit
from support.driver import Driver, driver, status
from support.lifecycle_world import RESOURCE, annotate, edit_spec
from support.removals import REMOVALS, Removal
from support.resources import stateful
from support.scenarios import CHAPTERS, Chapter, scaled, suspended
from support.world import Crashed, Fault, World
from support.world_flink import keep

RETAINED = {"execution.checkpointing.externalized-checkpoint-retention": "RETAIN_ON_CANCELLATION"}
BY_CANCEL = {"kubernetes.operator.job.upgrade.last-state.job-cancel.enabled": "true", **RETAINED}
FURTHER = (
    Chapter(
        name="an upgrade that cancels",
        happens=scaled,
        parallelism=3,
        mode="last-state",
        configuration=BY_CANCEL,
    ),
    Chapter(
        name="an upgrade that cancels without HA",
        happens=scaled,
        parallelism=3,
        mode="last-state",
        has_ha=False,
        configuration=RETAINED,
    ),
    Chapter(
        name="a suspension that cancels",
        happens=suspended,
        parallelism=None,
        lifecycle="SUSPENDED",
        mode="last-state",
        has_ha=False,
        configuration=RETAINED,
    ),
    Chapter(
        name="another version of Flink",
        happens=lambda world: edit_spec(world, flinkVersion="v2_0"),
        mode="last-state",
        configuration=RETAINED,
    ),
    Chapter(
        name="a rollback of a stable version",
        happens=lambda world: annotate(world, "rollback"),
        before=(scaled,),
        lifecycle="ROLLED_BACK",
    ),
)
ALL = (*CHAPTERS, *FURTHER)
EACH = pytest.mark.parametrize("chapter", ALL, ids=lambda chapter: chapter.name)
MAKING = ("create Deployment", "apply Service", "apply ConfigMap")
"""Between two objects of one cluster the contract's own operator can't go on either."""
OURS_ALONE = ("a rollback of a stable version",)
"""A verb, and the version before the stable one: both are ours, and nothing to another operator."""
PATH = "file:///cp/old/chk-7"


@dataclass(frozen=True, slots=True, kw_only=True)
class Wrote:
    """A write of a run that nothing disturbs: the number of its request, and what it was."""

    request: int
    what: str


def goes_back(chapter: Chapter) -> bool:
    return chapter.lifecycle == "ROLLED_BACK"


def most_starts(chapter: Chapter) -> int:
    """A bad version, and its end; otherwise one."""
    return 2 if goes_back(chapter) else 1


def our_writes(chapter: Chapter) -> list[Wrote]:
    found = begun(chapter)
    requests, writes = found.world.requests, len(found.world.writes)
    found.deploy()
    numbers = [number for number in found.world.written_at if number >= requests]
    return wrote(numbers, found.world.writes[writes:])


def wrote(numbers: list[int], told: list[str]) -> list[Wrote]:
    """A Lease that is renewed in between changes nothing: it is told with the write before it."""
    found: list[Wrote] = []
    for at, what in zip(numbers, told, strict=True):
        is_between = what.startswith("replace Lease") and found
        found.append(Wrote(request=at, what=found[-1].what if is_between else what))
    return found


def begun(chapter: Chapter) -> Driver:
    begins = chapter.begins()
    chapter.happens(begins.world)
    return begins


def ended_after(chapter: Chapter, write: Wrote) -> Driver:
    """Our driver is killed right after that write."""
    found = begun(chapter)
    found.world.faults = {write.request: Fault.CRASH_AFTER}
    with pytest.raises(Crashed):
        found.deploy()
    found.world.faults = {}
    return found


def taken_over(chapter: Chapter, write: Wrote, *, keeps_extra: bool) -> Iterator[str]:
    """What is wrong with what the other operator makes of it."""
    before = len(chapter.begins().world.flink.starts)
    found = ended_after(chapter, write)
    world, at = found.world, told_of(found)
    other = OtherOperator(world, keeps_extra=keeps_extra)
    try:
        other.run()
    except AssertionError as stopped:
        if not write.what.startswith(MAKING):
            yield f"{at}: {stopped}"
    yield from (f"{at}: {lost}" for lost in world.flink.lost())
    made = len(world.flink.starts) - before
    if made > most_starts(chapter):
        yield f"{at}: {made} starts"
    if not write.what.startswith(MAKING) and not ends_as_it_may(chapter, found):
        yield f"{at}: it does not end as it was to"


def told_of(found: Driver) -> str:
    said = status(found)
    rule = (said.get("phase") or {}).get("rule", "no phase")
    job = said["jobStatus"].get("state")
    state = said["reconciliationStatus"]["state"]
    return f"{rule}, {state}, {said['jobManagerDeploymentStatus']}, {job}"


def ends_as_it_may(chapter: Chapter, found: Driver) -> bool:
    """Of a rollback the contract goes on where it is switched on; else a bad version has FAILED."""
    if chapter.name in OURS_ALONE:
        return found.world.flink.job_of() is not None
    is_told = goes_back(chapter) and status(found)["jobStatus"].get("state") == "FAILED"
    return is_told or runs_as(chapter, found.world)


def runs_as(chapter: Chapter, world: World) -> bool:
    job = world.flink.job_of()
    return (job.parallelism if job and job.runs_whole else None) == chapter.parallelism


def complaints(chapter: Chapter, *, keeps_extra: bool) -> list[str]:
    return [
        f"{write.what} | {complaint}"
        for write in our_writes(chapter)
        for complaint in taken_over(chapter, write, keeps_extra=keeps_extra)
    ]


@EACH
def test_another_operator_goes_on_after_each_of_our_writes(chapter: Chapter) -> None:
    assert complaints(chapter, keeps_extra=False) == []


@pytest.mark.parametrize("chapter", [ALL[0], ALL[2], ALL[8]], ids=lambda chapter: chapter.name)
def test_our_own_fields_change_nothing_for_it(chapter: Chapter) -> None:
    assert complaints(chapter, keeps_extra=True) == []


def goes_on(found: Driver) -> Verdict:
    """Our driver, started again until it has come to an end."""
    last = Verdict.WAIT
    for _ in range(6):
        found.world.passes(timedelta(seconds=61))
        with suppress(FlinkOpsError):
            last = found.deploy().verdict
        if last is Verdict.SETTLED:
            break
    return last


def we_take_over(chapter: Chapter, writes: int) -> tuple[list[str], bool]:
    """What is wrong with what we make of it; and whether it was at its end before."""
    found = begun(chapter)
    world, starts = found.world, len(found.world.flink.starts)
    other = OtherOperator(world, writes_left=writes)
    try:
        other.run()
    except TakenOver:
        is_done = False
    else:
        is_done = True
    at = f"after {writes} writes: {told_of(found)}"
    verdict = goes_on(found)
    told = [f"{at}: {lost}" for lost in world.flink.lost()]
    made = len(world.flink.starts) - starts
    if made > most_starts(chapter):
        told.append(f"{at}: {made} starts")
    if not runs_as(chapter, world) or verdict not in (Verdict.SETTLED, Verdict.FAILED):
        told.append(f"{at}: it ends as {verdict}, {status(found)['lifecycleState']}")
    return told, is_done


@pytest.mark.parametrize(
    "chapter", [it for it in ALL if it.name not in OURS_ALONE], ids=lambda chapter: chapter.name
)
def test_we_go_on_after_each_write_of_another_operator(chapter: Chapter) -> None:
    told: list[str] = []
    for writes in range(1, 20):
        wrong, is_done = we_take_over(chapter, writes)
        told += wrong
        if is_done:
            break
    assert told == []


EACH_REMOVAL = pytest.mark.parametrize(
    "removal",
    REMOVALS,
    ids=lambda removal: removal.name,
)
DOES_NOT_GO_ON = "it does not go on"
"""The contract's operator asks for a manual restore where a cluster is gone without HA metadata."""


def removal_writes(removal: Removal) -> list[Wrote]:
    found = removal.begins()
    requests, writes = found.world.requests, len(found.world.writes)
    found.remove()
    numbers = [number for number in found.world.written_at if number >= requests]
    return wrote(numbers, found.world.writes[writes:])


def lets_go(other: OtherOperator) -> None:
    """The contract's end of a resource that is being deleted: its cluster, then its finalizer."""
    other._delete(DeleteCluster(keeps_ha=False))
    stored = other.resource
    other.world.put_or_let_go({**stored, "metadata": {**stored["metadata"], "finalizers": []}})


def removal_taken_over(removal: Removal, write: Wrote, *, keeps_extra: bool) -> Iterator[str]:
    found = removal.begins()
    world, before = found.world, len(found.world.flink.starts)
    world.faults = {write.request: Fault.CRASH_AFTER}
    with pytest.raises(Crashed):
        found.remove()
    world.faults = {}
    at = write.what
    if RESOURCE in world.objects:
        at = f"{write.what}: {told_of(found)}"
        other = OtherOperator(world, keeps_extra=keeps_extra)
        is_going = "deletionTimestamp" in world.objects[RESOURCE]["metadata"]
        try:
            lets_go(other) if is_going else other.run()
        except AssertionError as stopped:
            if DOES_NOT_GO_ON not in str(stopped):
                yield f"{at}: {stopped}"
    world.passes(timedelta(seconds=1))
    yield from (f"{at}: {lost}" for lost in world.flink.lost())
    made = world.flink.starts[before:]
    if len(made) > 1:
        yield f"{at}: {len(made)} starts"
    if removal.mode != "stateless":
        yield from (f"{at}: it starts empty" for start in made if start.origin == "empty")


@EACH_REMOVAL
def test_another_operator_takes_over_a_removal_after_each_of_our_writes(removal: Removal) -> None:
    """It leaves what has ended, or starts it again from where it was; of removals it knows none."""
    told = [
        complaint
        for write in removal_writes(removal)
        for keeps_extra in (False, True)
        for complaint in removal_taken_over(removal, write, keeps_extra=keeps_extra)
    ]
    assert told == []


def beside_leftovers(verb: str) -> Driver:
    """A first deployment that finds HA data of its name; a person says which state to use."""
    cr = stateful()
    cr["metadata"]["annotations"] = {"flinkops.flink/verb": verb}
    found = driver(cr)
    keep(found.world, "app", f"{'d' * 32}-config-map", {"counter": "7"})
    return found


def test_a_first_start_from_a_state_that_a_person_named_is_not_begun_empty() -> None:
    """The contract begins a first start anew, and knows spec.job.initialSavepointPath alone."""
    found = beside_leftovers(f"restore-from={PATH}")
    before: list[dict[str, Any]] = []
    found.world.edits = {
        number: lambda world: before.append(copy.deepcopy(world.objects[RESOURCE]))
        for number in range(200)
    }
    with suppress(FlinkOpsError, AssertionError):
        found.deploy()
    ahead = next(it for it in before if (it.get("status") or {}).get("startedFrom"))
    world = World()
    world.put(replace_uid(ahead))
    other = OtherOperator(world)
    other.turn()
    (start,) = [act for act in other.acts if isinstance(act, Submit)]
    assert (start.origin, start.path) == ("savepoint", PATH)


def replace_uid(item: dict[str, Any]) -> dict[str, Any]:
    return {**item, "metadata": {"name": "app", "namespace": "default"}}
