"""Our own time in upgrades, resumptions and recoveries; a lost Deployment; CPU of a settled turn.

Own time: from the playbook's start to its end, less every moment in which Kubernetes or Flink was
at work on what it had been asked for. At work means:
- a job that stops, from its last record until Flink's log says that it has ended;
- a cluster that goes, from the request until its Deployment and all its pods are gone;
- a cluster that comes, from its Deployment until Flink's log says that the last task runs;
- the first checkpoint, from Flink's trigger until it is completed.
So it holds the start of Ansible and of its modules, every look and write, and the time that a wait
went on after what it waited for. `python benchmarks/own_time.py`.
"""

from __future__ import annotations

import os
import random
import statistics
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from counted import NAMESPACE, Counted, installed, uninstalled
from machine import Used
from stamps import Stamps, What

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.kube import lease
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import DEPLOYMENT
from ansible_collections.flinkops.flink.plugins.module_utils.verbs import cluster, job
from ansible_collections.flinkops.flink.plugins.module_utils.verbs.turn import Question, turn

RUNS = int(os.environ.get("BENCH_RUNS", "3"))
TURNS = 200
LOGS_LAG = 1
DRIVER = "bench/1"
LONG = {"execution.checkpointing.interval": "10 min"}
"""The first checkpoint is the one that is asked for, not one that came by itself meanwhile."""
Span = tuple[float, float]
Row = tuple[str, str, str]


def own(app: Counted, happens: Callable[[], None]) -> tuple[float, float]:
    """Own time of one run of deploy.yml after `happens`; and of it, while no record was counted."""
    starts = len(app.starts())
    with Stamps(app.name, NAMESPACE) as stamps:
        happens()
        began = time.time()
        app.deploy()
        ended = time.time()
        begun = app.start(after=starts)
        time.sleep(LOGS_LAG)
        down = (_last_record(app), (begun.first_record_ms or 0) / 1000)
        busy = _at_work(stamps, down[0])
    return _left((began, ended), busy), _left((max(began, down[0]), down[1]), busy)


def _last_record(app: Counted) -> float:
    before = app.starts()[-2:-1]
    return (before[0].last_record_ms or 0) / 1000 if before else 0.0


def _at_work(stamps: Stamps, stopped: float) -> list[Span]:
    gone = stamps.of(What.GONE)
    tasks = stamps.of(What.TASK_RUNS)
    ends = stamps.of(What.END_ASKED)[:1] or gone[:1]
    spans = [(stopped, at) for at in stamps.of(What.JOB_ENDED)[:1]]
    spans += [(at, gone[-1]) for at in ends if gone]
    spans += [(at, tasks[-1]) for at in stamps.of(What.CLUSTER_MADE)[-1:] if tasks]
    asked = [at for at in stamps.of(What.CHECKPOINT_ASKED) if tasks and at > tasks[-1]]
    done = [at for at in stamps.of(What.CHECKPOINT_DONE) if asked and at > asked[0]]
    spans += [(asked[0], done[0])] if done else []
    return spans


def _left(whole: Span, busy: list[Span]) -> float:
    """Of the whole, what none of the spans covers."""
    left, at = 0.0, whole[0]
    for begin, end in sorted(busy):
        left += max(0.0, min(begin, whole[1]) - at)
        at = max(at, min(end, whole[1]))
    return left + max(0.0, whole[1] - at)


def upgrades(mode: str) -> list[tuple[float, float]]:
    app = Counted(mode=mode, configuration=LONG)
    try:
        app.deploy()
        return [own(app, app.changed) for _run in range(RUNS)]
    finally:
        app.remove()


def resumptions() -> list[tuple[float, float]]:
    app = Counted(mode="savepoint", configuration=LONG)
    found = []
    try:
        app.deploy()
        for _run in range(RUNS):
            app.state = "suspended"
            app.deploy()
            app.state = "running"
            found.append(own(app, lambda: None))
    finally:
        app.remove()
    return found


def recoveries() -> list[tuple[float, float]]:
    app = Counted(mode="last-state", configuration=LONG)
    try:
        app.deploy()
        return [own(app, lambda: _lose(app)) for _run in range(RUNS)]
    finally:
        app.remove()


def _lose(app: Counted) -> None:
    app.api.delete(DEPLOYMENT, app.name, NAMESPACE, options={"propagationPolicy": "Background"})


class Driven:
    """What a driver does that never sleeps longer than a second: a turn, its move, again."""

    def __init__(self, app: Counted) -> None:
        self.app = app
        self.question = Question(
            name=app.name,
            namespace=NAMESPACE,
            goal="deploy",
            driver=DRIVER,
            patience=datetime.now(UTC) + timedelta(days=1),
        )

    def turns(self) -> Plan:
        """One second of it."""
        began = time.monotonic()
        _seen, plan, _changed = turn(self.app.api, self.question)
        if plan.verdict is Verdict.GO:
            moves = job if plan.move in job.MOVES else cluster
            params = {"name": self.app.name, "namespace": NAMESPACE, "move": plan.move.value}
            moves.moved(self.app.api, params, check_mode=False)
        time.sleep(max(0.0, 1 - (time.monotonic() - began)))
        return plan

    def until_settled(self) -> None:
        while self.turns().verdict is not Verdict.SETTLED:
            pass

    def lost_and_made_again(self) -> tuple[float, float]:
        """Seconds from the deletion to the new Deployment, and of these after the last old pod."""
        with Stamps(self.app.name, NAMESPACE) as stamps:
            time.sleep(random.random())  # noqa: S311 - anywhere between two turns
            _lose(self.app)
            lost = time.time()
            while not (made := stamps.of(What.CLUSTER_MADE)):
                self.turns()
            gone = [at for at in stamps.of(What.GONE) if at < made[0]]
        return made[0] - lost, made[0] - max(gone, default=lost)

    def cpu_of_a_turn(self) -> float:
        began = time.process_time()
        for _turn in range(TURNS):
            turn(self.app.api, self.question)
        return (time.process_time() - began) / TURNS * 1000

    def leaves(self) -> None:
        lease.release(self.app.api, self.app.name, NAMESPACE, DRIVER, datetime.now(UTC))


def driven() -> list[Row]:
    app = Counted(mode="last-state")
    try:
        app.deploy()
        driver = Driven(app)
        cpu = driver.cpu_of_a_turn()
        lost = []
        for _run in range(RUNS):
            lost.append(driver.lost_and_made_again())
            driver.until_settled()
        driver.leaves()
    finally:
        app.remove()
    whole, ours = zip(*lost, strict=True)
    made_again = f"{seconds(whole)}, after its last pod {seconds(ours)}"
    return [
        ("lost JobManager Deployment to its re-creation, a turn a second", made_again, "3 s"),
        (f"CPU of a settled CR's turn, mean of {TURNS}", f"{cpu:.2f} ms", "5 ms"),
    ]


def rows() -> list[Row]:
    installed()
    kinds: dict[str, Callable[[], list[tuple[float, float]]]] = {
        "a savepoint upgrade": lambda: upgrades("savepoint"),
        "a last-state upgrade": lambda: upgrades("last-state"),
        "a resumption": resumptions,
        "a recovery": recoveries,
    }
    found = []
    for name, measured in kinds.items():
        before = Used.now()
        times = measured()
        others = Used.now().others_since(before)
        found.append((f"own time in {name}", _told(times, others), "2 s"))
        print(" | ".join(found[-1]), flush=True)
    return [*found, *driven()]


def _told(times: list[tuple[float, float]], others: float) -> str:
    whole, down = zip(*times, strict=True)
    return f"{seconds(whole)}, while no record was counted {seconds(down)} (others {others:.2f})"


def seconds(times: tuple[float, ...]) -> str:
    spread = f"{min(times):.1f} to {max(times):.1f}, n={len(times)}"
    return f"{statistics.median(times):.1f} s ({spread})"


if __name__ == "__main__":
    for row in rows():
        print(" | ".join(row))
    uninstalled()
