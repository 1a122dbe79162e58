"""Which requests may be sent twice, and what no tape holds of operations and checkpoints."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.flink.checkpoints import (
    Checkpoint,
    CheckpointCounts,
    Checkpoints,
    CheckpointStatus,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.client import FlinkClient
from ansible_collections.flinkops.flink.plugins.module_utils.flink.errors import (
    Answered,
    NotSeen,
    NotServed,
    NotSupported,
    Rubbish,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.jars import JarRun
from ansible_collections.flinkops.flink.plugins.module_utils.flink.operations import (
    InProgress,
    SavepointWanted,
)
from ansible_collections.flinkops.flink.plugins.module_utils.flink.versions import FlinkVersion

from .tape import A, Said, trigger

WANTED = SavepointWanted(trigger_id=trigger(1))
VERBS: list[tuple[str, Callable[[FlinkClient], object], bool]] = [
    ("savepoint", lambda c: c.trigger_savepoint(A, WANTED), True),
    ("stop", lambda c: c.stop(A, WANTED), True),
    ("checkpoint", lambda c: c.trigger_checkpoint(A, trigger(1)), True),
    ("run", lambda c: c.run_jar("a.jar", JarRun(job_id=A)), True),
    ("read", lambda c: c.jobs(), True),
    ("cancel", lambda c: c.cancel(A), False),
    ("dispose", lambda c: c.dispose_savepoint("s3://b/s"), False),
    ("scale", lambda c: c.require(A, {}), False),
    ("delete a jar", lambda c: c.delete_jar("a.jar"), False),
]


@pytest.mark.parametrize(("verb", "again"), [v[1:] for v in VERBS], ids=[v[0] for v in VERBS])
def test_only_questions_and_what_has_an_id_of_ours_may_be_sent_again(
    verb: Callable[[FlinkClient], object], again: bool
) -> None:
    flink = Said(status=500, body={"errors": ["x"]})
    with pytest.raises(Answered):
        verb(flink.client())
    assert flink.seen[0].may_be_sent_again is again


def test_a_savepoint_is_not_asked_of_a_flink_that_would_not_heed_our_id() -> None:
    flink = Said()
    with pytest.raises(NotSupported, match="trigger id"):
        flink.client(FlinkVersion(1, 14)).trigger_savepoint(A, WANTED)
    assert flink.seen == []


def test_an_operation_still_running_is_in_progress() -> None:
    flink = Said(body={"status": {"id": "IN_PROGRESS"}, "operation": None})
    assert flink.client().savepoint_status(A, trigger(1)) == InProgress()


@pytest.mark.parametrize(
    "body",
    [
        {"status": {"id": "COMPLETED"}, "operation": None},
        {"status": {"id": "COMPLETED"}, "operation": {}},
        {"status": {"id": "SOME_DAY"}},
        {"status": {}},
    ],
)
def test_an_end_without_a_savepoint_is_no_savepoint(body: object) -> None:
    with pytest.raises(Rubbish):
        Said(body=body).client().savepoint_status(A, trigger(1))


def test_an_endpoint_that_is_not_there_forgets_nothing() -> None:
    flink = Said(status=404, body={"errors": ["Unable to load requested file /x."]})
    for ask in (
        lambda: flink.client().savepoint_status(A, trigger(1)),
        lambda: flink.client().cancel(A),
        lambda: flink.client().delete_jar("a.jar"),
    ):
        with pytest.raises(NotServed):
            ask()


def test_a_gateways_404_is_not_flinks_word_on_a_job() -> None:
    with pytest.raises(NotSeen):
        Said(status=404, raw=b"<html>not found</html>").client().cancel(A)


def checkpoint(number: int, path: str = "s3://b/chk", *, discarded: bool = False) -> Checkpoint:
    return Checkpoint(
        checkpoint_id=number,
        status=CheckpointStatus.COMPLETED,
        is_savepoint=False,
        kind="CHECKPOINT",
        savepoint_format="",
        triggered=datetime(2026, 1, 1, tzinfo=UTC),
        acknowledged=None,
        state_size=1,
        checkpointed_size=1,
        external_path=path,
        discarded=discarded,
        failed_at=None,
        failure="",
    )


@pytest.mark.parametrize(
    ("completed", "savepoint", "last"),
    [
        (checkpoint(3), checkpoint(2), 3),
        (checkpoint(2), checkpoint(3), 3),
        (checkpoint(3, path=""), checkpoint(2), 2),
        (checkpoint(3, discarded=True), checkpoint(2), 2),
        (checkpoint(3, discarded=True), None, None),
        (None, None, None),
    ],
)
def test_the_last_place_to_start_from_is_the_newest_that_is_still_there(
    completed: Checkpoint | None, savepoint: Checkpoint | None, last: int | None
) -> None:
    counts = CheckpointCounts(total=3, in_progress=0, completed=3, failed=0, restored=0)
    seen = Checkpoints(
        counts=counts,
        completed=completed,
        savepoint=savepoint,
        failed=None,
        restored=None,
        history=(),
    )
    found = seen.last_external
    assert (found.checkpoint_id if found else None) == last
