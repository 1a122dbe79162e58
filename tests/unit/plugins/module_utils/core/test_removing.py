# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The facts of the remove table, and where each is found."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import JobManager
from ansible_collections.flinkops.flink.plugins.module_utils.core.claims import Claim
from ansible_collections.flinkops.flink.plugins.module_utils.core.decide import decide_remove
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import iso
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import (
    CANCELLED_AGAIN,
    Removing,
    Word,
    case_of_removal,
    removing,
    spoken,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.restore import RETENTION
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FINALIZER, Seen
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import (
    OF_REMOVAL,
    Verb,
    VerbKind,
)
from support import looks
from support.resources import stateful

STATEFUL = looks.wanted(stateful())
SOON, LATER = looks.NOW + timedelta(seconds=1), looks.NOW - timedelta(seconds=1)
HA_MAP = ("app-config-map",)


def leaving(seen: Seen, word: Word = Word.KEEP, **asks: Any) -> Removing:
    return removing(looks.case(seen, **asks), word=word)


def stable(**fields: Any) -> Seen:
    return looks.seen(looks.stable(STATEFUL), STATEFUL, **fields)


def in_phase(name: str, **phase: Any) -> Seen:
    told = {"name": name, "deadline": iso(SOON), **phase}
    status = {**looks.stable(STATEFUL), "lifecycleState": "DELETING", "phase": told}
    return looks.seen(status, STATEFUL, cluster=looks.cluster())


def test_ha_data_is_dropped_by_word_or_for_a_stateless_job_that_was_deployed() -> None:
    assert leaving(looks.seen(looks.stable())).drops_state
    assert leaving(stable(), Word.DROP).drops_state
    assert not leaving(stable()).drops_state
    assert not leaving(stable(), Word.FORCE).drops_state
    assert not leaving(looks.seen()).drops_state


def test_ha_data_is_dropped_where_the_last_snapshot_is_named_elsewhere() -> None:
    told = looks.stable(STATEFUL)
    job = {**told["jobStatus"], "state": "CANCELED", "upgradeSavepointPath": "file:///cp/x"}
    ended = looks.seen({**told, "jobStatus": job}, STATEFUL, leftover_state=HA_MAP)
    assert leaving(ended).drops_state
    assert not leaving(replace(ended, has_checkpoint_in_ha=True)).drops_state
    left = looks.wanted({**stateful(), "spec": with_job(deletionMode="leave")})
    assert not leaving(
        looks.seen({**told, "jobStatus": job}, left, leftover_state=HA_MAP)
    ).drops_state


def with_job(**job: Any) -> dict[str, Any]:
    spec: dict[str, Any] = stateful()["spec"]
    return {**spec, "job": {**spec["job"], **job}}


@pytest.mark.parametrize(
    ("resource", "cluster", "jobmanager"),
    [
        (True, None, JobManager.ABSENT),
        (True, looks.cluster(), JobManager.OURS),
        (True, looks.cluster(owner_uid="another"), JobManager.FOREIGN),
        (True, looks.cluster(owner_uid=""), JobManager.FOREIGN),
        (True, looks.cluster(being_deleted=True), JobManager.GOING),
        (False, looks.cluster(), JobManager.GOING),
        (False, looks.cluster(owner_uid=""), JobManager.ABSENT),
        (False, None, JobManager.ABSENT),
    ],
)
def test_whose_a_jobmanager_is_that_is_to_go(
    resource: bool, cluster: Any, jobmanager: JobManager
) -> None:
    given = looks.resource() if resource else None
    assert leaving(Seen(resource=given, cluster=cluster)).jobmanager is jobmanager


def test_a_stopped_jobmanager_is_seen() -> None:
    assert leaving(stable(cluster=looks.cluster(replicas=0))).is_scaled_down
    assert not leaving(stable(cluster=looks.cluster())).is_scaled_down


@pytest.mark.parametrize(
    ("phase", "is_let_go"),
    [("cluster-delete", True), ("deletion", True), ("savepoint", False), ("cancel", False)],
)
def test_what_was_decided_before_is_told_by_the_phase_of_a_removal(
    phase: str, is_let_go: bool
) -> None:
    seen = in_phase(phase)
    assert leaving(seen).is_let_go is is_let_go
    assert leaving(seen).is_cancelling is (phase == "cancel")
    assert seen.resource is not None
    told = {**seen.resource.status, "lifecycleState": "STABLE"}
    upgrade = replace(seen, resource=replace(seen.resource, status=told))
    assert not leaving(upgrade).is_let_go
    assert not leaving(upgrade).is_cancelling


@pytest.mark.parametrize(
    ("phase", "fact"),
    [
        ("cancel", "is_cancel_late"),
        ("stop", "is_stop_late"),
        ("cluster-delete", "is_overdue"),
        ("deletion", "is_overdue"),
    ],
)
def test_a_phase_is_late_once_the_deadline_that_was_written_has_passed(
    phase: str, fact: str
) -> None:
    assert getattr(leaving(in_phase(phase, deadline=iso(LATER))), fact)
    assert not getattr(leaving(in_phase(phase)), fact)
    assert not getattr(leaving(in_phase("savepoint", deadline=iso(LATER))), fact)


def test_a_savepoint_is_late_that_was_asked_for_too_long_ago() -> None:
    def asked(kind: str, ago: timedelta) -> Seen:
        told = looks.stable(STATEFUL)
        at = int((looks.NOW - ago).timestamp() * 1000)
        info = {"triggerId": looks.TRIGGER, "triggerTimestamp": at, "triggerType": kind}
        job = {**told["jobStatus"], "savepointInfo": info}
        return looks.seen({**told, "jobStatus": job}, STATEFUL, cluster=looks.cluster())

    late, early = timedelta(minutes=10, seconds=11), timedelta(minutes=10, seconds=9)
    assert leaving(asked("UPGRADE", late)).is_savepoint_late
    assert not leaving(asked("UPGRADE", early)).is_savepoint_late
    assert not leaving(asked("MANUAL", late)).is_savepoint_late


def test_a_person_s_patience_ends_a_wait_for_objects() -> None:
    assert leaving(stable(), now=looks.NOW, patience=LATER).is_overdue
    assert not leaving(stable(), now=looks.NOW, patience=SOON).is_overdue


def test_a_cancellation_that_was_asked_for_again_is_known() -> None:
    assert leaving(in_phase("cancel", rule=CANCELLED_AGAIN)).is_asked_again
    assert not leaving(in_phase("cancel")).is_asked_again


@pytest.mark.parametrize(
    ("retention", "keeps"),
    [
        (None, True),
        ("RETAIN_ON_CANCELLATION", True),
        ("DELETE_ON_CANCELLATION", False),
        ("NO_EXTERNALIZED_CHECKPOINTS", False),
    ],
)
def test_a_cancellation_keeps_checkpoints_where_flink_is_configured_so(
    retention: str | None, keeps: bool
) -> None:
    cr = stateful()
    if retention:
        cr["spec"]["flinkConfiguration"][RETENTION.key] = retention
    wanted = looks.wanted(cr)
    assert leaving(looks.seen(looks.stable(wanted), wanted)).keeps_checkpoints is keeps


@pytest.mark.parametrize("is_marked", [True, False])
@pytest.mark.parametrize("is_going", [True, False])
@pytest.mark.parametrize("has_lease", [True, False])
def test_a_resource_whose_lease_went_first_is_ours_by_what_only_we_write(
    is_marked: bool, is_going: bool, has_lease: bool
) -> None:
    status = {**looks.stable(), "startedFrom": {"kind": "empty"}} if is_marked else {}
    resource = looks.resource(status=status, finalizers=(FINALIZER,), being_deleted=is_going)
    seen = Seen(resource=resource, claim=looks.HELD_BY_ME if has_lease else None)
    found = leaving(seen)
    assert found.has_finalizer
    is_ours = has_lease or (is_marked and is_going)
    assert found.claim is (Claim.OURS if is_ours else Claim.ANOTHER_OPERATOR)


@pytest.mark.parametrize("kind", VerbKind)
def test_of_the_verbs_three_have_a_meaning_for_a_removal(kind: VerbKind) -> None:
    verb = Verb(kind=kind, path="file:///x" if kind is VerbKind.RESTORE_FROM else "")
    case = case_of_removal(stable(), wanted=STATEFUL, asker=looks.asker(), verb=verb)
    assert case.verb.kind in (VerbKind.NONE, VerbKind.SKIP_SAVEPOINT, *OF_REMOVAL)
    skips = removing(case, word=Word.KEEP).skips
    assert skips is (kind is VerbKind.SKIP_SAVEPOINT)


def test_a_spec_that_can_not_be_read_is_replaced_by_the_recorded_one() -> None:
    cr = stateful()
    cr["spec"]["job"]["parallelism"] = "many"
    unreadable = looks.wanted(cr)
    assert unreadable.deployment is None
    case = case_of_removal(stable(), wanted=unreadable, asker=looks.asker())
    assert case.deployed_configuration["state.savepoints.dir"] == "file:///sp"
    blank = case_of_removal(looks.seen(), wanted=unreadable, asker=looks.asker())
    assert blank.deployed_configuration == {}


@pytest.mark.parametrize(
    ("kind", "word", "meant"),
    [
        (VerbKind.DROP_STATE, Word.KEEP, Word.DROP),
        (VerbKind.FORCE_REMOVAL, Word.KEEP, Word.FORCE),
        (VerbKind.FORCE_REMOVAL, Word.DROP, Word.DROP),
        (VerbKind.SKIP_SAVEPOINT, Word.KEEP, Word.KEEP),
        (VerbKind.NONE, Word.FORCE, Word.FORCE),
    ],
)
def test_an_annotation_says_what_becomes_of_the_state_where_the_playbook_does_not(
    kind: VerbKind, word: Word, meant: Word
) -> None:
    asks = looks.case(stable(), verb=Verb(kind=kind))
    assert spoken(asks.verb, word) is meant
    given = decide_remove(asks, key="default/app", word=word)
    assert given == decide_remove(looks.case(stable()), key="default/app", word=meant)
