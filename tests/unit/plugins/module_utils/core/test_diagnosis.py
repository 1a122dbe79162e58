# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Each rule of the diagnosis has a case, and the most telling rule comes first."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis import diagnose
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_finding import Weight
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_rules import (
    ECHOES,
    OTHERWISE,
    SIGNS,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_scene import (
    CheckpointsView,
    Scene,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.errors import Problem
from support.scenes import (
    JM,
    JOB,
    NOW,
    SPEC,
    TM,
    WELL,
    container,
    deployment,
    down,
    ended,
    event,
    flink,
    job,
    log,
    pod,
    resource,
    scene,
    sick,
    status,
    unscheduled,
    waiting,
)

FINALIZER = "flinkdeployments.flink.apache.org/finalizer"
HA = {"high-availability.type": "kubernetes"}
QUOTA = (
    'pods "orders-taskmanager-1-1" is forbidden: exceeded quota: tight, requested: '
    "requests.memory=1Gi, used: requests.memory=1Gi, limited: requests.memory=1536Mi"
)
NO_ACCOUNT = (
    'pods "orders-7c5d9c8b6f-" is forbidden: error looking up service account shop/flink: '
    'serviceaccount "flink" not found'
)
NO_RIGHT = (
    "io.fabric8.kubernetes.client.KubernetesClientException: Failure executing: POST at: "
    "https://10.0.0.1/api/v1/namespaces/shop/pods. Message: pods is forbidden: User "
    '"system:serviceaccount:shop:default" cannot create resource "pods" in API group "" in the '
    'namespace "shop".'
)
PSA = (
    'pods "orders-7c5d9c8b6f-" is forbidden: violates PodSecurity "restricted:latest": '
    "allowPrivilegeEscalation != false"
)
LIMITS = (
    'pods "orders-7c5d9c8b6f-" is forbidden: maximum memory usage per Container is 512Mi, '
    "but limit is 1Gi"
)
NO_SAVEPOINT = (
    "org.apache.flink.client.program.ProgramInvocationException: The main method caused an error"
    " <- java.io.FileNotFoundException: Cannot find checkpoint or savepoint file/directory "
    "'file:///sp/none' on file system 'file'."
)
NO_META = (
    "java.io.FileNotFoundException: Cannot find meta data file '_metadata' in directory "
    "'file:/sp/x'. Please try to load the checkpoint/savepoint directly from the metadata file."
)
UNMAPPED = (
    "java.lang.IllegalStateException: Failed to rollback to checkpoint/savepoint file:/sp/1. "
    "Cannot map checkpoint/savepoint state for operator 2f9 to the new program, because the "
    "operator is not available in the new program. If you want to allow to skip this, you can set "
    "the --allowNonRestoredState option on the CLI."
)
NO_SLOTS = (
    "org.apache.flink.runtime.JobException: Recovery is suppressed by NoRestartBackoffTimeStrategy"
    " <- org.apache.flink.runtime.jobmanager.scheduler.NoResourceAvailableException: Could not "
    "acquire the minimum required resources."
)
POD_ENDED = (
    "2026-11-21 11:59:00,000 INFO  ActiveResourceManager [] - Worker orders-taskmanager-1-1 is "
    "terminated. Diagnostics: Pod terminated, container termination statuses: "
    "[flink-main-container(exitCode=137, reason=OOMKilled, message=null)], pod status: Failed"
)


def died(text: str) -> Scene:
    """Its JobManager ends again and again; `text` is the end of its log."""
    return down(pods=(pod(containerStatuses=[ended(1)]),), logs=(log(text),))


def fails(text: str, state: str = "FAILED", **told: Any) -> Scene:
    """Flink tells of its job's failure."""
    return sick(job(state=state, tasks_running=0, failures=(text,), failed_at=NOW, **told))


def refused(text: str) -> Scene:
    return down(deployment=deployment(available=0, reason="FailedCreate", message=text))


def says_in_its_log(text: str) -> Scene:
    """The JobManager runs, its tasks don't; it tells why in its log."""
    return sick(job(state="CREATED", tasks_running=0, started=NOW), logs=(log(text),))


def with_status(**fields: Any) -> Scene:
    return down(resource=resource(status=status(**fields)))


def going(*finalizers: str) -> dict[str, Any]:
    return resource(deletionTimestamp="2026-11-21T11:50:00Z", finalizers=list(finalizers))


def unready_pod(started: str) -> dict[str, Any]:
    running = container(state={"running": {}})
    unready = {"type": "Ready", "status": "False"}
    return pod(
        phase="Running", containerStatuses=[running], startTime=started, conditions=[unready]
    )


PROBLEM = Problem(path="spec.job.jarURI", value="x", rule="must be a URI", next_step="Correct it.")
CASES: tuple[tuple[str, Scene, str], ...] = (
    # rule, scene, words of the sentence
    ("all_is_well", WELL, f"job {JOB} is RUNNING with all 4 tasks"),
    ("it_is_under_way", down(pods=(pod(phase="Pending"),)), "0 of 1 JobManagers ready"),
    (
        "no_rule_says_why",
        down(deployment=None, resource=resource(status=status(reconciliationStatus=None))),
        "no rule says why",
    ),
    ("there_is_no_such_namespace", down(has_namespace=False), "no namespace shop"),
    (
        "there_is_no_such_resource",
        down(resource=None, deployment=None, leftovers=("orders-cluster-config-map",)),
        "left: ConfigMap/orders-cluster-config-map",
    ),
    ("its_namespace_is_being_deleted", down(is_namespace_going=True), "nothing can be made"),
    (
        "another_finalizer_holds_its_deletion",
        down(resource=going("example.com/keep")),
        "waits for example.com/keep",
    ),
    (
        "another_finalizer_holds_its_deletion",
        down(resource=going(FINALIZER), is_ours=False),
        f"waits for {FINALIZER}",
    ),
    (
        "it_is_being_deleted",
        down(resource=going(FINALIZER), pods=(pod(),)),
        f"left of it: Deployment/orders, Pod/{JM}",
    ),
    ("its_removal_is_not_finished", with_status(lifecycleState="DELETING"), "not finished"),
    (
        "the_user_suspended_it",
        down(
            deployment=None,
            resource=resource(
                spec={**SPEC, "job": {**SPEC["job"], "state": "suspended"}},  # type: ignore[dict-item]
                status=status(jobStatus={"upgradeSavepointPath": "file:/sp/1"}),
            ),
        ),
        "go on from file:/sp/1",
    ),
    ("the_job_finished", fails("", state="FINISHED"), "FINISHED"),
    ("its_job_has_finished", with_status(jobStatus={"state": "FINISHED"}), "FINISHED"),
    ("the_resource_breaks_rules", down(problems=(PROBLEM,) * 2), "(and 1 more): spec.job.jarURI"),
    (
        "state_of_an_earlier_job_was_found",
        down(deployment=None, resource=resource(status={}), leftovers=("orders-map",)),
        "HA data of an earlier job of its name is there: orders-map",
    ),
    (
        "nobody_has_acted_on_it",
        down(deployment=None, resource=resource(status={})),
        "no status and no JobManager",
    ),
    ("its_service_account_is_missing", refused(NO_ACCOUNT), 'serviceaccount "flink" not found'),
    ("its_service_account_is_missing", down(has_account=False), "flink is not in namespace shop"),
    ("its_service_account_lacks_rights", says_in_its_log(NO_RIGHT), "cannot create resource"),
    (
        "its_service_account_lacks_rights",
        down(missing_rights=("create pods", "watch pods")),
        "flink may not create pods, watch pods",
    ),
    ("a_quota_refuses_its_pods", refused(QUOTA), "exceeded quota: tight"),
    ("a_quota_refuses_its_pods", says_in_its_log(QUOTA), "limited: requests.memory=1536Mi"),
    ("a_limit_range_refuses_its_pods", refused(LIMITS), "per Container is 512Mi, but limit is 1Gi"),
    ("an_admission_rule_refuses_its_pods", refused(PSA), 'PodSecurity "restricted:latest"'),
    (
        "its_image_name_is_no_name",
        down(pods=(waiting("InvalidImageName", "couldn't parse image name"),)),
        "couldn't parse",
    ),
    (
        "its_image_is_never_pulled",
        down(pods=(waiting("ErrImageNeverPull", "not present with pull policy of Never"),)),
        "pull policy of Never",
    ),
    (
        "its_image_can_not_be_pulled",
        down(
            pods=(waiting("ImagePullBackOff", 'Back-off pulling image "shop/orders:2"'),),
            events=(event("Failed", 'Failed to pull image "shop/orders:2": not found'),),
        ),
        "shop/orders:2: Failed to pull image",
    ),
    (
        "its_image_can_not_be_pulled",
        sick(
            job(tasks_running=0, started=NOW),
            pods=(waiting("ErrImagePull", "rpc error: not found", name=TM),),
        ),
        "rpc error: not found",
    ),
    (
        "a_secret_or_configmap_is_missing",
        down(pods=(waiting("CreateContainerConfigError", 'secret "keys" not found'),)),
        'secret "keys" not found',
    ),
    (
        "a_secret_or_configmap_is_missing",
        down(
            pods=(waiting("ContainerCreating"),),
            events=(
                event(
                    "FailedMount",
                    'MountVolume.SetUp failed for volume "c" : configmap "settings" not found',
                ),
            ),
        ),
        'configmap "settings" not found',
    ),
    (
        "a_volume_can_not_be_mounted",
        down(
            pods=(waiting("ContainerCreating"),),
            events=(
                event(
                    "FailedMount",
                    'MountVolume.SetUp failed for volume "v" : hostPath type check failed: '
                    "/no/such/folder is not a directory",
                ),
            ),
        ),
        "/no/such/folder is not a directory",
    ),
    (
        "its_pod_can_not_be_set_up",
        down(
            pods=(waiting("ContainerCreating"),),
            events=(event("FailedCreatePodSandBox", "Failed to create pod sandbox: no IP left"),),
        ),
        "no IP left",
    ),
    (
        "a_volume_is_not_bound",
        down(
            pods=(
                unscheduled(
                    "0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims."
                ),
            )
        ),
        "unbound immediate PersistentVolumeClaims",
    ),
    (
        "no_node_has_room",
        down(pods=(unscheduled("0/3 nodes are available: 3 Insufficient memory."),)),
        "its JobManager: 0/3 nodes are available: 3 Insufficient memory",
    ),
    (
        "no_node_has_room",
        sick(
            job(state="CREATED", tasks_running=0),
            pods=(unscheduled("0/3 nodes are available: 3 Insufficient cpu.", name=TM),),
        ),
        "its TaskManager: 0/3 nodes are available: 3 Insufficient cpu",
    ),
    (
        "no_node_is_allowed",
        down(
            pods=(
                unscheduled(
                    "0/1 nodes are available: 1 node(s) didn't match Pod's node affinity/selector."
                ),
            )
        ),
        "node affinity/selector",
    ),
    (
        "no_node_is_allowed",
        down(
            pods=(
                unscheduled(
                    "0/1 nodes are available: 1 node(s) had untolerated taint {dedicated: batch}."
                ),
            )
        ),
        "taint {dedicated: batch}",
    ),
    (
        "its_pod_is_not_scheduled",
        down(pods=(unscheduled("waiting for ephemeral volume controller"),)),
        "ephemeral volume controller",
    ),
    (
        "an_init_container_fails",
        down(
            pods=(pod(initContainerStatuses=[ended(2) | {"name": "fetch"}]),),
            logs=(log("wget: bad address 'repo.example'", of="fetch"),),
        ),
        "an init container fails: wget: bad address",
    ),
    (
        "its_jobmanager_is_killed_for_memory",
        down(
            pods=(
                pod(
                    containerStatuses=[
                        ended(137, "OOMKilled", resources={"limits": {"memory": "1Gi"}})
                    ]
                ),
            )
        ),
        "its JobManager was killed for using more memory than its limit of 1Gi",
    ),
    (
        "its_jobmanager_is_killed_for_memory",
        down(pods=(pod(containerStatuses=[ended(137)]),)),
        "exit code 137",
    ),
    (
        "its_taskmanager_is_killed_for_memory",
        sick(
            job(state="RESTARTING", tasks_running=0),
            pods=(pod(TM, containerStatuses=[ended(137, "OOMKilled")]),),
        ),
        "its TaskManager was killed for using more memory",
    ),
    (
        "its_taskmanager_is_killed_for_memory",
        says_in_its_log(POD_ENDED),
        "a TaskManager was killed for using more memory",
    ),
    (
        "its_pod_was_evicted",
        down(pods=(pod(phase="Failed", reason="Evicted", message="The node was low on memory."),)),
        "The node was low on memory",
    ),
    (
        "its_container_can_not_run",
        down(pods=(waiting("RunContainerError", 'exec: "/nope": no such file'),)),
        'exec: "/nope"',
    ),
    (
        "its_savepoint_is_not_there",
        died(NO_SAVEPOINT),
        "savepoint file/directory 'file:///sp/none'",
    ),
    ("its_savepoint_is_not_there", fails(NO_META), "meta data file '_metadata'"),
    (
        "it_is_no_savepoint",
        died("Caused by: java.io.IOException: Unexpected magic number 1735222884."),
        "Unexpected magic number 1735222884",
    ),
    (
        "its_state_has_operators_that_the_job_lacks",
        fails(UNMAPPED),
        "Cannot map checkpoint/savepoint state for operator 2f9",
    ),
    (
        "its_state_does_not_fit_the_job",
        fails(
            "org.apache.flink.util.StateMigrationException: The new state serializer (A) must not "
            "be incompatible with the old state serializer (B)."
        ),
        "StateMigrationException: The new state serializer",
    ),
    (
        "its_ha_data_points_to_nothing",
        died(
            "Caused by: org.apache.flink.util.FlinkException: Failed to retrieve checkpoint 7 from "
            "state handle under checkpointID-0000000000000000007."
        ),
        "Failed to retrieve checkpoint 7",
    ),
    (
        "its_ha_metadata_is_gone",
        scene(configuration=HA, has_checkpoint_in_ha=False),
        "a new JobManager would begin empty",
    ),
    (
        "its_ha_metadata_is_gone",
        down(
            configuration=HA,
            has_checkpoint_in_ha=False,
            resource=resource(status=status(ledger=[{"path": "file:/cp/chk-7"}])),
        ),
        "the last snapshot recorded is file:/cp/chk-7",
    ),
    (
        "its_ha_metadata_is_gone",
        with_status(error='{"type":"X","message":"HA metadata not available to restore from"}'),
        "HA metadata not available",
    ),
    (
        "its_jar_is_not_there",
        died("Caused by: java.io.IOException: JAR file does not exist '/nope.jar'"),
        "JAR file does not exist '/nope.jar'",
    ),
    (
        "its_main_class_is_not_found",
        died("The program's entry point class 'com.example.Nope' was not found in the jar file."),
        "com.example.Nope",
    ),
    (
        "a_file_system_is_not_installed",
        fails(
            "org.apache.flink.core.fs.UnsupportedFileSystemSchemeException: Could not find a file "
            "system implementation for scheme 's3'."
        ),
        "scheme 's3'",
    ),
    (
        "its_storage_refuses_it",
        fails("java.io.IOException: x <- java.nio.file.AccessDeniedException: s3://bucket/cp"),
        "AccessDeniedException: s3://bucket/cp",
    ),
    (
        "its_configuration_is_refused",
        died(
            "org.apache.flink.configuration.IllegalConfigurationException: TaskManager memory "
            "configuration failed: Sum of configured memory exceeds the total"
        ),
        "Sum of configured memory exceeds",
    ),
    (
        "its_java_memory_is_used_up",
        fails(
            "java.lang.OutOfMemoryError: Metaspace. The metaspace out-of-memory error", "RUNNING"
        ),
        "Metaspace",
    ),
    ("it_has_no_slots", fails(NO_SLOTS), "needs 2 slots, 1 TaskManagers have 2, 0 of them free"),
    (
        "it_has_no_slots",
        scene(flink=flink(job(state="CREATED", tasks_running=0, needed=9), slots=4)),
        "needs 9 slots",
    ),
    (
        "its_taskmanagers_are_lost",
        fails(
            "java.util.concurrent.TimeoutException: The heartbeat of TaskManager with id "
            "orders-taskmanager-1-1 timed out.",
            "RESTARTING",
        ),
        "heartbeat of TaskManager with id orders-taskmanager-1-1 timed out",
    ),
    (
        "its_checkpoints_fail",
        scene(
            flink=flink(
                job(checkpoints=CheckpointsView(failed=3, failure="Checkpoint expired before"))
            )
        ),
        "(3 so far; none has completed): Checkpoint expired",
    ),
    (
        "its_checkpoints_fail",
        scene(
            flink=flink(job(checkpoints=CheckpointsView(completed=9, failed=3, failed_in_a_row=2)))
        ),
        "the last 2 failed",
    ),
    (
        "too_many_checkpoints_failed",
        fails("FlinkRuntimeException: Exceeded checkpoint tolerable failure threshold."),
        "Exceeded checkpoint tolerable failure threshold",
    ),
    (
        "no_checkpoint_has_completed",
        scene(
            flink=flink(job(checkpoints=CheckpointsView(in_progress=1))),
            configuration={"execution.checkpointing.interval": "10 s"},
        ),
        "1 under way",
    ),
    ("the_job_failed", fails("A: outer <- B: the root"), "its job FAILED: B: the root"),
    (
        "the_job_restarts_for_ever",
        sick(job(state="RESTARTING", restarts=5, failures=("A: x <- B: root",))),
        "(5 restarts): B: root",
    ),
    (
        "the_job_restarts_for_ever",
        sick(job(restarts=5, failures=("B: root",), failed_at=NOW - timedelta(minutes=1))),
        "over and over",
    ),
    ("the_job_was_canceled", sick(job(state="CANCELED", tasks_running=0)), "CANCELED"),
    (
        "its_container_crashes",
        died("ERROR x\nCaused by: java.lang.IllegalStateException: told to fail"),
        "its JobManager ends again and again (4 restarts): java.lang.IllegalStateException",
    ),
    (
        "its_job_ended",
        with_status(jobStatus={"jobId": JOB, "state": "FAILED"}, error='{"message":"B: root"}'),
        "ended FAILED: B: root",
    ),
    ("its_jobmanager_is_lost", down(deployment=None), "its JobManager's Deployment is gone"),
    (
        "its_rest_api_is_silent",
        scene(flink="GET /config: no whole answer in time"),
        "REST API is silent: GET /config: no whole answer in time",
    ),
    (
        "its_rest_api_is_silent",
        down(pods=(unready_pod("2026-11-21T11:50:00Z"),)),
        "never answered its probe",
    ),
    (
        "flink_does_not_know_its_job",
        scene(flink=flink(None, other_jobs=("ab (RUNNING)",))),
        f"does not know job {JOB}; it knows ab (RUNNING)",
    ),
    ("another_operator_serves_it", down(is_ours=False), "another operator serves it"),
    ("another_driver_works_on_it", scene(holder="playbook@x/1"), "playbook@x/1 is working on it"),
    (
        "it_was_rolled_back",
        scene(
            resource=resource(
                status=status(
                    reconciliationStatus={"state": "ROLLED_BACK", "lastReconciledSpec": "{}"},
                    failedSpecHash="0af3",
                    error='{"message":"the gate: no checkpoint in 10 min"}',
                )
            )
        ),
        "(hash 0af3) failed and was rolled back to the last stable one: the gate: no checkpoint",
    ),
    (
        "its_deadline_has_passed",
        with_status(
            phase={
                "name": "starting",
                "rule": "its_tasks_are_starting",
                "deadline": "2026-11-21T11:55:00Z",
                "message": "pod x is starting",
            }
        ),
        "starting (its_tasks_are_starting) passed at 2026-11-21 11:55",
    ),
    (
        "the_last_turn_was_held",
        with_status(
            conditions=[
                {"type": "Stalled", "status": "True", "reason": "a_rule", "message": "its words"}
            ]
        ),
        "a_rule: its words",
    ),
    ("its_status_tells_an_error", with_status(error="plain words"), "plain words"),
    ("its_newest_spec_is_not_deployed", scene(resource=resource(generation=2)), "generation 2"),
)


@pytest.mark.row("M-003-40")
@pytest.mark.parametrize(
    ("rule", "seen", "words"),
    CASES,
    ids=[f"{number} {case[0]}" for number, case in enumerate(CASES)],
)
def test_a_rule_finds_its_case_and_says_what_is_so(rule: str, seen: Scene, words: str) -> None:
    found = {finding.rule: finding for finding in diagnose(seen).findings}
    assert rule in found
    assert words in found[rule].what
    assert found[rule].evidence
    assert found[rule].next_step.endswith(".")
    assert "{" not in found[rule].next_step


@pytest.mark.parametrize(("rule", "seen"), [(rule, seen) for rule, seen, _words in CASES])
def test_the_most_telling_comes_first(rule: str, seen: Scene) -> None:
    """A warning does not say why a job does not run yet: that it is under way does."""
    found = diagnose(seen)
    weight = next(finding.weight for finding in found.findings if finding.rule == rule)
    is_beside = weight is Weight.WARNS and not seen.is_steady
    assert found.because == ("it_is_under_way" if is_beside else rule)


def test_every_rule_has_a_case() -> None:
    assert {sign.name for sign in (*SIGNS, *ECHOES, *OTHERWISE)} == {
        rule for rule, _scene, _words in CASES
    }


def test_the_names_of_rules_are_sentences_and_none_is_there_twice() -> None:
    names = [sign.name for sign in (*SIGNS, *ECHOES, *OTHERWISE)]
    assert len(set(names)) == len(names)
    assert all(name.replace("_", "").isalpha() and name.islower() for name in names)


def test_a_running_job_is_well_whatever_was_said_before() -> None:
    past = scene(logs=(log(QUOTA),), flink=flink(job(failures=(NO_SLOTS,))))
    assert [finding.rule for finding in diagnose(past).findings] == ["all_is_well"]
    assert diagnose(past).is_well


@pytest.mark.parametrize("seen", [seen for _rule, seen, _words in CASES])
def test_a_job_that_runs_steadily_is_stopped_by_nothing(seen: Scene) -> None:
    found = diagnose(seen)
    if seen.is_steady:
        assert found.runs
        assert Weight.STOPS not in {finding.weight for finding in found.findings}
    else:
        assert "all_is_well" not in {finding.rule for finding in found.findings}


@pytest.mark.parametrize(
    ("cause", "effect", "seen"),
    [
        ("its_service_account_is_missing", "it_has_no_slots", refused(NO_ACCOUNT)),
        ("a_quota_refuses_its_pods", "it_has_no_slots", says_in_its_log(QUOTA)),
        ("its_savepoint_is_not_there", "its_container_crashes", died(NO_SAVEPOINT)),
        ("its_savepoint_is_not_there", "the_job_failed", fails(NO_META)),
        ("it_has_no_slots", "the_job_failed", fails(NO_SLOTS)),
        ("the_job_restarts_for_ever", "it_was_rolled_back", fails("B: root", "RESTARTING")),
    ],
)
def test_a_cause_stands_before_what_it_led_to(cause: str, effect: str, seen: Scene) -> None:
    order = [sign.name for sign in SIGNS]
    assert order.index(cause) < order.index(effect)
    assert diagnose(seen).because == cause


def test_what_the_status_repeats_is_told_only_where_no_cause_was_seen() -> None:
    stalled = {"type": "Stalled", "status": "True", "reason": "a_rule", "message": "its words"}
    told = resource(status=status(conditions=[stalled], error='{"message":"its words"}'))
    refusal = refused(QUOTA)
    assert diagnose(down(resource=told)).because == "the_last_turn_was_held"
    both = down(resource=told, deployment=refusal.deployment)
    assert [item.rule for item in diagnose(both).findings] == ["a_quota_refuses_its_pods"]


def test_what_flink_does_without_is_no_sign() -> None:
    chatter = (
        "2026-11-21 11:59:00,000 INFO  org.apache.flink.core.fs.FileSystem [] - Could not find a "
        "file system implementation for scheme 's3'"
    )
    assert diagnose(says_in_its_log(chatter)).because == "it_is_under_way"
    warned = chatter.replace("INFO ", "WARN ")
    assert diagnose(says_in_its_log(warned)).because == "a_file_system_is_not_installed"


def test_secrets_are_masked_in_every_part() -> None:
    told = died("Caused by: X: login with password=hunter2 refused")
    found = diagnose(told)
    assert "password=***" in found.findings[0].what
    assert "hunter2" not in str(found)


def test_what_could_not_be_seen_is_told_and_is_no_absence() -> None:
    blind = down(resource=None, deployment=None, unseen=("FlinkDeployment (not allowed)",))
    found = diagnose(blind)
    assert "there_is_no_such_resource" not in {finding.rule for finding in found.findings}
    assert found.unseen == ("FlinkDeployment (not allowed)",)


@pytest.mark.parametrize("state", ["SUSPENDED", "STABLE"])
def test_a_suspended_job_that_still_has_a_jobmanager_is_not_at_rest_yet(state: str) -> None:
    spec = {**SPEC, "job": {"state": "suspended"}}
    seen = scene(resource=resource(spec=spec, status=status(lifecycleState=state)))
    assert diagnose(seen).because != "the_user_suspended_it"


def test_a_young_start_without_slots_is_under_way() -> None:
    young = job(state="CREATED", tasks_running=0, needed=9, started=NOW - timedelta(seconds=30))
    assert diagnose(scene(flink=flink(young))).because == "it_is_under_way"


def test_the_cause_is_told_and_not_what_failed_in_its_wake() -> None:
    wake = "a.b.TaskNotRunningException: Task is not running, but in state FAILED"
    both = job(state="RESTARTING", failures=(wake, "A: x <- B: the cause"))
    assert diagnose(sick(both)).findings[0].what.endswith("over and over: B: the cause")
    alone = job(state="RESTARTING", failures=(wake,))
    assert diagnose(sick(alone)).findings[0].what.endswith(wake)


def test_checkpoints_that_fail_while_the_tasks_start_are_no_sign() -> None:
    counts = CheckpointsView(failed=3, failure="Not all required tasks are currently running")
    young = scene(flink=flink(job(checkpoints=counts, started=NOW - timedelta(seconds=20))))
    assert diagnose(young).because == "all_is_well"


def test_a_job_that_never_had_a_checkpoint_has_lost_none() -> None:
    seen = down(deployment=None, configuration=HA, has_checkpoint_in_ha=False)
    assert diagnose(seen).because == "its_ha_metadata_is_gone"
    with_data = down(
        deployment=None,
        configuration=HA,
        has_checkpoint_in_ha=False,
        leftovers=("orders-cluster-config-map",),
    )
    assert diagnose(with_data).because == "its_jobmanager_is_lost"


def test_an_odd_status_raises_nothing() -> None:
    odd = {
        "error": "{", "jobStatus": "x", "reconciliationStatus": [], "conditions": ["x"],
        "phase": {"deadline": "soon"}, "observedGeneration": "x", "ledger": None,
    }  # fmt: skip
    assert diagnose(down(resource=resource(status=odd))).findings
