# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What keeps a job from running once its pods do: rule, scene, words."""

from __future__ import annotations

from datetime import timedelta

from ansible_collections.flinkops.flink.plugins.module_utils.core.diagnosis_scene import (
    CheckpointsView,
    Scene,
)
from support.diagnosis_scenes import (
    HA,
    NO_META,
    NO_SLOTS,
    UNMAPPED,
    died,
    fails,
    unready_pod,
    with_status,
)
from support.scenes import (
    JOB,
    NOW,
    down,
    flink,
    job,
    resource,
    scene,
    sick,
    status,
)

JOBS: tuple[tuple[str, Scene, str], ...] = (
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
