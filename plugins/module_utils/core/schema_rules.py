# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""Rules that the API server itself checks, in CEL: a bad resource is refused when it is applied.

Only what can be told from the resource alone stands here, and only what no default of the
platform could put right (validate.py has the rest). Each rule stands on the narrowest node that it
reads: a stored resource that breaks a newer rule stays writable as long as that node is untouched.
"""

from __future__ import annotations

from .schema import Cel

_MISSING = "FieldValueRequired"
_FORBIDDEN = "FieldValueForbidden"
_LONGEST_NAME = 45


def _cel(name: str, rule: str, message: str, *, at: str = "", reason: str = "") -> Cel:
    return Cel(
        name=name,
        rule=" ".join(rule.split()),
        message=message,
        field_path=at,
        reason=reason or "FieldValueInvalid",
    )


# A name never changes: judged once, when the resource is made.
NAME = Cel(
    name="the_name_must_suit_what_is_made_from_it",
    rule=(
        "oldSelf.hasValue() || (size(self.metadata.name) <= 45 && "
        "self.metadata.name.matches('^[a-z]([-a-z0-9]*[a-z0-9])?$'))"
    ),
    message=(
        "the name must have at most 45 characters, start with a lower-case letter, go on with "
        "lower-case letters, digits or hyphens, and end with a letter or digit"
    ),
    field_path=".metadata.name",
    old_may_be_absent=True,
)

SPEC_NEEDED = Cel(
    name="a_spec_is_needed",
    rule="oldSelf.hasValue() || has(self.spec)",
    message="a spec is needed: write the wanted cluster below spec",
    field_path=".spec",
    reason=_MISSING,
    old_may_be_absent=True,
)
VERSION_NEEDED = _cel(
    "a_flink_version_is_needed",
    "has(self.flinkVersion)",
    "Flink's version is needed: write the version that is in the image, say flinkVersion: v1_20",
    at=".flinkVersion",
    reason=_MISSING,
)
VERSION_SERVED = _cel(
    "this_flink_version_is_no_longer_served",
    "!(self in ['v1_13', 'v1_14'])",
    "must be v1_15 or later: use an image with a later Flink",
)
ACCOUNT_NEEDED = _cel(
    "a_service_account_is_needed",
    "has(self.serviceAccount) && self.serviceAccount != ''",
    "a service account is needed: name an account of the namespace that may manage pods",
    at=".serviceAccount",
    reason=_MISSING,
)
PARALLELISM = _cel(
    "a_job_needs_a_parallelism",
    """!has(self.job) || (has(self.taskManager) && has(self.taskManager.replicas)) ||
    (has(self.job.parallelism) && self.job.parallelism >= 1)""",
    "spec.job.parallelism must be at least 1, unless spec.taskManager.replicas is set",
    at=".job",
)
JOBMANAGERS = _cel(
    "at_least_one_jobmanager",
    "self >= 1",
    "must be at least 1: remove the field, one JobManager is what most clusters need",
)
TASKMANAGERS = _cel(
    "at_least_one_taskmanager_where_they_are_counted",
    "self >= 1",
    "must be at least 1: to stop the job set job.state: suspended",
)
INGRESS_TEMPLATE = _cel(
    "an_ingress_needs_a_template",
    "has(self.template) && self.template != ''",
    "an Ingress needs a host or path, say {{name}}.{{namespace}}.flink.example.com",
    at=".template",
    reason=_MISSING,
)
LOG_FILES = _cel(
    "only_two_log_files_are_read",
    "self.all(file, file in ['log4j-console.properties', 'logback-console.xml'])",
    "only log4j-console.properties and logback-console.xml are read",
)
LOCAL_JAR = _cel(
    "a_local_jar_uri_names_no_host",
    "!self.startsWith('local://') || self.startsWith('local:///')",
    "local:// must be followed by an absolute path: write local:///opt/flink/usrlib/job.jar",
)
SIZE_PATTERN = (
    r"(?i)^\\s*([0-9]+[.]?[0-9]*|[.][0-9]+)\\s*"
    r"(b|bytes|[kmgtpe]i?b?|(ki|me|gi|te)bibytes|e[0-9]+)?\\s*$"
)
SIZE = _cel(
    "a_size_must_be_readable",
    f"self.matches('{SIZE_PATTERN}')",
    "must be a size: write for example 2048m or 2g (both binary), or 2Gi",
)
SOME_CPU = _cel("some_cpu_is_needed", "self > 0.0", "must be more than 0, for example 0.5")


def _at_most_its_limit(name: str) -> Cel:
    request, limit = f"self.requests['{name}']", f"self.limits['{name}']"
    return _cel(
        "a_request_is_within_its_limit",
        f"""!has(self.requests) || !has(self.limits) || !('{name}' in self.requests) ||
        !('{name}' in self.limits) || !isQuantity(string({request})) ||
        !isQuantity(string({limit})) ||
        quantity(string({request})).compareTo(quantity(string({limit}))) <= 0""",
        f"the request for {name} must not be more than its limit",
        at=".requests",
    )


def _above_zero(name: str) -> Cel:
    value = f"self['{name}']"
    return _cel(
        "a_quantity_must_be_large_enough",
        f"""!('{name}' in self) || !isQuantity(string({value})) ||
        quantity(string({value})).isGreaterThan(quantity('0'))""",
        f"{name} must be more than 0",
    )


WITHIN_LIMITS = (_at_most_its_limit("cpu"), _at_most_its_limit("memory"))
QUANTITIES = (
    _cel(
        "a_quantity_must_be_readable",
        "self.all(name, isQuantity(string(self[name])))",
        "must be Kubernetes quantities: write for example 500m, 2Gi or 4",
    ),
    _above_zero("cpu"),
    _above_zero("memory"),
)


def _own_key(key: str) -> Cel:
    escaped = key.replace(".", "__dot__").replace("-", "__dash__")
    return _cel(
        "this_key_is_set_from_the_resource",
        f"!has(self.{escaped})",
        f"{key} can't be chosen: it follows from the resource's name and namespace; remove it",
        reason=_FORBIDDEN,
    )


OWN_KEYS = tuple(
    _own_key(key)
    for key in ("kubernetes.namespace", "kubernetes.cluster-id", "high-availability.cluster-id")
)
OWN_NESTED_KEYS = tuple(
    _cel(
        "this_key_is_set_from_the_resource",
        f"!has(self.kubernetes) || !has(self.kubernetes.{field})",
        f"kubernetes.{key} can't be chosen: it follows from the resource's name and namespace; "
        "remove it",
        reason=_FORBIDDEN,
    )
    for key, field in (("namespace", "__namespace__"), ("cluster-id", "cluster__dash__id"))
)

APPLICATION_OR_SESSION = (
    _cel(
        "an_application_stays_one",
        "!has(oldSelf.job) || has(self.job)",
        "an application can't become a session cluster: to stop the job set job.state: suspended; "
        "for a session make a new resource",
        at=".job",
        reason=_FORBIDDEN,
    ),
    _cel(
        "a_session_cluster_stays_one",
        "has(oldSelf.job) || !has(self.job)",
        "a session cluster can't become an application: make a new FlinkDeployment for the job, or "
        "a FlinkSessionJob",
        at=".job",
        reason=_FORBIDDEN,
    ),
)
SAME_MODE = _cel(
    "native_and_standalone_do_not_change_places",
    "(has(self.mode) ? self.mode : 'native') == (has(oldSelf.mode) ? oldSelf.mode : 'native')",
    "a cluster can't change between native and standalone mode: make a new FlinkDeployment in the "
    "other mode, from a savepoint of this one",
    at=".mode",
    reason=_FORBIDDEN,
)
REDEPLOY = _cel(
    "a_redeploy_needs_a_snapshot_to_start_from",
    """!has(self.savepointRedeployNonce) ||
    (has(oldSelf.savepointRedeployNonce) &&
    oldSelf.savepointRedeployNonce == self.savepointRedeployNonce) ||
    (has(self.initialSavepointPath) && self.initialSavepointPath != '')""",
    "savepointRedeployNonce changed, so initialSavepointPath must name a snapshot to start from",
    at=".initialSavepointPath",
    reason=_MISSING,
)
CHANGES = (*APPLICATION_OR_SESSION, SAME_MODE)

SESSION_NEEDED = _cel(
    "a_session_job_needs_its_session",
    "has(self.deploymentName) && self.deploymentName != ''",
    "name the session cluster: the FlinkDeployment (without a job) that runs this job",
    at=".deploymentName",
    reason=_MISSING,
)
SESSION_FORM = _cel(
    "a_session_is_named_as_a_deployment_is",
    "self.matches('^[a-z]([-a-z0-9]{0,43}[a-z0-9])?$')",
    "must be the name of a FlinkDeployment: a lower-case letter first, then lower-case letters, "
    "digits or hyphens, at most 45 characters",
)
SESSION_STAYS = _cel(
    "a_session_job_stays_in_its_session",
    "self == oldSelf",
    "a session job can't move to another session cluster: make a new FlinkSessionJob there",
)
JOB_NEEDED = _cel(
    "a_session_job_needs_a_job",
    "has(self.job)",
    "say what to run below spec.job",
    at=".job",
    reason=_MISSING,
)
SESSION_PARALLELISM = _cel(
    "a_job_needs_a_parallelism",
    "!has(self.job) || (has(self.job.parallelism) && self.job.parallelism >= 1)",
    "spec.job.parallelism must be at least 1",
    at=".job",
)
ONE_SNAPSHOT = _cel(
    "a_snapshot_is_one_savepoint_or_one_checkpoint",
    "has(self.savepoint) != has(self.checkpoint)",
    "exactly one of spec.savepoint and spec.checkpoint is needed",
)
SNAPSHOT_OF_A_JOB = _cel(
    "a_snapshot_needs_a_job",
    """(has(self.jobReference) && has(self.jobReference.name) && self.jobReference.name != '' &&
    has(self.jobReference.kind)) ||
    (has(self.savepoint) && has(self.savepoint.alreadyExists) && self.savepoint.alreadyExists)""",
    "name the job by kind and name, unless the savepoint already exists",
    at=".jobReference",
    reason=_MISSING,
)
EXISTING_SAVEPOINT = _cel(
    "an_existing_savepoint_needs_its_path",
    "!has(self.alreadyExists) || !self.alreadyExists || (has(self.path) && self.path != '')",
    "a savepoint that already exists needs its path",
    at=".path",
    reason=_MISSING,
)
