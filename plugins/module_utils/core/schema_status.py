# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The status of the kinds that run a job: the contract's fields, then ours.

Knows what each field tells. Refuses to know how it is found. What is written here may come from
another operator of the contract, so nothing is narrowed to the values that we write.
"""

from __future__ import annotations

from .schema import Many, Named, Node, Record, Text, Whole


def _times(*names: str) -> dict[str, Node]:
    return {name: Whole(about="Milliseconds since 1970.") for name in names}


_LAST_SAVEPOINT = Record(
    about="One savepoint.",
    fields={
        **_times("timeStamp"),
        "location": Text(about="Where it is."),
        "triggerType": Text(about="MANUAL, PERIODIC, UPGRADE or UNKNOWN."),
        "formatType": Text(about="CANONICAL, NATIVE or UNKNOWN."),
        "triggerNonce": Whole(about="The savepointTriggerNonce that asked for it."),
    },
)
_UNDER_WAY = {
    "triggerId": Text(about="Id of the request under way."),
    **_times("triggerTimestamp"),
    "triggerType": Text(about="Who asked for the one under way."),
    "formatType": Text(about="Form of the one under way."),
}
_SAVEPOINTS = Record(
    about="Savepoints in the older form. Deprecated: see FlinkStateSnapshot.",
    fields={
        "lastSavepoint": _LAST_SAVEPOINT,
        **_UNDER_WAY,
        "savepointHistory": Many(about="Savepoints kept.", of=_LAST_SAVEPOINT),
        **_times("lastPeriodicSavepointTimestamp"),
    },
)
_CHECKPOINTS = Record(
    about="Triggered checkpoints in the older form. Deprecated: see FlinkStateSnapshot.",
    fields={
        "lastCheckpoint": Record(
            about="The last one that was asked for.",
            fields={
                **_times("timeStamp"),
                "triggerType": Text(about="MANUAL, PERIODIC, UPGRADE or UNKNOWN."),
                "formatType": Text(about="FULL, INCREMENTAL or UNKNOWN."),
                "triggerNonce": Whole(about="The checkpointTriggerNonce that asked for it."),
            },
        ),
        **_UNDER_WAY,
        **_times("lastPeriodicCheckpointTimestamp"),
    },
)
JOB_STATUS = Record(
    about="The job as Flink tells it.",
    fields={
        "jobName": Text(about="Name of the job in Flink."),
        "jobId": Text(about="Flink's id of the job."),
        "state": Text(about="Flink's state of the job; RECONCILING while it isn't known."),
        "startTime": Text(about="When it started, in milliseconds since 1970."),
        "updateTime": Text(about="When its state changed last, in milliseconds since 1970."),
        "upgradeSavepointPath": Text(about="Snapshot from which the next start goes on."),
        "savepointInfo": _SAVEPOINTS,
        "checkpointInfo": _CHECKPOINTS,
    },
)
RECONCILIATION = Record(
    about="What was deployed last, and how far a change has come.",
    fields={
        "reconciliationTimestamp": Whole(about="When, in milliseconds since 1970."),
        "lastReconciledSpec": Text(about="The spec that was deployed last, as JSON."),
        "lastStableSpec": Text(about="The spec that ran well last, as JSON."),
        "state": Text(about="DEPLOYED, UPGRADING, ROLLING_BACK or ROLLED_BACK."),
    },
)
CONDITIONS = Many(
    about="Ready, Reconciling and Stalled after kstatus, and the contract's Running.",
    keys=("type",),
    of=Record(
        about="One condition.",
        required=("type", "status"),
        fields={
            "type": Text(about="Name of the condition."),
            "status": Text(about="True, False or Unknown."),
            "reason": Text(about="Name of the rule that decided."),
            "message": Text(about="The reason in words, and what to do next."),
            "lastTransitionTime": Text(about="When the status changed last.", format="date-time"),
            "observedGeneration": Whole(about="Generation that was looked at."),
        },
    ),
)
_SNAPSHOT_FIELDS = {
    "kind": Text(about="savepoint, checkpoint, last-state or empty."),
    "path": Text(about="Where the snapshot is."),
    "time": Text(about="When.", format="date-time"),
    "jobId": Text(about="Flink's id of the job."),
}
# Additional to the contract.
OURS: dict[str, Node] = {
    "conditions": CONDITIONS,
    "startedFrom": Record(
        about="What the latest start of the job began with, and why.",
        fields={
            **_SNAPSHOT_FIELDS,
            "because": Text(about="What allowed it."),
            "generation": Whole(about="Generation of the spec that was started."),
        },
    ),
    "ledger": Many(
        about="The latest completed checkpoints and savepoints of the job, newest first.",
        of=Record(
            about="One completed snapshot.",
            fields={**_SNAPSHOT_FIELDS, "id": Whole(about="Flink's number of the checkpoint.")},
        ),
    ),
    "phase": Record(
        about="What is under way, and until when.",
        fields={
            "name": Text(about="What is under way."),
            "rule": Text(about="Name of the rule that decided on it."),
            "since": Text(about="When it began.", format="date-time"),
            "deadline": Text(about="When it counts as failed.", format="date-time"),
            "message": Text(about="What is waited for."),
            "origin": Record(
                about="The state of the next start, decided on before the cluster is deleted.",
                fields={
                    "kind": Text(about="empty, savepoint or last-state."),
                    "path": Text(about="Of a snapshot, where it is."),
                },
            ),
        },
    ),
    "boost": Record(
        about="The start-up boost of the latest start; absent where none was asked for.",
        fields={
            "cpuLimit": Text(about="CPU limit that its pods began with; absent for a plain start."),
            "rule": Text(about="Why the start had none, or why pods keep it."),
            "message": Text(about="The same in words."),
            "pods": Many(about="Pods that could not be resized.", of=Text()),
        },
    ),
    "rule": Text(about="Name of the rule that holds the wanted change back; absent if none does."),
    "previousStableSpec": Text(about="The spec that ran well before the stable one, as JSON."),
    "snapshotFailure": Record(
        about="The latest snapshot, or disposal of one, that failed.",
        fields={
            "kind": Text(about="savepoint, checkpoint or disposal."),
            "rule": Text(about="Name of the rule that says so."),
            "message": Text(about="Why."),
            "path": Text(about="The savepoint that could not be disposed of."),
            "time": Text(about="When.", format="date-time"),
        },
    ),
    "failedSpecHash": Text(about="Hash of the spec that failed and isn't tried again."),
    "failedBecause": Text(about="What was seen of that version when it was taken back."),
}
_COMMON: dict[str, Node] = {
    "jobStatus": JOB_STATUS,
    "error": Text(about="What went wrong, as JSON."),
    "observedGeneration": Whole(about="Generation of the spec that was looked at last."),
    "lifecycleState": Text(about="Where the resource stands in its life, say STABLE or FAILED."),
    "reconciliationStatus": RECONCILIATION,
    **OURS,
}

SESSION_JOB_STATUS = Record(about="What was found and done.", fields=_COMMON)

STATUS = Record(
    about="What was found and done.",
    fields={
        **_COMMON,
        "clusterInfo": Named(about="Version and size of the running cluster.", of=Text()),
        "jobManagerDeploymentStatus": Text(
            about="READY, DEPLOYED_NOT_READY, DEPLOYING, MISSING or ERROR."
        ),
        "taskManager": Record(
            about="What the scale subresource shows.",
            fields={
                "labelSelector": Text(about="Selects the TaskManagers' pods."),
                "replicas": Whole(bits=32, about="Number of TaskManagers."),
            },
        ),
    },
)

SNAPSHOT_STATUS = Record(
    about="What became of the snapshot.",
    fields={
        "state": Text(about="TRIGGER_PENDING, IN_PROGRESS, COMPLETED, FAILED or ABANDONED."),
        "triggerId": Text(about="Flink's id of the request."),
        "triggerTimestamp": Text(about="When it was asked for."),
        "resultTimestamp": Text(about="When it ended."),
        "path": Text(about="Where the snapshot is."),
        "error": Text(about="What went wrong."),
        "failures": Whole(bits=32, about="How often it failed."),
        "conditions": CONDITIONS,
        "observedGeneration": Whole(about="Generation of the spec that was looked at last."),
    },
)

BLUE_GREEN_STATUS = Record(
    about="Which of the two deployments is in service.",
    fields={
        "jobStatus": JOB_STATUS,
        "blueGreenState": Text(about="Say ACTIVE_BLUE or TRANSITIONING_TO_GREEN."),
        "lastReconciledSpec": Text(about="The spec that was deployed last, as JSON."),
        "lastReconciledTimestamp": Text(about="When."),
        "abortTimestamp": Text(about="When a transition is given up."),
        "deploymentReadyTimestamp": Text(about="When the new deployment was ready."),
        "savepointTriggerId": Text(about="Flink's id of the savepoint between the two."),
        "error": Text(about="What went wrong."),
        "conditions": CONDITIONS,
        "observedGeneration": Whole(about="Generation of the spec that was looked at last."),
    },
)
