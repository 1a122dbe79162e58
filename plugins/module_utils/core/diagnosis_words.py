# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What texts tell: exceptions, the last lines of logs, refusals, each known by its own words.

Knows the words of Flink and Kubernetes. Refuses to know whose text it is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass

from .diagnosis_finding import Found, Sign
from .diagnosis_scene import Said, Scene

LONGEST_LINE = 400
CHATTER = re.compile(r"^[\d:,. T-]+(?:INFO|DEBUG|TRACE) ")


@dataclass(frozen=True, slots=True, kw_only=True)
class Words:
    """`phrase` begins the sentence; what was read follows from where `known_by` matches."""

    rule: str
    phrase: str
    known_by: re.Pattern[str]
    next_step: str

    @property
    def sign(self) -> Sign:
        return Sign(name=self.rule, find=self.find, next_step=self.next_step)

    def find(self, scene: Scene) -> Found | None:
        return self.among(scene.texts)

    def among(self, texts: Iterable[Said]) -> Found | None:
        for said in texts:
            line = line_with(self.known_by, without_chatter(said.text))
            if line:
                return Found(what=f"{self.phrase}: {line}", evidence=said.where)
        return None


def line_with(known_by: re.Pattern[str], text: str) -> str:
    """The last line of that kind, from the telling words on."""
    every = list(known_by.finditer(text))
    if not every:
        return ""
    rest = text[every[-1].start() :]
    return re.split(r"\n| <- ", rest.strip(), maxsplit=1)[0].strip()[:LONGEST_LINE]


def without_chatter(text: str) -> str:
    """A log tells at INFO what it does without, too: only what it warns of is a sign."""
    return "\n".join(line for line in text.splitlines() if not CHATTER.search(line))


def _any(*patterns: str) -> re.Pattern[str]:
    return re.compile("|".join(patterns))


# What the API server refuses: the Deployment's own pods, and those that Flink makes.
NO_ACCOUNT = Words(
    rule="its_service_account_is_missing",
    phrase="its pods can't be made without their service account",
    known_by=_any(r"error looking up service account", r"serviceaccount \"[^\"]*\" not found"),
    next_step="Create service account {account} with its rights: install.yml makes both.",
)
NO_RIGHTS = Words(
    rule="its_service_account_lacks_rights",
    phrase="Flink may not do what it has to do in Kubernetes",
    known_by=_any(r"User \"system:serviceaccount:[^\"]*\" cannot \w+ resource"),
    next_step="Give service account {account} the role that install.yml makes, then deploy again.",
)
QUOTA = Words(
    rule="a_quota_refuses_its_pods",
    phrase="a quota of the namespace has no room for its pods",
    known_by=_any(r"exceeded quota:", r"failed quota:"),
    next_step="Raise the quota or free some of it; the start then goes on by itself.",
)
LIMITS = Words(
    rule="a_limit_range_refuses_its_pods",
    phrase="a LimitRange of the namespace refuses its pods",
    known_by=_any(
        r"(?:maximum|minimum) [\w.-]+ (?:usage|limit) per (?:Container|Pod)",
        r"limit to request ratio per (?:Container|Pod)",
    ),
    next_step="Bring the resource's cpu and memory within the LimitRange, or change that.",
)
ADMISSION = Words(
    rule="an_admission_rule_refuses_its_pods",
    phrase="an admission rule of the cluster refuses its pods",
    known_by=_any(
        r"violates PodSecurity",
        r"admission webhook \S+ denied the request",
        r"unable to validate against any security context constraint",
        r"ValidatingAdmissionPolicy '[^']*'",
        r"pods \"[^\"]*\" is forbidden: (?!exceeded|failed quota|error looking|User)",
    ),
    next_step="Change the pod template so that the rule allows it, or have the rule changed.",
)
REFUSALS = (NO_ACCOUNT, NO_RIGHTS, QUOTA, LIMITS, ADMISSION)

KILLED_TASKMANAGER = re.compile(r"exitCode=137, reason=\w+|container exited.{0,40}137")
"""As the JobManager's log tells of a TaskManager's pod, which is gone by then."""

STATE = (
    Words(
        rule="its_savepoint_is_not_there",
        phrase="the snapshot that it is to start from is not there",
        known_by=_any(
            r"Cannot find checkpoint or savepoint file/directory",
            r"Cannot find meta data file '_metadata'",
            r"Cannot find checkpoint or savepoint",
        ),
        next_step="Correct spec.job.initialSavepointPath, or name a snapshot that exists.",
    ),
    Words(
        rule="it_is_no_savepoint",
        phrase="what it is to start from is no snapshot that Flink can read",
        known_by=_any(
            r"Unexpected magic number",
            r"No deserializer found for savepoint version",
            r"Cannot resolve path/pointer format",
        ),
        next_step="Name the folder of a savepoint or checkpoint that this version of Flink reads.",
    ),
    Words(
        rule="its_state_has_operators_that_the_job_lacks",
        phrase="the snapshot holds state of an operator that the job no longer has",
        known_by=_any(
            r"Cannot map checkpoint/savepoint state for operator",
            r"There is no operator for the state",
        ),
        next_step=(
            "Give operators their old uid; or, if that state may be dropped, set "
            "spec.job.allowNonRestoredState: true."
        ),
    ),
    Words(
        rule="its_state_does_not_fit_the_job",
        phrase="the job can't take up the state of its snapshot",
        known_by=_any(
            r"StateMigrationException",
            r"The maximum parallelism \(\d+\) with which",
            r"Max(?:imum)? parallelism mismatch",
            r"Failed to rollback to checkpoint/savepoint",
        ),
        next_step="Put back the old types and max parallelism, or start it from an older snapshot.",
    ),
    Words(
        rule="its_ha_data_points_to_nothing",
        phrase="the HA metadata names files that can't be read",
        known_by=_any(
            r"Failed to retrieve checkpoint \d+ from state handle",
            r"Could not retrieve (?:submitted )?(?:JobGraph|ExecutionPlan|checkpoint)",
            r"This indicates that the retrieved state handle is broken",
        ),
        next_step=(
            "Bring high-availability.storageDir back; else name a savepoint or checkpoint to "
            "start from (redeploy with spec.job.initialSavepointPath)."
        ),
    ),
)
HA_GONE = Words(
    rule="its_ha_metadata_is_gone",
    phrase="Flink's HA metadata is gone",
    known_by=_any(
        r"HA metadata (?:is )?not available",
        r"HA metadata not found",
        r"[Cc]onfig ?[Mm]ap \S+ (?:does not|doesn't) exist",
        r"Cannot retry checkAndUpdateConfigMap",
    ),
    next_step=(
        "Don't start it empty: name its last checkpoint or savepoint (status.jobStatus, "
        "status.ledger, the checkpoint folder) as the state to start from."
    ),
)

JOB = (
    Words(
        rule="its_jar_is_not_there",
        phrase="the job's jar is not where spec.job.jarURI says",
        known_by=_any(r"JAR file does not exist", r"Jar file \S+ does not exist"),
        next_step="Correct spec.job.jarURI, or use an image that holds the jar.",
    ),
    Words(
        rule="its_main_class_is_not_found",
        phrase="the job's main class can't be used",
        known_by=_any(
            r"The program's entry point class",
            r"Could not find the provided job class",
            r"Neither a 'Main-Class', nor a 'program-class' entry",
            r"The class \S+ (?:has no|does not have a) main",
        ),
        next_step="Correct spec.job.entryClass or the jar's manifest.",
    ),
    Words(
        rule="a_file_system_is_not_installed",
        phrase="its image has no file system for a path that it uses",
        known_by=_any(
            r"Could not find a file system implementation for scheme",
        ),
        next_step="Add the plugin to the image, or set ENABLE_BUILT_IN_PLUGINS for its pods.",
    ),
    Words(
        rule="its_storage_refuses_it",
        phrase="its storage refuses it",
        known_by=_any(
            r"AccessDenied\w*",
            r"Access Denied",
            r"InvalidAccessKeyId",
            r"NoSuchBucket",
            r"Failed to create directory for shared state",
            r"(?:Mkdirs failed to create|Cannot create directory) \S+",
            r"java\.nio\.file\.AccessDeniedException",
        ),
        next_step="Check the bucket or folder, and the rights and credentials of its pods.",
    ),
    Words(
        rule="its_configuration_is_refused",
        phrase="Flink refuses its configuration",
        known_by=_any(r"IllegalConfigurationException", r"Could not parse value '"),
        next_step="Correct the key in spec.flinkConfiguration.",
    ),
    Words(
        rule="its_java_memory_is_used_up",
        phrase="Java has no memory left",
        known_by=_any(r"java\.lang\.OutOfMemoryError", r"OutOfMemoryError: "),
        next_step="Raise the memory of the pod, or the part of it that is named (heap, metaspace).",
    ),
)
NO_SLOTS = re.compile(
    r"NoResourceAvailableException|Could not acquire the minimum required resources"
    r"|Slot request bulk is not fulfillable"
)
LOST = Words(
    rule="its_taskmanagers_are_lost",
    phrase="TaskManagers were lost while the job ran",
    known_by=_any(
        r"TaskManager with id \S+ is no longer reachable",
        r"[Hh]eartbeat of TaskManager with id",
        r"remote task manager .{0,200}lost",
        r"The TaskExecutor is shutting down",
        r"TaskExecutor\S* was disconnected",
    ),
    next_step="See why (memory, node, eviction): kubectl -n {namespace} get events.",
)
TOO_MANY_FAILED = re.compile(r"Exceeded checkpoint tolerable failure threshold")
