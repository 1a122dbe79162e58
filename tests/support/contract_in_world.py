# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Another operator of the contract at work in a cluster in memory: what it sees, what it does.

It needs no request of ours and strikes no fault: it reads and writes the store itself.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from ansible_collections.flinkops.flink.plugins.module_utils.core.manifests import render
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.start import Start
from support.contract_operator import turn
from support.contract_record import Object, is_ha
from support.contract_steps import (
    Act,
    Around,
    Cancel,
    DeleteCluster,
    Fail,
    JobManager,
    JobShown,
    Nothing,
    Steps,
    StopWithSavepoint,
    Submit,
    Wait,
    Write,
)
from support.world import World
from support.world_operations import Operation
from support.world_store import key_of

RESOURCE = ("FlinkDeployment", "default", "app")
DEPLOYMENT = ("Deployment", "default", "app")
GENERATION = "flinkdeployment.flink.apache.org/generation"
NATIVE = "app=app,type=flink-native-kubernetes"
GRAPHS = ("jobGraph-", "executionPlan-")
TROUBLES = (
    "CrashLoopBackOff",
    "ImagePullBackOff",
    "ErrImagePull",
    "RunContainerError",
    "CreateContainerConfigError",
    "OOMKilled",
)
TICK = timedelta(milliseconds=100)
PAUSE = timedelta(seconds=5)


class TakenOver(Exception):
    """It ends here: the next one goes on from what it has written."""


@dataclass
class OtherOperator:
    """`keeps_extra`: whether fields of the status that the contract does not know survive."""

    world: World
    keeps_extra: bool = False
    acts: list[Act] = field(default_factory=list)
    """What it did in the cluster, without waiting and doing nothing."""
    refusals: list[str] = field(default_factory=list)
    writes_left: int | None = None
    """After so many writes somebody else takes the resource over, at once."""

    @property
    def resource(self) -> Object:
        return copy.deepcopy(self.world.objects[RESOURCE])

    def turn(self) -> Act | None:
        """One pass of its loop, and the last act of it."""
        return self._carry_out(turn(self.resource, self.around(), keeps_extra=self.keeps_extra))

    def run(self, turns: int = 60) -> None:
        """Until it has nothing to do any more, some times over."""
        calm = 0
        for _ in range(turns):
            before = self.resource.get("status")
            act = self.turn()
            self.world.passes(PAUSE)
            is_calm = isinstance(act, Nothing) and before == self.resource.get("status")
            calm = calm + 1 if is_calm else 0
            if calm == 3:
                return
            if len(self.refusals) > 5:
                raise AssertionError(f"it does not go on: {self.refusals[-1]}")
        raise AssertionError(f"it never ends: {self.acts[-3:]}")

    def _carry_out(self, steps: Steps) -> Act | None:
        answer, last = None, None
        try:
            while True:
                step = steps.send(answer)
                answer = None
                if isinstance(step, Write):
                    self._write(step)
                else:
                    last, answer = step, self._do(step)
        except StopIteration:
            return last

    def _write(self, step: Write) -> None:
        self.world.put({**self.resource, "status": step.status})
        if self.writes_left is not None:
            self.writes_left -= 1
            if self.writes_left <= 0:
                raise TakenOver

    def _do(self, act: Act) -> str | None:
        if isinstance(act, Fail):
            self.refusals.append(act.reason)
        elif not isinstance(act, Wait | Nothing):
            self.acts.append(act)
        match act:
            case Submit():
                self._submit(act)
            case DeleteCluster():
                self._delete(act)
            case StopWithSavepoint():
                return self._stop(act.job_id)
            case Cancel():
                job = self.world.flink.job_of()
                assert job is not None
                job.cancel()
            case _:
                pass
        return None

    # what it sees

    def around(self) -> Around:
        made = self.world.objects.get(DEPLOYMENT)
        maps = [item for item in self._native_maps() if _holds_a_job(item["metadata"]["name"])]
        keys = [key for item in maps for key in item.get("data") or {}]
        return Around(
            jobmanager=self._jobmanager(made) if made else None,
            has_ha_metadata=bool(maps),
            has_checkpoint_in_ha=any(key.startswith("checkpointID-") for key in keys),
            jobs=self._jobs(),
            triggers=dict(self._triggers()),
            now=milliseconds(self.world.now),
            fresh_job_id=f"{self.world.counter:032x}",
        )

    def _native_maps(self) -> list[Object]:
        return list(self.world.chosen("ConfigMap", "default", NATIVE))

    def _jobmanager(self, made: Object) -> JobManager:
        status = made.get("status") or {}
        available: Object = next(iter(status.get("conditions") or ()), {})
        is_down = available.get("status") == "False"
        since = available.get("lastTransitionTime")
        return JobManager(
            generation=(made["metadata"].get("annotations") or {}).get(GENERATION, ""),
            being_deleted="deletionTimestamp" in made["metadata"],
            is_available=bool(status.get("availableReplicas")),
            never_started=is_down and since == made["metadata"]["creationTimestamp"],
            trouble=next(self._troubles(), ""),
        )

    def _troubles(self) -> Iterator[str]:
        for pod in self.world.chosen("Pod", "default", "app=app,component=jobmanager"):
            for container in pod["status"]["containerStatuses"]:
                reason = (container["state"].get("waiting") or {}).get("reason", "")
                if reason in TROUBLES:
                    yield reason

    def _jobs(self) -> tuple[JobShown, ...] | None:
        job = self.world.flink.job_of()
        if job is None or self.world.flink.is_silent:
            return None
        if not job.is_listed:
            return ()
        last = job.completed[-1].path if job.completed else ""
        shown = JobShown(id=job.id, state=job.state, all_run=job.runs_whole, last_snapshot=last)
        return (shown,)

    def _triggers(self) -> Iterator[tuple[str, str]]:
        for operations in self.world.flink.operations.values():
            for (family, _, trigger), operation in operations.known.items():
                outcome = operation.outcome
                if family == "savepoint" and (outcome is None or "location" in outcome):
                    yield trigger, (outcome or {}).get("location", "")

    # what it does

    def _submit(self, act: Submit) -> None:
        """The objects that it makes are those that were recorded: the golden cases say so."""
        if is_ha(act.spec):
            self._drop_job_graphs()
        stored = self.resource
        given = {key: stored[key] for key in ("apiVersion", "kind", "metadata")}
        start = Start(
            job_id=act.job_id,
            generation=act.generation,
            owner_uid=stored["metadata"]["uid"],
            savepoint=act.path or None,
            job_result_store=f"other-{self.world.counter}",
        )
        deployment = parse({**given, "spec": without_nulls(act.spec)}, namespace="default")
        made = render(deployment, base={}, start=start)
        (jobmanager,) = made.deployments
        uid = self.world.put(copy.deepcopy(jobmanager))["metadata"]["uid"]
        for item in made.owned_by(uid):
            self.world.put(copy.deepcopy(item))

    def _drop_job_graphs(self) -> None:
        for item in self._native_maps():
            data = item.get("data") or {}
            kept = {key: value for key, value in data.items() if not key.startswith(GRAPHS)}
            self.world.put({**item, "data": kept})

    def _delete(self, act: DeleteCluster) -> None:
        made = self.world.objects.get(DEPLOYMENT)
        if made is not None:
            self.world.asked_to_go(made, at_once=False)
        self._until(lambda: DEPLOYMENT not in self.world.objects and not self._pods())
        for item in () if act.keeps_ha else self._native_maps():
            del self.world.objects[key_of(item)]

    def _pods(self) -> list[Object]:
        return list(self.world.chosen("Pod", "default", "app=app"))

    def _stop(self, job_id: str) -> str:
        job = self.world.flink.job_of()
        assert job is not None
        uid = next(uid for uid, found in self.world.flink.jobs.items() if found is job)
        stop = Operation(kind="stop", left=2, directory="file:///sp")
        self.world.flink.operations[uid].trigger(job_id, f"{self.world.counter:032x}", stop)
        self._until(lambda: stop.outcome is not None)
        return str((stop.outcome or {}).get("location", ""))

    def _until(self, is_so: Callable[[], bool]) -> None:
        for _ in range(200):
            if is_so():
                return
            self.world.passes(TICK)
        raise AssertionError("it waits for ever")


def _holds_a_job(name: str) -> bool:
    is_map = name.endswith("-config-map") and not name.endswith("-cluster-config-map")
    return is_map or name.endswith("-jobmanager-leader")


def milliseconds(time: datetime) -> int:
    return int(time.timestamp() * 1000)


def without_nulls(value: Object) -> Object:
    return {
        key: without_nulls(it) if isinstance(it, dict) else it
        for key, it in value.items()
        if it is not None
    }
