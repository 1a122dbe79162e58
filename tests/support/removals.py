# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""Applications that are to be removed: how each is configured, and what must be left of it."""

from __future__ import annotations

import copy
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from ansible_collections.flinkops.flink.plugins.module_utils.core.plan import Plan, Verdict
from ansible_collections.flinkops.flink.plugins.module_utils.core.removing import Word
from ansible_collections.flinkops.flink.plugins.module_utils.core.seen import FINALIZER
from support.driver import Driver, left
from support.lifecycle_faults import nothing
from support.lifecycle_world import RESOURCE, delete, edit_spec, has_checkpoint_in_ha
from support.scenarios import Chapter
from support.world import World

SAVEPOINTS = "state.savepoints.dir"
NOT_STATE = {("Namespace", "", "default"), ("ServiceAccount", "default", "flink")}


@dataclass(frozen=True, kw_only=True)
class Removal:
    """`asked`: the word of spec.job.deletionMode; `ends`: what the job of it leaves behind."""

    name: str
    ends: str
    asked: str = ""
    mode: str = "savepoint"
    has_ha: bool = True
    has_directory: bool = True
    configuration: dict[str, str] = field(default_factory=dict)

    def begins(self, **configuration: str) -> Driver:
        kept = {} if self.has_directory else {SAVEPOINTS: ""}
        chapter = Chapter(
            name="",
            happens=nothing,
            mode=self.mode if self.has_directory else "last-state",
            has_ha=self.has_ha,
            configuration={**self.configuration, **kept, **configuration},
        )
        found = chapter.begins()
        if self.asked:
            edit_spec(found.world, job={"deletionMode": self.asked})
        return found


REMOVALS = (
    Removal(name="stateless", mode="stateless", ends="nothing"),
    Removal(name="without a word", ends="savepoint"),
    Removal(name="without a word or HA", has_ha=False, ends="savepoint"),
    Removal(name="by last-state, without a word", mode="last-state", ends="savepoint"),
    Removal(name="without a directory", has_directory=False, ends="checkpoint"),
    Removal(name="cancelled", asked="cancel", ends="checkpoint"),
    Removal(name="cancelled without HA", asked="cancel", has_ha=False, ends="checkpoint"),
    Removal(name="left", asked="leave", ends="ha"),
    Removal(name="left without HA", asked="leave", has_ha=False, ends="checkpoint"),
    Removal(
        name="stateless with the contract's key",
        mode="stateless",
        configuration={"kubernetes.operator.job.savepoint-on-deletion": "true"},
        ends="savepoint",
    ),
    Removal(
        name="with the contract's key at false",
        configuration={"kubernetes.operator.job.savepoint-on-deletion": "false"},
        ends="checkpoint",
    ),
)


@dataclass
class Watch:
    """The last status that the resource had: it goes with the resource."""

    found: Driver
    last: dict[str, Any] = field(default_factory=dict)

    def remove(self, word: Word = Word.KEEP) -> Plan:
        """One run of the playbook, with an eye on the resource."""
        world = self.found.world
        put, let_go = world.put, world.put_or_let_go
        world.put = lambda item: self._seen(put(item))  # type: ignore[method-assign]
        world.put_or_let_go = lambda item: self._seen(let_go(item))  # type: ignore[method-assign]
        try:
            return self.found.remove(word)
        finally:
            world.put, world.put_or_let_go = put, let_go  # type: ignore[method-assign]

    def _seen(self, item: dict[str, Any]) -> dict[str, Any]:
        if item["kind"] == "FlinkDeployment":
            self.last = copy.deepcopy(item.get("status") or {})
        return item

    @property
    def named(self) -> str:
        return str((self.last.get("jobStatus") or {}).get("upgradeSavepointPath") or "")


def assert_gone(found: Driver, *, is_guessed: bool = False) -> None:
    """Nothing of it is left but HA data, and nothing was lost; again changes nothing.

    `is_guessed`: only its ledger was there to say what is kept, and that may be a minute old.
    """
    found.world.faults, found.world.edits = {}, {}
    found.world.passes(timedelta(seconds=61))
    assert {kind for kind, _, _ in left(found)} <= {"ConfigMap"}
    assert not found.world.flink.jobs
    assert is_guessed or found.world.flink.lost() == []
    writes = len(found.world.writes)
    assert found.remove().verdict is Verdict.SETTLED
    assert (found.world.writes[writes:], found.changed) == ([], False)


def assert_left(watch: Watch, removal: Removal) -> None:
    """Its state is where it says."""
    world = watch.found.world
    kept = world.flink.storage.kept
    assert has_checkpoint_in_ha(world) is (removal.ends == "ha")
    if removal.ends == "nothing":
        assert watch.named == ""
    elif removal.ends != "ha":
        assert watch.named in kept, watch.named
        assert kept[watch.named].is_savepoint is (removal.ends == "savepoint")


def with_finalizer(world: World) -> None:
    """As an operator does it that takes the resource on."""
    stored = copy.deepcopy(world.objects[RESOURCE])
    stored["metadata"]["finalizers"] = [FINALIZER]
    world.put(stored)


def deleted_by_hand(world: World) -> None:
    with_finalizer(world)
    delete(world)
