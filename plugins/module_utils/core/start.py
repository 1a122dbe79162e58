# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What one start adds to a configuration: identity, owner, and the state it comes from.

Ids come from outside: nothing is drawn here. Refuses to know what is deployed now.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from . import options
from .hash_order import hash_order, table_size, table_size_of_copy
from .spec import API_VERSION, FlinkDeployment, FlinkVersion
from .structured import join_list, join_map

GENERATION = "flinkdeployment.flink.apache.org/generation"
JOB_ID = "$internal.pipeline.job-id"
SAVEPOINT = "execution.savepoint.path"
_SAVEPOINT_FROM_1_20 = "execution.state-recovery.path"
_ANNOTATIONS = options.Option(key="kubernetes.jobmanager.annotations")
_OWNER = "kubernetes.jobmanager.owner.reference"
_ENTRY = "org.apache.flink.kubernetes.entrypoint.Kubernetes{}ClusterEntrypoint"


@dataclass(frozen=True, slots=True, kw_only=True)
class Start:
    """What one start is given from outside: ids, and the state it comes from."""

    job_id: str
    generation: int
    owner_uid: str
    savepoint: str | None = None
    """execution.savepoint.path; for a last-state start the path that can't be read."""
    job_result_store: str | None = None
    """The last part of the job result store's path."""


PLACEHOLDER_START = Start(
    job_id="<job id>", generation=1, owner_uid="<uid of the CR>", job_result_store="<uuid>"
)
"""For rendering without a cluster."""


def first_start(deployment: FlinkDeployment, *, given: Start = PLACEHOLDER_START) -> Start:
    """A first start comes from the initial savepoint, or empty."""
    job = deployment.spec.job
    return replace(given, savepoint=job.initial_savepoint_path if job else None)


def owner(deployment: FlinkDeployment, start: Start) -> dict[str, str]:
    return {
        "name": deployment.name,
        "controller": "false",
        "blockOwnerDeletion": "true",
        "apiVersion": API_VERSION,
        "kind": "FlinkDeployment",
        "uid": start.owner_uid,
    }


def started(
    deployment: FlinkDeployment, conf: Mapping[str, str], *, start: Start
) -> dict[str, str]:
    """The configuration with everything that belongs to this one start."""
    conf = dict(conf)
    conf[_ANNOTATIONS.key] = join_map(_annotations(conf, start))
    conf[_OWNER] = join_list([join_map(owner(deployment, start))])
    if deployment.spec.job is not None:
        _of_a_job(deployment, conf, start)
    _of_the_cluster(deployment, conf)
    return conf


def _annotations(conf: options.Conf, start: Start) -> dict[str, str]:
    """The generation among the user's own, in the order in which Flink's client writes them."""
    own = options.pairs(conf, _ANNOTATIONS)
    notes = {**own, GENERATION: str(start.generation)}
    added = len(notes) - len(own)
    read = [*hash_order(own, buckets=table_size(len(own))), GENERATION]
    buckets = table_size_of_copy(len(own), added=added)
    return {key: notes[key] for key in hash_order(dict.fromkeys(read), buckets=buckets)}


def _of_a_job(deployment: FlinkDeployment, conf: dict[str, str], start: Start) -> None:
    # A path left in the configuration would be a state that no status names.
    conf.pop(SAVEPOINT, None)
    conf.pop(_SAVEPOINT_FROM_1_20, None)
    if start.savepoint:
        conf[SAVEPOINT] = start.savepoint
    conf.setdefault(JOB_ID, start.job_id)
    storage = options.read(conf, options.HIGH_AVAILABILITY_STORAGE)
    if storage is not None and start.job_result_store:
        conf.setdefault("job-result-store.delete-on-commit", "false")
        conf["job-result-store.storage-path"] = (
            f"{storage}/job-result-store/{deployment.name}/{start.job_result_store}"
        )
        version = deployment.spec.flink_version
        if version is not None and version.at_least(FlinkVersion.V2_3):
            # An application has a result there, too, under an id that all starts of a name share:
            # beside that of an earlier start nothing is started, and nothing said.
            conf["application-result-store.storage-path"] = (
                f"{storage}/application-result-store/{deployment.name}/{start.job_result_store}"
            )


def _of_the_cluster(deployment: FlinkDeployment, conf: dict[str, str]) -> None:
    for option, port in (  # fixed, because Services and containers name them
        (options.BLOB_PORT, "6124"),
        (options.TASK_MANAGER_RPC_PORT, "6122"),
        (options.REST_BIND_PORT, "8081"),
    ):
        if options.whole(conf, option) == 0:
            conf[option.key] = port
    available = options.is_highly_available(conf)
    if available and options.whole(conf, options.HIGH_AVAILABILITY_PORT) == 0:
        conf[options.HIGH_AVAILABILITY_PORT.key] = options.text(conf, options.RPC_PORT)
    standalone = deployment.spec.is_standalone
    if standalone or not available:
        conf["jobmanager.rpc.address"] = f"{deployment.name}.{deployment.namespace}"
    if not standalone:
        conf["internal.cluster.execution-mode"] = "NORMAL"
        conf["kubernetes.internal.jobmanager.entrypoint.class"] = _ENTRY.format(
            "Session" if deployment.spec.is_session else "Application"
        )
