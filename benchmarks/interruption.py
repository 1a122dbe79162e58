"""A job's interruption in an upgrade: from the last record before it to the first one after.

Real playbooks on real Flink, in each mode, with and without the start-up boost and class data in
the image; the requests and limits are the same in all of them once the job runs. The plain way has
the JVM's own class data, as every image has. `python benchmarks/interruption.py [way ...]`.
"""

from __future__ import annotations

import os
import statistics
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from counted import Counted, installed, uninstalled
from machine import Used

RUNS = int(os.environ.get("BENCH_RUNS", "3"))
MODES = tuple(os.environ.get("BENCH_MODES", "savepoint,last-state").split(","))
BOOST = "kubernetes.operator.start-boost.cpu-limit"
JVMS_OWN = {
    "env.java.opts.all": "-XX:SharedArchiveFile=/opt/java/openjdk/lib/server/classes.jsa",
}
WAYS: dict[str, Mapping[str, str]] = {
    "plain": JVMS_OWN,
    "boosted": {**JVMS_OWN, BOOST: "2"},
    "class data": {},
    "boosted with class data": {BOOST: "2"},
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Upgrade:
    """Seconds since the last record of the old job; containers start on a whole second."""

    jobmanager_runs: float
    taskmanager_runs: float
    first_record: float
    pods_cpu: float
    """CPU that the pods took, in seconds."""
    others: float
    """The share of the machine that anything else took."""

    def told(self) -> str:
        return (
            f"{self.first_record:.1f} s (JobManager's container {self.jobmanager_runs:.0f}, "
            f"TaskManager's {self.taskmanager_runs:.0f}, CPU of pods {self.pods_cpu:.1f}, "
            f"others {self.others:.2f})"
        )


def upgraded(app: Counted) -> Upgrade:
    """One upgrade, from a job that has run undisturbed to one that does again."""
    starts, before = len(app.starts()), Used.now()
    app.changed()
    app.deploy()
    began = app.start(after=starts)
    used = Used.now()
    last = (app.starts()[-2].last_record_ms or 0) / 1000
    if not began.restored:
        raise SystemExit("it did not start from its state")
    runs = {role: _started(app.pods(), role) - last for role in ("jobmanager", "taskmanager")}
    app.settles()
    return Upgrade(
        jobmanager_runs=runs["jobmanager"],
        taskmanager_runs=runs["taskmanager"],
        first_record=(began.first_record_ms or 0) / 1000 - last,
        pods_cpu=used.pods - before.pods,
        others=used.others_since(before),
    )


def _started(pods: list[dict[str, Any]], role: str) -> float:
    return max(
        datetime.fromisoformat(status["state"]["running"]["startedAt"]).timestamp()
        for pod in pods
        if pod["metadata"]["labels"]["component"] == role
        for status in pod["status"]["containerStatuses"]
    )


def measured(way: str, mode: str) -> list[Upgrade]:
    app = Counted(mode=mode, configuration=WAYS[way])
    found = []
    try:
        app.deploy()
        app.settles()
        for _run in range(RUNS):
            found.append(upgraded(app))
            print(f"  {time.strftime('%H:%M:%S')} {mode}, {way}: {found[-1].told()}", flush=True)
    finally:
        app.remove()
    return found


def rows(ways: tuple[str, ...] = tuple(WAYS)) -> list[tuple[str, str, str]]:
    installed()
    result = []
    for mode in MODES:
        for way in ways:
            found = measured(way, mode)
            goal = "-" if way == "plain" else "a third of plain"
            result.append((f"interruption by an upgrade, {mode}, {way}", _told(found), goal))
    return result


def _told(found: list[Upgrade]) -> str:
    times = sorted(one.first_record for one in found)
    others = max(one.others for one in found)
    spread = f"{times[0]:.1f} to {times[-1]:.1f}, n={len(times)}"
    return f"median {statistics.median(times):.1f} s ({spread}; others at most {others:.2f})"


if __name__ == "__main__":
    for row in rows(tuple(sys.argv[1:]) or tuple(WAYS)):
        print(" | ".join(row))
    uninstalled()
