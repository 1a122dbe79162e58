# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""What is to become of a running application, at every point of the facts that say so."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.case import Case
from ansible_collections.flinkops.flink.plugins.module_utils.core.intent import (
    RULES,
    Intending,
    Intent,
    IntentRule,
    has_failed_before,
    has_stable,
    intending,
    intent_of,
    is_stopped_by_us,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import milliseconds
from ansible_collections.flinkops.flink.plugins.module_utils.core.recorded import (
    LAST_STATE_PATH,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.verb import Verb, VerbKind
from ansible_collections.flinkops.flink.plugins.module_utils.core.wanted import Wanted
from support import looks
from support.space import Space

SPACE = Space(Intending)
REGIONS = list(SPACE.regions(intent_of))
DECIDED_HERE = set(Intent) - {Intent.RECOVER}
"""A lost JobManager's recovery is found where all others have said nothing."""


def broken(sentence: Callable[[Intending], bool], *intents: Intent) -> list[str]:
    """Where the sentence is not true although one of these is intended."""
    return [
        f"{region.answer} at {dict(point.values)}"
        for region in REGIONS
        if region.answer in intents
        for point in SPACE.regions(sentence, region.values)
        if not point.answer
    ]


def test_every_point_has_one_answer() -> None:
    assert sum(SPACE.size(region) for region in REGIONS) == len(SPACE)


def first_of(facts: Intending) -> IntentRule[Intending]:
    return next(rule for rule in RULES if rule.when(facts))


RULE_REGIONS = list(SPACE.regions(first_of))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_has_a_name_and_a_reason_and_decides_somewhere(
    rule: IntentRule[Intending],
) -> None:
    assert re.fullmatch(r"[a-z]+(_[a-z]+){2,}", rule.name)
    assert rule.reason
    assert any(region.answer is rule for region in RULE_REGIONS)


def test_names_differ() -> None:
    assert len({rule.name for rule in RULES}) == len(RULES)


@pytest.mark.parametrize("at", range(len(RULES) - 1))
def test_the_order_of_rules_that_mean_different_things_is_told(at: int) -> None:
    """Two that stand side by side and could change places without a difference mean the same."""
    one, two = RULES[at : at + 2]
    both = SPACE.regions(lambda f: one.when(f) and two.when(f))
    meets = any(region.answer for region in both)
    assert meets or at in NEVER_MEET
    assert not (meets and at in NEVER_MEET)


NEVER_MEET = (1,)
"""One rolls back what is not stable, and the next what is."""


@pytest.mark.parametrize("intent", sorted(DECIDED_HERE))
def test_every_intent_is_meant_somewhere(intent: Intent) -> None:
    assert any(region.answer is intent for region in REGIONS)


@pytest.mark.row("C-035")
def test_a_resource_that_is_to_be_suspended_is_suspended_and_nothing_else() -> None:
    assert not broken(lambda f: not f.wants_suspended, *DECIDED_HERE - {Intent.SUSPEND})
    assert not broken(lambda f: f.wants_suspended, Intent.SUSPEND)


def test_a_change_alone_upgrades_what_did_not_fail_before() -> None:
    assert not broken(
        lambda f: (f.is_changed and not f.has_failed_before) or f.retries, Intent.UPGRADE
    )


def test_a_version_that_failed_before_is_tried_again_by_the_word_of_a_person_alone() -> None:
    assert not broken(lambda f: not f.has_failed_before or f.retries, Intent.UPGRADE)


def test_nothing_goes_back_without_a_stable_version() -> None:
    assert not broken(lambda f: f.has_stable, Intent.GO_BACK)


def test_nothing_goes_back_unless_a_person_or_the_gate_says_so() -> None:
    assert not broken(lambda f: f.rolls_back or f.must_go_back, Intent.GO_BACK)


def test_a_correction_goes_before_going_back() -> None:
    """The version that failed is left for the one that is wanted now, not for the stable one."""
    assert not broken(
        lambda f: f.rolls_back or not f.is_changed or f.has_failed_before, Intent.GO_BACK
    )


def test_a_person_who_tries_a_version_again_is_heard_before_the_gate() -> None:
    assert not broken(
        lambda f: f.rolls_back or not (f.retries and f.has_failed_before), Intent.GO_BACK
    )


def test_a_stable_version_is_left_for_the_one_before_by_the_word_of_a_person_alone() -> None:
    assert not broken(
        lambda f: f.rolls_back and f.is_stable and f.has_previous and not f.is_changed,
        Intent.STEP_BACK,
    )


def test_who_asks_to_stay_at_the_stable_version_gets_no_upgrade_of_a_change() -> None:
    assert not broken(lambda f: not f.rolls_back or f.retries, Intent.UPGRADE)


def test_the_gate_s_verdict_on_a_new_version_is_never_left_alone() -> None:
    assert not broken(lambda f: not (f.must_go_back and f.has_stable), Intent.NONE, Intent.RESTART)


def test_a_restart_needs_a_reason() -> None:
    assert not broken(lambda f: f.must_restart or f.is_stopped_by_us, Intent.RESTART)


def test_a_job_that_we_stopped_and_that_is_to_run_is_never_left_alone() -> None:
    assert not broken(lambda f: not f.is_stopped_by_us and not f.must_restart, Intent.NONE)


def test_a_redeployment_is_asked_for_by_its_nonce_alone() -> None:
    assert not broken(lambda f: f.is_redeployed, Intent.REDEPLOY)


# the facts

CONFIGURATION = {
    "taskmanager.numberOfTaskSlots": "2",
    "state.savepoints.dir": "file:///sp",
    "state.checkpoints.dir": "file:///cp",
}


def as_wanted(**spec: Any) -> Wanted:
    job = {"upgradeMode": "savepoint", **spec.pop("job", {})}
    cr = looks.definition(**job)
    found = looks.wanted(
        {**cr, "spec": {**cr["spec"], "flinkConfiguration": CONFIGURATION, **spec}}
    )
    assert not found.problems
    return found


STATEFUL = as_wanted()
NEWER = as_wanted(image="example/flink:2")
TEXT = "lastReconciledSpec"


def upgraded(to: Wanted = NEWER, before: Wanted = STATEFUL, **status: Any) -> dict[str, Any]:
    """A status of a version that has not run well yet, and of the stable one before it."""
    told = looks.stable(to)
    reconciliation = {
        **told["reconciliationStatus"],
        "lastStableSpec": looks.stable(before)["reconciliationStatus"][TEXT],
    }
    return {**told, "reconciliationStatus": reconciliation, **status}


def in_state(state: str, of: dict[str, Any]) -> dict[str, Any]:
    return {**of, "reconciliationStatus": {**of["reconciliationStatus"], "state": state}}


def case(status: dict[str, Any], of: Wanted = NEWER, **seen: Any) -> Case:
    given = {"cluster": looks.cluster(), "flink": looks.runs(), **seen}
    verb = given.pop("verb", None) or Verb()
    return looks.case(looks.seen(status, of, **given), verb=verb)


def test_a_new_version_has_the_stable_one_to_go_back_to() -> None:
    assert has_stable(case(upgraded()))


def test_a_version_that_ran_well_is_itself_the_stable_one() -> None:
    assert not has_stable(case(looks.stable(NEWER)))


@pytest.mark.parametrize("state", ["ROLLING_BACK", "ROLLED_BACK"])
def test_what_has_gone_back_has_no_further_way_back(state: str) -> None:
    assert not has_stable(case(in_state(state, upgraded())))


def test_a_first_version_has_none() -> None:
    assert not has_stable(case(looks.deployed(NEWER)))


def test_a_version_made_again_from_the_same_spec_has_none() -> None:
    """Its record differs from the stable one in what a start writes there alone."""
    told = upgraded(before=NEWER)
    text = told["reconciliationStatus"][TEXT]
    told["reconciliationStatus"][TEXT] = text.replace(
        '"firstDeployment":true', '"firstDeployment":false'
    )
    assert told["reconciliationStatus"][TEXT] != text
    assert not has_stable(case(told))


OTHER_FLINK = as_wanted(image="x", flinkVersion="v2_0")


@pytest.mark.parametrize(
    ("mode", "path", "way_back"),
    [
        ("savepoint", "file:///sp/savepoint-1", True),
        ("savepoint", LAST_STATE_PATH, False),
        ("savepoint", "", False),
        ("last-state", "", False),
        ("stateless", "", True),
    ],
)
def test_to_another_version_of_flink_there_is_a_way_back_from_a_snapshot_alone(
    mode: str, path: str, way_back: bool
) -> None:
    """What the newer one has written the older one can't read; the snapshot is its own."""
    told = upgraded(to=OTHER_FLINK)
    text = told["reconciliationStatus"][TEXT]
    told["reconciliationStatus"][TEXT] = re.sub(
        r'"upgradeMode":"[a-z-]+"', f'"upgradeMode":"{mode}"', text
    )
    job = {**told["jobStatus"], "upgradeSavepointPath": path}
    assert has_stable(case({**told, "jobStatus": job}, OTHER_FLINK)) is way_back


def test_there_is_no_way_back_to_a_suspended_version() -> None:
    told = upgraded()
    stable = told["reconciliationStatus"]["lastStableSpec"].replace('"running"', '"suspended"')
    assert "suspended" in stable
    told["reconciliationStatus"]["lastStableSpec"] = stable
    assert not has_stable(case(told))


def test_a_version_that_was_rolled_back_has_failed_before_until_it_changes() -> None:
    told = in_state("ROLLED_BACK", upgraded())
    assert has_failed_before(case(told))
    assert not has_failed_before(case(told, of=as_wanted(image="example/flink:3")))
    assert not has_failed_before(case(told, of=STATEFUL)), "the stable one is wanted again"
    assert not has_failed_before(case(upgraded()))


def stopped(state: str, kind: str = "UPGRADE", path: str = "file:///sp/1") -> dict[str, Any]:
    """What a stop's savepoint leaves in the status, its job having ended like this."""
    told = looks.stable(STATEFUL)
    last = {"location": path, "triggerType": kind}
    job = {**told["jobStatus"], "state": state, "upgradeSavepointPath": "file:///sp/1"}
    return {**told, "jobStatus": {**job, "savepointInfo": {"lastSavepoint": last}}}


def asked(kind: str) -> dict[str, Any]:
    told = looks.stable(STATEFUL)
    info = {
        "triggerId": looks.TRIGGER,
        "triggerTimestamp": milliseconds(looks.NOW - timedelta(seconds=9)),
        "triggerType": kind,
    }
    return {**told, "jobStatus": {**told["jobStatus"], "savepointInfo": info}}


@pytest.mark.parametrize(
    ("status", "flink", "is_ours"),
    [
        (looks.stable(STATEFUL), looks.runs(), False),
        (asked("UPGRADE"), looks.runs(), True),
        (asked("MANUAL"), looks.runs(), False),
        (stopped("FINISHED"), looks.runs(state="FINISHED"), True),
        (stopped("FINISHED"), None, True),
        (stopped("FINISHED"), looks.runs(), False),
        (stopped("FINISHED", kind="MANUAL"), None, False),
        (stopped("FINISHED", path="file:///sp/2"), None, False),
        (stopped("RUNNING"), None, False),
    ],
)
def test_a_stop_of_ours_is_known_by_its_savepoint(
    status: dict[str, Any], flink: Any, is_ours: bool
) -> None:
    seen = {"flink": flink} if flink else {"flink": looks.seen().flink}
    assert is_stopped_by_us(case(status, of=STATEFUL, **seen)) is is_ours


@pytest.mark.parametrize("phase", ["cancel", "cluster-delete", "start"])
@pytest.mark.parametrize(
    ("state", "flink", "is_cancelled"),
    [
        ("RUNNING", looks.runs(state="CANCELLING"), True),
        ("RUNNING", looks.runs(state="CANCELED"), True),
        ("CANCELED", None, True),
        ("RUNNING", None, False),
        ("CANCELED", looks.runs(), False),
        ("RUNNING", looks.runs(state="FAILED"), False),
    ],
)
def test_a_cancellation_of_ours_is_known_by_its_phase(
    phase: str, state: str, flink: Any, is_cancelled: bool
) -> None:
    told = looks.stable(STATEFUL)
    status = {**told, "phase": {"name": phase}, "jobStatus": {**told["jobStatus"], "state": state}}
    found = case(status, of=STATEFUL, flink=flink or looks.seen().flink)
    assert is_stopped_by_us(found) is (is_cancelled and phase != "start")


def test_the_facts_are_the_case_s() -> None:
    def facts(of: Case, **verdicts: bool) -> Intending:
        given = {"must_go_back": False, "must_restart": False, **verdicts}
        return intending(of, **given)

    quiet = facts(case(looks.stable(STATEFUL), of=STATEFUL))
    assert quiet == replace(quiet, is_stable=True, is_changed=False, has_previous=False)
    assert intent_of(quiet) is Intent.NONE
    changed = case(looks.stable(STATEFUL), of=NEWER)
    assert facts(changed).is_changed
    assert intent_of(facts(changed)) is Intent.UPGRADE
    assert facts(changed, must_go_back=True).must_go_back
    assert facts(changed, must_restart=True).must_restart
    back = case(upgraded(), verb=Verb(kind=VerbKind.ROLLBACK))
    assert intent_of(facts(back)) is Intent.GO_BACK
    again = case(in_state("ROLLED_BACK", upgraded()), verb=Verb(kind=VerbKind.RETRY))
    assert intent_of(facts(again)) is Intent.UPGRADE
    text = upgraded()["reconciliationStatus"]["lastStableSpec"]
    before = {**looks.stable(NEWER), "previousStableSpec": text}
    steps = case(before, verb=Verb(kind=VerbKind.ROLLBACK))
    assert intent_of(facts(steps)) is Intent.STEP_BACK
    garbled = case({**before, "previousStableSpec": "{"}, verb=Verb(kind=VerbKind.ROLLBACK))
    assert not facts(garbled).has_previous
    job = {"savepointRedeployNonce": 7, "initialSavepointPath": "file:///sp/7"}
    redeployed = as_wanted(job=job)
    assert intent_of(facts(case(looks.stable(STATEFUL), of=redeployed))) is Intent.REDEPLOY
    suspended = as_wanted(job={"state": "suspended"})
    assert intent_of(facts(case(looks.stable(STATEFUL), of=suspended))) is Intent.SUSPEND
