# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The table of the first move of the turn: from a custom resource to a running application.

A decision only: facts in, the rule that fires out. Order matters, the first match wins; the
table is tested at every point of its fact space.
"""

from __future__ import annotations

from .facts import Claim, Deploying, Flink, JobManager, Proof, Record, Shape
from .plan import Move, Rule, Verdict


def _is_beginning(f: Deploying) -> bool:
    return f.jobmanager is JobManager.ABSENT and f.record in (Record.NEVER, Record.FIRST_START)


def _is_half_made(f: Deploying) -> bool:
    return f.jobmanager is JobManager.OURS and not f.is_complete


def _is_in_the_way(f: Deploying) -> bool:
    """Pods outlive a Deployment that was deleted without waiting: a second writer beside them."""
    return f.jobmanager is JobManager.GOING or (_is_beginning(f) and f.has_pods)


def _is_older(f: Deploying) -> bool:
    """The start that replaces this cluster is written ahead already."""
    return f.record is Record.FIRST_START and f.jobmanager is JobManager.OLDER


def _is_outdated(f: Deploying) -> bool:
    """What runs is not what is wanted: the spec changed, or changed while a start was under way."""
    was_made = f.record in (Record.DEPLOYED, Record.FIRST_START)
    return _is_older(f) or (was_made and f.is_changed and f.jobmanager is JobManager.OURS)


def _has_failed(f: Deploying) -> bool:
    return (
        f.has_trouble
        or f.is_late
        or f.proof is Proof.NEVER_RAN
        or f.flink in (Flink.FAILED, Flink.CANCELED)
    )


REFUSALS: tuple[Rule[Deploying], ...] = (
    Rule(
        name="the_resource_is_not_there",
        when=lambda f: not f.is_there,
        verdict=Verdict.HELD,
        message="there is no FlinkDeployment {key}",
        next_step="Apply it (deploy.yml with its file); or it was deleted meanwhile.",
    ),
    Rule(
        name="another_operator_serves_this_resource",
        when=lambda f: f.claim is Claim.ANOTHER_OPERATOR,
        verdict=Verdict.HELD,
        message="FlinkDeployment {key} carries another operator's finalizer or status",
        next_step="Leave it to that operator, or remove it there and deploy it from its state.",
    ),
    Rule(
        name="another_driver_holds_the_lease",
        when=lambda f: f.claim is Claim.ANOTHER_DRIVER,
        verdict=Verdict.HELD,
        message="{holder} is working on FlinkDeployment {key} until {expires}",
        next_step="Wait for it, or run this again after that time.",
    ),
    Rule(
        name="the_resource_is_being_deleted",
        when=lambda f: f.is_going,
        verdict=Verdict.HELD,
        message="FlinkDeployment {key} is being deleted",
        next_step="Wait until it is gone, then deploy it anew.",
    ),
    Rule(
        name="its_removal_was_begun",
        when=lambda f: f.is_removing,
        verdict=Verdict.HELD,
        message="the removal of FlinkDeployment {key} was begun and is not finished",
        next_step="Finish it with remove.yml, then deploy it anew.",
    ),
    Rule(
        name="the_resource_breaks_rules",
        when=lambda f: f.has_problems,
        verdict=Verdict.HELD,
        message="{problems}",
    ),
    Rule(
        name="session_clusters_are_not_served_yet",
        when=lambda f: f.shape is Shape.SESSION,
        verdict=Verdict.HELD,
        message="spec.job is absent, so {key} asks for a session cluster",
        next_step="Give it a spec.job; session clusters are rendered (make render), not run yet.",
    ),
    Rule(
        name="standalone_mode_is_not_served_yet",
        when=lambda f: f.shape is Shape.STANDALONE,
        verdict=Verdict.HELD,
        message="spec.mode of {key} is standalone",
        next_step="Use mode native; standalone clusters are rendered (make render), not run yet.",
    ),
)

BEGINNINGS: tuple[Rule[Deploying], ...] = (
    Rule(
        name="a_suspended_resource_is_not_deployed",
        when=lambda f: f.record is Record.NEVER and f.is_suspended,
        verdict=Verdict.SETTLED,
        message="spec.job.state is suspended: nothing is deployed until it says running",
    ),
    Rule(
        name="an_object_of_its_name_is_in_the_way",
        when=lambda f: f.jobmanager is JobManager.FOREIGN,
        verdict=Verdict.HELD,
        message="a Deployment {name} that does not belong to this resource exists in {namespace}",
        next_step="Delete or rename that Deployment, or give the resource another name.",
    ),
    Rule(
        name="state_of_its_name_was_found",
        when=lambda f: _is_beginning(f) and f.has_leftovers,
        verdict=Verdict.HELD,
        message="a first deployment, but HA data of its name exists: {leftovers}",
        next_step=(
            "It may lead to the only state of an earlier job. If that is not wanted, run "
            "remove.yml with remove_state=drop for this name; else give the resource another name."
        ),
    ),
    Rule(
        name="the_old_cluster_outlives_the_deadline",
        when=lambda f: f.is_overdue and _is_in_the_way(f),
        verdict=Verdict.FAILED,
        message="the old cluster of {key} was not gone in time: {left}",
        next_step="See what holds its pods back (kubectl describe), then run this again.",
    ),
    Rule(
        name="the_old_cluster_is_going",
        when=_is_in_the_way,
        verdict=Verdict.WAIT,
        message="waiting for the old cluster of {key} to be gone: {left}",
    ),
    Rule(
        name="a_new_resource_is_deployed",
        when=lambda f: f.record is Record.NEVER and f.jobmanager is JobManager.ABSENT,
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        message="making a native application cluster for {key}",
    ),
    Rule(
        name="an_interrupted_deployment_goes_on",
        when=lambda f: (
            f.record is Record.FIRST_START
            and not f.is_suspended
            and not f.is_changed
            and (f.jobmanager is JobManager.ABSENT or _is_half_made(f))
        ),
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        message="going on with a deployment of {key} that was begun before",
    ),
    Rule(
        name="an_interrupted_deployment_starts_over",
        when=lambda f: (
            f.record is Record.FIRST_START
            and not f.is_suspended
            and f.jobmanager is JobManager.ABSENT
        ),
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        message="the spec of {key} changed before anything was made: starting over",
    ),
)

CHANGES: tuple[Rule[Deploying], ...] = (
    Rule(
        name="a_start_that_never_ran_is_replaced",
        when=lambda f: (
            f.proof is not Proof.NONE
            and not f.is_suspended
            and f.flink not in (Flink.RUNNING, Flink.FINISHED)
            and (_is_older(f) or (_is_outdated(f) and _has_failed(f)))
        ),
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        message="the first start of {key} failed and its spec was corrected: making it again",
    ),
    Rule(
        name="a_changed_spec_is_not_served_yet",
        when=_is_outdated,
        verdict=Verdict.HELD,
        message="the spec of {key} differs from what is deployed; nothing was changed",
        next_step="Upgrades come later; put the old spec back, or remove it and deploy it anew.",
    ),
    Rule(
        name="this_state_is_not_served_yet",
        when=lambda f: f.record in (Record.OTHER, Record.NEVER) or f.is_suspended,
        verdict=Verdict.HELD,
        message="the recorded state of {key} is {recorded_state}, from where no rule goes on yet",
        next_step="Put the old spec back, or let an operator of the contract go on with it.",
    ),
    Rule(
        name="a_lost_jobmanager_is_not_recovered_yet",
        when=lambda f: f.jobmanager is JobManager.ABSENT,
        verdict=Verdict.HELD,
        message="{key} was deployed, and its JobManager's Deployment is gone",
        next_step="Recovery comes later; remove the resource and deploy it from its last state.",
    ),
)

OUTCOMES: tuple[Rule[Deploying], ...] = (
    Rule(
        name="the_job_runs",
        when=lambda f: f.flink is Flink.RUNNING,
        verdict=Verdict.SETTLED,
        message="job {job_id} is RUNNING with all {tasks} tasks",
    ),
    Rule(
        name="the_job_finished",
        when=lambda f: f.flink is Flink.FINISHED,
        verdict=Verdict.SETTLED,
        message="job {job_id} is FINISHED",
    ),
    Rule(
        name="the_job_failed",
        when=lambda f: f.flink is Flink.FAILED,
        verdict=Verdict.FAILED,
        message="job {job_id} FAILED: {root_exception}",
        next_step="Correct the job or its configuration and apply the resource again.",
    ),
    Rule(
        name="the_job_was_canceled",
        when=lambda f: f.flink is Flink.CANCELED,
        verdict=Verdict.FAILED,
        message="job {job_id} is CANCELED",
        next_step="Somebody canceled it from outside; remove the resource and deploy it again.",
    ),
    Rule(
        name="its_pods_can_not_start",
        when=lambda f: f.has_trouble,
        verdict=Verdict.FAILED,
        message="{trouble}",
        next_step="{trouble_step}",
    ),
    Rule(
        name="the_start_took_too_long",
        when=lambda f: f.is_overdue,
        verdict=Verdict.FAILED,
        message="{key} did not run by {deadline}: {progress}",
        next_step="Run this again to wait on, or correct the resource and apply it again.",
    ),
    Rule(
        name="its_rest_api_is_not_seen_yet",
        when=lambda f: f.flink is Flink.UNSEEN,
        verdict=Verdict.WAIT,
        message="{progress}",
    ),
    Rule(
        name="its_job_is_not_submitted_yet",
        when=lambda f: f.flink is Flink.NO_JOB,
        verdict=Verdict.WAIT,
        message="{progress}",
    ),
    Rule(
        name="its_tasks_are_starting",
        when=lambda _: True,
        verdict=Verdict.WAIT,
        message="{progress}",
    ),
)

RULES = (*REFUSALS, *BEGINNINGS, *CHANGES, *OUTCOMES)
