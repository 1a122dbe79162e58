# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The four kinds of the contract, as the API server is told about them.

Knows names, columns and subresources. Refuses to know how they are written out (schema_crd.py).
"""

from __future__ import annotations

from dataclasses import replace

from . import schema_rules as rules
from .schema import Column, Flag, Kind, Named, Record, Scale, Text, Whole
from .schema_deployment import JOB, SPEC
from .schema_status import BLUE_GREEN_STATUS, SESSION_JOB_STATUS, SNAPSHOT_STATUS, STATUS

_JOB_COLUMN = Column(name="Job Status", path=".status.jobStatus.state", about="Flink's state.")
_JOB_COLUMNS = (
    _JOB_COLUMN,
    Column(
        name="Lifecycle State", path=".status.lifecycleState", about="Where it stands in its life."
    ),
    Column(
        name="Ready",
        path=".status.conditions[?(@.type=='Ready')].status",
        about="Whether all is as it was asked for.",
        priority=1,
    ),
    Column(
        name="Reason",
        path=".status.conditions[?(@.type=='Ready')].reason",
        about="Name of the rule that decided.",
        priority=1,
    ),
)

FLINK_DEPLOYMENT = Kind(
    kind="FlinkDeployment",
    plural="flinkdeployments",
    singular="flinkdeployment",
    short="flinkdep",
    about="A Flink cluster: an application with its job, or a session cluster for many jobs.",
    spec=replace(SPEC, rules=(*SPEC.rules, *rules.CHANGES)),
    status=STATUS,
    columns=_JOB_COLUMNS,
    scale=Scale(
        spec=".spec.taskManager.replicas",
        status=".status.taskManager.replicas",
        selector=".status.taskManager.labelSelector",
    ),
    rules=(rules.NAME, rules.SPEC_NEEDED),
)

FLINK_SESSION_JOB = Kind(
    kind="FlinkSessionJob",
    plural="flinksessionjobs",
    singular="flinksessionjob",
    short="sessionjob",
    about="A job that runs in a session cluster.",
    spec=Record(
        about="What is wanted.",
        rules=(rules.SESSION_NEEDED, rules.JOB_NEEDED, rules.SESSION_PARALLELISM),
        fields={
            "deploymentName": Text(
                about="The session cluster: a FlinkDeployment of the same namespace.",
                max_length=253,
                rules=(rules.SESSION_FORM, rules.SESSION_STAYS),
            ),
            "job": JOB,
            "restartNonce": SPEC.fields["restartNonce"],
            "flinkConfiguration": SPEC.fields["flinkConfiguration"],
        },
    ),
    status=SESSION_JOB_STATUS,
    columns=_JOB_COLUMNS,
)

FLINK_STATE_SNAPSHOT = Kind(
    kind="FlinkStateSnapshot",
    plural="flinkstatesnapshots",
    singular="flinkstatesnapshot",
    short="flinksnp",
    about="A savepoint or checkpoint of a job: one that is taken, or one that is there already.",
    spec=Record(
        about="Which snapshot of which job.",
        rules=(rules.ONE_SNAPSHOT, rules.SNAPSHOT_OF_A_JOB),
        fields={
            "jobReference": Record(
                about="The job, in the same namespace.",
                fields={
                    "kind": Text(
                        choices=("FlinkDeployment", "FlinkSessionJob"), about="Kind of the job."
                    ),
                    "name": Text(about="Name of the job's resource."),
                },
            ),
            "savepoint": Record(
                about="Take a savepoint, or name one that is there.",
                rules=(rules.EXISTING_SAVEPOINT,),
                fields={
                    "path": Text(about="Folder for it; with alreadyExists the savepoint itself."),
                    "formatType": Text(
                        choices=("CANONICAL", "NATIVE", "UNKNOWN"),
                        default="CANONICAL",
                        about="Form of the savepoint.",
                    ),
                    "disposeOnDelete": Flag(
                        default=True, about="Delete the data together with this resource."
                    ),
                    "alreadyExists": Flag(
                        default=False, about="Take nothing: the savepoint at path is there."
                    ),
                },
            ),
            "checkpoint": Record(about="Take a checkpoint: write `checkpoint: {}`."),
            "backoffLimit": Whole(
                bits=32, default=-1, about="How often to try again; -1 means without end."
            ),
        },
    ),
    status=SNAPSHOT_STATUS,
    columns=(
        Column(name="Path", path=".status.path", about="Where the snapshot is."),
        Column(name="Result Timestamp", path=".status.resultTimestamp", about="When it ended."),
        Column(name="Snapshot State", path=".status.state", about="What became of it."),
    ),
)

FLINK_BLUE_GREEN_DEPLOYMENT = Kind(
    kind="FlinkBlueGreenDeployment",
    plural="flinkbluegreendeployments",
    singular="flinkbluegreendeployment",
    short="flinkbgdep",
    about="Two deployments of one job, of which a new one takes over before the old one goes.",
    spec=Record(
        about="What is wanted.",
        fields={
            "configuration": Named(
                about="Settings of the take-over: keys behind kubernetes.operator.bluegreen.",
                of=Text(),
            ),
            "ingress": SPEC.fields["ingress"],
            "template": Record(
                about="What both deployments are made from.",
                fields={
                    "metadata": Record(
                        about="Labels and annotations of the deployments.", open=True
                    ),
                    "spec": SPEC,
                },
            ),
        },
    ),
    status=BLUE_GREEN_STATUS,
    columns=(_JOB_COLUMN,),
)

KINDS = (FLINK_DEPLOYMENT, FLINK_SESSION_JOB, FLINK_STATE_SNAPSHOT, FLINK_BLUE_GREEN_DEPLOYMENT)
