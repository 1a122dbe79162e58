# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""What a change of each field of a spec asks of a running cluster: the classes, and their table.

The first rule that fits a changed field decides. Refuses to know how two specs are compared
(difference.py), and what is done about a class.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from .spec import Spec


class Change(StrEnum):
    """Ordered: the highest class of all changed fields is the difference's own."""

    NONE = "none"
    IGNORED = "ignored"
    """Recorded; whatever runs stays as it is."""
    LIVE = "live"
    """Objects are patched; no process ends."""
    SCALE = "scale"
    """In place where the cluster can, else as UPGRADE."""
    UPGRADE = "upgrade"
    REDEPLOY = "redeploy"
    """The running job is dropped for the savepoint that is named."""

    @property
    def rank(self) -> int:
        return tuple(Change).index(self)

    @property
    def restarts(self) -> bool:
        return self.rank >= Change.SCALE.rank


@dataclass(frozen=True, slots=True, kw_only=True)
class Sides:
    """One changed field, in both specs."""

    path: str
    before: Any
    after: Any
    old: Spec
    new: Spec

    @property
    def is_standalone(self) -> bool:
        return self.old.is_standalone and self.new.is_standalone

    @property
    def counts_task_managers(self) -> bool:
        return all(it.task_manager and it.task_manager.replicas for it in (self.old, self.new))

    @property
    def is_the_default_written_out(self) -> bool:
        key = "kubernetes.jobmanager.replicas"
        is_set = any(key in it.flink_configuration for it in (self.old, self.new))
        return {self.before, self.after} == {None, 1} and not is_set


def _always(_sides: Sides) -> bool:
    return True


@dataclass(frozen=True, slots=True, kw_only=True)
class FieldRule:
    """`paths`: where `*` stands for any text, dots included."""

    name: str
    paths: tuple[str, ...]
    change: Change
    reason: str
    when: Callable[[Sides], bool] = field(default=_always)

    def fits(self, sides: Sides) -> bool:
        return _PATTERNS[self.paths].fullmatch(sides.path) is not None and self.when(sides)


_CONF = "spec.flinkConfiguration"
_TEMPLATES = ("spec.podTemplate", "spec.jobManager.podTemplate", "spec.taskManager.podTemplate")
_MARKS = tuple(
    f"{template}.metadata.{marks}.*"
    for template in _TEMPLATES
    for marks in ("labels", "annotations")
)

RULES: tuple[FieldRule, ...] = (
    FieldRule(
        name="the_record_has_a_word_of_its_own",
        paths=("spec.job.state", "spec.job.upgradeMode"),
        change=Change.NONE,
        reason="a record says here how far a start got and how it was restored; "
        "what the user says is a fact of its own",
    ),
    FieldRule(
        name="a_nonce_that_is_taken_away_asks_for_nothing",
        paths=("spec.restartNonce", "spec.job.savepointRedeployNonce"),
        change=Change.IGNORED,
        reason="only a new value asks",
        when=lambda sides: sides.after is None,
    ),
    FieldRule(
        name="another_start_is_asked_for",
        paths=("spec.job.savepointRedeployNonce",),
        change=Change.REDEPLOY,
        reason="the running job is dropped and started from initialSavepointPath",
    ),
    FieldRule(
        name="a_restart_is_asked_for",
        paths=("spec.restartNonce",),
        change=Change.UPGRADE,
        reason="a restart with the job's state",
    ),
    FieldRule(
        name="a_snapshot_is_asked_for",
        paths=("spec.job.savepointTriggerNonce", "spec.job.checkpointTriggerNonce"),
        change=Change.IGNORED,
        reason="the running job takes it",
    ),
    FieldRule(
        name="only_a_start_reads_it",
        paths=("spec.job.initialSavepointPath", "spec.job.allowNonRestoredState"),
        change=Change.IGNORED,
        reason="it says where and how a job begins; this one has begun",
    ),
    FieldRule(
        name="the_autoscaler_is_to_forget",
        paths=("spec.job.autoscalerResetNonce",),
        change=Change.IGNORED,
        reason="its record is not the job's",
    ),
    FieldRule(
        name="the_ingress_stands_in_front",
        paths=("spec.ingress", "spec.ingress.*", f"{_CONF}.kubernetes.operator.ingress.manage"),
        change=Change.LIVE,
        reason="the Ingress is made, changed or deleted; no pod knows of it",
    ),
    FieldRule(
        name="log_files_are_read_again",
        paths=("spec.logConfiguration", "spec.logConfiguration.*"),
        change=Change.LIVE,
        reason="the files in the ConfigMap are changed and log4j reads its own again "
        "(monitorInterval); a file that comes or goes counts from the next start on",
    ),
    FieldRule(
        name="pods_are_marked_while_they_run",
        paths=(
            *_MARKS,
            f"{_CONF}.kubernetes.jobmanager.labels",
            f"{_CONF}.kubernetes.jobmanager.annotations",
            f"{_CONF}.kubernetes.taskmanager.labels",
            f"{_CONF}.kubernetes.taskmanager.annotations",
        ),
        change=Change.LIVE,
        reason="labels and annotations are patched on the pods that run; the Deployment's template "
        "stays",
    ),
    FieldRule(
        name="services_are_marked_while_they_serve",
        paths=(
            f"{_CONF}.kubernetes.rest-service.annotations",
            f"{_CONF}.kubernetes.internal-service.annotations",
        ),
        change=Change.LIVE,
        reason="annotations are patched on the Services",
    ),
    FieldRule(
        name="it_speaks_to_the_operator",
        paths=(f"{_CONF}.kubernetes.operator*", f"{_CONF}.job.autoscaler*"),
        change=Change.IGNORED,
        reason="no cluster ever sees these keys; from the next turn or start on they hold",
    ),
    FieldRule(
        name="the_job_says_its_parallelism",
        paths=(f"{_CONF}.parallelism.default*",),
        change=Change.IGNORED,
        reason="job.parallelism wins over it",
    ),
    FieldRule(
        name="a_default_is_written_out",
        paths=("spec.jobManager.replicas",),
        change=Change.IGNORED,
        reason="one JobManager is what there was",
        when=lambda sides: sides.is_the_default_written_out,
    ),
    FieldRule(
        name="task_managers_give_the_parallelism",
        paths=("spec.job.parallelism",),
        change=Change.IGNORED,
        reason="where taskManager.replicas is given it counts, and job.parallelism does not",
        when=lambda sides: sides.counts_task_managers,
    ),
    FieldRule(
        name="a_standalone_cluster_is_scaled",
        paths=("spec.job.parallelism", "spec.taskManager.replicas"),
        change=Change.SCALE,
        reason="TaskManagers come or go, and a reactive scheduler follows",
        when=lambda sides: sides.is_standalone,
    ),
    FieldRule(
        name="vertices_are_scaled",
        paths=(f"{_CONF}.pipeline.jobvertex-parallelism-overrides*",),
        change=Change.SCALE,
        reason="the adaptive scheduler can be told while the job runs",
        when=lambda sides: not (sides.old.is_standalone or sides.new.is_standalone),
    ),
    FieldRule(
        name="another_program",
        paths=("spec.job", "spec.job.jarURI", "spec.job.entryClass", "spec.job.args*"),
        change=Change.UPGRADE,
        reason="a process runs the program it was started with",
    ),
    FieldRule(
        name="another_parallelism",
        paths=("spec.job.parallelism", "spec.taskManager.replicas"),
        change=Change.UPGRADE,
        reason="a JobManager reads its job's parallelism once",
    ),
    FieldRule(
        name="another_flink",
        paths=("spec.image", "spec.imagePullPolicy", "spec.flinkVersion", "spec.mode"),
        change=Change.UPGRADE,
        reason="a pod runs the image it was made with",
    ),
    FieldRule(
        name="other_pods",
        paths=(
            "spec.serviceAccount",
            *(it for template in _TEMPLATES for it in (template, f"{template}.*")),
            "spec.jobManager.replicas",
            *(
                f"spec.{role}.{asked}"
                for role in ("jobManager", "taskManager")
                for asked in ("resource.*", "resources.*")
            ),
        ),
        change=Change.UPGRADE,
        reason="a pod keeps the form it was made in",
    ),
    FieldRule(
        name="another_configuration",
        paths=(f"{_CONF}.*",),
        change=Change.UPGRADE,
        reason="Flink reads its configuration once, as it starts",
    ),
    FieldRule(
        name="a_field_that_no_rule_names",
        paths=("*",),
        change=Change.UPGRADE,
        reason="a restart is the safe answer to what is not known",
    ),
)


def rule_for(sides: Sides) -> FieldRule:
    return next(rule for rule in RULES if rule.fits(sides))


def _compiled(paths: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(re.escape(path).replace(r"\*", ".*") for path in paths), re.DOTALL)


_PATTERNS = {rule.paths: _compiled(rule.paths) for rule in RULES}
