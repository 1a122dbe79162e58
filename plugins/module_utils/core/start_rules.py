# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The start table: a first deployment, and every start that is written ahead until it is made."""

from __future__ import annotations

from .case import JobManager, Situation
from .in_the_way import GOING
from .plan import Effect, Move, Phase, Rule, Source, Verdict
from .starting import Starting


def _is_new(f: Starting) -> bool:
    return f.situation is Situation.NEW


RULES: tuple[Rule[Starting], ...] = (
    Rule(
        name="a_suspended_resource_is_not_deployed",
        when=lambda f: _is_new(f) and f.wants_suspended,
        verdict=Verdict.SETTLED,
        message="spec.job.state is suspended: nothing is deployed until it says running",
    ),
    Rule(
        name="an_object_of_its_name_is_in_the_way",
        when=lambda f: (
            f.jobmanager is JobManager.FOREIGN
            or (_is_new(f) and f.jobmanager in (JobManager.OURS, JobManager.OLDER))
        ),
        verdict=Verdict.HELD,
        message="a Deployment {name} that its status does not tell of exists in {namespace}",
        next_step="Delete or rename that Deployment, or give the resource another name.",
    ),
    Rule(
        name="state_of_its_name_was_found",
        when=lambda f: _is_new(f) and f.has_leftovers and not f.names_its_state,
        verdict=Verdict.HELD,
        message="a first deployment, but HA data of its name exists: {leftovers}{found}",
        next_step=(
            "It may lead to the only state of an earlier job. Say which state to use: the verb "
            "restore-latest, restore-from=PATH or restore-empty (recover.yml), or "
            "spec.job.initialSavepointPath; or remove.yml with remove_state=drop for this name."
        ),
    ),
    *GOING,
    Rule(
        name="a_new_resource_is_deployed",
        when=lambda f: _is_new(f) and f.source is not Source.NONE,
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        effect=Effect.START,
        phase=Phase.START,
        message="making a native application cluster for {key} {origin}",
    ),
    Rule(
        name="the_old_cluster_makes_room",
        when=lambda f: f.jobmanager is JobManager.OLDER,
        verdict=Verdict.GO,
        move=Move.DELETE_CLUSTER,
        phase=Phase.CLUSTER_DELETE,
        message="the old cluster of {key} makes room for the start that is written ahead",
    ),
    Rule(
        name="a_start_is_called_off",
        when=lambda f: (
            f.wants_suspended and f.jobmanager is JobManager.ABSENT and f.source is not Source.NONE
        ),
        verdict=Verdict.WAIT,
        effect=Effect.SUSPENDED,
        message="{key} is to be suspended before its start was made; it will go on {origin}",
    ),
    Rule(
        name="an_interrupted_deployment_starts_over",
        when=lambda f: (
            f.jobmanager is JobManager.ABSENT
            and (f.is_changed or f.is_retold)
            and f.source is not Source.NONE
        ),
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        effect=Effect.START,
        phase=Phase.START,
        message="the spec of {key} changed before anything was made: starting over, {origin}",
    ),
    Rule(
        name="no_state_to_start_from_is_known",
        when=lambda f: f.jobmanager is JobManager.ABSENT and f.source is Source.NONE,
        verdict=Verdict.HELD,
        message="{restore_message}",
        next_step="{restore_step}",
    ),
    Rule(
        name="an_interrupted_deployment_goes_on",
        when=lambda _: True,
        verdict=Verdict.GO,
        move=Move.MAKE_CLUSTER,
        phase=Phase.START,
        message="going on with a deployment of {key} that was begun before",
    ),
)
