"""deploy.yml's own time on a real cluster with real Flink, beside Flink's own start."""

from __future__ import annotations

import json
import os
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT / ".tree"))

from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import recorded
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FlinkSeen
from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Access, Api, connect
from ansible_collections.flinkops.flink.plugins.module_utils.kube.flink_look import (
    flink_client,
    look_at_flink,
)
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import FLINK_DEPLOYMENT

NAMESPACE, NAME = "flinkops-bench", "bench"
RUNS = 3
DEADLINE = 300
RESOURCE = {
    "apiVersion": "flink.apache.org/v1beta1",
    "kind": "FlinkDeployment",
    "metadata": {"name": NAME, "namespace": NAMESPACE},
    "spec": {
        "image": os.environ.get("BENCH_IMAGE", "local/flink:1.20"),
        "flinkVersion": "v1_20",
        "serviceAccount": "flink",
        "flinkConfiguration": {"execution.checkpointing.interval": "5 s"},
        "jobManager": {"resource": {"cpu": 0.5, "memory": "1024m"}},
        "taskManager": {"resource": {"cpu": 0.5, "memory": "1024m"}},
        "job": {
            "jarURI": "local:///opt/flink/examples/streaming/TopSpeedWindowing.jar",
            "parallelism": 1,
            "upgradeMode": "stateless",
        },
    },
}


def play(playbook: str, **variables: Any) -> str:
    command = ["ansible-playbook", f"playbooks/{playbook}.yml", "-e", json.dumps(variables)]
    done = subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True)
    return done.stdout


def when(seen: Callable[[], bool], into: list[float]) -> None:
    """Note the time at which `seen` first held; asks every 50 ms."""
    deadline = time.monotonic() + DEADLINE
    while not seen() and time.monotonic() < deadline:
        time.sleep(0.05)
    into.append(time.monotonic())


def job_runs(api: Api) -> bool:
    stored = api.get(FLINK_DEPLOYMENT, NAME, NAMESPACE)
    status = (stored or {}).get("status") or {}
    client = flink_client(api, name=NAME, namespace=NAMESPACE)
    flink = look_at_flink(client, recorded(status)) if status else None
    job = flink.job if isinstance(flink, FlinkSeen) else None
    return bool(job and job.state == "RUNNING" and 0 < job.tasks == job.tasks_running)


def deploy_once(api: Api, file: str) -> tuple[float, float, float]:
    """Seconds to the first write, from RUNNING to the end, and in all."""
    written: list[float] = []
    runs: list[float] = []
    watchers = [
        threading.Thread(
            target=when,
            args=(lambda: api.get(FLINK_DEPLOYMENT, NAME, NAMESPACE) is not None, written),
        ),
        threading.Thread(target=when, args=(lambda: job_runs(connect(Access())), runs)),
    ]
    began = time.monotonic()
    for watcher in watchers:
        watcher.start()
    play("deploy", cr=file)
    ended = time.monotonic()
    for watcher in watchers:
        watcher.join()
    return written[0] - began, ended - runs[0], ended - began


def settled_once(file: str) -> float:
    began = time.monotonic()
    output = play("deploy", cr=file)
    took = time.monotonic() - began
    if any("changed=" in line and "changed=0" not in line for line in output.splitlines()):
        raise SystemExit(f"a settled application was changed:\n{output}")
    return took


def rows() -> list[tuple[str, str, str]]:
    api = connect(Access())
    play("install", install_namespaces=[NAMESPACE])
    with tempfile.NamedTemporaryFile("w", suffix=".yaml") as file:
        json.dump(RESOURCE, file)
        file.flush()
        deploys = []
        for _run in range(RUNS):
            deploys.append(deploy_once(api, file.name))
            settled = [settled_once(file.name) for _again in range(RUNS)]
            play("remove", cr=file.name)
    play(
        "install",
        install_state="absent",
        install_namespaces=[NAMESPACE],
        install_remove_namespaces=True,
        install_custom_resource_definitions=False,
    )
    first, last, whole = (sorted(times) for times in zip(*deploys, strict=True))
    return [
        ("deploy.yml: start to first Kubernetes write", seconds(first), "1.5 s"),
        ("deploy.yml: job RUNNING with all tasks to the playbook's end", seconds(last), "1.5 s"),
        ("deploy.yml: in all, Flink's own start included", seconds(whole), "-"),
        ("deploy.yml on a settled CR, changed=0", seconds(sorted(settled)), "2 s"),
    ]


def seconds(times: list[float]) -> str:
    spread = f"{times[0]:.2f} to {times[-1]:.2f}, n={len(times)}"
    return f"median {statistics.median(times):.2f} s ({spread})"


if __name__ == "__main__":
    for row in rows():
        print(" | ".join(row))
