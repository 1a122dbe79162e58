# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The newest complete snapshot is found in whatever a listing says, and in nothing else."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ansible_collections.flinkops.flink.plugins.module_utils.core.finder import (
    Folder,
    folders,
    found,
    jobs_of,
    missing,
    newest,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.finder_pod import finder_pod
from ansible_collections.flinkops.flink.plugins.module_utils.core.lenient import EPOCH
from support import looks

OURS, OTHER = "a" * 32, "b" * 32
CHECKPOINTS = Folder(spelled="file:///state/cp/", path="/state/cp")
SAVEPOINTS = Folder(spelled="file:/state/sp", path="/state/sp")
BOTH = (CHECKPOINTS, SAVEPOINTS)
LISTING = f"""\
Defaulted container "finder"
100 /state/cp/{OURS}/chk-9/_metadata
100 /state/cp/{OURS}/chk-10/_metadata
300 /state/cp/{OTHER}/chk-2/_metadata
200 /state/sp/savepoint-aaaaaa-0123456789ab/_metadata
250 /state/sp/savepoint-bbbbbb-0123456789ab/_metadata
999 /state/cp/{OURS}/shared/_metadata
999 /state/cp/{OURS}/chk-11/_metadata.inprogress
999 /elsewhere/{OURS}/chk-12/_metadata
"""


def test_the_newest_is_told_first_and_each_by_its_own_path() -> None:
    every = found(LISTING, BOTH, {OURS})
    assert [(one.path, one.is_own) for one in every] == [
        (f"file:///state/cp/{OTHER}/chk-2", False),
        ("file:/state/sp/savepoint-bbbbbb-0123456789ab", False),
        ("file:/state/sp/savepoint-aaaaaa-0123456789ab", True),
        (f"file:///state/cp/{OURS}/chk-10", True),
        (f"file:///state/cp/{OURS}/chk-9", True),
    ]
    assert [(one.kind, one.job_id, one.number) for one in every][3] == ("checkpoint", OURS, 10)
    assert every[3].time == EPOCH + timedelta(seconds=100)


def test_only_a_snapshot_of_its_own_jobs_is_gone_on_from() -> None:
    own = newest(found(LISTING, BOTH, {OURS}))
    assert own is not None
    assert own.path == "file:/state/sp/savepoint-aaaaaa-0123456789ab"
    assert newest(found(LISTING, BOTH, ())) is None


def test_a_folder_that_is_both_is_listed_once() -> None:
    one = Folder(spelled="file:///state/cp", path="/state/cp")
    assert len(found(LISTING, (one, one), {OURS})) == 3


@given(st.text())
def test_whatever_a_pod_says_is_no_stumbling_block(said: str) -> None:
    assert found(said, BOTH, {OURS}) == ()


@given(st.lists(st.tuples(st.integers(0, 10**12), st.integers(0, 10**6)), unique=True))
def test_of_all_that_is_listed_nothing_is_newer_than_the_first(
    taken: list[tuple[int, int]],
) -> None:
    lines = [f"{at} /state/cp/{OURS}/chk-{number}/_metadata" for at, number in taken]
    every = found("\n".join(lines), BOTH, {OURS})
    assert list(every) == sorted(every, key=lambda one: (one.time, one.number), reverse=True)


@pytest.mark.parametrize(
    ("spelled", "path"),
    [
        ("file:///state/cp", "/state/cp"),
        ("file:/state/cp/", "/state/cp"),
        ("file://localhost/state/cp", "/state/cp"),
        ("/state/cp", "/state/cp"),
        ("s3://bucket/cp", ""),
        ("hdfs:///cp", ""),
        ("file://host/cp", ""),
        ("state", ""),
    ],
)
def test_folders_are_those_that_a_pod_sees(spelled: str, path: str) -> None:
    configuration = {"state.checkpoints.dir": spelled, "state.savepoints.dir": spelled}
    assert folders(configuration) == (Folder(spelled=spelled, path=path),)
    assert folders({}) == ()


@pytest.mark.parametrize("status", [{}, {"jobStatus": 1}, {"ledger": [1, {}], "startedFrom": []}])
def test_a_status_that_tells_of_no_job_owns_none(status: dict[str, Any]) -> None:
    assert jobs_of(status) == frozenset()


def test_every_job_that_a_status_tells_of_is_its_own() -> None:
    ledger = [{"jobId": "3"}, {"jobId": ""}]
    status = {"jobStatus": {"jobId": "1"}, "startedFrom": {"jobId": "2"}, "ledger": ledger}
    assert jobs_of(status) == {"1", "2", "3"}


def test_a_folder_that_is_not_there_is_told() -> None:
    assert missing("- /state/sp\n1 /state/cp/x\n", BOTH) == ("file:/state/sp",)
    assert missing(LISTING, BOTH) == ()


# the pod


def a_pod(**fields: Any) -> dict[str, Any]:
    cr = looks.definition()
    mount = {"name": "state", "mountPath": "/state"}
    main = {"name": "flink-main-container", "volumeMounts": [mount], "env": [{"name": "SECRET"}]}
    volume = {"name": "state", "hostPath": {"path": "/srv"}}
    spec = {"containers": [main, {"name": "sidecar"}], "volumes": [volume]}
    cr["spec"] |= {"podTemplate": {"metadata": {"labels": {"a": "b"}}, "spec": spec}}
    of = looks.wanted(cr)
    assert of.deployment is not None
    return finder_pod(of.deployment, of.configuration, BOTH, name="app-finder-1", **fields)


def test_a_pod_that_lists_sees_the_volumes_and_is_none_of_the_clusters() -> None:
    pod = a_pod()
    assert pod["metadata"]["labels"] == {"flinkops.flink/finds-snapshots-of": "app"}
    [container] = pod["spec"]["containers"]
    assert container["volumeMounts"] == [{"name": "state", "mountPath": "/state"}]
    assert container["command"][-3:] == ["sh", "/state/cp", "/state/sp"]
    assert pod["spec"]["volumes"] == [{"name": "state", "hostPath": {"path": "/srv"}}]
    assert (container["image"], pod["spec"]["serviceAccountName"]) == ("example/flink:1", "flink")
    assert "env" not in container


def test_a_pod_that_lists_ends_by_itself_and_goes_with_its_resource() -> None:
    pod = a_pod(uid="u-1")
    assert pod["spec"]["restartPolicy"] == "Never"
    assert pod["spec"]["activeDeadlineSeconds"] <= 60
    [owner] = pod["metadata"]["ownerReferences"]
    assert (owner["kind"], owner["name"], owner["uid"]) == ("FlinkDeployment", "app", "u-1")
    assert "ownerReferences" not in a_pod()["metadata"]
