from __future__ import annotations

from dataclasses import replace

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.spec import (
    FlinkVersion,
    Job,
    JobState,
    Mode,
    Spec,
    UpgradeMode,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.validate import validate_change
from ansible_collections.flinkops.flink.plugins.module_utils.core.validate_change import RULES

SESSION = Spec(flink_version=FlinkVersion.V1_20)
APP = replace(SESSION, job=Job(parallelism=1))
REDEPLOYED = replace(SESSION, job=Job(parallelism=1, savepoint_redeploy_nonce=2))
STANDALONE = replace(APP, mode=Mode.STANDALONE)
RESTING = replace(
    SESSION,
    job=Job(state=JobState.SUSPENDED, upgrade_mode=UpgradeMode.LAST_STATE),
)
RESUMED = replace(
    SESSION, flink_version=FlinkVersion.V2_0, job=Job(upgrade_mode=UpgradeMode.LAST_STATE)
)

BAD = [
    ("a_session_cluster_stays_one", SESSION, APP),
    ("an_application_stays_one", APP, SESSION),
    ("native_and_standalone_do_not_change_places", APP, STANDALONE),
    ("native_and_standalone_do_not_change_places", STANDALONE, replace(APP, mode=Mode.NATIVE)),
    ("a_redeploy_needs_a_snapshot_to_start_from", APP, REDEPLOYED),
    ("last_state_is_read_by_the_version_that_wrote_it", RESTING, RESUMED),
]
EMPTY = replace(RESUMED, job=Job(upgrade_mode=UpgradeMode.STATELESS))
FROM_PATH = replace(
    APP, job=Job(parallelism=1, savepoint_redeploy_nonce=3, initial_savepoint_path="s3://s")
)
GOOD = [
    (APP, APP),
    (SESSION, replace(SESSION, image="x")),
    (APP, replace(APP, mode=Mode.NATIVE)),
    (REDEPLOYED, REDEPLOYED),
    (REDEPLOYED, APP),
    (APP, FROM_PATH),
    (RESTING, EMPTY),
    (RESTING, replace(RESUMED, flink_version=FlinkVersion.V1_20)),
    (APP, RESUMED),
]


@pytest.mark.row("C-107", "C-042")
@pytest.mark.parametrize(("name", "old", "new"), BAD, ids=lambda value: str(value)[:50])
def test_a_change_that_cannot_be_made_is_told_by_its_rule(name: str, old: Spec, new: Spec) -> None:
    assert [rule.name for rule in validate_change(old, new)] == [name]


@pytest.mark.parametrize(("old", "new"), GOOD, ids=lambda value: str(value)[:50])
def test_other_changes_are_free(old: Spec, new: Spec) -> None:
    assert validate_change(old, new) == ()


def test_every_rule_was_broken_once() -> None:
    assert {rule.name for rule in RULES} == {name for name, _, _ in BAD}
