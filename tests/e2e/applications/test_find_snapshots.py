"""When everything but the folder is lost, the newest checkpoint is found there and gone on from."""

from __future__ import annotations

import re

import pytest

from support.carried import NAME, SOON, Carried

ROW = re.compile(r"^\S+Z +(checkpoint|savepoint) +(own|unknown) +(\S+)$", re.MULTILINE)


@pytest.mark.matrix
@pytest.mark.row("M-000-12")
def test_the_newest_checkpoint_is_found_and_gone_on_from(carried: Carried) -> None:
    app = carried
    app.begin(job={"upgradeMode": "last-state"})
    app.job.board.wait_for_progress(within=SOON)
    everything_but_the_folder_is_lost(app)
    published = app.job.board.value()
    assert published is not None

    found = app.play("recover", recover_find=True).well(changed=0)
    rows = ROW.findall(found.out)
    assert rows, str(found)
    kind, whose, path = rows[0]
    assert (kind, whose) == ("checkpoint", "own")
    # A job that is killed may have completed one that it could not tell of any more.
    assert path.rpartition("/chk-")[0].endswith(published.job_id)
    assert int(path.rpartition("/chk-")[2]) >= published.checkpoint
    assert "pods" not in {name.split("/")[0] for name in app.cluster.made(app.namespace)}

    app.play("recover", recover_from=path).well()
    restored = app.job.board.wait_for_progress(within=SOON)
    assert restored.restored_value >= published.value
    assert app.origin["path"] == path
    app.counts_on()
    app.is_settled()


def everything_but_the_folder_is_lost(app: Carried) -> None:
    """Its Deployment, its pods and HA data; and the ledger of its status."""
    app.cluster.delete("deployments", NAME, app.namespace, propagationPolicy="Foreground")
    for plural in ("pods", "configmaps"):
        for item in app.cluster.list(plural, app.namespace, labels=f"app={NAME}"):
            name = item["metadata"]["name"]
            app.cluster.delete(plural, name, app.namespace, gracePeriodSeconds=0)
    app.cluster.patch_status(NAME, app.namespace, {"status": {"ledger": None}})
