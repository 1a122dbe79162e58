# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""A FlinkDeployment as another operator of the contract reads it: raw, by nothing of ours.

What it compares, what it keeps in status, and in which form. An own reading, so that a mistake
of ours does not hide in both.
"""

from __future__ import annotations

import copy
import json
from collections.abc import Iterator, Mapping
from typing import Any

Object = dict[str, Any]

LAST_STATE = "KUBERNETES_OPERATOR_LAST_STATE"
"""Stands where a savepoint's path would: a job that finds no HA data fails at it."""
TERMINAL = ("FINISHED", "FAILED", "CANCELED")
HA_CLASS = "org.apache.flink.kubernetes.highavailability.KubernetesHaServicesFactory"
OPERATOR = "kubernetes.operator."
IGNORED = ("job.autoscaler", "parallelism.default", OPERATOR)
IGNORED_OF_JOB = (
    "upgradeMode",
    "savepointTriggerNonce",
    "checkpointTriggerNonce",
    "initialSavepointPath",
    "allowNonRestoredState",
    "autoscalerResetNonce",
)
NULL_IS_NO_CHANGE = ("savepointRedeployNonce", "restartNonce")


def configuration(spec: Object) -> dict[str, str]:
    return dict(_flat(spec.get("flinkConfiguration") or {}, ""))


def _flat(node: Mapping[str, Any], head: str) -> Iterator[tuple[str, str]]:
    for key, value in node.items():
        if isinstance(value, Mapping):
            yield from _flat(value, f"{head}{key}.")
        elif value is not None:
            text = str(value)
            yield f"{head}{key}", text.lower() if isinstance(value, bool) else text


def is_ha(spec: Object) -> bool:
    conf = configuration(spec)
    kind = conf.get("high-availability.type", conf.get("high-availability", ""))
    return kind.lower() in ("kubernetes", "zookeeper") or kind == HA_CLASS


def has_savepoint_dir(spec: Object) -> bool:
    conf = configuration(spec)
    return "state.savepoints.dir" in conf or "execution.checkpointing.savepoint-dir" in conf


def switch(spec: Object, key: str, *, default: bool) -> bool:
    text = configuration(spec).get(OPERATOR + key)
    return default if text is None else text == "true"


def mode_of(spec: Object) -> str:
    return str(_job(spec).get("upgradeMode") or "stateless").lower().replace("_", "-")


def job_state_of(spec: Object) -> str:
    return str(_job(spec).get("state") or "running").lower()


def _job(spec: Object) -> Object:
    return spec.get("job") or {}


def redeploys(old: Object, new: Object) -> bool:
    nonce = _job(new).get("savepointRedeployNonce")
    return nonce is not None and nonce != _job(old).get("savepointRedeployNonce")


def differs(old: Object, new: Object) -> bool:
    """A change that is more than IGNORE: the contract restarts the job for it."""
    return _compared(old, new) != _compared(new, new)


def _compared(spec: Object, new: Object) -> Object:
    found = {key: value for key, value in _bare(spec).items() if key != "flinkConfiguration"}
    job = {key: value for key, value in _bare(_job(spec)).items() if key not in IGNORED_OF_JOB}
    conf = {key: v for key, v in configuration(spec).items() if not key.startswith(IGNORED)}
    for part, wanted in ((job, _job(new)), (found, new)):
        for key in NULL_IS_NO_CHANGE:
            if wanted.get(key) is None:
                part.pop(key, None)
    masters = {"replicas": 1, **(found.get("jobManager") or {})}
    job["state"] = job_state_of(spec)
    return {"mode": "native", **found, "job": job, "conf": conf, "jobManager": masters}


def _bare(value: Any) -> Any:
    """Null, an empty list and an absent field are one."""
    if isinstance(value, Mapping):
        return {key: _bare(v) for key, v in value.items() if v not in (None, [], {})}
    return value


class Record:
    """The status, to be changed in place. Fields that the contract does not know are dropped."""

    KNOWN = (
        "jobStatus",
        "error",
        "observedGeneration",
        "lifecycleState",
        "clusterInfo",
        "jobManagerDeploymentStatus",
        "reconciliationStatus",
        "taskManager",
        "conditions",
    )

    def __init__(self, status: Mapping[str, Any], *, keeps_extra: bool = False) -> None:
        known = copy.deepcopy(dict(status))
        self.status = {k: v for k, v in known.items() if keeps_extra or k in self.KNOWN}
        self.job: Object = self.status.setdefault("jobStatus", {})
        self.how: Object = self.status.setdefault("reconciliationStatus", {})

    @property
    def state(self) -> str:
        return str(self.how.get("state") or "UPGRADING")

    @property
    def is_new(self) -> bool:
        return not self.how.get("lastReconciledSpec")

    @property
    def jobmanager(self) -> str:
        return str(self.status.get("jobManagerDeploymentStatus") or "MISSING")

    @jobmanager.setter
    def jobmanager(self, told: str) -> None:
        self.status["jobManagerDeploymentStatus"] = told

    @property
    def job_state(self) -> str:
        return str(self.job.get("state") or "RECONCILING")

    @job_state.setter
    def job_state(self, told: str) -> None:
        self.job["state"] = told

    @property
    def job_id(self) -> str:
        return str(self.job.get("jobId") or "")

    @property
    def is_over(self) -> bool:
        return self.job_state in TERMINAL

    @property
    def spec(self) -> Object:
        return self._spec("lastReconciledSpec")

    @property
    def stable(self) -> Object:
        return self._spec("lastStableSpec")

    @property
    def deployed(self) -> Object:
        return self.stable if self.state in ("ROLLING_BACK", "ROLLED_BACK") else self.spec

    @property
    def is_stable(self) -> bool:
        return not self.is_new and self.how.get("lastStableSpec") == self.how["lastReconciledSpec"]

    @property
    def is_first(self) -> bool:
        return bool(self._read("lastReconciledSpec").get("resource_metadata", {}).get(FIRST))

    @property
    def savepoint(self) -> str:
        """Where the job goes on from: the path on record, or the newest of the legacy list."""
        last = (self.job.get("savepointInfo") or {}).get("lastSavepoint") or {}
        return str(self.job.get("upgradeSavepointPath") or last.get("location") or "")

    @property
    def pending_savepoint(self) -> str:
        return str((self.job.get("savepointInfo") or {}).get("triggerId") or "")

    def _spec(self, name: str) -> Object:
        wrapper = self._read(name)
        found: Object = wrapper.get("spec") or wrapper
        return found

    def _read(self, name: str) -> Object:
        found: Object = json.loads(self.how.get(name) or "{}")
        return found

    def keep(self, spec: Object, *, state: str, job_state: str, mode: str, first: bool) -> None:
        """Write lastReconciledSpec; `mode` is how the job is restored."""
        kept = copy.deepcopy(spec)
        kept["job"] = {**_job(kept), "state": job_state, "upgradeMode": mode}
        beside = {"apiVersion": "flink.apache.org/v1beta1", FIRST: first}
        self.how["lastReconciledSpec"] = json.dumps({"spec": kept, "resource_metadata": beside})
        self.how["state"] = state

    def mark(self, job_state: str) -> None:
        """The recorded spec, with another state of its job."""
        spec, first = self.spec, self.is_first
        self.keep(spec, state=self.state, job_state=job_state, mode=mode_of(spec), first=first)

    def mark_stable(self) -> None:
        self.how["lastStableSpec"] = self.how["lastReconciledSpec"]


FIRST = "firstDeployment"
