# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""One counting job that a module's tests carry from one scenario to the next.

Each test finds it running as its first definition says: what the test before left behind is put
right, and a job that a failed test spoilt is made anew, with a history of its own.
"""

from __future__ import annotations

import copy
import shutil
import subprocess
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from .applications import namespace_for, state_folder_for
from .cluster import Cluster, Object, until
from .counter import Broken, violations
from .counting import JAR
from .custom_resource import FACTORS, custom_resource
from .playbook import ROOT, Player, Run, Started
from .steerable import Fault, SteerableJob, Steering
from .versions import ON_EACH, Flink

NAME = "counter"
SOON = timedelta(seconds=60)
IN_POD = "/flink-state"
VERB = "flinkops.flink/verb"
OPERATOR = "kubernetes.operator."
CONFIGURATION = {
    **FACTORS,
    "execution.checkpointing.interval": "1 s",
    "execution.checkpointing.tolerable-failed-checkpoints": "1000",
    "state.checkpoints.num-retained": "20",
    "state.checkpoints.dir": f"file://{IN_POD}/checkpoints",
    "state.savepoints.dir": f"file://{IN_POD}/savepoints",
    "high-availability.type": "kubernetes",
    "high-availability.storageDir": f"file://{IN_POD}/ha",
    "restart-strategy.type": "fixed-delay",
    "restart-strategy.fixed-delay.attempts": "1000",
    "restart-strategy.fixed-delay.delay": "1 s",
    f"{OPERATOR}deployment.readiness.timeout": "400 s",
}


@dataclass(slots=True, kw_only=True)
class Carried:
    """The job, its resource as a file, and what became of both."""

    cluster: Cluster
    person: Player
    namespace: str
    flink: Flink
    folder: Path
    """What its pods see as IN_POD."""
    lives: int = 0
    version: int = 0
    control: str = "control"
    first: dict[str, Any] = field(default_factory=dict)
    definition: dict[str, Any] = field(default_factory=dict)
    job: SteerableJob = field(init=False)

    def begin(self, *, may_be_taken_back: bool = False, **first: Any) -> None:
        """Run as `first` says; where the last test left it so, nothing is done.

        `may_be_taken_back`: a rolled back version is good enough, whose file is put right only.
        """
        self._hold_job()
        self.job.steering.clear_all()
        self.let_savepoints()
        is_well = self.lives > 0 and self._is_well(may_be_taken_back)
        is_same, self.first = first == self.first, first
        if is_well and self.definition == self._definition(**first):
            return
        self.definition = self._definition(**first)
        if is_well and is_same and self.status["lifecycleState"] == "ROLLED_BACK":
            return
        if is_well:
            self.deploy().well()
        else:
            self.first_run(**first).well()
        self.job.board.wait_for_value(1, within=SOON)

    def first_run(self, *, has_checkpoints: bool = True, **first: Any) -> Run:
        """A life of its own, from nothing."""
        self._wipe()
        self.lives += 1
        self._hold_job()
        self.first, self.definition = first, self._definition(**first)
        return self.deploy(deploy_wait_for_checkpoint=has_checkpoints)

    def bar_savepoints(self) -> None:
        """A file stands where their folder would be: no user can write there."""
        folder = self.folder / "savepoints"
        if folder.is_dir():
            folder.rename(self.folder / "savepoints-aside")
        folder.touch()

    def let_savepoints(self) -> None:
        folder, aside = self.folder / "savepoints", self.folder / "savepoints-aside"
        if folder.is_file():
            folder.unlink()
        if aside.is_dir():
            aside.rename(folder)

    def _is_well(self, may_be_taken_back: bool) -> bool:
        status = self.resource.get("status") or {}
        states = ("STABLE", "ROLLED_BACK") if may_be_taken_back else ("STABLE",)
        is_stable = status.get("lifecycleState") in states and not status.get("phase")
        runs = (status.get("jobStatus") or {}).get("state") == "RUNNING"
        return is_stable and runs and not violations(self.job.board.history())

    def _wipe(self) -> None:
        """By force: nothing of the code under test is asked."""
        cluster, namespace = self.cluster, self.namespace
        cluster.free_resources(namespace)
        for plural in ("flinkdeployments", "deployments", "pods", "configmaps", "leases"):
            for item in cluster.list(plural, namespace):
                cluster.delete(plural, item["metadata"]["name"], namespace, gracePeriodSeconds=0)
        until(lambda: not cluster.made(namespace), "the last life is gone", within=120)

    def _definition(
        self, conf: Mapping[str, str | None] | None = None, job: Mapping[str, Any] | None = None
    ) -> dict[str, Any]:
        given = {**CONFIGURATION, **(conf or {})}
        return custom_resource(
            NAME,
            self.namespace,
            image=self.flink.image,
            flinkVersion=self.flink.version,
            flinkConfiguration={key: value for key, value in given.items() if value is not None},
            podTemplate=_with_folder(self.folder),
            job={
                "jarURI": f"local://{IN_POD}/{JAR.name}",
                "args": self.arguments(),
                "parallelism": 1,
                "upgradeMode": "savepoint",
                **(job or {}),
            },
        )

    def arguments(self, control: str = "") -> list[str]:
        """Steered by another folder, a version has faults that the one before it has not."""
        here = f"{IN_POD}/job-{self.lives}"
        steered = ["--out", f"{here}/out", "--control", f"{here}/{control or self.control}"]
        return [*steered, "--name", f"version-{self.version}"]

    def renew(self, *, control: str = "") -> None:
        """Into the file only: another version, which the tests after this one may keep."""
        self.version += 1
        self.control = control or self.control
        self.edit(job={"args": self.arguments()})

    def _hold_job(self) -> None:
        root = self.folder / f"job-{self.lives}"
        steering = Steering(root / self.control)
        self.job = replace(SteerableJob.in_folder(root), steering=steering)
        steering.folder.mkdir(exist_ok=True)
        steering.folder.chmod(0o777)

    def fault(self, fault: Fault, content: str = "", *, control: str) -> None:
        """In a folder that only a version steered by it looks at."""
        folder = self.folder / f"job-{self.lives}" / control
        folder.mkdir(exist_ok=True)
        folder.chmod(0o777)
        (folder / fault).write_text(content)
        (folder / fault).chmod(0o666)

    def no_fault(self, fault: Fault, *, control: str) -> None:
        (self.folder / f"job-{self.lives}" / control / fault).unlink(missing_ok=True)

    def no_faults(self, *, control: str) -> None:
        for fault in Fault:
            self.no_fault(fault, control=control)

    def edit(self, conf: Mapping[str, str | None] | None = None, **fields: Any) -> dict[str, Any]:
        """Into the file only. Upper fields of the spec by their name, of the job by job={...}."""
        spec = copy.deepcopy(self.definition["spec"])
        for part, changes in (("flinkConfiguration", conf), ("job", fields.pop("job", None))):
            changed = {**spec[part], **(changes or {})}
            spec[part] = {key: value for key, value in changed.items() if value is not None}
        self.definition = {**self.definition, "spec": {**spec, **fields}}
        return self.definition

    def apply(self, *arguments: str, **changes: Any) -> Run:
        self.edit(**changes)
        return self.deploy(*arguments)

    def deploy(self, *arguments: str, **variables: Any) -> Run:
        self._write()
        return self.person.deploy(*arguments, cr="counter.yaml", **variables)

    def start(self, playbook: str = "deploy", **variables: Any) -> Started:
        self._write()
        return self.person.start(playbook, cr="counter.yaml", **variables)

    def play(self, playbook: str, **variables: Any) -> Run:
        """Asked for by its name, as somebody without the file does."""
        return self.start_play(playbook, **variables).result()

    def start_play(self, playbook: str, **variables: Any) -> Started:
        named = {"deploy_name": NAME, "deploy_namespace": self.namespace}
        return self.person.start(playbook, **named, **variables)

    def start_removal(self, **variables: Any) -> Started:
        named = {"remove_name": NAME, "remove_namespace": self.namespace}
        return self.person.start("remove", **named, **variables)

    def remove(self, **variables: Any) -> Run:
        return self.start_removal(**variables).result()

    def _write(self) -> None:
        self.person.write("counter.yaml", self.definition)

    @property
    def resource(self) -> Object:
        return self.cluster.get("flinkdeployments", NAME, self.namespace) or {}

    @property
    def status(self) -> Object:
        return self.cluster.status(NAME, self.namespace)

    @property
    def phase(self) -> str:
        return str((self.status.get("phase") or {}).get("name", ""))

    @property
    def origin(self) -> Object:
        return dict(self.status.get("startedFrom") or {})

    @property
    def pods(self) -> list[str]:
        found = self.cluster.list("pods", self.namespace)
        return [str(pod["metadata"]["name"]) for pod in found]

    def at(self, location: str) -> Path:
        """A path of Flink's as this side sees it."""
        return self.folder / location.partition(f"{IN_POD}/")[2]

    def counts_on(self, *, older_states: int = 0) -> None:
        """It runs, and nothing of its count was lost; `older_states` were asked for by the test."""
        self._counts("STABLE", older_states)

    def counts_on_as_before(self) -> None:
        """The version before it runs; nothing of its count was lost."""
        self._counts("ROLLED_BACK", 0)

    def _counts(self, lifecycle: str, older_states: int) -> None:
        status = self.status
        assert (status["lifecycleState"], status["jobStatus"]["state"]) == (lifecycle, "RUNNING")
        self.job.board.wait_for_progress(within=SOON)
        found = violations(self.job.board.history())
        assert [item.kind for item in found] == [Broken.OLDER_STATE] * older_states, found
        assert len({start.lineage for start in self.job.board.starts()}) == 1

    def is_settled(self) -> Run:
        """Once more, and nothing is changed."""
        return self.deploy().well(changed=0)


def _with_folder(folder: Path) -> dict[str, Any]:
    mount = {"name": "state", "mountPath": IN_POD}
    container = {"name": "flink-main-container", "volumeMounts": [mount]}
    volume = {"name": "state", "hostPath": {"path": str(folder), "type": "Directory"}}
    return {"spec": {"containers": [container], "volumes": [volume]}}


@pytest.fixture(scope="module", params=ON_EACH, ids=str)
def carried(
    request: pytest.FixtureRequest,
    cluster: Cluster,
    installed: None,
    kubeconfig: Path,
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Carried]:
    person = Player(tmp_path_factory.mktemp("carried"), kubeconfig)
    subprocess.run([ROOT / "hack/testjob.sh"], check=True)  # noqa: S603
    for namespace in namespace_for(cluster, person):
        for folder in state_folder_for(kubeconfig, namespace):
            shutil.copy(JAR, folder / JAR.name)
            yield Carried(
                cluster=cluster,
                person=person,
                namespace=namespace,
                flink=request.param,
                folder=folder,
            )
            person.leave()
