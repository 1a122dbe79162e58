# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The table of the second move of the turn: from whatever there is to nothing left.

A stateful job's state stays in storage and is named; nothing is deleted without the fact that
allows it (the proof is part of each rule that deletes).
"""

from __future__ import annotations

from . import remove_cancel_rules, remove_job_rules
from .case import JobManager
from .claims import Claim
from .leaving import State
from .plan import Move, Phase, Rule, Verdict
from .removing import Removing, Word


def _nothing_runs(f: Removing) -> bool:
    return f.jobmanager is JobManager.ABSENT and not f.has_pods


def _has_objects(f: Removing) -> bool:
    """What a deletion was asked for, and what has not gone yet."""
    is_ending = f.jobmanager is JobManager.OURS and f.is_stopped and f.has_jobmanager_pods
    return f.jobmanager is JobManager.GOING or is_ending or _has_only_pods(f)


def _has_only_pods(f: Removing) -> bool:
    return f.jobmanager is JobManager.ABSENT and f.has_pods


GUARDS: tuple[Rule[Removing], ...] = (
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
        name="its_namespace_is_going",
        when=lambda f: f.is_there and f.is_namespace_going and f.has_finalizer,
        verdict=Verdict.GO,
        move=Move.RELEASE_FINALIZER,
        phase=Phase.DELETION,
        message=(
            "{key} is let go with its namespace, which is being deleted; nothing of its state is "
            "deleted, the last snapshot: {kept}"
        ),
    ),
    Rule(
        name="its_namespace_outlives_the_deadline",
        when=lambda f: f.is_there and f.is_namespace_going and f.is_overdue,
        verdict=Verdict.HELD,
        phase=Phase.DELETION,
        message="{key} is not gone in time with its namespace: {finalizers}",
        next_step="Whoever put these finalizers there has to take them off.",
    ),
    Rule(
        name="its_namespace_takes_it",
        when=lambda f: f.is_there and f.is_namespace_going,
        verdict=Verdict.WAIT,
        phase=Phase.DELETION,
        message="waiting for {key} to be gone with its namespace: {finalizers}",
    ),
    Rule(
        name="an_object_of_its_name_is_not_ours",
        when=lambda f: f.jobmanager is JobManager.FOREIGN,
        verdict=Verdict.HELD,
        message="the Deployment {name} in {namespace} does not belong to FlinkDeployment {key}",
        next_step="Delete or rename that Deployment by hand if it is not wanted.",
    ),
)

ENDING: tuple[Rule[Removing], ...] = (
    Rule(
        name="its_state_of_the_name_is_dropped",
        when=lambda f: _nothing_runs(f) and f.has_leftovers and f.drops_state,
        verdict=Verdict.GO,
        move=Move.DELETE_HA_DATA,
        phase=Phase.DELETION,
        message="deleting the HA data of {key}: {leftovers}; what is kept: {kept}",
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
        phase=Phase.CLUSTER_DELETE,
        message="deleting the cluster of {key} by force; the last snapshot: {kept}",
    ),
    Rule(
        name="its_objects_outlive_the_deadline",
        when=lambda f: f.is_overdue and _has_objects(f),
        verdict=Verdict.HELD,
        phase=Phase.CLUSTER_DELETE,
        message="the objects of {key} were not gone in time: {left}",
        next_step=(
            "See what holds them back; remove_state=force (the verb force-removal) kills its pods."
        ),
    ),
    Rule(
        name="its_objects_are_going",
        when=lambda f: f.jobmanager is JobManager.GOING,
        verdict=Verdict.WAIT,
        phase=Phase.CLUSTER_DELETE,
        message="waiting for the objects of {key} to be gone: {left}",
    ),
    Rule(
        name="its_pods_are_going",
        when=_has_only_pods,
        verdict=Verdict.WAIT,
        phase=Phase.CLUSTER_DELETE,
        message="waiting for the pods of {key} to end: {left}",
    ),
    Rule(
        name="its_jobmanager_is_stopping",
        when=lambda f: f.jobmanager is JobManager.OURS and f.is_stopped and f.has_jobmanager_pods,
        verdict=Verdict.WAIT,
        phase=Phase.CLUSTER_DELETE,
        message="waiting for the JobManager of {key} to end",
    ),
    Rule(
        name="a_stopped_cluster_is_deleted",
        when=lambda f: f.jobmanager is JobManager.OURS and f.is_stopped,
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="deleting the cluster of {key}; its JobManager has ended",
    ),
)

LETTING_GO: tuple[Rule[Removing], ...] = (
    Rule(
        name="no_snapshot_of_it_is_known",
        when=lambda f: (
            _nothing_runs(f)
            and f.state is State.UNKNOWN
            and f.word is Word.KEEP
            and not f.is_let_go
        ),
        verdict=Verdict.HELD,
        message="{key} is stateful, nothing of it runs, and no snapshot of it is known; {kept}",
        next_step=(
            "Look into its folders; then let it go with remove_state=drop or force (the verbs "
            "drop-state, force-removal)."
        ),
    ),
    Rule(
        name="a_resource_without_a_cluster_is_deleted",
        when=lambda f: _nothing_runs(f) and not f.is_going,
        verdict=Verdict.GO,
        move=Move.DELETE_RESOURCE,
        phase=Phase.DELETION,
        message="deleting FlinkDeployment {key}; nothing of it runs any more; its state: {kept}",
    ),
    Rule(
        name="its_finalizer_is_released",
        when=lambda f: _nothing_runs(f) and f.is_going and f.has_finalizer,
        verdict=Verdict.GO,
        move=Move.RELEASE_FINALIZER,
        phase=Phase.DELETION,
        message="letting FlinkDeployment {key} go; nothing of it runs any more; its state: {kept}",
    ),
    Rule(
        name="its_resource_outlives_the_deadline",
        when=lambda f: f.is_overdue,
        verdict=Verdict.HELD,
        phase=Phase.DELETION,
        message="FlinkDeployment {key} is not gone in time: {finalizers}",
        next_step="Whoever put them there has to take these finalizers off.",
    ),
    Rule(
        name="its_resource_is_going",
        when=lambda _: True,
        verdict=Verdict.WAIT,
        phase=Phase.DELETION,
        message="waiting for FlinkDeployment {key} to be gone: {finalizers}",
    ),
)

RULES = (*GUARDS, *ENDING, *remove_job_rules.RULES, *remove_cancel_rules.RULES, *LETTING_GO)
