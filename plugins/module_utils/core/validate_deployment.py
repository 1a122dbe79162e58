# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The rules that every FlinkDeployment keeps: identity, version, keys, ingress, logs, job, state.

Refuses to know sizes (validate_resources.py), the autoscaler (validate_autoscaler.py) and what
stood there before (validate_change.py).
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from .spec import FlinkVersion, UpgradeMode
from .validate_rule import Facts, Found, Rule, at

LONGEST_NAME = 45
FORBIDDEN_KEYS = ("kubernetes.namespace", "kubernetes.cluster-id", "high-availability.cluster-id")
LOG_FILES = ("log4j-console.properties", "logback-console.xml")
OLDEST_SUPPORTED = FlinkVersion.V1_15
CHECKPOINT_DIR = ("execution.checkpointing.dir", "state.checkpoints.dir")
SAVEPOINT_DIR = ("execution.checkpointing.savepoint-dir", "state.savepoints.dir")
OPERATOR = "kubernetes.operator."
NOT_FLINKS_OWN = (OPERATOR, "job.autoscaler.")

_NAME = re.compile(r"[a-z]([-a-z0-9]*[a-z0-9])?")
_PLACEHOLDER = re.compile(r"\{\{\s*(name|namespace)\s*\}\}")
_HOST = re.compile(r"[a-z0-9*]([-a-z0-9.]*[a-z0-9])?(:\d+)?", re.IGNORECASE)


def _name_breaks_form(facts: Facts) -> bool:
    name = facts.deployment.name
    return len(name) > LONGEST_NAME or not _NAME.fullmatch(name)


def _forbidden(facts: Facts) -> Iterator[Found]:
    given = facts.spec.flink_configuration
    for key in FORBIDDEN_KEYS:
        if key in given:
            yield Found(path=f"spec.flinkConfiguration.{key}", value=given[key])


def _overlapping(facts: Facts) -> Iterator[Found]:
    version = facts.spec.flink_version
    if version is None or not version.at_least(FlinkVersion.V2_0):
        return
    keys = {key for key in facts.effective if not key.startswith(NOT_FLINKS_OWN)}
    for key in sorted(keys):
        parts = key.split(".")
        heads = (".".join(parts[:count]) for count in range(1, len(parts)))
        for head in heads:
            if head in keys:
                yield Found(path=f"spec.flinkConfiguration.{head}", more=f"{key} is set too")


def ingress_url(template: str, *, name: str, namespace: str) -> str:
    """Put the names in, and a scheme where none is given."""
    filled = _PLACEHOLDER.sub(lambda m: name if m[1] == "name" else namespace, template)
    return filled if "://" in filled else f"https://{filled}"


def _ingress_is_no_url(facts: Facts) -> bool:
    ingress = facts.spec.ingress
    if ingress is None or not ingress.template:
        return False
    deployment = facts.deployment
    url = ingress_url(ingress.template, name=deployment.name, namespace=deployment.namespace)
    host = url.split("://", 1)[1].split("/", 1)[0]
    return bool(host) and not _HOST.fullmatch(host)


def _unknown_log_files(facts: Facts) -> Iterator[Found]:
    for name in facts.spec.log_configuration or {}:
        if name not in LOG_FILES:
            yield Found(path=f"spec.logConfiguration.{name}")


def _keeps_state(facts: Facts) -> bool:
    job = facts.spec.job
    return job is not None and job.upgrade_mode is not UpgradeMode.STATELESS


def _parallelism_is_missing(facts: Facts) -> bool:
    job, managers = facts.spec.job, facts.spec.task_manager
    counted = managers is not None and managers.replicas is not None
    return job is not None and not counted and job.parallelism < 1


def _needs_savepoint_dir(name: str, path: str, when: Callable[[Facts], object]) -> Rule:
    return Rule(
        name=name,
        find=at(path, lambda facts: when(facts) and not facts.get(*SAVEPOINT_DIR)),
        rule="needs a place for savepoints",
        next_step="Set state.savepoints.dir in spec.flinkConfiguration.",
    )


_UPGRADES_BY_SAVEPOINT = "spec.job.upgradeMode"
_NEEDS_SAVEPOINT_DIR: tuple[tuple[str, str, Callable[[Facts], object]], ...] = (
    (
        "savepoint_upgrades_need_a_savepoint_dir",
        _UPGRADES_BY_SAVEPOINT,
        lambda f: f.spec.job and f.spec.job.upgrade_mode is UpgradeMode.SAVEPOINT,
    ),
    (
        "a_triggered_savepoint_needs_a_savepoint_dir",
        "spec.job.savepointTriggerNonce",
        lambda f: f.spec.job and f.spec.job.savepoint_trigger_nonce is not None,
    ),
    (
        "periodic_savepoints_need_a_savepoint_dir",
        f"spec.flinkConfiguration.{OPERATOR}periodic.savepoint.interval",
        lambda f: f.spec.job and f.get(f"{OPERATOR}periodic.savepoint.interval"),
    ),
    (
        "a_checkpoint_age_limit_needs_a_savepoint_dir",
        f"spec.flinkConfiguration.{OPERATOR}job.upgrade.last-state.max.allowed.checkpoint.age",
        lambda f: (
            f.spec.job and f.get(f"{OPERATOR}job.upgrade.last-state.max.allowed.checkpoint.age")
        ),
    ),
)

RULES: tuple[Rule, ...] = (
    Rule(
        name="the_name_must_suit_what_is_made_from_it",
        find=at("metadata.name", _name_breaks_form, lambda f: f.deployment.name),
        rule=(
            "must start with a lower-case letter, go on with lower-case letters, digits or "
            f"hyphens, end with a letter or digit, and have at most {LONGEST_NAME} characters"
        ),
        next_step="Choose another name: Flink makes the names of its objects from it.",
    ),
    Rule(
        name="a_flink_version_is_needed",
        find=at("spec.flinkVersion", lambda f: f.spec.flink_version is None),
        rule="Flink's version is needed",
        next_step="Write the version that is in the image, for example `flinkVersion: v1_20`.",
    ),
    Rule(
        name="this_flink_version_is_no_longer_served",
        find=at(
            "spec.flinkVersion",
            lambda f: f.spec.flink_version and not f.spec.flink_version.at_least(OLDEST_SUPPORTED),
            lambda f: f.spec.flink_version,
        ),
        rule=f"must be {OLDEST_SUPPORTED} or later",
        next_step="Use an image with a later Flink.",
    ),
    Rule(
        name="a_service_account_is_needed",
        find=at("spec.serviceAccount", lambda f: not f.spec.service_account),
        rule="a service account is needed",
        next_step="Name an account of the namespace that may manage pods, say `flink`.",
    ),
    Rule(
        name="this_key_is_set_from_the_resource",
        find=_forbidden,
        rule="this key can't be chosen: it follows from the resource's name and namespace",
        next_step="Remove the key.",
    ),
    Rule(
        name="a_key_holds_a_value_or_further_keys",
        find=_overlapping,
        rule="from Flink 2.0 on a key can't have a value of its own and further keys below it",
        next_step="Remove one of the two; often the shorter one is an older spelling.",
    ),
    Rule(
        name="rollback_needs_high_availability",
        find=at(
            f"spec.flinkConfiguration.{OPERATOR}deployment.rollback.enabled",
            lambda f: (
                f.is_on(f"{OPERATOR}deployment.rollback.enabled") and not f.is_highly_available
            ),
        ),
        rule="rollback needs high availability: the earlier state is found by it",
        next_step="Set high-availability.type: kubernetes and high-availability.storageDir.",
    ),
    Rule(
        name="health_checks_need_jobmanager_recovery",
        find=at(
            f"spec.flinkConfiguration.{OPERATOR}cluster.health-check.enabled",
            lambda f: (
                f.is_on(f"{OPERATOR}cluster.health-check.enabled")
                and f.get(
                    f"{OPERATOR}jm-deployment-recovery.enabled",
                    f"{OPERATOR}reconciler.jm-deployment-recovery.enabled",
                ).lower()
                == "false"
            ),
        ),
        rule="the health check restarts clusters, which recovery of the JobManager must allow",
        next_step=f"Remove {OPERATOR}jm-deployment-recovery.enabled: false, or the health check.",
    ),
    Rule(
        name="an_ingress_needs_a_template",
        find=at("spec.ingress.template", lambda f: f.spec.ingress and not f.spec.ingress.template),
        rule="an Ingress needs a host or path",
        next_step='Write for example `template: "{{name}}.{{namespace}}.flink.example.com"`.',
    ),
    Rule(
        name="an_ingress_template_must_give_a_url",
        find=at(
            "spec.ingress.template",
            _ingress_is_no_url,
            lambda f: f.spec.ingress and f.spec.ingress.template,
        ),
        rule="must give a valid host and path once the names are put in",
        next_step="Only {{name}} and {{namespace}} are put in; check the host's letters.",
    ),
    Rule(
        name="only_two_log_files_are_read",
        find=_unknown_log_files,
        rule=f"must be one of {', '.join(LOG_FILES)}",
        next_step="Put the settings under one of these names.",
    ),
    Rule(
        name="a_job_needs_a_parallelism",
        find=at(
            "spec.job.parallelism",
            _parallelism_is_missing,
            lambda f: f.spec.job and f.spec.job.parallelism,
        ),
        rule="must be at least 1, unless taskManager.replicas is set",
        next_step="Write how many copies of each step should run, for example `parallelism: 2`.",
    ),
    Rule(
        name="keeping_state_needs_a_checkpoint_dir",
        find=at(
            _UPGRADES_BY_SAVEPOINT,
            lambda f: _keeps_state(f) and not f.get(*CHECKPOINT_DIR),
            lambda f: f.spec.job and f.spec.job.upgrade_mode,
        ),
        rule="an upgrade that keeps state needs a place for checkpoints",
        next_step=(
            "Set state.checkpoints.dir in spec.flinkConfiguration, or upgradeMode: stateless."
        ),
    ),
    *(_needs_savepoint_dir(*row) for row in _NEEDS_SAVEPOINT_DIR),
)
