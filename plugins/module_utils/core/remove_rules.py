# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The table of the second move of the turn: from whatever there is to nothing left.

A stateful job's state stays in storage and is named; nothing is deleted without the fact that
allows it (the proof is part of each rule that deletes).
"""

from __future__ import annotations

from .case import JobManager
from .claims import Claim
from .plan import Move, Rule, Verdict
from .removing import Removing, State, Word


def _runs(f: Removing) -> bool:
    """Its state was not looked after yet: a JobManager that somebody scaled down counts too."""
    return f.jobmanager is JobManager.OURS and not _is_stopped(f)


def _is_stopped(f: Removing) -> bool:
    return f.is_scaled_down and f.is_begun


RULES: tuple[Rule[Removing], ...] = (
    Rule(
        name="another_operator_serves_this_resource",
        when=lambda f: f.claim is Claim.ANOTHER_OPERATOR,
        verdict=Verdict.HELD,
        message="FlinkDeployment {key} carries another operator's finalizer or status",
        next_step="Delete it with that operator running; its finalizer is that operator's to take.",
    ),
    Rule(
        name="another_driver_holds_the_lease",
        when=lambda f: f.claim is Claim.ANOTHER_DRIVER,
        verdict=Verdict.HELD,
        message="{holder} is working on FlinkDeployment {key} until {expires}",
        next_step="Wait for it, or run this again after that time.",
    ),
    Rule(
        name="an_object_of_its_name_is_not_ours",
        when=lambda f: f.jobmanager is JobManager.FOREIGN,
        verdict=Verdict.HELD,
        message="the Deployment {name} in {namespace} does not belong to FlinkDeployment {key}",
        next_step="Delete or rename that Deployment by hand if it is not wanted.",
    ),
    Rule(
        name="its_objects_outlive_the_deadline",
        when=lambda f: f.is_overdue and not f.is_gone,
        verdict=Verdict.FAILED,
        message="the removal of {key} was not done in time: {left}",
        next_step="Run this again to wait on, or with remove_state=force to stop waiting for pods.",
    ),
    Rule(
        name="its_state_of_the_name_is_dropped",
        when=lambda f: (
            f.jobmanager is JobManager.ABSENT
            and not f.has_pods
            and f.has_leftovers
            and f.drops_state
        ),
        verdict=Verdict.GO,
        move=Move.DELETE_HA_DATA,
        message="deleting the HA data of {key}: {leftovers}",
    ),
    Rule(
        name="nothing_of_that_name_is_left",
        when=lambda f: f.is_gone,
        verdict=Verdict.SETTLED,
        message="nothing of {key} is left",
    ),
    Rule(
        name="the_user_forces_the_removal",
        when=lambda f: (
            f.word is Word.FORCE and (f.jobmanager is JobManager.OURS or f.has_pods_to_kill)
        ),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        message="deleting the cluster of {key} by force; the last checkpoint seen: {checkpoint}",
    ),
    Rule(
        name="its_objects_are_going",
        when=lambda f: f.jobmanager is JobManager.GOING,
        verdict=Verdict.WAIT,
        message="waiting for the objects of {key} to be gone: {left}",
    ),
    Rule(
        name="its_resource_is_going",
        when=lambda f: f.is_going and f.jobmanager is JobManager.ABSENT,
        verdict=Verdict.WAIT,
        message="waiting for FlinkDeployment {key} to be gone",
    ),
    Rule(
        name="its_jobmanager_is_stopping",
        when=lambda f: f.jobmanager is JobManager.OURS and _is_stopped(f) and f.has_jobmanager_pods,
        verdict=Verdict.WAIT,
        message="waiting for the JobManager of {key} to end",
    ),
    Rule(
        name="a_stopped_cluster_is_deleted",
        when=lambda f: f.jobmanager is JobManager.OURS and _is_stopped(f),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        message="deleting the cluster of {key}; its JobManager has ended",
    ),
    Rule(
        name="a_stateless_job_is_removed",
        when=lambda f: _runs(f) and f.state is State.STATELESS,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        message="stopping {key}; its upgradeMode stateless says that it keeps no state",
    ),
    Rule(
        name="a_start_that_never_ran_is_removed",
        when=lambda f: _runs(f) and f.state is State.NEVER_RAN,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        message="stopping {key}; its JobManager never came up, so its job has no state",
    ),
    Rule(
        name="a_stateful_job_leaves_its_checkpoints",
        when=lambda f: _runs(f) and f.state is State.CHECKPOINTED,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        message=(
            "stopping {key}; its checkpoints stay in storage, the last one seen is {checkpoint} "
            "(a newer one may have taken its place)"
        ),
    ),
    Rule(
        name="the_user_drops_the_state",
        when=lambda f: _runs(f) and f.word is Word.DROP,
        verdict=Verdict.GO,
        move=Move.STOP_JOBMANAGER,
        message="stopping {key}; its state is dropped by the word of the user",
    ),
    Rule(
        name="its_last_checkpoint_is_being_replaced",
        when=lambda f: _runs(f) and f.state is State.REPLACED,
        verdict=Verdict.WAIT,
        message="waiting for Flink to tell the newest checkpoint of {key}",
    ),
    Rule(
        name="a_stateful_job_has_no_checkpoint",
        when=lambda f: _runs(f) and f.state is State.NO_CHECKPOINT,
        verdict=Verdict.HELD,
        message="{key} is stateful and no checkpoint of it has completed",
        next_step="Wait for one, or run remove.yml with remove_state=drop to let its state go.",
    ),
    Rule(
        name="the_last_checkpoint_is_not_seen",
        when=_runs,
        verdict=Verdict.HELD,
        message="{key} is stateful and its last checkpoint can't be seen: {why_unseen}",
        next_step="Make Flink answer, or run remove.yml with remove_state=drop or force.",
    ),
    Rule(
        name="its_pods_are_going",
        when=lambda f: f.has_pods,
        verdict=Verdict.WAIT,
        message="waiting for the pods of {key} to end: {left}",
    ),
    Rule(
        name="a_resource_without_a_cluster_is_deleted",
        when=lambda f: f.is_there and f.jobmanager is JobManager.ABSENT,
        verdict=Verdict.GO,
        move=Move.DELETE_RESOURCE,
        message="deleting FlinkDeployment {key}; no object of it runs any more",
    ),
    Rule(
        name="its_objects_are_collected",
        when=lambda _: True,
        verdict=Verdict.WAIT,
        message="waiting for the garbage collector to take the rest of {key}",
    ),
)
