"""One job carried through its life by edits of its resource alone."""

from __future__ import annotations

import pytest

from support.carried import NAME, VERB
from support.cluster import until
from support.operated import Operated

FINALIZER = "flinkdeployments.flink.apache.org/finalizer"
NO_IMAGE = "local/no-such-flink:0"
QUICK = {"kubernetes.operator.deployment.readiness.timeout": "25 s"}


@pytest.fixture(scope="module", autouse=True)
def _begun(operated: Operated) -> None:
    """Each test finds it running, and leaves it so."""
    operated.begins()


def test_it_holds_what_it_serves(operated: Operated) -> None:
    app = operated.app
    operated.counts_on()
    assert app.resource["metadata"]["finalizers"] == [FINALIZER]
    lease = app.cluster.get("leases", f"flinkops-{NAME}", app.namespace)
    assert lease is not None
    assert lease["spec"]["holderIdentity"] == f"operator@{app.namespace}/flink-operator"


def test_a_playbook_stores_what_is_wanted_and_waits_for_it(operated: Operated) -> None:
    app = operated.app
    app.edit(conf={"pipeline.name": "by playbook"})
    done = app.deploy().well()
    assert "its_operator_says_that_it_is_well" in done.out
    assert app.status["observedGeneration"] == app.resource["metadata"]["generation"]
    operated.counts_on()
    app.deploy().well(changed=0)


@pytest.mark.parametrize(
    ("mode", "phase"),
    [("savepoint", "savepoint"), ("savepoint", "start"), ("last-state", "cluster-delete")],
)
def test_an_upgrade_goes_on_after_the_operator_was_killed(
    operated: Operated, mode: str, phase: str
) -> None:
    app = operated.app
    starts = len(app.job.board.starts())
    parallelism = 3 - app.definition["spec"]["job"]["parallelism"]
    operated.apply(job={"upgradeMode": mode, "parallelism": parallelism})
    operated.until_phase(phase)
    operated.operator.kill()
    operated.operator.start()
    operated.counts_on()
    assert app.origin["kind"] == mode
    assert len(app.job.board.starts()) == starts + 1


def test_a_version_without_an_image_is_rolled_back(operated: Operated) -> None:
    app = operated.app
    image = app.definition["spec"]["image"]
    operated.apply(image=NO_IMAGE, conf=QUICK)
    operated.until("ROLLED_BACK")
    app.counts_on_as_before()
    assert "no-such-flink" in str(app.status["error"])
    operated.apply(image=image)
    operated.counts_on()


def test_a_jobmanager_that_is_lost_is_made_again(operated: Operated) -> None:
    app = operated.app
    before = app.cluster.get("deployments", NAME, app.namespace)
    assert before is not None
    app.cluster.delete("deployments", NAME, app.namespace, propagationPolicy="Background")

    def is_another() -> bool:
        now = app.cluster.get("deployments", NAME, app.namespace)
        return now is not None and now["metadata"]["uid"] != before["metadata"]["uid"]

    until(is_another, "another Deployment", within=60)
    operated.counts_on()


def test_it_is_suspended_and_resumed(operated: Operated) -> None:
    app = operated.app
    operated.apply(job={"state": "suspended"})
    operated.until("SUSPENDED")
    assert not app.pods
    operated.apply(job={"state": "running"})
    operated.counts_on()


def test_a_word_is_heard_and_taken_off(operated: Operated) -> None:
    app = operated.app
    starts = len(app.job.board.starts())
    app.cluster.patch(
        "flinkdeployments", NAME, app.namespace, {"metadata": {"annotations": {VERB: "retry"}}}
    )
    until(
        lambda: VERB not in (app.resource["metadata"].get("annotations") or {}),
        "the word is taken off",
        within=30,
    )
    operated.counts_on()
    assert len(app.job.board.starts()) == starts, "it runs well: there is nothing to retry"


def test_it_ends_in_peace_and_goes_on_with_what_changed_meanwhile(operated: Operated) -> None:
    app = operated.app
    assert operated.operator.stop() == 0
    starts = len(app.job.board.starts())
    operated.operator.start()
    operated.counts_on()
    assert len(app.job.board.starts()) == starts, "an operator that comes and goes restarts no job"


def test_a_deleted_resource_leaves_its_savepoint_and_nothing_else(operated: Operated) -> None:
    app = operated.app
    app.cluster.delete("flinkdeployments", NAME, app.namespace)
    until(lambda: not app.resource, "the resource is gone", within=180)
    until(
        lambda: set(app.cluster.made(app.namespace)) == {"leases/flink-operator"},
        "nothing else is left",
        within=60,
    )
    assert list((app.folder / "savepoints").glob("savepoint-*/_metadata"))
