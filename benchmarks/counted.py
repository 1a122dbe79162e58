"""The counting job on a real cluster, brought there and changed by the playbooks as users run them.

Knows the job's resource, the playbooks and the job's own board. Refuses to know what is measured.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
import time
import uuid
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
sys.path[:0] = [str(ROOT / ".tree"), str(ROOT / "tests")]

from ansible_collections.flinkops.flink.plugins.module_utils.kube.api import Access, Api, connect
from ansible_collections.flinkops.flink.plugins.module_utils.kube.kinds import POD
from support.steerable import Start, SteerableJob

NAMESPACE = os.environ.get("BENCH_NAMESPACE", "flinkops-bench-job")
STATE = Path(os.environ.get("BENCH_STATE", "/var/lib/flinkops/local-cluster/flink-state"))
JAR = ROOT / "tests/jobs/steerable/target/steerable.jar"
DEADLINE = timedelta(minutes=5)
SMALL = {
    # A request of 0.2 and a limit of 0.5 cores in both roles.
    "kubernetes.jobmanager.cpu.limit-factor": "2.5",
    "kubernetes.taskmanager.cpu.limit-factor": "2.5",
}
PLAIN_LIMIT = "500m"


@dataclass
class Counted:
    """One application; `configuration` is added to its own."""

    mode: str
    configuration: Mapping[str, str] = field(default_factory=dict)
    state: str = "running"
    changes: int = 0
    name: str = field(default_factory=lambda: f"bench-{uuid.uuid4().hex[:6]}")
    api: Api = field(default_factory=lambda: connect(Access()))

    def __post_init__(self) -> None:
        self.job = SteerableJob.in_folder(STATE / self.name)
        shutil.copy(JAR, STATE / JAR.name)
        self.file = STATE / self.name / "resource.yaml"

    def deploy(self) -> None:
        """Until it is as its file says; what the playbook says goes to the person if it fails."""
        self.file.write_text(json.dumps(self.resource()))
        play("deploy", cr=str(self.file))

    def changed(self) -> None:
        """A change that asks for a new start, and for nothing else."""
        self.changes += 1

    def settles(self) -> None:
        """A checkpoint after the last change, and nothing of the start left to do."""
        for _more in range(2):
            self.job.board.wait_for_progress(within=DEADLINE)
        self.deploy()
        limits = self.limits()
        if limits - {PLAIN_LIMIT}:
            raise SystemExit(f"pods run with {limits}")

    def start(self, *, after: int) -> Start:
        return self.job.board.wait_for_start(after=after, within=DEADLINE)

    def starts(self) -> tuple[Start, ...]:
        return self.job.board.starts()

    def pods(self) -> list[dict[str, Any]]:
        return self.api.list(POD, NAMESPACE, labels=f"app={self.name},component")

    def limits(self) -> set[str]:
        """By what the node says that it gives."""
        return {
            str(status.get("resources", {}).get("limits", {}).get("cpu"))
            for pod in self.pods()
            for status in pod["status"].get("containerStatuses", ())
        }

    def remove(self) -> None:
        play("remove", remove_name=self.name, remove_namespace=NAMESPACE, remove_state="drop")
        shutil.rmtree(STATE / self.name, ignore_errors=True)

    def resource(self) -> dict[str, Any]:
        role = {"resource": {"cpu": 0.2, "memory": "1024m"}}
        here = f"/flink-state/{self.name}"
        return {
            "apiVersion": "flink.apache.org/v1beta1",
            "kind": "FlinkDeployment",
            "metadata": {"name": self.name, "namespace": NAMESPACE},
            "spec": {
                "image": os.environ.get("BENCH_IMAGE", "local/flink:1.20"),
                "imagePullPolicy": "IfNotPresent",
                "flinkVersion": os.environ.get("BENCH_VERSION", "v1_20"),
                "serviceAccount": "flink",
                "flinkConfiguration": self._configuration(here),
                "podTemplate": _with_state(),
                "jobManager": role,
                "taskManager": role,
                "job": {
                    "jarURI": f"local:///flink-state/{JAR.name}",
                    "args": ["--out", f"{here}/out", "--control", f"{here}/control"],
                    "parallelism": 1,
                    "state": self.state,
                    "upgradeMode": self.mode,
                },
            },
        }

    def _configuration(self, here: str) -> dict[str, str]:
        return {
            "execution.checkpointing.interval": "2 s",
            "execution.checkpointing.dir": f"file://{here}/checkpoints",
            "execution.checkpointing.savepoint-dir": f"file://{here}/savepoints",
            "high-availability.type": "kubernetes",
            "high-availability.storageDir": f"file://{here}/ha",
            "web.refresh-interval": str(3000 + self.changes),
            **SMALL,
            **self.configuration,
        }


def _with_state() -> dict[str, Any]:
    volume = {"name": "flink-state", "hostPath": {"path": str(STATE), "type": "Directory"}}
    mount = {"name": "flink-state", "mountPath": "/flink-state"}
    container = {"name": "flink-main-container", "volumeMounts": [mount]}
    return {"spec": {"containers": [container], "volumes": [volume]}}


def installed() -> None:
    play("install", install_namespaces=[NAMESPACE])


def uninstalled() -> None:
    play(
        "install",
        install_state="absent",
        install_namespaces=[NAMESPACE],
        install_remove_namespaces=True,
        install_custom_resource_definitions=False,
    )


def play(playbook: str, **variables: Any) -> None:
    command = ["ansible-playbook", f"playbooks/{playbook}.yml", "-e", json.dumps(variables)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if done.returncode:
        raise SystemExit(f"{time.strftime('%H:%M:%S')} {playbook}:\n{done.stdout}{done.stderr}")
