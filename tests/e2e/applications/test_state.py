"""A job's state outlives its removal, and no start happens without a named state."""

from __future__ import annotations

import re

import pytest

from support.carried import SOON, Carried
from support.left_behind import is_to_end, only_ha_data_is_left
from support.playbook import Run

CHECKPOINT = re.compile(r"its last snapshot is (file:/+flink-state/checkpoints/\w+/chk-\d+)")
LAST_STATE = {"upgradeMode": "last-state"}


def last_checkpoint(removed: Run) -> str:
    assert "a_stateful_job_leaves_its_checkpoints" in removed.out
    [checkpoint] = set(CHECKPOINT.findall(removed.out))
    return str(checkpoint)


@pytest.mark.row("M-000-12", "C-034", "C-050")
def test_state_is_kept_named_and_gone_on_from(carried: Carried) -> None:
    app = carried
    counts_and_tells_its_start(app)
    is_to_end(app, "leave")
    checkpoint = last_checkpoint(app.remove().well())
    only_ha_data_is_left(app)
    kept = [name.split("/")[1] for name in app.cluster.made(app.namespace)]

    refused = app.deploy().failure
    assert refused.reason == "state_of_its_name_was_found"
    for word in (*kept, "remove_state=drop"):
        assert word in refused.msg
    app.remove(remove_state="drop").well()
    assert app.cluster.made(app.namespace) == {}
    app.remove(remove_state="drop").well(changed=0)
    goes_on_from_what_was_named(app, checkpoint)


def counts_and_tells_its_start(app: Carried) -> None:
    deployed = app.first_run(job=LAST_STATE).well()
    assert "the_job_runs" in deployed.out
    app.job.board.wait_for_value(20, within=SOON)
    app.job.board.wait_for_progress(within=SOON)
    assert app.origin["kind"] == "empty"
    assert app.origin["because"] == "a_first_deployment_starts_empty"
    assert app.job.board.starts()[-1].job_id == app.status["jobStatus"]["jobId"]


def goes_on_from_what_was_named(app: Carried, checkpoint: str) -> None:
    app.apply(job={"initialSavepointPath": checkpoint}).well()
    restored = app.job.board.wait_for_progress(within=SOON)
    assert restored.restored
    # The checkpoint that was named, which may be a little older than the last one published.
    assert 0 < restored.restored_value in {line.value for line in app.job.board.history()}
    assert f"/chk-{restored.restored_checkpoint}" in checkpoint
    assert len({start.lineage for start in app.job.board.starts()}) == 1
    assert (app.origin["kind"], app.origin["path"]) == ("savepoint", checkpoint)
    assert len({start.job_id for start in app.job.board.starts()}) == 2
    app.is_settled()


@pytest.mark.matrix
def test_a_checkpoint_that_is_being_replaced_holds_no_removal_back(carried: Carried) -> None:
    """Flink's answers are up to 3 s old, so with one checkpoint a second it names a dropped one."""
    app = carried
    app.begin(job=LAST_STATE, conf={"state.checkpoints.num-retained": "1"})
    is_to_end(app, "leave")
    folder = app.at(last_checkpoint(app.remove().well()))
    assert list(folder.parent.glob("chk-*/_metadata")), "a checkpoint was to stay in its folder"
    app.deploy(deploy_verb="restore-latest").well()
    app.counts_on()
    app.is_settled()


@pytest.mark.matrix
def test_a_stateful_job_without_a_checkpoint_is_not_removed_unasked(carried: Carried) -> None:
    app = carried
    never = {"execution.checkpointing.interval": None}
    app.first_run(conf=never, has_checkpoints=False).well()
    is_to_end(app, "cancel")
    refused = app.remove().failure
    assert refused.reason == "a_stateful_job_has_no_checkpoint"
    assert "remove_state=drop" in refused.msg
    assert app.status["jobStatus"]["state"] == "RUNNING"
    assert app.remove().changed == 0
    app.remove(remove_state="drop").well()
    assert app.cluster.made(app.namespace) == {}
    app.remove(remove_state="drop").well(changed=0)
