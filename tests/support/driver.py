# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What the roles deploy and remove do, turn by turn, against a cluster in memory."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Any, cast

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import FlinkOpsError
from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import verb_of
from ansible_collections.flinkops.flink.plugins.module_utils.kube import lease
from ansible_collections.flinkops.flink.plugins.module_utils.kube.act import applied
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Api
from ansible_collections.flinkops.flink.plugins.module_utils.verbs import (
    cluster,
    custom_resource,
    job,
)
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import Question, turn
from support import resources
from support.world import Crashed, World
from support.world_store import stamp

BARE = {("Namespace", "", "default"), ("ServiceAccount", "default", "flink")}
"""What is there before anything is deployed."""
NAMED = {"name": "app", "namespace": "default"}
stateful = resources.stateful


@dataclass
class Driver:
    """Runs of a playbook, one after the other; each has its own identity."""

    world: World
    runs: int = 0
    changed: bool = False
    patience: timedelta = timedelta(minutes=10)
    turns: int = 120
    """Of one run; more of them never end."""
    verb: str = ""
    """A person's word, by the playbook."""
    name: str = NAMED["name"]
    namespace: str = NAMED["namespace"]

    @property
    def api(self) -> Api:
        return cast("Api", self.world)

    def question(self, goal: str, word: Word) -> Question:
        return Question(
            name=self.name,
            namespace=self.namespace,
            goal=goal,
            word=word,
            verb=verb_of(self.verb, at="verb"),
            driver=f"test/{self.runs}",
            patience=self.world.now + self.patience,
            clock=self.world.clock,
        )

    def store(self, definition: dict[str, Any]) -> None:
        applied(self.api, definition, dry_run=False)

    def deploy(self) -> Plan:
        return self._run("deploy", Word.KEEP)

    def remove(self, word: Word = Word.KEEP) -> Plan:
        return self._run("remove", word)

    def _run(self, goal: str, word: Word) -> Plan:
        """One run of the playbook: turns and moves until there is nothing more to wait for."""
        self.runs += 1
        self.changed = False
        question = self.question(goal, word)
        for _ in range(self.turns):
            _, plan, told = turn(self.api, question)
            self.changed = self.changed or told
            if plan.verdict is Verdict.GO:
                self.changed = True
                self.move(plan.move, word)
            elif plan.verdict is Verdict.WAIT:
                self.world.passes(timedelta(seconds=1))
            else:
                mine = (self.name, self.namespace, question.driver)
                lease.release(self.api, *mine, self.world.now)
                return plan
        raise AssertionError(f"it never ends: {plan.because}")

    def move(self, move: Move, word: Word) -> None:
        named = {"name": self.name, "namespace": self.namespace}
        params = {**named, "move": move.value, "force": word is Word.FORCE}
        if move is Move.DELETE_RESOURCE:
            custom_resource.removed(self.api, params, check_mode=False)
        elif move is Move.RELEASE_FINALIZER:
            custom_resource.released(self.api, params, check_mode=False)
        elif move in job.MOVES:
            job.moved(self.api, params, check_mode=False)
        else:
            cluster.moved(self.api, params, check_mode=False)

    def until_done(self, run: Callable[[], Plan], *, runs: int = 40) -> Plan:
        """A person who starts the playbook again whenever it failed."""
        said = ""
        for _ in range(runs):
            try:
                plan = run()
            except (FlinkOpsError, Crashed) as failed:
                said = str(failed)
                self.world.passes(timedelta(seconds=5))
                continue
            said = plan.because
            if plan.verdict is Verdict.SETTLED:
                return plan
            self.world.passes(timedelta(seconds=61))
        raise AssertionError(f"never done: {said}")


def driver(cr: dict[str, Any] | None = None, **world: Any) -> Driver:
    """The resource is stored, nothing else; faults begin after that."""
    found = Driver(World(**world))
    found.world.put(cr or resources.definition())
    return found


def status(of: Driver) -> dict[str, Any]:
    found: dict[str, Any] = of.world.objects["FlinkDeployment", "default", "app"]["status"]
    return found


def left(of: Driver) -> set[tuple[str, str, str]]:
    of.world.passes(timedelta(seconds=1))
    return set(of.world.objects) - BARE


def assert_settled(of: Driver) -> None:
    """It runs, as it was announced; again changes nothing, once no Lease is held any more."""
    found = status(of)
    assert found["lifecycleState"] == "STABLE"
    assert found["jobStatus"]["state"] == "RUNNING"
    assert found["jobStatus"]["jobId"] == found["startedFrom"]["jobId"]
    assert found["jobStatus"]["jobId"] == of.world.flink.started[-1]
    assert [job.id for job in of.world.flink.jobs.values()] == [of.world.flink.started[-1]]
    of.world.faults = {}
    of.world.passes(timedelta(seconds=61))
    assert of.deploy().verdict is Verdict.SETTLED
    assert _without_ledger(status(of)) == _without_ledger(found)
    writes = len(of.world.writes)
    assert of.deploy().verdict is Verdict.SETTLED
    assert (of.world.writes[writes:], of.changed) == ([], False)


def _without_ledger(of: dict[str, Any]) -> dict[str, Any]:
    """Each minute a newer checkpoint is noted, and nothing else."""
    return {name: value for name, value in of.items() if name != "ledger"}


def takes_the_lease(world: World) -> None:
    """Another driver has the Lease, and dies with it."""
    lease = world.objects.get(("Lease", "default", "flinkops-app"))
    if lease is not None:
        spec = {"holderIdentity": "test/other", "leaseDurationSeconds": 60}
        world.put({**lease, "spec": {**spec, "renewTime": stamp(world.now)}})
