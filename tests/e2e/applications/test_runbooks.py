"""Each playbook on a running job: the plan, what comes of it, and nothing the second time."""

from __future__ import annotations

import re

import pytest

from support.carried import OPERATOR, Carried
from support.cluster import until
from support.playbook import Run

pytestmark = pytest.mark.matrix
PATH = re.compile(r"is complete: (\S+)")


@pytest.fixture
def app(carried: Carried) -> Carried:
    carried.begin(conf={f"{OPERATOR}deployment.readiness.timeout": "5 min"})
    return carried


def made(app: Carried) -> dict[str, str]:
    """Each object with its resourceVersion, but for the maps that Flink itself writes."""
    every = app.cluster.made(app.namespace)
    return {name: version for name, version in every.items() if not name.endswith("-config-map")}


def check(app: Carried, playbook: str, **variables: str) -> Run:
    """With --check --diff, after which everything is as it was."""
    before = made(app)
    named = {"deploy_name": "counter", "deploy_namespace": app.namespace}
    run = app.person.play(playbook, "--check", "--diff", **named, **variables)
    assert made(app) == before, str(run)
    return run


def plan_of(run: Run) -> str:
    """What stands below the plan's headline, as one line."""
    _before, _sep, after = run.out.partition("plan of ")
    return " ".join(after.partition("TASK [")[0].split())


def test_the_plan_of_an_upgrade_is_shown_whole_and_nothing_is_written(app: Carried) -> None:
    app.edit(job={"parallelism": 2}, conf={"taskmanager.numberOfTaskSlots": "2"})
    before = made(app)
    run = app.deploy("--check", "--diff").well()
    assert made(app) == before
    plan = plan_of(run)
    for said in (
        "its_job_is_stopped_with_a_savepoint",
        "mode savepoint",
        "from its_job_ended_with_a_snapshot",
        "interruption from the end of its savepoint until the pods of the new cluster run",
        "1. savepoint stop_job its_job_is_stopped_with_a_savepoint 2. cluster-delete",
        "2. cluster-delete delete_cluster its_old_cluster_makes_room 3. start",
        "3. start make_cluster an_interrupted_deployment_goes_on",
        "spec.job.parallelism: 1 -> 2",
        "made anew: Deployment/counter",
        "ConfigMap flink-config-counter",
    ):
        assert said in plan, plan
    done = app.deploy().well()
    assert app.origin["because"] == "its_job_ended_with_a_snapshot", str(done)
    app.is_settled()
    app.counts_on()


@pytest.mark.row("M-000-05", "M-002-20")
def test_suspended_and_resumed_by_playbooks(app: Carried) -> None:
    plan = plan_of(check(app, "suspend").well())
    assert "then: the_job_is_suspended (settled)" in plan
    assert "until it is resumed" in plan
    app.play("suspend").well()
    assert app.status["lifecycleState"] == "SUSPENDED"
    app.play("suspend").well(changed=0)
    refused = app.play("snapshot").failure
    assert refused.reason == "no_snapshot_of_it_can_be_taken_now"
    plan = plan_of(check(app, "resume").well())
    assert "mode savepoint from its_origin_is_recorded" in plan
    assert app.status["jobStatus"]["upgradeSavepointPath"] in plan
    app.play("resume").well()
    app.play("resume").well(changed=0)
    app.counts_on()


@pytest.mark.row("M-000-11", "M-001-10", "M-002-20")
def test_a_snapshot_is_taken_now_and_its_path_named(app: Carried) -> None:
    starts = len(app.job.board.starts())
    plan = plan_of(check(app, "snapshot").well())
    assert "take_savepoint a_person_asks_for_a_savepoint" in plan
    assert "none: the job goes on while its snapshot is taken" in plan
    found = PATH.search(app.play("snapshot").well().out)
    assert found
    assert (app.at(found[1]) / "_metadata").is_file()
    other = PATH.search(app.play("snapshot").well().out)
    assert other
    assert other[1] != found[1]
    checkpoint = PATH.search(app.play("snapshot", snapshot_kind="checkpoint").well().out)
    assert checkpoint
    assert "chk-" in checkpoint[1]
    assert len(app.job.board.starts()) == starts, "no snapshot restarts a job"
    app.counts_on()


@pytest.mark.row("M-002-20")
def test_a_stable_version_is_rolled_back_with_a_savepoint(app: Carried) -> None:
    app.apply(conf={"pipeline.name": "second"}).well()
    plan = plan_of(check(app, "rollback").well())
    assert "1. savepoint stop_job its_job_is_stopped_with_a_savepoint" in plan
    assert "spec.flinkConfiguration.pipeline.name: second -> (absent)" in plan
    app.play("rollback").well()
    assert app.origin["kind"] == "savepoint"
    app.play("rollback").well(changed=0)
    app.counts_on_as_before()


def test_what_runs_well_is_not_recovered(app: Carried) -> None:
    refused = app.play("recover", recover_from="empty").failure
    assert refused.reason == "its_job_runs_and_needs_no_recovery"
    assert "savepointRedeployNonce" in refused.msg


@pytest.mark.row("M-000-12")
def test_what_was_removed_is_recovered_from_a_savepoint_that_is_named(app: Carried) -> None:
    found = PATH.search(app.play("snapshot").well().out)
    assert found
    app.person.remove(cr="counter.yaml").well()
    recover = {"cr": "counter.yaml", "recover_from": found[1]}
    checked = app.person.play("recover", "--check", "--diff", **recover).well()
    assert f"the_user_names_the_snapshot: from the snapshot that the user names {found[1]}" in (
        plan_of(checked)
    )
    assert made(app) == {}
    app.person.play("recover", **recover).well()
    assert (app.origin["because"], app.origin["path"]) == ("the_user_names_the_snapshot", found[1])
    app.person.play("recover", **recover).well(changed=0)
    app.counts_on(older_states=1)


def test_a_verb_that_is_none_stays_and_is_told(app: Carried) -> None:
    bad = {"metadata": {"annotations": {"flinkops.flink/verb": "rollbck"}}}
    app.cluster.patch("flinkdeployments", "counter", app.namespace, bad)
    run = app.deploy().well()
    assert "must be one of rollback, retry" in run.out + run.err
    told = {item["type"]: item for item in app.status["conditions"]}["VerbRefused"]
    assert (told["status"], told["reason"]) == ("True", "the_verb_is_not_known")
    assert app.resource["metadata"]["annotations"]["flinkops.flink/verb"] == "rollbck"
    app.deploy().well(changed=0)
    good = {"metadata": {"annotations": {"flinkops.flink/verb": None}}}
    app.cluster.patch("flinkdeployments", "counter", app.namespace, good)
    app.deploy().well()
    assert "VerbRefused" not in {item["type"] for item in app.status["conditions"]}


def test_the_plan_of_a_removal_is_shown_whole_and_nothing_is_written(app: Carried) -> None:
    plan = plan_of(check(app, "remove").well())
    for said in (
        "mode savepoint a_stateful_job_takes_a_savepoint: stateful without a word",
        "state a_savepoint_is_taken: a savepoint is taken into file:///flink-state/savepoints;",
        "interruption for good, from the end of its savepoint on",
        "1. savepoint stop_job its_job_is_stopped_with_a_savepoint 2. cluster-delete",
        "2. cluster-delete stop_jobmanager an_ended_job_leaves_its_snapshot 3. cluster-delete",
        "3. cluster-delete delete_cluster a_stopped_cluster_is_deleted 4. deletion",
        "delete_resource a_resource_without_a_cluster_is_deleted then:",
        "then: nothing_of_that_name_is_left (settled)",
        "deleted: Deployment/counter",
        "FlinkDeployment/counter",
    ):
        assert said in plan, plan
    skipped = plan_of(check(app, "remove", remove_verb="skip-savepoint").well())
    assert "1. cancel cancel_job the_user_skips_the_savepoint" in skipped, skipped
    assert re.search(r"state its_last_checkpoint_stays: .*/chk-\d+ interruption", skipped), skipped
    dropped = plan_of(check(app, "remove", remove_state="drop").well())
    assert "state the_user_lets_its_state_go" in dropped, dropped
    app.counts_on()
    removed = app.play("remove").well()
    steps = re.findall(r"\d\. \S+ (\w+) (\w+)", plan)
    assert len(steps) >= 4, plan
    for move, rule in steps:  # whether Flink leaves HA maps behind is its own affair
        assert move == "delete_ha_data" or rule in removed.out, str(removed)
    until(lambda: made(app) == {}, "its Lease is gone", within=60)
    again = check(app, "remove").well(changed=0)
    assert "nothing: nothing_of_that_name_is_left (settled)" in plan_of(again)
