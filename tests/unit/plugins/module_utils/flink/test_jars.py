from __future__ import annotations

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import BadAccess
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jars import (
    ClaimMode,
    JarRun,
    run_body,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.versions import FlinkVersion

from .tape import A, Said

WHOLE = JarRun(
    job_id=A,
    entry_class="a.B",
    arguments=("--x", "1, 2"),
    parallelism=3,
    savepoint_path="s3://b/savepoint-1",
    allow_non_restored_state=True,
    claim_mode=ClaimMode.CLAIM,
    configuration={"k": "v"},
)
ALWAYS = {
    "jobId": A,
    "entryClass": "a.B",
    "programArgsList": ["--x", "1, 2"],
    "parallelism": 3,
    "savepointPath": "s3://b/savepoint-1",
    "allowNonRestoredState": True,
}


@pytest.mark.parametrize(
    ("minor", "own"),
    [
        (FlinkVersion(1, 15), {"restoreMode": "CLAIM"}),
        (FlinkVersion(1, 16), {"restoreMode": "CLAIM"}),
        (FlinkVersion(1, 17), {"restoreMode": "CLAIM", "flinkConfiguration": {"k": "v"}}),
        (FlinkVersion(1, 19), {"restoreMode": "CLAIM", "flinkConfiguration": {"k": "v"}}),
        (FlinkVersion(1, 20), {"claimMode": "CLAIM", "flinkConfiguration": {"k": "v"}}),
        (FlinkVersion(2, 3), {"claimMode": "CLAIM", "flinkConfiguration": {"k": "v"}}),
    ],
    ids=str,
)
def test_each_version_gets_the_body_it_knows(minor: FlinkVersion, own: dict[str, object]) -> None:
    assert run_body(WHOLE, minor) == {**ALWAYS, **own}


def test_what_is_not_set_is_not_sent() -> None:
    assert run_body(JarRun(job_id=A), FlinkVersion(2, 0)) == {"jobId": A}


def test_a_claim_without_a_savepoint_is_not_sent() -> None:
    assert "claimMode" not in run_body(
        JarRun(job_id=A, claim_mode=ClaimMode.CLAIM), FlinkVersion(2, 0)
    )


@pytest.mark.parametrize("jar_id", ["", "..", "a/b", "../../jobs"])
def test_a_jar_id_that_would_lead_elsewhere_is_refused(jar_id: str) -> None:
    flink = Said()
    with pytest.raises(BadAccess):
        flink.client().delete_jar(jar_id)
    assert flink.seen == []


@pytest.mark.parametrize("job_id", ["", "x", A.upper() + "A", A + "0", A[:-1] + "/"])
def test_a_job_id_that_is_none_is_refused(job_id: str) -> None:
    flink = Said()
    with pytest.raises(BadAccess, match="32 hexadecimal digits"):
        flink.client().cancel(job_id)
    assert flink.seen == []
