# Copyright: (c) 2026, flinkops.flink contributors
# BSD-2-Clause license (see LICENSES/BSD-2-Clause.txt or https://opensource.org/licenses/BSD-2-Clause)
"""The restore table: which state a start comes from. No start without one that has a name.

Order matters: the user's word, then what is recorded, then what is known best. A stateful job is
never started empty because something could not be found.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from .case import Case
from .plan import Origin, Rule, Source, Verdict
from .recorded import LAST_STATE_PATH
from .restore import (
    Asked,
    Began,
    Kept,
    Metadata,
    Restoring,
    end_path,
    found_metadata_path,
    metadata_path,
    seen_path,
)

GUESS = "the_user_takes_the_last_snapshot_that_is_known"
"""The one rule whose snapshot may be gone, or not the newest: a person says that it will do."""

BY_FLINKS_WORD = (
    "its_job_ended_with_a_snapshot",
    "its_last_snapshot_is_seen",
    "nothing_completed_since_its_snapshot",
    "nothing_completed_since_it_began_empty",
    GUESS,
    "only_an_older_snapshot_may_be_known",
    "no_state_to_start_from_is_known",
)
"""Rules that would name another state if Flink had told of a later checkpoint."""

RULES: tuple[Rule[Restoring], ...] = (
    Rule(
        name="the_user_names_the_snapshot",
        when=lambda f: f.asked is Asked.PATH,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from the snapshot that the user names",
    ),
    Rule(
        name="the_user_lets_the_state_go",
        when=lambda f: f.asked is Asked.EMPTY,
        verdict=Verdict.GO,
        source=Source.EMPTY,
        message="empty, by the word of the user",
    ),
    Rule(
        name="the_user_takes_the_metadata_that_was_found",
        when=lambda f: f.asked is Asked.LATEST and f.is_first and f.has_found_metadata,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from the newest checkpoint of the HA metadata that was found",
    ),
    Rule(
        name="a_first_deployment_has_its_snapshot",
        when=lambda f: f.is_first and f.has_initial,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from spec.job.initialSavepointPath",
    ),
    Rule(
        name="a_first_deployment_starts_empty",
        when=lambda f: f.is_first,
        verdict=Verdict.GO,
        source=Source.EMPTY,
        message="empty: a first deployment",
    ),
    Rule(
        name="a_redeployment_has_its_snapshot",
        when=lambda f: f.is_redeploy and f.has_initial,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from spec.job.initialSavepointPath",
    ),
    Rule(
        name="its_upgrade_mode_is_stateless",
        when=lambda f: f.is_stateless,
        verdict=Verdict.GO,
        source=Source.EMPTY,
        message="empty: upgradeMode is stateless",
    ),
    Rule(
        name="its_origin_is_recorded",
        when=lambda f: (f.is_announced or f.goes_back) and f.began is Began.SNAPSHOT,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from the snapshot that was written ahead",
    ),
    Rule(
        name="its_empty_start_is_recorded",
        when=lambda f: (f.is_announced or f.goes_back) and f.began is Began.EMPTY,
        verdict=Verdict.GO,
        source=Source.EMPTY,
        message="empty, as the start that was written ahead",
    ),
    Rule(
        name="its_last_state_is_recorded",
        when=lambda f: (
            f.is_announced
            and f.began is Began.LAST_STATE
            and f.metadata is Metadata.CHECKPOINT
            and f.suits_metadata
        ),
        verdict=Verdict.GO,
        source=Source.LAST_STATE,
        message="from HA metadata, as it was written ahead",
    ),
    Rule(
        name="its_job_ended_with_a_snapshot",
        when=lambda f: f.has_ended_with_snapshot,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from the last snapshot of the job, which has ended",
    ),
    Rule(
        name="its_metadata_holds_a_checkpoint",
        when=lambda f: f.metadata is Metadata.CHECKPOINT and f.suits_metadata,
        verdict=Verdict.GO,
        source=Source.LAST_STATE,
        message="from the newest checkpoint in HA metadata",
    ),
    Rule(
        name="its_last_snapshot_is_seen",
        when=lambda f: f.has_seen_snapshot,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from the newest snapshot that Flink tells",
    ),
    Rule(
        name="its_metadata_names_a_checkpoint",
        when=lambda f: f.metadata is Metadata.CHECKPOINT and f.has_metadata_path,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from the checkpoint that HA metadata names",
    ),
    Rule(
        name="its_snapshot_was_known_before_its_cluster_went",
        when=lambda f: f.keeps is Kept.SNAPSHOT,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from the snapshot that was chosen before its cluster went",
    ),
    Rule(
        name="it_had_no_state_before_its_cluster_went",
        when=lambda f: f.keeps is Kept.EMPTY and f.metadata is not Metadata.CHECKPOINT,
        verdict=Verdict.GO,
        source=Source.EMPTY,
        message="empty: nothing had completed before its cluster went",
    ),
    Rule(
        name="nothing_completed_since_its_snapshot",
        when=lambda f: f.has_nothing_since and f.began is Began.SNAPSHOT,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from where the latest start came from: no checkpoint has completed since",
    ),
    Rule(
        name="nothing_completed_since_it_began_empty",
        when=lambda f: f.has_nothing_since and f.began is Began.EMPTY,
        verdict=Verdict.GO,
        source=Source.EMPTY,
        message="empty, as the latest start: no checkpoint has completed since",
    ),
    Rule(
        name=GUESS,
        when=lambda f: f.has_ledger and f.takes_what_is_known,
        verdict=Verdict.GO,
        source=Source.SAVEPOINT,
        message="from the last snapshot that was seen complete",
    ),
    Rule(
        name="only_an_older_snapshot_may_be_known",
        when=lambda f: f.has_ledger,
        verdict=Verdict.HELD,
        message=(
            "{key} is stateful, and the last snapshot that was seen of its last job, {noted}, may "
            "not be its newest: HA metadata {metadata}, Flink {why_unseen}"
        ),
        next_step=(
            "See what there is with recover.yml -e recover_find=true, and name it with "
            "-e recover_from=PATH; -e recover_from=latest takes the one that was seen."
        ),
    ),
    Rule(
        name="no_state_to_start_from_is_known",
        when=lambda _: True,
        verdict=Verdict.HELD,
        message=(
            "{key} is stateful, and no snapshot of its last job is known: HA metadata {metadata}, "
            "Flink {why_unseen}, nothing in the ledger"
        ),
        next_step=(
            "Name a snapshot with recover.yml -e recover_from=PATH (see the checkpoint folder), "
            "or let the state go with -e recover_from=empty."
        ),
    ),
)


def _initial(case: Case) -> str:
    job = case.spec.job if case.spec else None
    return (job.initial_savepoint_path if job else None) or ""


PATHS: Mapping[str, Callable[[Case], str]] = {
    "the_user_names_the_snapshot": lambda case: case.verb.path,
    "the_user_takes_the_metadata_that_was_found": found_metadata_path,
    "a_first_deployment_has_its_snapshot": _initial,
    "a_redeployment_has_its_snapshot": _initial,
    "its_origin_is_recorded": lambda case: case.record.path,
    "its_job_ended_with_a_snapshot": end_path,
    "its_last_snapshot_is_seen": seen_path,
    "its_metadata_names_a_checkpoint": metadata_path,
    "its_snapshot_was_known_before_its_cluster_went": lambda case: case.record.phase.path,
    "nothing_completed_since_its_snapshot": lambda case: case.record.path,
    GUESS: lambda case: case.record.ledger[0],
}


def origin_of(rule: Rule[Restoring], case: Case) -> Origin:
    """The state that the rule chose, with its path."""
    find = PATHS.get(rule.name)
    path = find(case) if find else ""
    if rule.source is Source.LAST_STATE:
        path = LAST_STATE_PATH
    return Origin(source=rule.source, because=rule.name, path=path)
