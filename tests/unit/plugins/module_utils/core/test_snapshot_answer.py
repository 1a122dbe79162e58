"""What became of a snapshot that a nonce asks for, told in status or by a FlinkStateSnapshot."""

from __future__ import annotations

from typing import Any

import pytest

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Move, Rule, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_answer import (
    RULES,
    Answered,
    Asked,
    answer,
    path_of,
)
from ansible_collections.flinkops.flink.plugins.module_utils.core.snapshot_status import Kind
from support import resources
from support.sentences import Sentences

TABLE = Sentences(Answered, RULES)
PATH = "file:///sp/savepoint-1"


def stored(nonce: int | None, served: int | None = None, **told: Any) -> dict[str, Any]:
    """`told`: fields of jobStatus.savepointInfo; `failure` and `ledger` of the status itself."""
    status = {key: told.pop(key) for key in ("snapshotFailure", "ledger") if key in told}
    names = () if nonce is None else ("savepointTriggerNonce", "checkpointTriggerNonce")
    job: dict[str, Any] = dict.fromkeys(names, nonce)
    text = '{"spec":{"job":{"savepointTriggerNonce":%s,"checkpointTriggerNonce":%s}}}'
    number = "null" if served is None else str(served)
    return {
        **resources.definition(**job),
        "status": {
            **status,
            "jobStatus": {"savepointInfo": told, "checkpointInfo": told},
            "reconciliationStatus": {"lastReconciledSpec": text % (number, number)},
        },
    }


def made(state: str, *, created: str = "2026-11-21T12:00:00Z", **more: Any) -> dict[str, Any]:
    """A FlinkStateSnapshot as an operator makes it for a nonce."""
    labels = {"snapshot.trigger-type": more.pop("by", "MANUAL")}
    return {
        "metadata": {"name": "s", "labels": labels, "creationTimestamp": created},
        "spec": {
            "jobReference": {"kind": "FlinkDeployment", "name": more.pop("of", "app")},
            more.pop("kind", "savepoint"): {},
        },
        "status": {"state": state, **more},
    }


LAST = {"lastSavepoint": {"location": PATH, "triggerNonce": 7}}
FAILED = {"kind": "savepoint", "rule": "the_savepoint_failed", "message": "disk full"}
ROWS: dict[str, tuple[dict[str, Any], list[dict[str, Any]], str, str]] = {
    "no nonce": (stored(None), [], "no_snapshot_was_asked_for", ""),
    "nobody took it up": (stored(7), [], "the_snapshot_waits_for_an_operator", ""),
    "it is under way": (stored(7, 7, triggerId="a"), [], "the_snapshot_is_under_way", ""),
    "it is in the status": (stored(7, 7, **LAST), [], "the_snapshot_is_complete", PATH),
    "an older one is": (stored(8, 7, **LAST), [], "the_snapshot_waits_for_an_operator", ""),
    "it failed": (stored(7, 7, snapshotFailure=FAILED), [], "the_snapshot_failed", ""),
    "an older one failed": (
        stored(7, 7, snapshotFailure=FAILED, triggerId="a"), [], "the_snapshot_is_under_way", ""
    ),
    "a checkpoint failed": (
        stored(7, 7, snapshotFailure={**FAILED, "kind": "checkpoint"}),
        [], "the_snapshot_is_under_way", "",
    ),
    "an operator's object is complete": (
        stored(7, 7), [made("COMPLETED", path=PATH)], "the_snapshot_is_complete", PATH
    ),
    "an operator's object is under way": (
        stored(7, 7), [made("IN_PROGRESS")], "the_snapshot_is_under_way", ""
    ),
    "an operator's object failed": (
        stored(7, 7), [made("FAILED", error="disk full")], "the_snapshot_failed", ""
    ),
    "an operator gave it up": (stored(7, 7), [made("ABANDONED")], "the_snapshot_failed", ""),
    "an object of an older nonce": (
        stored(8, 7), [made("COMPLETED", path=PATH)], "the_snapshot_waits_for_an_operator", ""
    ),
    "the newest object counts": (
        stored(7, 7),
        [made("COMPLETED", path="old"), made("IN_PROGRESS", created="2026-11-21T12:00:01Z")],
        "the_snapshot_is_under_way", "",
    ),
    "objects of others": (
        stored(7, 7),
        [
            made("COMPLETED", path="x", of="other"),
            made("COMPLETED", path="x", by="PERIODIC"),
            made("COMPLETED", path="x", kind="checkpoint"),
        ],
        "the_snapshot_is_under_way", "",
    ),
}  # fmt: skip


VERDICTS = {
    "no_snapshot_was_asked_for": Verdict.HELD,
    "the_snapshot_is_complete": Verdict.SETTLED,
    "the_snapshot_failed": Verdict.FAILED,
    "the_snapshot_is_under_way": Verdict.WAIT,
    "the_snapshot_waits_for_an_operator": Verdict.WAIT,
}


@pytest.mark.parametrize("name", ROWS)
def test_what_is_told_when(name: str) -> None:
    item, objects, because, path = ROWS[name]
    asked = Asked(stored=item, kind=Kind.SAVEPOINT, objects=objects)
    found = answer(asked, key="default/app")
    assert (found.because, found.verdict) == (because, VERDICTS[because])
    assert found.move is Move.NOTHING
    if found.verdict is Verdict.SETTLED:
        assert path_of(asked) == path


def test_the_reason_of_a_failure_is_told() -> None:
    for item, objects in (
        (stored(7, 7, snapshotFailure=FAILED), []),
        (stored(7, 7), [made("FAILED", error="disk full")]),
    ):
        asked = Asked(stored=item, kind=Kind.SAVEPOINT, objects=objects)
        assert "disk full" in answer(asked, key="default/app").message


def test_the_path_of_a_checkpoint_is_the_ledgers() -> None:
    ledger = [
        {"kind": "savepoint", "path": PATH, "time": "2026-11-21T12:00:00Z"},
        {"kind": "checkpoint", "path": "file:///cp/chk-7", "time": "2026-11-21T11:00:00Z"},
    ]
    item = stored(7, 7, ledger=ledger, lastCheckpoint={"triggerNonce": 7})
    assert path_of(Asked(stored=item, kind=Kind.CHECKPOINT)) == "file:///cp/chk-7"


def test_a_path_that_nobody_tells_is_said_so() -> None:
    item = stored(7, 7, lastCheckpoint={"triggerNonce": 7})
    found = answer(Asked(stored=item, kind=Kind.CHECKPOINT), key="default/app")
    assert found.message.endswith("its path is not told")


@pytest.mark.parametrize("garbled", [None, 7, "x", [], {"status": 3}, {"spec": {"job": []}}])
def test_a_resource_of_any_shape_is_no_trouble(garbled: Any) -> None:
    item = garbled if isinstance(garbled, dict) else {"status": garbled, "spec": garbled}
    found = answer(Asked(stored=item, kind=Kind.SAVEPOINT, objects=[item]), key="default/app")
    assert found.verdict is Verdict.HELD


def test_every_point_has_one_answer() -> None:
    assert TABLE.is_total


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.name)
def test_every_rule_decides_somewhere(rule: Rule[Answered]) -> None:
    assert TABLE.decides_somewhere(rule)
