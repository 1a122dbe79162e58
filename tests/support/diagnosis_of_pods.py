# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What keeps a resource, its objects or its pods from running: rule, scene, words."""

from __future__ import annotations

from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_scene import (
    Scene,
)
from support.diagnosis_scenes import (
    FINALIZER,
    LIMITS,
    NO_ACCOUNT,
    NO_RIGHT,
    NO_SAVEPOINT,
    POD_ENDED,
    PROBLEM,
    PSA,
    QUOTA,
    died,
    fails,
    going,
    refused,
    says_in_its_log,
    with_status,
)
from support.scenes import (
    JM,
    JOB,
    NOW,
    SPEC,
    TM,
    WELL,
    down,
    ended,
    event,
    job,
    log,
    pod,
    resource,
    sick,
    status,
    unscheduled,
    waiting,
)

PODS: tuple[tuple[str, Scene, str], ...] = (
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
)
