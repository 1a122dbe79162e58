# Copyright: (c) 2026, flinkops.flink contributors
# GNU General Public License v3.0+ (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
"""The summary at the end of a run over many applications; what stands in it is core's."""

from __future__ import annotations

DOCUMENTATION = r"""
name: summary
short_description: A table of what became of each Flink application of a run
version_added: 0.1.0
author: flinkops.flink contributors (@flinkops)
type: aggregate
description:
  - At the end of a run over two or more applications it prints one row each, with the outcome (changed, as it was,
    failed, not tried), the rule that decided, the state that a start came from, and the seconds it took.
  - It prints that also where some failed. An application that a batch was not started for is told as not tried.
  - The playbooks of this collection load it by themselves; elsewhere name it in C(callbacks_enabled).
"""

from datetime import UTC, datetime
from typing import Any

from ansible.plugins.callback import CallbackBase

from ansible_collections.flinkops.flink.plugins.module_utils.core.summary import (
    Entry,
    after,
    summary,
)

CONTROLLER = "localhost"
FEWEST = 2


class CallbackModule(CallbackBase):
    """Results in, one table out."""

    CALLBACK_VERSION = 2.0
    CALLBACK_TYPE = "aggregate"
    CALLBACK_NAME = "flinkops.flink.summary"
    CALLBACK_NEEDS_ENABLED = True

    def __init__(self) -> None:
        super().__init__()
        self._entries: dict[str, Entry] = {}

    def v2_playbook_on_play_start(self, play: Any) -> None:
        """Every host of the play, those of the batches to come too."""
        names = play.get_variable_manager().get_vars(play=play).get("ansible_play_hosts_all") or ()
        for name in names:
            if name != CONTROLLER:
                self._entries.setdefault(name, Entry(name=name))

    def v2_runner_on_start(self, host: Any, task: Any) -> None:
        entry = self._entries.get(host.name)
        if entry is not None and task.action not in QUIET:
            self._note(host.name, {})

    def v2_runner_on_ok(self, result: Any) -> None:
        self._note(result.host.name, result.result)

    def v2_runner_on_failed(self, result: Any, ignore_errors: bool = False) -> None:  # noqa: FBT002
        told = dict(result.result)
        self._note(result.host.name, {**told, "failed": not ignore_errors})

    def v2_runner_on_unreachable(self, result: Any) -> None:
        self._note(result.host.name, {**result.result, "unreachable": True})

    def _note(self, name: str, told: dict[str, Any]) -> None:
        entry = self._entries.get(name)
        if entry is not None:
            self._entries[name] = after(entry, told, datetime.now(UTC))

    def v2_playbook_on_stats(self, stats: Any) -> None:  # noqa: ARG002
        if len(self._entries) >= FEWEST:
            self._display.banner("SUMMARY")
            self._display.display("\n".join(summary(self._entries.values())))


QUIET = frozenset({"meta", "ansible.builtin.meta"})
"""Tasks that every host passes, those too that are not tried."""
