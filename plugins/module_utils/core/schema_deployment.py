# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The spec of a FlinkDeployment, field by field: type, meaning, initial value.

Knows what a field is and what it does to a running job. Refuses to know which combinations are
legal (schema_rules.py for the API server, validate.py for us).
"""

from __future__ import annotations

from . import schema_rules as rules
from .schema import Decimal, Flag, Many, Named, Quantity, Record, Text, Whole
from .schema_pod import POD_TEMPLATE_ABOUT, pod_template
from .spec import DeletionMode, FlinkVersion, JobState, Mode, UpgradeMode

_LONGEST_SIZE = 63
_MOST_RESOURCES = 12

RESOURCE = Record(
    about=(
        "CPU and memory in the older form. Where `resources` holds anything, that one counts and "
        "this one doesn't."
    ),
    fields={
        "cpu": Decimal(about="Cores, for example 0.5.", rules=(rules.SOME_CPU,)),
        "memory": Text(
            max_length=_LONGEST_SIZE,
            rules=(rules.SIZE,),
            about=(
                "Memory of the whole process. Flink's sizes come first: 2g, 2G and 2048m are "
                "binary (2 GiB); otherwise a Kubernetes quantity such as 2Gi."
            ),
        ),
        "ephemeralStorage": Text(
            max_length=_LONGEST_SIZE,
            rules=(rules.SIZE,),
            about="Local storage of the pod, for example 4Gi.",
        ),
    },
)


def _quantities(about: str) -> Named:
    return Named(about=about, of=Quantity(), max_properties=_MOST_RESOURCES, rules=rules.QUANTITIES)


CLAIM = Record(
    about="A claim on a device.",
    fields={
        "name": Text(about="Name of a claim of the pod."),
        "request": Text(about="Name of one request within the claim; empty means all."),
    },
)

RESOURCES = Record(
    about="What a pod asks for and may use, in Kubernetes' form. It wins over `resource`.",
    fields={
        "claims": Many(about="Claims on devices.", of=CLAIM),
        "limits": _quantities("The most that a pod may use, by resource."),
        "requests": _quantities("What is set aside for a pod, by resource."),
    },
    rules=rules.WITHIN_LIMITS,
)

JOB_MANAGER = Record(
    about="The JobManager, which coordinates the cluster.",
    fields={
        "resource": RESOURCE,
        "resources": RESOURCES,
        "replicas": Whole(
            bits=32,
            default=1,
            rules=(rules.JOBMANAGERS,),
            about="Number of JobManagers. More than one needs high availability.",
        ),
        "podTemplate": pod_template("Merged over spec.podTemplate for the JobManager's pod."),
    },
)

TASK_MANAGER = Record(
    about="The TaskManagers, which do the work.",
    fields={
        "resource": RESOURCE,
        "resources": RESOURCES,
        "replicas": Whole(
            bits=32,
            rules=(rules.TASKMANAGERS,),
            about=(
                "Number of TaskManagers. When set, the job's parallelism is this number times the "
                "slots of a TaskManager, and job.parallelism has no effect."
            ),
        ),
        "podTemplate": pod_template("Merged over spec.podTemplate for the TaskManagers' pods."),
    },
)

TLS = Record(
    about="One certificate of the Ingress.",
    fields={
        "hosts": Many(about="Host names that the certificate covers.", of=Text()),
        "secretName": Text(about="Secret with certificate and key."),
    },
)

INGRESS = Record(
    about="An Ingress to the web UI and REST API of this cluster.",
    rules=(rules.INGRESS_TEMPLATE,),
    fields={
        "template": Text(
            about=(
                "Host and path. `{{name}}` and `{{namespace}}` stand for this resource's, for "
                "example {{name}}.{{namespace}}.flink.example.com or example.com/{{name}}(/|$)(.*)."
            )
        ),
        "className": Text(about="Name of the IngressClass."),
        "annotations": Named(about="Annotations of the Ingress.", of=Text()),
        "labels": Named(about="Labels of the Ingress.", of=Text()),
        "tls": Many(about="Certificates of the Ingress.", of=TLS),
    },
)

JOB_FIELDS = {
    "jarURI": Text(
        rules=(rules.LOCAL_JAR,),
        about=(
            "Where the job's jar is. local:// names a file in the image; other schemes are fetched "
            "by Flink itself (from 1.19 on)."
        ),
    ),
    "parallelism": Whole(
        bits=32,
        about="Parallelism of the job. Has no effect when taskManager.replicas is set.",
    ),
    "entryClass": Text(about="Fully qualified name of the class with the main method."),
    "args": Many(about="Arguments of the main method, one an item.", of=Text()),
    "state": Text(
        choices=tuple(JobState),
        default=JobState.RUNNING.value,
        about="Whether the job should run. suspended stops it and keeps its state.",
    ),
    "savepointTriggerNonce": Whole(
        about="A new number takes a savepoint. Deprecated: make a FlinkStateSnapshot."
    ),
    "initialSavepointPath": Text(
        about=(
            "Snapshot to start from: at the first deployment, and when savepointRedeployNonce "
            "changes."
        )
    ),
    "checkpointTriggerNonce": Whole(
        about="A new number takes a checkpoint. Deprecated: make a FlinkStateSnapshot."
    ),
    "upgradeMode": Text(
        choices=tuple(UpgradeMode),
        default=UpgradeMode.STATELESS.value,
        about=(
            "What a change keeps: stateless starts empty, savepoint takes a savepoint first, "
            "last-state goes on from the latest checkpoint."
        ),
    ),
    "allowNonRestoredState": Flag(
        about="Start although the snapshot holds state that no operator of the job claims."
    ),
    "savepointRedeployNonce": Whole(
        about=(
            "A new number drops the running job without taking its state and starts from "
            "initialSavepointPath."
        )
    ),
    "autoscalerResetNonce": Whole(
        about="A new number makes the autoscaler forget what it learned."
    ),
    "deletionMode": Text(
        choices=tuple(DeletionMode),
        about=(
            "How the job ends when this resource is removed: savepoint takes one first, cancel "
            "keeps and names the last checkpoint, leave keeps checkpoints and HA metadata as they "
            "are for the next resource of this name. Absent: stateless keeps nothing; else "
            "savepoint where a directory for it is set, cancel where none is."
        ),
    ),
}

JOB = Record(
    about="The job of an application cluster. Without it the cluster is a session cluster.",
    fields=JOB_FIELDS,
    rules=(rules.REDEPLOY,),
)

# Keys that can't be chosen are named, so that a rule can see them; all others are kept as given.
_OWN_KEYS = {
    **{
        key: Text(about="Can't be set: it follows from the resource.")
        for key in ("kubernetes.namespace", "kubernetes.cluster-id", "high-availability.cluster-id")
    },
    "kubernetes": Record(
        about="Keys behind kubernetes., nested.",
        open=True,
        fields={
            "namespace": Text(about="Can't be set: it follows from the resource."),
            "cluster-id": Text(about="Can't be set: it follows from the resource."),
        },
    ),
}

SPEC = Record(
    about="What is wanted.",
    rules=(rules.VERSION_NEEDED, rules.ACCOUNT_NEEDED, rules.PARALLELISM),
    fields={
        "job": JOB,
        "restartNonce": Whole(about="A new number restarts the cluster as upgradeMode says."),
        "flinkConfiguration": Record(
            open=True,
            fields=_OWN_KEYS,
            rules=(*rules.OWN_KEYS, *rules.OWN_NESTED_KEYS),
            about=(
                "Flink's configuration, flat (`a.b: c`) or nested. Lists are joined by `;`. Keys "
                "behind kubernetes.operator. and job.autoscaler. steer the operator and take "
                "effect without a restart."
            ),
        ),
        "image": Text(about="Image with Flink and the job."),
        "imagePullPolicy": Text(about="Always, IfNotPresent or Never."),
        "serviceAccount": Text(about="Account of the pods; it must be allowed to manage pods."),
        "flinkVersion": Text(
            choices=tuple(FlinkVersion),
            rules=(rules.VERSION_SERVED,),
            about="Flink's version in the image, for example v1_20.",
        ),
        "ingress": INGRESS,
        "podTemplate": pod_template(POD_TEMPLATE_ABOUT),
        "jobManager": JOB_MANAGER,
        "taskManager": TASK_MANAGER,
        "logConfiguration": Named(
            about="Log settings by file: log4j-console.properties, logback-console.xml.",
            of=Text(),
            max_properties=8,
            rules=(rules.LOG_FILES,),
        ),
        "mode": Text(
            choices=tuple(Mode),
            about=(
                "native (also when absent): Flink asks Kubernetes for its TaskManagers. "
                "standalone: their number is fixed here."
            ),
        ),
    },
)
