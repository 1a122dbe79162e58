# ruff: noqa: E501 - a table is read line by line
"""Each rule of the definitions: a resource that breaks it, and what the API server answers."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import InvalidResource
from ansible_collections.flinkops.flink.plugins.module_utils.core.parse import parse
from ansible_collections.flinkops.flink.plugins.module_utils.core.schema import (
    Cel,
    Many,
    Named,
    Node,
    Record,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.schema_kinds import KINDS
from ansible_collections.flinkops.flink.plugins.module_utils.core.validate import validate
from cluster.crd.server import OWN_GROUP, Answer, Api, listing, until

DEPLOYMENTS, SESSION_JOBS = "flinkdeployments", "flinksessionjobs"
SNAPSHOTS, BLUE_GREEN = "flinkstatesnapshots", "flinkbluegreendeployments"
KIND_OF = {kind.plural: kind.kind for kind in KINDS}


def resource(plural: str, spec: Any, name: str = "app") -> dict[str, Any]:
    body = {
        "apiVersion": f"{OWN_GROUP}/v1beta1",
        "kind": KIND_OF[plural],
        "metadata": {"name": name},
    }
    return body if spec is None else {**body, "spec": spec}


def create(server: Api, plural: str, spec: Any, name: str = "app") -> Answer:
    return server("POST", f"{listing(plural)}?dryRun=All", resource(plural, spec, name))


def app(**fields: Any) -> dict[str, Any]:
    base = {"flinkVersion": "v1_20", "serviceAccount": "flink", "job": {"parallelism": 1}}
    return {name: value for name, value in {**base, **fields}.items() if value is not None}


def with_resources(requests: dict[str, Any], limits: dict[str, Any]) -> dict[str, Any]:
    return app(jobManager={"resources": {"requests": requests, "limits": limits}})


FORM = "the name must have at most 45 characters"
OWN = "can't be chosen: it follows from the resource's name and namespace; remove it"


class Bad(NamedTuple):
    rule: str
    plural: str
    spec: Any
    path: str
    said: str


class Change(NamedTuple):
    rule: str
    plural: str
    old: Any
    new: Any
    path: str
    said: str


BAD: list[tuple[str, str, Any, str, str]] = [
    ("a_spec_is_needed", DEPLOYMENTS, None, "spec: Required", "write the wanted cluster below spec"),
    ("a_flink_version_is_needed", DEPLOYMENTS, app(flinkVersion=None), "spec.flinkVersion: Required", "say flinkVersion: v1_20"),
    ("this_flink_version_is_no_longer_served", DEPLOYMENTS, app(flinkVersion="v1_14"), "spec.flinkVersion", "must be v1_15 or later"),
    ("a_service_account_is_needed", DEPLOYMENTS, app(serviceAccount=None), "spec.serviceAccount: Required", "name an account of the namespace"),
    ("a_service_account_is_needed", DEPLOYMENTS, app(serviceAccount=""), "spec.serviceAccount: Required", "name an account of the namespace"),
    ("a_job_needs_a_parallelism", DEPLOYMENTS, app(job={}), "spec.job", "must be at least 1, unless spec.taskManager.replicas is set"),
    ("a_job_needs_a_parallelism", DEPLOYMENTS, app(job={"parallelism": 0}), "spec.job", "must be at least 1"),
    ("at_least_one_jobmanager", DEPLOYMENTS, app(jobManager={"replicas": 0}), "spec.jobManager.replicas", "one JobManager is what most clusters need"),
    ("at_least_one_taskmanager_where_they_are_counted", DEPLOYMENTS, app(taskManager={"replicas": 0}), "spec.taskManager.replicas", "set job.state: suspended"),
    ("an_ingress_needs_a_template", DEPLOYMENTS, app(ingress={"className": "nginx"}), "spec.ingress.template: Required", "needs a host or path"),
    ("only_two_log_files_are_read", DEPLOYMENTS, app(logConfiguration={"log4j.properties": ""}), "spec.logConfiguration", "only log4j-console.properties and logback-console.xml"),
    ("a_local_jar_uri_names_no_host", DEPLOYMENTS, app(job={"parallelism": 1, "jarURI": "local://opt/j.jar"}), "spec.job.jarURI", "write local:///opt/flink/usrlib/job.jar"),
    ("a_size_must_be_readable", DEPLOYMENTS, app(jobManager={"resource": {"memory": "2x!"}}), "spec.jobManager.resource.memory", "2048m or 2g"),
    ("a_size_must_be_readable", DEPLOYMENTS, app(taskManager={"resource": {"ephemeralStorage": "much"}}), "spec.taskManager.resource.ephemeralStorage", "2048m or 2g"),
    ("a_size_must_be_readable", DEPLOYMENTS, app(taskManager={"resource": {"memory": "2x"}}), "spec.taskManager.resource.memory", "2048m or 2g"),
    ("some_cpu_is_needed", DEPLOYMENTS, app(taskManager={"resource": {"cpu": 0}}), "spec.taskManager.resource.cpu", "more than 0"),
    ("a_quantity_must_be_readable", DEPLOYMENTS, with_resources({"memory": "2gb"}, {}), "spec.jobManager.resources.requests", "500m, 2Gi or 4"),
    ("a_quantity_must_be_large_enough", DEPLOYMENTS, with_resources({}, {"cpu": 0}), "spec.jobManager.resources.limits", "cpu must be more than 0"),
    ("a_quantity_must_be_large_enough", DEPLOYMENTS, with_resources({}, {"memory": "-1"}), "spec.jobManager.resources.limits", "memory must be more than 0"),
    ("a_request_is_within_its_limit", DEPLOYMENTS, with_resources({"cpu": 2}, {"cpu": "1500m"}), "spec.jobManager.resources.requests", "the request for cpu must not be more than its limit"),
    ("a_request_is_within_its_limit", DEPLOYMENTS, with_resources({"memory": "2Gi"}, {"memory": "2G"}), "spec.jobManager.resources.requests", "the request for memory must not be more"),
    *[
        ("this_key_is_set_from_the_resource", DEPLOYMENTS, app(flinkConfiguration={key: "x"}), "spec.flinkConfiguration: Forbidden", f"{key} {OWN}")
        for key in ("kubernetes.namespace", "kubernetes.cluster-id", "high-availability.cluster-id")
    ],
    *[
        ("this_key_is_set_from_the_resource", DEPLOYMENTS, app(flinkConfiguration={"kubernetes": {key: "x"}}), "spec.flinkConfiguration: Forbidden", f"kubernetes.{key} {OWN}")
        for key in ("namespace", "cluster-id")
    ],
    ("a_flink_version_is_needed", BLUE_GREEN, {"template": {"spec": app(flinkVersion=None)}}, "spec.template.spec.flinkVersion: Required", "say flinkVersion: v1_20"),
    ("a_session_job_needs_its_session", SESSION_JOBS, {"job": {"parallelism": 1}}, "spec.deploymentName: Required", "name the session cluster"),
    ("a_session_is_named_as_a_deployment_is", SESSION_JOBS, {"job": {"parallelism": 1}, "deploymentName": "S"}, "spec.deploymentName", "must be the name of a FlinkDeployment"),
    ("a_session_job_needs_a_job", SESSION_JOBS, {"deploymentName": "s"}, "spec.job: Required", "say what to run below spec.job"),
    ("a_job_needs_a_parallelism", SESSION_JOBS, {"deploymentName": "s", "job": {}}, "spec.job", "must be at least 1"),
    ("a_snapshot_is_one_savepoint_or_one_checkpoint", SNAPSHOTS, {"jobReference": {"kind": "FlinkDeployment", "name": "x"}}, "spec", "exactly one of"),
    ("a_snapshot_is_one_savepoint_or_one_checkpoint", SNAPSHOTS, {"jobReference": {"kind": "FlinkDeployment", "name": "x"}, "savepoint": {}, "checkpoint": {}}, "spec", "exactly one of"),
    ("a_snapshot_needs_a_job", SNAPSHOTS, {"checkpoint": {}}, "spec.jobReference: Required", "name the job by kind and name"),
    ("an_existing_savepoint_needs_its_path", SNAPSHOTS, {"savepoint": {"alreadyExists": True}}, "spec.savepoint.path: Required", "needs its path"),
]  # fmt: skip

# what the schema alone says, in the API server's own words
MISFITS: list[tuple[Any, str, str]] = [
    (app(job={"parallelism": "2"}), "spec.job.parallelism", "must be of type integer"),
    (app(job={"args": "x"}), "spec.job.args", "must be of type array"),
    (app(jobManager={"resource": {"memory": 2048}}), "spec.jobManager.resource.memory", "must be of type string"),
    (app(flinkConfiguration="x"), "spec.flinkConfiguration", "must be of type object"),
    (app(flinkVersion="v1_21"), "spec.flinkVersion", "supported values"),
    (app(job={"parallelism": 1, "upgradeMode": "laststate"}), "spec.job.upgradeMode", "last-state"),
    (app(job={"parallelism": 1, "state": "stopped"}), "spec.job.state", "suspended"),
    (app(mode="Native"), "spec.mode", "standalone"),
    (app(podTemplate={"metadata": {"labels": {"a": 1}}}), "spec.podTemplate.metadata.labels.a", "must be of type string"),
    (app(podTemplate={"spec": {"containers": {}}}), "spec.podTemplate.spec.containers", "must be of type array"),
    (app(podTemplate={"spec": {"containers": [{"env": [{"name": "A", "value": 1}]}]}}), "spec.podTemplate.spec.containers[0].env[0].value", "must be of type string"),
]  # fmt: skip

STANDALONE = app(mode="standalone")
SESSION = app(job=None)
CHANGES: list[tuple[str, str, Any, Any, str, str]] = [
    ("an_application_stays_one", DEPLOYMENTS, app(), SESSION, "spec.job: Forbidden", "to stop the job set job.state: suspended"),
    ("a_session_cluster_stays_one", DEPLOYMENTS, SESSION, app(), "spec.job: Forbidden", "make a new FlinkDeployment for the job"),
    ("native_and_standalone_do_not_change_places", DEPLOYMENTS, app(), STANDALONE, "spec.mode: Forbidden", "between native and standalone"),
    ("native_and_standalone_do_not_change_places", DEPLOYMENTS, STANDALONE, app(mode="native"), "spec.mode: Forbidden", "between native and standalone"),
    ("a_redeploy_needs_a_snapshot_to_start_from", DEPLOYMENTS, app(), app(job={"parallelism": 1, "savepointRedeployNonce": 1}), "spec.job.initialSavepointPath: Required", "must name a snapshot to start from"),
    ("a_session_job_stays_in_its_session", SESSION_JOBS, {"deploymentName": "a", "job": {"parallelism": 1}}, {"deploymentName": "b", "job": {"parallelism": 1}}, "spec.deploymentName", "can't move to another session"),
]  # fmt: skip
FREE_CHANGES: list[tuple[Any, Any]] = [
    (app(), app(mode="native", image="x", flinkVersion="v2_0")),
    (
        app(job={"parallelism": 1, "savepointRedeployNonce": 1}),
        app(job={"parallelism": 2, "savepointRedeployNonce": 1}),
    ),
    (app(), app(job={"parallelism": 1, "savepointRedeployNonce": 1, "initialSavepointPath": "s"})),
]


@pytest.mark.row("C-107", "C-108")
@pytest.mark.parametrize("bad", [Bad(*row) for row in BAD], ids=lambda bad: bad.rule)
def test_a_bad_resource_is_refused_with_the_reason(server: Api, bad: Bad) -> None:
    answer = create(server, bad.plural, bad.spec)
    assert answer.status == 422
    assert bad.path in answer.told
    assert bad.said in answer.told


BAD_NAMES = ["1app", "app.x", "a" * 46]


@pytest.mark.row("C-107")
@pytest.mark.parametrize("name", BAD_NAMES)
def test_a_name_that_flink_cannot_build_on_is_refused(server: Api, name: str) -> None:
    answer = create(server, DEPLOYMENTS, app(), name)
    assert answer.status == 422
    assert "metadata.name" in answer.told
    assert FORM in answer.told


def test_a_name_of_45_letters_is_taken(server: Api) -> None:
    answer = create(server, DEPLOYMENTS, app(), "a" * 45)
    assert answer.is_ok, answer.told


@pytest.mark.parametrize(("spec", "path", "said"), MISFITS, ids=lambda v: str(v)[:60])
def test_a_misfit_is_refused_with_its_path(server: Api, spec: Any, path: str, said: str) -> None:
    answer = create(server, DEPLOYMENTS, spec)
    assert answer.status == 422
    assert path in answer.told
    assert said in answer.told


def change(server: Api, plural: str, old: Any, new: Any) -> Answer:
    path = f"{listing(plural)}/app"
    made = server("POST", listing(plural), resource(plural, old))
    assert made.is_ok, made.told
    try:
        body = resource(plural, new)
        body["metadata"]["resourceVersion"] = made.body["metadata"]["resourceVersion"]
        return server("PUT", path, body)
    finally:
        server("DELETE", path)
        until(lambda: server("GET", path).status == 404, "the resource is gone")


@pytest.mark.row("C-107")
@pytest.mark.parametrize("bad", [Change(*row) for row in CHANGES], ids=lambda bad: bad.rule)
def test_a_change_that_cannot_be_made_is_refused(server: Api, bad: Change) -> None:
    answer = change(server, bad.plural, bad.old, bad.new)
    assert answer.status == 422
    assert bad.path in answer.told
    assert bad.said in answer.told


@pytest.mark.parametrize(("old", "new"), FREE_CHANGES, ids=lambda v: str(v)[:60])
def test_other_changes_are_free(server: Api, old: Any, new: Any) -> None:
    answer = change(server, DEPLOYMENTS, old, new)
    assert answer.is_ok, answer.told


def refused_by_the_core(spec: Any) -> bool:
    cr = {**resource(DEPLOYMENTS, spec), "apiVersion": "flink.apache.org/v1beta1"}
    try:
        deployment = parse(cr)
    except InvalidResource:
        return True
    return bool(validate(deployment, effective=deployment.spec.flink_configuration))


SPECS = [row[2] for row in BAD if row[1] == DEPLOYMENTS] + [row[0] for row in MISFITS]


@pytest.mark.parametrize("spec", SPECS, ids=lambda spec: str(spec)[:60])
def test_what_the_api_server_refuses_the_core_refuses_too(spec: Any) -> None:
    assert refused_by_the_core(spec)


def rules_below(node: Node) -> Iterator[Cel]:
    yield from node.rules
    if isinstance(node, Record):
        for inner in node.fields.values():
            yield from rules_below(inner)
    if isinstance(node, Many | Named):
        yield from rules_below(node.of)


def test_every_rule_was_broken_once() -> None:
    described = {
        rule.name for kind in KINDS for node in kind.fields.values() for rule in rules_below(node)
    }
    described |= {rule.name for kind in KINDS for rule in kind.rules}
    tried = {row[0] for row in [*BAD, *CHANGES]} | {"the_name_must_suit_what_is_made_from_it"}
    assert described == tried
